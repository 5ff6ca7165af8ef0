"""The schema comes up from nothing, and is the one that the tables describe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, inspect

from server.store.db import Base, db
from tests.harness.databases import app_on, be_at_schema, let_go


@pytest.fixture
def new_app(empty_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The server on a database without any table."""
    app = app_on(empty_database_url, tmp_path / "var")
    yield app
    let_go(app)


def run(app: Flask, *command: str) -> str:
    result = app.test_cli_runner().invoke(args=command)
    assert result.exit_code == 0, result.output
    return result.output


def test_an_empty_database_is_migrated_up_to_the_tables_of_the_code(new_app: Flask):
    run(new_app, "db", "upgrade")
    run(new_app, "db", "check")
    with new_app.app_context():
        assert set(inspect(db.engine).get_table_names()) == Base.metadata.tables.keys() | {"alembic_version"}


def test_the_database_checks_what_the_tables_promise(new_app: Flask):
    """Alembic's own comparison leaves check constraints out."""
    run(new_app, "db", "upgrade")
    promised = {
        (table.name, str(constraint.name))
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    with new_app.app_context():
        inspector = inspect(db.engine)
        kept = [
            (table, str(constraint["name"]))
            for table in Base.metadata.tables
            for constraint in inspector.get_check_constraints(table)
        ]
    assert sorted(kept) == sorted(promised)  # each once: SQLite would keep an old check beside the new one
    assert ("matters", "ck_matters_state_known") in kept


def test_a_second_upgrade_changes_nothing(new_app: Flask):
    run(new_app, "db", "upgrade")
    before = run(new_app, "db", "current")
    run(new_app, "db", "upgrade")
    assert run(new_app, "db", "current") == before


def test_a_schema_that_lags_behind_is_noticed(new_app: Flask):
    result = new_app.test_cli_runner().invoke(args=["db", "check"])
    assert result.exit_code != 0


def test_a_database_made_before_the_first_release_is_not_taken_for_a_new_one(bare_app: Flask):
    be_at_schema(bare_app, "0001")  # what the first tables were called until they stood still
    result = bare_app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert result.exit_code != 0
