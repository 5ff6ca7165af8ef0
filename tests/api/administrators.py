"""Administrators beside the cast's, and people who work elsewhere, too: for who may manage whom."""

from typing import Any

import pytest
from flask import Flask

from server.actions.accounts import GrantWanted, add_user
from server.actions.areas import import_area
from server.actions.units import add_named_unit
from server.store.db import reading, writing
from server.store.units import find_unit
from server.store.users import find_user
from tests import cast
from tests.api.people import Caller
from tests.cast import PASSWORD, Person

PREFECTURE = "430500000000"
OTHER_COUNTY = "430582000000"
OTHER_COUNTYS_TOWNSHIP = "430582101000"
THEIR_BUREAU = "邵东市交通运输局"

TOWN_ADMIN = Person("town_admin", "毛勇", (GrantWanted("admin", cast.TOWNSHIP),))
OTHER_ADMIN = Person("other_admin", "尹红", (GrantWanted("admin", OTHER_COUNTY),))
SECOND_ADMIN = Person("second_admin", "肖兵", (GrantWanted("admin", cast.COUNTY),))
ABOVE = Person("above", "唐静", (GrantWanted("leader", PREFECTURE),))
IN_BOTH = Person("in_both", "邓超", (GrantWanted("cadre", cast.VILLAGE), GrantWanted("leader", OTHER_COUNTY)))
ELSEWHERE = Person("elsewhere", "曾伟", (GrantWanted("cadre", OTHER_COUNTYS_TOWNSHIP),))
MORE = (TOWN_ADMIN, OTHER_ADMIN, SECOND_ADMIN, ABOVE, IN_BOTH, ELSEWHERE)

DIVISIONS = (
    {"code": OTHER_COUNTY, "name": "邵东市", "level": "county", "parent_code": PREFECTURE},
    {"code": OTHER_COUNTYS_TOWNSHIP, "name": "灵官殿镇", "level": "township", "parent_code": OTHER_COUNTY},
)


@pytest.fixture(autouse=True)
def _more_people(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A neighbouring county, and everybody above, before anybody signs in (none of them by his password, which
    would take its time to hash)."""
    with app.app_context(), monkeypatch.context() as patched, writing() as session:
        patched.setattr("server.actions.accounts.hash_password", lambda _: "")
        for row in DIVISIONS:
            import_area(session, row)
        add_named_unit(session, THEIR_BUREAU, OTHER_COUNTY)
        for person in MORE:
            add_user(session, person.username, person.name, PASSWORD, person.grants)


def id_of(app: Flask, person: Person) -> str:
    """The id of somebody's account."""
    with app.app_context():
        user = find_user(reading(), person.username)
        assert user is not None
        return str(user.id)


def unit_at(app: Flask, name: str, area_code: str) -> str:
    """The id of a unit."""
    with app.app_context():
        unit = find_unit(reading(), name, area_code)
        assert unit is not None
        return str(unit.id)


def found(admin: Caller, **wanted: Any) -> set[str]:
    """The user names that a search finds, on its first page."""
    answer = admin.post("/api/people/search", wanted)
    assert answer.status_code == 200, answer.get_json()
    return {person["username"] for person in answer.get_json()["people"]}


def roles(person: dict[str, Any]) -> set[tuple[str, str]]:
    """What somebody is, and where, in words."""
    return {(grant["role"], grant["where"]) for grant in person["grants"]}
