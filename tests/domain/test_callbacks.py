"""Which settlements are called back, how anybody can draw them again, and who phones."""

from datetime import date
from hashlib import sha256
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.access import Actor, Grant
from server.domain.callbacks import (
    AT_LEAST,
    AT_MOST,
    Settlement,
    callers_of,
    check_days,
    drawn,
    may_call,
    may_draw,
    next_caller,
    sample_size,
)
from server.domain.refusals import Refusal
from tests import cast

PREFECTURE, PROVINCE = "430500000000", "430000000000"
TODAY = date(2026, 11, 25)
TOWN_HALL, BUREAU = UUID(int=101), UUID(int=102)
UNIT_AREAS = {TOWN_HALL: cast.TOWNSHIP, BUREAU: cast.COUNTY}
SETTLEMENT = Settlement(UUID(int=1), UUID(int=2), cast.TOWNSHIP, frozenset({UUID(int=50)}), frozenset({TOWN_HALL}))


def somebody(number: int, *grants: Grant) -> Actor:
    return Actor(UUID(int=number), f"第{number}位", 1, frozenset(grants))


def leader(number: int, *area_codes: str) -> Actor:
    return somebody(number, *(Grant("leader", code) for code in area_codes))


COUNTY_LEADER, COUNTY_VICE = leader(60, cast.COUNTY), leader(61, cast.COUNTY)
PREFECTURE_LEADER, PROVINCE_LEADER = leader(70, PREFECTURE), leader(80, PROVINCE)


@pytest.mark.parametrize(
    ("settled", "population", "size"),
    [
        (0, 0, 0),
        (2, 2, 2),  # fewer than the least: all of them
        (10, 10, 3),
        (30, 30, 3),
        (31, 31, 4),  # a tenth, rounded up
        (100, 80, 10),
        (300, 300, 30),
        (5000, 4000, 30),
        (100, 6, 6),  # few have a telephone
    ],
)
def test_a_tenth_of_what_was_settled_is_drawn_at_least_three_at_most_thirty(settled: int, population: int, size: int):
    assert sample_size(settled, population) == size


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_never_more_are_drawn_than_there_are(settled: int, population: int):
    assert min(AT_LEAST, population) <= sample_size(settled, population) <= min(AT_MOST, population)


def test_anybody_draws_the_same_again_from_seed_and_population_alone():
    population = [UUID(int=number) for number in range(40)]
    first = drawn("0f" * 16, population, 7)
    by_hand = sorted(population, key=lambda one: sha256((("0f" * 16) + ":" + str(one)).encode("ascii")).hexdigest())
    assert first == by_hand[:7]
    assert drawn("0f" * 16, reversed(population), 7) == first, "the order of the list changes nothing"
    assert drawn("0e" * 16, population, 7) != first


@given(st.sets(st.uuids(), min_size=1, max_size=30), st.text("0123456789abcdef", min_size=32, max_size=32))
def test_a_larger_sample_contains_the_smaller_one(population: set[UUID], seed: str):
    samples = [drawn(seed, population, size) for size in range(len(population) + 1)]
    assert all(larger[: len(smaller)] == smaller for smaller, larger in pairwise(samples))
    assert set(samples[-1]) == population


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2026, 11, 1), date(2026, 11, 24), None),
        (date(2026, 11, 24), date(2026, 11, 24), None),
        (date(2026, 11, 1), date(2026, 11, 25), "draw_days_invalid"),  # today is not over
        (date(2026, 11, 1), date(2026, 11, 30), "draw_days_invalid"),
        (date(2026, 7, 1), date(2026, 9, 30), None),  # a quarter
        (date(2026, 6, 30), date(2026, 9, 30), "draw_days_invalid"),
        (date(2026, 11, 2), date(2026, 11, 1), "period_invalid"),
    ],
)
def test_only_days_that_are_over_are_drawn_and_a_quarter_at_most(first: date, last: date, code: str | None):
    if code is None:
        check_days(first, last, TODAY)
        return
    with pytest.raises(Refusal) as refused:
        check_days(first, last, TODAY)
    assert (refused.value.code, refused.value.field) == (code, "to")


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        (COUNTY_LEADER, True),
        (PREFECTURE_LEADER, True),
        (PROVINCE_LEADER, True),
        (leader(1, cast.TOWNSHIP), False),  # the township itself
        (leader(2, cast.NEIGHBOUR_TOWNSHIP), False),
        (leader(3, "430522000000"), False),  # the county next door
        (leader(4, cast.VILLAGE), False),
        (somebody(5, Grant("coordinator", cast.COUNTY)), False),
        (somebody(6, Grant("admin", cast.COUNTY)), False),
        (leader(7, cast.COUNTY, cast.TOWNSHIP), False),  # leads the county, and the township besides
        (somebody(8, Grant("leader", cast.COUNTY), Grant("cadre", cast.VILLAGE)), False),
        (somebody(9, Grant("leader", cast.COUNTY), Grant("auditor", cast.TOWNSHIP)), False),
        (somebody(10, Grant("leader", cast.COUNTY), Grant("handler", unit_id=TOWN_HALL)), False),
        (somebody(11, Grant("leader", cast.COUNTY), Grant("handler", unit_id=BUREAU)), True),
        (somebody(12, Grant("leader", cast.COUNTY), Grant("cadre", "430581106201")), True),  # of another township
    ],
)
def test_who_draws_leads_from_above_and_has_nothing_to_do_with_the_township(actor: Actor, may: bool):
    assert may_draw(actor, cast.TOWNSHIP, UNIT_AREAS) == may
    assert may_call(actor, SETTLEMENT, UNIT_AREAS) == may


def test_whoever_had_a_part_in_the_matter_does_not_phone_about_it():
    entered = Settlement(UUID(int=1), UUID(int=2), cast.TOWNSHIP, frozenset({COUNTY_LEADER.id}), frozenset())
    assert not may_call(COUNTY_LEADER, entered, UNIT_AREAS)
    assert may_call(COUNTY_VICE, entered, UNIT_AREAS)
    of_the_bureau = somebody(90, Grant("leader", cast.COUNTY), Grant("handler", unit_id=BUREAU))
    was_with_the_bureau = Settlement(UUID(int=1), UUID(int=2), cast.TOWNSHIP, frozenset(), frozenset({BUREAU}))
    assert may_call(of_the_bureau, SETTLEMENT, UNIT_AREAS)
    assert not may_call(of_the_bureau, was_with_the_bureau, UNIT_AREAS)


def test_the_nearest_leaders_phone_and_those_further_up_only_where_nobody_else_can():
    everybody = [PROVINCE_LEADER, COUNTY_LEADER, leader(1, cast.TOWNSHIP), PREFECTURE_LEADER, COUNTY_VICE]
    assert callers_of(SETTLEMENT, everybody, UNIT_AREAS) == [COUNTY_LEADER, COUNTY_VICE]
    both_in_it = frozenset({COUNTY_LEADER.id, COUNTY_VICE.id})
    entered = Settlement(UUID(int=1), UUID(int=2), cast.TOWNSHIP, both_in_it, frozenset())
    assert callers_of(entered, everybody, UNIT_AREAS) == [PREFECTURE_LEADER]
    assert callers_of(entered, [PROVINCE_LEADER], UNIT_AREAS) == [PROVINCE_LEADER]
    assert callers_of(entered, [COUNTY_LEADER], UNIT_AREAS) == []


@given(st.integers(1, 40), st.integers(1, 7), st.text("0123456789abcdef", min_size=32, max_size=32))
def test_calls_are_dealt_evenly(calls: int, callers: int, seed: str):
    people = [leader(200 + number, cast.COUNTY) for number in range(callers)]
    load: dict[UUID, int] = {}
    for _ in range(calls):
        caller = next_caller(seed, people, load)
        load[caller.id] = load.get(caller.id, 0) + 1
    shares = [load.get(person.id, 0) for person in people]
    assert max(shares) - min(shares) <= 1


def test_who_has_calls_left_over_gets_fewer_new_ones():
    people = [COUNTY_LEADER, COUNTY_VICE]
    assert next_caller("00", people, {COUNTY_LEADER.id: 2}) == COUNTY_VICE
    assert next_caller("00", people, {COUNTY_VICE.id: 1}) == COUNTY_LEADER
