"""All the legs behind a number, one after another: for a file of any length in little memory."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import case, select
from sqlalchemy.orm import Session, aliased

from server.domain.anonymous import Called
from server.domain.tallies import Measure, Period
from server.store.residents import called_before
from server.store.tables import Area, Event, Leg, Matter, Unit
from server.store.tallies import Narrowed, sort_day
from server.store.tallies_plain import in_area, is_counted

_AT_ONCE = 1000
"""Rows that are in memory: PostgreSQL sends so many at a time, from a cursor of its own."""


class Line(NamedTuple):
    """What a row of the file is made from. What its resident is or was called is here only to be taken out of the
    texts."""

    title: str
    category: str
    village: str
    township: str
    unit: str
    state: str
    raised_day: date
    due_day: date
    closed_day: date | None
    result: str | None
    ever_called: Sequence[Called]


def lines_behind(session: Session, measure: Measure, area: Area, when: Period, narrowed: Narrowed) -> Iterator[Line]:
    """Every leg that a number counts, in the order of the list on the screen."""
    village, township = aliased(Area), aliased(Area)
    day = sort_day(measure)
    key = (day, Leg.matter_id, Leg.position)
    query = (
        select(
            Matter.title, Leg.category, village.name, township.name, Unit.name, Matter.state, Matter.raised_day,
            Leg.due_day, case((Leg.settled_by.is_not(None), Leg.until_day)), Event.text,
            Leg.matter_id, Matter.resident_name, Matter.resident_phone,
        )
        .join(Matter, Matter.id == Leg.matter_id)
        .join(village, village.code == Leg.village_code)
        .join(township, township.code == village.parent_code)
        .join(Unit, Unit.id == Leg.unit_id)
        .outerjoin(Event, Event.id == Leg.settled_by)
        .where(is_counted(measure, when), in_area(area), narrowed.condition())
        .order_by(*(key if measure.stock else [column.desc() for column in key]))
    )  # fmt: skip
    for part in session.execute(query, execution_options={"yield_per": _AT_ONCE}).partitions():
        before = called_before(session, {row.matter_id for row in part})
        for row in part:
            *told, matter_id, name, phone = row
            yield Line._make([*told, [Called(name, phone), *before.get(matter_id, ())]])
