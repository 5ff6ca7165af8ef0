"""Who gets what from every endpoint, and that a record is shown to nobody else."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import cast
from tests.api.mutations import (
    PERSONAL,
    RECORD,
    act,
    new_id,
    now,
    push_of,
)
from tests.api.people import NOBODY, SignIn
from tests.api.routes import routes
from tests.api.who_sees import LEADERS, PERIOD, SEES_MATTER, SEES_RESIDENT

PEOPLE = (NOBODY, *cast.EVERYBODY)

Statuses = dict[str, int]
Call = Callable[[str], dict[str, Any]]


def everyone(status: int, **but: int) -> Statuses:
    """The status for each of PEOPLE; exceptions by user name."""
    names = {person.username for person in PEOPLE}
    assert set(but) <= names
    return dict.fromkeys(names, status) | but


def signed_in(status: int = 200, **but: int) -> Statuses:
    return everyone(status, nobody=401, **but)


def only(*people: cast.Person, others: int) -> Statuses:
    return signed_in(others) | dict.fromkeys((person.username for person in people), 200)


def leading(status: int) -> Statuses:
    """The status for the matter's leaders; another township's does not find it, others may not ask."""
    return signed_in(403, neighbour_leader=404, leader=status, county_leader=status)


@dataclass(frozen=True)
class Endpoint:
    """How to call an endpoint about the matter with a given id, and what each person gets."""

    expected: Statuses
    path: str = ""
    call: Call = lambda _: {}


IN_THE_COUNTY = {"county_code": cast.COUNTY}
CREDENTIALS = {"username": cast.CADRE.username, "password": cast.PASSWORD}
DEVICE = new_id()
NO_ENTRY = {"id": DEVICE, "sealed": ""}


def _pull(matter_id: str) -> dict[str, Any]:
    return {"json": {"device_id": DEVICE, "access_version": 1, "cursors": []}}


def _push(matter_id: str) -> dict[str, Any]:
    # An act that the table does not know: what each may really do is tested below.
    return {"json": push_of(DEVICE, act(matter_id, "unheard_of"))}


NO_SUCH_PERSON = signed_in(403, admin=404)

NO_WORK_THERE = signed_in(200, auditor=404, admin=404)

NO_LEADERS_OWN = signed_in(403, leader=404, county_leader=404, neighbour_leader=404)
"""Leaders may ask, and it is nothing of theirs."""

TABLE: dict[tuple[str, str], Endpoint] = {
    ("GET", "/api/session"): Endpoint(everyone(200)),
    ("POST", "/api/session"): Endpoint(everyone(200), call=lambda _: {"json": CREDENTIALS}),
    ("DELETE", "/api/session"): Endpoint(everyone(200)),
    ("PUT", "/api/session/device"): Endpoint(signed_in(), call=lambda _: {"json": {"device_id": DEVICE}}),
    ("POST", "/api/session/standing"): Endpoint(
        everyone(200), call=lambda _: {"json": {"user_id": DEVICE, "device_id": DEVICE}}
    ),
    ("GET", "/api/reference"): Endpoint(signed_in()),
    ("POST", "/api/sync/push"): Endpoint(signed_in(), call=_push),
    ("POST", "/api/sync/pull"): Endpoint(signed_in(), call=_pull),
    ("POST", "/api/handed-in"): Endpoint(
        everyone(403),
        call=lambda _: {"json": {"user_id": DEVICE, "device_id": DEVICE, "sent_at": now(), "entries": [NO_ENTRY]}},
    ),
    ("GET", "/api/handed-in"): Endpoint(only(cast.COORDINATOR, others=403)),
    ("POST", "/api/handed-in/<uuid:entry_id>/acceptance"): Endpoint(
        signed_in(403, coordinator=404), "/api/handed-in/{matter_id}/acceptance"
    ),
    ("POST", "/api/handed-in/<uuid:entry_id>/dropping"): Endpoint(
        signed_in(403, coordinator=404), "/api/handed-in/{matter_id}/dropping", lambda _: {"json": {"reason": "重复"}}
    ),
    ("GET", "/api/matters/<uuid:matter_id>"): Endpoint(only(*SEES_MATTER, others=404), "/api/matters/{matter_id}"),
    ("GET", "/api/tallies"): Endpoint(
        only(cast.LEADER, cast.COUNTY_LEADER, others=403) | {"neighbour_leader": 404},
        call=lambda _: {"query_string": PERIOD},
    ),
    ("GET", "/api/tallies/matters"): Endpoint(
        only(cast.LEADER, cast.COUNTY_LEADER, others=403) | {"neighbour_leader": 404},
        call=lambda _: {"query_string": {**PERIOD, "measure": "raised"}},
    ),
    ("GET", "/api/tallies/changes"): Endpoint(leading(200), call=lambda _: {"query_string": PERIOD}),
    ("GET", "/api/tallies/export.csv"): Endpoint(leading(200), call=lambda _: {"query_string": PERIOD}),
    ("GET", "/api/tallies/export.xlsx"): Endpoint(leading(200), call=lambda _: {"query_string": PERIOD}),
    ("GET", "/api/tallies/matters/export.csv"): Endpoint(
        leading(200), call=lambda _: {"query_string": {**PERIOD, "measure": "raised"}}
    ),
    ("GET", "/api/tallies/matters/export.xlsx"): Endpoint(
        leading(200), call=lambda _: {"query_string": {**PERIOD, "measure": "raised"}}
    ),
    # Whoever works in the county reads its list, next door too; its coordinator alone, none of these, changes it.
    ("GET", "/api/responsibilities"): Endpoint(NO_WORK_THERE, call=lambda _: {"query_string": IN_THE_COUNTY}),
    ("GET", "/api/responsibilities/export.csv"): Endpoint(
        NO_WORK_THERE, call=lambda _: {"query_string": IN_THE_COUNTY}
    ),
    ("GET", "/api/responsibilities/export.xlsx"): Endpoint(
        NO_WORK_THERE, call=lambda _: {"query_string": IN_THE_COUNTY}
    ),
    ("PUT", "/api/responsibilities"): Endpoint(
        signed_in(403, auditor=404, admin=404),
        call=lambda _: {"json": {**IN_THE_COUNTY, "version": "0" * 64, "rules": []}},
    ),
    ("POST", "/api/responsibilities/import"): Endpoint(
        signed_in(403, auditor=404, admin=404),
        call=lambda _: {"query_string": IN_THE_COUNTY, "data": {"file": (BytesIO(b"a,b\n"), "list.csv")}},
    ),
    ("GET", "/api/callbacks"): Endpoint(only(*LEADERS, others=403)),
    ("POST", "/api/callbacks/<uuid:callback_id>"): Endpoint(
        NO_LEADERS_OWN, "/api/callbacks/{matter_id}", lambda _: {"json": {"outcome": "satisfied"}}
    ),
    # The township itself is not told: its leader no more than the one next door.
    ("GET", "/api/callbacks/draws"): Endpoint(
        NO_LEADERS_OWN | {"county_leader": 200}, call=lambda _: {"query_string": {"area_code": cast.TOWNSHIP}}
    ),
    ("POST", "/api/callbacks/draws"): Endpoint(
        NO_LEADERS_OWN | {"county_leader": 200},
        call=lambda _: {"json": {"area_code": cast.TOWNSHIP, "from": "2026-01-01", "to": "2026-01-31"}},
    ),
    ("GET", "/api/callbacks/draws/<uuid:draw_id>"): Endpoint(NO_LEADERS_OWN, "/api/callbacks/draws/{matter_id}"),
    ("GET", "/api/ratings"): Endpoint(
        leading(200), call=lambda _: {"query_string": {"area_code": cast.TOWNSHIP, "which": "all"}}
    ),
    ("POST", "/api/ratings/<uuid:rating_id>/decision"): Endpoint(
        leading(404), "/api/ratings/{matter_id}/decision", lambda _: {"json": {"decision": "count"}}
    ),
    # Nobody has a link to the matter of these tests: what one shows is tested with residents.
    ("GET", "/r/<code>"): Endpoint(everyone(404), f"/r/{'x' * 22}"),
    ("POST", "/r/<code>"): Endpoint(everyone(404), f"/r/{'x' * 22}", lambda _: {"data": {"value": "satisfied"}}),
    ("GET", "/r/style.css"): Endpoint(everyone(200)),
    **{
        (method, f"/r/{rest}"): Endpoint(everyone(404), f"/r/{path}")
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        for rest, path in (("", ""), ("<path:_>", "a/b"))
    },
    ("GET", "/api/cases"): Endpoint(signed_in()),
    # The matter of these tests is not settled yet, and is no case: who may mark it hears that.
    ("GET", "/api/matters/<uuid:matter_id>/case-draft"): Endpoint(leading(409), "/api/matters/{matter_id}/case-draft"),
    ("PUT", "/api/cases/<uuid:matter_id>"): Endpoint(
        leading(409),
        "/api/cases/{matter_id}",
        lambda _: {"json": {"category": "water", "title": "水管裂了", "problem": "没有水", "deed": "换了水管"}},
    ),
    ("DELETE", "/api/cases/<uuid:matter_id>"): Endpoint(leading(404), "/api/cases/{matter_id}"),
    ("GET", "/api/account/devices"): Endpoint(signed_in()),
    ("DELETE", "/api/account/devices/<string:device_id>"): Endpoint(signed_in(), "/api/account/devices/x"),
    ("POST", "/api/account/phones/<uuid:device_id>/loss"): Endpoint(
        signed_in(404), "/api/account/phones/{matter_id}/loss"
    ),
    ("PUT", "/api/account/password"): Endpoint(signed_in(422), call=lambda _: {"json": {}}),
    ("POST", "/api/people/search"): Endpoint(only(cast.ADMIN, others=403), call=lambda _: {"json": {}}),
    ("POST", "/api/people"): Endpoint(signed_in(403, admin=422), call=lambda _: {"json": {}}),
    ("GET", "/api/people/<uuid:user_id>"): Endpoint(NO_SUCH_PERSON, "/api/people/{matter_id}"),
    ("PUT", "/api/people/<uuid:user_id>/name"): Endpoint(
        NO_SUCH_PERSON, "/api/people/{matter_id}/name", lambda _: {"json": {"name": "何莉"}}
    ),
    ("POST", "/api/people/<uuid:user_id>/grants"): Endpoint(
        NO_SUCH_PERSON,
        "/api/people/{matter_id}/grants",
        lambda _: {"json": {"role": "leader", "area_code": cast.TOWNSHIP}},
    ),
    ("DELETE", "/api/people/<uuid:user_id>/grants/<uuid:grant_id>"): Endpoint(
        NO_SUCH_PERSON, "/api/people/{matter_id}/grants/{matter_id}"
    ),
    ("POST", "/api/people/<uuid:user_id>/password"): Endpoint(NO_SUCH_PERSON, "/api/people/{matter_id}/password"),
    ("POST", "/api/people/<uuid:user_id>/closing"): Endpoint(NO_SUCH_PERSON, "/api/people/{matter_id}/closing"),
    ("DELETE", "/api/people/<uuid:user_id>/closing"): Endpoint(NO_SUCH_PERSON, "/api/people/{matter_id}/closing"),
    ("GET", "/api/people/<uuid:user_id>/phones"): Endpoint(NO_SUCH_PERSON, "/api/people/{matter_id}/phones"),
    ("POST", "/api/people/<uuid:user_id>/phones/<uuid:device_id>/loss"): Endpoint(
        NO_SUCH_PERSON, "/api/people/{matter_id}/phones/{matter_id}/loss"
    ),
    ("GET", "/api/areas"): Endpoint(only(cast.ADMIN, others=403)),
    ("PUT", "/api/areas/<string:code>/name"): Endpoint(
        signed_in(403, admin=404), "/api/areas/430000000000/name", lambda _: {"json": {"name": "湖南"}}
    ),
    ("POST", "/api/areas/import"): Endpoint(signed_in(403, admin=422), call=lambda _: {"json": {}}),
    ("POST", "/api/units"): Endpoint(signed_in(403, admin=422), call=lambda _: {"json": {}}),
    ("PUT", "/api/units/<uuid:unit_id>/name"): Endpoint(
        signed_in(403, admin=404), "/api/units/{matter_id}/name", lambda _: {"json": {"name": "林业站"}}
    ),
    ("GET", "/api/health"): Endpoint(everyone(200)),
    ("GET", "/api/openapi.json"): Endpoint(everyone(200)),
    ("GET", "/api/docs"): Endpoint(everyone(200)),
    ("GET", "/api/docs/start.js"): Endpoint(everyone(200)),
    ("GET", "/api/docs/<path:name>"): Endpoint(everyone(200), "/api/docs/swagger-ui.css"),
    ("GET", "/"): Endpoint(everyone(200)),
    ("GET", "/<app_path:name>"): Endpoint(everyone(200), "/matters"),
}


@pytest.fixture
def _built_app(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "pwa").mkdir()
    (tmp_path / "pwa/index.html").write_text("<!doctype html><title>实事簿</title>", encoding="utf-8")
    app.config["PWA"] = str(tmp_path / "pwa")


def test_the_table_has_every_endpoint_and_no_other(bare_app: Flask):
    assert routes(bare_app) == set(TABLE)


@pytest.mark.usefixtures("_built_app")
def test_every_endpoint_answers_each_person_as_the_table_says_and_shows_nobody_what_is_not_his(
    sign_in: SignIn, matter_id: str, subtests: pytest.Subtests
):
    for person in PEOPLE:
        caller = sign_in(person)
        for (method, rule), endpoint in TABLE.items():
            with subtests.test(endpoint=f"{method} {rule}", person=person.username):
                path = (endpoint.path or rule).format(matter_id=matter_id)
                answer = caller.call(method, path, **endpoint.call(matter_id))
                if path == "/api/session" and method != "GET":
                    caller = sign_in(person)  # that one became somebody else
                assert answer.status_code == endpoint.expected[person.username]
                said = answer.get_data().decode(errors="replace")  # a spreadsheet is no text
                assert person in SEES_RESIDENT or not any(words in said for words in PERSONAL)
                assert person in SEES_MATTER or not any(words in said for words in RECORD)


def test_a_method_that_an_endpoint_does_not_have_is_refused_for_everybody(sign_in: SignIn):
    for person in PEOPLE:
        for path in ("/api/reference", "/api/tallies", f"/api/matters/{new_id()}"):
            assert sign_in(person).call("DELETE", path).status_code == 405
        assert sign_in(person).get("/api/sync/push").status_code == 405
