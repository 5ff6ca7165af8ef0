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
    personal = sees_resident(actor, matter)
    resident = {"name": matter.resident_name, "phone": matter.resident_phone}
    comments = {rating.entry_id: rating.comment for rating in matter.ratings} if personal else {}
    # What was held until it was set aside has no entry of its own: it is told with the settlement that it was said of.
    set_aside = {rating.entry_id or rating.event_id: _set_aside(rating) for rating in matter.ratings}
    return {
        "id": matter.id,
        "visit_id": matter.visit_id,
        "visit_kind": matter.visit.kind if matter.visit else None,
        "village_code": matter.village_code,
        "village_name": matter.village.name,
        "title": matter.title,
        "category": matter.category,
        "detail": matter.detail,
        "resident": resident if personal and any(resident.values()) else None,
        "state": matter.state,
        "unit_id": matter.unit_id,
        "unit_name": matter.unit.name,
        "due_day": matter.due_day,
        "raised_at": matter.happened_at,
        "received_at": matter.received_at,
        "backfill": matter.backfill,
        "closed_at": matter.closed_at,
        "on_the_spot": matter.on_the_spot,
        "merged_into_id": matter.merged_into_id,
        "beyond_power_day": matter.beyond_power_day,
        "responsibility_id": matter.responsibility_id,
        "author_id": matter.author_id,
        "author_name": matter.author.name,
        "relations": sorted(relations(actor, matter)),
        "events": [
            _event(event, personal, comments.get(event.id)) | {"set_aside": set_aside.get(event.id)}
            for event in matter.events
        ],
    }


def _set_aside(rating: Rating) -> dict[str, str | None] | None:
    """Why a rating doesn't count, for everybody who sees the matter; None if it does, or may yet."""
    reason, text = rating.set_aside_reason, rating.set_aside_text
    return {"value": rating.value, "reason": reason, "text": text} if reason else None


def _event(event: Event, personal: bool, comment: str | None) -> dict[str, Any]:
    changes = event.changes or []
    return {
        "id": event.id,
        "act": event.act,
        "text": event.text,
        "actor_name": event.actor.name if event.actor else RESIDENT,
        "happened_at": event.happened_at,
        "received_at": event.received_at,
        "backfill": event.backfill,
        "clock_offset_s": event.clock_offset_s,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "refused_because": event.refused_because,
        "unit_name": event.unit.name if event.unit else None,
        "due_day": event.due_day,
        "reason": event.reason,
        "rating": event.rating,
        "comment": comment,
        **({"taken_in_by": event.taken_in_by.name} if event.taken_in_by else {}),
        "changes": [change for change in changes if personal or change["field"] not in PERSONAL],
    }
