"""Sessions: begin, find, end. The key is in the cookie alone; here is its hash."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import Session

from server.domain import access
from server.store.tables import Grant, User, UserSession


@dataclass(frozen=True)
class FoundSession:
    """A session as every request asks for it: since when, on which phone, and whose. `closed`: his account is."""

    device_id: UUID | None
    created_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    username: str
    closed: bool
    actor: access.Actor


def add_session(session: Session, user_id: UUID, now: datetime, *, known_device: bool, browser: str = "") -> str:
    """Begin a session and return its key; `browser` says in words what it is held by."""
    key = secrets.token_urlsafe(32)
    row = UserSession(id=id_of(key), user_id=user_id, known_device=known_device, browser=browser)
    row.created_at = row.last_seen_at = now
    session.add(row)
    return key


def find_session(session: Session, key: str) -> FoundSession | None:
    """The session with this key, ended or not, with its user and what he may do."""
    rows = session.execute(_WITH_ITS_USER, {"id": id_of(key)}).all()
    if not rows:
        return None
    found = rows[0]
    grants = frozenset(access.Grant(row.role, row.area_code, row.unit_id) for row in rows if row.role)
    return FoundSession(
        found.device_id, found.created_at, found.last_seen_at, found.ended_at, found.username,
        found.disabled_at is not None, access.Actor(found.user_id, found.name, found.access_version, grants),
    )  # fmt: skip


_SESSIONS: Any = UserSession.__table__  # as tables: the session's own way to read takes as long again
_USERS: Any = User.__table__
_GRANTS: Any = Grant.__table__
_WITH_ITS_USER = (
    select(
        *(_SESSIONS.c[name] for name in ("device_id", "created_at", "last_seen_at", "ended_at", "user_id")),
        *(_USERS.c[name] for name in ("username", "name", "access_version", "disabled_at")),
        *(_GRANTS.c[name] for name in ("role", "area_code", "unit_id")),
    )
    .select_from(_SESSIONS)
    .join(_USERS, _USERS.c.id == _SESSIONS.c.user_id)
    .outerjoin(_GRANTS, _GRANTS.c.user_id == _USERS.c.id)
    .where(_SESSIONS.c.id == bindparam("id"))
)


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
