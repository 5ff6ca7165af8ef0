"""What is drawn for a call: a random sample that anybody can check, of which the township hears nothing."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.actions.ratings import rate
from server.domain.callbacks import drawn
from server.domain.ratings import BURST, Answer
from server.domain.tallies import MEASURES
from server.domain.times import SHANGHAI
from server.domain.words import LIMITS
from server.store.db import writing
from tests import cast
from tests.api.contents import contents
from tests.api.drawing import BOTH, DAYS, VICE, calls, draw, hear, move_in, proof, resident, say, settle, settled
from tests.api.mutations import Json, act, correct, new_id, new_matter, noon, visit
from tests.api.people import NOBODY, SignIn
from tests.api.residents import Resident, new_code, on_the_spot
from tests.harness.hearing import let_hear
from tests.sync.grants import grant

OF_THE_TOWNSHIP = (cast.CADRE, cast.COLLEAGUE, cast.COORDINATOR, cast.LEADER, BOTH)

LOWER = (cast.CADRE, cast.NEIGHBOUR, cast.COORDINATOR, cast.HANDLER, cast.AUDITOR, cast.ADMIN)


@pytest.fixture(autouse=True)
def _leaders(app: Flask) -> None:
    move_in(app)


def settlement_of(matter: Json) -> str:
    return str(matter["resolved"]["event_id"])


def test_exactly_the_settlements_that_stand_have_a_number_and_no_word_yet_can_be_drawn(app: Flask, sign_in: SignIn):
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.COUNTY_LEADER)
    good = settle(sign_in, [settled(number) for number in range(4)])
    later = settle(sign_in, [new_matter(title="过几天办结", resident=resident(90))])[0]
    explained = settle(sign_in, [new_matter(title="解释了", resident=resident(91))])[0]
    resolution, explanation = new_id(), new_id()
    cadre.apply(
        act(later["id"], "resolve", event_id=resolution, happened_at=noon("2025-02-20")),
        act(explained["id"], "explain", event_id=explanation, happened_at=noon("2025-02-20")),
    )
    hear(cadre, [later, explained], "2025-02-20")
    # None of these: no number, not settled, settled on other days, void, open again, not achieved, rated.
    settle(sign_in, [settled(80, resident=None), settled(81, resident={"name": "没留电话"}), new_matter(title="待办")])
    settle(sign_in, [settled(82)], day="2025-01-31")
    settle(sign_in, [settled(83)], day="2025-03-01")
    withdrawn, reopened, rated = settle(sign_in, [settled(84), settled(85), settled(86)])
    unachieved, heard = settle(sign_in, [new_matter(title="没办成", resident=resident(87)), settled(88, resolved=None)])
    heard_of = new_id()
    cadre.apply(
        act(withdrawn["id"], "withdraw", happened_at=noon("2025-02-21")),
        act(reopened["id"], "reopen", happened_at=noon("2025-02-21")),
        act(unachieved["id"], "unachieve", happened_at=noon("2025-02-21")),
        act(heard["id"], "explain", event_id=heard_of, happened_at=noon("2025-02-21")),
    )
    hear(cadre, [withdrawn, reopened, unachieved, heard], "2025-02-21")
    with app.app_context(), writing() as session:
        rate(session, UUID(settlement_of(rated)), Answer("satisfied", None, "link", datetime.now(UTC)))
    with app.app_context(), writing() as session:  # what was explained stays so when the resident is satisfied
        rate(session, UUID(heard_of), Answer("satisfied", None, "link", datetime.now(UTC)))

    (made,) = draw(leader)["draws"]
    told = proof(leader, made["id"])
    assert set(told["population"]) == {*(settlement_of(matter) for matter in good), resolution, explanation}
    # Settled in these days, by anybody's word, with a number or not: 80, 81, 86 and 88 besides.
    assert (made["settled"], made["could_be_drawn"], made["size"]) == (10, 6, 3)


def test_what_was_settled_twice_can_be_drawn_for_its_last_settlement_alone(sign_in: SignIn):
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.COUNTY_LEADER)
    (matter,) = settle(sign_in, [settled(1)])
    second = new_id()
    cadre.apply(
        act(matter["id"], "reopen", happened_at=noon("2025-02-11")),
        act(matter["id"], "resolve", event_id=second, happened_at=noon("2025-02-12")),
    )
    hear(cadre, [matter], "2025-02-12")
    (made,) = draw(leader)["draws"]
    assert proof(leader, made["id"])["population"] == [second]


def test_a_draw_can_be_drawn_again_from_what_it_says(sign_in: SignIn):
    leader = sign_in(cast.COUNTY_LEADER)
    settle(sign_in, [settled(number) for number in range(50)])
    (made,) = draw(leader)["draws"]
    told = proof(sign_in(VICE), made["id"])  # another leader checks it
    assert (told["settled"], len(told["population"]), told["size"]) == (50, 50, 5)
    again = drawn(told["seed"], map(UUID, told["population"]), told["size"])
    assert {str(event_id) for event_id in again} == {call["event_id"] for call in told["calls"]}
    assert len(told["calls"]) == 5
    assert len(told["seed"]) == 32


def test_the_seed_is_the_servers_and_nobody_can_try_another(app: Flask, sign_in: SignIn):
    leader = sign_in(cast.COUNTY_LEADER)
    settle(sign_in, [settled(number) for number in range(10)])
    wanted = {"area_code": cast.TOWNSHIP, **DAYS}
    assert leader.post("/api/callbacks/draws", {**wanted, "seed": "0" * 32}).status_code == 422
    draw(leader)
    before = contents(app)
    for days in (DAYS, {"from": "2025-02-28", "to": "2025-03-05"}, {"from": "2025-02-10", "to": "2025-02-10"}):
        answer = leader.post("/api/callbacks/draws", {**wanted, **days})
        assert (answer.status_code, answer.get_json()["code"]) == (409, "already_drawn")
    assert contents(app) == before
    assert draw(leader, **{"from": "2025-03-01", "to": "2025-03-05"})["draws"] == []  # other days; nothing settled


def test_an_area_above_draws_in_each_of_its_townships_and_leaves_those_drawn_before(sign_in: SignIn):
    leader, neighbour = sign_in(cast.COUNTY_LEADER), sign_in(cast.NEIGHBOUR)
    settle(sign_in, [settled(number) for number in range(5)])
    matters = [settled(number) for number in range(20, 24)]
    neighbour.apply(visit(*matters, village_code="430581106201", happened_at=noon("2025-02-12")))
    hear(neighbour, matters, "2025-02-12")
    first = draw(leader)
    assert [made["area_name"] for made in first["draws"]] == ["邓家铺镇"]
    assert first["before"] == []
    rest = draw(leader, cast.COUNTY)
    assert [made["area_name"] for made in rest["draws"]] == ["龙溪镇"]
    assert [place["name"] for place in rest["before"]] == ["邓家铺镇"]
    listed = leader.get("/api/callbacks/draws").get_json()
    assert (listed["area"]["code"], listed["next"]) == (cast.COUNTY, None)
    assert {made["area_name"] for made in listed["draws"]} == {"邓家铺镇", "龙溪镇"}
    assert len(listed["places"]) == 19  # the county and its townships
    of_one = leader.get("/api/callbacks/draws", area_code=cast.NEIGHBOUR_TOWNSHIP).get_json()
    assert [made["area_name"] for made in of_one["draws"]] == ["龙溪镇"]


def test_the_list_of_draws_is_read_page_by_page(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(LIMITS, "matters_per_page", 2)
    leader = sign_in(cast.COUNTY_LEADER)
    days = [f"2025-02-{day:02}" for day in range(10, 15)]
    for number, day in enumerate(days):
        settle(sign_in, [settled(number)], day=day)
        draw(leader, **{"from": day, "to": day})
    shown, after = list[str](), dict[str, str]()
    while True:
        page = leader.get("/api/callbacks/draws", **after).get_json()
        shown += [made["from"] for made in page["draws"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert shown == sorted(days, reverse=True)


def test_two_who_draw_at_once_draw_each_day_once(app: Flask, sign_in: SignIn):
    settle(sign_in, [settled(number) for number in range(6)])
    leaders = [sign_in(person) for person in (cast.COUNTY_LEADER, VICE, cast.COUNTY_LEADER, VICE)]
    days = [{"from": "2025-02-01", "to": f"2025-02-{last}"} for last in (25, 26, 27, 28)]

    def ask(number: int) -> int:
        wanted = {"area_code": cast.TOWNSHIP, **days[number]}
        return leaders[number].post("/api/callbacks/draws", wanted).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, range(4))) == [200, 409, 409, 409]
    assert len(leaders[0].get("/api/callbacks/draws").get_json()["draws"]) == 1


def test_only_days_that_are_over_can_be_drawn(app: Flask, sign_in: SignIn):
    leader = sign_in(cast.COUNTY_LEADER)
    before = contents(app)
    for days, code in (
        ({"from": "2025-02-01", "to": "2199-12-31"}, "draw_days_invalid"),
        ({"from": "2025-01-01", "to": "2025-12-31"}, "draw_days_invalid"),
        ({"from": "2025-02-02", "to": "2025-02-01"}, "period_invalid"),
        ({"from": "2025-02-30", "to": "2025-03-01"}, "day_invalid"),
    ):
        answer = leader.post("/api/callbacks/draws", {"area_code": cast.TOWNSHIP, **days})
        assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert contents(app) == before


def everything_read_by(sign_in: SignIn, person: cast.Person, matter_ids: list[str]) -> Json:
    """All that one person's phone and page get to read of the township, but for the server's clock."""
    reader = sign_in(person)
    year = {"from": "2025-01-01", "to": "2025-12-31", "area_code": cast.TOWNSHIP}
    paths = ["/api/reference", *(f"/api/matters/{matter_id}" for matter_id in matter_ids)]
    read: dict[str, Any] = {path: reader.get(path).get_json() for path in paths}
    read["pull"] = reader.pull()
    del read["pull"]["server_time"]
    if person in (cast.LEADER, BOTH):
        for path in ("/api/tallies", "/api/tallies/changes"):
            read[path] = reader.get(path, **year)
        for measure in MEASURES:
            read[measure] = reader.get("/api/tallies/matters", **year, measure=measure)
        assert {read[name].status_code for name in (*MEASURES, "/api/tallies", "/api/tallies/changes")} == {200}
    return {name: answer.get_json() if isinstance(answer, TestResponse) else answer for name, answer in read.items()}


def test_the_township_reads_nothing_else_after_the_draw_than_before(sign_in: SignIn):
    matters = settle(sign_in, [settled(number) for number in range(30)])
    ids = [matter["id"] for matter in matters]
    before = {person: everything_read_by(sign_in, person, ids) for person in OF_THE_TOWNSHIP}
    draw(sign_in(cast.COUNTY_LEADER))
    assert len(calls(sign_in(cast.COUNTY_LEADER))) + len(calls(sign_in(VICE))) == 3
    for person in OF_THE_TOWNSHIP:
        assert everything_read_by(sign_in, person, ids) == before[person], person.username


def refusals_of(sign_in: SignIn, draw_id: str) -> dict[str, Callable[[cast.Person], int]]:
    wanted = {"area_code": cast.TOWNSHIP, "from": "2025-04-01", "to": "2025-04-30"}
    return {
        "list": lambda who: sign_in(who).get("/api/callbacks/draws", area_code=cast.TOWNSHIP).status_code,
        "proof": lambda who: sign_in(who).get(f"/api/callbacks/draws/{draw_id}").status_code,
        "draw": lambda who: sign_in(who).post("/api/callbacks/draws", wanted).status_code,
    }


def test_a_stranger_the_township_itself_a_leader_next_door_and_lower_roles_are_refused(app: Flask, sign_in: SignIn):
    settle(sign_in, [settled(number) for number in range(5)])
    (made,) = draw(sign_in(cast.COUNTY_LEADER))["draws"]
    before = contents(app)
    for name, ask in refusals_of(sign_in, made["id"]).items():
        assert ask(NOBODY) == 401, name
        for person in (cast.LEADER, cast.NEIGHBOUR_LEADER, BOTH):
            assert ask(person) == 404, (name, person.username)
        for person in (
            cast.CADRE,
            cast.COLLEAGUE,
            cast.NEIGHBOUR,
            cast.COORDINATOR,
            cast.HANDLER,
            cast.AUDITOR,
            cast.ADMIN,
        ):
            assert ask(person) == 403, (name, person.username)
    assert contents(app) == before


def test_who_has_a_part_in_one_township_draws_in_the_others_and_does_not_see_that_one(sign_in: SignIn):
    neighbour, both = sign_in(cast.NEIGHBOUR), sign_in(BOTH)
    settle(sign_in, [settled(number) for number in range(5)])
    of_the_neighbours = settled(20)
    neighbour.apply(visit(of_the_neighbours, village_code="430581106201", happened_at=noon("2025-02-12")))
    hear(neighbour, [of_the_neighbours], "2025-02-12")
    draw(sign_in(cast.COUNTY_LEADER), cast.TOWNSHIP)
    made = draw(both, cast.COUNTY)
    assert [one["area_name"] for one in made["draws"]] == ["龙溪镇"]
    assert made["before"] == [], "not even that it was drawn"
    assert [one["area_name"] for one in both.get("/api/callbacks/draws").get_json()["draws"]] == ["龙溪镇"]


def test_no_number_and_no_name_is_in_a_draw(sign_in: SignIn):
    leader = sign_in(cast.COUNTY_LEADER)
    settle(sign_in, [settled(number) for number in range(5)])
    made = draw(leader)
    told = json.dumps(
        [made, proof(leader, made["draws"][0]["id"]), leader.get("/api/callbacks/draws").get_json()],
        ensure_ascii=False,
    )
    assert "第" in told
    for number in range(5):
        assert not [said for said in resident(number).values() if said in told]


def test_what_could_be_drawn_is_not_read_from_the_database_alone(app: Flask, sign_in: SignIn):
    matters = settle(sign_in, [settled(number) for number in range(5)])
    draw(sign_in(cast.COUNTY_LEADER))
    (row,) = contents(app)["callback_draws"]
    assert not any(settlement_of(matter) in row or settlement_of(matter).replace("-", "") in row for matter in matters)


def test_who_is_about_to_be_phoned_is_not_seen_in_the_tally_after_a_further_entry(sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    matters = settle(sign_in, [settled(number) for number in range(3)])
    (made,) = draw(sign_in(cast.COUNTY_LEADER))["draws"]
    assert made["size"] == 3  # all of them
    cadre.apply(*(correct(matter["id"], category="road") for matter in matters))
    total = sign_in(cast.LEADER).get("/api/tallies", **DAYS).get_json()["total"]
    assert (total["resolved"], total["asked"]) == (3, 0)


def test_what_is_drawn_goes_by_the_day_on_which_the_server_heard_of_it_whatever_day_is_claimed(sign_in: SignIn):
    """Or what is claimed of a day that was drawn already could never be drawn."""
    leader = sign_in(cast.COUNTY_LEADER)
    settle(sign_in, [settled(number) for number in range(4)])
    draw(leader)
    late = settle(sign_in, [settled(number) for number in range(10, 14)], day="2025-02-11", heard_on="2025-03-02")
    march = settle(sign_in, [settled(20)], day="2025-03-05")
    settle(sign_in, [settled(21)], day="2025-03-20", heard_on="2025-03-21")
    (made,) = draw(leader, **{"from": "2025-03-01", "to": "2025-03-20"})["draws"]
    assert set(proof(leader, made["id"])["population"]) == {settlement_of(matter) for matter in (*late, *march)}
    assert (made["settled"], made["could_be_drawn"]) == (5, 5)


@pytest.mark.parametrize(("heard_at", "count"), [("00:00:00", 1), ("23:59:59", 1), ("24:00:00", 0)])
def test_a_day_that_is_drawn_is_shanghais(sign_in: SignIn, heard_at: str, count: int):
    (matter,) = settle(sign_in, [settled(1)])
    hours, minutes, seconds = map(int, heard_at.split(":"))
    at = datetime(2025, 2, 10, tzinfo=SHANGHAI) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    leader = sign_in(cast.COUNTY_LEADER)
    with leader.http.application.app_context(), writing() as session:
        let_hear(session, at.astimezone(UTC), [UUID(matter["id"])])
    drawn_then = draw(leader, **{"from": "2025-02-10", "to": "2025-02-10"})["draws"]
    assert sum(made["could_be_drawn"] for made in drawn_then) == count


def test_a_burst_takes_nothing_out_of_the_draw_and_a_call_replaces_what_is_held(app: Flask, sign_in: SignIn):
    """Who rates his own work from one address would else choose what is not asked about."""
    leader, codes = sign_in(cast.COUNTY_LEADER), [new_code() for _ in range(BURST + 1)]
    settle(sign_in, [settled(at, resolved=on_the_spot(code)) for at, code in enumerate(codes)])
    for code in codes:
        Resident(app, "198.51.100.23").rate(code, "satisfied")
    (made,) = draw(leader)["draws"]
    assert made["could_be_drawn"] == len(codes)
    caller = leader if calls(leader) else sign_in(VICE)
    call = calls(caller)[0]
    assert say(caller, call["id"], "unsatisfied", "没有来过人").status_code == 200
    (rating,) = leader.matter(call["matter_id"])["ratings"]
    assert (rating["source"], rating["value"], rating["held"]) == ("callback", "unsatisfied", False)
    assert leader.matter(call["matter_id"])["state"] == "reopened"


def test_what_a_leader_set_aside_can_still_be_asked_about_and_his_reason_stays(app: Flask, sign_in: SignIn):
    leader, code = sign_in(cast.COUNTY_LEADER), new_code()
    (matter,) = settle(sign_in, [settled(1, resolved=on_the_spot(code))])
    Resident(app).rate(code, "satisfied")
    (listed,) = leader.get("/api/ratings", which="all").get_json()["ratings"]
    decision = {"decision": "set_aside", "reason": "out_of_scope", "text": "评的不是本人"}
    assert leader.post(f"/api/ratings/{listed['id']}/decision", decision).status_code == 200
    (made,) = draw(leader)["draws"]
    assert (made["could_be_drawn"], made["size"]) == (1, 1)
    caller = leader if calls(leader) else sign_in(VICE)
    (call,) = calls(caller)
    assert say(caller, call["id"], "partly", "水小了点").status_code == 200
    told = leader.matter(matter["id"])
    assert {(one["source"], one["value"], one["set_aside_text"]) for one in told["ratings"]} == {
        ("link", "satisfied", "评的不是本人"),
        ("callback", "partly", None),
    }
    said = [(entry["rating"], entry["set_aside"] and entry["set_aside"]["text"]) for entry in told["events"][2:]]
    assert (told["state"], said) == ("confirmed", [("satisfied", "评的不是本人"), ("partly", None)])
    year = {"from": "2025-01-01", "to": "2199-12-31"}
    total = leader.get("/api/tallies", **year).get_json()["total"]
    assert [total[measure] for measure in ("resolved", "answered", "confirmed")] == [1, 1, 1]
    assert Resident(app).refused(code, "unsatisfied")[0] == 409  # what a caller heard is changed by no link


def test_the_countys_own_coordinator_phones_about_nothing_that_he_has_assigned(app: Flask, sign_in: SignIn):
    settle(sign_in, [settled(number) for number in range(3)])
    leader = sign_in(cast.COUNTY_LEADER)
    grant(app, VICE, "coordinator", cast.COUNTY)
    draw(leader)
    assert len(calls(leader)) == 3
    assert calls(sign_in(VICE)) == []
