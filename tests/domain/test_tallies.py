"""What each number of a tally means, a sentence each. That SQL counts the same is tested in tests/store."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest

from server.domain.legs import Answer, Entry, Leg
from server.domain.lifecycle import OPEN_STATES, STATES, VOID_STATES
from server.domain.refusals import Refusal
from server.domain.tallies import MEASURES, Period, add_up, counts, months_until, period, period_before
from tests.domain.entries import (
    BUREAU,
    HOME,
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

MARCH = Period(march(1), march(31), march(31))
APRIL = Period(date(2026, 4, 1), date(2026, 4, 30), date(2026, 4, 30))
FEBRUARY_28, APRIL_1 = march(0), march(32)


def numbers(of: Sequence[Leg], when: Period = MARCH) -> dict[str, int]:
    """The numbers that count these legs, with how many of them; no zeros."""
    found = {name: sum(counts(measure, leg, when) for leg in of) for name, measure in MEASURES.items()}
    return {name: number for name, number in found.items() if number}


def closed(state: str, day: int = 20) -> Entry:
    return Entry(RESOLVED, "settle", march(day), state)


def test_an_open_matter_is_new_and_open():
    assert numbers(legs(raised(10))) == {"raised": 1, "open": 1}


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_every_open_state_is_open(state: str):
    assert numbers(legs(raised(10), Entry(OTHER, "progress", march(12), state))) == {"raised": 1, "open": 1}


def test_a_resolved_matter_counts_as_resolved_and_not_as_open():
    assert numbers(legs(raised(10), resolved(20))) == {"raised": 1, "resolved": 1}


def test_a_matter_resolved_on_the_spot_counts_among_the_resolved():
    on_the_spot = legs(raised(10), resolved(10, on_the_spot=True))
    assert numbers(on_the_spot) == {"raised": 1, "resolved": 1, "resolved_on_the_spot": 1}


def test_a_confirmed_matter_is_still_resolved_and_who_was_asked_and_answered_stands_beside_it():
    answers = {RESOLVED: Answer(asked=True, day=march(25), confirmed=True)}
    assert numbers(legs(raised(10), resolved(20), confirmed(25), answers=answers)) == {
        "raised": 1, "resolved": 1, "asked": 1, "answered": 1, "confirmed": 1,
    }  # fmt: skip


def test_an_answer_counts_on_its_own_day_and_the_question_on_the_day_of_the_settlement():
    answers = {RESOLVED: Answer(asked=True, day=APRIL_1, confirmed=True)}
    answered_later = legs(raised(10), resolved(20), Entry(OTHER, "confirm", APRIL_1, "confirmed"), answers=answers)
    assert numbers(answered_later) == {"raised": 1, "resolved": 1, "asked": 1}
    assert numbers(answered_later, APRIL) == {"answered": 1, "confirmed": 1}


def test_a_resident_who_is_not_satisfied_answered_and_confirmed_nothing():
    answers = {RESOLVED: Answer(asked=True, day=march(25), confirmed=False)}
    unsatisfied = legs(raised(10), resolved(20), reopened(25, by_resident=True), answers=answers)
    assert numbers(unsatisfied) == {"raised": 1, "resolved": 1, "asked": 1, "answered": 1, "reopened": 1, "open": 1}


def test_honest_failures_stand_apart_from_what_was_resolved():
    assert numbers(legs(raised(10), closed("explained"))) == {"raised": 1, "explained": 1}
    assert numbers(legs(raised(10), closed("unachieved"))) == {"raised": 1, "unachieved": 1}


@pytest.mark.parametrize("state", sorted(VOID_STATES))
def test_what_was_merged_or_withdrawn_counts_nowhere(state: str):
    answers = {RESOLVED: Answer(asked=True, day=march(21), confirmed=True)}
    for past in ((), (assigned(12), reopened(15)), (resolved(10, on_the_spot=True),)):
        assert numbers(legs(raised(10), *past, closed(state), answers=answers, beyond_power_day=march(11))) == {}


def test_the_first_and_the_last_day_belong_to_the_period():
    for day in (1, 31):
        assert "raised" in numbers(legs(raised(day)))
        assert "resolved" in numbers(legs(raised(-60), resolved(day)))


def test_the_days_around_a_period_do_not_belong_to_it():
    for day in (0, 32):
        assert "raised" not in numbers(legs(raised(day)))
        assert "resolved" not in numbers(legs(raised(-60), resolved(day)))


def test_a_matter_raised_before_the_period_and_resolved_in_it_was_carried_over_and_is_not_new():
    assert numbers(legs(raised(-90), resolved(1))) == {"carried_over": 1, "resolved": 1}


def test_only_what_was_open_at_the_end_of_the_day_before_was_carried_over():
    assert "carried_over" in numbers(legs(raised(0)))
    assert "carried_over" not in numbers(legs(raised(1)))
    assert numbers(legs(raised(-9), resolved(0))) == {}


def test_a_matter_closed_after_the_period_was_still_open_at_its_end():
    assert numbers(legs(raised(10), resolved(32))) == {"raised": 1, "open": 1}


def test_a_matter_that_was_raised_after_the_period_was_not_yet_open():
    assert numbers(legs(raised(32))) == {}


def test_what_was_resolved_twice_counts_twice_with_the_reopening_between():
    twice = legs(raised(2), resolved(5), reopened(8, by_resident=True), resolved(12, OTHER))
    assert numbers(twice) == {"raised": 1, "resolved": 2, "reopened": 1}


def test_what_was_reopened_after_the_period_stays_resolved_in_it_and_comes_back_in_the_next():
    reopened_later = legs(raised(2), resolved(5), reopened(33))
    assert numbers(reopened_later) == {"raised": 1, "resolved": 1}
    assert numbers(reopened_later, APRIL) == {"reopened": 1, "open": 1}


def test_what_was_given_on_left_one_unit_and_came_to_another_and_is_open_once():
    given_on = legs(raised(2), assigned(5))
    assert numbers(given_on) == {"raised": 1, "moved_out": 1, "moved_in": 1, "open": 1}
    assert numbers([leg for leg in given_on if leg.unit_id == HOME]) == {"raised": 1, "moved_out": 1}
    assert numbers([leg for leg in given_on if leg.unit_id == BUREAU]) == {"moved_in": 1, "open": 1}


def test_another_due_day_moves_nothing_between_units():
    assert numbers(legs(raised(2), extended(5, march(60)))) == {"raised": 1, "open": 1}


def test_what_is_beyond_a_townships_power_counts_on_the_day_on_which_it_was_said():
    said = legs(raised(2), assigned(5), beyond_power_day=march(3))
    assert numbers(said)["beyond_power"] == 1
    assert "beyond_power" not in numbers(said, APRIL)


def test_a_matter_is_overdue_the_day_after_it_was_due():
    assert "overdue" not in numbers(legs(raised(10, due_day=march(31))))
    assert "overdue" in numbers(legs(raised(10, due_day=march(30))))


def test_what_was_closed_late_was_overdue_until_then():
    late = legs(raised(10, due_day=march(20)), resolved(36))
    assert "overdue" in numbers(late)
    assert "overdue" not in numbers(late, APRIL)


def test_what_was_extended_is_not_overdue_any_more_and_was_so_before():
    extended_late = legs(raised(10, due_day=march(20)), extended(33, march(90)))
    assert "overdue" in numbers(extended_late)
    assert "overdue" not in numbers(extended_late, APRIL)


def test_what_was_explained_or_unachieved_is_never_overdue():
    for state in ("explained", "unachieved"):
        assert "overdue" not in numbers(legs(raised(-20, due_day=march(1)), closed(state)))


def test_in_a_period_that_is_not_over_matters_are_open_as_of_today():
    year = period(date(2026, 1, 1), date(2026, 12, 31), march(15))
    assert year.as_of == march(15)
    assert "overdue" not in numbers(legs(raised(10, due_day=march(15))), year)
    assert "overdue" in numbers(legs(raised(10, due_day=march(14))), year)


def test_a_period_that_is_over_is_told_as_of_its_last_day():
    assert period(date(2026, 3, 1), date(2026, 3, 31), date(2026, 11, 24)) == MARCH


def test_a_period_may_be_one_day():
    assert period(date(2026, 3, 1), date(2026, 3, 1), date(2026, 11, 24)).as_of == date(2026, 3, 1)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(Refusal, match="period_invalid"):
        period(date(2026, 3, 2), date(2026, 3, 1), date(2026, 11, 24))


def test_every_matter_that_counts_is_open_or_closed_exactly_once():
    whole = Period(date(2000, 1, 1), date(2099, 12, 31), march(31))
    for state in STATES.keys() - VOID_STATES:
        told = numbers(legs(raised(10), Entry(RESOLVED, "act", march(12), state)), whole)
        ends = ("resolved", "explained", "unachieved", "open")
        assert [told[name] for name in ends if name in told] == [1], state


def test_visits_are_counted_nowhere():
    assert [name for name, measure in MEASURES.items() if "visit" in name or "访" in measure.label] == []


def test_twelve_months_are_whole_ones_that_follow_each_other_across_the_year():
    months = months_until(march(15), 12, march(15))
    assert (months[0].first, months[-1].last, len(months)) == (date(2025, 4, 1), date(2026, 3, 31), 12)
    assert Period(date(2025, 12, 1), date(2025, 12, 31), date(2025, 12, 31)) in months
    assert all(month.last.toordinal() + 1 == following.first.toordinal() for month, following in pairwise(months))


def test_a_month_that_is_not_over_is_told_as_of_today_and_one_that_is_over_as_of_its_end():
    before, now = months_until(march(15), 2, march(15))
    assert (before.as_of, now.as_of, now.last) == (FEBRUARY_28, march(15), march(31))


def test_the_last_month_of_a_year_and_a_february_end_on_their_last_day():
    assert months_until(date(2026, 12, 1), 1, march(15))[0].last == date(2026, 12, 31)
    assert months_until(date(2024, 2, 29), 1, march(15))[0].last == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("days", "before"),
    [
        ((march(1), march(31)), (date(2026, 2, 1), FEBRUARY_28)),
        ((date(2026, 1, 1), march(31)), (date(2025, 10, 1), date(2025, 12, 31))),
        ((date(2024, 1, 1), date(2024, 12, 31)), (date(2023, 1, 1), date(2023, 12, 31))),
        ((march(2), march(8)), (date(2026, 2, 23), march(1))),
        ((march(1), march(30)), (date(2026, 1, 30), FEBRUARY_28)),
    ],
    ids=["month", "quarter", "leap year", "week", "thirty days"],
)
def test_a_period_is_compared_with_as_many_months_or_days_before_it(days: tuple[date, date], before: tuple[date, date]):
    compared = period_before(period(*days, date(2026, 11, 24)))
    assert (compared.first, compared.last, compared.as_of) == (*before, before[1])


def test_numbers_add_up_measure_by_measure():
    nothing = add_up([])
    assert set(nothing) == set(MEASURES)
    assert set(nothing.values()) == {0}
    assert add_up([{**nothing, "open": 2, "overdue": 1}, {**nothing, "open": 3}]) == {
        **nothing,
        "open": 5,
        "overdue": 1,
    }
