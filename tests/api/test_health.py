"""`GET /api/health`: what a monitor asks, without an account."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from server.store.db import db
from tests.api.contract import Contract
from tests.api.people import Caller
from tests.api.test_error_shape import as_error
from tests.harness.databases import app_on, be_at_schema, let_go

GONE = ("sqlite:////nowhere/gone.db", "postgresql+psycopg://nobody@/gone?host=/nowhere")


def test_it_is_well_after_one_statement_that_writes_nothing(app: Flask, nobody: Caller):
    said: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _k, statement, *_: said.append(statement))
    answer = nobody.get("/api/health")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})
    assert [words.split()[0] for words in said if words != "BEGIN"] == ["SELECT"]
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("gone", GONE)
def test_it_is_busy_while_the_database_is_away(gone: str, tmp_path: Path, contract: Contract):
    app = app_on(gone, tmp_path / "var")
    as_error(Caller(app, contract).get("/api/health"), 503, "busy")
    let_go(app)


def test_it_is_busy_before_the_tables_are_made(empty_database_url: str, tmp_path: Path, contract: Contract):
    app = app_on(empty_database_url, tmp_path / "var")
    as_error(Caller(app, contract).get("/api/health"), 503, "busy")
    let_go(app)


def test_it_is_busy_on_the_schema_of_another_version_and_the_log_says_which(
    app: Flask, nobody: Caller, caplog: pytest.LogCaptureFixture
):
    be_at_schema(app, "0001")
    as_error(nobody.get("/api/health"), 503, "busy")
    assert "database: its schema is 0001, the server's 2" in caplog.text
