"""The legs of matters behind a number, a page at a time, by the very condition that counts them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from server.domain.tallies import FLOWS, Measure, Period
from server.store.tables import Area, Leg, Matter, Rating, TallyDelta
from server.store.tallies_plain import in_area, indexed, is_counted, unindexed

Mark = tuple[date, UUID, int]
"""Where a page ends: the day that the list is sorted by, the matter, and which of its legs."""


@dataclass(frozen=True)
class Narrowed:
    """What narrows a list to one row of a tally."""

    category: str | None = None
    kind: str | None = None
    unit_id: UUID | None = None

    def condition(self, row: type[Leg] | type[TallyDelta] = Leg) -> ColumnElement[bool]:
        """The same in SQL."""
        columns: dict[Any, object] = {row.category: self.category, row.kind: self.kind, row.unit_id: self.unit_id}
        return and_(true(), *(column == value for column, value in columns.items() if value is not None))

    @property
    def is_one_row(self) -> bool:
        """True for the whole tally, and for one row of it."""
        return [self.category, self.kind, self.unit_id].count(None) >= 2


def sort_day(measure: Measure) -> InstrumentedAttribute[Any]:
    """The day by which the list behind a number is sorted."""
    column: InstrumentedAttribute[Any] = getattr(Leg, FLOWS[measure.flow].day) if measure.flow else Leg.due_day
    return column


def count_behind(session: Session, measure: Measure, area: Area, when: Period, narrowed: Narrowed) -> int:
    """How many legs a number counts."""
    condition = and_(is_counted(measure, when), in_area(area), narrowed.condition())
    return session.scalar(select(func.count()).select_from(Leg).where(condition)) or 0


def behind(
    session: Session, measure: Measure, area: Area, when: Period, narrowed: Narrowed, after: Mark | None, limit: int
) -> tuple[Sequence[Leg], Mark | None]:
    """One page of the legs behind a number, each with its matter, and where the next page starts.

    What is open comes longest overdue first, everything else newest first.
    """
    day = sort_day(measure)
    key = (day, Leg.matter_id, Leg.position)
    query = select(Leg.matter_id, Leg.position).where(_by_index(measure, area, when, narrowed), narrowed.condition())
    if after:
        here, there = tuple_(*key), tuple_(*after)
        query = query.where(here > there if measure.stock else here < there)
    order = key if measure.stock else [column.desc() for column in key]
    page_of = query.order_by(*order).limit(limit + 1).subquery()
    same = and_(Leg.matter_id == page_of.c.matter_id, Leg.position == page_of.c.position)
    page = session.scalars(select(Leg).join(page_of, same).order_by(*order).options(*_with_matter())).all()
    shown = page[:limit]
    last = shown[-1] if len(page) > limit else None
    return shown, (getattr(last, day.key), last.matter_id, last.position) if last else None


def _by_index(measure: Measure, area: Area, when: Period, narrowed: Narrowed) -> ColumnElement[bool]:
    """The condition of a number, so put that the first page is found soon: by the unit; by the villages of a small
    area; by the day, among all that is counted there, of a large one, where enough of it lies inside."""
    if narrowed.unit_id:
        return and_(is_counted(measure, when, unindexed), in_area(area, unindexed("village_code")))
    if area.level in {"township", "village"} or (area.level == "county" and measure.stock == "open"):
        return and_(is_counted(measure, when, unindexed), in_area(area))
    days = unindexed if measure.stock == "open" else indexed  # in the order of due days, until enough are found
    return and_(is_counted(measure, when, days), in_area(area, unindexed("village_code")))


def _with_matter() -> Sequence[Any]:
    return (
        joinedload(Leg.matter).joinedload(Matter.village),
        joinedload(Leg.unit),
        joinedload(Leg.settlement),
    )


def ratings_of(session: Session, event_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The residents' answers that count, by the settlement's entry."""
    query = select(Rating.event_id, Rating.value).where(
        Rating.event_id.in_(event_ids), ~Rating.held, Rating.set_aside_reason.is_(None)
    )
    return dict(session.execute(query).all())
