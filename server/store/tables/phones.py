"""Phones as their users' own, what is sealed on them, and what was handed in from one that was taken away."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.words import HANDED_IN_OUTCOMES
from server.store.db import Row
from server.store.tables.columns import one_of
from server.store.tables.users import Device, User
from server.store.types import Encrypted, UtcDateTime


class UserKey(Row):
    """The key under which a user's phones seal what they hold (store/sealed.py), in base64; kept from
    when it was first asked for."""

    __tablename__ = "user_keys"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    key: Mapped[str] = mapped_column(Encrypted())


class HandedIn(Row):
    """A mutation that lay unsent on a phone that was reported lost, or whose user's account was closed: kept apart
    until a coordinator of `area_code` takes it in or drops it. `id` is of version 7 and tells the order in which they
    lay on the phone. `said` is what a push would have brought, {name, made_at, args}, and is emptied when it was
    taken in."""

    __tablename__ = "handed_in"
    __table_args__ = (
        one_of("outcome", HANDED_IN_OUTCOMES),
        CheckConstraint(
            "(outcome IS NULL) = (decided_by_id IS NULL) AND (outcome IS NULL) = (decided_at IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("(COALESCE(outcome, '') = 'dropped') = (reason IS NOT NULL)", name="dropped_with_a_reason"),
        CheckConstraint("said IS NOT NULL OR COALESCE(outcome, '') = 'accepted'", name="emptied_when_taken_in"),
        UniqueConstraint("user_id", "mutation_id"),
        ForeignKeyConstraint(["device_id", "user_id"], ["devices.id", "devices.user_id"]),
        Index("ix_handed_in_area_code_outcome", "area_code", "outcome"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    device_id: Mapped[UUID]
    mutation_id: Mapped[UUID]
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    said: Mapped[Any | None] = mapped_column(Encrypted())
    clock_offset_s: Mapped[int] = mapped_column(BigInteger())
    handed_in_at: Mapped[datetime] = mapped_column(UtcDateTime())
    outcome: Mapped[str | None] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(Text())
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    phone: Mapped[Device] = relationship(foreign_keys="[HandedIn.device_id, HandedIn.user_id]", viewonly=True)
