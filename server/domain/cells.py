"""By what tallies of large areas are summed, month by month, and how a window of days is made of whole months."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

AXES: dict[str, tuple[str, ...]] = {
    "category": ("prefecture", "county", "township"),
    "kind": ("prefecture", "county", "township"),
    "unit": ("province", "prefecture", "county"),
    "days": ("province", "prefecture", "county", "township"),
}
"""At which levels there are cells along each axis. Category and kind are read of the areas below the one asked
about, unit and days of that one itself."""

LEVELS = frozenset({"province", "prefecture", "county"})
"""The levels whose tallies are read from cells."""


ID_DIGITS = 32
ID_GROUPS = ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))
"""A key of the axis `unit` is an id as RFC 9562 writes it: where its groups of hexadecimal digits begin, how long
each is, and how many digits there are."""


def days_key(days: int) -> str:
    """The key of a number of days: cells are sorted by it."""
    return f"{days:05}"


@dataclass(frozen=True)
class Window:
    """Some days: from `first` (None: the beginning) to `last`."""

    first: date | None
    last: date

    @property
    def months(self) -> tuple[date | None, date]:
        """The first days of the months that are taken whole from the cells: the outer ones only if most of their
        days lie inside (what lies outside is then taken away again)."""
        first = self.first
        if first and not _mostly(first, _end_of(first)):
            first = _next_month(first)
        last = self.last.replace(day=1)
        return first.replace(day=1) if first else None, last if _mostly(last, self.last) else _before(last)

    def edges(self, cuts: Iterable[date] = ()) -> Iterator[tuple[date, date, int]]:
        """Ranges of days that are counted from the legs: to add (1) or to take away (-1). None goes on after a day
        of `cuts`, so that windows that meet there share what they count."""
        for first, last, sign in self._ranges():
            ends = [*(cut for cut in sorted(cuts) if first <= cut < last), last]
            for end in ends:
                yield first, end, sign
                first = end + timedelta(days=1)

    def _ranges(self) -> Iterator[tuple[date, date, int]]:
        first_month, last_month = self.months
        if first_month and last_month < first_month:
            if self.first and self.first <= self.last:
                yield self.first, self.last, 1
            return
        if self.first and first_month:
            if self.first < first_month:
                yield self.first, first_month - timedelta(days=1), 1
            elif self.first > first_month:
                yield first_month, self.first - timedelta(days=1), -1
        end = _end_of(last_month)
        if end < self.last:
            yield end + timedelta(days=1), self.last, 1
        elif end > self.last:
            yield self.last + timedelta(days=1), end, -1


def _end_of(day: date) -> date:
    return _next_month(day) - timedelta(days=1)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _mostly(first: date, last: date) -> bool:
    """True if these days of a month are more than half of it."""
    return ((last - first).days + 1) * 2 > (_end_of(first) - first.replace(day=1)).days + 1
