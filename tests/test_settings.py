"""Settings from the environment: taken as they are meant, or refused before anything starts."""

import stat
from pathlib import Path

import pytest

from server import create_app
from server.store.changes import add_scopes
from server.store.db import writing
from tests.harness.databases import let_go, migrate


def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **settings: str) -> dict[str, object]:
    monkeypatch.setenv("SHISHIBU_VAR", str(tmp_path / "var"))
    for name, value in settings.items():
        monkeypatch.setenv(f"SHISHIBU_{name}", value)
    return dict(create_app().config)


def test_without_settings_it_starts_with_its_embedded_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    config = start(tmp_path, monkeypatch)
    assert config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/var/shishibu.db"
    assert config["SESSION_COOKIE_SECURE"] is False


def test_behind_tls_cookies_are_secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    config = start(tmp_path, monkeypatch, SECURE_COOKIES="true", PROXIES="1", SESSION_DAYS="7")
    assert config["SESSION_COOKIE_SECURE"] is True
    assert config["PROXIES"] == 1


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("SECURE_COOKIES", "False", "true or false"),
        ("SECURE_COOKIES", "1", "true or false"),
        ("PROXIES", "one", "a whole number"),
        ("PROXIES", "true", "a whole number"),
        ("SECRET_KEY", "123456", "in double quotes"),
    ],
)
def test_a_setting_of_the_wrong_kind_stops_the_start_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, wanted: str
):
    with pytest.raises(ValueError, match=f"SHISHIBU_{name} must be .*{wanted}"):
        start(tmp_path, monkeypatch, **{name: value})


def test_no_setting_is_quoted_when_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ValueError, match="SECRET_KEY") as refused:
        start(tmp_path, monkeypatch, SECRET_KEY="987654321")
    assert "987654321" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("SECURE_COOKIE", "no setting SHISHIBU_SECURE_COOKIE, did you mean SHISHIBU_SECURE_COOKIES\\?"),
        ("secure_cookies", "no setting SHISHIBU_secure_cookies"),
        ("WEATHER", "no setting SHISHIBU_WEATHER, see docs/settings.md"),
        ("SQLALCHEMY_DATABASE_URI", "no setting SHISHIBU_SQLALCHEMY_DATABASE_URI"),
    ],
)
def test_a_misspelt_setting_stops_the_start_and_the_right_name_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
):
    with pytest.raises(ValueError, match=said):
        start(tmp_path, monkeypatch, **{name: "true"})


def test_what_the_tests_are_told_stops_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert start(tmp_path, monkeypatch, TEST_CHROMIUM="/usr/bin/chromium")


def test_behind_a_proxy_it_does_not_start_without_secure_cookies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ValueError, match="SHISHIBU_PROXIES needs SHISHIBU_SECURE_COOKIES=true"):
        start(tmp_path, monkeypatch, PROXIES="1")


def open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def keep_something(var: Path) -> None:
    """Migrate the embedded database in `var`, and leave it in use."""
    migrate("", var)
    assert open_files(var) == set()
    app = create_app({"VAR": str(var)})
    with app.app_context(), writing() as session:
        add_scopes(session, ["area:1"])
        session.flush()
        assert {path.suffix for path in var.iterdir()} >= {".db-wal", ".db-shm"}
        assert open_files(var) == set()
    let_go(app)


def open_files(var: Path) -> set[str]:
    """What in `var` others could read, the folder itself included."""
    return {path.name for path in (var, *var.iterdir()) if open_to_others(path)}


def test_the_database_and_the_keys_are_for_nobody_else_to_read(tmp_path: Path):
    var = tmp_path / "var"
    keep_something(var)
    assert {path.name for path in var.iterdir()} >= {"shishibu.db", "secret.key", "resident.keys"}
    assert open_files(var) == set()


def test_a_folder_and_files_that_were_left_open_are_closed(tmp_path: Path):
    var = tmp_path / "var"
    var.mkdir()
    var.chmod(0o755)
    keep_something(var)
    for path in (var, *var.iterdir()):
        path.chmod(0o755)
    let_go(create_app({"VAR": str(var)}))
    assert open_files(var) == set()


def test_a_folder_that_others_use_too_stays_as_it_is_and_our_files_are_closed(tmp_path: Path):
    var = tmp_path / "shared"
    var.mkdir()
    var.chmod(0o755)
    (var / "of somebody else").touch(mode=0o644)
    let_go(create_app({"VAR": str(var)}))
    assert open_files(var) == {"shared", "of somebody else"}
