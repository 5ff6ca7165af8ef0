"""Areas and units: look-up, initials, ranges, and the unit that every township has."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.store.areas import (
    children,
    code_range,
    initials,
    names,
    township_codes,
    townships_with_villages,
    villages_among,
)
from server.store.changes import NAMES
from server.store.db import reading
from server.store.tables import Area, Scope, Unit
from server.store.units import find_units_named, home_unit, units_for
from tests import cast


@pytest.mark.parametrize(
    ("name", "found_by"),
    [("邓元泰镇", "dytz"), ("辕门口街道", "ymkjd"), ("扶峰村委会", "ffcwh"), ("长沙", "cs"), ("A区", "aq")],
)
def test_a_name_is_found_by_its_pinyin_initials(name: str, found_by: str):
    assert initials(name) == found_by


def test_every_township_has_a_unit_that_answers_for_what_nobody_was_asked_to_do(app: Flask):
    with app.app_context():
        assert home_unit(reading(), cast.VILLAGE).name == "邓家铺镇人民政府"
        townships = reading().scalar(select(func.count()).where(Area.level == "township"))
        homes = reading().scalar(select(func.count()).where(Unit.is_home))
        assert townships == homes == 18


def test_every_township_and_every_unit_has_a_sync_scope(app: Flask):
    with app.app_context():
        scopes = set(reading().scalars(select(Scope.id)))
        units = {f"unit:{unit_id}" for unit_id in reading().scalars(select(Unit.id))}
        townships = {f"area:{code}" for code in township_codes(reading(), [cast.COUNTY])}
    assert scopes == units | townships | {NAMES}


def test_a_street_office_is_not_called_a_peoples_government(app: Flask):
    with app.app_context():
        assert home_unit(reading(), "430581001001").name == "辕门口街道办事处"


def test_a_township_is_no_village(app: Flask):
    with app.app_context():
        assert villages_among(reading(), [cast.TOWNSHIP, "999999999999", cast.VILLAGE]) == {cast.VILLAGE}


def test_a_village_has_nothing_below_it_and_a_township_its_villages(app: Flask):
    with app.app_context():
        assert list(children(reading(), cast.VILLAGE)) == []
        below = [area.code for area in children(reading(), cast.TOWNSHIP)]
    assert {cast.VILLAGE, cast.SHARED_VILLAGE, cast.OTHER_VILLAGE} <= set(below)
    assert below == sorted(below)
    assert all(code.startswith("430581105") for code in below)


def test_townships_are_found_in_an_area_of_any_level(app: Flask):
    with app.app_context():
        assert len(township_codes(reading(), [cast.COUNTY])) == 18
        assert township_codes(reading(), [cast.TOWNSHIP]) == [cast.TOWNSHIP]
        assert township_codes(reading(), []) == []


def test_a_phone_gets_the_villages_of_its_townships_and_their_county(app: Flask):
    with app.app_context():
        areas = townships_with_villages(reading(), [cast.TOWNSHIP])
        levels = [area["level"] for area in areas]
    assert (levels.count("county"), levels.count("township")) == (1, 1)
    assert {area["parent_code"] for area in areas if area["level"] == "village"} == {cast.TOWNSHIP}


def test_a_range_of_codes_holds_an_area_and_everything_in_it():
    assert code_range(cast.TOWNSHIP, "township") == ("430581105000", "430581105999")
    assert code_range(cast.VILLAGE, "village") == (cast.VILLAGE, cast.VILLAGE)


def test_the_units_for_a_township_are_its_own_and_those_above_it(app: Flask):
    with app.app_context():
        found = {unit["name"] for unit in units_for(reading(), [cast.TOWNSHIP])}
    assert found == {cast.BUREAU, cast.OTHER_BUREAU, "邓家铺镇人民政府"}


def test_units_of_one_name_are_told_apart_by_their_area(app: Flask):
    with app.app_context():
        assert [unit.area_code for unit in find_units_named(reading(), cast.BUREAU)] == [cast.COUNTY]
        assert list(find_units_named(reading(), f"{cast.BUREAU}@{cast.TOWNSHIP}")) == []
        assert len(find_units_named(reading(), f"{cast.BUREAU}@{cast.COUNTY}")) == 1


def test_names_are_read_by_code(app: Flask):
    with app.app_context():
        assert names(reading(), [cast.TOWNSHIP, "999999999999"]) == {cast.TOWNSHIP: "邓家铺镇"}
