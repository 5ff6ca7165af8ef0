"""Nobody manages an account that is not his to manage: not a stranger, a lower role, a neighbour, nor himself."""

from typing import Any

import pytest
from flask import Flask

from tests import cast
from tests.api.administrators import (
    ABOVE,
    IN_BOTH,
    OTHER_ADMIN,
    OTHER_COUNTY,
    OTHER_COUNTYS_TOWNSHIP,
    SECOND_ADMIN,
    THEIR_BUREAU,
    TOWN_ADMIN,
    found,
    id_of,
    unit_at,
)
from tests.api.administrators import _more_people as _more_people
from tests.api.contents import contents
from tests.api.mutations import DETAIL, PERSONAL, RECORD, told_in_full, visit
from tests.api.people import NOBODY, SignIn
from tests.api.test_error_shape import as_error

LEADER_HERE = {"role": "leader", "area_code": cast.TOWNSHIP}
NEW = {"username": "helili", "name": "何莉莉", "grants": [LEADER_HERE]}
NOT_ADMINISTRATORS = [person for person in cast.EVERYBODY if person is not cast.ADMIN]


def deeds(app: Flask, person: cast.Person, grant_id: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Everything that can be done to somebody's account: method, path, body."""
    path = f"/api/people/{id_of(app, person)}"
    return [
        ("GET", path, {}),
        ("PUT", f"{path}/name", {"name": "何莉"}),
        ("POST", f"{path}/grants", LEADER_HERE),
        ("DELETE", f"{path}/grants/{grant_id}", {}),
        ("POST", f"{path}/password", {}),
        ("POST", f"{path}/closing", {}),
        ("DELETE", f"{path}/closing", {}),
    ]


def grant_of(sign_in: SignIn, app: Flask, person: cast.Person) -> str:
    """The id of a role that somebody really has."""
    answer = sign_in(cast.ADMIN).get(f"/api/people/{id_of(app, person)}").get_json()
    return str(answer["person"]["grants"][0]["id"])


def test_who_administers_nothing_learns_and_changes_nothing(app: Flask, sign_in: SignIn, subtests: pytest.Subtests):
    grant_id, before = grant_of(sign_in, app, cast.COLLEAGUE), contents(app)
    wanted = [
        *deeds(app, cast.COLLEAGUE, grant_id),
        ("POST", "/api/people/search", {}),
        ("POST", "/api/people", NEW),
        ("GET", "/api/areas", {}),
        ("PUT", f"/api/areas/{cast.TOWNSHIP}/name", {"name": "邓家镇"}),
        ("POST", "/api/units", {"name": "林业站", "area_code": cast.TOWNSHIP}),
        ("PUT", f"/api/units/{cast.unit_id(app, cast.BUREAU)}/name", {"name": "交通局"}),
    ]
    for person in (NOBODY, *NOT_ADMINISTRATORS):
        for method, path, body in wanted:
            with subtests.test(person=person.username, deed=f"{method} {path}"):
                answer = sign_in(person).call(method, path, **({} if method == "GET" else {"json": body}))
                assert answer.status_code == (401 if person is NOBODY else 403)
    assert contents(app) == before


@pytest.mark.parametrize(
    ("admin", "person"),
    [
        (OTHER_ADMIN, cast.CADRE),  # the next county's
        (TOWN_ADMIN, cast.NEIGHBOUR),  # the next township
        (TOWN_ADMIN, cast.HANDLER),  # a bureau of the county above
        (TOWN_ADMIN, cast.ADMIN),  # the administrator above
        (TOWN_ADMIN, cast.COUNTY_LEADER),
        (cast.ADMIN, ABOVE),
        (cast.ADMIN, OTHER_ADMIN),
        (cast.ADMIN, IN_BOTH),
    ],
    ids=lambda person: person.username,
)
def test_an_account_outside_his_area_is_not_there_for_him(
    app: Flask, sign_in: SignIn, admin: cast.Person, person: cast.Person, subtests: pytest.Subtests
):
    grant_id, before = grant_of(sign_in, app, cast.COLLEAGUE), contents(app)
    assert person.username not in found(sign_in(admin))
    for method, path, body in deeds(app, person, grant_id):
        with subtests.test(deed=f"{method} {path}"):
            answer = sign_in(admin).call(method, path, **({} if method == "GET" else {"json": body}))
            as_error(answer, 404, "user_not_found")
    assert contents(app) == before


def test_he_gives_no_role_outside_his_area_or_above_it(app: Flask, sign_in: SignIn, subtests: pytest.Subtests):
    """Neither to a new account nor to an old one: so nobody can raise himself by way of another account."""
    their_unit = unit_at(app, THEIR_BUREAU, OTHER_COUNTY)
    outside = {
        cast.ADMIN: [
            *({"role": role, "area_code": "430500000000"} for role in ("leader", "admin", "auditor")),
            {"role": "admin", "area_code": OTHER_COUNTY},
            {"role": "cadre", "area_code": OTHER_COUNTYS_TOWNSHIP},
            {"role": "handler", "unit_id": their_unit},
        ],
        TOWN_ADMIN: [
            *({"role": role, "area_code": cast.COUNTY} for role in ("leader", "admin", "coordinator")),
            {"role": "cadre", "area_code": cast.NEIGHBOUR_TOWNSHIP},
            {"role": "handler", "unit_id": cast.unit_id(app, cast.BUREAU)},
        ],
    }
    user_id, before = id_of(app, cast.COLLEAGUE), contents(app)
    for admin, grants in outside.items():
        for grant in grants:
            code = "unit_unknown" if "unit_id" in grant else "area_not_found"
            with subtests.test(admin=admin.username, grant=str(grant)):
                for path, body in (
                    (f"/api/people/{user_id}/grants", grant),
                    ("/api/people", {**NEW, "grants": [grant]}),
                ):
                    answer = sign_in(admin).post(path, body)
                    assert (answer.status_code in {404, 422}, answer.get_json()["code"]) == (True, code)
    assert contents(app) == before


def test_he_changes_nothing_about_his_own_account(app: Flask, sign_in: SignIn, subtests: pytest.Subtests):
    grant_id, before = grant_of(sign_in, app, cast.ADMIN), contents(app)
    admin = sign_in(cast.ADMIN)
    (read, *writes) = deeds(app, cast.ADMIN, grant_id)
    assert admin.get(read[1]).get_json()["person"]["himself"] is True
    for method, path, body in writes:
        with subtests.test(deed=f"{method} {path}"):
            as_error(admin.call(method, path, json=body), 403, "own_account")
    assert contents(app) == before


def test_a_second_administrator_of_the_same_area_does_what_he_cannot_do_himself(app: Flask, sign_in: SignIn):
    path = f"/api/people/{id_of(app, cast.ADMIN)}"
    assert sign_in(SECOND_ADMIN).post(f"{path}/grants", LEADER_HERE).status_code == 200
    assert sign_in(SECOND_ADMIN).post(f"{path}/closing", {}).status_code == 200


def test_who_is_no_longer_an_administrator_manages_nobody(app: Flask, sign_in: SignIn):
    second, user_id = sign_in(SECOND_ADMIN), id_of(app, SECOND_ADMIN)
    admin = sign_in(cast.ADMIN)
    grant_id = admin.get(f"/api/people/{user_id}").get_json()["person"]["grants"][0]["id"]
    admin.post(f"/api/people/{user_id}/grants", LEADER_HERE)
    assert second.post("/api/people/search", {}).status_code == 200
    admin.call("DELETE", f"/api/people/{user_id}/grants/{grant_id}")
    assert second.post("/api/people/search", {}).status_code == 403


def test_an_administrator_reads_no_matter_in_whatever_he_is_answered(app: Flask, sign_in: SignIn):
    matter = told_in_full()
    sign_in(cast.CADRE).apply(visit(matter))
    admin = sign_in(cast.ADMIN)
    answers = [
        admin.post("/api/people/search", {}),
        *(admin.get(f"/api/people/{id_of(app, person)}") for person in cast.EVERYBODY),
        admin.get("/api/areas"),
        admin.get("/api/areas", code=cast.TOWNSHIP),
    ]
    said = "".join(answer.get_data(as_text=True) for answer in answers)
    assert cast.CADRE.name in said
    assert not any(words in said for words in (*PERSONAL, *RECORD, DETAIL, str(matter["id"])))
    as_error(admin.get(f"/api/matters/{matter['id']}"), 404, "matter_not_found")
    assert admin.matters() == {}


def test_an_administrator_does_not_read_when_somebody_was_last_online(app: Flask, sign_in: SignIn):
    """P1: online time is no trace to be kept of anybody; the devices are for their owner alone."""
    said = sign_in(cast.ADMIN).get(f"/api/people/{id_of(app, cast.CADRE)}").get_data(as_text=True)
    assert "seen" not in said
    assert "browser" not in said
