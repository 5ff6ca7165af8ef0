"""Tallies: the measures of domain/tallies.py as SQL. A number and the list behind it share
one condition, so they cannot disagree."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from server.domain.areas import child_level, prefix
from server.domain.lifecycle import OPEN_STATES, VOID_STATES
from server.domain.tallies import MEASURES, Measure, Period
from server.store.areas import code_range
from server.store.tables import Area, Matter

Numbers = dict[str, int]


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


def _numbers(when: Period) -> list[ColumnElement[int]]:
    return [func.coalesce(func.sum(case((is_counted(m, when), 1), else_=0)), 0) for m in MEASURES.values()]


def _grouped(session: Session, key: ColumnElement[Any], area: Area, when: Period) -> dict[Any, Numbers]:
    rows = session.execute(select(key, *_numbers(when)).where(_in_area(area)).group_by(key))
    return {row[0]: dict(zip(MEASURES, row[1:], strict=True)) for row in rows}


def total(session: Session, area: Area, when: Period) -> Numbers:
    """All numbers of an area."""
    row = session.execute(select(*_numbers(when)).where(_in_area(area))).one()
    return dict(zip(MEASURES, row, strict=True))


def by_child_area(session: Session, area: Area, when: Period) -> dict[str, Numbers]:
    """The numbers of each area directly below, by its code; empty for a village."""
    below = child_level(area.level)
    if below is None:
        return {}
    digits = len(prefix(area.code, below))
    rows = _grouped(session, func.substr(Matter.village_code, 1, digits), area, when)
    return {key.ljust(12, "0"): numbers for key, numbers in rows.items()}


def by_category(session: Session, area: Area, when: Period) -> dict[str, Numbers]:
    return _grouped(session, Matter.category.expression, area, when)


def by_unit(session: Session, area: Area, when: Period) -> dict[UUID, Numbers]:
    """The numbers by responsible unit (P3)."""
    return _grouped(session, Matter.unit_id.expression, area, when)


def by_month(session: Session, area: Area, months: Sequence[Period]) -> list[dict[str, int]]:
    """Raised and resolved in each month."""
    shown = ("raised", "resolved")
    columns = [
        func.coalesce(func.sum(case((is_counted(MEASURES[name], month), 1), else_=0)), 0)
        for month in months
        for name in shown
    ]
    row = session.execute(select(*columns).where(_in_area(area))).one()
    return [dict(zip(shown, row[2 * i : 2 * i + 2], strict=True)) for i in range(len(months))]


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
