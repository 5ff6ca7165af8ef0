"""The Chinese holiday calendar, with its make-up working days. The only place that knows the library."""

from datetime import date, timedelta
from functools import cache

import chinese_calendar

from server.domain.words import EARLIEST_YEAR
from server.domain.workdays import Calendar

_LATEST_YEAR = 2200


@cache
def calendar() -> Calendar:
    """Every year that the library knows. Its releases bring the years to come, so the server knows the next
    one once it was upgraded (docs/operation.md)."""
    years = [year for year in range(EARLIEST_YEAR, _LATEST_YEAR) if _is_known(year)]
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    usual = Calendar(0, 0, frozenset(), frozenset())
    return Calendar(
        first.year,
        last.year,
        frozenset(day for day in days if usual.is_working(day) and not chinese_calendar.is_workday(day)),
        frozenset(day for day in days if not usual.is_working(day) and chinese_calendar.is_workday(day)),
    )


def _is_known(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
