"""What a leader reads: numbers, and the matters behind each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.access import Actor, may_read_tally
from server.domain.areas import ancestor
from server.domain.refusals import Refusal
from server.domain.tallies import MEASURES, Numbers, Period, add_up, counts, months_until, period
from server.domain.words import CATEGORIES, LIMITS
from server.store import tallies as numbers
from server.store.areas import children, get_area, names
from server.store.tables import Area, Matter
from server.store.units import names_of_units

_MONTHS_SHOWN = 12
_NONE = add_up([])


@dataclass(frozen=True)
class Question:
    """An area (None: the reader's first) and a period, as of `today` in Asia/Shanghai."""

    area_code: str | None
    first: date
    last: date
    today: date


def read_tally(session: Session, actor: Actor, question: Question) -> dict[str, Any]:
    """The tally of an area and a period, by area, category, unit and month.

    Refusals: area_not_found (also when it is not the reader's), period_invalid.
    """
    when = period(question.first, question.last, question.today)
    area = _area(session, actor, question.area_code)
    granted = actor.areas("leader")
    granted_names = names(session, granted)
    cells = numbers.cells(session, area, when)
    by_area = _grouped(cells, attrgetter("area_code"))
    by_category = _grouped(cells, attrgetter("category"))
    by_unit = _grouped(cells, attrgetter("unit_id"))
    unit_names = names_of_units(session, by_unit)
    return {
        "area": {
            "code": area.code,
            "name": area.name,
            "level": area.level,
            "parent_code": area.parent_code if area.parent_code and may_read_tally(actor, area.parent_code) else None,
        },
        "areas": [{"code": code, "name": granted_names[code]} for code in granted],
        "from": when.first,
        "to": when.last,
        "as_of": when.as_of,
        "total": add_up(cell.numbers for cell in cells),
        "by_area": [
            {"code": child.code, "name": child.name, "level": child.level, "numbers": by_area.get(child.code, _NONE)}
            for child in children(session, area.code)
        ],
        "by_category": [
            {"category": category, "numbers": by_category[category]}
            for category in CATEGORIES
            if category in by_category
        ],
        "by_unit": sorted(
            ({"unit_id": key, "unit_name": unit_names[key], "numbers": row} for key, row in by_unit.items()),
            key=lambda row: (-row["numbers"]["overdue"], -row["numbers"]["open"], row["unit_name"]),
        ),
        "by_month": _by_month(session, area, when),
    }


def _grouped(cells: Iterable[numbers.Cell], key: Callable[[numbers.Cell], Any]) -> dict[Any, Numbers]:
    """The numbers of the cells by a key. What counts nothing has no cell, and so no row."""
    groups: dict[Any, list[Numbers]] = {}
    for cell in cells:
        groups.setdefault(key(cell), []).append(cell.numbers)
    return {of: add_up(group) for of, group in groups.items()}


def _by_month(session: Session, area: Area, when: Period) -> list[dict[str, Any]]:
    months = months_until(when.as_of, _MONTHS_SHOWN)
    raised, resolved = (numbers.by_month(session, area, months, MEASURES[name]) for name in ("raised", "resolved"))
    return [
        {"month": month.first.strftime("%Y-%m"), "raised": new, "resolved": done}
        for month, new, done in zip(months, raised, resolved, strict=True)
    ]


def read_matters_behind(
    session: Session,
    actor: Actor,
    question: Question,
    measure: str,
    category: str | None,
    unit_id: UUID | None,
    after: str | None,
) -> dict[str, Any]:
    """Exactly the matters that a number counts, a page at a time.

    Refusals: area_not_found, period_invalid, invalid (a page mark that is none).
    """
    when = period(question.first, question.last, question.today)
    area = _area(session, actor, question.area_code)
    count, page, following = numbers.behind(
        session, MEASURES[measure], area, when, category, unit_id, _page_mark(after), LIMITS["matters_per_page"]
    )
    townships = names(session, {ancestor(matter.village_code, "township") for matter in page})
    return {
        "count": count,
        "matters": [_line(matter, townships, when) for matter in page],
        "next": f"{following[0].isoformat()}~{following[1]}" if following else None,
    }


def _line(matter: Matter, townships: dict[str, str], when: Period) -> dict[str, Any]:
    return {
        "id": matter.id,
        "title": matter.title,
        "category": matter.category,
        "village_name": matter.village.name,
        "township_name": townships[ancestor(matter.village_code, "township")],
        "unit_name": matter.unit.name,
        "state": matter.state,
        "due_day": matter.due_day,
        "raised_at": matter.happened_at,
        "closed_at": matter.closed_at,
        "overdue": counts(MEASURES["overdue"], matter, when),
    }


def _page_mark(after: str | None) -> tuple[date, UUID] | None:
    if after is None:
        return None
    day, _, matter_id = after.partition("~")
    try:
        return date.fromisoformat(day), UUID(matter_id)
    except ValueError as error:
        raise Refusal("invalid", "after") from error


def _area(session: Session, actor: Actor, code: str | None) -> Area:
    granted = actor.areas("leader")
    area = get_area(session, code or granted[0])
    if area is None or not may_read_tally(actor, area.code):
        raise Refusal("area_not_found", "area_code")
    return area
