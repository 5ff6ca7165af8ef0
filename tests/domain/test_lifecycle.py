"""What DESIGN §3 promises of a matter's life, said by hand, apart from the table."""

import json
from collections.abc import Set

import pytest

from server.domain.lifecycle import OPEN_STATES, STATES, TABLE, VOID_STATES, next_state, refusal
from tests.harness.live_server import ROOT

ACTS = {row.act for row in TABLE}
WORKERS = ("author", "cadre", "handler", "coordinator")
EVERYBODY = {"author", "cadre", "handler", "coordinator", "leader", "township", "resident"}


def allows(act: str, state: str, *relations: str) -> bool:
    return refusal(act, state, set(relations)) is None


def allowed_acts(state: str, relations: Set[str]) -> set[str]:
    """What someone with `relations` may do now."""
    return {act for act in ACTS if refusal(act, state, relations) is None}


def test_the_straight_way_goes_from_raised_to_confirmed():
    state = "raised"
    for act, who, then in (
        ("assign", "coordinator", "assigned"),
        ("accept", "handler", "working"),
        ("resolve", "handler", "resolved"),
        ("confirm", "resident", "confirmed"),
    ):
        assert allows(act, state, who)
        state = next_state(act, state)
        assert state == then


@pytest.mark.parametrize("worker", WORKERS)
def test_whoever_works_on_a_raised_matter_may_resolve_it_at_once(worker: str):
    assert allows("resolve", "raised", worker)
    assert next_state("resolve", "raised") == "resolved"


@pytest.mark.parametrize("worker", WORKERS)
@pytest.mark.parametrize(("act", "state"), [("explain", "explained"), ("unachieve", "unachieved")])
def test_an_honest_failure_is_open_to_whoever_works_on_an_open_matter(worker: str, act: str, state: str):
    for source in OPEN_STATES:
        assert allows(act, source, worker)
        assert next_state(act, source) == state


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_progress_can_be_noted_while_a_matter_is_open(state: str):
    assert all(allows("progress", state, worker) for worker in WORKERS)


def test_progress_begins_the_work_but_does_not_take_a_returned_matter_from_the_coordinator():
    assert next_state("progress", "raised") == "working"
    assert next_state("progress", "assigned") == "working"
    assert next_state("progress", "returned") == "returned"


@pytest.mark.parametrize("who", ["author", "cadre", "handler", "leader", "resident"])
def test_only_a_coordinator_assigns(who: str):
    assert refusal("assign", "raised", {who}) == "not_allowed"
    assert allows("assign", "raised", "coordinator")


def test_a_handler_cannot_assign():
    assert refusal("assign", "returned", {"handler"}) == "not_allowed"


def test_a_returned_matter_goes_to_the_coordinator_who_assigns_it_again():
    assert next_state("return", "assigned") == "returned"
    assert allows("assign", "returned", "coordinator")
    assert next_state("assign", "returned") == "assigned"


def test_a_unit_may_return_a_matter_that_it_has_begun():
    assert allows("return", "working", "handler")


@pytest.mark.parametrize("who", sorted(EVERYBODY - {"handler"}))
def test_only_the_responsible_unit_accepts_and_returns(who: str):
    assert refusal("return", "assigned", {who}) == "not_allowed"
    assert refusal("accept", "assigned", {who}) == "not_allowed"


def test_a_return_needs_its_reason_and_a_sentence():
    assert [row.needs for row in TABLE if row.act == "return"] == [("reason", "text")]


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_what_is_beyond_a_townships_power_goes_up_to_the_coordinator(state: str):
    assert allows("escalate", state, "township")
    assert next_state("escalate", state) == "returned"


@pytest.mark.parametrize("who", ["author", "cadre", "coordinator"])
@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_who_sends_up_what_a_bureau_has_by_now_was_late_and_did_no_wrong(state: str, who: str):
    assert refusal("escalate", state, {who}) == "state_forbids"


@pytest.mark.parametrize("who", ["handler", "leader", "resident"])
def test_only_the_township_says_that_it_is_beyond_its_power(who: str):
    assert refusal("escalate", "raised", {who}) == "not_allowed"


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_a_coordinator_gives_an_open_matter_more_time_and_it_stays_where_it_is(state: str):
    assert allows("extend", state, "coordinator")
    assert next_state("extend", state) == state
    assert [row.needs for row in TABLE if row.act == "extend"] == [("due_day", "text")]


@pytest.mark.parametrize("who", ["author", "cadre", "handler", "township", "leader", "resident"])
def test_nobody_else_gives_more_time(who: str):
    assert refusal("extend", "assigned", {who}) == "not_allowed"


@pytest.mark.parametrize("state", sorted(STATES.keys() - OPEN_STATES - VOID_STATES))
def test_nothing_is_extended_once_it_is_settled(state: str):
    assert refusal("extend", state, {"coordinator"}) == "state_forbids"


@pytest.mark.parametrize("worker", WORKERS)
def test_a_resident_is_asked_about_what_was_settled_by_whoever_works_on_it(worker: str):
    for state in ("resolved", "explained"):
        assert allows("invite", state, worker)
        assert next_state("invite", state) == state
    for state in sorted(STATES.keys() - {"resolved", "explained"}):
        assert refusal("invite", state, {worker}) == "state_forbids"


@pytest.mark.parametrize("who", ["leader", "resident"])
def test_who_does_not_work_on_a_matter_invites_nobody_to_rate_it(who: str):
    assert refusal("invite", "resolved", {who}) == "not_allowed"


@pytest.mark.parametrize("act", ["confirm", "reopen"])
def test_a_resident_says_his_word_about_everything_that_was_resolved_or_explained(act: str):
    for state in ("resolved", "explained", "confirmed"):
        assert allows(act, state, "resident")


def test_a_satisfied_resident_confirms_what_was_resolved_and_leaves_an_explanation_what_it_is():
    assert next_state("confirm", "resolved") == "confirmed"
    assert next_state("confirm", "reopened") == "confirmed"
    assert next_state("confirm", "explained") == "explained"


@pytest.mark.parametrize("act", ["resolve", "explain", "unachieve", "reopen", "withdraw", "progress"])
def test_an_outcome_needs_its_sentence(act: str):
    assert all(row.needs == ("text",) for row in TABLE if row.act == act)


@pytest.mark.parametrize("who", sorted(EVERYBODY - {"resident"}))
def test_only_the_resident_confirms(who: str):
    assert refusal("confirm", "resolved", {who}) == "not_allowed"
    assert allows("confirm", "resolved", "resident")


@pytest.mark.parametrize("state", ["resolved", "explained", "unachieved"])
@pytest.mark.parametrize("who", ["resident", "leader", "coordinator", "author"])
def test_a_closed_matter_is_reopened_by_the_resident_a_leader_or_who_closed_it_by_mistake(who: str, state: str):
    assert allows("reopen", state, who)
    assert next_state("reopen", state) == "reopened"


@pytest.mark.parametrize("who", ["cadre", "handler"])
def test_who_only_works_on_a_matter_does_not_reopen_it(who: str):
    assert refusal("reopen", "resolved", {who}) == "not_allowed"


def test_what_a_resident_confirmed_is_reopened_only_by_the_resident_or_a_leader():
    assert allows("reopen", "confirmed", "resident")
    assert allows("reopen", "confirmed", "leader")
    assert refusal("reopen", "confirmed", {"author"}) == "state_forbids"
    assert refusal("reopen", "confirmed", {"coordinator"}) == "state_forbids"


@pytest.mark.parametrize("who", sorted(EVERYBODY - {"author"}))
def test_only_the_author_withdraws(who: str):
    assert refusal("withdraw", "raised", {who}) == "not_allowed"
    assert allows("withdraw", "raised", "author")


def test_what_a_resident_confirmed_cannot_be_withdrawn():
    assert refusal("withdraw", "confirmed", {"author"}) == "state_forbids"


def test_what_a_resident_said_is_made_unsaid_by_no_act():
    """Withdrawn or merged, a matter counts nowhere; nothing else depends on what the resident said."""
    for state in STATES:
        for act in ACTS:
            before, after = (refusal(act, state, EVERYBODY, answered=answered) for answered in (False, True))
            voids = before is None and next_state(act, state) in VOID_STATES
            assert after == ("resident_answered" if voids else before), (act, state)


def test_who_may_never_withdraw_is_told_so_whether_or_not_the_resident_answered():
    assert refusal("withdraw", "reopened", {"cadre"}, answered=True) == "not_allowed"
    assert refusal("withdraw", "merged", {"author"}, answered=True) == "state_forbids"


@pytest.mark.parametrize("who", sorted(EVERYBODY - {"coordinator"}))
def test_only_a_coordinator_merges(who: str):
    assert refusal("merge", "raised", {who}) == "not_allowed"


def test_a_leader_reads_and_reopens_and_does_nothing_else():
    assert {act for state in STATES for act in allowed_acts(state, {"leader"})} == {"reopen"}


@pytest.mark.parametrize("who", sorted(EVERYBODY))
@pytest.mark.parametrize("state", sorted(VOID_STATES))
def test_no_act_leaves_a_void_state(state: str, who: str):
    assert allowed_acts(state, {who}) == set()


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("state", sorted(VOID_STATES))
def test_an_act_on_a_void_matter_comes_too_late_and_is_no_wrong(state: str, act: str):
    assert refusal(act, state, EVERYBODY) == "state_forbids"


@pytest.mark.parametrize("who", ["author", "cadre", "coordinator"])
def test_a_mistake_can_be_corrected_until_the_matter_is_void(who: str):
    for state in STATES.keys() - VOID_STATES:
        assert allows("correct", state, who)
        assert next_state("correct", state) == state


def test_every_state_is_reachable_from_raised():
    reached = {"raised"}
    while more := {next_state(act, state) for state in reached for act in allowed_acts(state, EVERYBODY)} - reached:
        reached |= more
    assert reached == STATES.keys()


def test_every_open_matter_can_still_come_to_each_outcome():
    for state in OPEN_STATES:
        assert {"resolve", "explain", "unachieve"} <= allowed_acts(state, {"cadre"})


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("state", STATES)
def test_who_has_no_relation_to_a_matter_may_do_nothing(state: str, act: str):
    assert refusal(act, state, set()) == "not_allowed"


def test_what_two_relations_may_do_is_what_either_may():
    for state in STATES:
        for one in EVERYBODY:
            for other in EVERYBODY:
                either = allowed_acts(state, {one}) | allowed_acts(state, {other})
                assert allowed_acts(state, {one, other}) == either


def test_where_an_act_leads_depends_on_the_state_and_never_on_who_acts():
    pairs = [(row.act, source) for row in TABLE for source in row.sources]
    assert len(pairs) == len(set(pairs))


def test_an_act_nobody_has_heard_of_is_refused_as_such():
    assert refusal("praise", "raised", EVERYBODY) == "act_unknown"


def test_asking_where_an_impossible_act_leads_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="accept is not possible in resolved"):
        next_state("accept", "resolved")


def test_the_cases_that_the_phone_is_tested_with_hold_here_too():
    cases = json.loads((ROOT / "tests/contract/lifecycle_cases.json").read_text())
    assert {case["state"] for case in cases} == STATES.keys()
    assert {case["act"] for case in cases} > ACTS
    for case in cases:
        why = refusal(case["act"], case["state"], set(case["relations"]), answered=case["answered"])
        assert why == case["refusal"], case
        if case["refusal"] is None:
            assert next_state(case["act"], case["state"]) == case["next"], case
