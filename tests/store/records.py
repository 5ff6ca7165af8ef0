"""Rows for the tests of the store, written directly: what is tested here lies below the actions."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.domain.times import Moment
from server.store.tables import Device, Event, Matter, Mutation, Unit, User
from server.store.tables.columns import claimed_columns
from server.store.units import home_unit
from tests import cast

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
MOMENT = Moment(NOW, "2026-03-01T17:00:00+08:00", NOW, NOW, 0)


def user_id(session: Session, person: cast.Person) -> UUID:
    """The id of one of the cast."""
    return session.scalars(select(User.id).where(User.username == person.username)).one()


def unit_named(session: Session, name: str) -> Unit:
    """The unit called `name`."""
    return session.scalars(select(Unit).where(Unit.name == name)).one()


def new_matter(session: Session, **columns: Any) -> Matter:
    """An open matter of VILLAGE, recorded by the cadre, but for `columns`; not yet added."""
    village = columns.get("village_code", cast.VILLAGE)
    ordinary: dict[str, Any] = {
        "id": uuid7(),
        "village_code": village,
        "author_id": user_id(session, cast.CADRE),
        "title": "路灯不亮",
        "category": "power",
        "raised_day": date(2026, 3, 1),
        "state": "raised",
        "unit_id": home_unit(session, village).id,
        "due_day": date(2026, 4, 30),
        "on_the_spot": False,
        **claimed_columns(MOMENT),
    }
    return Matter(**(ordinary | columns))


def new_event(session: Session, matter_id: UUID, **columns: Any) -> Event:
    """A matter's first entry, but for `columns`; not yet added."""
    ordinary: dict[str, Any] = {
        "id": uuid7(),
        "matter_id": matter_id,
        "position": 1,
        "act": "raise",
        "actor_id": user_id(session, cast.CADRE),
        "to_state": "raised",
        **claimed_columns(MOMENT),
    }
    return Event(**(ordinary | columns))


def new_device(session: Session, person: cast.Person) -> Device:
    """A phone that the person was seen with; not yet added."""
    return Device(id=uuid7(), user_id=user_id(session, person), first_seen_at=NOW, last_seen_at=NOW)


def new_receipt(session: Session, person: cast.Person, device_id: UUID, **columns: Any) -> Mutation:
    """The receipt of a visit that was applied, but for `columns`; not yet added."""
    ordinary: dict[str, Any] = {
        "id": uuid7(),
        "user_id": user_id(session, person),
        "device_id": device_id,
        "name": "visit.record",
        "made_at": NOW,
        "received_at": NOW,
        "contents_hash": "0" * 64,
        "status": "applied",
    }
    return Mutation(**(ordinary | columns))
