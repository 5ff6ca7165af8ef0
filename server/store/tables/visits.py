"""Visits (下访): one trip. A visit with no matter is legitimate, and none is counted (P1)."""

from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.words import VISIT_KINDS
from server.store.db import Row
from server.store.tables.areas import Area
from server.store.tables.columns import Claimed, one_of


class Visit(Claimed, Row):
    """One trip of one person to one village."""

    __tablename__ = "visits"
    __table_args__ = (one_of("kind", VISIT_KINDS),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    village_code: Mapped[str] = mapped_column(ForeignKey("areas.code"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    note: Mapped[str | None] = mapped_column(Text())

    village: Mapped[Area] = relationship()
