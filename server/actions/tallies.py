"""What a leader reads: numbers, and the matters behind each."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.access import Actor, may_read_tally
from server.domain.areas import ancestor
from server.domain.refusals import Refusal
from server.domain.tallies import MEASURES, Period, counts, months_back, period
from server.domain.words import CATEGORIES, LIMITS
from server.store import tallies as numbers
from server.store.areas import children, get_area, names
from server.store.tables import Area, Matter, Unit

_MONTHS_SHOWN = 12
_NONE = dict.fromkeys(MEASURES, 0)


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
    below = numbers.by_child_area(session, area, when)
    by_category = numbers.by_category(session, area, when)
    by_unit = numbers.by_unit(session, area, when)
    unit_names = {unit.id: unit.name for unit_id in by_unit if (unit := session.get(Unit, unit_id))}
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
        "total": numbers.total(session, area, when),
        "by_area": [
            {"code": child.code, "name": child.name, "level": child.level, "numbers": below.get(child.code, _NONE)}
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


def _by_month(session: Session, area: Area, when: Period) -> list[dict[str, Any]]:
    firsts = months_back(when.as_of, _MONTHS_SHOWN)
    following = [*firsts[1:], _month_after(firsts[-1])]
    months = [
        Period(first, date.fromordinal(end.toordinal() - 1), when.as_of)
        for first, end in zip(firsts, following, strict=True)
    ]
    rows = numbers.by_month(session, area, months)
    return [{"month": month.first.strftime("%Y-%m"), **row} for month, row in zip(months, rows, strict=True)]


def _month_after(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


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
