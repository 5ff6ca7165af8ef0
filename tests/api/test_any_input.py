"""Whatever anybody sends: never a 5xx, always the error shape or an answer that the OpenAPI document promises."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy
from werkzeug.test import TestResponse

from server.domain.refusals import REFUSALS
from tests import cast
from tests.api.bad_mutations import sound_mutations
from tests.api.contract import Contract, check_error
from tests.api.mutations import Json, new_id, new_matter, push_of, visit
from tests.api.people import Caller, SignIn
from tests.api.routes import path_of, reading, taking_json
from tests.api.scribble import BODIES, questions, spoiled_body
from tests.api.test_error_shape import json_of


@pytest.fixture(autouse=True)
def _many_sign_ins(app: Flask) -> None:
    app.config["SIGN_INS_PER_MINUTE"] = 10_000


def check(answer: TestResponse) -> None:
    """Caller.call has held the answer against the document, or the error shape; here: nothing broke inside."""
    assert answer.status_code < 500, answer.get_json()
    for receipt in answer.get_json().get("receipts", []) if answer.is_json else []:
        if receipt["error"] is not None:
            assert receipt["error"]["code"] != "server_error"
            check_error(receipt["error"], REFUSALS[receipt["error"]["code"]][0])


def for_many(drawn_from: SearchStrategy[Any], ask: Callable[[Any], TestResponse], examples: int) -> None:
    """Check the answers to the same `examples` in every run."""

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
    @given(drawn_from)
    def run(drawn: Any) -> None:
        check(ask(drawn))

    run()


def sending(phone: Caller, method: str, path: str) -> Callable[[bytes], TestResponse]:
    """How `phone` sends a body."""
    return lambda body: phone.call(method, path, **json_of(body))


def asking(phone: Caller, path: str) -> Callable[[list[tuple[bytes, bytes]]], TestResponse]:
    """How `phone` asks a question."""
    return lambda pairs: phone.call("GET", path, query_string=urlencode(pairs))


def test_any_body_to_any_endpoint_gets_an_answer_in_order(app: Flask, sign_in: SignIn, contract: Contract):
    for (method, rule), person in taking_json(app, contract).items():
        for_many(BODIES, sending(sign_in(person), method, path_of(rule)), examples=40)


def test_a_sound_request_with_values_spoiled_gets_an_answer_in_order_and_nothing_unreadable_is_kept(
    app: Flask, sign_in: SignIn
):
    coordinator, cadre = sign_in(cast.COORDINATOR), sign_in(cast.CADRE)
    matter, unit_id = new_matter(), cast.unit_id(app, cast.BUREAU)
    cadre.apply(visit(matter))

    def push(kind: str) -> Json:
        return push_of(new_id(), visit(new_matter()), sound_mutations(matter["id"], unit_id)[kind])

    def pull() -> Json:
        cursors = [{"scope": f"area:{cast.TOWNSHIP}", "version": 0}, {"scope": f"unit:{unit_id}", "version": 9}]
        return {"device_id": new_id(), "access_version": 1, "cursors": cursors}

    for phone, kind in ((cadre, "visit"), (cadre, "progress"), (cadre, "correct"), (coordinator, "assign")):
        for_many(spoiled_body(partial(push, kind)), sending(phone, "POST", "/api/sync/push"), examples=60)
    for_many(spoiled_body(pull), sending(cadre, "POST", "/api/sync/pull"), examples=60)
    kept = cadre.matters()
    assert kept == coordinator.matters() | kept
    acts = {event["act"] for event in kept[matter["id"]]["events"]}
    assert (acts, len(kept) > 10) == ({"raise", "progress", "assign", "correct"}, True), "too little was ever applied"


def test_a_sign_in_with_values_spoiled_gets_an_answer_in_order(nobody: Caller):
    sound = spoiled_body(lambda: {"username": cast.CADRE.username, "password": "wrong horse battery"})
    for_many(sound, sending(nobody, "POST", "/api/session"), examples=40)


def test_any_question_to_any_endpoint_gets_an_answer_in_order(app: Flask, sign_in: SignIn, contract: Contract):
    matter = new_matter()
    sign_in(cast.CADRE).apply(visit(matter))
    for rule, person in reading(app, contract).items():
        path = rule.replace("<uuid:matter_id>", matter["id"])
        for_many(questions(), asking(sign_in(person), path_of(path)), examples=40)
