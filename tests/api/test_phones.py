"""A phone is bound to its session and gets its user's key, and is told how it stands when nobody is signed in."""

from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from server.store.db import db, reading, writing
from server.store.tables import Device, UserSession
from server.store.users import find_user
from server.sync import version
from tests import cast
from tests.api.contents import contents
from tests.api.mutations import new_id
from tests.api.people import Caller, SignIn
from tests.api.test_error_shape import as_error

DEVICE = "/api/session/device"
STANDING = "/api/session/standing"


def user_id(app: Flask, person: cast.Person) -> str:
    with app.app_context():
        user = find_user(reading(), person.username)
        assert user
        return str(user.id)


def key_of(caller: Caller) -> bytes:
    """The key that a phone is given."""
    answer = caller.call("PUT", DEVICE, json={"device_id": caller.device_id})
    assert answer.status_code == 200, answer.get_json()
    assert answer.headers["Cache-Control"] == "no-store"
    return b64decode(answer.get_json()["key"], validate=True)


def standing(caller: Caller, whose: str, device_id: str) -> str:
    answer = caller.post(STANDING, {"user_id": whose, "device_id": device_id})
    assert answer.status_code == 200, answer.get_json()
    return str(answer.get_json()["standing"])


def test_every_phone_of_a_user_gets_the_same_key_and_no_other_user_does(sign_in: SignIn):
    first = key_of(sign_in(cast.CADRE))
    assert len(first) == 32
    assert key_of(sign_in(cast.CADRE)) == first
    assert key_of(sign_in(cast.COLLEAGUE)) != first


def test_two_phones_that_ask_for_the_first_time_at_once_get_the_same_key(sign_in: SignIn):
    phones, start = [sign_in(cast.CADRE) for _ in range(2)], Barrier(2)

    def ask(phone: Caller) -> bytes:
        start.wait(20)
        return key_of(phone)

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(ask, phones))) == 1


def test_the_key_is_not_in_the_database_in_clear(app: Flask, sign_in: SignIn):
    key = key_of(sign_in(cast.CADRE))
    with app.app_context(), db.engine.connect() as connection:
        stored = b"".join(bytes(row[0]) for row in connection.exec_driver_sql("SELECT key FROM user_keys"))
    assert stored
    assert key not in stored


def test_the_session_knows_its_phone_and_the_phone_its_browser(app: Flask, sign_in: SignIn):
    phone = sign_in(cast.CADRE)
    phone.http.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 13) Mobile MicroMessenger/8"
    key_of(phone)
    with app.app_context():
        assert [str(row.device_id) for row in reading().scalars(select(UserSession)) if row.device_id] == [
            phone.device_id
        ]
        assert [row.browser for row in reading().scalars(select(Device))] == ["安卓手机 · 微信"]


def test_nobody_gets_a_key_without_a_session_or_with_an_id_that_is_none(app: Flask, sign_in: SignIn, nobody: Caller):
    before = contents(app)
    as_error(nobody.call("PUT", DEVICE, json={"device_id": new_id()}), 401, "sign_in_required")
    as_error(sign_in(cast.CADRE).call("PUT", DEVICE, json={"device_id": "x"}), 422, "id_invalid", "device_id")
    without_token = app.test_client()
    as_error(without_token.put(DEVICE, json={"device_id": new_id()}), 401, "sign_in_required")
    assert contents(app) == before


def test_how_a_phone_stands_is_told_of_a_pair_that_was_bound_alone(app: Flask, sign_in: SignIn, nobody: Caller):
    phone, whose = sign_in(cast.CADRE), user_id(app, cast.CADRE)
    assert standing(nobody, whose, phone.device_id) == "unknown"
    key_of(phone)
    assert standing(nobody, whose, phone.device_id) == "good"
    assert standing(nobody, whose, new_id()) == "unknown"
    assert standing(nobody, user_id(app, cast.COLLEAGUE), phone.device_id) == "unknown"
    assert standing(nobody, new_id(), phone.device_id) == "unknown"


def test_a_phone_whose_user_is_gone_is_told_so_and_hears_again_when_he_is_back(app: Flask, sign_in: SignIn):
    phone, whose, admin = sign_in(cast.CADRE), user_id(app, cast.CADRE), sign_in(cast.ADMIN)
    key = key_of(phone)
    assert admin.call("POST", f"/api/people/{whose}/closing").status_code == 200
    as_error(phone.get("/api/reference"), 401, "sign_in_required")
    assert standing(phone, whose, phone.device_id) == "closed"
    admin.call("DELETE", f"/api/people/{whose}/closing")
    assert standing(phone, whose, phone.device_id) == "good"
    assert key_of(sign_in(cast.CADRE)) == key


def test_standing_needs_neither_session_nor_token(app: Flask):
    answer = app.test_client().post(STANDING, json={"user_id": new_id(), "device_id": new_id()})
    assert (answer.status_code, answer.get_json()) == (200, {"standing": "unknown"})


def test_a_phone_that_was_reported_lost_gets_no_key_and_its_new_session_is_over(app: Flask, sign_in: SignIn):
    phone, whose = sign_in(cast.CADRE), user_id(app, cast.CADRE)
    key_of(phone)
    with app.app_context(), writing() as session:
        for row in session.scalars(select(Device)):
            row.revoked_at = row.first_seen_at
    as_error(phone.call("PUT", DEVICE, json={"device_id": phone.device_id}), 401, "device_revoked")
    as_error(phone.get("/api/reference"), 401, "sign_in_required")
    assert standing(phone, whose, phone.device_id) == "revoked"
    other = sign_in(cast.CADRE)
    assert len(key_of(other)) == 32


def test_an_app_that_is_too_old_is_told_so_everywhere_but_where_it_asks_who_is_signed_in(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    cadre = sign_in(cast.CADRE)
    monkeypatch.setattr(version, "OLDEST_TAKEN", 2)
    for said in (None, "1", "", "x", "-3", "²", "9" * 5000):
        headers = {} if said is None else {version.HEADER: said}
        assert cadre.call("GET", "/api/session", headers=headers).status_code == 200
        assert cadre.call("GET", "/api/health", headers=headers).status_code == 200
        for method, path in (
            ("GET", "/api/reference"),
            ("POST", "/api/sync/push"),
            ("PUT", DEVICE),
            ("POST", STANDING),
        ):
            as_error(cadre.call(method, path, json={}, headers=headers), 426, "app_too_old")
    for said in ("2", "3"):
        assert cadre.call("GET", "/api/reference", headers={version.HEADER: said}).status_code == 200


def test_an_app_from_before_the_header_is_still_taken(sign_in: SignIn):
    assert version.OLDEST_TAKEN == 1
    assert sign_in(cast.CADRE).get("/api/reference").status_code == 200
