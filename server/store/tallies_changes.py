"""What earlier days count otherwise than they did when they ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from server.domain.tallies import STOCKS, Numbers, Period, changed
from server.store.areas import code_range
from server.store.db import inserting
from server.store.tables import Area, LateChange, Matter


@dataclass(frozen=True)
class Late:
    """A change of a flow of domain/tallies.py on `day`, that the server heard of on the later `received_day`."""

    matter_id: UUID
    village_code: str
    act: str
    measure: str
    change: int
    day: date
    received_day: date


def note_late_changes(session: Session, changes: Sequence[Late]) -> None:
    """Append them, for good."""
    if changes:
        session.execute(inserting(session, LateChange), [vars(change) for change in changes])


def _since(area: Area, when: Period) -> ColumnElement[bool]:
    """What a tally of the period told otherwise at the end of its last day."""
    earlier = {flow for stock in STOCKS.values() for flow in stock.flows}
    return and_(
        LateChange.village_code.between(*code_range(area.code, area.level)),
        LateChange.received_day > when.as_of,
        or_(
            LateChange.day.between(when.first, when.as_of),
            and_(LateChange.day < when.first, LateChange.measure.in_(sorted(earlier - {"moved_in", "moved_out"}))),
        ),
    )


def changed_numbers(session: Session, area: Area, when: Period) -> tuple[int, Numbers]:
    """How many changes there were after the period's last day, and by how much they changed each measure."""
    before = LateChange.day < when.first
    query = select(LateChange.measure, before, func.count(), func.sum(LateChange.change)).where(_since(area, when))
    rows = session.execute(query.group_by(LateChange.measure, before)).all()
    return sum(count for _, _, count, _ in rows), changed((flow, earlier, more) for flow, earlier, _, more in rows)


def changes_since(
    session: Session, area: Area, when: Period, after: int | None, limit: int
) -> tuple[Sequence[LateChange], int | None]:
    """One page of the changes, newest first, each with its matter, and where the next page starts."""
    query = select(LateChange).where(_since(area, when))
    if after is not None:
        query = query.where(LateChange.id < after)
    query = query.order_by(LateChange.id.desc()).limit(limit + 1)
    page = session.scalars(query.options(joinedload(LateChange.matter).joinedload(Matter.village))).all()
    return page[:limit], page[limit - 1].id if len(page) > limit else None
