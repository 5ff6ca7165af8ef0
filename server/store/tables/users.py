"""Users, what they may do and where, their devices, and their failed sign-ins."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain import access
from server.domain.words import ROLES
from server.store.db import Row
from server.store.tables.columns import one_of
from server.store.tables.units import Unit
from server.store.types import UtcDateTime


class User(Row):
    """An account. `access_version` grows when grants change (sync rule 9)."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(Text())
    password_hash: Mapped[str] = mapped_column(Text())
    access_version: Mapped[int] = mapped_column(BigInteger(), default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    grants: Mapped[list["Grant"]] = relationship(cascade="all, delete-orphan", back_populates="user")

    @property
    def is_active(self) -> bool:
        """False once the account is closed."""
        return self.disabled_at is None

    def actor(self) -> access.Actor:
        """The user as the rules see him."""
        grants = frozenset(access.Grant(g.role, g.area_code, g.unit_id) for g in self.grants)
        return access.Actor(self.id, self.name, self.access_version, grants)


class Grant(Row):
    """A role within an area, or a handler's within a unit."""

    __tablename__ = "grants"
    __table_args__ = (
        one_of("role", ROLES),
        CheckConstraint(
            "(role = 'handler' AND unit_id IS NOT NULL AND area_code IS NULL)"
            " OR (role <> 'handler' AND area_code IS NOT NULL AND unit_id IS NULL)",
            name="area_or_unit",
        ),
        UniqueConstraint("user_id", "role", "area_code"),
        UniqueConstraint("user_id", "role", "unit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    area_code: Mapped[str | None] = mapped_column(ForeignKey("areas.code"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))

    user: Mapped[User] = relationship(back_populates="grants")
    unit: Mapped[Unit | None] = relationship(lazy="joined")


class Device(Row):
    """A phone (its own id) as used by one user. `browser` says in words what it is; `revoked_at`: it was reported
    lost."""

    __tablename__ = "devices"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    browser: Mapped[str] = mapped_column(Text(), default="", server_default="")
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime())
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime())


class SignInFailure(Row):
    """A counter of domain/lockout.py. `key` is a keyed hash of what is counted: neither the user
    name tried nor the address is kept."""

    __tablename__ = "sign_in_failures"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_failure_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
