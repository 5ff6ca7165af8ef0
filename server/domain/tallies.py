"""What each number of a tally means: one table, counted and listed by the same predicate.

server/store/tallies.py turns a Measure into SQL; `counts()` below says the same in Python,
and a test compares the two over random matters. Visits are counted nowhere (P1).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from server.domain.lifecycle import OPEN_STATES, VOID_STATES
from server.domain.refusals import Refusal


@dataclass(frozen=True)
class Measure:
    """`when`: `raised` (raised in the period), `closed` (in one of `states`, closed in the period) or
    `open` (open at the period's end)."""

    label: str
    when: str
    states: frozenset[str] = frozenset()
    on_the_spot: bool = False
    overdue: bool = False


MEASURES: dict[str, Measure] = {
    "raised": Measure("新增", "raised"),
    "resolved": Measure("办结", "closed", frozenset({"resolved", "confirmed"})),
    "resolved_on_the_spot": Measure("其中现场办结", "closed", frozenset({"resolved", "confirmed"}), on_the_spot=True),
    "confirmed": Measure("其中群众确认", "closed", frozenset({"confirmed"})),
    "explained": Measure("解释答复", "closed", frozenset({"explained"})),
    "unachieved": Measure("尽力未成", "closed", frozenset({"unachieved"})),
    "open": Measure("未办结", "open"),
    "overdue": Measure("其中逾期", "open", overdue=True),
}


Numbers = dict[str, int]
"""How many matters each measure counts."""


@dataclass(frozen=True)
class Period:
    """Days in Asia/Shanghai, both included. `as_of` is the last day that has begun:
    what is open or overdue is told as of its end."""

    first: date
    last: date
    as_of: date


def period(first: date, last: date, today: date) -> Period:
    """Make a period, or refuse one that ends before it begins (`period_invalid`)."""
    if last < first:
        raise Refusal("period_invalid", "to")
    return Period(first, last, min(last, today))


class Counted(Protocol):
    """What a tally needs to know of a matter."""

    @property
    def state(self) -> str: ...
    @property
    def raised_day(self) -> date: ...
    @property
    def closed_day(self) -> date | None: ...
    @property
    def due_day(self) -> date: ...
    @property
    def on_the_spot(self) -> bool: ...


def counts(measure: Measure, matter: Counted, when: Period) -> bool:
    """True if `matter` is one of those behind the number."""
    if matter.state in VOID_STATES:
        return False
    if measure.when == "raised":
        return when.first <= matter.raised_day <= when.last
    if measure.when == "closed":
        return (
            matter.state in measure.states
            and matter.closed_day is not None
            and when.first <= matter.closed_day <= when.last
            and (matter.on_the_spot or not measure.on_the_spot)
        )
    still_open = matter.state in OPEN_STATES or (matter.closed_day is not None and matter.closed_day > when.as_of)
    if not still_open or matter.raised_day > when.as_of:
        return False
    return not measure.overdue or matter.due_day < when.as_of


def add_up(parts: Iterable[Numbers]) -> Numbers:
    """The sum of some numbers, measure by measure; of none, zeros."""
    total = dict.fromkeys(MEASURES, 0)
    for numbers in parts:
        for measure, number in numbers.items():
            total[measure] += number
    return total


def months_until(day: date, count: int) -> list[Period]:
    """The `count` whole months that end with the month of `day`, each as of `day`."""
    months: list[Period] = []
    first = day.replace(day=1)
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
    while len(months) < count:
        months.append(Period(first, last, day))
        last = first - timedelta(days=1)
        first = last.replace(day=1)
    return months[::-1]
