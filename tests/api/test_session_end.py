"""When a session is over: signed out, replaced, too old, or the password changed."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from server.actions.accounts import disable_user, set_password
from server.actions.sessions import hash_password, proven_hash
from server.api.who import SESSION_KEY
from server.store.db import reading, writing
from server.store.tables import UserSession
from tests import cast
from tests.api.browser import Browser
from tests.api.mutations import new_id, push_of, visit


def cookie_kept(browser: Browser, app: Flask) -> Browser:
    """Another browser, holding a copy of the session cookie."""
    copy = Browser(app)
    cookie = browser.http.get_cookie("shishibu")
    assert cookie
    copy.http.set_cookie("shishibu", cookie.value)
    copy.csrf_token = browser.csrf_token
    return copy


def let_days_pass(app: Flask, **days: float) -> None:
    """Make the dates of every session (`created_at`, `last_seen_at`) earlier."""
    with app.app_context(), writing() as session:
        for row in session.scalars(select(UserSession)):
            for name, number in days.items():
                setattr(row, name, getattr(row, name) - timedelta(days=number))


def test_a_cookie_that_somebody_kept_is_worth_nothing_after_sign_out(app: Flask):
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    kept = cookie_kept(browser, app)
    assert kept.send("GET", "/api/reference").status_code == 200
    browser.send("DELETE", "/api/session")
    assert kept.send("GET", "/api/reference").status_code == 401
    assert kept.session()["me"] is None


def test_signing_in_again_ends_the_session_that_it_replaces_and_no_other(app: Flask):
    browser, other = Browser(app), Browser(app)
    for one in (browser, other):
        one.type_in(cast.CADRE)
    kept = cookie_kept(browser, app)
    browser.type_in(cast.CADRE)
    statuses = [one.send("GET", "/api/reference").status_code for one in (kept, browser, other)]
    assert statuses == [401, 200, 200]


def test_a_phone_that_was_offline_for_weeks_is_still_signed_in_and_stays_so(app: Flask):
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    for _ in range(3):
        let_days_pass(app, created_at=29.9, last_seen_at=29.9)
        assert browser.send("POST", "/api/sync/push", push_of(new_id(), visit())).status_code == 200


def test_who_only_reads_is_answered_also_while_the_database_takes_no_note_of_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    let_days_pass(app, last_seen_at=1)
    monkeypatch.setattr(
        "server.api.who.note_seen", lambda session, *_: session.execute(text("UPDATE sessions_of_old SET seen = 1"))
    )
    assert browser.send("GET", "/api/reference").status_code == 200
    assert browser.session()["me"]["username"] == cast.CADRE.username


def test_a_session_that_nobody_used_for_long_is_over(app: Flask):
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    let_days_pass(app, last_seen_at=30.1)
    assert browser.send("GET", "/api/reference").status_code == 401


def test_a_session_does_not_last_for_ever_however_much_it_is_used(app: Flask):
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    let_days_pass(app, created_at=179.9)
    assert browser.send("GET", "/api/reference").status_code == 200
    let_days_pass(app, created_at=0.2)
    assert browser.send("GET", "/api/reference").status_code == 401
    assert browser.type_in(cast.CADRE).status_code == 200


def test_use_is_noted_once_an_hour_and_not_with_every_request(app: Flask):
    def seen() -> datetime:
        with app.app_context():
            return reading().scalars(select(UserSession.last_seen_at)).one()

    browser = Browser(app)
    browser.type_in(cast.CADRE)
    for ago, is_noted in ((timedelta(minutes=59), False), (timedelta(minutes=61), True)):
        with app.app_context(), writing() as session:
            session.execute(update(UserSession).values(last_seen_at=(before := datetime.now(UTC) - ago)))
        assert browser.send("GET", "/api/reference").status_code == 200
        assert (seen() > before) == is_noted


def test_the_database_does_not_hold_what_a_cookie_holds(app: Flask):
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    with browser.http.session_transaction() as cookie, app.app_context():
        row = reading().scalars(select(UserSession)).one()
        assert cookie[SESSION_KEY] != row.id
        assert (len(row.id), row.known_device) == (64, False)
    browser.type_in(cast.CADRE)
    with app.app_context():
        assert reading().scalars(select(UserSession).where(UserSession.ended_at.is_(None))).one().known_device


def test_sessions_too_old_to_matter_are_forgotten_when_he_signs_in(app: Flask):
    for _ in range(2):
        Browser(app).type_in(cast.CADRE)
        let_days_pass(app, created_at=100)
    Browser(app).type_in(cast.CADRE)
    with app.app_context():
        assert len(reading().scalars(select(UserSession)).all()) == 2


def give_a_new_password(session: Session) -> None:
    set_password(session, cast.CADRE.username, "a new one entirely")


def close_the_account(session: Session) -> None:
    disable_user(session, cast.CADRE.username)


@pytest.mark.parametrize("change", [give_a_new_password, close_the_account])
def test_a_password_that_was_right_a_moment_ago_opens_nothing_once_it_was_changed(
    app: Flask, monkeypatch: pytest.MonkeyPatch, change: Callable[[Session], None]
):
    """Checking it takes a tenth of a second, in which an administrator can change it or close the account."""

    def change_it() -> None:
        with app.app_context(), writing() as session:
            change(session)

    def check_slowly(*arguments: Any) -> str | None:
        proven = proven_hash(*arguments)
        reading().rollback()
        other = threading.Thread(target=change_it)
        other.start()
        other.join()
        return proven

    monkeypatch.setattr("server.api.sessions.proven_hash", check_slowly)
    browser = Browser(app)
    assert browser.type_in(cast.CADRE).get_json()["code"] == "wrong_password"
    assert browser.send("GET", "/api/reference").status_code == 401


def test_a_password_that_was_only_stored_anew_meanwhile_opens_the_session(app: Flask, monkeypatch: pytest.MonkeyPatch):
    def check(session: Any, username: str, password: str) -> str | None:
        return proven_hash(session, username, password) and hash_password(password)

    monkeypatch.setattr("server.api.sessions.proven_hash", check)
    assert Browser(app).type_in(cast.CADRE).status_code == 200


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
