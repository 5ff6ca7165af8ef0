"""Lock-out after wrong passwords, so that it slows guessing but cannot lock the owner out.

After OWASP's "Slow down online guessing attacks with device cookies". A device that has
signed in as this user before has a counter of its own, wherever it is, and no other: a
stranger who keeps guessing, even from behind the same carrier's address, cannot shut the
owner out of his own phone. All other devices are counted twice: per user name and
address, and per user name.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Limit:
    """After `failures` wrong passwords in a row, no further try for `pause`."""

    failures: int
    pause: timedelta


PER_DEVICE = Limit(5, timedelta(minutes=5))
PER_ADDRESS = Limit(5, timedelta(minutes=5))
PER_USER = Limit(20, timedelta(minutes=5))


def is_locked(limit: Limit, failures: int, last_failure_at: datetime | None, now: datetime) -> bool:
    """True while tries are refused. Refused tries are not counted, so the pause is never prolonged."""
    return last_failure_at is not None and failures >= limit.failures and now - last_failure_at < limit.pause


def failures_after(failures: int, last_failure_at: datetime | None, limit: Limit, now: datetime) -> int:
    """The count after one more wrong password; it starts anew once the pause has passed."""
    if last_failure_at is not None and now - last_failure_at >= limit.pause:
        failures = 0
    return failures + 1
