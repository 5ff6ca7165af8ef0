"""One matter as the server shows it: the whole history, to each reader with what is his to see."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from server.domain.times import shanghai_day
from tests import cast
from tests.api.mutations import (
    DETAIL,
    RESIDENT,
    TITLE,
    Json,
    act,
    correct,
    hours_ago,
    new_matter,
    push_of,
    resolved_on_the_spot,
    told_in_full,
    visit,
)
from tests.api.people import SignIn

HAPPENED = "2025-02-10T08:30:00+08:00"


def test_a_matter_shows_where_it_stands_and_who_did_what_in_the_servers_order(app: Flask, sign_in: SignIn):
    bureau, matter = cast.unit_id(app, cast.BUREAU), told_in_full()
    recorded = visit(matter, happened_at=HAPPENED, kind="petition")
    sign_in(cast.CADRE).apply(recorded)
    coordinator, handler = sign_in(cast.COORDINATOR), sign_in(cast.HANDLER)
    coordinator.apply(act(matter["id"], "assign", unit_id=bureau, due_day="2025-03-01", text="请尽快"))
    handler.apply(act(matter["id"], "accept"), act(matter["id"], "resolve", text="水管换了新的"))
    sign_in(cast.CADRE).apply(act(matter["id"], "progress", text="路过时看到已动工"))  # too late: kept as a note
    shown = handler.matter(matter["id"])
    assert {name: shown[name] for name in ("title", "detail", "category", "state", "unit_name", "due_day")} == {
        "title": TITLE, "detail": DETAIL, "category": "water", "state": "resolved", "unit_name": cast.BUREAU,
        "due_day": "2025-03-01",
    }  # fmt: skip
    assert (shown["village_name"], shown["township_name"]) == ("扶峰村委会", "邓家铺镇")
    assert (shown["visit_id"], shown["visit_kind"]) == (recorded["args"]["id"], "petition")
    assert (shown["author_name"], shown["on_the_spot"], shown["backfill"]) == (cast.CADRE.name, False, True)
    assert datetime.fromisoformat(shown["raised_at"]) == datetime.fromisoformat(HAPPENED)
    assert shown["closed_at"] == shown["events"][3]["happened_at"]
    told = ("act", "actor_name", "text", "from_state", "to_state", "refused_because", "unit_name", "due_day")
    assert [tuple(event[name] for name in told) for event in shown["events"]] == [
        ("raise", cast.CADRE.name, None, None, "raised", None, "邓家铺镇人民政府", "2025-04-11"),
        ("assign", cast.COORDINATOR.name, "请尽快", "raised", "assigned", None, cast.BUREAU, "2025-03-01"),
        ("accept", cast.HANDLER.name, "已到现场看过", "assigned", "working", None, None, None),
        ("resolve", cast.HANDLER.name, "水管换了新的", "working", "resolved", None, None, None),
        ("progress", cast.CADRE.name, "路过时看到已动工", "resolved", "resolved", "state_forbids", None, None),
    ]
    assert [event["backfill"] for event in shown["events"]] == [True, False, False, False, False]


def test_a_leader_reads_the_whole_matter_but_not_the_resident(sign_in: SignIn):
    matter = told_in_full(resolved=resolved_on_the_spot("接通了水"))
    cadre = sign_in(cast.CADRE)
    cadre.apply(visit(matter), correct(matter["id"], resident_phone="0739-1", resident_name="龙桂芳", category="other"))
    full = cadre.matter(matter["id"])
    assert full["resident"] == {"name": "龙桂芳", "phone": "0739-1"}
    assert {change["field"]: (change["before"], change["after"]) for change in full["events"][2]["changes"]} == {
        "category": ("water", "other"),
        "resident_name": (RESIDENT["name"], "龙桂芳"),
        "resident_phone": (RESIDENT["phone"], "0739-1"),
    }

    def without_the_readers_own(shown: Json) -> Json:
        events = [
            {**event, "changes": [change for change in event["changes"] if change["field"] == "category"]}
            for event in shown["events"]
        ]
        return {**shown, "resident": None, "relations": [], "events": events}

    for leader in (cast.LEADER, cast.COUNTY_LEADER):
        read = sign_in(leader).matter(matter["id"])
        assert (read["relations"], read["resident"]) == (["leader"], None)
        assert read == {**without_the_readers_own(full), "relations": ["leader"]}


def test_who_is_handler_or_coordinator_or_author_is_told_so_for_the_buttons(app: Flask, sign_in: SignIn):
    matter = told_in_full()
    sign_in(cast.CADRE).apply(visit(matter))
    coordinator = sign_in(cast.COORDINATOR)
    coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    for person, relations in (
        (cast.CADRE, ["author", "cadre"]),
        (cast.COORDINATOR, ["coordinator"]),
        (cast.HANDLER, ["handler"]),
        (cast.COLLEAGUE, []),
    ):
        assert sign_in(person).matter(matter["id"])["relations"] == relations, person.name


def test_a_unit_that_a_matter_was_taken_from_can_no_longer_read_it(app: Flask, sign_in: SignIn):
    matter = told_in_full()
    sign_in(cast.CADRE).apply(visit(matter))
    coordinator, handler, other_handler = map(sign_in, (cast.COORDINATOR, cast.HANDLER, cast.OTHER_HANDLER))
    path = f"/api/matters/{matter['id']}"
    assert (handler.get(path).status_code, other_handler.get(path).status_code) == (404, 404)
    coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    assert (handler.get(path).status_code, other_handler.get(path).status_code) == (200, 404)
    coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.OTHER_BUREAU)))
    assert (handler.get(path).status_code, other_handler.get(path).status_code) == (404, 200)


def test_a_merged_matter_names_the_one_it_went_into_and_can_still_be_read(sign_in: SignIn):
    into, merged = new_matter(), new_matter()
    sign_in(cast.CADRE).apply(visit(into, merged))
    sign_in(cast.COORDINATOR).apply(act(merged["id"], "merge", into_id=into["id"], text="同一件事"))
    shown = sign_in(cast.LEADER).matter(merged["id"])
    assert (shown["state"], shown["merged_into_id"]) == ("merged", into["id"])
    assert sign_in(cast.LEADER).matter(into["id"])["merged_into_id"] is None


def test_what_was_resolved_on_the_spot_says_so_until_it_is_reopened(sign_in: SignIn):
    matter = new_matter(resolved=resolved_on_the_spot())
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.LEADER)
    cadre.apply(visit(matter, happened_at=HAPPENED))
    shown = leader.matter(matter["id"])
    assert (shown["on_the_spot"], shown["closed_at"]) == (True, shown["raised_at"])
    leader.apply(act(matter["id"], "reopen", text="群众说没修好"))
    shown = leader.matter(matter["id"])
    assert (shown["state"], shown["on_the_spot"], shown["closed_at"]) == ("reopened", False, None)
    cadre.apply(act(matter["id"], "resolve"))
    shown = leader.matter(matter["id"])
    assert (shown["state"], shown["on_the_spot"]) == ("resolved", False)


def test_what_is_recorded_late_is_shown_as_backfill_and_a_wrong_clock_with_its_offset(sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    for hours, late in ((23.9, False), (24.1, True)):
        matter = new_matter()
        cadre.apply(visit(matter, happened_at=hours_ago(hours)))
        shown = cadre.matter(matter["id"])
        assert (shown["backfill"], shown["events"][0]["backfill"]) == (late, late)
    matter = new_matter()
    slow_clock = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    body = push_of(cadre.device_id, visit(matter, happened_at=slow_clock), sent_at=slow_clock)
    assert cadre.post("/api/sync/push", body).get_json()["receipts"][0]["error"] is None
    (event,) = cadre.matter(matter["id"])["events"]
    assert 7200 <= event["clock_offset_s"] < 7260
    assert datetime.fromisoformat(event["happened_at"]) == datetime.fromisoformat(slow_clock)


def test_a_matter_nobody_set_a_day_for_is_due_after_sixty_days_and_the_township_governments(sign_in: SignIn):
    matter = new_matter()
    sign_in(cast.CADRE).apply(visit(matter, happened_at="2025-02-10T23:59:59+08:00"))
    shown = sign_in(cast.LEADER).matter(matter["id"])
    assert shown["due_day"] == "2025-04-11"
    assert shown["unit_name"] == "邓家铺镇人民政府"
    assert shanghai_day(datetime.fromisoformat(shown["raised_at"])).isoformat() == "2025-02-10"
