"""How long a sign-in lasts: until it is ended, not used for long, or simply too old."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SEEN_EVERY = timedelta(hours=1)
"""A session's last use is noted this coarsely: a write per request would cost more than it tells."""


@dataclass(frozen=True)
class Lasting:
    """A session ends after `idle` without a request, and `longest` after it began whatever happens."""

    idle: timedelta
    longest: timedelta


def is_over(lasting: Lasting, began: datetime, seen: datetime, ended: datetime | None, now: datetime) -> bool:
    """True once a session is worth nothing. The note of its last use may be late: that never counts against it."""
    return ended is not None or now - seen > lasting.idle + SEEN_EVERY or now - began > lasting.longest


def is_seen_anew(seen: datetime, now: datetime) -> bool:
    """True when it is time to note that a session is in use."""
    return now - seen >= SEEN_EVERY
