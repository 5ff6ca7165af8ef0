"""Working days: the State Council's calendar, its make-up days, and how days allowed are counted."""

from datetime import date

import pytest

from server.actions.workdays import calendar
from server.domain.workdays import Calendar


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2025, 9, 28), True),  # a Sunday, worked for the National Day week
        (date(2025, 10, 1), False),
        (date(2025, 10, 8), False),  # a Wednesday off
        (date(2025, 10, 9), True),
        (date(2025, 10, 11), True),  # a Saturday, worked
        (date(2025, 10, 12), False),
        (date(2026, 2, 14), True),  # a Saturday before the Spring Festival
        (date(2026, 2, 16), False),
        (date(2026, 5, 9), True),
        (date(2026, 11, 25), True),
        (date(2026, 11, 28), False),
    ],
)
def test_a_day_is_worked_as_the_state_council_said(day: date, is_working: bool):
    assert calendar().is_working(day) is is_working


def test_in_a_year_whose_notice_is_not_out_one_works_from_monday_to_friday():
    known = calendar()
    year = known.last_year + 1
    first_of_october = date(year, 10, 1)
    assert known.is_working(first_of_october) is (first_of_october.weekday() < 5)
    assert not any(day.year == year for day in known.days_off | known.working_days)


def test_the_first_day_is_not_counted_and_every_day_off_is_passed_over():
    known = calendar()
    friday = date(2025, 9, 26)
    # Sunday 28th (worked), Monday, Tuesday, then the eighth was off: the ninth, the tenth, the eleventh (a Saturday).
    assert [known.after(friday, count) for count in range(7)] == [
        friday, date(2025, 9, 28), date(2025, 9, 29), date(2025, 9, 30),
        date(2025, 10, 9), date(2025, 10, 10), date(2025, 10, 11),
    ]  # fmt: skip


def test_days_are_counted_across_the_end_of_what_is_known():
    known = Calendar(2026, 2026, frozenset({date(2026, 12, 31)}), frozenset())
    assert known.after(date(2026, 12, 30), 2) == date(2027, 1, 4)


def test_a_phone_is_given_the_years_around_now_and_nothing_else():
    part = calendar().between(2025, 2026)
    assert (part.first_year, part.last_year) == (2025, 2026)
    assert {day.year for day in part.days_off | part.working_days} == {2025, 2026}
    assert all(part.is_working(day) == calendar().is_working(day) for day in (date(2025, 10, 8), date(2026, 2, 14)))
