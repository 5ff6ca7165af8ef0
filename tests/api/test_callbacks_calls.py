"""Phoning residents: whom a leader is told, for how long, and what comes of what they say."""

import json

import pytest
from flask import Flask

from server.actions.accounts import GrantWanted, grant_role
from server.store.db import writing
from tests import cast
from tests.api.contents import contents
from tests.api.drawing import BOTH, VICE, calls, draw, hear, move_in, proof, resident, say, settle, settled
from tests.api.mutations import Json, act, correct, new_id, noon, visit
from tests.api.people import NOBODY, Caller, SignIn


@pytest.fixture(autouse=True)
def _leaders(app: Flask) -> None:
    move_in(app)


@pytest.fixture
def callers(sign_in: SignIn) -> list[Caller]:
    """The two leaders of the county, after three matters were settled and all of them drawn."""
    settle(sign_in, [settled(number) for number in range(3)])
    leaders = [sign_in(cast.COUNTY_LEADER), sign_in(VICE)]
    draw(leaders[0])
    return leaders


def busiest(callers: list[Caller]) -> Caller:
    """The one who has two of the three calls."""
    return max(callers, key=lambda caller: len(calls(caller)))


def test_a_caller_is_told_what_was_raised_what_was_done_and_whom_to_ask(callers: list[Caller]):
    told = {call["title"]: call for caller in callers for call in calls(caller)}
    assert len(told) == 3
    for number in range(3):
        call = told[f"第{number}件"]
        assert call["resident"] == resident(number)
        assert (call["settled"], call["deed"], call["settled_day"]) == ("resolve", f"办好了{number}", "2025-02-10")
        assert (call["village_name"], call["township_name"]) == ("扶峰村委会", "邓家铺镇")


def test_calls_are_dealt_evenly_to_the_leaders_from_above_and_to_nobody_else(callers: list[Caller], sign_in: SignIn):
    assert sorted(len(calls(caller)) for caller in callers) == [1, 2]
    for person in (cast.LEADER, cast.NEIGHBOUR_LEADER, BOTH):
        assert calls(sign_in(person)) == []


def test_a_resident_is_told_to_the_caller_alone_and_only_until_the_call_is_made(callers: list[Caller], sign_in: SignIn):
    first, second = busiest(callers), min(callers, key=lambda caller: len(calls(caller)))
    call, other = calls(first)
    phone = call["resident"]["phone"]
    assert phone not in json.dumps(calls(second))
    assert call["resident"]["name"] not in json.dumps(calls(second), ensure_ascii=False)
    for person in (cast.COUNTY_LEADER, VICE):  # neither in the matter itself, also of the one who phones
        assert sign_in(person).matter(call["matter_id"])["resident"] is None
    left = say(first, call["id"], "unreachable")
    assert [one["id"] for one in left.get_json()["calls"]] == [other["id"]]
    assert phone not in json.dumps([left.get_json(), calls(first)])


@pytest.mark.parametrize(
    ("outcome", "state", "act_of_it"),
    [("satisfied", "confirmed", "confirm"), ("partly", "confirmed", "confirm"), ("unsatisfied", "reopened", "reopen")],
)
def test_what_the_resident_says_on_the_phone_is_his_rating(
    callers: list[Caller], sign_in: SignIn, outcome: str, state: str, act_of_it: str
):
    caller = busiest(callers)
    call = calls(caller)[0]
    assert say(caller, call["id"], outcome, "水压还是不够").status_code == 200
    matter = sign_in(cast.CADRE).matter(call["matter_id"])
    assert matter["state"] == state
    entry = matter["events"][-1]
    assert (entry["act"], entry["actor_name"], entry["rating"]) == (act_of_it, "群众", outcome)
    assert entry["refused_because"] is None
    # It comes to the phones of those who handle it.
    assert sign_in(cast.CADRE).matters()[call["matter_id"]]["state"] == state


def test_what_the_callers_heard_is_counted_and_so_is_how_many_were_asked(callers: list[Caller], sign_in: SignIn):
    everything = [(caller, call["id"]) for caller in callers for call in calls(caller)]
    for (caller, call_id), outcome in zip(everything, ("satisfied", "declined", "unsatisfied"), strict=True):
        say(caller, call_id, outcome)
    (made,) = callers[0].get("/api/callbacks/draws").get_json()["draws"]
    assert [made[count] for count in ("size", "called", "answered", "confirmed")] == [3, 3, 2, 1]
    year = {"from": "2025-01-01", "to": "2199-12-31"}
    total = sign_in(cast.LEADER).get("/api/tallies", **year).get_json()["total"]
    assert [total[measure] for measure in ("asked", "answered", "confirmed", "reopened")] == [3, 2, 1, 1]


@pytest.mark.parametrize("outcome", ["unreachable", "declined"])
def test_a_call_without_an_answer_changes_nothing_about_the_matter(
    callers: list[Caller], sign_in: SignIn, outcome: str
):
    caller = busiest(callers)
    call = calls(caller)[0]
    before = sign_in(cast.CADRE).matter(call["matter_id"])
    assert say(caller, call["id"], outcome, "打了三次").status_code == 200
    assert sign_in(cast.CADRE).matter(call["matter_id"]) == before
    (told,) = [one for one in shown(caller)["calls"] if one["matter_id"] == call["matter_id"]]
    assert (told["outcome"], told["text"], told["moot"]) == (outcome, "打了三次", False)


def shown(caller: Caller) -> Json:
    (made,) = caller.get("/api/callbacks/draws").get_json()["draws"]
    return proof(caller, made["id"])


def test_said_again_after_a_lost_answer_nothing_changes_and_another_outcome_is_refused(
    app: Flask, callers: list[Caller]
):
    caller = busiest(callers)
    call = calls(caller)[0]
    first = say(caller, call["id"], "partly", "还可以")
    before = contents(app)
    assert say(caller, call["id"], "partly", "还可以").get_json() == first.get_json()
    for outcome, text in (("satisfied", "还可以"), ("partly", "改口了"), ("declined", None)):
        answer = say(caller, call["id"], outcome, text)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "callback_done")
    assert contents(app) == before


def test_nobody_but_the_caller_says_what_came_of_a_call(app: Flask, callers: list[Caller], sign_in: SignIn):
    call = calls(busiest(callers))[0]
    other = min(callers, key=lambda caller: len(calls(caller)))
    before = contents(app)
    for reader in (other, *map(sign_in, (cast.LEADER, cast.NEIGHBOUR_LEADER, BOTH))):
        answer = say(reader, call["id"], "satisfied")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "callback_not_found")
    for person in (cast.CADRE, cast.COORDINATOR, cast.HANDLER, cast.AUDITOR, cast.ADMIN):
        reader = sign_in(person)
        assert reader.get("/api/callbacks").status_code == 403
        assert say(reader, call["id"], "satisfied").status_code == 403
    assert sign_in(NOBODY).get("/api/callbacks").status_code == 401
    assert say(sign_in(NOBODY), call["id"], "satisfied").status_code == 401
    assert say(other, new_id(), "satisfied").status_code == 404
    assert contents(app) == before


def test_who_gets_a_part_in_the_township_or_the_matter_is_told_no_more(
    app: Flask, callers: list[Caller], sign_in: SignIn
):
    caller = busiest(callers)
    call = calls(caller)[0]
    username = cast.COUNTY_LEADER.username if caller is callers[0] else VICE.username
    with app.app_context(), writing() as session:
        grant_role(session, username, GrantWanted("auditor", cast.TOWNSHIP))
    before = contents(app)
    assert calls(caller) == []
    assert say(caller, call["id"], "satisfied").get_json()["code"] == "callback_not_found"
    assert contents(app) == before


def test_a_leader_who_reopened_a_matter_is_not_asked_to_phone_about_it(sign_in: SignIn):
    leader, cadre = sign_in(cast.COUNTY_LEADER), sign_in(cast.CADRE)
    matters = settle(sign_in, [settled(number) for number in range(3)])
    for matter in matters:
        leader.apply(act(matter["id"], "reopen", happened_at=noon("2025-02-11")))
        cadre.apply(act(matter["id"], "resolve", happened_at=noon("2025-02-12")))
    hear(cadre, matters, "2025-02-12")
    draw(leader)
    assert calls(leader) == []
    assert len(calls(sign_in(VICE))) == 3


def test_a_call_about_what_has_taken_a_turn_is_called_off(callers: list[Caller], sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    caller = busiest(callers)
    opened, withdrawn = calls(caller)
    cadre.apply(act(opened["matter_id"], "reopen"), act(withdrawn["matter_id"], "withdraw"))
    assert calls(caller) == []
    for call in (opened, withdrawn):
        answer = say(caller, call["id"], "satisfied", "满意")
        assert (answer.status_code, answer.get_json()["code"]) == (409, "callback_moot")
    assert sign_in(cast.CADRE).matter(opened["matter_id"])["state"] == "reopened"
    assert [one["moot"] for one in shown(caller)["calls"] if one["outcome"] is None].count(True) == 2


def test_a_corrected_number_is_the_one_that_is_shown(callers: list[Caller], sign_in: SignIn):
    caller = busiest(callers)
    first, second = calls(caller)
    sign_in(cast.CADRE).apply(
        correct(first["matter_id"], resident_phone="13511112222"), correct(second["matter_id"], resident_phone=None)
    )
    assert [call["resident"]["phone"] for call in calls(caller)] == ["13511112222", None]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"outcome": "very_satisfied"}, "outcome"),
        ({"outcome": None}, "outcome"),
        ({}, "outcome"),
        ({"outcome": "satisfied", "text": "长" * 201}, "text"),
        ({"outcome": "satisfied", "text": "a\u0000"}, "text"),
        ({"outcome": "satisfied", "text": 7}, "text"),
        ({"outcome": "satisfied", "resident": {}}, "resident"),
    ],
)
def test_a_bad_outcome_is_refused_and_the_call_stays_open(app: Flask, callers: list[Caller], body: Json, field: str):
    caller = busiest(callers)
    call = calls(caller)[0]
    before = contents(app)
    answer = caller.post(f"/api/callbacks/{call['id']}", body)
    assert (answer.status_code, answer.get_json()["field"]) == (422, field)
    assert contents(app) == before


def test_what_the_resident_said_is_encrypted_at_rest(app: Flask, callers: list[Caller]):
    caller = busiest(callers)
    first, second = calls(caller)
    say(caller, first["id"], "satisfied", "刘大爷说谢谢")
    say(caller, second["id"], "declined", "说不方便讲")
    stored = json.dumps(contents(app), ensure_ascii=False)
    assert "刘大爷" not in stored
    assert "不方便" not in stored


def test_calls_drawn_in_many_townships_at_once_are_dealt_evenly_over_all_of_them(sign_in: SignIn):
    settle(sign_in, [settled(1)])
    neighbour, of_the_neighbours = sign_in(cast.NEIGHBOUR), [settled(20), settled(21)]
    neighbour.apply(visit(*of_the_neighbours, village_code="430581106201", happened_at=noon("2025-02-12")))
    hear(neighbour, of_the_neighbours, "2025-02-12")
    made = draw(sign_in(cast.COUNTY_LEADER), cast.COUNTY)
    assert [one["size"] for one in made["draws"]] == [1, 2]
    # The third of them has a part in 邓家铺镇, and none in the neighbour township.
    assert [len(calls(sign_in(person))) for person in (cast.COUNTY_LEADER, VICE, BOTH)] == [1, 1, 1]
