"""What tallies are counted from: the legs of matters, and their sums by month (server/domain/legs.py)."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.domain.legs import BEGINNINGS, ENDS
from server.domain.words import CATEGORIES
from server.store.db import Row
from server.store.tables.columns import one_of
from server.store.tables.matters import Event, Matter
from server.store.tables.units import Unit


class Leg(Row):
    """A stretch of days on which a matter was open, one unit was responsible and one due day held. A fold of the
    matter's events, kept for counting; a void matter has none. It is open on the days from `from_day` up to but
    without `until_day`. All days are Asia/Shanghai.

    `late_day`: the first day on which it was open and overdue. `settled_by`: the entry that ended it with a result.
    `days_taken`: calendar days from when the matter was raised to `until_day`, where it ended resolved. `asked`: its
    settlement has a rating link, or a callback that was made (the township is not told of one that is still to come).
    `answered_day`: when a resident's answer that counts was given; `confirmed`: it was 满意 or 基本满意.
    `beyond_power_day`, on a matter's last leg: when its township first said that it is beyond its power."""

    __tablename__ = "legs"
    __table_args__ = (
        one_of("category", CATEGORIES),
        one_of("began", BEGINNINGS),
        one_of("ended", ENDS),
        Index("ix_legs_began", "began", "from_day", "village_code"),
        Index("ix_legs_ended", "ended", "until_day", "village_code"),
        Index("ix_legs_until_day", "until_day", "village_code"),
        Index("ix_legs_due_day", "due_day", "matter_id", "position"),
        Index("ix_legs_village_code", "village_code", "until_day", "from_day", "due_day"),
        Index("ix_legs_unit_id", "unit_id", "from_day"),
    )

    matter_id: Mapped[UUID] = mapped_column(ForeignKey("matters.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12))
    category: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    from_day: Mapped[date]
    began: Mapped[str] = mapped_column(String(16))
    due_day: Mapped[date]
    late_day: Mapped[date | None]
    until_day: Mapped[date | None]
    ended: Mapped[str | None] = mapped_column(String(16))
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("events.id"))
    on_the_spot: Mapped[bool]
    days_taken: Mapped[int | None]
    asked: Mapped[bool]
    answered_day: Mapped[date | None]
    confirmed: Mapped[bool]
    beyond_power_day: Mapped[date | None]

    matter: Mapped[Matter] = relationship()
    unit: Mapped[Unit] = relationship()
    settlement: Mapped[Event | None] = relationship()


class Flows:
    """How many of what happened in a month: additive columns. What is open or overdue on a day is the sum of
    all that came before it (domain/tallies.py)."""

    raised: Mapped[int] = mapped_column(Integer(), default=0)
    reopened: Mapped[int] = mapped_column(Integer(), default=0)
    moved_in: Mapped[int] = mapped_column(Integer(), default=0)
    moved_out: Mapped[int] = mapped_column(Integer(), default=0)
    resolved: Mapped[int] = mapped_column(Integer(), default=0)
    resolved_on_the_spot: Mapped[int] = mapped_column(Integer(), default=0)
    explained: Mapped[int] = mapped_column(Integer(), default=0)
    unachieved: Mapped[int] = mapped_column(Integer(), default=0)
    late_in: Mapped[int] = mapped_column(Integer(), default=0)
    late_out: Mapped[int] = mapped_column(Integer(), default=0)
    asked: Mapped[int] = mapped_column(Integer(), default=0)
    answered: Mapped[int] = mapped_column(Integer(), default=0)
    confirmed: Mapped[int] = mapped_column(Integer(), default=0)
    beyond_power: Mapped[int] = mapped_column(Integer(), default=0)


class TallyCell(Flows, Row):
    """The flows of one area in one month along one `axis`: by category, kind, unit, or days taken (`key`)."""

    __tablename__ = "tally_cells"
    __table_args__ = (one_of("axis", {"category", "kind", "unit", "days"}), {"sqlite_with_rowid": False})

    area_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    axis: Mapped[str] = mapped_column(String(8), primary_key=True)
    key: Mapped[str] = mapped_column(String(36), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)


class TallyDelta(Flows, Row):
    """A change that is not yet added to the cells: writers only append, so that no two wait for each other;
    readers add what is pending (store/cells_pending.py)."""

    __tablename__ = "tally_deltas"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    village_code: Mapped[str] = mapped_column(String(12))
    category: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    unit_id: Mapped[UUID]
    days_taken: Mapped[int | None]
    month: Mapped[date]


class LateChange(Row):
    """A change to what an earlier day counts, that the server heard of on a later one: 补录, corrections, what
    waited on a phone. Kept for good, so that a tally of the past can say what changed since."""

    __tablename__ = "late_changes"
    __table_args__ = (
        Index("ix_late_changes_village_code_day", "village_code", "day"),
        Index("ix_late_changes_received_day_day", "received_day", "day"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    matter_id: Mapped[UUID] = mapped_column(ForeignKey("matters.id"), index=True)
    village_code: Mapped[str] = mapped_column(String(12))
    act: Mapped[str] = mapped_column(String(16))
    measure: Mapped[str] = mapped_column(String(24))
    change: Mapped[int]
    day: Mapped[date]
    received_day: Mapped[date]

    matter: Mapped[Matter] = relationship()


for _columns in (
    (Leg.late_day, Leg.village_code, Leg.until_day, Leg.unit_id, Leg.due_day, Leg.matter_id, Leg.position),
    (Leg.answered_day, Leg.village_code),
    (Leg.beyond_power_day, Leg.village_code),
):
    _few = text(f"{_columns[0].key} IS NOT NULL")
    Index(f"ix_legs_{_columns[0].key}", *_columns, sqlite_where=_few, postgresql_where=_few)
