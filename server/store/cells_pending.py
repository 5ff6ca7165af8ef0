"""Changes of what is counted that are not yet in the cells: writers only append them, and now and then they are added
up. Until then readers count them in (cells.py)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from server.domain.areas import ancestor
from server.domain.cells import AXES, days_key
from server.domain.tallies import FLOWS, Difference, Part
from server.store.db import dialect_of, inserting
from server.store.tables import TallyCell, TallyDelta

PENDING = 2_000
"""So many changes may wait before they are added up: reading them takes a few milliseconds."""

_AT_ONCE = 2_000
_FOLDING = 20261126
"""The advisory lock on PostgreSQL: one adds up at a time. On SQLite there is one writer anyway."""

_Key = tuple[Part, date]


def note_differences(session: Session, differences: Iterable[Difference]) -> None:
    """Append these, a row for each part of a tally and month."""
    rows: dict[_Key, dict[str, Any]] = {}
    for change in differences:
        for (part, day, flow), more in change.items():
            month = day.replace(day=1)
            row = rows.setdefault((part, month), {**vars(part), "month": month, **dict.fromkeys(FLOWS, 0)})
            row[flow] += more
    new = [row for row in rows.values() if any(row[flow] for flow in FLOWS)]
    if new:
        session.execute(inserting(session, TallyDelta), new)


def is_due(session: Session) -> bool:
    """True when so much is pending that it should be added up."""
    return session.scalar(_AFTER, {"many": PENDING}) is not None


_AFTER = select(TallyDelta.id).order_by(TallyDelta.id).offset(bindparam("many")).limit(1)


def add_up_pending(session: Session) -> int:
    """Add a part of what is pending to the cells; answers how much it was: 0 also while somebody else does it."""
    if dialect_of(session) == "postgresql" and not session.scalar(select(func.pg_try_advisory_xact_lock(_FOLDING))):
        return 0
    pending = session.scalars(select(TallyDelta).order_by(TallyDelta.id).limit(_AT_ONCE)).all()
    cells: dict[tuple[str, str, str, date], dict[str, int]] = {}
    for delta in pending:
        for key in _cells_of(delta):
            sums = cells.setdefault(key, dict.fromkeys(FLOWS, 0))
            for flow in FLOWS if key[1] != "days" else ("resolved",):
                sums[flow] += getattr(delta, flow)
    rows = [
        {"area_code": area, "axis": axis, "key": key, "month": month, **sums}
        for (area, axis, key, month), sums in sorted(cells.items())
        if any(sums.values())
    ]
    if rows:
        statement = inserting(session, TallyCell)
        added = {flow: getattr(TallyCell, flow) + statement.excluded[flow] for flow in FLOWS}
        place = [TallyCell.area_code, TallyCell.axis, TallyCell.key, TallyCell.month]
        session.execute(statement.on_conflict_do_update(index_elements=place, set_=added), rows)
    session.execute(delete(TallyDelta).where(TallyDelta.id.in_([delta.id for delta in pending])))
    return len(pending)


def _cells_of(delta: TallyDelta) -> Iterator[tuple[str, str, str, date]]:
    keys = {"category": delta.category, "kind": delta.kind, "unit": str(delta.unit_id)}
    if delta.days_taken is not None and delta.resolved:
        keys["days"] = days_key(delta.days_taken)
    for axis, key in keys.items():
        for level in AXES[axis]:
            yield ancestor(delta.village_code, level), axis, key, delta.month
