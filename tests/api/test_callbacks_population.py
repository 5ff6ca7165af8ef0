"""What can be drawn for a call: what was settled, as the server heard of it, and nobody has said a word that counts."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from server.actions.ratings import rate
from server.domain.ratings import BURST, Answer
from server.domain.times import SHANGHAI
from server.store.db import writing
from tests import cast
from tests.api.drawing import VICE, calls, draw, hear, move_in, proof, resident, say, settle, settled, settlement_of
from tests.api.mutations import act, new_id, new_matter, noon
from tests.api.people import SignIn
from tests.api.residents import Resident, new_code, on_the_spot
from tests.harness.hearing import let_hear
from tests.sync.grants import grant


@pytest.fixture(autouse=True)
def _leaders(app: Flask) -> None:
    move_in(app)


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
    leader, code, resident = sign_in(cast.COUNTY_LEADER), new_code(), Resident(app)
    (matter,) = settle(sign_in, [settled(1, resolved=on_the_spot(code))])
    resident.rate(code, "satisfied")
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
    assert resident.refused(code, "unsatisfied")[0] == 409  # what a caller heard is changed by no link


def test_the_countys_own_coordinator_phones_about_nothing_that_he_has_assigned(app: Flask, sign_in: SignIn):
    settle(sign_in, [settled(number) for number in range(3)])
    leader = sign_in(cast.COUNTY_LEADER)
    grant(app, VICE, "coordinator", cast.COUNTY)
    draw(leader)
    assert len(calls(leader)) == 3
    assert calls(sign_in(VICE)) == []
