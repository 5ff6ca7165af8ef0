"""Wrong passwords: guessing is slowed down, and nobody is shut out for long."""

from datetime import UTC, datetime, timedelta

from server.domain.lockout import PER_ADDRESS, PER_USER, Limit, failures_after, is_locked

START = datetime(2026, 11, 24, tzinfo=UTC)


class Counter:
    """One counter as actions/sessions.py keeps it: what is refused is not counted."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.failures = 0
        self.last: datetime | None = None

    def fails(self, now: datetime) -> bool:
        """A wrong password at `now`; False if it was refused without being looked at."""
        if is_locked(self.limit, self.failures, self.last, now):
            return False
        self.failures = failures_after(self.failures, self.last, self.limit, now)
        self.last = now
        return True


def test_five_wrong_passwords_are_looked_at_and_the_sixth_is_not():
    counter = Counter(PER_ADDRESS)
    assert [counter.fails(START + timedelta(seconds=second)) for second in range(6)] == [True] * 5 + [False]


def test_nobody_who_never_failed_is_locked():
    assert not is_locked(PER_ADDRESS, 0, None, START)


def test_a_pause_ends_after_five_minutes():
    counter = Counter(PER_ADDRESS)
    for _ in range(5):
        counter.fails(START)
    assert not counter.fails(START + timedelta(minutes=5, microseconds=-1))
    assert counter.fails(START + timedelta(minutes=5))


def test_a_pause_is_never_prolonged_by_further_tries():
    counter = Counter(PER_ADDRESS)
    for _ in range(5):
        counter.fails(START)
    for second in range(1, 300):
        assert not counter.fails(START + timedelta(seconds=second))
    assert counter.fails(START + timedelta(seconds=300))


def test_the_count_starts_anew_after_a_pause():
    counter = Counter(PER_ADDRESS)
    for _ in range(5):
        counter.fails(START)
    later = START + timedelta(minutes=5)
    assert [counter.fails(later) for _ in range(6)] == [True] * 5 + [False]


def test_somebody_who_mistypes_now_and_then_is_never_locked_out():
    counter = Counter(PER_ADDRESS)
    assert all(counter.fails(START + timedelta(minutes=6 * day)) for day in range(50))


def test_guessing_from_many_addresses_is_slowed_down_too():
    counter = Counter(PER_USER)
    looked_at = sum(counter.fails(START + timedelta(seconds=second)) for second in range(3600))
    assert looked_at <= 12 * PER_USER.failures
