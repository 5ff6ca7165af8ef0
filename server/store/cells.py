"""Tallies of large areas read from sums by month, so that no page of three years counts a million legs.

A number of a period is the sum of its whole months from the cells, of what is not yet in them (cells_pending.py),
and of the days at its edges from the legs themselves. tallies_plain.py counts the same without any of this.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, case, func, literal, select, true, type_coerce, union_all
from sqlalchemy.orm import Session

from server.domain.areas import ancestor, child_level
from server.domain.cells import ID_DIGITS, ID_GROUPS, Window, days_key
from server.domain.tallies import FLOWS, MEASURES, STOCKS, Histogram, Measure, Numbers, Period, Sheet, chart_of
from server.store.areas import child_codes
from server.store.tables import Area, Leg, TallyCell, TallyDelta
from server.store.tallies import Narrowed
from server.store.tallies_plain import holds, in_area, indexed, part_at, unindexed, whole_code

Found = dict[tuple[str, ...], dict[str, int]]
"""Flows by their key on an axis; what is not there is 0."""

_MEASURES = [
    (name, measure.flow, tuple(STOCKS[measure.stock].flows.items()) if measure.stock else (), measure.at_start)
    for name, measure in MEASURES.items()
]
_OF_STOCKS = sorted({flow for stock in STOCKS.values() for flow in stock.flows})


@dataclass(frozen=True)
class _Axis:
    """By what is summed: the columns of a cell, of a change that is pending, and of a leg; and which of them."""

    cell: Sequence[Any]
    delta: Sequence[Any]
    leg: Sequence[Any]
    cells: ColumnElement[bool]
    deltas: ColumnElement[bool]
    legs: ColumnElement[bool]


def read_sheet(session: Session, area: Area, when: Period, units: Collection[UUID] | None = None) -> Sheet:
    """Everything that a tally shows of an area of LEVELS and a period; of the responsible units only these, if any
    are named."""
    read = _Reader(session, area)
    parts = read.numbers(read.parts(), when)
    kinds = read.numbers(read.kinds(), when)
    by_unit = read.numbers(read.units(units), when)
    return Sheet(
        {(whole_code(code), category): numbers for (code, category), numbers in parts.items()},
        {kind: numbers for (kind,), numbers in kinds.items()},
        {UUID(unit_id): numbers for (unit_id,), numbers in by_unit.items()},
        read.days(when),
    )


def read_total(session: Session, area: Area, when: Period) -> tuple[Numbers, Histogram]:
    """The numbers of an area as a whole, and the days that it took."""
    read = _Reader(session, area)
    total = read.numbers(read.whole(Narrowed()), when).get((), _numbers({}, {}))
    return total, read.days(when)


def read_months(session: Session, area: Area, months: Sequence[Period]) -> list[Numbers]:
    """The numbers of the chart in each of these months, which follow each other."""
    return chart_of(_Reader(session, area).months(STOCKS["open"].flows), months)


def count_behind(session: Session, measure: Measure, area: Area, when: Period, narrowed: Narrowed) -> int:
    """How many legs a number counts, of an area of LEVELS, narrowed to no more than one row of its tally."""
    read = _Reader(session, area)
    axis = read.whole(narrowed)
    before, during = _windows(when)
    if measure.flow:
        (found,) = read.sums(axis, [(during, [measure.flow])])
        return sum(sums.get(measure.flow, 0) for sums in found.values())
    signs = STOCKS[measure.stock or ""].flows
    asked = [(window, sorted(signs)) for window in ([before] if measure.at_start else [before, during])]
    return sum(
        sign * sums.get(flow, 0)
        for found in read.sums(axis, asked)
        for sums in found.values()
        for flow, sign in signs.items()
    )


def _windows(when: Period) -> tuple[Window, Window]:
    """All days before the period, and its own that have begun."""
    return Window(None, min(when.eve, when.as_of)), Window(when.first, when.as_of)


def _numbers(until: Mapping[str, int], within: Mapping[str, int]) -> Numbers:
    """The measures from the flows before the period and in it."""
    numbers = {}
    for name, flow, signs, at_start in _MEASURES:
        if flow:
            numbers[name] = within.get(flow, 0)
        else:
            number = 0
            for each, sign in signs:
                number += sign * until.get(each, 0)
                if not at_start:
                    number += sign * within.get(each, 0)
            numbers[name] = number
    return numbers


@dataclass(frozen=True)
class _Reader:
    """What is summed for one area."""

    session: Session
    area: Area

    def parts(self) -> _Axis:
        """By the code digits of the area below, and category."""
        below = child_level(self.area.level) or self.area.level
        code = func.substr(TallyCell.area_code, 1, len(ancestor("9" * 12, below).rstrip("0")))
        keys = [part_at(below, TallyDelta), TallyDelta.category], [part_at(below), Leg.category]
        return self._axis([code, TallyCell.key], *keys, self._below("category"))

    def kinds(self) -> _Axis:
        """By the kind of the visit."""
        return self._axis([TallyCell.key], [TallyDelta.kind], [Leg.kind], self._below("kind"))

    def units(self, only: Collection[UUID] | None) -> _Axis:
        """By the unit's id as text."""
        ids = [type_coerce(column, String) for column in (TallyDelta.unit_id, Leg.unit_id)]  # thousands: none is parsed
        axis = self._axis([TallyCell.key], ids[:1], ids[1:], self._own("unit"))
        if only is None:
            return axis
        cells, deltas = TallyCell.key.in_([str(unit_id) for unit_id in only]), TallyDelta.unit_id.in_(only)
        return replace(
            axis, cells=and_(axis.cells, cells), deltas=and_(axis.deltas, deltas), legs=unindexed("unit_id").in_(only)
        )

    def whole(self, narrowed: Narrowed) -> _Axis:
        """All in one, or one row of the tally."""
        if narrowed.unit_id:
            cells = and_(self._own("unit"), TallyCell.key == str(narrowed.unit_id))
        elif narrowed.category:
            cells = and_(self._below("category"), TallyCell.key == narrowed.category)
        elif narrowed.kind:
            cells = and_(self._below("kind"), TallyCell.key == narrowed.kind)
        else:
            cells = self._below("kind")
        deltas = and_(in_area(self.area, TallyDelta.village_code), narrowed.condition(TallyDelta))
        return _Axis([], [], [], cells, deltas, narrowed.condition(Leg))

    def numbers(self, axis: _Axis, when: Period) -> dict[Any, Numbers]:
        """Every measure, by the axis."""
        before, during = _windows(when)
        until, within = self.sums(axis, [(before, _OF_STOCKS), (during, list(FLOWS))])
        return {key: _numbers(until.get(key, {}), within.get(key, {})) for key in until.keys() | within.keys()}

    def days(self, when: Period) -> Histogram:
        """How many were resolved after so many days."""
        taken = self._axis([TallyCell.key], [TallyDelta.days_taken], [Leg.days_taken], self._own("days"))
        deltas = and_(taken.deltas, TallyDelta.days_taken.is_not(None))
        axis = replace(taken, deltas=deltas, legs=and_(Leg.days_taken.is_not(None), Leg.on_the_spot.is_(False)))
        (found,) = self.sums(axis, [(_windows(when)[1], ["resolved"])])
        return {int(key): sums["resolved"] for (key,), sums in found.items() if sums.get("resolved")}

    def months(self, flows: Iterable[str]) -> Iterator[tuple[str, date, int]]:
        """Every flow in every month, told of a day in it that has begun."""
        names = list(flows)
        pending = in_area(self.area, TallyDelta.village_code)
        for row, where in ((TallyCell, self._below("kind")), (TallyDelta, pending)):
            sums = [func.sum(getattr(row, name)) for name in names]
            for month, *counts in self.session.execute(select(row.month, *sums).where(where).group_by(row.month)):
                yield from ((name, month, count) for name, count in zip(names, counts, strict=True))

    def sums(self, axis: _Axis, asked: Sequence[tuple[Window, Sequence[str]]]) -> list[Found]:
        """Some flows of each window, by the axis. Windows that meet within a month share the days at their edges."""
        sums: list[Found] = []
        edges: dict[tuple[date, date], list[Any]] = {}
        every = [flow for flow in FLOWS if any(flow in flows for _, flows in asked)]
        cuts = sorted({window.last for window, _ in asked})
        for window, flows in asked:
            found: Found = {}
            for row, keys, where in ((TallyCell, axis.cell, axis.cells), (TallyDelta, axis.delta, axis.deltas)):
                counts = [func.sum(getattr(row, flow)) for flow in flows]
                query = select(*keys, *counts).where(where, _in_months(row.month, window)).group_by(*keys)
                _add(found, self.session.execute(query), len(keys), flows)
            for first, last, sign in window.edges(cuts):
                if (first, last) not in edges:
                    edges[first, last] = list(self.session.execute(self._edge(axis, first, last, every)))
                _add(found, edges[first, last], len(axis.leg), every, sign)
            sums.append(found)
        return sums

    def _edge(self, axis: _Axis, first: date, last: date, flows: Sequence[str]) -> Any:
        """The flows of some days from the legs, by the index of each day."""
        days = sorted({FLOWS[flow].day for flow in flows})
        return union_all(*(self._on(day, first, last, axis, flows) for day in days))

    def _on(self, day: str, first: date, last: date, axis: _Axis, flows: Sequence[str]) -> Select[Any]:
        counts = [func.count(case((holds(FLOWS[flow]), 1))) if FLOWS[flow].day == day else literal(0) for flow in flows]
        inside = and_(in_area(self.area, unindexed("village_code")), axis.legs)
        query = select(*axis.leg, *counts).where(indexed(day).between(first, last), inside).group_by(*axis.leg)
        if day == "from_day":
            query = query.where(Leg.began.in_(sorted(str(flow.value) for flow in FLOWS.values() if flow.day == day)))
        return query

    def _axis(self, cell: Sequence[Any], delta: Sequence[Any], leg: Sequence[Any], cells: ColumnElement[bool]) -> _Axis:
        return _Axis(cell, delta, leg, cells, in_area(self.area, TallyDelta.village_code), true())

    def _below(self, axis: str) -> ColumnElement[bool]:
        codes = child_codes(self.session, self.area.code)
        return and_(TallyCell.area_code.in_(codes), TallyCell.axis == axis)

    def _own(self, axis: str) -> ColumnElement[bool]:
        return and_(TallyCell.area_code == self.area.code, TallyCell.axis == axis)


def _add(found: Found, lines: Iterable[Any], width: int, flows: Sequence[str], sign: int = 1) -> None:
    """Add lines of `width` keys and a count for each flow."""
    for line in lines:
        key = tuple(map(_key, line[:width]))
        if key in found:
            sums = found[key]
            for flow, count in zip(flows, line[width:], strict=True):
                if count:
                    sums[flow] = sums.get(flow, 0) + sign * count
        else:
            found[key] = {flow: sign * count for flow, count in zip(flows, line[width:], strict=True) if count}


def _key(part: Any) -> str:
    """As the cells tell it; SQLite keeps an id without its dashes."""
    if isinstance(part, int):
        return days_key(part)
    text = str(part)
    return "-".join(text[at : at + size] for at, size in ID_GROUPS) if len(text) == ID_DIGITS else text


def _in_months(month: Any, window: Window) -> ColumnElement[bool]:
    first, last = window.months
    inside: ColumnElement[bool] = month.between(first, last) if first else month <= last
    return inside
