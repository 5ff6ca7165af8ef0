"""Whose a matter is by the responsibility list, and until when: said by hand, apart from the interpreter."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from server.domain.access import Actor, Grant
from server.domain.refusals import Refusal
from server.domain.responsibilities import (
    Duty,
    Rule,
    check_duties,
    difference,
    due_day_by,
    may_edit_list,
    may_read_list,
    rule_for,
    unit_by,
)
from server.domain.workdays import Calendar
from tests import cast
from tests.harness.live_server import ROOT

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 6, 1, tzinfo=UTC)
WEEK = Calendar(0, 0, frozenset(), frozenset())
BUREAU, CITY_BUREAU = UUID(int=1), UUID(int=2)
UNITS = {BUREAU: cast.COUNTY, CITY_BUREAU: "430500000000", UUID(int=3): cast.TOWNSHIP, UUID(int=4): "430503000000"}
DEFAULT_UNIT = {"township": None, "county": BUREAU, "prefecture": CITY_BUREAU, "province": UUID(int=5)}


def duty(
    level: str = "county", category: str = "road", days: int = 10, settles: bool = False, **more: UUID | None
) -> Duty:
    return Duty(category, level, more.get("unit_id", DEFAULT_UNIT[level]), days, "《公路法》", settles)


def rule(of: Duty, since: datetime = BEGAN, until: datetime | None = None) -> Rule:
    return Rule(uuid4(), of, since, until)


def actor(*grants: Grant) -> Actor:
    return Actor(uuid4(), "", 1, frozenset(grants))


@pytest.mark.parametrize(
    ("lines", "chosen"),
    [
        (["county"], "county"),
        (["province", "prefecture"], "prefecture"),
        (["province", "township settles", "county"], "township"),
        (["province", "township", "county"], "county"),
        (["township"], None),
        ([], None),
    ],
)
def test_the_township_settles_what_it_may_else_the_lowest_level_above_it_must_act(lines: list[str], chosen: str | None):
    rules = [rule(duty(line.split()[0], settles=line.endswith("settles"))) for line in lines]
    found = rule_for(rules, "road", LATER)
    assert (found.duty.level if found else None) == chosen
    assert rule_for(rules, "water", LATER) is None


def test_a_rule_holds_from_its_first_instant_to_just_before_its_end():
    first, second = rule(duty(days=5), BEGAN, LATER), rule(duty(days=6), LATER)
    moment = timedelta(milliseconds=1)
    for at, expected in ((BEGAN - moment, None), (BEGAN, first), (LATER - moment, first), (LATER, second)):
        assert rule_for([second, first], "road", at) == expected


def test_what_was_resolved_on_the_spot_was_the_townships_deed():
    found = rule(duty())
    assert unit_by(found, on_the_spot=False) == BUREAU
    assert unit_by(found, on_the_spot=True) is None
    assert unit_by(rule(duty("township", settles=True)), on_the_spot=False) is None
    assert unit_by(None, on_the_spot=False) is None


def test_the_day_is_counted_in_working_days_and_never_later_than_by_law():
    wednesday = date(2026, 11, 25)
    assert due_day_by(rule(duty(days=3)), wednesday, WEEK) == date(2026, 11, 30)
    assert due_day_by(None, wednesday, WEEK) == date(2027, 1, 24)
    holidays = Calendar(
        2026, 2027, frozenset(wednesday + timedelta(days=number) for number in range(1, 40)), frozenset()
    )
    assert due_day_by(rule(duty(days=40)), wednesday, holidays) == date(2027, 1, 24)


def test_only_what_really_changed_ends_and_begins():
    kept, changed, struck = rule(duty()), rule(duty(category="water")), rule(duty(category="land"))
    wanted = [duty(), duty(category="water", days=3), duty(category="power")]
    change = difference([kept, changed, struck], wanted)
    assert change.ended == [changed, struck]
    assert change.begun == wanted[1:]


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (duty(unit_id=None), "field_required", "unit_id"),
        (duty(unit_id=UUID(int=99)), "unit_unknown", "unit_id"),
        (duty(unit_id=CITY_BUREAU), "unit_not_of_level", "unit_id"),
        (duty(unit_id=UUID(int=4)), "unit_not_of_level", "unit_id"),  # the next county's
        (duty(unit_id=UUID(int=3)), "unit_not_of_level", "unit_id"),
        (duty("township", unit_id=UUID(int=3)), "unit_not_of_level", "unit_id"),  # one township's, for all of them
        (duty(settles=True), "settles_above_township", "township_may_settle"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_place(line: Duty, code: str, field: str):
    with pytest.raises(Refusal) as refused:
        check_duties([duty(category="land"), line], cast.COUNTY, UNITS)
    assert (refused.value.code, refused.value.field) == (code, f"rules.1.{field}")


def test_two_lines_for_one_category_at_one_level_are_refused():
    with pytest.raises(Refusal) as refused:
        check_duties([duty(), duty("prefecture"), duty(days=3)], cast.COUNTY, UNITS)
    assert (refused.value.code, refused.value.field) == ("rule_twice", "rules.2.level")
    check_duties([duty(), duty("prefecture"), duty("township", settles=True)], cast.COUNTY, UNITS)


NEXT_COUNTY, PREFECTURE, PROVINCE = "430503000000", "430500000000", "430000000000"


@pytest.mark.parametrize(
    ("role", "area", "reads", "edits"),
    [
        ("coordinator", cast.COUNTY, True, True),
        ("coordinator", cast.TOWNSHIP, True, False),
        ("coordinator", NEXT_COUNTY, False, False),
        ("cadre", cast.VILLAGE, True, False),
        ("cadre", "430503101001", False, False),
        ("leader", cast.VILLAGE, True, False),
        ("leader", cast.COUNTY, True, False),
        ("leader", PROVINCE, True, False),
        ("leader", NEXT_COUNTY, False, False),
        ("admin", cast.COUNTY, False, False),
        ("auditor", cast.COUNTY, False, False),
    ],
)
def test_who_works_by_the_list_reads_it_and_the_countys_own_coordinator_keeps_it(
    role: str, area: str, reads: bool, edits: bool
):
    somebody = actor(Grant(role, area))
    assert (may_read_list(somebody, cast.COUNTY, []), may_edit_list(somebody, cast.COUNTY)) == (reads, edits)


@pytest.mark.parametrize(
    ("unit_area", "reads"),
    [(cast.COUNTY, True), (cast.TOWNSHIP, True), (PREFECTURE, True), (PROVINCE, True), (NEXT_COUNTY, False)],
)
def test_a_handler_reads_the_lists_that_can_name_his_unit(unit_area: str, reads: bool):
    somebody = actor(Grant("handler", unit_id=BUREAU))
    assert may_read_list(somebody, cast.COUNTY, [unit_area]) is reads
    assert not may_edit_list(somebody, cast.COUNTY)


def test_the_cases_for_both_sides_ask_every_edge():
    """tests/contract/responsibility_cases.json: the phone answers it too (pwa/tests/unit/responsibilities.test.ts)."""
    cases = json.loads((ROOT / "tests/contract/responsibility_cases.json").read_text())
    chosen = {case["rule"] for case in cases["cases"]}
    assert chosen - {None} == {
        line["id"] for line in cases["rules"] if line["level"] != "township" or line["township_may_settle"]
    }
    assert None in chosen
    capped = [case for case in cases["cases"] if case["category"] == "dispute" and case["rule"]]
    days = [(date.fromisoformat(case["due_day"]) - date.fromisoformat(case["at"][:10])).days for case in capped]
    assert min(days) < 60 <= max(days), "the law never comes first, or always"
