"""How one event changes a matter, and what a correction keeps."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from server.domain.matters import (
    Standing,
    changed_fields,
    check_after_raised,
    check_due_day,
    check_extension,
    take_step,
)
from server.domain.refusals import Refusal
from server.domain.times import Moment

TOWN_HALL, BUREAU, OTHER_MATTER = (UUID(int=number) for number in (1, 2, 3))
RAISED = Standing("raised", TOWN_HALL, date(2026, 5, 1), None, None, False, None, None)
NOW = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)
MOMENT = Moment(NOW, "2026-03-02T01:00:00+08:00", NOW, NOW, 0)
NOTHING = {"title": "路灯不亮", "category": "power", "detail": None, "resident_name": "周大山", "resident_phone": None}


def after(before: Standing, act: str, *relations: str, **more: object) -> Standing:
    step = take_step(before, act, set(relations), MOMENT, **more)  # type: ignore[arg-type]
    assert step.before == before
    assert step.refused_because is None
    return step.after


def closed(state: str = "resolved", **more: object) -> Standing:
    return replace(RAISED, state=state, closed_at=NOW, closed_day=date(2026, 3, 2), **more)  # type: ignore[arg-type]


def test_resolving_closes_a_matter_on_the_day_it_was_claimed_to_happen():
    resolved = after(RAISED, "resolve", "cadre")
    assert resolved == closed()


def test_a_matter_resolved_with_its_visit_is_on_the_spot():
    assert after(RAISED, "resolve", "author", on_the_spot=True).on_the_spot
    assert not after(RAISED, "resolve", "author").on_the_spot


@pytest.mark.parametrize(("act", "state"), [("explain", "explained"), ("unachieve", "unachieved")])
def test_an_honest_failure_closes_a_matter_too(act: str, state: str):
    assert after(RAISED, act, "cadre") == closed(state)


def test_a_matter_is_never_closed_on_a_day_before_it_was_raised():
    """Clocks differ: the phone that resolved may still have been before midnight."""
    assert after(RAISED, "resolve", "cadre", raised_day=date(2026, 3, 3)).closed_day == date(2026, 3, 3)
    assert after(RAISED, "resolve", "cadre", raised_day=date(2026, 3, 1)).closed_day == date(2026, 3, 2)


def happened(hours: float, offset_s: int = 0) -> Moment:
    """Something this long after NOW, as claimed by a phone whose clock the server knows to be off by so much."""
    return replace(MOMENT, happened_at=NOW + timedelta(hours=hours), clock_offset_s=offset_s)


def test_what_is_claimed_to_have_happened_before_the_matter_was_raised_is_refused():
    check_after_raised(happened(0), MOMENT)
    check_after_raised(happened(-9 / 60), MOMENT)  # clocks differ
    with pytest.raises(Refusal) as refused:
        check_after_raised(happened(-11 / 60), MOMENT)
    assert (refused.value.code, refused.value.field) == ("time_before_raised", "happened_at")


def test_nobodys_entry_is_refused_because_one_of_two_phones_has_a_wrong_clock():
    hour = 3600
    check_after_raised(happened(-5, offset_s=5 * hour), MOMENT)  # this phone is late
    check_after_raised(happened(1), happened(5, offset_s=-5 * hour))  # the other one was fast
    check_after_raised(happened(0), happened(0, offset_s=-8000 * 366 * 24 * hour))
    with pytest.raises(Refusal, match="time_before_raised"):
        check_after_raised(happened(-5, offset_s=-5 * hour), MOMENT)  # a fast phone is no excuse for an early claim
    with pytest.raises(Refusal, match="time_before_raised"):
        check_after_raised(happened(-5), replace(MOMENT, clock_offset_s=5 * hour))


def test_reopening_takes_the_closing_day_back():
    reopened = after(closed(on_the_spot=True), "reopen", "leader")
    assert reopened == replace(RAISED, state="reopened")


def test_a_matter_resolved_again_is_not_on_the_spot_any_more():
    reopened = after(closed(on_the_spot=True), "reopen", "author")
    assert not after(reopened, "resolve", "author").on_the_spot


def test_a_confirmation_does_not_move_the_closing_day():
    earlier = replace(closed(on_the_spot=True), closed_day=date(2026, 2, 1))
    confirmed = after(earlier, "confirm", "resident")
    assert confirmed == replace(earlier, state="confirmed")


def test_assigning_gives_the_matter_to_a_unit_until_a_day():
    assigned = after(RAISED, "assign", "coordinator", unit_id=BUREAU, due_day=date(2026, 4, 1))
    assert (assigned.state, assigned.unit_id, assigned.due_day) == ("assigned", BUREAU, date(2026, 4, 1))


def test_a_matter_is_to_be_closed_between_the_day_it_was_raised_and_the_day_by_law():
    raised = date(2026, 3, 2)
    for day in (None, raised, date(2026, 4, 1), date(2026, 5, 1)):
        check_due_day(day, raised)
    for day in (date(1900, 1, 1), date(2026, 3, 1), date(2026, 5, 2), date(2200, 12, 31)):
        with pytest.raises(Refusal) as refused:
            check_due_day(day, raised)
        assert (refused.value.code, refused.value.field) == ("due_day_out_of_range", "due_day")


def test_assigning_without_a_day_keeps_the_day_that_stood():
    assert after(RAISED, "assign", "coordinator", unit_id=BUREAU).due_day == RAISED.due_day


def test_no_other_act_moves_a_matter_to_another_unit_or_day():
    moved = after(RAISED, "progress", "cadre", unit_id=BUREAU, due_day=date(2030, 1, 1), merged_into_id=OTHER_MATTER)
    assert moved == replace(RAISED, state="working")


def test_a_returned_matter_is_charged_to_the_township_again_and_its_day_stays():
    assigned = replace(RAISED, state="assigned", unit_id=BUREAU)
    assert after(assigned, "return", "handler", unit_id=TOWN_HALL) == replace(RAISED, state="returned")


def test_what_the_township_sends_up_is_its_own_units_and_was_beyond_its_power_from_that_day():
    working = replace(RAISED, state="working", unit_id=BUREAU)
    sent_up = after(working, "escalate", "township", unit_id=TOWN_HALL, beyond_power=True)
    assert sent_up == replace(RAISED, state="returned", beyond_power_day=date(2026, 3, 2))


def test_beyond_power_is_counted_from_the_first_time_and_never_from_before_the_matter_was_raised():
    known = replace(RAISED, beyond_power_day=date(2026, 2, 1))
    assert after(known, "escalate", "township", beyond_power=True).beyond_power_day == date(2026, 2, 1)
    late = after(RAISED, "escalate", "township", beyond_power=True, raised_day=date(2026, 3, 3))
    assert late.beyond_power_day == date(2026, 3, 3)


def test_a_return_for_another_reason_says_nothing_about_anybodys_power():
    assigned = replace(RAISED, state="assigned", unit_id=BUREAU)
    assert after(assigned, "return", "handler", unit_id=TOWN_HALL).beyond_power_day is None


def test_an_extension_moves_the_day_and_nothing_else():
    assert after(RAISED, "extend", "coordinator", due_day=date(2026, 5, 20)) == replace(
        RAISED, due_day=date(2026, 5, 20)
    )


def test_an_extension_is_later_than_what_stands_and_ends_thirty_days_after_the_day_by_law():
    raised = date(2026, 3, 2)  # by law until 2026-05-01, which stands
    for day in (None, date(2026, 5, 2), date(2026, 5, 31)):
        check_extension(day, RAISED, raised)
    for day in (date(2026, 4, 30), date(2026, 5, 1), date(2026, 6, 1)):
        with pytest.raises(Refusal) as refused:
            check_extension(day, RAISED, raised)
        assert (refused.value.code, refused.value.field) == ("extension_out_of_range", "due_day")


def test_asking_a_resident_changes_nothing():
    assert after(closed(), "invite", "cadre") == closed()


def test_merging_names_the_matter_it_went_into():
    merged = after(RAISED, "merge", "coordinator", merged_into_id=OTHER_MATTER)
    assert merged == replace(RAISED, state="merged", merged_into_id=OTHER_MATTER)


def test_withdrawing_voids_a_matter():
    assert after(RAISED, "withdraw", "author").state == "withdrawn"


def test_an_act_on_a_merged_matter_is_kept_as_a_note():
    merged = replace(RAISED, state="merged", merged_into_id=OTHER_MATTER)
    step = take_step(merged, "resolve", {"author"}, MOMENT)
    assert step.refused_because == "state_forbids"
    assert step.after == step.before == merged


def test_the_second_of_two_phones_that_resolve_offline_leaves_a_note_and_the_first_day():
    first = replace(closed(), closed_day=date(2026, 2, 1))
    step = take_step(first, "resolve", {"cadre"}, MOMENT, on_the_spot=True)
    assert step.refused_because == "state_forbids"
    assert step.after == first


def test_what_somebody_may_never_do_is_refused_and_not_kept():
    with pytest.raises(Refusal) as refused:
        take_step(RAISED, "assign", {"handler"}, MOMENT, unit_id=BUREAU)
    assert refused.value.as_data() == {
        "code": "not_allowed",
        "message": "您没有权限这样做，如有需要请联系管理员。",
        "field": "act",
    }


def test_what_somebody_may_never_do_is_refused_on_a_void_matter_too():
    with pytest.raises(Refusal, match="not_allowed"):
        take_step(replace(RAISED, state="withdrawn"), "assign", {"handler"}, MOMENT)


def test_a_correction_keeps_what_stood_before_and_what_stands_now():
    assert changed_fields(NOTHING, {"title": "五组路灯不亮"}) == [
        {"field": "title", "before": "路灯不亮", "after": "五组路灯不亮"}
    ]


def test_a_correction_can_fill_and_empty_an_optional_field():
    assert changed_fields(NOTHING, {"resident_name": "", "resident_phone": "13800000001"}) == [
        {"field": "resident_name", "before": "周大山", "after": None},
        {"field": "resident_phone", "before": None, "after": "13800000001"},
    ]


def test_a_field_that_was_not_meant_stays():
    assert [change["field"] for change in changed_fields(NOTHING, {"category": "road"})] == ["category"]


@pytest.mark.parametrize("wanted", [{"title": "路灯不亮"}, {"detail": ""}, {"detail": None, "category": "power"}])
def test_a_correction_of_what_stands_so_already_changes_nothing_and_is_no_wrong(wanted: dict[str, str | None]):
    assert changed_fields(NOTHING, wanted) == []


def test_a_correction_that_names_no_field_is_refused():
    with pytest.raises(Refusal, match="nothing_changed"):
        changed_fields(NOTHING, {})
