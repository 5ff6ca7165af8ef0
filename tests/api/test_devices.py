"""Everybody looks after his own account: where he is signed in, and his password."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.store.db import reading, writing
from server.store.tables import UserSession
from tests import cast
from tests.api.browser import HOME, Browser
from tests.api.contents import contents
from tests.api.contract import check_error
from tests.api.people import SignIn
from tests.api.test_error_shape import as_error

WECHAT = (
    "Mozilla/5.0 (Linux; Android 13; V2199A) AppleWebKit/537.36 Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0.47"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/129.0 Safari/537.36 Edg/129.0"
NEW = "新的密码 new 2026"


def on(app: Flask, user_agent: str, person: cast.Person = cast.CADRE) -> Browser:
    """Somebody signed in with a browser that calls itself so."""
    browser = Browser(app)
    browser.http.environ_base["HTTP_USER_AGENT"] = user_agent
    assert browser.type_in(person).status_code == 200
    return browser


def devices(browser: Browser) -> list[dict[str, Any]]:
    answer = browser.send("GET", "/api/account/devices")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.get_json()["devices"]
    return found


def change(browser: Browser, new: str = NEW, old: str = cast.PASSWORD) -> Any:
    return browser.send("PUT", "/api/account/password", {"old": old, "new": new})


def test_he_sees_every_device_on_which_he_is_signed_in_in_words_and_which_one_this_is(app: Flask):
    phone, computer = on(app, WECHAT), on(app, EDGE)
    on(app, EDGE, cast.COLLEAGUE)
    before = datetime.now(UTC) - timedelta(minutes=1)
    for browser, this in ((phone, "安卓手机 · 微信"), (computer, "Windows 电脑 · Edge")):
        said = devices(browser)
        assert {device["browser"] for device in said} == {"安卓手机 · 微信", "Windows 电脑 · Edge"}
        assert [device["browser"] for device in said if device["this"]] == [this]
        assert all(before < datetime.fromisoformat(device["last_seen_at"]) for device in said)


@pytest.mark.parametrize("user_agent", ["", "x" * 5000, "\x7f", "编造的"])
def test_whatever_a_browser_calls_itself_he_can_sign_in_and_reads_that_it_is_unknown(app: Flask, user_agent: str):
    browser = on(app, user_agent.encode().decode("latin-1"))
    assert [device["browser"] for device in devices(browser)] == ["未知设备"]


def test_a_device_that_was_not_used_for_long_or_was_signed_out_is_not_there(app: Flask):
    phone, computer, gone = on(app, WECHAT), on(app, EDGE), on(app, EDGE)
    gone.send("DELETE", "/api/session")
    with app.app_context(), writing() as session:
        for row in session.scalars(select(UserSession).where(UserSession.browser.contains("Edge"))):
            row.last_seen_at -= timedelta(days=31)
    assert [device["browser"] for device in devices(phone)] == ["安卓手机 · 微信"]
    assert computer.send("GET", "/api/account/devices").status_code == 401


def test_signing_a_device_out_ends_its_session_at_once_and_no_other(app: Flask):
    phone, computer, lost = on(app, WECHAT), on(app, EDGE), on(app, WECHAT)
    (lost_id,) = [device["id"] for device in devices(lost) if device["this"]]
    left = computer.send("DELETE", f"/api/account/devices/{lost_id}").get_json()["devices"]
    assert (len(left), lost_id in {device["id"] for device in left}) == (2, False)
    assert lost.send("GET", "/api/reference").status_code == 401
    assert lost.send("POST", "/api/sync/pull", {}).get_json()["code"] == "sign_in_required"
    assert [browser.send("GET", "/api/reference").status_code for browser in (phone, computer)] == [200, 200]
    assert lost.session()["me"] is None


def test_nobody_signs_another_persons_device_out(app: Flask, sign_in: SignIn):
    phone = on(app, WECHAT)
    (device,) = [device for device in devices(phone) if device["this"]]
    before = contents(app)
    for person in (cast.COLLEAGUE, cast.ADMIN):
        assert sign_in(person).call("DELETE", f"/api/account/devices/{device['id']}").status_code == 200
    as_error(Browser(app).send("DELETE", f"/api/account/devices/{device['id']}"), 401, "sign_in_required")
    assert contents(app) == before
    assert phone.send("GET", "/api/reference").status_code == 200


@pytest.mark.parametrize("device_id", ["x", "0" * 64, "%00", "a" * 3000])
def test_a_device_that_is_not_there_cannot_be_signed_out_and_nothing_happens(app: Flask, device_id: str):
    phone = on(app, WECHAT)
    assert len(phone.send("DELETE", f"/api/account/devices/{device_id}").get_json()["devices"]) == 1


def test_a_new_password_signs_every_other_device_out_and_this_one_not(app: Flask):
    phone, computer = on(app, WECHAT), on(app, EDGE)
    assert [device["this"] for device in change(phone).get_json()["devices"]] == [True]
    assert phone.send("GET", "/api/reference").status_code == 200
    assert computer.send("GET", "/api/reference").status_code == 401
    assert computer.type_in(cast.CADRE).status_code == 401
    assert computer.type_in(cast.CADRE, NEW).status_code == 200


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"old": "wrong horse battery", "new": NEW}, "old_password_wrong", "old"),
        ({"old": "", "new": NEW}, "old_password_wrong", "old"),
        ({"old": "x" * 129, "new": NEW}, "old_password_wrong", "old"),
        ({"new": NEW}, "field_required", "old"),
        ({"old": cast.PASSWORD}, "field_required", "new"),
        ({"old": cast.PASSWORD, "new": "1234567"}, "password_length", "new"),
        ({"old": cast.PASSWORD, "new": "x" * 129}, "password_length", "new"),
        ({"old": cast.PASSWORD, "new": cast.PASSWORD}, "password_unchanged", "new"),
        ({"old": cast.PASSWORD, "new": NEW, "username": "colleague"}, "field_unknown", "username"),
    ],
)
def test_a_password_that_cannot_be_changed_so_stays(app: Flask, body: dict[str, str], code: str, field: str):
    phone, computer = on(app, WECHAT), on(app, EDGE)
    answer = phone.send("PUT", "/api/account/password", body)
    check_error(answer.get_json(), answer.status_code)
    assert (answer.get_json()["code"], answer.get_json()["field"]) == (code, field)
    assert computer.send("GET", "/api/reference").status_code == 200
    assert computer.type_in(cast.CADRE).status_code == 200


def test_a_password_is_changed_for_whoever_is_signed_in_and_asks_for_the_old_one_of_his(app: Flask):
    phone, colleague = on(app, WECHAT), on(app, EDGE, cast.COLLEAGUE)
    assert change(colleague).status_code == 200
    assert phone.send("GET", "/api/reference").status_code == 200
    assert Browser(app).type_in(cast.CADRE).status_code == 200
    assert change(Browser(app)).status_code == 401


def test_who_finds_an_unlocked_phone_cannot_guess_the_old_password(app: Flask):
    phone, computer = on(app, WECHAT), on(app, EDGE)
    for _ in range(5):
        assert change(phone, old="wrong horse battery").get_json()["code"] == "old_password_wrong"
    answer = change(phone)
    assert (answer.status_code, answer.get_json()["code"]) == (429, "locked_out")
    # The owner himself is not shut out: neither on his other device nor when he signs in.
    assert computer.type_in(cast.CADRE).status_code == 200
    assert change(computer).status_code == 200


def test_wrong_tries_are_forgotten_once_it_was_right(app: Flask):
    phone = on(app, WECHAT)
    for number in range(3):
        for _ in range(4):
            change(phone, old="wrong horse battery")
        old, new = (NEW, cast.PASSWORD) if number % 2 else (cast.PASSWORD, NEW)
        assert change(phone, new, old).status_code == 200


def test_the_database_keeps_no_address_and_not_what_the_browser_called_itself(app: Flask):
    on(app, WECHAT)
    with app.app_context():
        kept = " ".join(map(repr, reading().connection().exec_driver_sql("SELECT * FROM sessions")))
    assert "安卓手机" in kept
    assert not any(words in kept for words in ("V2199A", "Mozilla", HOME))
