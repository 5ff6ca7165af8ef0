"""Matters (事项) and their events (办理记录)."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.lifecycle import STATES, TABLE
from server.domain.matters import Standing
from server.domain.words import CATEGORIES, RATINGS, RETURN_REASONS
from server.store.db import Row
from server.store.tables.areas import Area
from server.store.tables.columns import Claimed, one_of
from server.store.tables.units import Unit
from server.store.tables.users import User
from server.store.tables.visits import Visit
from server.store.types import Encrypted, UtcDateTime

if TYPE_CHECKING:
    from server.store.tables.ratings import Rating


class Matter(Claimed, Row):
    """One concrete thing of one village. Where it stands is the fold of its events, kept here so
    that tallies need no replay; `happened_at` is when it was raised."""

    __tablename__ = "matters"
    __table_args__ = (
        one_of("category", CATEGORIES),
        one_of("state", STATES),
        CheckConstraint("(closed_at IS NULL) = (closed_day IS NULL)", name="closed_together"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into"),
        Index("ix_matters_village_code_raised_day", "village_code", "raised_day"),
        Index("ix_matters_village_code_closed_day", "village_code", "closed_day"),
        Index("ix_matters_village_code_state", "village_code", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"), index=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("areas.code"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str] = mapped_column(Text())
    category: Mapped[str] = mapped_column(String(16))
    detail: Mapped[str | None] = mapped_column(Text())
    resident_name: Mapped[str | None] = mapped_column(Encrypted())
    resident_phone: Mapped[str | None] = mapped_column(Encrypted())
    raised_day: Mapped[date]

    state: Mapped[str] = mapped_column(String(16))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"), index=True)
    due_day: Mapped[date]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    closed_day: Mapped[date | None]
    on_the_spot: Mapped[bool]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("matters.id"), index=True)
    beyond_power_day: Mapped[date | None]

    responsibility_id: Mapped[UUID | None] = mapped_column(ForeignKey("responsibilities.id"))

    visit: Mapped[Visit | None] = relationship()
    village: Mapped[Area] = relationship()
    unit: Mapped[Unit] = relationship()
    author: Mapped[User] = relationship()
    events: Mapped[list["Event"]] = relationship(
        order_by="Event.position", back_populates="matter", foreign_keys="Event.matter_id"
    )
    ratings: Mapped[list["Rating"]] = relationship(back_populates="matter")

    @property
    def unit_area_code(self) -> str:
        """The area of the responsible unit."""
        return self.unit.area_code

    @property
    def standing(self) -> Standing:
        """Where the matter stands, as the rules read it."""
        return Standing(
            self.state,
            self.unit_id,
            self.due_day,
            self.closed_at,
            self.closed_day,
            self.on_the_spot,
            self.merged_into_id,
            self.beyond_power_day,
        )

    @standing.setter
    def standing(self, standing: Standing) -> None:
        self.state = standing.state
        self.unit_id = standing.unit_id
        self.due_day = standing.due_day
        self.closed_at = standing.closed_at
        self.closed_day = standing.closed_day
        self.on_the_spot = standing.on_the_spot
        self.merged_into_id = standing.merged_into_id
        self.beyond_power_day = standing.beyond_power_day


class Event(Claimed, Row):
    """One entry in a matter's history, append-only (P5). `position` is the server's order within the
    matter; `refused_because` marks an entry that came too late and changed nothing. Without an actor it is a
    resident's own entry, by his link. `taken_in_by`: the coordinator who took in what its actor's phone handed in."""

    __tablename__ = "events"
    __table_args__ = (
        one_of("act", {"raise"} | {row.act for row in TABLE}),
        one_of("from_state", STATES),
        one_of("to_state", STATES),
        one_of("reason", RETURN_REASONS),
        one_of("rating", RATINGS),
        UniqueConstraint("matter_id", "position"),
        ForeignKeyConstraint(["device_id", "actor_id"], ["devices.id", "devices.user_id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    matter_id: Mapped[UUID] = mapped_column(ForeignKey("matters.id"))
    position: Mapped[int]
    act: Mapped[str] = mapped_column(String(16))
    text: Mapped[str | None] = mapped_column(Text())
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    device_id: Mapped[UUID | None]
    taken_in_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    from_state: Mapped[str | None] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    refused_because: Mapped[str | None] = mapped_column(String(32))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    due_day: Mapped[date | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("matters.id"))
    reason: Mapped[str | None] = mapped_column(String(24))
    rating: Mapped[str | None] = mapped_column(String(16))
    changes: Mapped[list[dict[str, Any]] | None] = mapped_column(Encrypted())

    matter: Mapped[Matter] = relationship(back_populates="events", foreign_keys=[matter_id])
    actor: Mapped[User | None] = relationship(foreign_keys=[actor_id])
    taken_in_by: Mapped[User | None] = relationship(foreign_keys=[taken_in_by_id])
    unit: Mapped[Unit | None] = relationship()
