"""The responsibility list (权责清单): who must act on what, and how soon."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.words import CATEGORIES, RESPONSIBILITY_LEVELS
from server.store.db import Row
from server.store.tables.columns import one_of
from server.store.tables.units import Unit
from server.store.tables.users import User
from server.store.types import UtcDateTime


class Responsibility(Row):
    """One rule of a county's list, immutable but for its end: an edit ends it and begins another, so that a
    matter keeps the rule that held when it was raised. `unit_id` None: the village's township government.
    `days_allowed` are working days."""

    __tablename__ = "responsibilities"
    __table_args__ = (
        one_of("category", CATEGORIES),
        one_of("level", RESPONSIBILITY_LEVELS),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="ends_after_it_begins"),
        CheckConstraint("(valid_until IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        CheckConstraint("(level = 'township') = (unit_id IS NULL)", name="townships_settle_themselves"),
        CheckConstraint("level = 'township' OR NOT township_may_settle", name="only_townships_may_settle"),
        Index("ix_responsibilities_county_code_valid_from", "county_code", "valid_from"),
        Index(
            "ix_responsibilities_now", "county_code", "category", "level", unique=True,
            sqlite_where=text("valid_until IS NULL"), postgresql_where=text("valid_until IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county_code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    category: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(16))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"), index=True)
    days_allowed: Mapped[int]
    legal_basis: Mapped[str] = mapped_column(Text())
    township_may_settle: Mapped[bool]
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime())
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime())
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))

    unit: Mapped[Unit | None] = relationship()
    author: Mapped[User] = relationship(foreign_keys=[author_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])
