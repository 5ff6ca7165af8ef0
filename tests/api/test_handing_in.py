"""What a phone that was taken away may hand in: what it sealed itself, so much of it, and nobody else for it."""

import logging
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from server.domain import handed_in as limits
from server.store.db import db, writing
from server.store.tables import UserKey
from tests import cast
from tests.api.contents import contents
from tests.api.lost_phone import HANDED_IN, LostPhone, accept, drop, waiting
from tests.api.mutations import PERSONAL, RECORD, new_id, new_matter, push_of, told_in_full, visit
from tests.api.people import Caller, SignIn
from tests.api.test_error_shape import as_error
from tests.harness.lost_phone import sealed


def test_what_was_not_sealed_by_this_user_as_this_row_cannot_be_read_and_is_told_so(
    app: Flask, lost: LostPhone, sign_in: SignIn, coordinator: Caller
):
    made, other = visit(new_matter()), visit(new_matter())
    foreign = LostPhone(app, sign_in, cast.COLLEAGUE)
    entries = [
        {"id": made["id"], "sealed": lost.sealed(other)["sealed"]},
        foreign.sealed(made),
        {"id": made["id"], "sealed": "这不是"},
        {"id": made["id"], "sealed": ""},
        {"id": made["id"], "sealed": "AAAA"},
        lost.sealed({**made, "made_at": "昨天"}),
        lost.sealed({**made, "args": ["x"]}),
        lost.sealed({**made, "args": {"note": "长" * 100_000}}),
    ]
    for entry in entries:
        answer = lost.send(entry)
        assert answer.get_json() == {"entries": [{"id": entry["id"], "status": "unreadable"}]}
    assert waiting(coordinator) == []


def test_a_backup_from_before_the_key_was_asked_for_can_be_handed_in_to(
    app: Flask, lost: LostPhone, coordinator: Caller
):
    with app.app_context(), writing() as session:
        session.execute(delete(UserKey))
    assert lost.hand_in(visit(new_matter())) == ["kept"]
    assert len(waiting(coordinator)) == 1


def test_any_other_phone_hands_in_nothing(app: Flask, sign_in: SignIn, lost: LostPhone, coordinator: Caller):
    entry = lost.sealed(visit(new_matter()))
    as_error(lost.send(entry, device_id=new_id()), 403, "not_allowed")
    as_error(lost.send(entry, user_id=new_id()), 403, "not_allowed")
    assert waiting(coordinator) == []


def test_it_needs_no_session_and_no_token(app: Flask, lost: LostPhone):
    body = push_of(lost.device_id)
    del body["mutations"]
    body |= {"user_id": lost.whose, "entries": [lost.sealed(visit())]}
    assert app.test_client().post(HANDED_IN, json=body).status_code == 200


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"entries": []}, "entries"),
        ({"entries": [{"id": "x", "sealed": ""}]}, "entries.0.id"),
        ({"entries": [{"id": new_id()}]}, "entries.0.sealed"),
        ({"sent_at": "x"}, "sent_at"),
        ({"device_id": None}, "device_id"),
    ],
)
def test_a_request_that_is_none_is_refused(lost: LostPhone, more: dict[str, Any], field: str):
    answer = lost.send(lost.sealed(visit()), **more)
    assert (answer.status_code, answer.get_json()["field"]) == (422, field)


def test_nobody_fills_the_disk_with_it(
    app: Flask, lost: LostPhone, coordinator: Caller, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(limits, "MOST_ENTRIES", 2)
    assert lost.hand_in(visit(), visit()) == ["kept", "kept"]
    before = contents(app)
    as_error(lost.send(lost.sealed(visit())), 429, "handed_in_full")
    assert contents(app) == before
    drop(coordinator, waiting(coordinator)[0])
    assert lost.hand_in(visit()) == ["kept"]
    monkeypatch.setattr(limits, "MOST_BYTES", 100)
    as_error(lost.send(lost.sealed(visit())), 429, "handed_in_full")


def test_nothing_of_it_stands_in_the_database_in_clear_or_in_the_log(
    app: Flask, lost: LostPhone, coordinator: Caller, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    lost.hand_in(visit(told_in_full()))
    stored = " ".join(map(str, contents(app)["handed_in"]))
    accept(coordinator, waiting(coordinator)[0])
    assert stored
    for words in (*PERSONAL, *RECORD):
        assert words not in stored
        assert words not in caplog.text
    with app.app_context(), db.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT said FROM handed_in").scalar() is None


def test_an_entry_that_another_sealed_is_not_taken_for_his(app: Flask, lost: LostPhone, sign_in: SignIn):
    """One user's key opens nothing of another's, and nothing that is said to be another's."""
    foreign = LostPhone(app, sign_in, cast.COLLEAGUE)
    assert foreign.key != lost.key
    entry = sealed(foreign.key, lost.whose, visit())
    assert lost.send(entry).get_json()["entries"][0]["status"] == "unreadable"
