"""What a leader set aside is no secret: with the next pull every phone that has the matter has his reason."""

import pytest
from flask import Flask

from server.domain.ratings import BURST
from tests import cast
from tests.api.mutations import Json, act, new_matter, visit
from tests.api.people import Caller, SignIn
from tests.api.residents import Resident, new_code, on_the_spot, settled

OFFICE = "198.51.100.24"


def cursors(reader: Caller) -> dict[str, int]:
    return {scope["scope"]: scope["version"] for scope in reader.pull()["scopes"]}


def pulled(reader: Caller, since: dict[str, int]) -> Json:
    """The one matter that came."""
    (matter,) = [found for scope in reader.pull(since)["scopes"] for found in scope["matters"]]
    found: Json = matter
    return found


def set_aside(sign_in: SignIn, matter_id: str) -> None:
    leader = sign_in(cast.COUNTY_LEADER)
    listed = leader.get("/api/ratings", which="all").get_json()["ratings"]
    (rating,) = [one for one in listed if one["matter_id"] == matter_id]
    decision = {"decision": "set_aside", "reason": "unreasonable", "text": "不符合规划，已当面说明"}
    assert leader.post(f"/api/ratings/{rating['id']}/decision", decision).status_code == 200


def said(value: str) -> Json:
    return {"value": value, "reason": "unreasonable", "text": "不符合规划，已当面说明"}


@pytest.mark.parametrize("reader", [cast.CADRE, cast.COORDINATOR, cast.HANDLER])
def test_the_reason_comes_with_the_entry_that_says_the_rating(app: Flask, sign_in: SignIn, reader: cast.Person):
    matter, code = new_matter(), new_code()
    sign_in(cast.CADRE).apply(visit(matter))
    sign_in(cast.COORDINATOR).apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    sign_in(cast.HANDLER).apply(act(matter["id"], "resolve", rating_code=code))
    Resident(app).rate(code, "unsatisfied")
    phone = sign_in(reader)
    since = cursors(phone)
    set_aside(sign_in, matter["id"])
    events = pulled(phone, since)["events"]
    assert {event["act"]: event["set_aside"] for event in events if event["set_aside"]} == {
        "reopen": said("unsatisfied")
    }


def test_what_was_held_until_then_comes_with_the_settlement_that_it_was_said_of(app: Flask, sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    made = [(new_matter(title=f"第 {number} 盏灯"), new_code()) for number in range(BURST + 1)]
    cadre.apply(visit(*({**matter, "resolved": on_the_spot(code)} for matter, code in made)))
    for _, code in made:
        Resident(app, OFFICE).rate(code, "satisfied")
    since, last = cursors(cadre), made[-1][0]
    set_aside(sign_in, last["id"])
    events = pulled(cadre, since)["events"]
    assert [event["rating"] for event in events] == [None, None]  # it never had an entry
    assert [event["set_aside"] for event in events] == [None, said("satisfied")]


def test_what_counts_has_no_such_reason(app: Flask, sign_in: SignIn):
    matter, code = settled(sign_in(cast.CADRE))
    Resident(app).rate(code, "satisfied")
    assert [event["set_aside"] for event in sign_in(cast.CADRE).matter(matter["id"])["events"]] == [None] * 3
