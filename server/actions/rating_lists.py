"""What a leader reads of the ratings in his area."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.actions.ratings import rating_seen_by, why_not_decide
from server.domain.access import Actor, may_read_tally
from server.domain.areas import ancestor
from server.domain.refusals import Refusal
from server.domain.words import LIMITS
from server.store.areas import get_area, names
from server.store.ratings import count_ratings, page_of_ratings
from server.store.tables import Rating


def read_ratings(
    session: Session, actor: Actor, area_code: str | None, which: str, after: UUID | None
) -> dict[str, Any]:
    """One page of the ratings on a list of LISTS, the newest first.

    Refusal: area_not_found (also when it is not the reader's).
    """
    area = get_area(session, area_code or actor.areas("leader")[0])
    if area is None or not may_read_tally(actor, area.code):
        raise Refusal("area_not_found", "area_code")
    page = page_of_ratings(session, area, which, after, LIMITS["matters_per_page"] + 1)
    shown = page[: LIMITS["matters_per_page"]]
    return {
        "count": count_ratings(session, area, which),
        "ratings": _lines(session, actor, shown),
        "next": shown[-1].id if len(page) > len(shown) else None,
    }


def line_of(session: Session, actor: Actor, rating: Rating) -> dict[str, Any]:
    """One rating as it stands in a leader's list."""
    return _lines(session, actor, [rating])[0]


def _lines(session: Session, actor: Actor, ratings: list[Rating]) -> list[dict[str, Any]]:
    townships = names(session, {ancestor(rating.matter.village_code, "township") for rating in ratings})
    return [
        {
            **rating_seen_by(actor, rating),
            "id": rating.id,
            "matter_id": rating.matter_id,
            "title": rating.matter.title,
            "result": rating.event.text,
            "village_name": rating.matter.village.name,
            "township_name": townships[ancestor(rating.matter.village_code, "township")],
            "unit_name": rating.matter.unit.name,
            "state": rating.matter.state,
            "not_decided_because": why_not_decide(session, actor, rating.matter),
        }
        for rating in ratings
    ]
