"""Sessions: begin, find, end. The key is in the cookie alone; here is its hash."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import Session, joinedload, lazyload

from server.store.tables import Grant, User, UserSession

_GRANTS = joinedload(User.grants).options(lazyload(Grant.area), lazyload(Grant.unit))
_WITH_ITS_USER = (
    select(UserSession).where(UserSession.id == bindparam("id")).options(joinedload(UserSession.user).options(_GRANTS))
)


def add_session(session: Session, user_id: UUID, now: datetime, *, known_device: bool, browser: str = "") -> str:
    """Begin a session and return its key; `browser` says in words what it is held by."""
    key = secrets.token_urlsafe(32)
    row = UserSession(id=id_of(key), user_id=user_id, known_device=known_device, browser=browser)
    row.created_at = row.last_seen_at = now
    session.add(row)
    return key


def find_session(session: Session, key: str) -> UserSession | None:
    """The session with this key, ended or not, with its user and what he may do: every request asks."""
    return session.scalars(_WITH_ITS_USER, {"id": id_of(key)}).unique().one_or_none()


def note_seen(session: Session, key: str, now: datetime) -> None:
    """Note that a session is in use."""
    session.execute(update(UserSession).where(UserSession.id == id_of(key)).values(last_seen_at=now))


def bind_session(session: Session, key: str, device_id: UUID) -> None:
    """Note on which phone a session is."""
    session.execute(update(UserSession).where(UserSession.id == id_of(key)).values(device_id=device_id))


def end_session(session: Session, key: str, now: datetime) -> None:
    """End one session, if there is one with this key."""
    _end(session, UserSession.id == id_of(key), now)


def end_sessions(session: Session, user_id: UUID, now: datetime, *, but: str | None = None) -> None:
    """End every session of a user, but for the one with the id `but`."""
    _end(session, (UserSession.user_id == user_id) & (UserSession.id != (but or "")), now)


def end_session_of(session: Session, user_id: UUID, session_id: str, now: datetime) -> None:
    """End one session of a user, if he has one with this id."""
    _end(session, (UserSession.user_id == user_id) & (UserSession.id == session_id), now)


def end_sessions_on(session: Session, user_id: UUID, device_id: UUID, now: datetime, *, but: str | None = None) -> None:
    """End a user's sessions on a phone, and those that no phone was named for (an app from before): any of them may be
    on it. Of the latter the one with the id `but` goes on."""
    unnamed = UserSession.device_id.is_(None) & (UserSession.id != (but or ""))
    _end(session, (UserSession.user_id == user_id) & ((UserSession.device_id == device_id) | unnamed), now)


def sessions_of(session: Session, user_id: UUID) -> Sequence[UserSession]:
    """The sessions of a user that nobody has ended, the one in use last first."""
    query = select(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None))
    return session.scalars(query.order_by(UserSession.last_seen_at.desc(), UserSession.id)).all()


def drop_sessions(session: Session, user_id: UUID, before: datetime) -> None:
    """Forget a user's sessions that began before this moment."""
    session.execute(delete(UserSession).where(UserSession.user_id == user_id, UserSession.created_at < before))


def _end(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    session.execute(update(UserSession).where(which, UserSession.ended_at.is_(None)).values(ended_at=now))


def id_of(key: str) -> str:
    """The id of the session with this key."""
    return sha256(key.encode()).hexdigest()
