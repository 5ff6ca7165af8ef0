"""What enters a reader's scopes, what leaves them, and what he may read of it (CONTRACT rules 7 and 9)."""

import pytest
from flask import Flask

from tests import cast
from tests.api.mutations import PERSONAL, Json, act, new_matter, told_in_full, visit
from tests.api.people import Caller, SignIn
from tests.sync.grants import grant, revoke
from tests.sync.reader import Reader, records

HERE, THERE = f"area:{cast.TOWNSHIP}", f"area:{cast.NEIGHBOUR_TOWNSHIP}"
ELSEWHERE = "430581106201"
"""A village of THERE."""


@pytest.fixture
def matter(sign_in: SignIn) -> Json:
    """A matter of VILLAGE with a resident, to which something was added already."""
    made = told_in_full()
    sign_in(cast.CADRE).apply(visit(made, note="走了三户人家"), act(made["id"], "progress"))
    return made


@pytest.fixture
def assign(app: Flask, sign_in: SignIn, matter: Json):
    """Let the coordinator assign the matter to a unit, by its name."""
    coordinator = sign_in(cast.COORDINATOR)
    return lambda unit: coordinator.apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, unit)))


def removed(answers: list[Json]) -> list[tuple[str, Json]]:
    return [(scope["scope"], gone) for answer in answers for scope in answer["scopes"] for gone in scope["removed"]]


def acts(matter: Json) -> list[str]:
    return [event["act"] for event in matter["events"]]


def at_the_newest(caller: Caller) -> Reader:
    """A phone that has read everything there is so far."""
    reader = Reader(caller)
    reader.read()
    return reader


def test_a_matter_that_is_assigned_to_a_unit_comes_to_its_handler_with_its_whole_history(
    sign_in: SignIn, matter: Json, assign
):
    handler = at_the_newest(sign_in(cast.HANDLER))
    assert handler.matters == {}
    assign(cast.BUREAU)
    handler.read()
    held = handler.matters[matter["id"]]
    assert acts(held) == ["raise", "progress", "assign"]
    assert (held["relations"], held["resident"]) == (["handler"], matter["resident"])
    assert handler.visits == {}


def test_a_matter_that_goes_to_another_unit_is_removed_here_and_arrives_there(
    app: Flask, sign_in: SignIn, matter: Json, assign
):
    assign(cast.BUREAU)
    here, there = at_the_newest(sign_in(cast.HANDLER)), at_the_newest(sign_in(cast.OTHER_HANDLER))
    here.caller.apply(act(matter["id"], "return"))
    unit_here = f"unit:{cast.unit_id(app, cast.BUREAU)}"
    assert removed(here.read()) == [(unit_here, {"kind": "matter", "id": matter["id"]})]
    assign(cast.OTHER_BUREAU)
    assert here.matters == {}
    assert removed(there.read()) == []
    assert acts(there.matters[matter["id"]]) == ["raise", "progress", "assign", "return", "assign"]


def test_what_was_removed_is_said_once_and_to_a_new_phone_too(sign_in: SignIn, matter: Json, assign):
    assign(cast.BUREAU)
    handler = at_the_newest(sign_in(cast.HANDLER))
    assign(cast.OTHER_BUREAU)
    assert len(removed(handler.read())) == 1
    assert records(handler.read()[0]) == []
    assert at_the_newest(sign_in(cast.HANDLER)).matters == {}


def test_a_matter_that_comes_back_is_there_again(sign_in: SignIn, matter: Json, assign):
    handler = sign_in(cast.HANDLER)
    follower, seldom = Reader(handler), Reader(handler)
    for unit in (cast.BUREAU, cast.OTHER_BUREAU, cast.BUREAU):
        assign(unit)
        follower.read()
        assert (matter["id"] in follower.matters) == (unit == cast.BUREAU)
    assert removed(seldom.read()) == []
    assert seldom.matters == follower.matters
    assert acts(seldom.matters[matter["id"]]) == ["raise", "progress", "assign", "assign", "assign"]


def test_a_matter_that_leaves_a_unit_stays_with_a_reader_who_sees_its_township_as_well(
    app: Flask, sign_in: SignIn, matter: Json, assign
):
    grant(app, cast.CADRE, "handler", cast.BUREAU)
    assign(cast.BUREAU)
    both = at_the_newest(sign_in(cast.CADRE))
    assert both.matters[matter["id"]]["relations"] == ["author", "cadre", "handler"]
    assign(cast.OTHER_BUREAU)
    assert removed(both.read()) == []
    assert both.matters[matter["id"]]["relations"] == ["author", "cadre"]


def test_a_matter_that_goes_from_one_unit_of_a_reader_to_another_stays_with_him(
    app: Flask, sign_in: SignIn, matter: Json, assign
):
    grant(app, cast.HANDLER, "handler", cast.OTHER_BUREAU)
    assign(cast.BUREAU)
    both = at_the_newest(sign_in(cast.HANDLER))
    assign(cast.OTHER_BUREAU)
    assert removed(both.read()) == []
    assert both.matters[matter["id"]]["unit_name"] == cast.OTHER_BUREAU


def test_visits_come_to_their_author_alone_and_to_all_his_phones(sign_in: SignIn, matter: Json):
    for phone in (sign_in(cast.CADRE), sign_in(cast.CADRE)):
        assert [trip["note"] for trip in at_the_newest(phone).visits.values()] == ["走了三户人家"]
    for person in (cast.COLLEAGUE, cast.COORDINATOR):
        other = at_the_newest(sign_in(person))
        assert list(other.matters) == [matter["id"]]
        assert other.visits == {}
        assert "走了三户人家" not in str(other.answers)


def test_no_pull_names_a_resident_to_who_does_not_handle_the_matter(app: Flask, sign_in: SignIn, matter: Json, assign):
    assign(cast.BUREAU)
    told = {cast.CADRE: True, cast.COORDINATOR: True, cast.HANDLER: True, cast.COLLEAGUE: False}
    for person, handles in told.items():
        reader = at_the_newest(sign_in(person))
        assert reader.matters[matter["id"]]["resident"] == (matter["resident"] if handles else None)
        assert all((words in str(reader.answers)) == handles for words in PERSONAL)
    grant(app, cast.LEADER, "cadre", cast.OTHER_VILLAGE)
    leader = at_the_newest(sign_in(cast.LEADER))
    assert leader.matters[matter["id"]]["relations"] == ["leader"]
    assert not any(words in str(leader.answers) for words in PERSONAL)


def test_a_handler_reads_no_more_of_the_resident_once_the_matter_went_on(sign_in: SignIn, matter: Json, assign):
    assign(cast.BUREAU)
    handler = at_the_newest(sign_in(cast.HANDLER))
    assign(cast.OTHER_BUREAU)
    handler.answers.clear()
    handler.read()
    assert not any(words in str(handler.answers) for words in (*PERSONAL, matter["title"]))


def test_after_a_change_of_grants_the_answer_starts_from_the_beginning_and_says_so(
    app: Flask, sign_in: SignIn, matter: Json
):
    colleague = at_the_newest(sign_in(cast.COLLEAGUE))
    grant(app, cast.COLLEAGUE, "cadre", cast.VILLAGE)
    answer = colleague.caller.pull(colleague.cursors)
    assert (answer["reset"], answer["access_version"]) == (True, colleague.caller.access_version + 1)
    (again,) = answer["scopes"]
    assert [held["id"] for held in again["matters"]] == [matter["id"]]
    assert (again["matters"][0]["relations"], again["matters"][0]["resident"]) == (
        ["cadre", "township"],
        matter["resident"],
    )
    cursors = {again["scope"]: again["version"]}
    settled = colleague.caller.pull(cursors, answer["access_version"])
    assert (settled["reset"], records(settled)) == (False, [])


def test_cursors_ahead_of_everything_are_ignored_after_a_change_of_grants(app: Flask, sign_in: SignIn, matter: Json):
    cadre = sign_in(cast.CADRE)
    grant(app, cast.CADRE, "cadre", ELSEWHERE)
    answer = cadre.pull({HERE: 2**40})
    assert [(scope["scope"], scope["version"]) for scope in answer["scopes"]] == [(HERE, 1), (THERE, 0)]
    assert matter["id"] in records(answer)


def test_a_scope_that_the_user_no_longer_has_is_named_and_nothing_of_it_is_sent(
    app: Flask, sign_in: SignIn, matter: Json, assign
):
    assign(cast.BUREAU)
    grant(app, cast.HANDLER, "coordinator", cast.TOWNSHIP)
    both = at_the_newest(sign_in(cast.HANDLER))
    unit_scope = f"unit:{cast.unit_id(app, cast.BUREAU)}"
    assert set(both.cursors) == {HERE, unit_scope}
    revoke(app, cast.HANDLER, "handler")
    sign_in(cast.CADRE).apply(act(matter["id"], "progress"))
    answer = both.caller.pull(both.cursors)
    assert (answer["reset"], answer["lost_scopes"]) == (True, [unit_scope])
    assert [scope["scope"] for scope in answer["scopes"]] == [HERE]
    revoke(app, cast.HANDLER, "coordinator")
    answer = both.caller.pull(both.cursors)
    assert (answer["lost_scopes"], answer["scopes"]) == (sorted(both.cursors), [])


def test_a_scope_that_the_user_newly_has_comes_with_what_was_there_before(app: Flask, sign_in: SignIn, matter: Json):
    neighbour = sign_in(cast.NEIGHBOUR)
    own = new_matter()
    neighbour.apply(visit(own, village_code=ELSEWHERE))
    grant(app, cast.NEIGHBOUR, "cadre", cast.OTHER_VILLAGE)
    answer = neighbour.pull({THERE: 1})
    assert answer["reset"] is True
    assert {scope["scope"]: [held["id"] for held in scope["matters"]] for scope in answer["scopes"]} == {
        HERE: [matter["id"]],
        THERE: [own["id"]],
    }


def test_a_scope_in_the_request_that_never_was_the_users_own_opens_nothing(sign_in: SignIn, matter: Json):
    neighbour = sign_in(cast.NEIGHBOUR)
    answer = neighbour.pull({HERE: 0, THERE: 0, "unit:": 0})
    assert answer["lost_scopes"] == [HERE, "unit:"]
    assert records(answer) == []


def test_a_leader_has_no_scope_on_the_phone(sign_in: SignIn, matter: Json):
    for person in (cast.LEADER, cast.COUNTY_LEADER, cast.AUDITOR, cast.ADMIN):
        assert sign_in(person).pull()["scopes"] == []
