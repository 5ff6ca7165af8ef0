"""Sign in, stay signed in, be signed out."""

from typing import Any

import pytest
from flask import Flask

from server.actions.accounts import set_password
from server.api.who import SESSION_KEY
from server.store.db import writing
from tests import cast
from tests.api.browser import ELSEWHERE, HOME, Browser, cookies_of
from tests.api.contract import Contract
from tests.api.people import Caller
from tests.api.routes import path_of, routes
from tests.harness.databases import app_on, let_go


def test_who_signs_in_is_told_who_he_is_and_what_he_may_do(app: Flask, contract: Contract):
    answer = Browser(app).type_in(cast.CADRE)
    contract.check_answer("/api/session", "POST", answer.get_json())
    me = answer.get_json()["me"]
    assert (me["username"], me["name"]) == (cast.CADRE.username, cast.CADRE.name)
    assert {(grant["role"], grant["area_code"]) for grant in me["grants"]} == {
        ("cadre", cast.VILLAGE),
        ("cadre", cast.SHARED_VILLAGE),
    }


def test_a_handler_is_told_his_unit(app: Flask):
    (grant,) = Browser(app).type_in(cast.HANDLER).get_json()["me"]["grants"]
    assert (grant["role"], grant["unit_name"], grant["area_code"]) == ("handler", cast.BUREAU, None)


def test_a_session_lasts_until_sign_out(app: Flask):
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    assert browser.session()["me"]["username"] == cast.CADRE.username
    assert browser.send("GET", "/api/reference").status_code == 200
    assert browser.send("DELETE", "/api/session").get_json()["me"] is None
    assert browser.session()["me"] is None
    assert browser.send("GET", "/api/reference").status_code == 401


def test_spaces_around_a_user_name_are_forgiven_but_not_in_a_password(app: Flask):
    padded = cast.Person(f"  {cast.CADRE.username} ", "", ())
    assert Browser(app).type_in(padded).status_code == 200
    assert Browser(app).type_in(cast.CADRE, f"{cast.PASSWORD} ").status_code == 401


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(world_url: str, tmp_path, secure: bool):
    app = app_on(world_url, tmp_path / "var", SECURE_COOKIES=secure)
    cookies = cookies_of(Browser(app).type_in(cast.CADRE))
    let_go(app)
    (mark,) = set(cookies) - {"shishibu", "known"}
    assert mark.startswith("ours-")  # for the rating page: test_ratings_own_work.py
    for cookie in cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert bool(cookie["secure"]) == secure
        assert not cookie["domain"]
    assert cookies["known"]["path"] == "/api/session"


def test_only_signing_in_sets_the_sessions_cookie(app: Flask):
    browser = Browser(app)
    assert "shishibu" in cookies_of(browser.type_in(cast.CADRE))
    for address in (HOME, ELSEWHERE):
        browser.move_to(address)
        for method, path in (("GET", "/api/session"), ("GET", "/api/reference"), ("POST", "/api/sync/pull")):
            assert not cookies_of(browser.send(method, path, {})), "a bad line may tear it"


def test_half_a_cookie_beside_the_whole_one_locks_nobody_out(app: Flask):
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    value = browser.http.get_cookie("shishibu").value  # type: ignore[union-attr]
    browser.http.set_cookie("shishibu", value[: len(value) // 2], path="/api")
    assert browser.send("GET", "/api/reference").status_code == 200
    assert browser.send("POST", "/api/sync/push", {}).get_json()["code"] != "csrf_failed"


def test_a_session_cookie_names_nobody(app: Flask):
    cookie = cookies_of(Browser(app).type_in(cast.CADRE))["shishibu"].value
    assert cast.CADRE.username not in cookie
    assert cast.CADRE.name not in cookie


def test_a_tampered_or_foreign_session_cookie_is_nobody(app: Flask):
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    value = browser.http.get_cookie("shishibu").value  # type: ignore[union-attr]
    for forged in (value[:-2] + "xx", "nonsense", "", f"{value}.x", "é"):
        browser.http.set_cookie("shishibu", forged)
        assert browser.session()["me"] is None


@pytest.mark.parametrize("key", ["", ".", "nobody", "01a20f07-12e7-71f3-9135-e04bed61f03c", "\0", None, 1, ["x"]])
def test_a_key_of_no_session_is_nobody(app: Flask, key: object):
    browser = Browser(app)
    with browser.http.session_transaction() as session:
        session["_user_id"], session[SESSION_KEY] = "somebody", key
    assert browser.session()["me"] is None


WITHOUT_A_TOKEN = {
    ("POST", "/r/<code>"),
    ("POST", "/api/session/standing"),
    ("POST", "/api/handed-in"),
    *((method, f"/r/{rest}") for method in ("POST", "PUT", "PATCH", "DELETE") for rest in ("", "<path:_>")),
}
"""The resident's rating has no session to protect: who knows the code may rate (server/api/rating_page.py). Under
any other address beside it there is nothing. A phone that was taken away has no session either: it proves itself by its
ids and by what only its user's key can seal (server/api/phones.py, handed_in.py)."""


def test_nothing_can_be_written_without_the_token_of_the_same_session(app: Flask, subtests: pytest.Subtests):
    browser, other = Browser(app), Browser(app)
    browser.type_in(cast.CADRE)
    other.type_in(cast.COLLEAGUE)
    writes = {route for route in routes(app) if route[0] != "GET"} - WITHOUT_A_TOKEN
    assert len(writes) > 10
    for method, rule in sorted(writes):
        for token in ("", "wrong", other.csrf_token, f"{browser.csrf_token}x", "\x7f"):
            with subtests.test(endpoint=f"{method} {rule}", token=token):
                answer = browser.send(method, path_of(rule), {}, token)
                assert (answer.status_code, answer.get_json()["code"]) == (400, "csrf_failed")
    assert browser.session()["me"] is not None


def test_the_token_of_before_signing_in_is_worth_nothing_afterwards(app: Flask):
    browser = Browser(app)
    before = browser.csrf_token
    browser.type_in(cast.CADRE)
    assert browser.send("DELETE", "/api/session", token=before).get_json()["code"] == "csrf_failed"


def test_signing_in_begins_a_new_session_and_keeps_nothing_of_the_old_one(app: Flask):
    browser = Browser(app)
    with browser.http.session_transaction() as session:
        session["planted"] = "by somebody else"
    browser.csrf_token = browser.session()["csrf_token"]
    assert browser.type_in(cast.CADRE).status_code == 200
    with browser.http.session_transaction() as session:
        assert "planted" not in session


def test_a_session_that_ended_says_so_on_push_and_pull(app: Flask):
    """Rule 10: 401 means that the password is asked for; anything else would leave the phone guessing."""
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    with browser.http.session_transaction() as session:
        del session[SESSION_KEY]
    for path in ("/api/sync/push", "/api/sync/pull"):
        assert browser.send("POST", path, {}).status_code == 401


def test_a_phone_whose_cookie_is_gone_hears_that_it_must_sign_in_and_gets_a_new_token_to_do_so(app: Flask):
    """Its token went with the cookie; that is not what it is told."""
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    browser.http.delete_cookie("shishibu")
    for path in ("/api/sync/push", "/api/sync/pull"):
        answer = browser.send("POST", path, {})
        assert (answer.status_code, answer.get_json()["code"]) == (401, "sign_in_required")
    assert browser.type_in(cast.CADRE).get_json()["code"] == "csrf_failed"
    browser.csrf_token = browser.session()["csrf_token"]
    assert browser.type_in(cast.CADRE).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"username": cast.CADRE.username}, "password"),
        ({"password": cast.PASSWORD}, "username"),
        ({"username": "", "password": cast.PASSWORD}, "username"),
        ({"username": "x" * 33, "password": cast.PASSWORD}, "username"),
        ({"username": "ca\0dre", "password": cast.PASSWORD}, "username"),
        ({"username": ["cadre"], "password": cast.PASSWORD}, "username"),
        ({"username": cast.CADRE.username, "password": 12345678}, "password"),
        ({"username": cast.CADRE.username, "password": ""}, "password"),
        ({"username": cast.CADRE.username, "password": "x" * 129}, "password"),
        ({"username": cast.CADRE.username, "password": None}, "password"),
        ({"username": cast.CADRE.username, "password": cast.PASSWORD, "admin": True}, "admin"),
    ],
)
def test_a_sign_in_that_is_not_filled_in_right_is_refused_by_field(nobody: Caller, body: dict[str, Any], field: str):
    answer = nobody.post("/api/session", body)
    assert answer.status_code in {401, 422}
    assert answer.get_json()["field"] == field


def test_a_password_may_hold_anything_that_can_be_typed(app: Flask):
    password = "密码 🔑\tpass\0word"
    with app.app_context(), writing() as session:
        set_password(session, cast.CADRE.username, password)
    assert Browser(app).type_in(cast.CADRE, password).status_code == 200
