"""No resident key that the database needs is lost unnoticed: without it the server does not start."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from server.app import CannotStart, create_app
from server.store.db import reading
from server.store.tables import ResidentKey
from server.store.types import cipher_of
from tests.harness.databases import app_on, let_go, migrate

LATER = Fernet.generate_key().decode()


@pytest.fixture
def keys(app: Flask) -> Iterator[Path]:
    """The file with the keys of a server that has run on a filled database and was stopped."""
    yield Path(app.config["VAR"]) / "resident.keys"
    let_go(app)


def start(app: Flask, **settings: str) -> Flask:
    """Start the server of `app` once more, on the same database."""
    app = app_on(app.config["DATABASE_URL"], Path(app.config["VAR"]), **settings)
    let_go(app)
    return app


def ids(app: Flask) -> set[str]:
    """What the database knows of the keys."""
    with app.app_context():
        known = set(reading().scalars(select(ResidentKey.id)))
    let_go(app)
    return known


def test_a_filled_database_without_its_key_file_is_not_served_and_gets_no_other_key(app: Flask, keys: Path):
    keys.unlink()
    with pytest.raises(CannotStart) as refused:
        start(app)
    assert not keys.exists()
    for words in (str(keys), "请先放回原来的密钥", "put the original key back"):
        assert words in str(refused.value)


@pytest.mark.parametrize("command", ["db upgrade", "users reread"])
def test_a_command_says_in_one_line_that_the_key_is_missing(
    app: Flask, keys: Path, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    keys.unlink()
    monkeypatch.setenv("SHISHIBU_DATABASE_URL", app.config["DATABASE_URL"])
    monkeypatch.setenv("SHISHIBU_VAR", app.config["VAR"])
    with pytest.raises(SystemExit) as ended:
        FlaskGroup(create_app=create_app).main(command.split(), prog_name="flask")
    said = capsys.readouterr().err
    assert (ended.value.code, said.startswith("Error: "), said.count("\n")) == (1, True, 1), said


def test_another_key_does_not_open_it(app: Flask, keys: Path):
    keys.write_text(LATER)
    with pytest.raises(CannotStart, match=f"{keys} 里没有"):
        start(app)
    with pytest.raises(CannotStart, match="SHISHIBU_RESIDENT_KEYS 里没有"):
        start(app, RESIDENT_KEYS=LATER)


def test_the_key_back_in_its_place_opens_it_again(app: Flask, keys: Path):
    key = keys.read_text()
    keys.write_text(LATER)
    with pytest.raises(CannotStart):
        start(app)
    keys.write_text(key)
    assert ids(start(app)) == cipher_of(key).key_ids


def test_no_key_may_be_left_out_once_it_was_used_wherever_it_stands(app: Flask, keys: Path):
    key = keys.read_text()
    both = cipher_of(f"{LATER},{key}").key_ids
    assert ids(start(app, RESIDENT_KEYS=f"{LATER},{key}")) == both
    assert ids(start(app, RESIDENT_KEYS=f"{key},{LATER}")) == both
    for alone in (key, LATER):
        with pytest.raises(CannotStart, match="SHISHIBU_RESIDENT_KEYS"):
            start(app, RESIDENT_KEYS=alone)


def test_a_file_that_holds_no_key_is_named_and_left_as_it_is(app: Flask, keys: Path):
    for spoiled in ("", "no key", "密钥"):
        keys.write_text(spoiled)
        with pytest.raises(CannotStart, match=f"{keys} 里的不是密钥"):
            start(app)
        assert keys.read_text() == spoiled


def test_the_database_does_not_give_the_key_away(app: Flask, keys: Path):
    (known,) = ids(app)
    assert known not in keys.read_text()
    assert keys.read_text() not in known


def test_a_new_database_gets_a_key_that_it_knows_from_the_next_start_on(empty_database_url: str, tmp_path: Path):
    migrate(empty_database_url, tmp_path / "var")
    app = app_on(empty_database_url, tmp_path / "var")
    let_go(app)
    assert ids(start(app)) == cipher_of((tmp_path / "var/resident.keys").read_text()).key_ids


def test_tables_that_come_while_the_server_runs_are_told_at_the_next_request(empty_database_url: str, tmp_path: Path):
    running = app_on(empty_database_url, tmp_path / "var")
    migrate(empty_database_url, tmp_path / "var")
    assert ids(running) == set()
    assert running.test_client().get("/api/session").status_code == 200
    assert len(ids(running)) == 1
    let_go(running)


def test_while_the_database_is_away_no_key_is_made_and_what_is_wrong_shows_once_it_is_back(
    app: Flask, keys: Path, monkeypatch: pytest.MonkeyPatch
):
    keys.unlink()

    def away() -> None:
        raise OperationalError("SELECT …", {}, Exception("the server is down"))

    with monkeypatch.context() as down:
        down.setattr("server.store.keys._known", away)
        server = start(app)
    assert not keys.exists()
    assert server.test_client().get("/api/reference").get_json()["code"] == "server_error"
    assert not keys.exists()
    let_go(server)
