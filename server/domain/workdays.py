"""Working days: the days allowed by the responsibility list are counted in these."""

from dataclasses import dataclass
from datetime import date, timedelta

_SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """What the State Council's yearly notices change about the week, for the years `first_year` to `last_year`:
    weekdays that are off, and days of a weekend on which one works. Outside these years a working
    day is Monday to Friday: the next year's notice comes in November."""

    first_year: int
    last_year: int
    days_off: frozenset[date]
    working_days: frozenset[date]

    def is_working(self, day: date) -> bool:
        """True if offices are open on `day`."""
        return day in self.working_days or (day.weekday() < _SATURDAY and day not in self.days_off)

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which is not counted itself (《民法典》第二百零一条)."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day

    def between(self, first_year: int, last_year: int) -> "Calendar":
        """The part of it that lies in these years."""
        return Calendar(
            max(first_year, self.first_year),
            min(last_year, self.last_year),
            frozenset(day for day in self.days_off if first_year <= day.year <= last_year),
            frozenset(day for day in self.working_days if first_year <= day.year <= last_year),
        )
