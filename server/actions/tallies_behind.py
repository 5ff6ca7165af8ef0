"""What a leader opens: the matters behind a number, and what changed of one since."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.actions.tallies import Question, asked_about
from server.domain.access import Actor
from server.domain.anonymous import Called, without_residents
from server.domain.areas import ancestor
from server.domain.cells import LEVELS
from server.domain.refusals import Refusal
from server.domain.tallies import MEASURES, Period, shown_as
from server.domain.words import LIMITS
from server.store import cells
from server.store.areas import names
from server.store.residents import ever_called
from server.store.tables import LateChange, Leg
from server.store.tallies import Mark, Narrowed, behind, count_behind, ratings_of
from server.store.tallies_changes import changed_numbers, changes_since


def read_matters_behind(
    session: Session, actor: Actor, question: Question, measure: str, narrowed: Narrowed, after: str | None
) -> dict[str, Any]:
    """Exactly the matters that a number counts, a page at a time; a matter once for each leg that is counted.

    Refusals: area_not_found, period_invalid, invalid (a page mark that is none).
    """
    area, when = asked_about(session, actor, question)
    page, following = behind(
        session, MEASURES[measure], area, when, narrowed, _page_mark(after), LIMITS["matters_per_page"]
    )
    townships = names(session, {ancestor(leg.village_code, "township") for leg in page})
    counting = cells.count_behind if area.level in LEVELS and narrowed.is_one_row else count_behind
    ever = ever_called(session, [leg.matter for leg in page])
    rated = ratings_of(session, [leg.settled_by for leg in page if leg.settled_by])
    return {
        "count": counting(session, MEASURES[measure], area, when, narrowed),
        "matters": [line_of(leg, townships, rated, when, ever[leg.matter_id]) for leg in page],
        "next": f"{following[0].isoformat()}~{following[1]}~{following[2]}" if following else None,
    }


def line_of(
    leg: Leg, townships: Mapping[str, str], rated: Mapping[UUID, str], when: Period, ever: Sequence[Called]
) -> dict[str, Any]:
    """A line of the list, without anything of a resident's, by all that he was `ever` called (P6)."""
    matter = leg.matter
    return {
        "id": matter.id,
        "position": leg.position,
        "title": without_residents(matter.title, ever),
        "category": leg.category,
        "village_name": matter.village.name,
        "township_name": townships[ancestor(leg.village_code, "township")],
        "unit_name": leg.unit.name,
        "state": matter.state,
        "due_day": leg.due_day,
        "raised_at": matter.happened_at,
        "closed_at": matter.closed_at,
        "closed_day": leg.until_day if leg.settled_by else None,
        "overdue": _holds(leg, when.as_of),
        "result": without_residents(leg.settlement.text or "", ever) if leg.settlement else None,
        "rated": rated.get(leg.settled_by) if leg.settled_by else None,
    }


def _holds(leg: Leg, day: date) -> bool:
    late = leg.late_day is not None and leg.late_day <= day
    return late and (leg.until_day is None or day < leg.until_day)


def _page_mark(after: str | None) -> Mark | None:
    if after is None:
        return None
    day, matter_id, position = after.split("~")
    try:
        return date.fromisoformat(day), UUID(matter_id), int(position)
    except ValueError as error:
        raise Refusal("invalid", "after") from error


def read_changes(session: Session, actor: Actor, question: Question, after: str | None) -> dict[str, Any]:
    """What the numbers of a period are now, and were not at its end: 补录, corrections, what waited on a phone.

    Refusals: area_not_found, period_invalid.
    """
    area, when = asked_about(session, actor, question)
    count, by_measure = changed_numbers(session, area, when)
    limit = LIMITS["matters_per_page"]
    page, following = changes_since(session, area, when, int(after) if after else None, limit)
    townships = names(session, {ancestor(change.village_code, "township") for change in page})
    ever = ever_called(session, [change.matter for change in page])
    return {
        "since": when.as_of,
        "count": count,
        "by_measure": by_measure,
        "changes": [_change(change, townships, when, ever[change.matter_id]) for change in page],
        "next": str(following) if following else None,
    }


def _change(change: LateChange, townships: Mapping[str, str], when: Period, ever: Sequence[Called]) -> dict[str, Any]:
    measure, sign = shown_as(change.measure, before_period=change.day < when.first)
    return {
        "matter_id": change.matter_id,
        "title": without_residents(change.matter.title, ever),
        "village_name": change.matter.village.name,
        "township_name": townships[ancestor(change.village_code, "township")],
        "act": change.act,
        "measure": measure,
        "change": sign * change.change,
        "day": change.day,
        "received_day": change.received_day,
    }
