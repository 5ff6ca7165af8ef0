"""Sessions: begin, find, end. The key is in the cookie alone; here is its hash."""

import secrets
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.orm import Session

from server.store.tables import UserSession


def add_session(session: Session, user_id: UUID, now: datetime, *, known_device: bool) -> str:
    """Begin a session and return its key."""
    key = secrets.token_urlsafe(32)
    session.add(
        UserSession(id=_hash(key), user_id=user_id, known_device=known_device, created_at=now, last_seen_at=now)
    )
    return key


def find_session(session: Session, key: str) -> UserSession | None:
    """The session with this key, ended or not."""
    return session.get(UserSession, _hash(key))


def note_seen(session: Session, key: str, now: datetime) -> None:
    """Note that a session is in use."""
    session.execute(update(UserSession).where(UserSession.id == _hash(key)).values(last_seen_at=now))


def end_session(session: Session, key: str, now: datetime) -> None:
    """End one session, if there is one with this key."""
    _end(session, UserSession.id == _hash(key), now)


def end_sessions(session: Session, user_id: UUID, now: datetime) -> None:
    """End every session of a user."""
    _end(session, UserSession.user_id == user_id, now)


def drop_sessions(session: Session, user_id: UUID, before: datetime) -> None:
    """Forget a user's sessions that began before this moment."""
    session.execute(delete(UserSession).where(UserSession.user_id == user_id, UserSession.created_at < before))


def _end(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    session.execute(update(UserSession).where(which, UserSession.ended_at.is_(None)).values(ended_at=now))


def _hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()
