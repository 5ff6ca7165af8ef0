"""The resident's word (群众评价): the links that ask for it, and what was said."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.words import RATING_SOURCES, RATINGS, SET_ASIDE_REASONS
from server.store.db import Row
from server.store.tables.columns import one_of
from server.store.tables.matters import Event, Matter
from server.store.types import Encrypted, UtcDateTime


class RatingLink(Row):
    """A link whose holder may rate one settlement: the event that resolved or explained the matter. Its code is
    made on the phone; here is its hash alone, so that who reads the database cannot use it."""

    __tablename__ = "rating_links"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    matter_id: Mapped[UUID] = mapped_column(ForeignKey("matters.id"), index=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime())

    matter: Mapped[Matter] = relationship()
    event: Mapped[Event] = relationship()


_NOT_SET_ASIDE = text("set_aside_reason IS NULL")


class Rating(Row):
    """What a resident said of one settlement, by link or when called back. It counts unless it is `held` (one of
    a burst from one address, until a leader has looked) or set aside by a leader, with a reason that stays
    visible: a settlement has one rating beside those set aside. `entry_id` is the newest entry that it made in the
    history: none while it is held. `address_hash` is keyed: the address itself is not kept."""

    __tablename__ = "ratings"
    __table_args__ = (
        one_of("source", RATING_SOURCES),
        one_of("value", RATINGS),
        one_of("set_aside_reason", SET_ASIDE_REASONS),
        CheckConstraint("(set_aside_reason IS NULL) = (set_aside_text IS NULL)", name="set_aside_with_a_reason"),
        Index("ix_ratings_address_hash_rated_at", "address_hash", "rated_at"),
        Index("ix_ratings_word", "event_id", unique=True, sqlite_where=_NOT_SET_ASIDE, postgresql_where=_NOT_SET_ASIDE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    matter_id: Mapped[UUID] = mapped_column(ForeignKey("matters.id"), index=True)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"), index=True)
    entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("events.id"))
    source: Mapped[str] = mapped_column(String(8))
    value: Mapped[str] = mapped_column(String(16))
    comment: Mapped[str | None] = mapped_column(Encrypted())
    rated_at: Mapped[datetime] = mapped_column(UtcDateTime())
    rated_day: Mapped[date]
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
    address_hash: Mapped[str | None] = mapped_column(String(64))
    held: Mapped[bool] = mapped_column(index=True)
    set_aside_reason: Mapped[str | None] = mapped_column(String(16))
    set_aside_text: Mapped[str | None] = mapped_column(Text())
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime())

    matter: Mapped[Matter] = relationship(back_populates="ratings")
    event: Mapped[Event] = relationship(foreign_keys=[event_id])
    entry: Mapped[Event | None] = relationship(foreign_keys=[entry_id])

    @property
    def counts(self) -> bool:
        """True unless a leader has it to look at, or set it aside."""
        return not self.held and self.set_aside_reason is None
