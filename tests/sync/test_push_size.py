"""A mutation that is too large, or nested too deep: it alone is refused (CONTRACT rule 4)."""

import json
from uuid import UUID

import pytest
from flask import Flask

from server.domain.words import LIMITS
from server.store.db import reading
from server.store.tables import Mutation
from tests import cast
from tests.api.mutations import Json, new_id, new_matter, push_of, visit
from tests.api.people import Caller, SignIn
from tests.harness.caller import mutation

ROOMY = "𠮷"
"""A character of four bytes."""


def nested(levels: int) -> list[object]:
    inner: list[object] = []
    for _ in range(levels):
        inner = [inner]
    return inner


def push(cadre: Caller, *mutations: Json) -> list[Json]:
    """Send mutations as Python writes JSON: the test client's own writer stops where the server's does."""
    body = json.dumps(push_of(cadre.device_id, *mutations), ensure_ascii=False).encode()
    answer = cadre.call("POST", "/api/sync/push", data=body, content_type="application/json")
    assert answer.status_code == 200, answer.get_json()
    receipts: list[Json] = answer.get_json()["receipts"]
    return receipts


def kept(app: Flask, sent: Json) -> object:
    with app.app_context():
        return reading().get_one(Mutation, UUID(sent["id"])).raw


def refused_between_two(cadre: Caller, sent: Json) -> Json:
    """The error of a mutation whose neighbours in the push are applied."""
    before, refused, after = push(cadre, visit(new_matter()), sent, visit(new_matter()))
    assert (before["status"], after["status"]) == ("applied", "applied")
    assert push(cadre, sent) == [refused], "the first answer again"
    error: Json = refused["error"]
    return error


@pytest.mark.parametrize("levels", [100, 240, 250, 260, 500])
@pytest.mark.parametrize("name", ["visit.record", "visit.forget"])
def test_arguments_nested_without_end_are_refused_and_their_neighbours_applied(
    app: Flask, sign_in: SignIn, name: str, levels: int
):
    sent = mutation(name, {"note": nested(levels)})
    error = refused_between_two(sign_in(cast.CADRE), sent)
    assert error["code"] in {"field_required", "invalid", "mutation_unknown"}
    if levels < 250:
        assert kept(app, sent) == {"name": name, "args": sent["args"]}


def test_a_mutation_of_a_megabyte_is_refused_its_neighbours_applied_and_it_is_not_kept(app: Flask, sign_in: SignIn):
    for sent in (visit(new_matter(detail="长" * 350_000)), mutation("nothing.such", {"x": "y" * 1_000_000})):
        error = refused_between_two(sign_in(cast.CADRE), sent)
        assert (error["code"], error["field"]) == ("mutation_too_large", "args")
        assert kept(app, sent) is None


def test_the_largest_visit_that_a_form_lets_through_is_not_too_large(sign_in: SignIn):
    longest = {name: ROOMY * LIMITS[name] for name in ("title", "detail")}
    resident = {"name": ROOMY * LIMITS["resident_name"], "phone": "1" * LIMITS["resident_phone"]}
    matters = [
        new_matter(**longest, resident=resident, resolved={"event_id": new_id(), "text": ROOMY * LIMITS["text"]})
        for _ in range(LIMITS["matters_per_visit"])
    ]
    sign_in(cast.CADRE).apply(visit(*matters, note=ROOMY * LIMITS["note"]))
