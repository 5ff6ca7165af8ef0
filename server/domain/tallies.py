"""What each number of a tally means: one table, counted and listed by the same conditions.

Everything is counted in legs of matters (domain/legs.py). A *flow* is what happened on a day; what is open or
overdue at the end of a day is the sum of the flows up to it. server/store turns them into SQL, `counts()` below
says the same in Python, and tests compare the two over random histories. Visits are counted nowhere (P1).

What adds up, for an area and for each category and origin in it:
carried_over + raised + reopened − resolved − explained − unachieved = open, and for a unit + moved_in − moved_out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from server.domain.legs import Leg
from server.domain.refusals import Refusal

ANY = object()
"""Not None."""


@dataclass(frozen=True)
class Flow:
    """What is counted on the leg's day `day`, if its `column` has the `value`."""

    day: str
    column: str
    value: object


FLOWS: dict[str, Flow] = {
    "raised": Flow("from_day", "began", "raised"),
    "reopened": Flow("from_day", "began", "reopened"),
    "moved_in": Flow("from_day", "began", "moved"),
    "moved_out": Flow("until_day", "ended", "moved"),
    "resolved": Flow("until_day", "ended", "resolved"),
    "resolved_on_the_spot": Flow("until_day", "on_the_spot", True),
    "explained": Flow("until_day", "ended", "explained"),
    "unachieved": Flow("until_day", "ended", "unachieved"),
    "late_in": Flow("late_day", "late_day", ANY),
    "late_out": Flow("until_day", "late_day", ANY),
    "asked": Flow("until_day", "asked", True),
    "answered": Flow("answered_day", "answered_day", ANY),
    "confirmed": Flow("answered_day", "confirmed", True),
    "beyond_power": Flow("beyond_power_day", "beyond_power_day", ANY),
}


@dataclass(frozen=True)
class Stock:
    """What is there at the end of a day: each of `flows` up to it, added or taken away. Of a leg it holds from its
    day `since` up to but without its `until_day`."""

    since: str
    flows: Mapping[str, int]


STOCKS: dict[str, Stock] = {
    "open": Stock(
        "from_day",
        {"raised": 1, "reopened": 1, "moved_in": 1, "resolved": -1, "explained": -1, "unachieved": -1, "moved_out": -1},
    ),
    "overdue": Stock("late_day", {"late_in": 1, "late_out": -1}),
}


@dataclass(frozen=True)
class Measure:
    """A number: a flow of the period, or a stock at its end (or, `at_start`, at the end of the day before it)."""

    label: str
    flow: str | None = None
    stock: str | None = None
    at_start: bool = False


MEASURES: dict[str, Measure] = {
    "carried_over": Measure("上期结转", stock="open", at_start=True),
    "raised": Measure("新增", "raised"),
    "reopened": Measure("重新办理", "reopened"),
    "resolved": Measure("办结", "resolved"),
    "resolved_on_the_spot": Measure("其中现场办结", "resolved_on_the_spot"),
    "explained": Measure("解释答复", "explained"),
    "unachieved": Measure("尽力未成", "unachieved"),
    "open": Measure("未办结", stock="open"),
    "overdue": Measure("其中逾期", stock="overdue"),
    "asked": Measure("已请评价", "asked"),
    "answered": Measure("已评价", "answered"),
    "confirmed": Measure("群众确认", "confirmed"),
    "beyond_power": Measure("超出乡镇权限", "beyond_power"),
    "moved_in": Measure("接办", "moved_in"),
    "moved_out": Measure("转出", "moved_out"),
}

BETWEEN_UNITS = frozenset({"moved_in", "moved_out"})
"""What only a unit's numbers show: over all units the two are the same."""


Numbers = dict[str, int]
"""How many legs of matters each measure counts."""


Histogram = Mapping[int, int]
"""How many matters took so many days."""


@dataclass(frozen=True)
class Sheet:
    """The numbers of an area in a period: by area directly below (or itself, if it is a village) and category, by
    kind of visit, by responsible unit (P3), and the days that it took to resolve what was not resolved on the spot.
    Of what is all zero there may be nothing."""

    parts: Mapping[tuple[str, str], Numbers]
    kinds: Mapping[str, Numbers]
    units: Mapping[UUID, Numbers]
    days: Histogram


@dataclass(frozen=True)
class Period:
    """Days in Asia/Shanghai, both included. `as_of` is the last day that has begun:
    what is open or overdue is told as of its end."""

    first: date
    last: date
    as_of: date

    @property
    def eve(self) -> date:
        """The day before it: what was open then was carried over."""
        return self.first - timedelta(days=1)


def period(first: date, last: date, today: date) -> Period:
    """Make a period, or refuse one that ends before it begins (`period_invalid`)."""
    if last < first:
        raise Refusal("period_invalid", "to")
    return Period(first, last, min(last, today))


def period_before(when: Period) -> Period:
    """The period to compare with: before whole months (a quarter, a year) as many months, else as many days."""
    last = when.eve
    months = (when.last.year - when.first.year) * 12 + when.last.month - when.first.month + 1
    if when.first.day == 1 and (when.last + timedelta(days=1)).day == 1:
        first = months_until(last, months, last)[0].first
    else:
        first = last - (when.last - when.first)
    return Period(first, last, min(last, when.as_of))


def holds(flow: Flow, leg: Leg) -> bool:
    """True if the leg has what the flow counts, on whatever day."""
    value = getattr(leg, flow.column)
    return value is not None if flow.value is ANY else value == flow.value


def counts(measure: Measure, leg: Leg, when: Period) -> bool:
    """True if `leg` is one of those behind the number."""
    if measure.flow:
        flow = FLOWS[measure.flow]
        day: date | None = getattr(leg, flow.day)
        return day is not None and holds(flow, leg) and when.first <= day <= when.last
    day = when.eve if measure.at_start else when.as_of
    since: date | None = getattr(leg, STOCKS[measure.stock or ""].since)
    return since is not None and since <= day and (leg.until_day is None or day < leg.until_day)


def flows_of(leg: Leg) -> Iterable[tuple[str, date]]:
    """Every flow that counts the leg, and its day there."""
    for name, flow in FLOWS.items():
        day: date | None = getattr(leg, flow.day)
        if day is not None and holds(flow, leg):
            yield name, day


@dataclass(frozen=True)
class Part:
    """In which rows of a tally a leg counts. `days_taken` only where the matter was resolved, and not at once."""

    village_code: str
    category: str
    kind: str
    unit_id: UUID
    days_taken: int | None


Difference = dict[tuple[Part, date, str], int]
"""How many more (or fewer) are counted in a part, on a day, by a flow; no zeros."""


def difference(before: Iterable[Leg], after: Iterable[Leg]) -> Difference:
    """What counting `after` instead of `before` changes."""
    changed: Counter[tuple[Part, date, str]] = Counter()
    for change, legs in ((-1, before), (1, after)):
        for leg in legs:
            taken = None if leg.on_the_spot else leg.days_taken
            part = Part(leg.village_code, leg.category, leg.kind, leg.unit_id, taken)
            for flow, day in flows_of(leg):
                changed[part, day, flow] += change
    return {key: change for key, change in changed.items() if change}


def shown_as(flow: str, *, before_period: bool) -> tuple[str, int]:
    """The measure by which a late change of a flow is told, and its sign there: what is overdue is told as that,
    and what was opened or closed before the period by what was carried over."""
    if flow in STOCKS["overdue"].flows:
        return "overdue", STOCKS["overdue"].flows[flow]
    return ("carried_over", STOCKS["open"].flows[flow]) if before_period else (flow, 1)


def changed(flows: Iterable[tuple[str, bool, int]]) -> Numbers:
    """By how much late changes of flows (each of a day before the period, or in it) change each measure."""
    total = dict.fromkeys(MEASURES, 0)
    for flow, before_period, change in flows:
        measure, sign = shown_as(flow, before_period=before_period)
        total[measure] += sign * change
        if flow in STOCKS["open"].flows:
            total["open"] += STOCKS["open"].flows[flow] * change
    return total


def add_up(parts: Iterable[Numbers]) -> Numbers:
    """The sum of some numbers, measure by measure; of none, zeros."""
    total = dict.fromkeys(MEASURES, 0)
    for numbers in parts:
        for measure, number in numbers.items():
            total[measure] += number
    return total


@dataclass(frozen=True)
class Overdue:
    """What a unit has overdue: the earliest due day, and how many there are."""

    since: date
    count: int


def first_overdue(units: Mapping[UUID, Overdue], most: int) -> set[UUID]:
    """Those who have had something overdue for the longest: at least `most` of them, and whoever is level with the
    last one."""

    def place(unit_id: UUID) -> tuple[date, int]:
        return units[unit_id].since, -units[unit_id].count

    last = place(sorted(units, key=place)[most - 1])
    return {unit_id for unit_id in units if place(unit_id) <= last}


def months_until(day: date, count: int, today: date) -> list[Period]:
    """The `count` whole months that end with the month of `day`, each as of its end or of `today`."""
    months: list[Period] = []
    first = day.replace(day=1)
    last = date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
    while len(months) < count:
        months.append(Period(first, last, min(last, today)))
        last = first - timedelta(days=1)
        first = last.replace(day=1)
    return months[::-1]


IN_CHART = ("raised", "resolved", "reopened", "open")
"""The measures of which the chart shows every month."""


def chart_of(flows: Iterable[tuple[str, date, int]], months: Sequence[Period]) -> list[Numbers]:
    """The numbers of the chart in each of these months, which follow each other, from the flows of the stock `open`
    on every day up to the last one."""
    signs = STOCKS["open"].flows
    rows = [dict.fromkeys(IN_CHART, 0) for _ in months]
    for flow, day, count in flows:
        for row, month in zip(rows, months, strict=True):
            if flow in row and month.first <= day <= month.last:
                row[flow] += count
            if day <= month.as_of:
                row["open"] += signs[flow] * count
    return rows


def percentile(days: Histogram, percent: int) -> int | None:
    """The days within which `percent` of the matters were resolved, by nearest rank: the smallest number of days
    that at least so many of a hundred did not exceed. None of none."""
    rank, seen = -(-percent * sum(days.values()) // 100), 0
    for taken in sorted(days):
        seen += days[taken]
        if seen >= rank:
            return taken
    return None
