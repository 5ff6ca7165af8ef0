"""What goes wrong in a command is one sentence, without a traceback and without anybody's data."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.store.db import writing
from tests import cast
from tests.cli.conftest import Run, Write
from tests.harness.databases import app_on, be_at_schema, let_go
from tests.harness.world import DIVISIONS


@pytest.fixture
def before_upgrade(empty_database_url: str, tmp_path) -> Iterator[FlaskCliRunner]:
    """The commands of a server whose database has no table yet."""
    app = app_on(empty_database_url, tmp_path / "var")
    yield app.test_cli_runner()
    let_go(app)


@pytest.mark.parametrize(
    "command",
    [
        "users password zhangsan",
        "users reread",
        f"units add 局 --area {cast.COUNTY}",
        f"areas import {DIVISIONS}",
        "demo",
    ],
)
def test_before_the_tables_are_made_every_command_says_what_to_run_first(before_upgrade: FlaskCliRunner, command: str):
    result = before_upgrade.invoke(args=command.split())
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-1] == (
        "Error: 数据库里还没有表，或不是这个版本的结构。请先运行：flask --app wsgi db upgrade"
    )
    assert "Traceback" not in result.stderr


def test_a_database_of_a_schema_that_nobody_knows_is_told_so_in_one_sentence(app: Flask, run: Run):
    be_at_schema(app, "0001")
    with app.app_context(), writing() as session:
        session.execute(text("ALTER TABLE users RENAME COLUMN username TO login"))
    result = run("users", "password", "zhangsan")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: 数据库的结构版本 0001 不认识，没有改任何内容。请换回原来的程序，或换一个空的数据库。\n"
    )


def test_what_the_database_refuses_is_not_quoted(run: Run, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise DBAPIError("INSERT …", {"name": "龙桂香"}, ValueError("龙桂香 has a NUL"))

    monkeypatch.setattr("server.cli.users.add_user", refuse)
    result = run("users", "add", "zhangsan", "龙桂香", "--role", f"cadre:{cast.VILLAGE}")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: 数据库没有接受（ValueError），什么都没有改。请检查数据库是否正常，内容里有没有看不见的符号。\n"
    )


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
@pytest.mark.parametrize("command", ["users password zhang\0", "users disable zhang\0", "units add 局 --area 43\0"])
def test_what_postgresql_cannot_hold_is_refused_in_one_sentence(run: Run, command: str):
    result = run(*command.split())
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "数据库没有接受（DataError）" in result.stderr


def test_the_demo_says_which_division_is_missing_and_shows_no_password_of_an_account_that_is_not_there(
    run_bare: Run, bare_app: Flask, csv_file: Write
):
    rows = ("430581000000,武冈市,county,", f"{cast.TOWNSHIP},邓家铺镇,township,430581000000")
    run_bare("areas", "import", csv_file("code,name,level,parent_code", *rows))
    result = run_bare("demo")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "Error: 没有区划 430581105203\n")
