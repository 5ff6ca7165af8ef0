"""Times: stored in UTC, claimed in local time, counted in Asia/Shanghai days."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain.refusals import Refusal
from server.domain.words import BACKFILL_AFTER_HOURS, DAYS_ALLOWED, EARLIEST_YEAR, FUTURE_TOLERANCE_MINUTES

SHANGHAI = ZoneInfo("Asia/Shanghai")

FASTEST_CLOCK = timedelta(days=400)
"""How far ahead a phone's clock is believed to be: a wrong year, not another age."""


@dataclass(frozen=True)
class Moment:
    """When something happened, as claimed, when it was recorded, and when the server heard of it.

    `happened_at`, `recorded_at` and `received_at` are UTC; `happened_local` is the claimed text with its
    offset; `recorded_at` is the phone's word too, by the same clock, so that the two can be compared: never later
    than that clock showed at `received_at`. `clock_offset_s` is server minus device clock, in seconds, positive
    when the device runs late.
    """

    happened_at: datetime
    happened_local: str
    recorded_at: datetime
    received_at: datetime
    clock_offset_s: int

    @property
    def day(self) -> date:
        """The day that tallies count: of the claimed time, but no later than the server heard of it
        (a phone that runs fast claims tomorrow)."""
        return shanghai_day(min(self.happened_at, self.received_at))

    @property
    def backfill(self) -> bool:
        """补录: recorded well after it happened (P5), by the phone's clock, right or wrong. What waited on the
        phone for a signal is none."""
        return self.recorded_at - self.happened_at > timedelta(hours=BACKFILL_AFTER_HOURS)


def shanghai_day(moment: datetime) -> date:
    """The day in Asia/Shanghai on which a UTC `moment` falls: the day that tallies count."""
    return moment.astimezone(SHANGHAI).date()


def in_shanghai_days(first: date, last: date) -> tuple[datetime, datetime]:
    """The UTC moments at which the days `first` to `last` begin, and at which they are over."""
    over = last + timedelta(days=1)
    begin, end = (datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC) for day in (first, over))
    return begin, end


def claimed_moment(
    claimed: datetime, recorded: datetime, received_at: datetime, clock_offset_s: int, field: str | None
) -> Moment:
    """Take a claimed time (with its offset) as it is, or refuse one that cannot be true:
    `time_in_future`, `time_too_early`. The phone keeps what it refused under 需处理.

    How far a phone's clock runs fast is known from when it sent this, so that its 'now' is not in
    the future; more than FASTEST_CLOCK is not believed. How far it runs late only shows in the record:
    a claim is never moved ahead.
    """
    happened_at = claimed.astimezone(UTC)
    runs_fast = min(timedelta(seconds=max(-clock_offset_s, 0)), FASTEST_CLOCK)
    if happened_at - runs_fast > received_at + timedelta(minutes=FUTURE_TOLERANCE_MINUTES):
        raise Refusal("time_in_future", field)
    if shanghai_day(happened_at).year < EARLIEST_YEAR:
        raise Refusal("time_too_early", field)
    recorded_at = min(recorded.astimezone(UTC), received_at + runs_fast)
    return Moment(happened_at, claimed.isoformat(timespec="seconds"), recorded_at, received_at, clock_offset_s)


def due_day_by_law(raised_on: date) -> date:
    """The last day to close a matter for which nobody set a date (see DAYS_ALLOWED)."""
    return raised_on + timedelta(days=DAYS_ALLOWED)
