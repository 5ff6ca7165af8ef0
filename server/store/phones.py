"""A user's phones, and the key under which they seal what they hold."""

import base64
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.store.db import inserting
from server.store.tables import Device, UserKey
from server.store.types import current_cipher


def note_phone(session: Session, user_id: UUID, device_id: UUID, browser: str, now: datetime) -> Device:
    """Note that a user's phone was seen, and in what browser; answer it, locked."""
    seen = {"browser": browser, "last_seen_at": now}
    new = inserting(session, Device).values(id=device_id, user_id=user_id, first_seen_at=now, **seen)
    session.execute(new.on_conflict_do_update(index_elements=["id", "user_id"], set_=seen))
    return session.get_one(Device, (device_id, user_id), populate_existing=True)


def find_phone(session: Session, user_id: UUID, device_id: UUID) -> Device | None:
    """This phone as the user's own; None if the server never heard of the two together."""
    return session.get(Device, (device_id, user_id))


def phones_of(session: Session, user_id: UUID) -> Sequence[Device]:
    """Every phone that a user ever had, the one in use last first."""
    query = select(Device).where(Device.user_id == user_id)
    return session.scalars(query.order_by(Device.last_seen_at.desc(), Device.id)).all()


def note_lost(phone: Device, now: datetime) -> None:
    """Note that a phone was reported lost; the first report stands."""
    phone.revoked_at = phone.revoked_at or now


def key_of(session: Session, user_id: UUID) -> bytes:
    """The user's key, kept from now on if it was not; two phones that ask at once get the same."""
    if found := find_key(session, user_id):
        return found
    made = base64.b64encode(current_cipher().user_key(user_id)).decode()
    new = inserting(session, UserKey).values(user_id=user_id, key=made)
    session.execute(new.on_conflict_do_nothing())
    return base64.b64decode(session.get_one(UserKey, user_id).key)


def find_key(session: Session, user_id: UUID) -> bytes | None:
    """The user's key, if he ever needed one."""
    kept = session.scalar(select(UserKey.key).where(UserKey.user_id == user_id))
    return base64.b64decode(kept) if kept else None
