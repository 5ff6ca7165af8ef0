"""Whoever tries to turn a resident's word round, to make it unsaid, or to keep him from saying it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask

from server.actions.ratings import rate
from server.domain.ratings import Answer
from server.store.db import writing
from tests import cast
from tests.api.contents import contents
from tests.api.mutations import act, new_matter, visit
from tests.api.people import SignIn
from tests.api.residents import Resident, let_days_pass, settled, text_of

ALL_DAYS = {"from": "2025-01-01", "to": "2199-01-01"}


@pytest.mark.parametrize("again", ["resolve", "explain"])
def test_who_opens_a_matter_and_closes_it_again_silences_no_link_that_was_handed_out(
    app: Flask, sign_in: SignIn, again: str
):
    cadre, leader, resident = sign_in(cast.CADRE), sign_in(cast.LEADER), Resident(app)
    matter, code = settled(cadre)
    cadre.apply(act(matter["id"], "reopen"), act(matter["id"], again, text="换成了太阳能灯"))
    assert "换成了太阳能灯" in text_of(resident.open(code))
    assert leader.get("/api/tallies", **ALL_DAYS).get_json()["total"]["asked"] == 1
    resident.rate(code, "unsatisfied")
    assert cadre.matter(matter["id"])["state"] == "reopened"


def test_a_link_that_has_ended_asks_nobody_about_what_was_settled_since(app: Flask, sign_in: SignIn):
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.LEADER)
    matter, _ = settled(cadre)
    cadre.apply(act(matter["id"], "reopen"))
    let_days_pass(app, 60.1)
    cadre.apply(act(matter["id"], "resolve"))
    assert leader.get("/api/tallies", **ALL_DAYS).get_json()["total"]["asked"] == 0


def test_a_link_turns_round_neither_what_was_said_elsewhere_nor_what_a_caller_heard(app: Flask, sign_in: SignIn):
    """Its code lies on the phone of who did the work."""
    cadre, resident = sign_in(cast.CADRE), Resident(app)
    _, code = settled(cadre)
    resident.rate(code, "unsatisfied", "刘支书说好的灯没有来")
    other = Resident(app)
    before = contents(app)
    page = text_of(other.open(code))
    assert "请用当时评价的那部手机打开" in page
    assert "刘支书" not in page
    assert "<button" not in page
    assert other.refused(code)[0] == 409
    assert contents(app) == before
    assert "刘支书" in text_of(resident.open(code))

    phoned, its_code = settled(cadre)
    event_id = UUID(cadre.matter(phoned["id"])["events"][-1]["id"])
    with app.app_context(), writing() as session:
        rate(session, event_id, Answer("unsatisfied", "打电话时说灯又坏了", "callback", datetime.now(UTC)))
    for anyone in (resident, other):
        page = text_of(anyone.open(its_code))
        assert "已经评价过了" in page
        assert "打电话时说" not in page
        assert anyone.refused(its_code)[0] == 409
    assert cadre.matter(phoned["id"])["state"] == "reopened"


def test_what_a_leader_opened_again_no_earlier_link_closes(app: Flask, sign_in: SignIn):
    cadre, resident = sign_in(cast.CADRE), Resident(app)
    matter, code = settled(cadre)
    resident.rate(code, "satisfied")
    sign_in(cast.LEADER).apply(act(matter["id"], "reopen"))
    assert resident.refused(code, "partly")[0] == 409
    assert cadre.matter(matter["id"])["state"] == "reopened"


def test_nobody_of_ours_confirms_in_the_residents_place(sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    matter, _ = settled(cadre)
    for person in (cast.CADRE, cast.COORDINATOR, cast.LEADER):
        assert sign_in(person).refused(act(matter["id"], "confirm")) == "not_allowed"
    assert cadre.matter(matter["id"])["state"] == "resolved"


def test_a_code_belongs_to_one_settlement(app: Flask, sign_in: SignIn):
    cadre, other = sign_in(cast.CADRE), new_matter()
    _, code = settled(cadre)
    cadre.apply(visit(other))
    assert cadre.refused(act(other["id"], "resolve", rating_code=code)) == "id_taken"
    assert cadre.matter(other["id"])["state"] == "raised"


@pytest.mark.parametrize(("entry", "who"), [("withdraw", cast.CADRE), ("merge", cast.COORDINATOR)])
def test_what_a_resident_said_is_made_unsaid_by_nobody(app: Flask, sign_in: SignIn, entry: str, who: cast.Person):
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.LEADER)
    matter, code = settled(cadre)
    other = new_matter()
    cadre.apply(visit(other))
    Resident(app).rate(code, "unsatisfied")
    before = leader.get("/api/tallies", **ALL_DAYS).get_json()["total"]
    more = {"into_id": other["id"]} if entry == "merge" else {}
    sign_in(who).apply(act(matter["id"], entry, **more))
    assert cadre.matter(matter["id"])["events"][-1]["refused_because"] == "resident_answered"
    assert cadre.matter(matter["id"])["state"] == "reopened"
    assert leader.get("/api/tallies", **ALL_DAYS).get_json()["total"] == before
