"""What becomes of what people did, when it arrives (CONTRACT rules 4 and 5)."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from tests import cast
from tests.api.contents import SYNC_NOTES, contents
from tests.api.mutations import (
    PERSONAL,
    RECORD,
    Json,
    act,
    correct,
    hours_ago,
    new_id,
    new_matter,
    now,
    push_of,
    resolved_on_the_spot,
    told_in_full,
    visit,
)
from tests.api.people import Caller, SignIn
from tests.sync.reader import Reader

STANDS = ("state", "unit_id", "due_day", "closed_at", "on_the_spot", "merged_into_id", "title", "category", "detail")
"""Everything about a matter that an entry may change."""


def standing(matter: Json) -> Json:
    return {field: matter[field] for field in (*STANDS, "resident")}


def send_at(caller: Caller, sent_at: str, *mutations: Json) -> None:
    answer = caller.post("/api/sync/push", push_of(caller.device_id, *mutations, sent_at=sent_at))
    assert [receipt["status"] for receipt in answer.get_json()["receipts"]] == ["applied"] * len(mutations)


def test_a_visit_without_any_matter_is_recorded(sign_in: SignIn):
    cadre, trip = sign_in(cast.CADRE), visit(note="只是走走看看", kind="research")
    cadre.apply(trip)
    reader = Reader(cadre)
    reader.read()
    (held,) = reader.visits.values()
    assert (held["id"], held["kind"], held["note"]) == (trip["args"]["id"], "research", "只是走走看看")
    assert reader.matters == {}


def test_what_was_resolved_on_the_spot_arrives_resolved_with_both_entries(sign_in: SignIn):
    cadre, happened_at = sign_in(cast.CADRE), hours_ago(2)
    matter, open_one = new_matter(resolved=resolved_on_the_spot("当场换好了灯泡")), new_matter()
    cadre.apply(visit(matter, open_one, happened_at=happened_at))
    held = cadre.matter(matter["id"])
    assert (held["state"], held["on_the_spot"]) == ("resolved", True)
    assert datetime.fromisoformat(held["closed_at"]) == datetime.fromisoformat(happened_at)
    assert [(event["id"], event["act"], event["to_state"], event["text"]) for event in held["events"]] == [
        (matter["raised_event_id"], "raise", "raised", None),
        (matter["resolved"]["event_id"], "resolve", "resolved", "当场换好了灯泡"),
    ]
    other = cadre.matter(open_one["id"])
    assert (other["state"], other["on_the_spot"], other["closed_at"]) == ("raised", False, None)


def test_entries_of_one_push_are_kept_in_its_order_whatever_their_times_say(sign_in: SignIn):
    cadre, matter = sign_in(cast.CADRE), new_matter()
    steps = [("progress", 1), ("resolve", 5), ("reopen", 3), ("progress", 9)]
    work = [act(matter["id"], what, happened_at=hours_ago(hours)) for what, hours in steps]
    cadre.apply(visit(matter, happened_at=hours_ago(10)), *work)
    events = cadre.matter(matter["id"])["events"]
    assert [event["id"] for event in events] == [
        matter["raised_event_id"],
        *(sent["args"]["event_id"] for sent in work),
    ]
    assert [event["to_state"] for event in events] == ["raised", "working", "resolved", "reopened", "working"]


def test_what_two_people_did_offline_is_all_kept_in_the_order_of_arrival(sign_in: SignIn):
    cadre, coordinator, matter = sign_in(cast.CADRE), sign_in(cast.COORDINATOR), new_matter()
    cadre.apply(visit(matter, happened_at=hours_ago(8)))
    later = act(matter["id"], "progress", happened_at=hours_ago(1))
    earlier = act(matter["id"], "progress", happened_at=hours_ago(7))
    coordinator.apply(later)
    cadre.apply(earlier)
    events = cadre.matter(matter["id"])["events"]
    assert [(event["id"], event["actor_name"]) for event in events[1:]] == [
        (later["args"]["event_id"], cast.COORDINATOR.name),
        (earlier["args"]["event_id"], cast.CADRE.name),
    ]


def too_late(app: Flask) -> dict[str, tuple[cast.Person, Json]]:
    """For each act, who may do it; without the matter's id."""
    bureau = cast.unit_id(app, cast.BUREAU)
    return {
        "progress": (cast.CADRE, {}),
        "resolve": (cast.COORDINATOR, {}),
        "assign": (cast.COORDINATOR, {"unit_id": bureau, "due_day": hours_ago(-24)[:10]}),
        "withdraw": (cast.CADRE, {}),
        "reopen": (cast.LEADER, {}),
    }


@pytest.mark.parametrize("what", ["progress", "resolve", "assign", "withdraw", "reopen"])
def test_an_act_that_came_too_late_is_kept_as_a_note_and_changes_nothing(app: Flask, sign_in: SignIn, what: str):
    matter = told_in_full()
    cadre = sign_in(cast.CADRE)
    cadre.apply(visit(matter), act(matter["id"], "withdraw"))
    before = cadre.matter(matter["id"])
    person, arguments = too_late(app)[what]
    late = act(matter["id"], what, text="来晚了的一句话", **arguments)
    sign_in(person).apply(late)
    after = cadre.matter(matter["id"])
    assert standing(after) == standing(before)
    assert after["events"][:-1] == before["events"]
    note = after["events"][-1]
    assert (note["id"], note["act"], note["text"]) == (late["args"]["event_id"], what, "来晚了的一句话")
    assert (note["from_state"], note["to_state"]) == ("withdrawn", "withdrawn")
    assert note["refused_because"] == "state_forbids"
    assert Reader(sign_in(cast.HANDLER)).read_once() is False
    assert sign_in(cast.HANDLER).matters() == {}, "an assignment that came too late assigns nothing"


def test_a_correction_that_came_too_late_is_kept_with_what_it_said_and_corrects_nothing(sign_in: SignIn):
    cadre, matter = sign_in(cast.CADRE), told_in_full()
    cadre.apply(visit(matter), act(matter["id"], "withdraw"))
    before = cadre.matter(matter["id"])
    cadre.apply(correct(matter["id"], title="应是前山"))
    after = cadre.matter(matter["id"])
    assert standing(after) == standing(before)
    note = after["events"][-1]
    assert note["refused_because"] == "state_forbids"
    assert note["changes"] == [{"field": "title", "before": matter["title"], "after": "应是前山"}]


def test_what_a_person_may_never_do_is_refused_and_not_kept_as_a_note_even_if_it_also_came_too_late(
    app: Flask, sign_in: SignIn
):
    cadre, matter = sign_in(cast.CADRE), new_matter()
    cadre.apply(visit(matter), act(matter["id"], "resolve"))
    before = contents(app, *SYNC_NOTES)
    bureau = cast.unit_id(app, cast.BUREAU)
    assert cadre.refused(act(matter["id"], "accept")) == "not_allowed"
    assert cadre.refused(act(matter["id"], "assign", unit_id=bureau)) == "not_allowed"
    assert sign_in(cast.LEADER).refused(correct(matter["id"], title="改一下")) == "not_allowed"
    assert contents(app, *SYNC_NOTES) == before


def test_whatever_a_stranger_tries_on_a_matter_he_is_told_only_that_it_is_not_found(app: Flask, sign_in: SignIn):
    matter, own = told_in_full(), new_matter()
    sign_in(cast.CADRE).apply(visit(matter), act(matter["id"], "withdraw"))
    stranger = sign_in(cast.NEIGHBOUR)
    stranger.apply(visit(own, village_code="430581106201"))
    before = contents(app, *SYNC_NOTES)
    for name in (matter["id"], new_id()):
        tries = [
            act(name, "progress"),
            act(name, "assign", unit_id=cast.unit_id(app, cast.BUREAU)),
            act(name, "merge", into_id=own["id"]),
            act(name, "withdraw", event_id=matter["raised_event_id"]),
            correct(name, title=matter["title"]),
        ]
        answer = stranger.post("/api/sync/push", push_of(stranger.device_id, *tries))
        assert [receipt["error"]["code"] for receipt in answer.get_json()["receipts"]] == ["matter_not_found"] * 5
        said = answer.get_data(as_text=True)
        assert not any(words in said for words in (*RECORD, *PERSONAL, cast.CADRE.name))
    assert contents(app, *SYNC_NOTES) == before


@pytest.mark.parametrize(("clock_h", "offset_s"), [(0, 0), (2, 7200), (-3, -10800), (24 * 400, 24 * 400 * 3600)])
def test_how_far_the_phones_clock_was_off_stands_with_every_entry(sign_in: SignIn, clock_h: float, offset_s: int):
    cadre, matter = sign_in(cast.CADRE), new_matter(resolved=resolved_on_the_spot())
    happened_at = hours_ago(1)
    send_at(cadre, hours_ago(clock_h), visit(matter, happened_at=happened_at), act(matter["id"], "reopen"))
    held = cadre.matter(matter["id"])
    assert all(abs(event["clock_offset_s"] - offset_s) <= 30 for event in held["events"])
    assert datetime.fromisoformat(held["raised_at"]) == datetime.fromisoformat(happened_at), "the claim is left alone"


def test_when_the_server_heard_of_it_is_the_servers_own_time(sign_in: SignIn):
    cadre, matter = sign_in(cast.CADRE), new_matter()
    before = datetime.now(UTC)
    send_at(cadre, hours_ago(500), visit(matter, happened_at=hours_ago(501)))
    held = cadre.matter(matter["id"])
    for record in (held, *held["events"]):
        assert before <= datetime.fromisoformat(record["received_at"]) <= datetime.now(UTC)


@pytest.mark.parametrize(("hours", "backfill"), [(23.9, False), (24.1, True), (24 * 30, True)])
def test_what_is_recorded_more_than_a_day_late_is_marked_as_backfill(sign_in: SignIn, hours: float, backfill: bool):
    cadre, matter = sign_in(cast.CADRE), new_matter()
    cadre.apply(
        visit(matter, happened_at=hours_ago(hours)),
        act(matter["id"], "progress", happened_at=hours_ago(hours)),
        act(matter["id"], "resolve", happened_at=now()),
    )
    reader = Reader(cadre)
    reader.read()
    (trip,), (held,) = reader.visits.values(), reader.matters.values()
    assert (trip["backfill"], held["backfill"]) == (backfill, backfill)
    assert [event["backfill"] for event in held["events"]] == [backfill, backfill, False]


def test_what_was_recorded_on_time_and_waited_for_a_signal_is_no_backfill(sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    cadre.apply({**visit(new_matter(), happened_at=hours_ago(80)), "made_at": hours_ago(79)})
    reader = Reader(cadre)
    reader.read()
    (trip,), (held,) = reader.visits.values(), reader.matters.values()
    assert (trip["backfill"], held["backfill"], held["events"][0]["backfill"]) == (False, False, False)
