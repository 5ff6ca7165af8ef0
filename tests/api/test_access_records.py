"""What each person may do to a matter, and that a record is shown to nobody else."""

import pytest
from flask import Flask

from tests import cast
from tests.api.contents import SYNC_NOTES, contents
from tests.api.mutations import DETAIL, PERSONAL, TITLE, Json, act, correct, new_id, push_of, told_in_full, visit
from tests.api.people import Caller, SignIn
from tests.api.who_sees import LEADERS, PERIOD, SEES_MATTER, SEES_RESIDENT

WHAT_EACH_MAY_DO: dict[str, dict[str, str | None]] = {
    # act: {person: refusal, None for applied}
    "progress": {
        "cadre": None, "colleague": "not_allowed", "neighbour": "matter_not_found", "coordinator": None,
        "handler": None, "other_handler": "matter_not_found", "leader": "not_allowed", "county_leader": "not_allowed",
        "neighbour_leader": "matter_not_found", "auditor": "matter_not_found", "admin": "matter_not_found",
    },
    "return": {
        "cadre": "not_allowed", "colleague": "not_allowed", "neighbour": "matter_not_found",
        "coordinator": "not_allowed", "handler": None, "other_handler": "matter_not_found", "leader": "not_allowed",
        "county_leader": "not_allowed", "neighbour_leader": "matter_not_found", "auditor": "matter_not_found",
        "admin": "matter_not_found",
    },
    "assign": {
        "cadre": "not_allowed", "colleague": "not_allowed", "neighbour": "matter_not_found", "coordinator": None,
        "handler": "not_allowed", "other_handler": "matter_not_found", "leader": "not_allowed",
        "county_leader": "not_allowed", "neighbour_leader": "matter_not_found", "auditor": "matter_not_found",
        "admin": "matter_not_found",
    },
    "confirm": {  # The resident's own word: nobody who works on a matter may enter it.
        "cadre": "not_allowed", "colleague": "not_allowed", "neighbour": "matter_not_found",
        "coordinator": "not_allowed", "handler": "not_allowed", "other_handler": "matter_not_found",
        "leader": "not_allowed", "county_leader": "not_allowed", "neighbour_leader": "matter_not_found",
        "auditor": "matter_not_found", "admin": "matter_not_found",
    },
    "correct": {
        "cadre": None, "colleague": "not_allowed", "neighbour": "matter_not_found", "coordinator": None,
        "handler": "not_allowed", "other_handler": "matter_not_found", "leader": "not_allowed",
        "county_leader": "not_allowed", "neighbour_leader": "matter_not_found", "auditor": "matter_not_found",
        "admin": "matter_not_found",
    },
    "visit": {
        "cadre": None, "colleague": None, "neighbour": "village_not_allowed", "coordinator": "village_not_allowed",
        "handler": "village_not_allowed", "other_handler": "village_not_allowed", "leader": "village_not_allowed",
        "county_leader": "village_not_allowed", "neighbour_leader": "village_not_allowed",
        "auditor": "village_not_allowed", "admin": "village_not_allowed",
    },
}  # fmt: skip


def _mutation(what: str, person: cast.Person, matter_id: str, bureau: str) -> Json:
    if what == "visit":
        return visit(told_in_full())
    if what == "correct":
        return correct(matter_id, title=f"由 {person.name} 更正")
    return act(matter_id, what, **({"unit_id": bureau} if what == "assign" else {}))


@pytest.mark.parametrize("what", WHAT_EACH_MAY_DO)
def test_a_push_does_what_the_person_may_do_and_otherwise_writes_nothing(
    app: Flask, sign_in: SignIn, matter_id: str, what: str, subtests: pytest.Subtests
):
    bureau = cast.unit_id(app, cast.BUREAU)
    before = contents(app, *SYNC_NOTES)
    # Those who are refused come first, so that each of them finds the matter as it was.
    for person in sorted(cast.EVERYBODY, key=lambda person: WHAT_EACH_MAY_DO[what][person.username] is None):
        with subtests.test(person=person.username):
            (receipt,) = sign_in(person).push(_mutation(what, person, matter_id, bureau))
            refusal = receipt["error"] and receipt["error"]["code"]
            assert refusal == WHAT_EACH_MAY_DO[what][person.username]
            assert (contents(app, *SYNC_NOTES) == before) == bool(refusal)


def test_a_push_without_a_session_writes_nothing_at_all(app: Flask, nobody: Caller, matter_id: str):
    before = contents(app)
    answer = nobody.post("/api/sync/push", push_of(nobody.device_id, act(matter_id, "progress"), visit(told_in_full())))
    assert answer.status_code == 401
    assert contents(app) == before


def test_the_resident_is_shown_to_who_handles_the_matter_and_to_nobody_else(sign_in: SignIn, matter_id: str):
    for person in SEES_MATTER:
        resident = sign_in(person).matter(matter_id)["resident"]
        assert (resident is not None) == (person in SEES_RESIDENT), person.name


def test_a_colleague_without_the_village_has_the_matter_on_the_phone_but_not_the_resident(
    sign_in: SignIn, matter_id: str
):
    matter = sign_in(cast.COLLEAGUE).matters()[matter_id]
    assert (matter["title"], matter["detail"], matter["relations"]) == (TITLE, DETAIL, [])
    assert matter["resident"] is None


def test_a_cadre_of_the_township_who_records_in_a_village_that_is_not_his_handles_what_he_recorded(sign_in: SignIn):
    matter = told_in_full()
    colleague = sign_in(cast.COLLEAGUE)
    colleague.apply(visit(matter))
    # As long as his township has it, he may send it up too.
    assert colleague.matter(matter["id"])["relations"] == ["author", "township"]
    assert colleague.matter(matter["id"])["resident"] == matter["resident"]


def test_a_corrected_name_or_phone_is_not_shown_in_the_history_either(sign_in: SignIn, matter_id: str):
    sign_in(cast.CADRE).apply(correct(matter_id, resident_name="龙桂芳", title="水管破裂", resident_phone=None))
    for person in SEES_MATTER:
        corrected = {
            change["field"] for event in sign_in(person).matter(matter_id)["events"] for change in event["changes"]
        }
        personal = {"resident_name", "resident_phone"} if person in SEES_RESIDENT else set()
        assert corrected == {"title"} | personal, person.name


def test_a_pull_never_gives_what_belongs_to_a_neighbour(sign_in: SignIn, matter_id: str):
    for person in (cast.NEIGHBOUR, cast.OTHER_HANDLER, *LEADERS, cast.AUDITOR, cast.ADMIN):
        stranger = sign_in(person)
        wanted = {f"area:{cast.TOWNSHIP}": 0}
        for access_version in (stranger.access_version, 0):
            answer = stranger.pull(wanted, access_version)
            assert answer["lost_scopes"] == list(wanted)
            assert [scope["matters"] + scope["visits"] + scope["removed"] for scope in answer["scopes"]] == (
                [[]] * len(answer["scopes"])
            )
            assert f"area:{cast.TOWNSHIP}" not in {scope["scope"] for scope in answer["scopes"]}


def test_a_bureau_gets_only_what_was_assigned_to_it(sign_in: SignIn, matter_id: str):
    other = told_in_full()
    sign_in(cast.CADRE).apply(visit(other))
    assert set(sign_in(cast.HANDLER).matters()) == {matter_id}
    assert sign_in(cast.OTHER_HANDLER).matters() == {}


def test_a_stranger_cannot_tell_a_matter_that_he_may_not_see_from_one_that_does_not_exist(
    sign_in: SignIn, matter_id: str
):
    stranger = sign_in(cast.NEIGHBOUR)
    known, unknown = stranger.get(f"/api/matters/{matter_id}"), stranger.get(f"/api/matters/{new_id()}")
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    receipts = stranger.push(act(matter_id, "progress"), act(new_id(), "progress"))
    assert receipts[0]["error"] == receipts[1]["error"]


def test_a_coordinator_cannot_merge_into_a_matter_he_may_not_see(sign_in: SignIn, matter_id: str):
    foreign = told_in_full()
    sign_in(cast.NEIGHBOUR).apply(visit(foreign, village_code="430581106201"))
    coordinator = sign_in(cast.COORDINATOR)
    assert coordinator.refused(act(matter_id, "merge", into_id=foreign["id"])) == "matter_not_found"


def test_no_tally_and_no_list_behind_it_names_a_resident(sign_in: SignIn, matter_id: str):
    leader = sign_in(cast.COUNTY_LEADER)
    for path, more in (("/api/tallies", {}), ("/api/tallies/matters", {"measure": "raised"})):
        said = leader.get(path, **PERIOD, **more).get_data(as_text=True)
        assert "430581" in said or matter_id in said
        assert not any(words in said for words in (*PERSONAL, DETAIL, "resident"))
