"""Columns and checks that several tables share."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.times import Moment
from server.store.types import UtcDateTime


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """A check that a column holds one of the product's words."""
    allowed = ", ".join(f"'{value}'" for value in sorted(values))
    return CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_known")


class Claimed:
    """When something happened and was recorded (as claimed) and when the server received it; see domain/times.py."""

    happened_at: Mapped[datetime] = mapped_column(UtcDateTime())
    happened_local: Mapped[str] = mapped_column(Text())
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime())
    received_at: Mapped[datetime] = mapped_column(UtcDateTime())
    clock_offset_s: Mapped[int] = mapped_column(BigInteger())

    @property
    def moment(self) -> Moment:
        """The columns as the rules read them."""
        return Moment(self.happened_at, self.happened_local, self.recorded_at, self.received_at, self.clock_offset_s)

    @property
    def backfill(self) -> bool:
        """True if it was recorded well after it happened (补录)."""
        return self.moment.backfill


def claimed_columns(moment: Moment) -> dict[str, object]:
    """The values of Claimed's columns for `moment`."""
    return {
        "happened_at": moment.happened_at,
        "happened_local": moment.happened_local,
        "recorded_at": moment.recorded_at,
        "received_at": moment.received_at,
        "clock_offset_s": moment.clock_offset_s,
    }
