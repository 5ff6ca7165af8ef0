"""What is drawn for a call: a random sample that anybody can check, of which the township hears nothing."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.domain.callbacks import drawn
from server.domain.tallies import MEASURES
from server.domain.words import LIMITS
from tests import cast
from tests.api.contents import contents
from tests.api.drawing import (
    BOTH,
    DAYS,
    VICE,
    calls,
    draw,
    hear,
    move_in,
    proof,
    resident,
    settle,
    settled,
    settlement_of,
)
from tests.api.mutations import Json, correct, noon, visit
from tests.api.people import NOBODY, SignIn

OF_THE_TOWNSHIP = (cast.CADRE, cast.COLLEAGUE, cast.COORDINATOR, cast.LEADER, BOTH)

LOWER = (cast.CADRE, cast.NEIGHBOUR, cast.COORDINATOR, cast.HANDLER, cast.AUDITOR, cast.ADMIN)


@pytest.fixture(autouse=True)
def _leaders(app: Flask) -> None:
    move_in(app)


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
