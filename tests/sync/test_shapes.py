"""What a phone may call a record, a scope and a time (the shapes of server/sync/CONTRACT.md)."""

from collections.abc import Callable
from datetime import datetime

import pytest

from server.domain.times import due_day_by_law, shanghai_day
from tests import cast
from tests.api.mutations import act, hours_ago, new_id, new_matter, push_of, visit
from tests.api.people import SignIn

WAYS: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "braces": lambda made: f"{{{made}}}",
    "no dashes": lambda made: made.replace("-", ""),
    "a URN": lambda made: f"urn:uuid:{made}",
    "spaces": lambda made: f"{made} ",
}
"""All of them UUIDs to Python."""


@pytest.mark.parametrize("way", WAYS)
def test_an_id_is_lower_case_with_dashes_and_nothing_else(sign_in: SignIn, way: str):
    cadre, known, written = sign_in(cast.CADRE), new_matter(), WAYS[way]
    cadre.apply(visit(known))
    assert cadre.refused(act(written(known["id"]), "progress")) == "id_invalid"
    assert cadre.refused(visit(new_matter(id=written(new_id())))) == "id_invalid"
    for body in (push_of(cadre.device_id, {**visit(), "id": written(new_id())}), push_of(written(new_id()), visit())):
        answer = cadre.post("/api/sync/push", body)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "id_invalid")


@pytest.mark.parametrize(("scope", "status"), [("unit:" + "0" * 43, 200), ("unit:" + "0" * 44, 422), ("", 422)])
def test_a_scope_is_no_longer_than_any_that_exists(sign_in: SignIn, scope: str, status: int):
    """What the server does not know it names back as lost."""
    cadre = sign_in(cast.CADRE)
    cursors = [{"scope": scope, "version": 0}]
    body = {"device_id": cadre.device_id, "access_version": cadre.access_version, "cursors": cursors}
    answer = cadre.post("/api/sync/pull", body)
    assert answer.status_code == status
    if status == 422:
        assert (answer.get_json()["code"], answer.get_json()["field"]) == ("invalid", "cursors.0.scope")


@pytest.mark.parametrize("fast_h", [0.25, 30, 24 * 400])
def test_what_a_phone_that_runs_fast_calls_now_is_applied_with_the_time_it_claimed(sign_in: SignIn, fast_h: float):
    cadre, matter, its_now = sign_in(cast.CADRE), new_matter(), hours_ago(-fast_h)
    body = push_of(cadre.device_id, visit(matter, happened_at=its_now), sent_at=its_now)
    (receipt,) = cadre.post("/api/sync/push", body).get_json()["receipts"]
    assert receipt["error"] is None
    held = cadre.matter(matter["id"])
    assert datetime.fromisoformat(held["raised_at"]) == datetime.fromisoformat(its_now)
    assert abs(held["events"][0]["clock_offset_s"] + fast_h * 3600) <= 30
    assert held["backfill"] is False
    heard_on = shanghai_day(datetime.fromisoformat(held["received_at"]))
    assert held["due_day"] == due_day_by_law(heard_on).isoformat()


def test_what_was_entered_late_on_a_phone_that_runs_fast_is_shown_as_backfill(sign_in: SignIn):
    cadre, matter, its_now = sign_in(cast.CADRE), new_matter(), hours_ago(-48)
    sent = {**visit(matter, happened_at=hours_ago(-8)), "made_at": its_now}  # forty hours ago on its clock
    (receipt,) = cadre.post("/api/sync/push", push_of(cadre.device_id, sent, sent_at=its_now)).get_json()["receipts"]
    assert receipt["error"] is None
    assert cadre.matter(matter["id"])["backfill"] is True


def test_a_push_that_says_it_is_the_year_9998_brings_nothing_from_there(sign_in: SignIn):
    cadre, far = sign_in(cast.CADRE), "9998-01-01T00:00:00+08:00"
    body = push_of(cadre.device_id, {**visit(new_matter(), happened_at=far), "made_at": far}, sent_at=far)
    (receipt,) = cadre.post("/api/sync/push", body).get_json()["receipts"]
    assert receipt["error"]["code"] == "time_in_future"
