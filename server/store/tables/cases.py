"""The case library (好经验): exemplary matters, told without persons and places."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.words import CATEGORIES
from server.store.db import Row
from server.store.tables.columns import one_of
from server.store.types import UtcDateTime


class Case(Row):
    """What was raised and what was done about it, as a leader has approved it for every cadre to read."""

    __tablename__ = "cases"
    __table_args__ = (one_of("category", CATEGORIES),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    matter_id: Mapped[UUID] = mapped_column(ForeignKey("matters.id"), unique=True)
    category: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(Text())
    problem: Mapped[str] = mapped_column(Text())
    deed: Mapped[str] = mapped_column(Text())
    made_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime(), index=True)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
