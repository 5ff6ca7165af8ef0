"""What an act may say, and what is refused so that no number and no history is told wrong by it."""

import pytest
from flask import Flask

from tests import cast
from tests.api.contents import SYNC_NOTES, contents
from tests.api.mutations import act, correct, hours_ago, new_id, new_matter, told_in_full, visit
from tests.api.people import SignIn
from tests.sync.grants import grant, revoke
from tests.sync.reader import Reader

ELSEWHERE = "430581106201"
"""A village of the neighbour's township."""


@pytest.mark.parametrize("argument", ["unit_id", "due_day", "into_id"])
def test_an_act_says_only_what_it_takes_and_tells_nothing_of_other_records(app: Flask, sign_in: SignIn, argument: str):
    cadre, neighbour, matter, foreign = sign_in(cast.CADRE), sign_in(cast.NEIGHBOUR), new_matter(), new_matter()
    cadre.apply(visit(matter))
    neighbour.apply(visit(foreign, village_code=ELSEWHERE))
    values = {
        "unit_id": (cast.unit_id(app, cast.BUREAU), new_id()),
        "due_day": ("2026-12-31", "2199-01-01"),
        "into_id": (foreign["id"], new_id()),
    }[argument]
    before = contents(app, *SYNC_NOTES)
    for value in values:  # one that is there and one that is not are refused alike
        (receipt,) = cadre.push(act(matter["id"], "progress", **{argument: value}))
        assert (receipt["error"]["code"], receipt["error"]["field"]) == ("field_unknown", argument)
    assert contents(app, *SYNC_NOTES) == before


def test_what_others_were_merged_into_cannot_be_withdrawn_so_that_it_is_still_counted(sign_in: SignIn):
    cadre, into, merged, other = sign_in(cast.CADRE), new_matter(), new_matter(), new_matter()
    cadre.apply(visit(into, merged, other))
    sign_in(cast.COORDINATOR).apply(act(merged["id"], "merge", into_id=into["id"]))
    assert cadre.refused(act(into["id"], "withdraw")) == "withdraw_merged_into"
    assert cadre.matter(into["id"])["state"] == "raised"
    cadre.apply(act(other["id"], "withdraw"), act(into["id"], "resolve"))
    assert cadre.matter(into["id"])["state"] == "resolved"


def test_a_withdrawal_that_came_too_late_stays_a_note_also_when_others_were_merged_into_the_matter(sign_in: SignIn):
    cadre, coordinator, into, merged, last = (
        sign_in(cast.CADRE),
        sign_in(cast.COORDINATOR),
        *(new_matter() for _ in range(3)),
    )
    cadre.apply(visit(into, merged, last))
    coordinator.apply(act(merged["id"], "merge", into_id=into["id"]), act(into["id"], "merge", into_id=last["id"]))
    cadre.apply(act(into["id"], "withdraw"))
    assert cadre.matter(into["id"])["events"][-1]["refused_because"] == "state_forbids"


def test_what_was_overdue_stays_so_in_earlier_tallies_whatever_time_is_claimed_later(sign_in: SignIn):
    cadre, leader, matter = sign_in(cast.CADRE), sign_in(cast.LEADER), new_matter()
    cadre.apply(visit(matter, happened_at=hours_ago(24 * 90)))
    before = cadre.matter(matter["id"])
    day = hours_ago(24 * 10)[:10]
    for refused in (act(matter["id"], "resolve"), correct(matter["id"], title="路灯修好了")):
        refused["args"]["happened_at"] = hours_ago(24 * 91)
        assert cadre.refused(refused) == "time_before_raised"
    assert cadre.matter(matter["id"]) == before
    total = leader.get("/api/tallies", **{"from": day, "to": day}).get_json()["total"]
    assert (total["open"], total["overdue"]) == (1, 1)


def test_a_matter_resolved_by_a_phone_that_was_still_before_midnight_is_closed_on_the_day_it_was_raised(
    sign_in: SignIn,
):
    cadre, leader, matter = sign_in(cast.CADRE), sign_in(cast.LEADER), new_matter()
    cadre.apply(
        visit(matter, happened_at="2026-03-02T00:03:00+08:00"),
        act(matter["id"], "resolve", happened_at="2026-03-01T23:58:00+08:00"),
    )
    for day, resolved in (("2026-03-01", 0), ("2026-03-02", 1)):
        total = leader.get("/api/tallies", **{"from": day, "to": day}).get_json()["total"]
        assert (total["raised"], total["resolved"]) == (resolved, resolved)


def test_a_later_day_is_set_with_its_reason_whatever_the_act_is_called(app: Flask, sign_in: SignIn):
    cadre, coordinator, matter = sign_in(cast.CADRE), sign_in(cast.COORDINATOR), new_matter()
    cadre.apply(visit(matter, happened_at="2026-03-02T12:00:00+08:00"))
    to = {"unit_id": cast.unit_id(app, cast.BUREAU)}
    coordinator.apply(act(matter["id"], "assign", text=None, due_day="2026-03-12", **to))
    later = act(matter["id"], "assign", text=None, due_day="2026-03-13", **to)
    assert coordinator.refused(later) == "later_needs_reason"
    assert coordinator.matter(matter["id"])["due_day"] == "2026-03-12"
    coordinator.apply(act(matter["id"], "assign", text="水泥月底才到", due_day="2026-03-13", **to))
    assert coordinator.matter(matter["id"])["due_day"] == "2026-03-13"
    cadre.apply(act(matter["id"], "resolve"))
    coordinator.apply(act(matter["id"], "assign", text=None, due_day="2026-03-14", **to))
    note = coordinator.matter(matter["id"])["events"][-1]
    assert (note["act"], note["refused_because"]) == ("assign", "state_forbids"), "too late, which is no wrong"


def test_a_day_that_would_hide_or_make_up_an_overdue_matter_is_refused(app: Flask, sign_in: SignIn):
    cadre, coordinator, matter = sign_in(cast.CADRE), sign_in(cast.COORDINATOR), new_matter()
    cadre.apply(visit(matter, happened_at="2026-03-02T12:00:00+08:00"))
    bureau = cast.unit_id(app, cast.BUREAU)
    before = coordinator.matter(matter["id"])
    for day in ("1900-01-01", "2026-03-01", "2026-05-02", "2200-12-31"):
        assert coordinator.refused(act(matter["id"], "assign", unit_id=bureau, due_day=day)) == "due_day_out_of_range"
    assert coordinator.matter(matter["id"]) == before
    for day in ("2026-03-02", "2026-05-01"):
        coordinator.apply(act(matter["id"], "assign", unit_id=bureau, due_day=day))
        assert coordinator.matter(matter["id"])["due_day"] == day


def test_what_a_bureau_returned_goes_back_to_the_township_and_is_charged_to_it_until_it_is_assigned_again(
    app: Flask, sign_in: SignIn
):
    cadre, coordinator, handler, leader = map(sign_in, (cast.CADRE, cast.COORDINATOR, cast.HANDLER, cast.LEADER))
    matter, today = new_matter(), hours_ago(0)[:10]
    cadre.apply(visit(matter, happened_at=hours_ago(24 * 100)))
    home = cadre.matter(matter["id"])["unit_name"]

    def charged() -> dict[str, int]:
        rows = leader.get("/api/tallies", **{"from": today, "to": today}).get_json()["by_unit"]
        return {row["unit_name"]: row["numbers"]["overdue"] for row in rows if row["numbers"]["overdue"]}

    coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    assert charged() == {cast.BUREAU: 1}
    reader = Reader(handler)
    reader.read()
    assert set(reader.matters) == {matter["id"]}
    handler.apply(act(matter["id"], "return", text="路归县里，不归本局"))
    assert charged() == {home: 1}
    reader.read()
    assert reader.matters == {}
    shown = coordinator.matter(matter["id"])
    assert (shown["state"], shown["unit_name"]) == ("returned", home)
    assert (shown["events"][-1]["text"], shown["events"][-1]["unit_name"]) == ("路归县里，不归本局", home)
    coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.OTHER_BUREAU)))
    assert charged() == {cast.OTHER_BUREAU: 1}


def test_a_return_that_moved_nothing_names_no_unit(app: Flask, sign_in: SignIn):
    cadre, coordinator, handler = map(sign_in, (cast.CADRE, cast.COORDINATOR, cast.HANDLER))
    settled, taken = new_matter(), new_matter()
    cadre.apply(visit(settled, taken))
    bureau, other = (cast.unit_id(app, name) for name in (cast.BUREAU, cast.OTHER_BUREAU))
    coordinator.apply(*(act(matter["id"], "assign", unit_id=bureau) for matter in (settled, taken)))
    coordinator.apply(act(taken["id"], "assign", unit_id=other))
    cadre.apply(act(settled["id"], "resolve"))
    handler.apply(act(settled["id"], "return"), act(taken["id"], "return"))
    coordinator.apply(act(settled["id"], "assign", unit_id=other))
    returned, assigned = cadre.matter(settled["id"])["events"][-2:]
    assert (returned["refused_because"], returned["unit_name"]) == ("state_forbids", None)
    assert (assigned["refused_because"], assigned["unit_name"]) == ("state_forbids", cast.OTHER_BUREAU), "as he said"
    returned = cadre.matter(taken["id"])["events"][-1]
    assert (returned["refused_because"], returned["unit_name"]) == ("no_longer_yours", None)


def test_the_second_of_two_equal_corrections_is_kept_as_a_note(sign_in: SignIn):
    cadre, colleague, matter = sign_in(cast.CADRE), sign_in(cast.COLLEAGUE), new_matter()
    cadre.apply(visit(matter, village_code=cast.SHARED_VILLAGE))
    cadre.apply(correct(matter["id"], title="路灯三盏不亮"))
    second = correct(matter["id"], title="路灯三盏不亮")
    second["args"]["text"] = "去数过了"
    colleague.apply(second)
    shown = cadre.matter(matter["id"])
    note = shown["events"][-1]
    assert (shown["title"], note["actor_name"], note["text"]) == ("路灯三盏不亮", cast.COLLEAGUE.name, "去数过了")
    assert (note["refused_because"], note["changes"]) == ("nothing_changed", [])
    assert cadre.refused(correct(matter["id"])) == "nothing_changed"


def test_what_a_handler_did_before_he_heard_that_the_matter_was_taken_from_his_unit_is_kept_as_a_note(
    app: Flask, sign_in: SignIn
):
    cadre, coordinator, handler = map(sign_in, (cast.CADRE, cast.COORDINATOR, cast.HANDLER))
    matter = told_in_full()
    cadre.apply(visit(matter), *(act(matter["id"], "progress") for _ in range(2)))
    for bureau in (cast.BUREAU, cast.OTHER_BUREAU):
        coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, bureau)))
    before, other = coordinator.matter(matter["id"]), Reader(sign_in(cast.OTHER_HANDLER))
    other.read()
    handler.apply(act(matter["id"], "resolve", text="已经换好水管"))
    after = coordinator.matter(matter["id"])
    note = after["events"].pop()
    assert after == before
    assert (note["text"], note["actor_name"]) == ("已经换好水管", cast.HANDLER.name)
    assert (note["from_state"], note["to_state"], note["refused_because"]) == (
        "assigned",
        "assigned",
        "no_longer_yours",
    )
    other.read()
    assert other.matters[matter["id"]]["events"][-1] == note, "those who have it now hear of it"


def test_who_lost_a_matter_learns_nothing_of_it_by_what_he_sends(app: Flask, sign_in: SignIn):
    cadre, coordinator, handler = map(sign_in, (cast.CADRE, cast.COORDINATOR, cast.HANDLER))
    matter = told_in_full()
    cadre.apply(visit(matter))
    for bureau in (cast.BUREAU, cast.OTHER_BUREAU):
        coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, bureau)))
    reader = Reader(handler)
    reader.read()
    for state in ("assigned", "resolved", "withdrawn"):
        if state != "assigned":
            cadre.apply(act(matter["id"], {"resolved": "resolve", "withdrawn": "withdraw"}[state]))
        for what in ("resolve", "return", "accept", "withdraw"):
            handler.apply(act(matter["id"], what))
        handler.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
        handler.apply(correct(matter["id"], title="别的"))
        assert coordinator.matter(matter["id"])["state"] == state
    assert handler.get(f"/api/matters/{matter['id']}").status_code == 404
    reader.read()
    assert reader.matters == {}
    assert len(coordinator.matter(matter["id"])["events"]) == 3 + 2 + 18


def test_who_never_took_part_is_still_told_only_that_there_is_no_such_matter(app: Flask, sign_in: SignIn):
    cadre, coordinator, matter = sign_in(cast.CADRE), sign_in(cast.COORDINATOR), told_in_full()
    cadre.apply(visit(matter), act(matter["id"], "resolve"))
    # An assignment that came too late gave the bureau nothing.
    coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    before = contents(app, *SYNC_NOTES)
    for stranger in (cast.HANDLER, cast.OTHER_HANDLER, cast.NEIGHBOUR, cast.NEIGHBOUR_LEADER, cast.ADMIN):
        assert sign_in(stranger).refused(act(matter["id"], "progress")) == "matter_not_found"
    assert contents(app, *SYNC_NOTES) == before


def test_what_a_cadre_did_before_he_was_moved_is_kept_and_what_he_corrects_stays_as_it_was(app: Flask, sign_in: SignIn):
    cadre, coordinator, matter = sign_in(cast.CADRE), sign_in(cast.COORDINATOR), told_in_full()
    cadre.apply(visit(matter))
    revoke(app, cast.CADRE, "cadre")
    grant(app, cast.CADRE, "cadre", ELSEWHERE)
    moved = sign_in(cast.CADRE)
    assert moved.get(f"/api/matters/{matter['id']}").status_code == 404
    moved.apply(
        act(matter["id"], "progress", text="走之前又去看过"),
        correct(matter["id"], title=matter["title"]),
        correct(matter["id"], title="另一个说法"),
    )
    shown = coordinator.matter(matter["id"])
    assert (shown["title"], shown["state"]) == (matter["title"], "raised")
    assert [event["refused_because"] for event in shown["events"]] == [None, *["no_longer_yours"] * 3]
    assert shown["events"][-1]["changes"] == [{"field": "title", "before": matter["title"], "after": "另一个说法"}]


def test_what_a_coordinator_did_before_he_was_moved_is_kept_and_tells_him_nothing_of_what_he_names(
    app: Flask, sign_in: SignIn
):
    cadre, neighbour, coordinator = map(sign_in, (cast.CADRE, cast.NEIGHBOUR, cast.COORDINATOR))
    matter, other, withdrawn, foreign = (told_in_full() for _ in range(4))
    cadre.apply(visit(matter, other, withdrawn), act(withdrawn["id"], "withdraw"))
    neighbour.apply(visit(foreign, village_code=ELSEWHERE))
    coordinator.apply(correct(matter["id"], title="后山水管又破了"))
    bureau, before = cast.unit_id(app, cast.BUREAU), cadre.matter(matter["id"])
    revoke(app, cast.COORDINATOR, "coordinator")
    grant(app, cast.COORDINATOR, "handler", cast.BUREAU)
    moved = sign_in(cast.COORDINATOR)
    named = [
        *(("into_id", into) for into in (other["id"], withdrawn["id"], foreign["id"], matter["id"], new_id())),
        *(("unit_id", unit) for unit in (bureau, new_id())),
    ]
    for argument, value in named:
        moved.apply(act(matter["id"], "merge" if argument == "into_id" else "assign", **{argument: value}))
    moved.apply(act(matter["id"], "assign", unit_id=bureau, due_day="2199-01-01"), act(matter["id"], "confirm"))
    after = cadre.matter(matter["id"])
    notes = after["events"][2:]
    assert {**after, "events": after["events"][:2]} == before
    assert [note["refused_because"] for note in notes] == ["no_longer_yours"] * (len(named) + 2)
    assert [note["unit_name"] for note in notes if note["act"] == "assign"] == [cast.BUREAU, None, cast.BUREAU]
    assert moved.get(f"/api/matters/{matter['id']}").status_code == 404
    assert moved.matters() == {}
