"""`flask units add`: what a new unit is good for from that moment on (what is refused: test_areas.py)."""

from datetime import date
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from server.actions.reference import read_reference, townships_of
from server.domain.access import Actor, scopes_of_actor, unit_scope
from server.store.db import reading
from server.store.tables import Scope, Unit
from server.store.units import find_unit, home_unit
from server.store.users import find_user
from tests import cast
from tests.cli.conftest import Run


def actor(username: str) -> Actor:
    user = find_user(reading(), username)
    assert user is not None
    return user.actor()


def units_on_the_phone_of(person: cast.Person) -> dict[str, Any]:
    """The units that a matter can be assigned to, as this person's phone gets them: name → area."""
    reference = read_reference(reading(), actor(person.username), date(2026, 11, 25))
    return {unit["name"]: unit["area_code"] for unit in reference["units"]}


def add(run: Run, name: str, area_code: str) -> Result:
    result = run("units", "add", name, "--area", area_code)
    assert result.exit_code == 0, result.output
    return result


def test_the_unit_is_named_in_the_answer(run: Run):
    assert add(run, "武冈市民政局", cast.COUNTY).stdout == "已添加单位“武冈市民政局”。\n"


def test_it_starts_with_nothing_to_read_in_a_scope_of_its_own(run: Run, app: Flask):
    add(run, "武冈市民政局", cast.COUNTY)
    with app.app_context():
        unit = find_unit(reading(), "武冈市民政局", cast.COUNTY)
        assert unit is not None
        assert reading().get_one(Scope, unit_scope(unit.id)).version == 0


def test_a_handler_can_be_added_to_it_and_his_phone_reads_its_matters(run: Run, app: Flask):
    add(run, "武冈市民政局", cast.COUNTY)
    assert run("users", "add", "minzheng", "钱进", "--role", "handler:武冈市民政局").exit_code == 0
    with app.app_context():
        unit = find_unit(reading(), "武冈市民政局", cast.COUNTY)
        assert unit is not None
        handler = actor("minzheng")
        assert scopes_of_actor(handler, townships_of(reading(), handler)) == [unit_scope(unit.id)]


def test_every_coordinator_of_the_county_can_choose_a_county_unit(run: Run, app: Flask):
    add(run, "武冈市民政局", cast.COUNTY)
    with app.app_context():
        assert units_on_the_phone_of(cast.COORDINATOR)["武冈市民政局"] == cast.COUNTY
        assert units_on_the_phone_of(cast.NEIGHBOUR)["武冈市民政局"] == cast.COUNTY


def test_a_township_unit_can_be_chosen_in_its_own_township_only(run: Run, app: Flask):
    add(run, "林业站", cast.TOWNSHIP)
    with app.app_context():
        assert units_on_the_phone_of(cast.COORDINATOR)["林业站"] == cast.TOWNSHIP
        assert "林业站" not in units_on_the_phone_of(cast.NEIGHBOUR)


def test_what_nobody_was_asked_to_do_stays_the_township_governments(run: Run, app: Flask):
    add(run, "林业站", cast.TOWNSHIP)
    with app.app_context():
        assert home_unit(reading(), cast.VILLAGE).name == "邓家铺镇人民政府"


def test_a_name_may_be_as_long_as_the_limit_says(run: Run, app: Flask):
    add(run, "局" * 60, cast.COUNTY)
    assert cast.unit_id(app, "局" * 60)


def test_blanks_around_a_name_make_no_second_unit(run: Run, app: Flask):
    add(run, "武冈市民政局", cast.COUNTY)
    result = run("units", "add", "  武冈市民政局 ", "--area", cast.COUNTY)
    assert (result.exit_code, "已经有了" in result.stderr, result.stdout) == (1, True, "")
    assert cast.unit_id(app, "武冈市民政局")


@pytest.mark.parametrize(
    ("words", "missing"),
    [(("武冈市民政局",), "--area"), (("武冈市民政局", "--area"), "--area"), (("--area", cast.COUNTY), "NAME")],
)
def test_a_command_that_is_not_complete_says_what_is_missing_and_adds_nothing(
    run: Run, app: Flask, words: tuple[str, ...], missing: str
):
    def count() -> int:
        with app.app_context():
            return reading().scalar(select(func.count()).select_from(Unit)) or 0

    before = count()
    result = run("units", "add", *words)
    assert (result.exit_code, missing in result.stderr, count()) == (2, True, before)
