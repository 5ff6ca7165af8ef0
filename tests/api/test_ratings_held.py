"""A burst of ratings from one address waits for a leader; what he sets aside stays visible with his reason."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from server.domain.ratings import BURST
from tests import cast
from tests.api.contents import contents
from tests.api.mutations import Json, act, new_id, new_matter, visit
from tests.api.people import Caller, SignIn
from tests.api.residents import Resident, let_days_pass, new_code, on_the_spot, settled, text_of
from tests.sync.grants import grant

OFFICE = "198.51.100.23"
TODAY = {"from": "2026-01-01", "to": "2199-01-01"}


def settle_many(cadre: Caller, count: int) -> list[tuple[str, str]]:
    """Matters that were resolved on the spot: their ids, and the codes of their links."""
    made = [(new_matter(title=f"第 {number} 盏灯"), new_code()) for number in range(count)]
    cadre.apply(visit(*({**matter, "resolved": on_the_spot(code)} for matter, code in made)))
    return [(matter["id"], code) for matter, code in made]


def ratings(leader: Caller, which: str, **more: str) -> list[Json]:
    """A leader's list, whole."""
    answer = leader.get("/api/ratings", which=which, **more)
    assert answer.status_code == 200, answer.get_json()
    body = answer.get_json()
    assert body["next"] is None
    assert body["count"] == len(body["ratings"])
    found: list[Json] = body["ratings"]
    return found


def decide(leader: Caller, rating: Json, decision: str, **more: str) -> Any:
    return leader.post(f"/api/ratings/{rating['id']}/decision", {"decision": decision, **more})


def counted(leader: Caller) -> tuple[int, int]:
    """How many answered, and how many of them confirmed, as the tally of all time says."""
    total = leader.get("/api/tallies", **TODAY).get_json()["total"]
    return total["answered"], total["confirmed"]


def burst(app: Flask, sign_in: SignIn, value: str = "satisfied") -> list[str]:
    """One more rating than may come from one address in an hour: the ids of their matters."""
    made = settle_many(sign_in(cast.CADRE), BURST + 1)
    for _, code in made:
        Resident(app, OFFICE).rate(code, value)
    return [matter_id for matter_id, _ in made]


def test_five_ratings_from_one_address_within_an_hour_count_and_the_sixth_holds_all_six(app: Flask, sign_in: SignIn):
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.COUNTY_LEADER)
    made = settle_many(cadre, BURST + 1)
    for _, code in made[:BURST]:
        Resident(app, OFFICE).rate(code, "satisfied")
    assert ratings(leader, "held") == []
    assert counted(leader) == (BURST, BURST)
    Resident(app, OFFICE).rate(made[-1][1], "satisfied")
    assert {rating["matter_id"] for rating in ratings(leader, "held")} == {matter_id for matter_id, _ in made}
    assert counted(leader) == (0, 0)
    states = [cadre.matter(matter_id)["state"] for matter_id, _ in made]
    assert states == ["confirmed"] * BURST + ["resolved"]  # what was given in the burst changes nothing yet


def test_a_resident_in_a_burst_is_thanked_like_everybody_and_may_change_his_mind(app: Flask, sign_in: SignIn):
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.COUNTY_LEADER)
    made = settle_many(cadre, BURST + 1)
    residents = [Resident(app, OFFICE) for _ in made]
    for resident, (_, code) in zip(residents, made, strict=True):
        resident.rate(code, "satisfied")
    last_id, last_code = made[-1]
    page = text_of(residents[-1].open(last_code))
    assert "已记下：满意" in page
    assert "领导看过后再算数" in page
    residents[-1].rate(last_code, "unsatisfied")
    assert cadre.matter(last_id)["state"] == "resolved"
    (held,) = [rating for rating in ratings(leader, "held") if rating["matter_id"] == last_id]
    assert held["value"] == "unsatisfied"


def test_ratings_sent_all_at_once_are_counted_too(app: Flask, sign_in: SignIn):
    leader, made = sign_in(cast.COUNTY_LEADER), settle_many(sign_in(cast.CADRE), BURST + 3)
    residents = [Resident(app, OFFICE) for _ in made]
    with ThreadPoolExecutor(len(made)) as all_at_once:
        list(all_at_once.map(lambda one: one[0].rate(one[1][1], "satisfied"), zip(residents, made, strict=True)))
    assert len(ratings(leader, "held")) == len(made)
    assert counted(leader) == (0, 0)


def test_ratings_from_many_addresses_or_over_many_hours_are_no_burst(app: Flask, sign_in: SignIn):
    leader, made = sign_in(cast.COUNTY_LEADER), settle_many(sign_in(cast.CADRE), 2 * BURST + 2)
    for _, code in made[: BURST + 1]:
        Resident(app).rate(code, "satisfied")
    for _, code in made[BURST + 1 :]:
        Resident(app, OFFICE).rate(code, "satisfied")
        let_days_pass(app, 0.01)
    assert ratings(leader, "held") == []


def test_the_leader_of_the_township_reads_a_rating_and_decides_nothing_it_is_his_result_too(
    app: Flask, sign_in: SignIn
):
    _, code = settled(sign_in(cast.CADRE))
    Resident(app).rate(code, "unsatisfied")
    leader = sign_in(cast.LEADER)
    (rating,) = ratings(leader, "unsatisfied")
    assert rating["not_decided_because"] == "leader_above_decides"
    before = contents(app)
    answer = decide(leader, rating, "set_aside", reason="unreasonable", text="已当面说明")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "leader_above_decides")
    assert contents(app) == before
    (seen,) = ratings(sign_in(cast.COUNTY_LEADER), "unsatisfied")
    assert seen["not_decided_because"] is None


@pytest.mark.parametrize(("value", "state"), [("satisfied", "confirmed"), ("unsatisfied", "reopened")])
def test_what_a_leader_lets_count_counts_and_does_to_the_matter_what_the_resident_said(
    app: Flask, sign_in: SignIn, value: str, state: str
):
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.COUNTY_LEADER)
    matter_ids = burst(app, sign_in, value)
    for rating in ratings(leader, "held"):
        answer = decide(leader, rating, "count")
        assert answer.status_code == 200
        assert (answer.get_json()["rating"]["held"], answer.get_json()["rating"]["value"]) == (False, value)
    assert ratings(leader, "held") == []
    assert counted(leader) == (BURST + 1, (BURST + 1) * (value == "satisfied"))
    assert {cadre.matter(matter_id)["state"] for matter_id in matter_ids} == {state}
    said = [event["rating"] for one in matter_ids for event in cadre.matter(one)["events"] if event["rating"]]
    assert said == [value] * (BURST + 1)  # once each


def test_what_was_settled_anew_while_a_rating_was_held_keeps_its_state(app: Flask, sign_in: SignIn):
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.COUNTY_LEADER)
    *_, last_id = burst(app, sign_in, "unsatisfied")
    cadre.apply(act(last_id, "reopen"), act(last_id, "resolve"))
    (held,) = [rating for rating in ratings(leader, "held") if rating["matter_id"] == last_id]
    assert decide(leader, held, "count").status_code == 200
    assert cadre.matter(last_id)["state"] == "resolved"
    assert cadre.matter(last_id)["events"][-1]["refused_because"] == "state_forbids"


def test_what_is_set_aside_does_not_count_and_stays_to_be_seen_with_the_reason(app: Flask, sign_in: SignIn):
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.COUNTY_LEADER)
    matter, code = settled(cadre)
    Resident(app).rate(code, "unsatisfied", "要给我家单独修路")
    assert counted(leader) == (1, 0)
    (rating,) = ratings(leader, "unsatisfied")
    assert (rating["comment"], rating["result"], rating["state"]) == ("要给我家单独修路", "灯泡换好了", "reopened")
    answer = decide(leader, rating, "set_aside", reason="unreasonable", text="不符合村组道路规划，已当面说明")
    assert answer.status_code == 200
    assert counted(leader) == (0, 0)
    assert ratings(leader, "unsatisfied") == []
    assert ratings(leader, "set_aside") == ratings(leader, "all") == [answer.get_json()["rating"]]
    for reader in (cadre, leader):
        (seen,) = reader.matter(matter["id"])["ratings"]
        assert (seen["set_aside_reason"], seen["set_aside_text"]) == (
            "unreasonable",
            "不符合村组道路规划，已当面说明",
        )
    assert [event["rating"] for event in cadre.matter(matter["id"])["events"]][-1] == "unsatisfied"


def test_what_was_set_aside_stays_so_whatever_is_said_after(app: Flask, sign_in: SignIn):
    cadre, leader, resident = sign_in(cast.CADRE), sign_in(cast.COUNTY_LEADER), Resident(app)
    matter, code = settled(cadre)
    resident.rate(code, "unsatisfied")
    (rating,) = ratings(leader, "unsatisfied")
    decide(leader, rating, "set_aside", reason="out_of_scope", text="已进入诉讼")
    resident.rate(code, "satisfied")
    assert cadre.matter(matter["id"])["state"] == "reopened"
    assert counted(leader) == (0, 0)
    assert [one["value"] for one in ratings(leader, "set_aside")] == ["satisfied"]


def test_a_decision_needs_its_reason_and_is_made_once(app: Flask, sign_in: SignIn):
    leader = sign_in(cast.COUNTY_LEADER)
    _, code = settled(sign_in(cast.CADRE))
    Resident(app).rate(code, "unsatisfied")
    (rating,) = ratings(leader, "all")
    before = contents(app)
    reasoned = {"reason": "unreasonable", "text": "已当面说明"}
    for more in ({}, {"reason": "unreasonable"}, {"text": "已当面说明"}, {**reasoned, "reason": "tired"}):
        assert decide(leader, rating, "set_aside", **more).status_code == 422
    assert decide(leader, rating, "count", **reasoned).get_json()["code"] == "field_unknown"
    assert decide(leader, rating, "forget").status_code == 422
    assert decide(leader, rating, "count").get_json()["code"] == "rating_decided"  # it counts already
    assert contents(app) == before
    assert decide(leader, rating, "set_aside", **reasoned).status_code == 200
    assert decide(leader, rating, "set_aside", **reasoned).get_json()["code"] == "rating_decided"
    assert decide(leader, rating, "count").get_json()["code"] == "rating_decided"


def test_a_leader_sees_and_decides_in_his_own_area_only(app: Flask, sign_in: SignIn):
    _, code = settled(sign_in(cast.CADRE))
    Resident(app).rate(code, "unsatisfied")
    (rating,) = ratings(sign_in(cast.COUNTY_LEADER), "all", area_code=cast.TOWNSHIP)
    next_door = sign_in(cast.NEIGHBOUR_LEADER)
    before = contents(app)
    assert ratings(next_door, "all") == []
    for area_code in (cast.TOWNSHIP, cast.VILLAGE, cast.COUNTY, "999999999999"):
        assert next_door.get("/api/ratings", which="all", area_code=area_code).get_json()["code"] == "area_not_found"
    aside = {"reason": "unreasonable", "text": "已当面说明"}
    assert decide(next_door, rating, "set_aside", **aside).get_json()["code"] == "rating_not_found"
    unknown = {"id": new_id()}
    assert decide(next_door, unknown, "set_aside", **aside).get_json()["code"] == "rating_not_found"
    assert contents(app) == before
    assert ratings(sign_in(cast.COUNTY_LEADER), "all", area_code=cast.NEIGHBOUR_TOWNSHIP) == []


@pytest.mark.parametrize("person", [cast.CADRE, cast.COORDINATOR, cast.HANDLER, cast.AUDITOR, cast.ADMIN])
def test_who_leads_nowhere_sees_no_list_of_ratings_and_decides_nothing(
    app: Flask, sign_in: SignIn, person: cast.Person
):
    _, code = settled(sign_in(cast.CADRE))
    Resident(app).rate(code, "unsatisfied")
    (rating,) = ratings(sign_in(cast.COUNTY_LEADER), "all")
    other = sign_in(person)
    assert other.get("/api/ratings", which="all").status_code == 403
    answer = decide(other, rating, "set_aside", reason="unreasonable", text="已当面说明")
    assert answer.status_code == 403


def test_nobody_decides_about_his_own_work(app: Flask, sign_in: SignIn):
    grant(app, cast.CADRE, "leader", cast.TOWNSHIP)
    cadre = sign_in(cast.CADRE)
    _, code = settled(cadre)
    Resident(app).rate(code, "unsatisfied")
    (rating,) = ratings(cadre, "unsatisfied")
    assert rating["not_decided_because"] == "own_work"
    answer = decide(cadre, rating, "set_aside", reason="unreasonable", text="已当面说明")
    assert answer.get_json()["code"] == "own_work"
    (seen,) = ratings(sign_in(cast.COUNTY_LEADER), "unsatisfied")
    assert seen["not_decided_because"] is None


def test_a_long_list_comes_in_pages_newest_first_each_rating_once(app: Flask, sign_in: SignIn):
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.COUNTY_LEADER)
    made = [one for _ in range(3) for one in settle_many(cadre, 18)]
    for _, code in made:
        Resident(app).rate(code, "partly")
    first = leader.get("/api/ratings", which="all").get_json()
    second = leader.get("/api/ratings", which="all", after=first["next"]).get_json()
    assert (first["count"], len(first["ratings"]), second["next"]) == (len(made), 50, None)
    found = [rating["matter_id"] for rating in first["ratings"] + second["ratings"]]
    assert found == [matter_id for matter_id, _ in reversed(made)]


def test_what_is_held_is_made_unsaid_by_nobody_until_a_leader_sets_it_aside(app: Flask, sign_in: SignIn):
    """Whoever makes a burst from the village's address would otherwise make the answers in it disappear."""
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.COUNTY_LEADER)
    last_id = burst(app, sign_in, "unsatisfied")[-1]
    cadre.apply(act(last_id, "withdraw"))
    assert cadre.matter(last_id)["state"] == "resolved"
    assert cadre.matter(last_id)["events"][-1]["refused_because"] == "resident_answered"
    (held,) = [rating for rating in ratings(leader, "held") if rating["matter_id"] == last_id]
    assert decide(leader, held, "set_aside", reason="unreasonable", text="是村干部自己点的").status_code == 200
    cadre.apply(act(last_id, "withdraw"))
    assert cadre.matter(last_id)["state"] == "withdrawn"
