"""An administrator looks after the accounts of his areas: finds, adds, gives roles, closes."""

from typing import Any

import pytest
from flask import Flask

from server.domain.words import LIMITS
from tests import cast
from tests.api.administrators import ELSEWHERE, IN_BOTH, OTHER_ADMIN, SECOND_ADMIN, TOWN_ADMIN, found, id_of, roles
from tests.api.administrators import _more_people as _more_people
from tests.api.browser import Browser
from tests.api.mutations import new_id, new_matter, push_of, visit
from tests.api.people import Caller, SignIn
from tests.api.test_error_shape import as_error

COUNTYS = {person.username for person in (*cast.EVERYBODY, TOWN_ADMIN, SECOND_ADMIN)}
TOWNS = {"cadre", "colleague", "coordinator", "leader", "town_admin"}


def new_cadre(**other: Any) -> dict[str, Any]:
    grants = [{"role": "cadre", "area_code": cast.VILLAGE}]
    return {"username": "helili", "name": "何莉莉", "grants": grants, **other}


def added(admin: Caller, **other: Any) -> dict[str, Any]:
    answer = admin.post("/api/people", new_cadre(**other))
    assert answer.status_code == 200, answer.get_json()
    body: dict[str, Any] = answer.get_json()
    return body


def person_of(admin: Caller, user_id: str) -> dict[str, Any]:
    person: dict[str, Any] = admin.get(f"/api/people/{user_id}").get_json()["person"]
    return person


def test_he_finds_the_accounts_whose_every_role_lies_inside_his_area_and_no_other(sign_in: SignIn):
    assert found(sign_in(cast.ADMIN)) == COUNTYS
    assert found(sign_in(TOWN_ADMIN)) == TOWNS
    assert found(sign_in(OTHER_ADMIN)) == {"other_admin", "elsewhere"}


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"words": "李秀"}, {"cadre"}),
        ({"words": "NEIGHBOUR"}, {"neighbour", "neighbour_leader"}),
        ({"words": "水利局"}, {"other_handler"}),
        ({"words": "扶峰"}, {"cadre"}),
        ({"words": "%"}, set()),
        ({"words": "_"}, {name for name in COUNTYS if "_" in name}),
        ({"role": "handler"}, {"handler", "other_handler"}),
        ({"area_code": cast.NEIGHBOUR_TOWNSHIP}, {"neighbour", "neighbour_leader"}),
        ({"role": "leader", "area_code": cast.TOWNSHIP}, {"leader"}),
        ({"role": "cadre", "area_code": cast.TOWNSHIP, "words": "建国"}, {"colleague"}),
        ({"words": None, "role": None, "area_code": None, "after": None}, COUNTYS),
    ],
)
def test_a_search_finds_by_name_place_unit_and_role(sign_in: SignIn, wanted: dict[str, Any], names: set[str]):
    assert found(sign_in(cast.ADMIN), **wanted) == names


def test_a_long_list_comes_in_pages_each_account_once(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(LIMITS, "people_per_page", 4)
    admin, seen, after = sign_in(cast.ADMIN), list[str](), None
    while True:
        page = admin.post("/api/people/search", {"after": after}).get_json()
        assert page["count"] == len(COUNTYS)
        seen += [person["username"] for person in page["people"]]
        if (after := page["next"]) is None:
            break
        assert len(page["people"]) == 4
    assert (seen, len(seen)) == (sorted(COUNTYS), len(COUNTYS))


def test_a_search_in_an_area_that_is_not_his_is_refused(sign_in: SignIn):
    for code in (cast.NEIGHBOUR_TOWNSHIP, cast.COUNTY, "430582000000", "999999999999"):
        as_error(
            sign_in(TOWN_ADMIN).post("/api/people/search", {"area_code": code}), 404, "area_not_found", "area_code"
        )


def test_where_somebody_works_is_said_so_that_it_can_be_told_apart(app: Flask, sign_in: SignIn):
    admin = sign_in(cast.ADMIN)
    assert roles(person_of(admin, id_of(app, cast.CADRE))) == {
        ("cadre", "邓家铺镇 扶峰村委会"), ("cadre", "邓家铺镇 黄塘村委会"),
    }  # fmt: skip
    assert roles(person_of(admin, id_of(app, cast.HANDLER))) == {("handler", cast.BUREAU)}
    unit_id = _add_unit(admin, "林业站", cast.TOWNSHIP)
    person = added(admin, grants=[{"role": "handler", "unit_id": unit_id}])["person"]
    assert roles(person) == {("handler", "邓家铺镇 林业站")}


def _add_unit(admin: Caller, name: str, area_code: str) -> str:
    page = admin.post("/api/units", {"name": name, "area_code": area_code}).get_json()
    return next(str(unit["id"]) for unit in page["units"] if unit["name"] == name)


def test_a_new_account_can_be_used_with_the_password_that_is_said_once(app: Flask, sign_in: SignIn):
    admin = sign_in(cast.ADMIN)
    answer = added(admin)
    browser = Browser(app)
    me = browser.type_in(cast.Person("helili", "", ()), answer["password"]).get_json()["me"]
    assert (me["name"], [grant["area_code"] for grant in me["grants"]]) == ("何莉莉", [cast.VILLAGE])
    assert browser.send("POST", "/api/sync/push", push_of(new_id(), visit())).status_code == 200
    assert admin.get(f"/api/people/{answer['person']['id']}").get_json()["password"] is None
    assert answer["password"] not in admin.post("/api/people/search", {}).get_data(as_text=True)


def test_a_person_may_have_several_roles_and_the_same_one_twice_is_one(app: Flask, sign_in: SignIn):
    bureau = cast.unit_id(app, cast.BUREAU)
    wanted = [
        {"role": "cadre", "area_code": cast.TOWNSHIP}, {"role": "cadre", "area_code": cast.TOWNSHIP},
        {"role": "handler", "unit_id": bureau}, {"role": "admin", "area_code": cast.COUNTY},
    ]  # fmt: skip
    person = added(sign_in(cast.ADMIN), grants=wanted)["person"]
    assert roles(person) == {("cadre", "邓家铺镇"), ("handler", cast.BUREAU), ("admin", "武冈市")}


REFUSED: list[tuple[dict[str, Any], int, str, str]] = [
    ({"username": "cadre"}, 409, "username_taken", "username"),
    ({"username": ELSEWHERE.username}, 409, "username_taken", "username"),
    ({"username": " "}, 422, "field_required", "username"),
    ({"username": "何" * 33}, 422, "text_too_long", "username"),
    ({"username": "he\u202eli"}, 422, "text_bad_character", "username"),
    ({"name": ""}, 422, "field_required", "name"),
    ({"name": "何\n莉"}, 422, "text_bad_character", "name"),
    ({"grants": []}, 422, "invalid", "grants"),
    ({"grants": [{"role": "cadre", "area_code": cast.VILLAGE}] * 51}, 422, "invalid", "grants"),
    ({"grants": [{"role": "king", "area_code": cast.VILLAGE}]}, 422, "choice_invalid", "grants.0.role"),
    ({"grants": [{"role": "cadre"}]}, 422, "field_required", "area_code"),
    ({"grants": [{"role": "handler"}]}, 422, "field_required", "unit_id"),
    ({"grants": [{"role": "handler", "area_code": cast.COUNTY}]}, 422, "field_required", "unit_id"),
    ({"grants": [{"role": "handler", "unit_id": new_id()}]}, 422, "unit_unknown", "unit_id"),
    ({"grants": [{"role": "cadre", "area_code": cast.COUNTY}]}, 422, "role_unfit", "area_code"),
    ({"grants": [{"role": "coordinator", "area_code": cast.VILLAGE}]}, 422, "role_unfit", "area_code"),
    ({"grants": [{"role": "leader", "area_code": "430581199000"}]}, 404, "area_not_found", "area_code"),
    ({"password": "correct horse battery"}, 422, "field_unknown", "password"),
]


@pytest.mark.parametrize(("other", "status", "code", "field"), REFUSED)
def test_an_account_that_cannot_be_is_refused_by_field(
    sign_in: SignIn, other: dict[str, Any], status: int, code: str, field: str
):
    admin = sign_in(cast.ADMIN)
    as_error(admin.post("/api/people", new_cadre(**other)), status, code, field)
    assert found(admin) == COUNTYS


def test_a_role_given_or_taken_reaches_the_phone_at_its_next_sync(app: Flask, sign_in: SignIn):
    admin, neighbour = sign_in(cast.ADMIN), sign_in(cast.NEIGHBOUR)
    user_id, before = id_of(app, cast.NEIGHBOUR), neighbour.access_version
    given = admin.post(f"/api/people/{user_id}/grants", {"role": "cadre", "area_code": cast.VILLAGE}).get_json()
    assert ("cadre", "邓家铺镇 扶峰村委会") in roles(given["person"])
    answer = neighbour.pull()
    assert (answer["reset"], answer["access_version"] > before) == (True, True)
    assert f"area:{cast.TOWNSHIP}" in {scope["scope"] for scope in answer["scopes"]}

    (grant_id,) = [grant["id"] for grant in given["person"]["grants"] if grant["area_code"] == cast.VILLAGE]
    taken = admin.call("DELETE", f"/api/people/{user_id}/grants/{grant_id}").get_json()
    assert roles(given["person"]) - roles(taken["person"]) == {("cadre", "邓家铺镇 扶峰村委会")}
    answer = neighbour.pull({f"area:{cast.TOWNSHIP}": 0})
    assert answer["lost_scopes"] == [f"area:{cast.TOWNSHIP}"]


def test_a_role_cannot_be_given_twice_nor_the_last_one_taken(app: Flask, sign_in: SignIn):
    admin, user_id = sign_in(cast.ADMIN), id_of(app, cast.LEADER)
    held = {"role": "leader", "area_code": cast.TOWNSHIP}
    as_error(admin.post(f"/api/people/{user_id}/grants", held), 409, "role_held")
    (grant,) = person_of(admin, user_id)["grants"]
    as_error(admin.call("DELETE", f"/api/people/{user_id}/grants/{grant['id']}"), 409, "role_only")
    as_error(admin.call("DELETE", f"/api/people/{user_id}/grants/{new_id()}"), 404, "not_found")
    others = person_of(admin, id_of(app, cast.CADRE))["grants"][0]["id"]
    as_error(admin.call("DELETE", f"/api/people/{user_id}/grants/{others}"), 404, "not_found")
    assert person_of(admin, user_id)["grants"] == [grant]


def test_a_new_password_ends_every_session_and_the_old_password(app: Flask, sign_in: SignIn):
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    answer = sign_in(cast.ADMIN).post(f"/api/people/{id_of(app, cast.CADRE)}/password", {}).get_json()
    assert browser.send("GET", "/api/reference").status_code == 401
    assert browser.type_in(cast.CADRE).status_code == 401
    assert browser.type_in(cast.CADRE, answer["password"]).status_code == 200


def test_a_closed_account_is_out_at_once_until_it_is_opened_again_as_it_was(app: Flask, sign_in: SignIn):
    admin, path = sign_in(cast.ADMIN), f"/api/people/{id_of(app, cast.CADRE)}/closing"
    browser = Browser(app)
    browser.type_in(cast.CADRE)
    for _ in range(2):
        assert admin.post(path, {}).get_json()["person"]["closed"] is True
    assert browser.send("GET", "/api/reference").status_code == 401
    assert browser.type_in(cast.CADRE).status_code == 401
    assert found(admin) == COUNTYS  # it is still there to be found
    for _ in range(2):
        assert admin.call("DELETE", path).get_json()["person"]["closed"] is False
    assert browser.send("GET", "/api/reference").status_code == 401
    assert browser.type_in(cast.CADRE).status_code == 200


def test_a_name_is_changed_for_whoever_reads_it(app: Flask, sign_in: SignIn):
    cadre, recorded = sign_in(cast.CADRE), visit(new_matter())
    cadre.apply(recorded)
    path = f"/api/people/{id_of(app, cast.CADRE)}/name"
    admin = sign_in(cast.ADMIN)
    assert admin.call("PUT", path, json={"name": "李秀莹"}).get_json()["person"]["name"] == "李秀莹"
    assert cadre.matter(recorded["args"]["matters"][0]["id"])["author_name"] == "李秀莹"
    as_error(admin.call("PUT", path, json={"name": ""}), 422, "field_required", "name")
    as_error(admin.call("PUT", path, json={"name": "李" * 31}), 422, "text_too_long", "name")


def test_somebody_who_works_elsewhere_too_is_nobody_to_either_administrator(app: Flask, sign_in: SignIn):
    for admin in (cast.ADMIN, OTHER_ADMIN):
        assert IN_BOTH.username not in found(sign_in(admin))
        as_error(sign_in(admin).get(f"/api/people/{id_of(app, IN_BOTH)}"), 404, "user_not_found")
