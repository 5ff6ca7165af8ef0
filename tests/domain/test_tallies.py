"""What each number of a tally means, a sentence each. That SQL counts the same is tested in tests/store."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import pytest

from server.domain.lifecycle import OPEN_STATES, STATES, VOID_STATES
from server.domain.refusals import Refusal
from server.domain.tallies import MEASURES, Period, add_up, counts, months_until, period

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), date(2026, 3, 31))


@dataclass(frozen=True)
class AMatter:
    """As much of a matter as a tally needs to know."""

    state: str = "working"
    raised_day: date = date(2026, 3, 10)
    closed_day: date | None = None
    due_day: date = date(2026, 5, 9)
    on_the_spot: bool = False


def numbers(matter: AMatter, when: Period = MARCH) -> set[str]:
    """The numbers that count `matter`."""
    return {name for name, measure in MEASURES.items() if counts(measure, matter, when)}


def closed(state: str, day: date = date(2026, 3, 20), *, on_the_spot: bool = False) -> AMatter:
    return AMatter(state, closed_day=day, on_the_spot=on_the_spot)


def test_an_open_matter_is_new_and_open():
    assert numbers(AMatter()) == {"raised", "open"}


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_every_open_state_is_open(state: str):
    assert "open" in numbers(AMatter(state))


def test_a_resolved_matter_counts_as_resolved_and_not_as_open():
    assert numbers(closed("resolved")) == {"raised", "resolved"}


def test_a_matter_resolved_on_the_spot_counts_among_the_resolved():
    assert numbers(closed("resolved", on_the_spot=True)) == {"raised", "resolved", "resolved_on_the_spot"}


def test_a_confirmed_matter_is_still_resolved():
    assert numbers(closed("confirmed", on_the_spot=True)) == {
        "raised",
        "resolved",
        "resolved_on_the_spot",
        "confirmed",
    }


def test_honest_failures_stand_apart_from_what_was_resolved():
    assert numbers(closed("explained")) == {"raised", "explained"}
    assert numbers(closed("unachieved")) == {"raised", "unachieved"}


@pytest.mark.parametrize("state", sorted(VOID_STATES))
def test_what_was_merged_or_withdrawn_counts_nowhere(state: str):
    assert numbers(AMatter(state)) == set()
    assert numbers(closed(state, on_the_spot=True)) == set()


def test_the_first_and_the_last_day_belong_to_the_period():
    for day in (MARCH.first, MARCH.last):
        assert "raised" in numbers(AMatter(raised_day=day))
        assert "resolved" in numbers(closed("resolved", day))


def test_the_days_around_a_period_do_not_belong_to_it():
    for day in (date(2026, 2, 28), date(2026, 4, 1)):
        assert "raised" not in numbers(AMatter(raised_day=day))
        assert "resolved" not in numbers(closed("resolved", day))


def test_a_matter_raised_before_the_period_and_resolved_in_it_is_resolved_and_not_new():
    matter = AMatter("resolved", raised_day=date(2025, 12, 1), closed_day=date(2026, 3, 1))
    assert numbers(matter) == {"resolved"}


def test_a_matter_closed_after_the_period_was_still_open_at_its_end():
    assert numbers(closed("resolved", date(2026, 4, 1))) == {"raised", "open"}


def test_a_matter_that_was_raised_after_the_period_was_not_yet_open():
    assert numbers(AMatter(raised_day=date(2026, 4, 1))) == set()


def test_a_matter_is_overdue_the_day_after_it_was_due():
    assert "overdue" not in numbers(AMatter(due_day=date(2026, 3, 31)))
    assert "overdue" in numbers(AMatter(due_day=date(2026, 3, 30)))


def test_what_was_closed_late_was_overdue_until_then():
    late = AMatter("resolved", closed_day=date(2026, 4, 5), due_day=date(2026, 3, 20))
    assert "overdue" in numbers(late)
    assert "overdue" not in numbers(late, period(date(2026, 4, 1), date(2026, 4, 30), date(2026, 4, 30)))


def test_what_was_explained_or_unachieved_is_never_overdue():
    for state in ("explained", "unachieved"):
        assert "overdue" not in numbers(AMatter(state, closed_day=date(2026, 3, 20), due_day=date(2026, 3, 1)))


def test_in_a_period_that_is_not_over_matters_are_open_as_of_today():
    year = period(date(2026, 1, 1), date(2026, 12, 31), date(2026, 3, 15))
    assert year.as_of == date(2026, 3, 15)
    assert "overdue" not in numbers(AMatter(due_day=date(2026, 3, 15)), year)
    assert "overdue" in numbers(AMatter(due_day=date(2026, 3, 14)), year)


def test_a_period_that_is_over_is_told_as_of_its_last_day():
    assert period(date(2026, 3, 1), date(2026, 3, 31), date(2026, 11, 24)) == MARCH


def test_a_period_may_be_one_day():
    assert period(date(2026, 3, 1), date(2026, 3, 1), date(2026, 11, 24)).as_of == date(2026, 3, 1)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(Refusal, match="period_invalid"):
        period(date(2026, 3, 2), date(2026, 3, 1), date(2026, 11, 24))


def test_every_matter_that_counts_is_new_open_or_closed_exactly_once():
    whole = Period(date(2000, 1, 1), date(2099, 12, 31), date(2026, 3, 31))
    for state in STATES.keys() - VOID_STATES:
        matter = AMatter(state) if state in OPEN_STATES else closed(state)
        assert len(numbers(matter, whole) & {"resolved", "explained", "unachieved", "open"}) == 1


def test_visits_are_counted_nowhere():
    assert [name for name, measure in MEASURES.items() if "visit" in name or "访" in measure.label] == []


def test_twelve_months_are_whole_ones_that_follow_each_other_across_the_year():
    months = months_until(date(2026, 3, 15), 12)
    assert (months[0].first, months[-1].last, len(months)) == (date(2025, 4, 1), date(2026, 3, 31), 12)
    assert Period(date(2025, 12, 1), date(2025, 12, 31), date(2026, 3, 15)) in months
    assert all(month.last.toordinal() + 1 == following.first.toordinal() for month, following in pairwise(months))


def test_the_last_month_of_a_year_and_a_february_end_on_their_last_day():
    assert months_until(date(2026, 12, 1), 1)[0].last == date(2026, 12, 31)
    assert months_until(date(2024, 2, 29), 1)[0].last == date(2024, 2, 29)


def test_numbers_add_up_measure_by_measure():
    nothing = add_up([])
    assert set(nothing) == set(MEASURES)
    assert set(nothing.values()) == {0}
    assert add_up([{**nothing, "open": 2, "overdue": 1}, {**nothing, "open": 3}]) == {
        **nothing,
        "open": 5,
        "overdue": 1,
    }
