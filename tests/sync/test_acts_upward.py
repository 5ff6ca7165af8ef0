"""What goes up and who gives more time: return, 上报, 延期 (P3); and asking the resident for his word."""

from datetime import date, timedelta

import pytest
from flask import Flask

from server.domain.times import due_day_by_law
from server.domain.words import EXTENSION_DAYS
from tests import cast
from tests.api.contents import SYNC_NOTES, contents
from tests.api.mutations import Json, act, new_matter, rating_code, told_in_full, visit
from tests.api.people import Caller, SignIn
from tests.sync.grants import grant
from tests.sync.reader import Reader

TOWN_HALL = "邓家铺镇人民政府"
RAISED = "2026-10-12T12:00:00+08:00"
BY_LAW = due_day_by_law(date(2026, 10, 12))


def raised(cadre: Caller, **more: str) -> Json:
    """A matter of CADRE's village, known to the server."""
    matter = told_in_full()
    cadre.apply(visit(matter, happened_at=RAISED, **more))
    return matter


def last_event(caller: Caller, matter: Json) -> Json:
    event: Json = caller.matter(matter["id"])["events"][-1]
    return event


@pytest.mark.parametrize("reason", ["not_ours", "beyond_power", "needs_information"])
def test_a_unit_says_why_it_gives_a_matter_back_and_everybody_in_the_township_reads_it(
    app: Flask, sign_in: SignIn, reason: str
):
    cadre, coordinator, handler = map(sign_in, (cast.CADRE, cast.COORDINATOR, cast.HANDLER))
    matter = raised(cadre)
    coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    handler.apply(act(matter["id"], "return", reason=reason, text="请看附近的权属"))
    for reader in (cadre, coordinator):
        event = last_event(reader, matter)
        assert (event["act"], event["reason"], event["text"]) == ("return", reason, "请看附近的权属")
        assert (event["to_state"], event["unit_name"]) == ("returned", TOWN_HALL), "up, never silently to the cadre"


@pytest.mark.parametrize("missing", ["reason", "text"])
def test_a_return_without_reason_or_sentence_is_refused(app: Flask, sign_in: SignIn, missing: str):
    cadre, coordinator, handler = map(sign_in, (cast.CADRE, cast.COORDINATOR, cast.HANDLER))
    matter = raised(cadre)
    coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    (receipt,) = handler.push(act(matter["id"], "return", **{missing: None}))
    assert (receipt["error"]["code"], receipt["error"]["field"]) == ("act_incomplete", missing)
    assert handler.refused(act(matter["id"], "return", reason="too_much_work")) == "choice_invalid"
    assert coordinator.matter(matter["id"])["state"] == "assigned"


def test_only_what_the_township_itself_cannot_do_is_beyond_its_power(app: Flask, sign_in: SignIn):
    """A bureau's `beyond_power` is about the bureau."""
    cadre, coordinator, handler = map(sign_in, (cast.CADRE, cast.COORDINATOR, cast.HANDLER))
    bureaus, townships = raised(cadre), raised(cadre)
    coordinator.apply(act(bureaus["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    handler.apply(act(bureaus["id"], "return", reason="beyond_power"))
    assert coordinator.matter(bureaus["id"])["beyond_power_day"] is None

    grant(app, cast.OTHER_HANDLER, "handler", TOWN_HALL)
    of_town_hall = sign_in(cast.OTHER_HANDLER)
    coordinator.apply(act(townships["id"], "assign", unit_id=cast.unit_id(app, TOWN_HALL)))
    of_town_hall.apply(act(townships["id"], "return", reason="beyond_power"))
    assert coordinator.matter(townships["id"])["beyond_power_day"] is not None


@pytest.mark.parametrize("who", [cast.CADRE, cast.COORDINATOR])
def test_what_a_township_cannot_do_goes_up_and_is_the_coordinators_until_it_is_assigned(
    app: Flask, sign_in: SignIn, who: cast.Person
):
    cadre, coordinator, person = sign_in(cast.CADRE), sign_in(cast.COORDINATOR), sign_in(who)
    matter = raised(cadre)
    assert "township" in person.matter(matter["id"])["relations"]
    person.apply(act(matter["id"], "escalate", text="要改道县道，镇里定不了"))
    shown = coordinator.matter(matter["id"])
    assert (shown["state"], shown["unit_name"], shown["due_day"]) == ("returned", TOWN_HALL, BY_LAW.isoformat())
    assert shown["beyond_power_day"] is not None
    event = shown["events"][-1]
    assert (event["text"], event["unit_name"], event["reason"]) == ("要改道县道，镇里定不了", TOWN_HALL, None)
    day = shown["beyond_power_day"]
    coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    assert coordinator.matter(matter["id"])["beyond_power_day"] == day, "that it was is not forgotten"


def test_a_county_coordinator_reads_what_was_sent_up_in_any_of_his_townships(app: Flask, sign_in: SignIn):
    cadre, matter = sign_in(cast.CADRE), new_matter()
    grant(app, cast.COUNTY_LEADER, "coordinator", cast.COUNTY)
    county = Reader(sign_in(cast.COUNTY_LEADER))
    cadre.apply(visit(matter), act(matter["id"], "escalate", text="镇里定不了"))
    county.read()
    held = county.matters[matter["id"]]
    assert (held["state"], held["events"][-1]["actor_name"]) == ("returned", cast.CADRE.name)
    county.caller.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    assert sign_in(cast.HANDLER).matter(matter["id"])["state"] == "assigned"


def test_once_a_bureau_has_it_sending_it_up_came_too_late_and_is_kept_as_a_note(app: Flask, sign_in: SignIn):
    cadre, coordinator = sign_in(cast.CADRE), sign_in(cast.COORDINATOR)
    matter = raised(cadre)
    coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    before = coordinator.matter(matter["id"])
    cadre.apply(act(matter["id"], "escalate", text="镇里定不了"))
    after = coordinator.matter(matter["id"])
    note = after["events"].pop()
    assert after == before
    assert (note["refused_because"], note["unit_name"], note["text"]) == ("state_forbids", None, "镇里定不了")


@pytest.mark.parametrize("stranger", [cast.NEIGHBOUR, cast.HANDLER, cast.NEIGHBOUR_LEADER, cast.ADMIN, cast.AUDITOR])
def test_who_has_no_business_with_a_matter_neither_sends_it_up_nor_extends_it_nor_asks_its_resident(
    app: Flask, sign_in: SignIn, stranger: cast.Person
):
    matter = raised(sign_in(cast.CADRE))
    sign_in(cast.CADRE).apply(act(matter["id"], "resolve"))
    before = contents(app, *SYNC_NOTES)
    for sent in (
        act(matter["id"], "escalate"),
        act(matter["id"], "extend", due_day=(BY_LAW + timedelta(days=3)).isoformat()),
        act(matter["id"], "invite"),
        act(matter["id"], "return"),
    ):
        assert sign_in(stranger).refused(sent) == "matter_not_found"
    assert contents(app, *SYNC_NOTES) == before


@pytest.mark.parametrize(
    ("who", "what"),
    [
        (cast.LEADER, "escalate"), (cast.LEADER, "extend"), (cast.LEADER, "invite"), (cast.LEADER, "return"),
        (cast.CADRE, "extend"), (cast.CADRE, "return"), (cast.COORDINATOR, "return"),
    ],
)  # fmt: skip
def test_a_lower_or_another_role_does_not_do_what_is_not_its_own(
    app: Flask, sign_in: SignIn, who: cast.Person, what: str
):
    cadre = sign_in(cast.CADRE)
    matter = raised(cadre)
    before = contents(app, *SYNC_NOTES)
    more = {"due_day": (BY_LAW + timedelta(days=3)).isoformat()} if what == "extend" else {}
    assert sign_in(who).refused(act(matter["id"], what, **more)) == "not_allowed"
    assert contents(app, *SYNC_NOTES) == before


def test_a_handler_cannot_give_himself_more_time(app: Flask, sign_in: SignIn):
    cadre, coordinator, handler = map(sign_in, (cast.CADRE, cast.COORDINATOR, cast.HANDLER))
    matter = raised(cadre)
    coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    day = (BY_LAW + timedelta(days=3)).isoformat()
    assert handler.refused(act(matter["id"], "extend", due_day=day)) == "not_allowed"
    assert handler.refused(act(matter["id"], "escalate")) == "not_allowed"
    assert coordinator.matter(matter["id"])["due_day"] == BY_LAW.isoformat()


def test_a_coordinator_extends_with_a_reason_up_to_thirty_days_beyond_the_law(app: Flask, sign_in: SignIn):
    cadre, coordinator = sign_in(cast.CADRE), sign_in(cast.COORDINATOR)
    matter = raised(cadre)
    coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU), due_day="2026-11-20"))
    latest = BY_LAW + timedelta(days=EXTENSION_DAYS)
    for day in (date(2026, 11, 19), date(2026, 11, 20), latest + timedelta(days=1)):
        refused = act(matter["id"], "extend", due_day=day.isoformat())
        assert coordinator.refused(refused) == "extension_out_of_range"
    for day in (date(2026, 11, 21), latest):
        coordinator.apply(act(matter["id"], "extend", due_day=day.isoformat(), text="等县里批水泥"))
        shown = cadre.matter(matter["id"])
        assert (shown["due_day"], shown["state"], shown["unit_name"]) == (day.isoformat(), "assigned", cast.BUREAU)
        event = shown["events"][-1]
        assert (event["due_day"], event["text"], event["actor_name"]) == (
            day.isoformat(),
            "等县里批水泥",
            cast.COORDINATOR.name,
        )
    assert coordinator.refused(act(matter["id"], "extend", text="再给几天")) == "act_incomplete"
    wanting = act(matter["id"], "extend", due_day=latest.isoformat(), text=None)
    assert coordinator.refused(wanting) == "act_incomplete"


def test_an_extension_of_what_was_resolved_meanwhile_is_kept_as_a_note_whatever_day_it_names(sign_in: SignIn):
    cadre, coordinator = sign_in(cast.CADRE), sign_in(cast.COORDINATOR)
    matter = raised(cadre)
    cadre.apply(act(matter["id"], "resolve"))
    before = coordinator.matter(matter["id"])["due_day"]
    coordinator.apply(act(matter["id"], "extend", due_day="2026-10-01"))
    shown = coordinator.matter(matter["id"])
    assert (shown["due_day"], shown["events"][-1]["refused_because"]) == (before, "state_forbids")


def test_whoever_worked_on_a_settled_matter_asks_its_resident_and_nothing_else_changes(sign_in: SignIn):
    cadre, coordinator = sign_in(cast.CADRE), sign_in(cast.COORDINATOR)
    matter = raised(cadre)
    cadre.apply(act(matter["id"], "resolve", rating_code=rating_code()))
    before = coordinator.matter(matter["id"])
    coordinator.apply(act(matter["id"], "invite"))
    after = coordinator.matter(matter["id"])
    event = after["events"].pop()
    assert after == before
    assert (event["act"], event["refused_because"], event["actor_name"]) == ("invite", None, cast.COORDINATOR.name)


def test_an_open_matter_is_not_rated_yet(sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    matter = raised(cadre)
    cadre.apply(act(matter["id"], "invite"))
    assert last_event(cadre, matter)["refused_because"] == "state_forbids"


@pytest.mark.parametrize("code", ["", "short", "a" * 21, "a" * 23, "甲" * 22, "a" * 21 + "=", "a" * 21 + " "])
def test_a_code_that_is_no_code_is_refused(sign_in: SignIn, code: str):
    cadre = sign_in(cast.CADRE)
    matter = raised(cadre)
    (receipt,) = cadre.push(act(matter["id"], "resolve", rating_code=code))
    assert (receipt["status"], receipt["error"]["field"]) == ("rejected", "rating_code")
    assert cadre.matter(matter["id"])["state"] == "raised"


def test_a_code_never_comes_back_from_the_server(sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    matter, code, other = raised(cadre), rating_code(), rating_code()
    cadre.apply(act(matter["id"], "resolve", rating_code=code), act(matter["id"], "invite", rating_code=other))
    told = str(cadre.pull()) + str(cadre.matter(matter["id"]))
    assert code not in told
    assert other not in told
