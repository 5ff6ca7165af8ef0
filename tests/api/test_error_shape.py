"""Every error is `{code, message, field}`, with a known code and its Chinese sentence."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import default_exceptions
from werkzeug.test import TestResponse

from server.api.who import SESSION_KEY
from server.domain.refusals import REFUSALS
from server.store.db import db
from tests import cast
from tests.api.contents import contents
from tests.api.contract import Contract, check_error
from tests.api.mutations import new_id, push_of, visit
from tests.api.people import Caller, SignIn
from tests.harness.databases import app_on, let_go

TEN_MEGABYTES = b'{"device_id": "' + b"x" * 10_000_000 + b'"}'


def as_error(answer: TestResponse, status: int, code: str, field: str | None = None) -> None:
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    check_error(answer.get_json(), status)
    assert (answer.get_json()["code"], answer.get_json()["field"]) == (code, field)


def json_of(text: str | bytes, kind: str = "application/json") -> dict[str, Any]:
    return {"data": text, "content_type": kind}


def test_each_kind_of_refusal_has_the_one_shape(app: Flask, sign_in: SignIn, nobody: Caller, subtests: pytest.Subtests):
    cadre, leader, stranger = sign_in(cast.CADRE), sign_in(cast.LEADER), app.test_client()
    period = {"from": "2026-02-01", "to": "2026-01-01"}
    refusals: dict[str, tuple[Callable[[], TestResponse], int, str, str | None]] = {
        "broken JSON": (lambda: cadre.call("POST", "/api/sync/pull", **json_of("{")), 400, "bad_json", None),
        "no body": (lambda: cadre.call("POST", "/api/sync/pull"), 400, "bad_json", None),
        "not JSON": (
            lambda: cadre.call("POST", "/api/sync/pull", **json_of("{}", "text/plain")),
            400,
            "bad_json",
            None,
        ),
        "a form": (lambda: cadre.call("POST", "/api/sync/pull", data={"device_id": "1"}), 400, "bad_json", None),
        "no token": (lambda: stranger.post("/api/session", json={}), 400, "csrf_failed", None),
        "no token and no session": (lambda: stranger.post("/api/sync/push", json={}), 401, "sign_in_required", None),
        "no session": (lambda: nobody.get("/api/reference"), 401, "sign_in_required", None),
        "a wrong password": (
            lambda: nobody.post("/api/session", {"username": "cadre", "password": "wrong"}),
            401,
            "wrong_password",
            "password",
        ),
        "a role too low": (lambda: cadre.get("/api/tallies", **period), 403, "not_allowed", None),
        "a matter that is not there": (lambda: cadre.get(f"/api/matters/{new_id()}"), 404, "matter_not_found", None),
        "an id that is none": (lambda: cadre.get("/api/matters/1"), 404, "not_found", None),
        "a path that is not there": (lambda: cadre.get("/api/nothing"), 404, "not_found", None),
        "a wrong method": (lambda: cadre.call("PUT", "/api/session", json={}), 405, "method_not_allowed", None),
        "a body too large": (
            lambda: cadre.call("POST", "/api/sync/push", **json_of(TEN_MEGABYTES)),
            413,
            "too_large",
            None,
        ),
        "a field that is missing": (
            lambda: cadre.post("/api/sync/pull", {"access_version": 1, "cursors": []}),
            422,
            "field_required",
            "device_id",
        ),
        "a period upside down": (lambda: leader.get("/api/tallies", **period), 422, "period_invalid", "to"),
    }
    before = contents(app, "sign_in_failures")
    for kind, (ask, status, code, field) in refusals.items():
        with subtests.test(kind):
            as_error(ask(), status, code, field)
    assert contents(app, "sign_in_failures") == before


def test_too_many_tries_to_sign_in_have_the_one_shape(world_url: str, tmp_path: Path, contract: Contract):
    app = app_on(world_url, tmp_path / "var", SIGN_INS_PER_MINUTE=1)
    caller = Caller(app, contract)
    caller.begin_session(None)
    credentials = {"username": "nobody-at-all", "password": cast.PASSWORD}
    as_error(caller.post("/api/session", credentials), 401, "wrong_password", "password")
    as_error(caller.post("/api/session", credentials), 429, "too_many_requests")
    let_go(app)


def test_a_bug_has_the_one_shape_and_gives_nothing_away(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    def explode(**_: object) -> None:
        raise RuntimeError("/work/secret.py line 7")

    monkeypatch.setitem(app.view_functions, "reference.get_reference", explode)
    answer = sign_in(cast.CADRE).get("/api/reference")
    as_error(answer, 500, "server_error")
    assert b"secret" not in answer.data


@pytest.mark.parametrize("status", sorted(default_exceptions))
def test_whatever_http_error_is_raised_has_the_one_shape(
    app_without_data: Flask, status: int, monkeypatch: pytest.MonkeyPatch
):
    def refuse(**_: object) -> None:
        raise default_exceptions[status]

    monkeypatch.setitem(app_without_data.view_functions, "sessions.read_session", refuse)
    answer = app_without_data.test_client().get("/api/session")
    check_error(answer.get_json(), answer.status_code)
    assert answer.status_code >= 400


@pytest.mark.parametrize("gone", ["sqlite:////nowhere/gone.db", "postgresql+psycopg://nobody@/gone?host=/nowhere"])
def test_a_database_that_is_gone_has_the_one_shape(gone: str, tmp_path: Path, contract: Contract):
    app = app_on(gone, tmp_path / "var")
    caller = Caller(app, contract)
    caller.begin_session(None)
    as_error(caller.post("/api/session", {"username": "cadre", "password": "x"}), 503, "busy")
    with caller.http.session_transaction() as session:
        session["_user_id"] = session[SESSION_KEY] = "somebody"
    as_error(caller.get("/api/session"), 503, "busy")
    as_error(caller.get("/api/reference"), 503, "busy")
    as_error(caller.post("/api/sync/push", push_of(new_id(), visit())), 503, "busy")
    let_go(app)


def test_a_database_that_fails_in_the_middle_of_a_push_takes_nothing_and_the_phone_may_send_again(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    cadre, before = sign_in(cast.CADRE), contents(app)
    first, second = visit(), visit()

    def fail(context: object, command: object) -> None:
        raise OperationalError("INSERT …", {}, Exception("the disk is full"))

    with monkeypatch.context() as broken:
        broken.setattr("server.sync.push.act_on_matter", fail)
        act = {"name": "matter.act", "args": {"event_id": new_id(), "matter_id": new_id(), "act": "progress"}}
        act["args"]["happened_at"] = second["made_at"]  # type: ignore[index]
        bad = {**second, **act, "id": new_id()}
        as_error(cadre.post("/api/sync/push", push_of(cadre.device_id, first, bad, second)), 503, "busy")
    assert contents(app) == before
    cadre.apply(first, second)


def test_an_error_after_an_error_is_still_answered(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    """A failed transaction does not poison the next request of the same worker."""
    cadre = sign_in(cast.CADRE)

    def fail(**_: object) -> None:
        db.session.execute(db.text("SELECT * FROM no_such_table"))

    with monkeypatch.context() as broken:
        broken.setitem(app.view_functions, "reference.get_reference", fail)
        as_error(cadre.get("/api/reference"), 503, "busy")
    assert cadre.get("/api/reference").status_code == 200


def test_every_code_has_a_status_and_a_chinese_sentence_that_ends():
    for code, (status, sentence) in REFUSALS.items():
        assert re.fullmatch("[a-z_]{3,32}", code), code
        assert 400 <= status < 600, code
        assert re.fullmatch("(?:[\u4e00-\u9fff，、：；（）“”]| [0-9]+ | xlsx | CSV )+。", sentence), code


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_an_answer_that_is_ready_is_given_although_the_database_dies_meanwhile(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    """What is left to do then is to end a transaction that only read."""
    cadre, read = sign_in(cast.CADRE), app.view_functions["reference.get_reference"]

    def answer_and_lose_the_database(**arguments: object) -> object:
        answer = read(**arguments)
        pid = db.session.scalar(db.text("SELECT pg_backend_pid()"))
        with db.engine.connect() as another:
            another.execute(db.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        return answer

    with monkeypatch.context() as dying:
        dying.setitem(app.view_functions, "reference.get_reference", answer_and_lose_the_database)
        assert cadre.get("/api/reference").status_code == 200
    assert cadre.get("/api/reference").status_code == 200
