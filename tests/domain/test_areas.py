"""Division codes: which level, inside what, under which ancestor."""

import csv

import pytest

from server.domain.areas import ancestor, child_level, government_of, level_of, parent_of, prefix, within
from tests.cast import COUNTY, NEIGHBOUR_TOWNSHIP, TOWNSHIP, VILLAGE
from tests.harness.world import DIVISIONS

PROVINCE, PREFECTURE = "430000000000", "430500000000"


@pytest.mark.parametrize(
    ("level", "code"),
    [("province", PROVINCE), ("prefecture", PREFECTURE), ("county", COUNTY), ("township", TOWNSHIP)],
)
def test_every_area_knows_the_areas_above_it(level: str, code: str):
    assert ancestor(VILLAGE, level) == code
    assert level_of(code) == level
    assert within(VILLAGE, code)


def test_an_area_lies_within_itself_and_not_within_what_is_below_it():
    assert within(TOWNSHIP, TOWNSHIP)
    assert not within(TOWNSHIP, VILLAGE)


def test_a_village_does_not_lie_in_the_neighbour_township():
    assert not within(VILLAGE, NEIGHBOUR_TOWNSHIP)


def test_the_real_divisions_bear_the_level_and_the_parent_that_their_codes_say():
    with DIVISIONS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 336
    for row in rows:
        assert level_of(row["code"]) == row["level"]
        assert parent_of(row["code"]) == (row["parent_code"] or None)


def test_below_a_village_there_is_nothing():
    assert [child_level(level) for level in ("county", "township", "village")] == ["township", "village", None]


def test_a_code_begins_with_the_digits_of_every_area_it_lies_in():
    assert prefix(VILLAGE, "township") == "430581105"
    assert prefix(VILLAGE, "village") == VILLAGE


@pytest.mark.parametrize(
    ("name", "government"),
    [
        ("邓家铺镇", "邓家铺镇人民政府"),
        ("马坪乡", "马坪乡人民政府"),
        ("迎春亭街道", "迎春亭街道办事处"),
        ("云山林场", "云山林场管理机构"),
    ],
)
def test_a_townships_own_unit_is_called_after_it_by_its_kind(name: str, government: str):
    assert government_of(name) == government
