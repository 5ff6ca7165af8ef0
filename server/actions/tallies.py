"""What a leader reads: numbers, and what they are made of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.access import Actor, may_read_tally
from server.domain.cells import LEVELS
from server.domain.refusals import Refusal
from server.domain.tallies import (
    IN_CHART,
    Histogram,
    Numbers,
    Overdue,
    Period,
    Sheet,
    add_up,
    first_overdue,
    months_until,
    percentile,
    period,
    period_before,
)
from server.domain.words import CATEGORIES, VISIT_KINDS
from server.store import cells, tallies_plain
from server.store.areas import children, get_area, names
from server.store.tables import Area
from server.store.tallies_plain import longest_overdue
from server.store.units import names_of_units

_MONTHS_SHOWN = 24
_UNITS_SHOWN = 100
_NONE = add_up([])
_IN_HEAT = ("raised", "open", "overdue")


@dataclass(frozen=True)
class Question:
    """An area (None: the reader's first) and a period, as of `today` in Asia/Shanghai."""

    area_code: str | None
    first: date
    last: date
    today: date


def asked_about(session: Session, actor: Actor, question: Question) -> tuple[Area, Period]:
    """The area and the period. Refusals: area_not_found (also when it is not the reader's), period_invalid."""
    when = period(question.first, question.last, question.today)
    area = get_area(session, question.area_code or actor.areas("leader")[0])
    if area is None or not may_read_tally(actor, area.code):
        raise Refusal("area_not_found", "area_code")
    return area, when


def read_tally(session: Session, actor: Actor, question: Question, *, every_unit: bool = False) -> dict[str, Any]:
    """The tally of an area and a period, beside the period before it. The screen shows the first units; `every_unit`
    is for a file, which leaves nothing out.

    Refusals: those of asked_about.
    """
    area, when = asked_about(session, actor, question)
    before = period_before(when)
    read = _reader(area)
    due = longest_overdue(session, area, when.as_of)
    most = len(due) if every_unit else _UNITS_SHOWN
    first = None if len(due) <= most else first_overdue(due, most)
    sheet = read.read_sheet(session, area, when, first)
    total_before, days_before = read.read_total(session, area, before)
    months = months_until(when.as_of, _MONTHS_SHOWN, question.today)
    return {
        **_about(session, actor, area),
        "from": when.first,
        "to": when.last,
        "as_of": when.as_of,
        "before": {"first": before.first, "last": before.last},
        "total": add_up(sheet.parts.values()),
        "total_before": total_before,
        "days": _days(sheet.days),
        "days_before": _days(days_before),
        "by_area": _by_area(session, area, sheet),
        "by_category": _by_category(sheet),
        "by_origin": [{"kind": kind, "numbers": sheet.kinds.get(kind, _NONE)} for kind in VISIT_KINDS],
        **_by_unit(session, when, sheet, due, None if every_unit else _UNITS_SHOWN),
        "by_month": _by_month(months, read.read_months(session, area, months)),
        "heat": _heat(area, sheet),
    }


def _reader(area: Area) -> ModuleType:
    """What counts a large area by sums of months, and a small one straight from the legs."""
    return cells if area.level in LEVELS else tallies_plain


def _about(session: Session, actor: Actor, area: Area) -> dict[str, Any]:
    granted = actor.areas("leader")
    granted_names = names(session, granted)
    return {
        "area": {
            "code": area.code,
            "name": area.name,
            "level": area.level,
            "parent_code": area.parent_code if area.parent_code and may_read_tally(actor, area.parent_code) else None,
        },
        "areas": [{"code": code, "name": granted_names[code]} for code in granted],
    }


def _days(taken: Histogram) -> dict[str, int | None]:
    return {"count": sum(taken.values()), "median": percentile(taken, 50), "p90": percentile(taken, 90)}


def _summed(parts: Mapping[tuple[str, str], Numbers], by: Callable[[tuple[str, str]], str]) -> dict[str, Numbers]:
    groups: dict[str, list[Numbers]] = {}
    for key, numbers in parts.items():
        groups.setdefault(by(key), []).append(numbers)
    return {key: add_up(group) for key, group in groups.items()}


def _by_area(session: Session, area: Area, sheet: Sheet) -> list[dict[str, Any]]:
    found = _summed(sheet.parts, lambda key: key[0])
    return [
        {"code": child.code, "name": child.name, "level": child.level, "numbers": found.get(child.code, _NONE)}
        for child in children(session, area.code)
    ]


def _by_category(sheet: Sheet) -> list[dict[str, Any]]:
    found = _summed(sheet.parts, lambda key: key[1])
    shown = [category for category in CATEGORIES if any(found.get(category, _NONE).values())]
    return [{"category": category, "numbers": found[category]} for category in shown]


def _by_unit(
    session: Session, when: Period, sheet: Sheet, due: Mapping[UUID, Overdue], most: int | None
) -> dict[str, Any]:
    """The units with anything to show, longest overdue first (P3)."""
    shown = [unit_id for unit_id, numbers in sheet.units.items() if any(numbers.values())]

    def place(unit_id: UUID) -> tuple[Any, ...]:
        numbers = sheet.units[unit_id]
        since = due[unit_id].since if unit_id in due else date.max
        return since, -numbers["overdue"], -numbers["open"], -numbers["raised"], unit_id

    first = sorted(shown, key=place)[:most]
    unit_names = names_of_units(session, first)
    rows = [
        {
            "unit_id": unit_id,
            "unit_name": unit_names[unit_id],
            "numbers": sheet.units[unit_id],
            "longest_overdue_days": (when.as_of - due[unit_id].since).days if unit_id in due else None,
        }
        for unit_id in first
    ]
    return {"by_unit": rows, "more_units": len(first) < max(len(shown), len(due))}


def _by_month(months: Sequence[Period], rows: Sequence[Numbers]) -> list[dict[str, Any]]:
    return [
        {"month": month.first.strftime("%Y-%m"), **{name: numbers[name] for name in IN_CHART}}
        for month, numbers in zip(months, rows, strict=True)
    ]


def _heat(area: Area, sheet: Sheet) -> Iterable[dict[str, Any]]:
    return [
        {"code": code, "category": category, **{name: numbers[name] for name in _IN_HEAT}}
        for (code, category), numbers in sorted(sheet.parts.items())
        if code != area.code and any(numbers[name] for name in _IN_HEAT)
    ]
