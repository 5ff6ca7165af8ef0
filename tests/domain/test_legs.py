"""What becomes of a matter's history when it is counted: the stretches of days, a promise each."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from server.domain.legs import Answer, Entry, Leg
from server.domain.lifecycle import OPEN_STATES, VOID_STATES
from tests.domain.entries import (
    BUREAU,
    DUE,
    HOME,
    MARCH_1,
    OTHER,
    RESOLVED,
    assigned,
    confirmed,
    extended,
    legs,
    march,
    raised,
    reopened,
    resolved,
)


def days(of: list[Leg]) -> list[tuple[str, int, str | None, int | None]]:
    """How each leg began, on which day of March, how it ended, and when."""

    def number(day: date | None) -> int | None:
        return (day - MARCH_1).days + 1 if day else None

    return [(leg.began, number(leg.from_day) or 0, leg.ended, number(leg.until_day)) for leg in of]


def test_an_open_matter_is_one_leg_without_an_end():
    (leg,) = legs(raised())
    assert days([leg]) == [("raised", 1, None, None)]
    assert (leg.unit_id, leg.due_day, leg.days_taken, leg.settled_by) == (HOME, DUE, None, None)


def test_what_was_resolved_on_the_spot_was_raised_and_resolved_and_never_open():
    (leg,) = legs(raised(3), resolved(3, on_the_spot=True))
    assert days([leg]) == [("raised", 3, "resolved", 3)]
    assert (leg.on_the_spot, leg.days_taken, leg.late_day) == (True, 0, None)


@pytest.mark.parametrize(
    ("act", "state", "ended"),
    [("resolve", "resolved", "resolved"), ("explain", "explained", "explained"),
     ("unachieve", "unachieved", "unachieved"), ("confirm", "confirmed", "resolved")],
)  # fmt: skip
def test_each_way_to_settle_a_matter_ends_its_leg(act: str, state: str, ended: str):
    (leg,) = legs(raised(), Entry(RESOLVED, act, march(9), state))
    assert (leg.ended, leg.until_day, leg.settled_by) == (ended, march(9), RESOLVED)
    assert leg.days_taken == (8 if ended == "resolved" else None)


@pytest.mark.parametrize("state", sorted(VOID_STATES))
def test_what_was_merged_or_withdrawn_has_none_even_of_the_days_before(state: str):
    assert legs(raised(), assigned(5), resolved(8), Entry(OTHER, "withdraw", march(20), state)) == []


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_what_only_changes_the_state_begins_no_leg(state: str):
    assert days(legs(raised(), Entry(OTHER, "progress", march(4), state))) == [("raised", 1, None, None)]


def test_with_another_unit_another_leg_begins():
    first, second = legs(raised(), assigned(5), resolved(9))
    assert days([first, second]) == [("raised", 1, "moved", 5), ("moved", 5, "resolved", 9)]
    assert (first.unit_id, second.unit_id) == (HOME, BUREAU)
    assert (first.days_taken, second.days_taken) == (None, 8), "the days since the resident was heard"


def test_with_another_due_day_too_but_nothing_went_from_one_unit_to_another():
    first, second = legs(raised(), extended(5, DUE + timedelta(days=20)))
    assert days([first, second]) == [("raised", 1, "redated", 5), ("redated", 5, None, None)]
    assert (first.due_day, second.due_day) == (DUE, DUE + timedelta(days=20))


def test_what_was_given_to_the_unit_that_had_it_until_the_same_day_went_nowhere():
    assert days(legs(raised(), assigned(5, HOME))) == [("raised", 1, None, None)]


def test_what_was_assigned_on_the_day_on_which_it_was_raised_began_with_its_unit():
    (leg,) = legs(raised(), assigned(1))
    assert (leg.began, leg.unit_id) == ("raised", BUREAU)


def test_what_was_given_on_twice_in_a_day_went_to_where_it_stayed():
    legs_then = legs(raised(), assigned(5), assigned(5, OTHER))
    assert days(legs_then) == [("raised", 1, "moved", 5), ("moved", 5, None, None)]
    assert legs_then[-1].unit_id == OTHER


def test_what_came_back_on_the_same_day_had_never_gone():
    assert days(legs(raised(), assigned(5), assigned(5, HOME))) == [("raised", 1, None, None)]


def test_what_was_redated_and_then_given_on_the_same_day_moved():
    both = legs(raised(), extended(5, DUE + timedelta(days=1)), assigned(5))
    assert days(both) == [("raised", 1, "moved", 5), ("moved", 5, None, None)]
    back = legs(raised(), assigned(5, BUREAU, march(20)), assigned(5, HOME, march(20)))
    assert days(back) == [("raised", 1, "redated", 5), ("redated", 5, None, None)]


def test_a_unit_that_settles_on_the_day_on_which_it_was_asked_is_seen_with_what_it_did():
    first, second = legs(raised(), assigned(5), resolved(5))
    assert days([first, second]) == [("raised", 1, "moved", 5), ("moved", 5, "resolved", 5)]
    assert second.unit_id == BUREAU


def test_resolved_twice_is_counted_twice_with_the_reopening_between():
    again = UUID(int=10)
    first, second = legs(raised(), resolved(5), reopened(8, by_resident=True), resolved(9, again))
    assert days([first, second]) == [("raised", 1, "resolved", 5), ("reopened", 8, "resolved", 9)]
    assert (first.days_taken, second.days_taken) == (4, 8)
    assert (first.settled_by, second.settled_by) == (RESOLVED, again)


def test_a_settlement_taken_back_on_its_day_was_none():
    assert days(legs(raised(), resolved(5), reopened(5))) == [("raised", 1, None, None)]
    assert days(legs(raised(), resolved(1, on_the_spot=True), reopened(1), resolved(4))) == [
        ("raised", 1, "resolved", 4)
    ]
    assert not legs(raised(), resolved(1, on_the_spot=True), reopened(1))[0].on_the_spot


def test_what_a_resident_reopens_stays_counted_even_on_the_same_day():
    assert days(legs(raised(), resolved(5), reopened(5, by_resident=True))) == [
        ("raised", 1, "resolved", 5), ("reopened", 5, None, None),
    ]  # fmt: skip


def test_what_a_resident_has_answered_is_not_taken_back():
    answered = {RESOLVED: Answer(asked=True, day=march(5), confirmed=True)}
    kept = legs(raised(), resolved(5), confirmed(5), reopened(5), answers=answered)
    assert days(kept) == [("raised", 1, "resolved", 5), ("reopened", 5, None, None)]
    assert kept[0].confirmed


def test_a_reopening_that_the_resident_takes_back_on_its_day_was_none():
    mended = legs(raised(), resolved(5), reopened(7, by_resident=True), confirmed(7))
    assert days(mended) == [("raised", 1, "resolved", 5)]
    later = legs(raised(), resolved(5), reopened(7, by_resident=True), confirmed(9))
    assert days(later) == [("raised", 1, "resolved", 5), ("reopened", 7, "resolved", 9)]


def test_nothing_counts_before_what_the_server_heard_of_earlier():
    """Whoever was offline says that he resolved it on the 3rd; on the 10th it had been given to somebody else."""
    assert days(legs(raised(), assigned(10), resolved(3))) == [
        ("raised", 1, "moved", 10), ("moved", 10, "resolved", 10),
    ]  # fmt: skip


def test_it_is_overdue_from_the_day_after_it_was_due_until_it_ends():
    (open_leg,) = legs(raised(due_day=march(10)))
    assert open_leg.late_day == march(11)
    (late,) = legs(raised(due_day=march(10)), resolved(12))
    assert late.late_day == march(11)


@pytest.mark.parametrize("day", [10, 11])
def test_what_is_settled_before_the_day_after_was_never_overdue_at_the_end_of_a_day(day: int):
    (leg,) = legs(raised(due_day=march(10)), resolved(day))
    assert leg.late_day is None


def test_what_was_overdue_stays_so_in_the_past_when_it_is_extended():
    first, second = legs(raised(due_day=march(10)), extended(15, march(25)))
    assert (first.late_day, second.late_day) == (march(11), march(26))


def test_what_is_overdue_when_it_is_given_on_is_overdue_with_the_next_unit_at_once():
    _, second = legs(raised(due_day=march(10)), assigned(15))
    assert second.late_day == march(15)


def test_what_was_asked_and_answered_stands_beside_its_settlement():
    answers = {RESOLVED: Answer(asked=True, day=march(6), confirmed=False)}
    first, second = legs(raised(), resolved(5), reopened(6, by_resident=True), answers=answers)
    assert (first.asked, first.answered_day, first.confirmed) == (True, march(6), False)
    assert (second.asked, second.answered_day, second.confirmed) == (False, None, False)


def test_what_nobody_answered_is_only_asked():
    (leg,) = legs(raised(), resolved(5), answers={RESOLVED: Answer(asked=True)})
    assert (leg.asked, leg.answered_day, leg.confirmed) == (True, None, False)


def test_what_is_beyond_a_townships_power_is_counted_with_the_unit_that_has_it_now():
    first, second = legs(raised(), assigned(9), beyond_power_day=march(4))
    assert (first.beyond_power_day, second.beyond_power_day) == (None, march(4))


def test_a_history_that_does_not_say_with_whom_it_begins_is_no_history():
    with pytest.raises(ValueError, match="with whom"):
        legs(raised(unit_id=None))
