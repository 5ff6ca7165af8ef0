"""Tallies: the measures of domain/tallies.py as SQL. A number and the list behind it share
one condition, so they cannot disagree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from server.domain.areas import CODE_LENGTH, child_level, prefix
from server.domain.lifecycle import OPEN_STATES, VOID_STATES
from server.domain.tallies import MEASURES, Measure, Numbers, Period
from server.store.areas import code_range
from server.store.tables import Area, Matter


def is_counted(measure: Measure, when: Period) -> ColumnElement[bool]:
    """The condition on a matter that `counts()` states in Python."""
    not_void = Matter.state.not_in(VOID_STATES)
    if measure.when == "raised":
        return and_(not_void, Matter.raised_day.between(when.first, when.last))
    if measure.when == "closed":
        on_the_spot = Matter.on_the_spot if measure.on_the_spot else true()
        return and_(Matter.state.in_(measure.states), Matter.closed_day.between(when.first, when.last), on_the_spot)
    still_open = or_(Matter.state.in_(OPEN_STATES), Matter.closed_day > when.as_of)
    overdue = Matter.due_day < when.as_of if measure.overdue else true()
    return and_(not_void, still_open, Matter.raised_day <= when.as_of, overdue)


def _in_area(area: Area) -> ColumnElement[bool]:
    return Matter.village_code.between(*code_range(area.code, area.level))


@dataclass(frozen=True)
class Cell:
    """The numbers of one category and one responsible unit (P3) in one area: directly below the one that was
    asked about, or that one itself if it is a village."""

    area_code: str
    category: str
    unit_id: UUID
    numbers: Numbers


def cells(session: Session, area: Area, when: Period) -> list[Cell]:
    """Everything that is counted in an area, in the smallest parts that a tally shows; none is all zero."""
    below = child_level(area.level) or area.level
    part = func.substr(Matter.village_code, 1, len(prefix(area.code, below)))
    counted = {name: is_counted(measure, when) for name, measure in MEASURES.items()}
    numbers = [func.sum(case((condition, 1), else_=0)) for condition in counted.values()]
    query = select(part, Matter.category, Matter.unit_id, *numbers).where(_in_area(area), or_(*counted.values()))
    return [
        Cell(code.ljust(CODE_LENGTH, "0"), category, unit_id, dict(zip(MEASURES, row, strict=True)))
        for code, category, unit_id, *row in session.execute(query.group_by(part, Matter.category, Matter.unit_id))
    ]


def by_month(session: Session, area: Area, months: Sequence[Period], measure: Measure) -> list[int]:
    """How many matters a measure of days (`raised`, `closed`) counts in each of these months, which follow
    each other."""
    day = _sort_day(measure)
    whole = Period(months[0].first, months[-1].last, months[-1].as_of)
    query = select(day, func.count()).where(_in_area(area), is_counted(measure, whole)).group_by(day)
    days = [(on, count) for on, count in session.execute(query)]
    return [sum(count for on, count in days if month.first <= on <= month.last) for month in months]


def _sort_day(measure: Measure) -> InstrumentedAttribute[Any]:
    return {"raised": Matter.raised_day, "closed": Matter.closed_day, "open": Matter.due_day}[measure.when]


def behind(
    session: Session,
    measure: Measure,
    area: Area,
    when: Period,
    category: str | None,
    unit_id: UUID | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> tuple[int, Sequence[Matter], tuple[date, UUID] | None]:
    """The matters behind a number: how many, one page, and where the next page starts.

    What is open comes longest overdue first, everything else newest first.
    """
    condition = and_(
        is_counted(measure, when),
        _in_area(area),
        Matter.category == category if category else true(),
        Matter.unit_id == unit_id if unit_id else true(),
    )
    count = session.scalar(select(func.count()).select_from(Matter).where(condition)) or 0
    day = _sort_day(measure)
    ascending = measure.when == "open"
    query = select(Matter).where(condition)
    if after:
        further, same = (day > after[0], Matter.id > after[1]) if ascending else (day < after[0], Matter.id < after[1])
        query = query.where(or_(further, and_(day == after[0], same)))
    query = query.order_by(*((day, Matter.id) if ascending else (day.desc(), Matter.id.desc())))
    page = session.scalars(query.limit(limit + 1).options(joinedload(Matter.village), joinedload(Matter.unit))).all()
    shown = page[:limit]
    following = (getattr(shown[-1], day.key), shown[-1].id) if len(page) > limit else None
    return count, shown, following
