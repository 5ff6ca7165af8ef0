"""Lock-out after wrong passwords, so that it slows guessing but cannot lock the owner out.

Two counters, after OWASP's "Slow down online guessing attacks with device cookies":
one per user name and address, one per user name for all unknown devices. A device that
has signed in as this user before is not held up by the second, so a stranger who keeps
guessing from elsewhere cannot shut the owner out of his own phone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Limit:
    """After `failures` wrong passwords in a row, no further try for `pause`."""

    failures: int
    pause: timedelta


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
