"""Callbacks (回访): a random sample of settled matters that somebody uninvolved phones."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.words import CALLBACK_OUTCOMES
from server.store.db import Row
from server.store.tables.columns import one_of
from server.store.tables.matters import Event, Matter
from server.store.tables.users import User
from server.store.types import Encrypted, UtcDateTime


class CallbackDraw(Row):
    """One drawing of a township's settled matters of some days. `settled` matters were settled in them, `population`
    lists the ids that could be drawn and `seed` says how: anybody can draw again and compare."""

    __tablename__ = "callback_draws"
    __table_args__ = (UniqueConstraint("area_code", "first_day", "last_day"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    seed: Mapped[str] = mapped_column(String(32))
    settled: Mapped[int]
    population: Mapped[Any] = mapped_column(Encrypted())
    size: Mapped[int]
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime())
    drawn_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))


class Callback(Row):
    """One call to make: by whom, about which settlement, and what came of it."""

    __tablename__ = "callbacks"
    __table_args__ = (
        one_of("outcome", CALLBACK_OUTCOMES),
        CheckConstraint("(outcome IS NULL) = (answered_at IS NULL)", name="answered_together"),
        UniqueConstraint("draw_id", "event_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    draw_id: Mapped[UUID] = mapped_column(ForeignKey("callback_draws.id"))
    matter_id: Mapped[UUID] = mapped_column(ForeignKey("matters.id"), index=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"))
    caller_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    outcome: Mapped[str | None] = mapped_column(String(16))
    text: Mapped[str | None] = mapped_column(Encrypted())
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    draw: Mapped[CallbackDraw] = relationship()
    matter: Mapped[Matter] = relationship()
    event: Mapped[Event] = relationship()
    caller: Mapped[User] = relationship()
