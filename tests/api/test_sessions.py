"""Sign in, stay signed in, be shut out, and leave nothing personal behind."""

import logging
import re
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from server.actions import sessions as actions
from server.actions import visits as visit_actions
from server.actions.accounts import disable_user, set_password
from server.domain.commands import RecordVisit
from server.store.db import writing
from server.store.tables import SignInFailure
from tests import cast
from tests.api.contract import Contract, check_error
from tests.api.mutations import PERSONAL, RECORD, act, new_id, push_of, told_in_full, visit
from tests.api.people import Caller, SignIn
from tests.harness.databases import app_on, let_go

HOME, ELSEWHERE = "10.1.1.1", "203.0.113.7"
WRONG = "wrong horse battery"


class Browser:
    """A browser at an address, which signs in by typing user name and password."""

    def __init__(self, app: Flask, address: str = HOME) -> None:
        self.http: FlaskClient = app.test_client()
        self._from: Any = {"REMOTE_ADDR": address}
        self.csrf_token = str(self.session()["csrf_token"])

    def session(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.http.get("/api/session").get_json()
        return answer

    def send(self, method: str, path: str, body: object = None, token: str | None = None) -> TestResponse:
        headers = {"X-CSRFToken": self.csrf_token if token is None else token}
        return self.http.open(path, method=method, json=body, headers=headers, environ_overrides=self._from)

    def type_in(self, person: cast.Person, password: str = cast.PASSWORD) -> TestResponse:
        answer = self.send("POST", "/api/session", {"username": person.username, "password": password})
        if answer.status_code == 200:
            self.csrf_token = answer.get_json()["csrf_token"]
        else:
            check_error(answer.get_json(), answer.status_code)
        return answer


def cookies_of(answer: TestResponse) -> dict[str, Any]:
    """The cookies that an answer sets, with their attributes."""
    cookies: SimpleCookie = SimpleCookie()
    for line in answer.headers.getlist("Set-Cookie"):
        cookies.load(line)
    return dict(cookies)


def let_minutes_pass(app: Flask, minutes: int) -> None:
    """Make every counted failure older."""
    with app.app_context(), writing() as session:
        for row in session.query(SignInFailure):
            earlier = row.last_failure_at - timedelta(minutes=minutes)
            session.execute(update(SignInFailure).where(SignInFailure.key == row.key).values(last_failure_at=earlier))


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
    assert set(cookies) == {"shishibu", "known"}
    for cookie in cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert bool(cookie["secure"]) == secure
        assert not cookie["domain"]
    assert cookies["known"]["path"] == "/api/session"


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


@pytest.mark.parametrize(
    "session_id", ["", ".", "nobody.key", "01a20f07-12e7-71f3-9135-e04bed61f03c.key", "\0", "1.2.3"]
)
def test_a_session_of_a_user_who_does_not_exist_is_nobody(app: Flask, session_id: str):
    browser = Browser(app)
    with browser.http.session_transaction() as session:
        session["_user_id"] = session_id
    assert browser.session()["me"] is None


WRITES = (("POST", "/api/session"), ("DELETE", "/api/session"), ("POST", "/api/sync/push"), ("POST", "/api/sync/pull"))


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_nothing_can_be_written_without_the_token_of_the_same_session(app: Flask, method: str, path: str):
    browser, other = Browser(app), Browser(app)
    browser.type_in(cast.CADRE)
    other.type_in(cast.COLLEAGUE)
    for token in ("", "wrong", other.csrf_token, f"{browser.csrf_token}x", "\x7f"):
        answer = browser.send(method, path, {}, token)
        assert answer.status_code == 400
        assert answer.get_json()["code"] == "csrf_failed"
    assert browser.session()["me"] is not None


def test_every_endpoint_that_writes_is_among_those_that_ask_for_the_token(bare_app: Flask):
    routes = {(method, rule.rule) for rule in bare_app.url_map.iter_rules() for method in rule.methods or ()}
    assert {route for route in routes if route[0] not in {"GET", "HEAD", "OPTIONS"}} == set(WRITES)


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


def test_nothing_tells_whether_a_user_exists(app: Flask):
    with app.app_context(), writing() as session:
        disable_user(session, cast.ADMIN.username)
    tries = (
        (cast.CADRE, WRONG),  # a wrong password
        (cast.Person("no-such-user", "", ()), WRONG),
        (cast.ADMIN, cast.PASSWORD),  # the right password of a closed account
        (cast.ADMIN, WRONG),
    )
    answers = [Browser(app, f"10.9.9.{number}").type_in(*one) for number, one in enumerate(tries)]
    assert {(answer.status_code, answer.data) for answer in answers} == {(401, answers[0].data)}
    assert answers[0].get_json()["code"] == "wrong_password"
    assert {tuple(sorted(answer.headers.keys())) for answer in answers} == {tuple(sorted(answers[0].headers.keys()))}
    assert [cookies_of(answer).get("known") for answer in answers] == [None] * len(answers)


def test_a_password_is_checked_as_long_for_a_user_who_does_not_exist(app: Flask, monkeypatch: pytest.MonkeyPatch):
    checked: list[str] = []
    verify = actions._hasher.verify

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(hasher, name)

        def verify(self, hash: str, password: str) -> bool:  # noqa: A002 (argon2-cffi's own name)
            checked.append(hash.rsplit("$", 2)[0])
            return bool(verify(hash, password))

    hasher = actions._hasher
    monkeypatch.setattr(actions, "_hasher", Watched())
    Browser(app).type_in(cast.CADRE, WRONG)
    Browser(app).type_in(cast.Person("no-such-user", "", ()), WRONG)
    assert len(checked) == 2
    assert checked[0] == checked[1]  # the same algorithm with the same cost
    assert checked[0].startswith("$argon2id$")


def test_five_wrong_passwords_shut_an_address_out_for_minutes_and_no_longer(app: Flask):
    browser = Browser(app, ELSEWHERE)
    for _ in range(5):
        assert browser.type_in(cast.CADRE, WRONG).status_code == 401
    answer = browser.type_in(cast.CADRE)
    assert (answer.status_code, answer.get_json()["code"]) == (429, "locked_out")
    let_minutes_pass(app, 4)
    assert browser.type_in(cast.CADRE).status_code == 429
    let_minutes_pass(app, 1)  # A refused try is not counted: it prolonged nothing.
    assert browser.type_in(cast.CADRE).status_code == 200


def test_a_user_who_does_not_exist_is_shut_out_just_the_same(app: Flask):
    browser = Browser(app, ELSEWHERE)
    ghost = cast.Person("no-such-user", "", ())
    codes = [browser.type_in(ghost, WRONG).get_json()["code"] for _ in range(6)]
    assert codes == ["wrong_password"] * 5 + ["locked_out"]


def test_a_right_password_forgets_the_wrong_ones(app: Flask):
    browser = Browser(app)
    for _ in range(2):
        for _ in range(4):
            assert browser.type_in(cast.CADRE, WRONG).status_code == 401
        assert browser.type_in(cast.CADRE).status_code == 200


def test_one_persons_wrong_passwords_do_not_shut_a_neighbour_at_the_same_address_out(app: Flask):
    for _ in range(5):
        Browser(app).type_in(cast.CADRE, WRONG)
    assert Browser(app).type_in(cast.COLLEAGUE).status_code == 200


def test_who_guesses_from_many_addresses_is_shut_out_but_the_owner_gets_in_on_his_own_phone(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    phone = Browser(app, HOME)
    assert phone.type_in(cast.CADRE).status_code == 200
    phone.send("DELETE", "/api/session")
    phone.csrf_token = phone.session()["csrf_token"]
    monkeypatch.setattr("server.api.sessions.user_with", lambda *_: None)  # twenty slow checks would tell no more
    for number in range(20):
        assert Browser(app, f"203.0.113.{number}").type_in(cast.CADRE, WRONG).status_code == 401
    monkeypatch.undo()
    assert Browser(app, "203.0.113.99").type_in(cast.CADRE).status_code == 429  # a device nobody knows
    assert phone.type_in(cast.CADRE).status_code == 200


def test_a_known_phone_may_not_guess_without_end_either(app: Flask):
    phone = Browser(app, HOME)
    phone.type_in(cast.CADRE)
    codes = [phone.type_in(cast.CADRE, WRONG).get_json()["code"] for _ in range(6)]
    assert codes == ["wrong_password"] * 5 + ["locked_out"]


def test_a_phone_known_to_one_user_is_not_known_to_another(app: Flask, monkeypatch: pytest.MonkeyPatch):
    phone = Browser(app, HOME)
    phone.type_in(cast.COLLEAGUE)
    monkeypatch.setattr("server.api.sessions.user_with", lambda *_: None)
    for number in range(20):
        Browser(app, f"203.0.113.{number}").type_in(cast.CADRE, WRONG)
    monkeypatch.undo()
    assert phone.type_in(cast.CADRE).status_code == 429


def test_a_new_password_ends_every_session_and_the_old_password(app: Flask):
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    with app.app_context(), writing() as session:
        set_password(session, cast.CADRE.username, "a new one entirely")
    assert browser.send("GET", "/api/reference").status_code == 401
    assert browser.send("POST", "/api/sync/push", push_of(new_id(), visit())).status_code == 401
    assert browser.session()["me"] is None
    assert browser.type_in(cast.CADRE).status_code == 401
    assert browser.type_in(cast.CADRE, "a new one entirely").status_code == 200


def test_a_closed_account_is_out_at_once(app: Flask):
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    with app.app_context(), writing() as session:
        disable_user(session, cast.CADRE.username)
    assert browser.send("GET", "/api/reference").status_code == 401
    assert browser.type_in(cast.CADRE).get_json()["code"] == "wrong_password"


def test_a_session_that_ended_says_so_on_push_and_pull(app: Flask):
    """Rule 10: 401 means that the password is asked for; anything else would leave the phone guessing."""
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    with browser.http.session_transaction() as session:
        del session["_user_id"]
    for path in ("/api/sync/push", "/api/sync/pull"):
        assert browser.send("POST", path, {}).status_code == 401


def test_a_phone_whose_cookie_is_gone_gets_a_new_token_and_then_hears_that_it_must_sign_in(app: Flask):
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    browser.http.delete_cookie("shishibu")
    assert browser.send("POST", "/api/sync/push", {}).get_json()["code"] == "csrf_failed"
    browser.csrf_token = browser.session()["csrf_token"]
    assert browser.send("POST", "/api/sync/push", {}).status_code == 401


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


def test_nothing_personal_gets_into_the_log(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    caplog.set_level(logging.INFO)
    browser = Browser(app)
    browser.type_in(cast.CADRE, WRONG)
    browser.type_in(cast.CADRE)
    cadre = sign_in(cast.CADRE)
    matter = told_in_full()
    cadre.apply(visit(matter))
    cadre.refused(act(matter["id"], "unheard_of", text=PERSONAL[0]))

    def explode(context: object, command: Any) -> None:
        raise ValueError(f"cannot store {command!r}")

    # A bug whose message quotes what was typed; inside a mutation, and in a view.
    monkeypatch.setattr("server.sync.push.record_visit", explode)
    assert cadre.refused(visit(told_in_full(), note=PERSONAL[0])) == "server_error"
    monkeypatch.setitem(app.view_functions, "matters.get_matter", lambda **_: int(RECORD[0] + PERSONAL[1]))
    assert cadre.get(f"/api/matters/{matter['id']}").status_code == 500

    assert "ValueError" in caplog.text  # It is logged, with where it happened …
    assert "explode" in caplog.text
    for words in (*PERSONAL, *RECORD, cast.CADRE.name, cast.CADRE.username, cast.PASSWORD, WRONG):
        assert words not in caplog.text  # … but not with what was typed.


def test_what_the_database_complains_of_does_not_bring_personal_data_into_the_log(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    caplog.set_level(logging.INFO)

    def store_badly(context: Any, command: RecordVisit) -> None:
        matter = command.matters[0]
        object.__setattr__(matter, "category", PERSONAL[0])  # breaks the table's check, and names its values
        visit_actions.record_visit(context, command)

    monkeypatch.setattr("server.sync.push.record_visit", store_badly)
    sign_in(cast.CADRE).refused(visit(told_in_full()))
    for words in (*PERSONAL, *RECORD):
        assert words not in caplog.text


def test_addresses_hold_ids_codes_and_days_only(contract: Contract):
    parameters = {
        parameter["name"]
        for path in contract.document["paths"].values()
        for operation in path.values()
        for parameter in [*operation.get("parameters", []), *path.get("parameters", [])]
        if isinstance(parameter, dict)
    }
    assert parameters <= {"matter_id", "area_code", "from", "to", "measure", "category", "unit_id", "after"}
    assert not any(re.search("name|phone|resident|username", path) for path in contract.document["paths"])
