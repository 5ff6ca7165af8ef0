"""How long a sign-in lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from server.domain.sessions import SEEN_EVERY, Lasting, is_over, is_seen_anew

LASTING = Lasting(idle=timedelta(days=30), longest=timedelta(days=180))
NOW = datetime(2026, 11, 25, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def over(*, began: timedelta, seen: timedelta, ended: datetime | None = None) -> bool:
    return is_over(LASTING, NOW - began, NOW - seen, ended, NOW)


def test_a_session_that_was_ended_is_over_at_once():
    assert not over(began=DAY, seen=DAY)
    assert over(began=DAY, seen=DAY, ended=NOW)


def test_a_session_that_is_used_now_and_then_lasts():
    assert not over(began=179 * DAY, seen=30 * DAY)


@pytest.mark.parametrize("late", [timedelta(0), SEEN_EVERY])
def test_thirty_days_are_never_cut_short_by_how_coarsely_use_is_noted(late: timedelta):
    assert not over(began=100 * DAY, seen=LASTING.idle + late)


def test_a_session_that_nobody_uses_is_over():
    assert over(began=100 * DAY, seen=LASTING.idle + SEEN_EVERY + SECOND)


def test_a_session_is_over_at_last_however_much_it_is_used():
    assert not over(began=LASTING.longest, seen=SECOND)
    assert over(began=LASTING.longest + SECOND, seen=SECOND)


def test_use_is_noted_at_most_once_an_hour():
    assert not is_seen_anew(NOW - SEEN_EVERY + SECOND, NOW)
    assert is_seen_anew(NOW - SEEN_EVERY, NOW)
