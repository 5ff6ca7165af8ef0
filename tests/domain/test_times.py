"""Days in Asia/Shanghai, 补录, and times that cannot be true."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from server.domain.refusals import Refusal
from server.domain.times import Moment, claimed_moment, due_day_by_law, shanghai_day

RECEIVED = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))


def claim(
    claimed: datetime, received: datetime = RECEIVED, clock_offset_s: int = 0, recorded: datetime | None = None
) -> Moment:
    return claimed_moment(claimed, recorded or received, received, clock_offset_s, "happened_at")


def test_a_day_ends_at_midnight_in_china_which_is_sixteen_hours_utc():
    assert shanghai_day(datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC)) == date(2026, 2, 28)
    assert shanghai_day(datetime(2026, 2, 28, 16, 0, 0, tzinfo=UTC)) == date(2026, 3, 1)


def test_new_year_begins_in_china():
    assert shanghai_day(datetime(2025, 12, 31, 16, 0, tzinfo=UTC)) == date(2026, 1, 1)


def test_the_day_does_not_depend_on_the_offset_a_phone_claimed():
    moment = claim(datetime(2026, 11, 24, 1, 0, tzinfo=timezone(timedelta(hours=9))))
    assert moment.happened_at == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert moment.day == date(2026, 11, 24)


def test_the_claimed_local_time_is_kept_as_it_was_told():
    assert claim(datetime(2026, 11, 24, 9, 30, 15, 250_000, tzinfo=CHINA)).happened_local == "2026-11-24T09:30:15+08:00"


def test_what_is_recorded_more_than_a_day_late_is_backfill():
    assert not claim(RECEIVED - timedelta(hours=24)).backfill
    assert claim(RECEIVED - timedelta(hours=24, microseconds=1)).backfill


def test_what_happens_now_is_no_backfill():
    assert not claim(RECEIVED).backfill


def test_what_was_recorded_at_once_and_waited_days_for_a_signal_is_no_backfill():
    happened = RECEIVED - timedelta(days=9)
    assert not claim(happened, recorded=happened + timedelta(minutes=1)).backfill
    assert claim(happened, recorded=happened + timedelta(days=2)).backfill


def test_nothing_was_recorded_after_the_server_heard_of_it_by_the_phones_clock():
    moment = claim(RECEIVED - timedelta(hours=20), recorded=RECEIVED + timedelta(days=300))
    assert (moment.recorded_at, moment.backfill) == (RECEIVED, False)
    moment = claim(RECEIVED - timedelta(hours=20), clock_offset_s=-7200, recorded=RECEIVED + timedelta(days=300))
    assert (moment.recorded_at, moment.backfill) == (RECEIVED + timedelta(hours=2), False)


def test_a_phone_may_be_ten_minutes_ahead_and_no_more():
    assert claim(RECEIVED + timedelta(minutes=10)).happened_at == RECEIVED + timedelta(minutes=10)
    with pytest.raises(Refusal, match="time_in_future") as refused:
        claim(RECEIVED + timedelta(minutes=10, microseconds=1))
    assert refused.value.field == "happened_at"


@pytest.mark.parametrize("fast_s", [900, 86_400, 400 * 86_400])
def test_what_a_phone_that_runs_fast_calls_now_is_taken_as_claimed(fast_s: int):
    claimed = RECEIVED + timedelta(seconds=fast_s)
    moment = claim(claimed, clock_offset_s=-fast_s)
    assert (moment.happened_at, moment.clock_offset_s, moment.backfill) == (claimed, -fast_s, False)
    with pytest.raises(Refusal, match="time_in_future"):
        claim(claimed + timedelta(minutes=10, seconds=1), clock_offset_s=-fast_s)


@pytest.mark.parametrize("year", [2100, 9998])
def test_a_claim_of_another_age_is_refused_also_from_a_phone_that_says_it_is_there(year: int):
    claimed = datetime(year, 1, 1, tzinfo=CHINA)
    with pytest.raises(Refusal, match="time_in_future"):
        claim(claimed, clock_offset_s=round((RECEIVED - claimed).total_seconds()), recorded=claimed)


def test_no_clock_is_believed_to_be_more_than_400_days_ahead():
    claimed = RECEIVED + timedelta(days=400, minutes=10)
    assert claim(claimed, clock_offset_s=-500 * 86_400).happened_at == claimed
    with pytest.raises(Refusal, match="time_in_future"):
        claim(claimed + timedelta(seconds=1), clock_offset_s=-500 * 86_400)


@pytest.mark.parametrize(("hours_late", "backfill"), [(1, False), (24, False), (25, True), (40, True)])
def test_an_entry_on_a_phone_that_runs_fast_is_backfill_as_on_any_other(hours_late: int, backfill: bool):
    phones_now = RECEIVED + timedelta(days=2)
    happened = phones_now - timedelta(hours=hours_late)
    assert claim(happened, clock_offset_s=-2 * 86_400, recorded=phones_now).backfill is backfill
    one_day_later = RECEIVED + timedelta(days=1)  # it waited for a signal
    assert claim(happened, one_day_later, -2 * 86_400, phones_now).backfill is backfill


def test_what_a_phone_that_runs_fast_claims_counts_on_no_later_day_than_the_server_heard_of_it():
    assert claim(RECEIVED + timedelta(days=3), clock_offset_s=-3 * 86_400).day == date(2026, 11, 24)
    assert claim(RECEIVED - timedelta(days=3), clock_offset_s=-3 * 86_400).day == date(2026, 11, 21)


def test_a_phone_that_runs_late_may_not_claim_more_than_others():
    with pytest.raises(Refusal, match="time_in_future"):
        claim(RECEIVED + timedelta(minutes=11), clock_offset_s=86_400)


@pytest.mark.parametrize("year", [1900, 1970, 1999])
def test_a_phone_whose_clock_was_reset_is_told_that_the_time_is_too_early(year: int):
    with pytest.raises(Refusal, match="time_too_early"):
        claim(datetime(year, 6, 1, tzinfo=CHINA))


def test_the_year_2000_begins_in_china():
    assert claim(datetime(2000, 1, 1, tzinfo=CHINA)).day == date(2000, 1, 1)
    with pytest.raises(Refusal, match="time_too_early"):
        claim(datetime(1999, 12, 31, 23, 59, 59, tzinfo=CHINA))


def test_the_year_2100_is_in_the_future():
    with pytest.raises(Refusal, match="time_in_future"):
        claim(datetime(2100, 1, 1, tzinfo=CHINA))


def test_a_matter_nobody_set_a_date_for_is_due_after_sixty_calendar_days():
    assert due_day_by_law(date(2026, 1, 1)) == date(2026, 3, 2)
