"""The responsibility list (权责清单): who must act on what, and how soon."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.words import CATEGORIES, RESPONSIBILITY_LEVELS
from server.store.db import Row
from server.store.tables.columns import one_of
from server.store.tables.units import Unit
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
        Index("ix_responsibilities_county_code_valid_from", "county_code", "valid_from"),
    )

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

    unit: Mapped[Unit | None] = relationship()
