"""The places and units that a phone needs: each person's own, told apart, and sent again only when they changed."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select

from server.actions.areas import import_area
from server.actions.units import add_named_unit
from server.store.db import reading, writing
from server.store.tables import Area
from tests import cast
from tests.api.histories import NEIGHBOUR_VILLAGE
from tests.api.mutations import Json, act, new_id, new_matter, visit
from tests.api.people import Caller, SignIn
from tests.api.responsibilities import county_coordinator, duty, keep
from tests.sync.grants import grant, revoke

TOWNSHIPS_GOVERNMENT = "邓家铺镇人民政府"


NO_PLACES: Json = {"areas": [], "units": [], "rules": []}


def reference(caller: Caller) -> Json:
    answer = caller.get("/api/reference")
    assert answer.status_code == 200, answer.get_json()
    body: Json = answer.get_json()
    return body


def codes(caller: Caller, level: str) -> set[str]:
    return {area["code"] for area in reference(caller)["areas"] if area["level"] == level}


def own(caller: Caller) -> set[str]:
    return {area["code"] for area in reference(caller)["areas"] if area["own"]}


def unit_names(caller: Caller) -> set[str]:
    return {unit["name"] for unit in reference(caller)["units"]}


def test_a_cadre_gets_every_village_of_his_townships_with_his_own_marked(app: Flask, sign_in: SignIn):
    with app.app_context():
        villages = set(reading().scalars(select(Area.code).where(Area.parent_code == cast.TOWNSHIP)))
    for person, mine in ((cast.CADRE, {cast.VILLAGE, cast.SHARED_VILLAGE}), (cast.COLLEAGUE, {cast.SHARED_VILLAGE})):
        cadre = sign_in(person)
        assert own(cadre) == mine
        assert (codes(cadre, "village"), codes(cadre, "township")) == (villages, {cast.TOWNSHIP})
        # In every village that he is shown he may record.
        cadre.apply(*(visit(village_code=code) for code in sorted(villages)))


def test_a_place_has_its_name_its_parent_and_the_initials_by_which_it_is_found(sign_in: SignIn):
    areas = {area["code"]: area for area in reference(sign_in(cast.CADRE))["areas"]}
    assert areas[cast.VILLAGE] == {
        "code": cast.VILLAGE, "name": "扶峰村委会", "level": "village", "parent_code": cast.TOWNSHIP,
        "initials": "ffcwh", "own": True,
    }  # fmt: skip
    assert (areas[cast.TOWNSHIP]["parent_code"], areas[cast.COUNTY]["level"]) == (cast.COUNTY, "county")
    assert all(area["parent_code"] in areas for code, area in areas.items() if code != cast.COUNTY)


def test_a_cadre_of_a_whole_township_has_all_its_villages_as_his_own(app: Flask, sign_in: SignIn):
    grant(app, cast.COLLEAGUE, "cadre", cast.NEIGHBOUR_TOWNSHIP)
    colleague = sign_in(cast.COLLEAGUE)
    assert codes(colleague, "township") == {cast.TOWNSHIP, cast.NEIGHBOUR_TOWNSHIP}
    theirs = {code for code in codes(colleague, "village") if code.startswith("430581106")}
    assert NEIGHBOUR_VILLAGE in theirs
    assert own(colleague) == {cast.SHARED_VILLAGE, cast.NEIGHBOUR_TOWNSHIP} | theirs


def test_a_matter_can_be_assigned_to_every_unit_that_a_coordinator_is_shown(sign_in: SignIn):
    coordinator, matter = sign_in(cast.COORDINATOR), new_matter()
    sign_in(cast.CADRE).apply(visit(matter))
    units = reference(coordinator)["units"]
    assert {unit["name"]: unit["is_home"] for unit in units} == {
        TOWNSHIPS_GOVERNMENT: True, cast.BUREAU: False, cast.OTHER_BUREAU: False,
    }  # fmt: skip
    assert {unit["area_code"] for unit in units} == {cast.TOWNSHIP, cast.COUNTY}
    coordinator.apply(*(act(matter["id"], "assign", unit_id=unit["id"]) for unit in units))


def test_who_records_nowhere_gets_no_places(sign_in: SignIn):
    for person in (cast.LEADER, cast.COUNTY_LEADER, cast.AUDITOR, cast.ADMIN):
        assert reference(sign_in(person))["areas"] == [], person.name


def test_a_handler_gets_the_townships_of_his_units_area_by_name_and_no_village_to_record_in(
    app: Flask, sign_in: SignIn
):
    handler = sign_in(cast.HANDLER)
    with app.app_context():
        townships = set(reading().scalars(select(Area.code).where(Area.parent_code == cast.COUNTY)))
    assert {area["code"] for area in reference(handler)["areas"]} == townships
    assert unit_names(handler) == {cast.BUREAU, cast.OTHER_BUREAU}
    revoke(app, cast.HANDLER, "handler")
    grant(app, cast.HANDLER, "handler", TOWNSHIPS_GOVERNMENT)
    assert {area["code"] for area in reference(sign_in(cast.HANDLER))["areas"]} == {cast.TOWNSHIP}


def import_village(app: Flask, name: str, code: str = "430581105999") -> None:
    with app.app_context(), writing() as session:
        import_area(session, {"code": code, "name": name, "level": "village", "parent_code": cast.TOWNSHIP})


def add_unit(app: Flask, name: str, area_code: str) -> None:
    with app.app_context(), writing() as session:
        add_named_unit(session, name, area_code)


def asked_again(caller: Caller, tag: str) -> tuple[int, str]:
    """The status and tag for a browser (which takes compressed answers) that holds the one called `tag`."""
    headers = {"If-None-Match": tag, "Accept-Encoding": "br, gzip"}
    answer = caller.http.get("/api/reference", headers=headers)
    assert (answer.status_code == 304) == (answer.data == b"")
    return answer.status_code, answer.headers["ETag"]


def test_whatever_changes_for_a_person_is_sent_to_him_and_to_nobody_else(app: Flask, sign_in: SignIn):
    phones = {person.username: sign_in(person) for person in (cast.CADRE, cast.NEIGHBOUR, cast.HANDLER)}
    keeper = county_coordinator(app, sign_in)
    tags = {name: asked_again(phone, "")[1] for name, phone in phones.items()}
    changes: tuple[tuple[Callable[[], Any], set[str]], ...] = (
        (lambda: None, set()),
        (lambda: phones["cadre"].apply(visit(new_matter(), id=new_id())), set()),  # records are no places
        (lambda: import_village(app, "新村"), {"cadre"}),
        (lambda: import_village(app, "新村"), set()),  # imported again, and the same
        (lambda: import_village(app, "更名村"), {"cadre"}),
        (lambda: add_unit(app, "邓家铺镇卫生院", cast.TOWNSHIP), {"cadre"}),
        (lambda: add_unit(app, "武冈市民政局", cast.COUNTY), {"cadre", "neighbour", "handler"}),
        (lambda: keep(keeper, duty(app)), {"cadre", "neighbour"}),  # the responsibility list of their county
        (lambda: keep(keeper, duty(app)), set()),
        (lambda: grant(app, cast.CADRE, "cadre", cast.OTHER_VILLAGE), {"cadre"}),  # the same places, one more his own
        (lambda: grant(app, cast.NEIGHBOUR, "cadre", cast.VILLAGE), {"neighbour"}),
        (lambda: revoke(app, cast.HANDLER, "handler"), {"handler"}),
    )
    for number, (change, concerned) in enumerate(changes):
        change()
        for name, phone in phones.items():
            status, tag = asked_again(phone, tags[name])
            assert (status, tag != tags[name]) == ((200, True) if name in concerned else (304, False)), (number, name)
            tags[name] = tag
    assert cast.OTHER_VILLAGE in own(phones["cadre"])
    assert codes(phones["neighbour"], "township") == {cast.TOWNSHIP, cast.NEIGHBOUR_TOWNSHIP}
    assert NO_PLACES.items() <= reference(phones["handler"]).items()


def test_a_village_taken_away_is_no_longer_own_and_a_township_taken_away_is_gone(app: Flask, sign_in: SignIn):
    revoke(app, cast.CADRE, "cadre")
    cadre = sign_in(cast.CADRE)
    assert NO_PLACES.items() <= reference(cadre).items()
    grant(app, cast.CADRE, "cadre", cast.SHARED_VILLAGE)
    assert own(cadre) == {cast.SHARED_VILLAGE}
    assert cast.VILLAGE in codes(cadre, "village")
