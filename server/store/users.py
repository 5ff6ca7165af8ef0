"""Users, devices and the counters of failed sign-ins."""

import time
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, bindparam, case, delete, select, update
from sqlalchemy.orm import Session, selectinload

from server.domain.access import Actor
from server.store.db import dialect_of, inserting, inserting_on
from server.store.tables import Area, Device, Grant, SignInFailure, Unit, User

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def find_user(session: Session, username: str) -> User | None:
    """The user with this user name."""
    return session.scalar(select(User).where(User.username == username))


def actors(session: Session, user_ids: Collection[UUID]) -> list[Actor]:
    """These users as the rules see them, also those whose account is closed."""
    query = select(User).where(User.id.in_(user_ids)).options(selectinload(User.grants))
    return [user.actor() for user in session.scalars(query)] if user_ids else []


def named_grants(session: Session, user_id: UUID) -> Sequence[Any]:
    """What a user may do, with the names of the places and units: `role`, `area_code`, `area_name`, `unit_id` and
    `unit_name` of each grant, in their order."""
    return session.execute(_NAMED_GRANTS, {"user_id": user_id}).all()


_NAMED_GRANTS = (
    select(Grant.role, Grant.area_code, Area.name.label("area_name"), Grant.unit_id, Unit.name.label("unit_name"))
    .outerjoin(Area, Area.code == Grant.area_code)
    .outerjoin(Unit, Unit.id == Grant.unit_id)
    .where(Grant.user_id == bindparam("user_id"))
    .order_by(Grant.id)
)


def has_users(session: Session) -> bool:
    """True once there is any account."""
    return session.scalar(select(User.id).limit(1)) is not None


def renew_access_versions(session: Session) -> None:
    """Let every phone read its scopes anew (sync rule 9), under a number that no phone has heard before:
    the restored one plus a step would come again when the same backup is restored again. Milliseconds,
    because each change of grants is a step of one."""
    now = time.time_ns() // 1_000_000
    larger = case((User.access_version < now, now), else_=User.access_version + 1)
    session.execute(update(User).values(access_version=larger))


def lock_user(session: Session, username: str) -> User | None:
    """The user as he is now, and stays until the transaction ends: what is decided about his password,
    his grants or his account is decided one after the other."""
    query = select(User).where(User.username == username)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def lock_device(session: Session, device_id: UUID, user_id: UUID, now: datetime) -> None:
    """Note that a device was seen, and hold its row: two pushes of one phone never overlap, not even
    its first two."""
    seen = {"id": device_id, "user_id": user_id, "first_seen_at": now, "last_seen_at": now}
    session.execute(_seen(dialect_of(session)), seen)


@cache
def _seen(dialect: str) -> Executable:
    new = inserting_on(dialect, Device)
    again = {"last_seen_at": new.excluded.last_seen_at}
    return new.on_conflict_do_update(index_elements=["id", "user_id"], set_=again)


def lock_failures(session: Session, key: str) -> SignInFailure:
    """A counter, new or not, that nobody else counts with until the transaction ends."""
    new = inserting(session, SignInFailure).values(key=key, failures=0, last_failure_at=_NEVER)
    session.execute(new.on_conflict_do_nothing())
    return session.get_one(SignInFailure, key, with_for_update=True)


def save_failures(session: Session, key: str, failures: int, now: datetime) -> None:
    """Keep the count of a counter."""
    session.merge(SignInFailure(key=key, failures=failures, last_failure_at=now))


def forget_failures(session: Session, keys: list[str], before: datetime) -> None:
    """Drop these counters, and every counter older than `before`."""
    session.execute(delete(SignInFailure).where(SignInFailure.key.in_(keys) | (SignInFailure.last_failure_at < before)))
