"""Phones: bound to a session, asked for how they stand, reported lost."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.access import Actor
from server.domain.refusals import Refusal
from server.domain.sessions import Lasting, is_over
from server.store.people import get_person
from server.store.phones import find_phone, key_of, note_lost, note_phone, phones_of
from server.store.sessions import bind_session, end_session, end_sessions_on, sessions_of


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


def read_phones(session: Session, user_id: UUID, lasting: Lasting, now: datetime) -> list[dict[str, Any]]:
    """Every phone that a user ever had, the one in use last first."""
    live = {
        row.device_id
        for row in sessions_of(session, user_id)
        if not is_over(lasting, row.created_at, row.last_seen_at, row.ended_at, now)
    }
    return [
        {
            "id": phone.id,
            "browser": phone.browser,
            "first_seen_at": phone.first_seen_at,
            "signed_in": phone.id in live,
            "lost_at": phone.revoked_at,
        }
        for phone in phones_of(session, user_id)
    ]


def report_lost(session: Session, user_id: UUID, device_id: UUID, now: datetime, *, but: str | None = None) -> None:
    """Report a user's phone lost: its sessions end at once, and it is told at its next contact (CONTRACT rule 11).
    `but`: the id of the session that reports it, which goes on unless it is on that phone. Refusal: phone_not_found."""
    phone = find_phone(session, user_id, device_id)
    if phone is None:
        raise Refusal("phone_not_found")
    note_lost(phone, now)
    end_sessions_on(session, user_id, device_id, now, but=but)
