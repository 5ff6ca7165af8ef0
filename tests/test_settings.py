"""Settings from the environment: taken as they are meant, or refused before anything starts."""

from pathlib import Path

import pytest

from server import create_app


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
