"""Wrong passwords at the sign-in: whoever guesses is held up, and the owner gets in."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer
from sqlalchemy import update

from server.actions import sessions as actions
from server.actions.accounts import disable_user
from server.store.db import writing
from server.store.tables import SignInFailure
from tests import cast
from tests.api.browser import ELSEWHERE, HOME, WRONG, Browser, cookies_of
from tests.harness.databases import app_on, let_go
from tests.harness.live_server import ROOT


def let_minutes_pass(app: Flask, minutes: int) -> None:
    """Make every counted failure older."""
    with app.app_context(), writing() as session:
        for row in session.query(SignInFailure):
            earlier = row.last_failure_at - timedelta(minutes=minutes)
            session.execute(update(SignInFailure).where(SignInFailure.key == row.key).values(last_failure_at=earlier))


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


def test_a_password_costs_whoever_guesses_64_mb_and_three_passes():
    ask = "from server.actions.sessions import hash_password; print(hash_password('x'))"
    said = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.startswith("$argon2id$v=19$m=65536,t=3,p=4$")  # RFC 9106's second recommended choice


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
    monkeypatch.setattr("server.api.sessions.proven_hash", lambda *_: None)  # twenty slow checks would tell no more
    for number in range(20):
        assert Browser(app, f"203.0.113.{number}").type_in(cast.CADRE, WRONG).status_code == 401
    monkeypatch.undo()
    assert Browser(app, "203.0.113.99").type_in(cast.CADRE).status_code == 429  # a device nobody knows
    assert phone.type_in(cast.CADRE).status_code == 200


def test_a_known_phone_may_not_guess_without_end_either_wherever_it_goes(app: Flask):
    phone = Browser(app, HOME)
    phone.type_in(cast.CADRE)
    codes = []
    for number in range(6):
        phone.move_to(f"203.0.113.{number}")
        codes.append(phone.type_in(cast.CADRE, WRONG).get_json()["code"])
    assert codes == ["wrong_password"] * 5 + ["locked_out"]


def test_who_guesses_behind_the_same_address_does_not_shut_the_owner_out_of_his_phone(app: Flask):
    """Carriers put thousands of phones behind one address."""
    phone, stranger = Browser(app, HOME), Browser(app, HOME)
    assert phone.type_in(cast.CADRE).status_code == 200
    codes = [stranger.type_in(cast.CADRE, WRONG).get_json()["code"] for _ in range(6)]
    assert codes[-1] == "locked_out"
    assert phone.type_in(cast.CADRE).status_code == 200


def test_the_owners_own_mistakes_do_not_hold_up_his_other_phone(app: Flask):
    phone, other = Browser(app, HOME), Browser(app, HOME)
    for one in (phone, other):
        assert one.type_in(cast.CADRE).status_code == 200
    for _ in range(6):
        answer = phone.type_in(cast.CADRE, WRONG)
    assert answer.status_code == 429
    assert other.type_in(cast.CADRE).status_code == 200


def test_a_phone_stays_the_same_one_when_he_signs_in_again(app: Flask):
    """A right password would otherwise give a new name, and with it five tries more for whoever kept the old one."""
    phone = Browser(app, HOME)
    known = [cookies_of(phone.type_in(cast.CADRE))["known"].value for _ in range(2)]
    assert known[0] == known[1]
    assert cookies_of(Browser(app, HOME).type_in(cast.CADRE))["known"].value != known[0]


@pytest.mark.parametrize("contents", ["cadre", ["cadre"], ["cadre", 1], {"cadre": "x"}, None, ["colleague", "x"]])
def test_a_mark_of_another_shape_makes_no_phone_known(app: Flask, contents: object):
    signer = URLSafeSerializer(app.config["SECRET_KEY"], salt="known-device")
    phone = Browser(app, HOME)
    phone.http.set_cookie("known", str(signer.dumps(contents)), path="/api/session")
    for _ in range(5):
        assert Browser(app, HOME).type_in(cast.CADRE, WRONG).status_code == 401
    assert phone.type_in(cast.CADRE).status_code == 429


def test_an_office_behind_one_address_signs_in_at_once(world_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    app = app_on(world_url, tmp_path / "var", SIGN_INS_PER_MINUTE=1)
    monkeypatch.setattr("server.api.sessions.proven_hash", lambda *_: None)
    tries = [Browser(app, HOME).type_in(cast.Person(f"colleague{number}", "", ()), WRONG) for number in range(11)]
    let_go(app)
    assert [answer.get_json()["code"] for answer in tries] == ["wrong_password"] * 10 + ["too_many_requests"]


@pytest.mark.parametrize("again", ["colleague", " colleague "])
def test_the_same_name_from_the_same_address_is_tried_a_few_times_a_minute(world_url: str, tmp_path: Path, again: str):
    app = app_on(world_url, tmp_path / "var", SIGN_INS_PER_MINUTE=1)
    assert Browser(app, HOME).type_in(cast.COLLEAGUE).status_code == 200
    tries = [Browser(app, where).type_in(cast.Person(again, "", ())) for where in (HOME, ELSEWHERE)]
    let_go(app)
    assert [answer.status_code for answer in tries] == [429, 200]


def test_a_phone_known_to_one_user_is_not_known_to_another(app: Flask, monkeypatch: pytest.MonkeyPatch):
    phone = Browser(app, HOME)
    phone.type_in(cast.COLLEAGUE)
    monkeypatch.setattr("server.api.sessions.proven_hash", lambda *_: None)
    for number in range(20):
        Browser(app, f"203.0.113.{number}").type_in(cast.CADRE, WRONG)
    monkeypatch.undo()
    assert phone.type_in(cast.CADRE).status_code == 429
