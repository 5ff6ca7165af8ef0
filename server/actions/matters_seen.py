"""A matter as somebody may see it: on the phone, and on a page."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.actions.ratings import ratings_seen_by
from server.domain.access import Actor, may_see_matter, relations, sees_resident
from server.domain.areas import ancestor
from server.domain.matters import PERSONAL
from server.domain.refusals import Refusal
from server.store.areas import names
from server.store.matters import read_matters
from server.store.tables import Event, Matter, Rating

RESIDENT = "群众"
"""Who a history names for what a resident said himself."""


def read_matter(session: Session, actor: Actor, matter_id: UUID) -> dict[str, Any]:
    """One matter with its history, as `actor` may see it. Refusal: matter_not_found."""
    found = read_matters(session, [matter_id])
    if not found or not may_see_matter(actor, found[0]):
        raise Refusal("matter_not_found")
    township = ancestor(found[0].village_code, "township")
    return {
        **as_seen_by(actor, found[0]),
        "township_name": names(session, [township])[township],
        "ratings": ratings_seen_by(actor, found[0]),
    }


def as_seen_by(actor: Actor, matter: Matter) -> dict[str, Any]:
    """The matter as the contract's Matter; the resident only for who handles it (P6)."""
    return as_told(matter, personal=sees_resident(actor, matter)) | {"relations": sorted(relations(actor, matter))}


def as_told(matter: Matter, *, personal: bool) -> dict[str, Any]:
    """The same but for the reader's relations: `personal` to who sees the resident, else to everybody."""
    resident = {"name": matter.resident_name, "phone": matter.resident_phone}
    comments = {rating.entry_id: rating.comment for rating in matter.ratings} if personal else {}
    # What was held until it was set aside has no entry of its own: it is told with the settlement that it was said of.
    set_aside = {rating.entry_id or rating.event_id: _set_aside(rating) for rating in matter.ratings}
    # What most matters have alike lies together: a page gets smaller on the wire.
    return {
        "backfill": matter.backfill,
        "visit_kind": matter.visit.kind if matter.visit else None,
        "village_code": matter.village_code,
        "village_name": matter.village.name,
        "unit_id": matter.unit_id,
        "unit_name": matter.unit.name,
        "author_id": matter.author_id,
        "author_name": matter.author.name,
        "resident": resident if personal and any(resident.values()) else None,
        "merged_into_id": matter.merged_into_id,
        "beyond_power_day": matter.beyond_power_day,
        "responsibility_id": matter.responsibility_id,
        "on_the_spot": matter.on_the_spot,
        "state": matter.state,
        "category": matter.category,
        "due_day": matter.due_day,
        "closed_at": matter.closed_at,
        "raised_at": matter.happened_at,
        "received_at": matter.received_at,
        "visit_id": matter.visit_id,
        "id": matter.id,
        "title": matter.title,
        "detail": matter.detail,
        "events": [_event(event, personal, comments.get(event.id), set_aside.get(event.id)) for event in matter.events],
    }


def _set_aside(rating: Rating) -> dict[str, str | None] | None:
    """Why a rating doesn't count, for everybody who sees the matter; None if it does, or may yet."""
    reason, text = rating.set_aside_reason, rating.set_aside_text
    return {"value": rating.value, "reason": reason, "text": text} if reason else None


def _event(
    event: Event, personal: bool, comment: str | None, set_aside: dict[str, str | None] | None
) -> dict[str, Any]:
    changes = event.changes or []
    return {
        "actor_name": event.actor.name if event.actor else RESIDENT,
        "backfill": event.backfill,
        "clock_offset_s": event.clock_offset_s,
        "refused_because": event.refused_because,
        "reason": event.reason,
        "rating": event.rating,
        "comment": comment,
        **({"taken_in_by": event.taken_in_by.name} if event.taken_in_by else {}),
        "changes": [change for change in changes if personal or change["field"] not in PERSONAL],
        "set_aside": set_aside,
        "act": event.act,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "unit_name": event.unit.name if event.unit else None,
        "due_day": event.due_day,
        "happened_at": event.happened_at,
        "received_at": event.received_at,
        "id": event.id,
        "text": event.text,
    }
