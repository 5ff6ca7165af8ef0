"""Tallies of large areas read from sums by month, so that no page of three years counts a million legs.

A number of a period is the sum of its whole months from the cells, of what is not yet in them (cells_pending.py),
and of the days at its edges from the legs themselves. tallies_plain.py counts the same without any of this.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from server.domain.areas import ancestor, child_level
from server.domain.cells import Window, days_key
from server.domain.tallies import FLOWS, MEASURES, STOCKS, Histogram, Numbers, Period, Sheet, add_up, chart_of
from server.store.areas import child_codes
from server.store.tables import Area, Leg, TallyCell, TallyDelta
from server.store.tallies_plain import holds, in_area, indexed, part_at, unindexed, whole_code

Sums = dict[str, int]


def read_sheet(session: Session, area: Area, when: Period) -> Sheet:
    """Everything that a tally shows of an area of LEVELS and a period."""
    until, within = _windows(when)
    read = _Reader(session, area, [until, within])
    parts = {(whole_code(code), key): _numbers(*sums) for (code, key), sums in read.parts().items()}
    kinds = {kind: _numbers(*sums) for kind, sums in read.kinds().items()}
    units = {UUID(unit_id): _numbers(*sums) for unit_id, sums in read.units().items()}
    return Sheet(parts, kinds, units, _Reader(session, area, [within]).days())


def read_total(session: Session, area: Area, when: Period) -> tuple[Numbers, Histogram]:
    """The numbers of an area as a whole, and the days that it took."""
    until, within = _windows(when)
    parts = _Reader(session, area, [until, within]).parts()
    return add_up(_numbers(*sums) for sums in parts.values()), _Reader(session, area, [within]).days()


def read_months(session: Session, area: Area, months: Sequence[Period]) -> list[Numbers]:
    """The numbers of the chart in each of these months, which follow each other."""
    read = _Reader(session, area, [Window(None, months[-1].as_of)])
    return chart_of(read.months(STOCKS["open"].flows), months)


def _windows(when: Period) -> tuple[Window, Window]:
    """All days before the period, and its own that have begun."""
    return Window(None, min(when.eve, when.as_of)), Window(when.first, when.as_of)


def _numbers(until: Sums, within: Sums) -> Numbers:
    """The measures from the flows before the period and in it."""
    numbers = {}
    for name, measure in MEASURES.items():
        if measure.flow:
            numbers[name] = within[measure.flow]
        else:
            signs = STOCKS[measure.stock or ""].flows
            numbers[name] = sum(sign * until[flow] for flow, sign in signs.items())
            if not measure.at_start:
                numbers[name] += sum(sign * within[flow] for flow, sign in signs.items())
    return numbers


@dataclass(frozen=True)
class _Reader:
    """Sums of flows of an area, in several windows at once."""

    session: Session
    area: Area
    windows: Sequence[Window]

    def parts(self) -> dict[Any, list[Sums]]:
        """By the code digits of the area below, and category."""
        below = child_level(self.area.level) or self.area.level
        width = len(_digits(self.area.code, below))
        code = func.substr(TallyCell.area_code, 1, width)
        own = and_(TallyCell.area_code.in_(child_codes(self.session, self.area.code)), TallyCell.axis == "category")
        return self._sums([code, TallyCell.key], own, [part_at(below, TallyDelta), TallyDelta.category],
                          [part_at(below), Leg.category])  # fmt: skip

    def kinds(self) -> dict[Any, list[Sums]]:
        """By the kind of the visit."""
        own = and_(TallyCell.area_code.in_(child_codes(self.session, self.area.code)), TallyCell.axis == "kind")
        return self._sums([TallyCell.key], own, [TallyDelta.kind], [Leg.kind])

    def units(self) -> dict[Any, list[Sums]]:
        """By the unit's id as text."""
        own = and_(TallyCell.area_code == self.area.code, TallyCell.axis == "unit")
        return self._sums([TallyCell.key], own, [TallyDelta.unit_id], [Leg.unit_id])

    def days(self) -> Histogram:
        """How many took so many days, in the only window."""
        own = and_(TallyCell.area_code == self.area.code, TallyCell.axis == "days")
        sums = self._sums(
            [TallyCell.key], own, [TallyDelta.days_taken], [Leg.days_taken], ["resolved"],
            [TallyDelta.days_taken.is_not(None)], [Leg.days_taken.is_not(None), Leg.on_the_spot.is_(False)],
        )  # fmt: skip
        return {int(key): each[0]["resolved"] for key, each in sums.items() if each[0]["resolved"]}

    def months(self, flows: Iterable[str]) -> Iterator[tuple[str, date, int]]:
        """Every flow in every month, told of a day in it that has begun."""
        names = list(flows)
        own = and_(TallyCell.area_code.in_(child_codes(self.session, self.area.code)), TallyCell.axis == "kind")
        for row, where in ((TallyCell, own), (TallyDelta, in_area(self.area, TallyDelta.village_code))):
            sums = [func.sum(getattr(row, name)) for name in names]
            for month, *counts in self.session.execute(select(row.month, *sums).where(where).group_by(row.month)):
                yield from ((name, month, count) for name, count in zip(names, counts, strict=True))

    def _sums(
        self, cell_key: list[Any], own: ColumnElement[bool], delta_key: list[Any], leg_key: list[Any],
        flows: Sequence[str] = tuple(FLOWS), of_deltas: Sequence[Any] = (), of_legs: Sequence[Any] = (),
    ) -> dict[Any, list[Sums]]:  # fmt: skip
        found: dict[Any, list[Sums]] = {}

        def add(key: tuple[Any, ...], at: int, counts: Sequence[int | None], sign: int = 1) -> None:
            name = tuple(days_key(part) if isinstance(part, int) else str(part) for part in key)
            sums = found.setdefault(name if len(name) > 1 else name[0], [dict.fromkeys(FLOWS, 0) for _ in self.windows])
            for flow, count in zip(flows, counts, strict=True):
                sums[at][flow] += sign * (count or 0)

        inside = and_(in_area(self.area, TallyDelta.village_code), *of_deltas)
        for row, key, where in ((TallyCell, cell_key, own), (TallyDelta, delta_key, inside)):
            months = [_in_months(row.month, window) for window in self.windows]
            sums = [func.sum(case((month, getattr(row, flow)), else_=0)) for month in months for flow in flows]
            query = select(*key, *sums).where(where, or_(*months)).group_by(*key)
            for line in self.session.execute(query):
                for at in range(len(self.windows)):
                    start = len(key) + at * len(flows)
                    add(tuple(line[: len(key)]), at, line[start : start + len(flows)])
        for at, window in enumerate(self.windows):
            for first, last, sign in window.edges():
                for line in self.session.execute(self._edge(leg_key, first, last, flows, of_legs)):
                    add(tuple(line[: len(leg_key)]), at, line[len(leg_key) :], sign)
        return found

    def _edge(self, key: list[Any], first: date, last: date, flows: Sequence[str], of_legs: Sequence[Any]) -> Any:
        """The flows of some days from the legs, by the index of each day."""
        days = sorted({FLOWS[flow].day for flow in flows})
        return union_all(*(self._on(day, first, last, key, flows).where(*of_legs) for day in days))

    def _on(self, day: str, first: date, last: date, key: list[Any], flows: Sequence[str]) -> Select[Any]:
        counts = [func.count(case((holds(FLOWS[flow]), 1))) if FLOWS[flow].day == day else literal(0) for flow in flows]
        inside = in_area(self.area, unindexed("village_code"))
        query = select(*key, *counts).where(indexed(day).between(first, last), inside).group_by(*key)
        if day == "from_day":
            query = query.where(Leg.began.in_(sorted(str(flow.value) for flow in FLOWS.values() if flow.day == day)))
        return query


def _digits(code: str, level: str) -> str:
    return ancestor("9" * len(code), level).rstrip("0")


def _in_months(month: Any, window: Window) -> ColumnElement[bool]:
    first, last = window.months
    inside: ColumnElement[bool] = month.between(first, last) if first else month <= last
    return inside
