"""Make every cell again from the legs: the lowest level of each axis by GROUP BY, the levels above from it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Date, String, case, cast, delete, func, insert, literal, select, union_all
from sqlalchemy.orm import Session

from server.domain.areas import CODE_LENGTH, prefix
from server.domain.cells import AXES, ID_GROUPS
from server.domain.tallies import FLOWS
from server.store.db import dialect_of
from server.store.tables import Leg, TallyCell, TallyDelta
from server.store.tallies_plain import holds

_LOWEST_FIRST = ("township", "county", "prefecture", "province")


def make_cells(session: Session) -> None:
    """Forget the cells and what is pending, and sum up the legs as they are kept."""
    session.execute(delete(TallyCell))
    session.execute(delete(TallyDelta))
    for axis, levels in AXES.items():
        lowest, *above = [level for level in _LOWEST_FIRST if level in levels]
        _insert(session, _from_legs(session, axis, lowest))
        below = lowest
        for level in above:
            _insert(session, _from_below(axis, level, below))
            below = level


def _insert(session: Session, rows: Any) -> None:
    columns = [TallyCell.area_code, TallyCell.axis, TallyCell.key, TallyCell.month, *_flows(TallyCell)]
    session.execute(insert(TallyCell).from_select(columns, rows))


def _flows(row: Any) -> Sequence[Any]:
    return [getattr(row, flow) for flow in FLOWS]


def _area(code: Any, level: str) -> Any:
    digits = len(prefix("0" * CODE_LENGTH, level))
    return func.substr(code, 1, digits).concat("0" * (CODE_LENGTH - digits))


def _from_below(axis: str, level: str, below: str) -> Any:
    """Cells from those of the level below, which are told by their zeros."""
    area, zeros = _area(TallyCell.area_code, level), CODE_LENGTH - len(prefix("0" * CODE_LENGTH, below))
    own = (
        TallyCell.axis == axis,
        func.substr(TallyCell.area_code, CODE_LENGTH - zeros + 1) == "0" * zeros,
        func.substr(TallyCell.area_code, 1, CODE_LENGTH - zeros) != func.substr(area, 1, CODE_LENGTH - zeros),
    )
    sums = [func.sum(flow) for flow in _flows(TallyCell)]
    keys = (area, TallyCell.axis, TallyCell.key, TallyCell.month)
    return select(*keys, *sums).where(*own).group_by(*keys)


def _from_legs(session: Session, axis: str, level: str) -> Any:
    days = sorted({flow.day for name, flow in FLOWS.items() if axis != "days" or name == "resolved"})
    every = union_all(*(_on_day(session, axis, level, day) for day in days)).subquery()
    keys = (every.c.area_code, literal(axis), every.c.key, every.c.month)
    sums = [func.sum(every.c[flow]) for flow in FLOWS]
    return select(*keys, *sums).group_by(every.c.area_code, every.c.key, every.c.month)


def _on_day(session: Session, axis: str, level: str, day: str) -> Any:
    """What the legs count on their day `day`, by month."""
    on = getattr(Leg, day)
    month: Any
    unit: Any
    taken: Any
    if dialect_of(session) == "postgresql":
        month = cast(func.date_trunc("month", on), Date())
        unit, taken = cast(Leg.unit_id, String), func.to_char(Leg.days_taken, "FM00000")
    else:
        month = func.date(on, "start of month", type_=Date())
        hexed = cast(Leg.unit_id, String)
        unit = func.printf("%s-%s-%s-%s-%s", *(func.substr(hexed, at + 1, size) for at, size in ID_GROUPS))
        taken = func.printf("%05d", Leg.days_taken)
    key = {"category": Leg.category, "kind": Leg.kind, "unit": unit, "days": taken}[axis]
    counts = [
        func.count(case((holds(flow), 1))).label(name)
        if flow.day == day and (axis != "days" or name == "resolved")
        else literal(0).label(name)
        for name, flow in FLOWS.items()
    ]
    keys: Any = (_area(Leg.village_code, level).label("area_code"), key.label("key"), month.label("month"))
    timed = (Leg.days_taken.is_not(None), Leg.on_the_spot.is_(False)) if axis == "days" else ()
    return select(*keys, *counts).where(on.is_not(None), *timed).group_by(*keys)
