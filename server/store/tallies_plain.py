"""Tallies counted straight from the legs: what small areas are read by, and what the cells must agree with.

Every condition here is one of domain/tallies.py, so that a number and the list behind it cannot disagree.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from server.domain.areas import CODE_LENGTH, child_level, prefix
from server.domain.tallies import (
    ANY,
    FLOWS,
    MEASURES,
    STOCKS,
    Flow,
    Histogram,
    Measure,
    Numbers,
    Overdue,
    Period,
    Sheet,
    add_up,
    chart_of,
)
from server.store.areas import code_range
from server.store.tables import Area, Leg, TallyDelta

Column = Callable[[str], ColumnElement[Any]]
"""A column of the legs by its name."""


def indexed(name: str) -> ColumnElement[Any]:
    """The column as it is."""
    column: ColumnElement[Any] = getattr(Leg, name)
    return column


def unindexed(name: str) -> ColumnElement[Any]:
    """The column's value, found by no index: planners cannot know which of two ranges is the narrower, we do."""
    return func.coalesce(indexed(name), indexed(name))


def holds(flow: Flow, column: Column = indexed) -> ColumnElement[bool]:
    """The leg has what the flow counts, on whatever day."""
    value = column(flow.column)
    if flow.value is ANY:
        return value.is_not(None)
    return value.is_(True) if flow.value is True else value == flow.value


def at_end_of(stock: str, day: date, column: Column = indexed) -> ColumnElement[bool]:
    """The leg is part of a stock at the end of a day."""
    until = column("until_day")
    return and_(column(STOCKS[stock].since) <= day, or_(until.is_(None), until > day))


def is_counted(measure: Measure, when: Period, column: Column = indexed) -> ColumnElement[bool]:
    """The condition on a leg that `counts()` states in Python."""
    if measure.flow:
        flow = FLOWS[measure.flow]
        return and_(holds(flow, column), column(flow.day).between(when.first, when.last))
    return at_end_of(measure.stock or "", when.eve if measure.at_start else when.as_of, column)


def in_area(area: Area, village_code: Any = Leg.village_code) -> ColumnElement[bool]:
    """The village lies in the area."""
    inside: ColumnElement[bool] = village_code.between(*code_range(area.code, area.level))
    return inside


def part_at(level: str, row: type[Leg] | type[TallyDelta] = Leg) -> ColumnElement[str]:
    """The digits of the area of this level in which the leg's village lies."""
    return func.substr(row.village_code, 1, len(prefix("0" * CODE_LENGTH, level)))


def whole_code(digits: str) -> str:
    """The code of the area that part_at found."""
    return digits.ljust(CODE_LENGTH, "0")


def grouped(
    session: Session, area: Area, when: Period, by: Sequence[Any], only: ColumnElement[bool] | None = None
) -> list[tuple[tuple[Any, ...], Numbers]]:
    """The numbers of an area by some columns of its legs."""
    counted = {name: is_counted(measure, when) for name, measure in MEASURES.items()}
    numbers = [func.count(case((condition, 1))) for condition in counted.values()]
    query = select(*by, *numbers).where(in_area(area), or_(*counted.values())).group_by(*by)
    if only is not None:
        query = query.where(only)
    width = len(by)
    return [(tuple(row[:width]), dict(zip(MEASURES, row[width:], strict=True))) for row in session.execute(query)]


def days_taken(session: Session, area: Area, when: Period) -> dict[int, int]:
    """How many matters that were resolved in the period, and not on the spot, took so many days."""
    query = select(Leg.days_taken, func.count()).where(
        in_area(area), is_counted(MEASURES["resolved"], when), Leg.on_the_spot.is_(False)
    )
    return {taken: count for taken, count in session.execute(query.group_by(Leg.days_taken)) if taken is not None}


def read_sheet(session: Session, area: Area, when: Period, units: Collection[UUID] | None = None) -> Sheet:
    """Everything that a tally shows of an area and a period; of the responsible units only these, if any are named."""
    below = part_at(child_level(area.level) or area.level)
    parts = {
        (whole_code(digits), category): numbers
        for (digits, category), numbers in grouped(session, area, when, [below, Leg.category])
    }
    kinds = {kind: numbers for (kind,), numbers in grouped(session, area, when, [Leg.kind])}
    of_units = None if units is None else Leg.unit_id.in_(units)
    by_unit = {unit_id: numbers for (unit_id,), numbers in grouped(session, area, when, [Leg.unit_id], of_units)}
    return Sheet(parts, kinds, by_unit, days_taken(session, area, when))


def read_total(session: Session, area: Area, when: Period) -> tuple[Numbers, Histogram]:
    """The numbers of an area as a whole, and the days that it took."""
    return add_up(numbers for _, numbers in grouped(session, area, when, [])), days_taken(session, area, when)


def read_months(session: Session, area: Area, months: Sequence[Period]) -> list[Numbers]:
    """The numbers of the chart in each of these months, which follow each other."""
    days: list[tuple[str, date, int]] = []
    for column, day in ((Leg.began, Leg.from_day), (Leg.ended, Leg.until_day)):
        flows = {str(flow.value): name for name, flow in FLOWS.items() if flow.column == column.key}
        query = select(column, day, func.count()).where(in_area(area), day <= months[-1].last, column.in_(flows))
        rows: Any = session.execute(query.group_by(column, day))
        days += [(flows[value], on, count) for value, on, count in rows]
    return chart_of(days, months)


def longest_overdue(session: Session, area: Area, day: date) -> dict[UUID, Overdue]:
    """What each unit has overdue at the end of a day."""
    inside = in_area(area, unindexed("village_code"))  # what was ever overdue is little, and has an index of its own
    query = select(Leg.unit_id, func.min(Leg.due_day), func.count()).where(inside, at_end_of("overdue", day))
    return {unit_id: Overdue(since, count) for unit_id, since, count in session.execute(query.group_by(Leg.unit_id))}
