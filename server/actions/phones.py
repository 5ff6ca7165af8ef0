"""Phones: bound to a session, asked for how they stand, reported lost."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.access import Actor
from server.store.people import get_person
from server.store.phones import find_phone, key_of, note_phone
from server.store.sessions import bind_session, end_session


def use_phone(session: Session, actor: Actor, key: str, device_id: UUID, browser: str, now: datetime) -> bytes | None:
    """Bind the session with this `key` to the phone, and answer the key for what the phone seals. None for a phone that
    was reported lost: the session is over."""
    phone = note_phone(session, actor.id, device_id, browser, now)
    if phone.revoked_at is not None:
        end_session(session, key, now)
        return None
    bind_session(session, key, device_id)
    return key_of(session, actor.id)


def standing_of(session: Session, user_id: UUID, device_id: UUID) -> str:
    """How a phone stands on which nobody is signed in, one of STANDINGS. Both ids are known to nobody but the phone and
    the server; of any other pair nothing is told."""
    phone, user = find_phone(session, user_id, device_id), get_person(session, user_id)
    if phone is None or user is None:
        return "unknown"
    if not user.is_active:
        return "closed"
    return "revoked" if phone.revoked_at else "good"


def is_lost(session: Session, actor: Actor, device_id: UUID) -> bool:
    """True for a phone of his that was reported lost."""
    phone = find_phone(session, actor.id, device_id)
    return phone is not None and phone.revoked_at is not None
