"""Changes of what is counted that are not yet in the cells: writers only append them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from server.domain.tallies import FLOWS, Difference, Part
from server.store.tables import TallyDelta

_Key = tuple[Part, Any]


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
        session.execute(insert(TallyDelta), new)
