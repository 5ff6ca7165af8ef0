"""The responsibility list: who reads it, who keeps it, and that nothing of it is ever lost."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from server.actions.units import add_named_unit
from server.store.db import writing
from tests import cast
from tests.api.contents import contents
from tests.api.mutations import new_id
from tests.api.people import NOBODY, Caller, SignIn
from tests.api.responsibilities import PATH, county_coordinator, duty, keep, put, read
from tests.sync.grants import grant

NEXT_COUNTY = "430503000000"


@pytest.fixture
def keeper(app: Flask, sign_in: SignIn) -> Caller:
    return county_coordinator(app, sign_in)


def test_what_the_coordinator_saves_everybody_in_the_county_reads(app: Flask, sign_in: SignIn, keeper: Caller):
    lines = [duty(app), duty(app, "road", "township", township_may_settle=True, days_allowed=3)]
    saved = keep(keeper, *lines)
    assert [(rule["level"], rule["unit_name"], rule["days_allowed"]) for rule in saved["rules"]] == [
        ("township", None, 3), ("county", cast.BUREAU, 10),
    ]  # fmt: skip
    assert (saved["may_edit"], {unit["name"] for unit in saved["units"]}) == (True, {cast.BUREAU, cast.OTHER_BUREAU})
    for person in (cast.CADRE, cast.COORDINATOR, cast.HANDLER, cast.LEADER, cast.COUNTY_LEADER, cast.NEIGHBOUR):
        seen = sign_in(person).get(PATH).get_json()
        assert seen["rules"] == saved["rules"], person.name
        assert (seen["may_edit"], seen["units"], seen["county"]["code"]) == (False, [], cast.COUNTY)


def test_who_has_no_business_in_the_county_is_told_that_there_is_none(app: Flask, sign_in: SignIn, keeper: Caller):
    keep(keeper, duty(app))
    for ask in ("", "/export.csv", "/export.xlsx"):
        answer = sign_in(cast.ADMIN).get(PATH + ask, county_code=cast.COUNTY)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "area_not_found")
        unknown = keeper.get(PATH + ask, county_code=NEXT_COUNTY)
        assert (unknown.status_code, unknown.get_json()["code"]) == (404, "area_not_found")
        assert sign_in(NOBODY).get(PATH + ask, county_code=cast.COUNTY).status_code == 401


@pytest.mark.parametrize(
    "person", [cast.CADRE, cast.COORDINATOR, cast.HANDLER, cast.LEADER, cast.COUNTY_LEADER, cast.NEIGHBOUR]
)
def test_nobody_but_the_countys_coordinator_changes_it(
    app: Flask, sign_in: SignIn, keeper: Caller, person: cast.Person
):
    """A coordinator of one township would decide for all the others."""
    keep(keeper, duty(app))
    caller, before = sign_in(person), contents(app)
    answer = put(caller, duty(app, days_allowed=1))
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_allowed")
    assert contents(app) == before


@pytest.mark.parametrize("person", [cast.ADMIN, cast.AUDITOR, NOBODY])
def test_who_may_not_even_read_it_changes_nothing(app: Flask, sign_in: SignIn, person: cast.Person):
    caller, before = sign_in(person), contents(app)
    answer = put(caller, duty(app), version="0")
    assert answer.status_code == (401 if person is NOBODY else 404)
    assert contents(app) == before


def test_only_what_was_changed_begins_anew_and_the_history_says_what_and_by_whom(app: Flask, keeper: Caller):
    first = keep(keeper, duty(app), duty(app, "water"), duty(app, "land", "township", township_may_settle=True))
    second = keep(keeper, duty(app), duty(app, "water", days_allowed=5), duty(app, "power", legal_basis=" "))
    ids = {rule["category"]: rule["id"] for rule in first["rules"]}
    assert {rule["category"]: rule["id"] == ids.get(rule["category"]) for rule in second["rules"]} == {
        "road": True, "water": False, "power": False,
    }  # fmt: skip
    changes = second["changes"]
    latest = [change for change in changes if change["at"] == changes[0]["at"]]
    assert [
        (c["category"], (c["before"] or {}).get("days_allowed"), (c["after"] or {}).get("days_allowed")) for c in latest
    ] == [("water", 10, 5), ("power", None, 10), ("land", 10, None)]
    assert (second["changes_count"], len(changes)) == (6, 6)
    assert {change["author_name"] for change in changes} == {cast.AUDITOR.name}
    assert latest[1]["after"]["legal_basis"] == ""
    assert first["version"] != second["version"]


def test_who_saves_the_same_again_changes_nothing(app: Flask, keeper: Caller):
    saved = keep(keeper, duty(app), duty(app, "water"))
    assert keep(keeper, duty(app, "water"), duty(app)) == saved


def test_who_was_overtaken_is_told_and_overwrites_nothing(app: Flask, sign_in: SignIn, keeper: Caller):
    before = read(keeper)["version"]
    keep(keeper, duty(app))
    late = put(keeper, duty(app, "water"), version=before)
    assert (late.status_code, late.get_json()["code"]) == (409, "list_changed")
    assert [rule["category"] for rule in read(keeper)["rules"]] == ["road"]
    # Also when the list says again what it said then.
    keep(keeper)
    keep(keeper, duty(app))
    assert put(keeper, version=before).status_code == 409


def test_two_changes_in_one_instant_are_two_changes(app: Flask, keeper: Caller):
    for days in (1, 2, 3):
        saved = keep(keeper, duty(app, days_allowed=days))
    assert len({change["at"] for change in saved["changes"]}) == 3
    assert [change["after"]["days_allowed"] for change in saved["changes"]] == [3, 2, 1]


Spoil = Callable[[Flask], dict[str, Any]]
WRONG: dict[str, tuple[Spoil, str, str]] = {
    "no unit": (lambda app: duty(app, unit_id=None), "field_required", "rules.1.unit_id"),
    "unknown unit": (lambda app: duty(app, unit_id=new_id()), "unit_unknown", "rules.1.unit_id"),
    "a unit that is none": (lambda app: duty(app, unit_id="交通局"), "id_invalid", "rules.1.unit_id"),
    "the county's unit at another level": (
        lambda app: duty(app, level="prefecture", unit_id=cast.unit_id(app, cast.BUREAU)),
        "unit_not_of_level",
        "rules.1.unit_id",
    ),
    "a township's unit": (
        lambda app: duty(app, unit_id=cast.unit_id(app, "邓家铺镇人民政府")), "unit_not_of_level", "rules.1.unit_id",
    ),
    "no day": (lambda app: duty(app, days_allowed=0), "days_out_of_range", "rules.1.days_allowed"),
    "too many days": (lambda app: duty(app, days_allowed=41), "days_out_of_range", "rules.1.days_allowed"),
    "half a day": (lambda app: duty(app, days_allowed=1.5), "days_out_of_range", "rules.1.days_allowed"),
    "days in words": (lambda app: duty(app, days_allowed="10"), "days_out_of_range", "rules.1.days_allowed"),
    "a village's level": (lambda app: duty(app, level="village"), "choice_invalid", "rules.1.level"),
    "an unknown category": (lambda app: duty(app, category="roads"), "choice_invalid", "rules.1.category"),
    "a long basis": (lambda app: duty(app, legal_basis="法" * 201), "text_too_long", "rules.1.legal_basis"),
    "an invisible sign": (lambda app: duty(app, legal_basis="法\u202e"), "text_bad_character", "rules.1.legal_basis"),
    "settling above": (
        lambda app: duty(app, township_may_settle=True), "settles_above_township", "rules.1.township_may_settle",
    ),
    "settling in words": (lambda app: duty(app, township_may_settle="是"), "invalid", "rules.1.township_may_settle"),
    "a field that is none": (lambda app: duty(app, note="急"), "field_unknown", "rules.1.note"),
    "twice": (lambda app: duty(app, "water", days_allowed=3), "rule_twice", "rules.1.level"),
}  # fmt: skip


@pytest.mark.parametrize("how", WRONG)
def test_a_list_with_a_line_that_cannot_be_is_refused_whole(app: Flask, keeper: Caller, how: str):
    spoil, code, field = WRONG[how]
    before = contents(app)
    answer = put(keeper, duty(app, "water"), spoil(app))
    assert (answer.status_code, answer.get_json()["code"], answer.get_json()["field"]) == (422, code, field)
    assert contents(app) == before


def test_a_list_of_more_lines_than_there_can_be_is_refused(app: Flask, keeper: Caller):
    answer = put(keeper, *[duty(app)] * 49)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "too_many_rows")


def test_a_leader_above_reads_the_list_of_each_county_below(app: Flask, sign_in: SignIn, keeper: Caller):
    saved = keep(keeper, duty(app))
    grant(app, cast.ADMIN, "leader", "430500000000")
    seen = sign_in(cast.ADMIN).get(PATH).get_json()
    assert [area["code"] for area in seen["counties"]] == [cast.COUNTY]
    assert (seen["rules"], seen["may_edit"]) == (saved["rules"], False)


def test_a_city_bureau_can_be_named_and_its_handler_reads_the_list(app: Flask, sign_in: SignIn, keeper: Caller):
    with app.app_context(), writing() as session:
        add_named_unit(session, "邵阳市水利局", "430500000000")
    unit_id = cast.unit_id(app, "邵阳市水利局")
    saved = keep(keeper, duty(app, "water", "prefecture", unit_id=unit_id))
    assert saved["rules"][0]["unit_name"] == "邵阳市水利局"
    grant(app, cast.ADMIN, "handler", "邵阳市水利局")
    assert read(sign_in(cast.ADMIN))["rules"] == saved["rules"]
