"""An administrator looks after the areas and units inside his area."""

import io
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.domain.words import LIMITS
from server.store.db import reading
from server.store.tables import Area
from tests import cast
from tests.api.administrators import OTHER_COUNTY, OTHER_COUNTYS_TOWNSHIP, THEIR_BUREAU, TOWN_ADMIN, unit_at
from tests.api.administrators import _more_people as _more_people
from tests.api.contents import contents
from tests.api.mutations import act, new_matter, visit
from tests.api.people import Caller, SignIn
from tests.api.test_error_shape import as_error
from tests.harness.world import DIVISIONS

HEAD = "code,name,level,parent_code"
ABOVE = ("430000000000,湖南省,province,", "430500000000,邵阳市,prefecture,430000000000")
NEW_TOWN = ("430581199000,新设镇,township,430581000000", "430581199200,新设村,village,430581199000")


def page(admin: Caller, code: str | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = admin.get("/api/areas", **({"code": code} if code else {})).get_json()
    return answer


def upload(admin: Caller, *lines: str, encoding: str = "utf-8") -> TestResponse:
    return send_file(admin, "".join(f"{line}\r\n" for line in lines).encode(encoding))


def send_file(admin: Caller, data: bytes) -> TestResponse:
    return admin.call("POST", "/api/areas/import", data={"file": (io.BytesIO(data), "区划.csv")})


def name_of(app: Flask, code: str) -> str | None:
    with app.app_context():
        area = reading().get(Area, code)
        return area.name if area else None


def test_he_begins_at_his_own_area_and_goes_down_but_not_up_beyond_it(sign_in: SignIn):
    top = page(sign_in(cast.ADMIN))
    assert (top["area"]["name"], top["parent_code"], top["areas"]) == (
        "武冈市", None, [{"code": cast.COUNTY, "name": "武冈市"}],
    )  # fmt: skip
    assert {unit["name"] for unit in top["units"]} == {cast.BUREAU, cast.OTHER_BUREAU}
    assert (len(top["children"]), {child["level"] for child in top["children"]}) == (18, {"township"})
    town = page(sign_in(cast.ADMIN), cast.TOWNSHIP)
    assert (town["parent_code"], [unit["is_home"] for unit in town["units"]]) == (cast.COUNTY, [True])
    assert cast.VILLAGE in {child["code"] for child in town["children"]}
    assert page(sign_in(TOWN_ADMIN), cast.TOWNSHIP)["parent_code"] is None


@pytest.mark.parametrize("code", ["430500000000", OTHER_COUNTY, OTHER_COUNTYS_TOWNSHIP, "430581199000"])
def test_an_area_that_is_not_his_is_neither_shown_nor_renamed_and_gets_no_unit(app: Flask, sign_in: SignIn, code: str):
    admin, before = sign_in(cast.ADMIN), contents(app)
    as_error(admin.get("/api/areas", code=code), 404, "area_not_found")
    as_error(admin.call("PUT", f"/api/areas/{code}/name", json={"name": "新名"}), 404, "area_not_found")
    as_error(admin.post("/api/units", {"name": "林业站", "area_code": code}), 404, "area_not_found", "area_code")
    assert contents(app) == before


@pytest.mark.parametrize("code", ["x", "430581105000%00", "43058110500", "４３０５８１１０５０００"])
def test_an_address_that_names_no_area_finds_none(sign_in: SignIn, code: str):
    as_error(sign_in(cast.ADMIN).call("PUT", f"/api/areas/{code}/name", json={"name": "新名"}), 404, "area_not_found")


def test_a_township_is_renamed_with_its_government_and_found_by_its_new_initials(app: Flask, sign_in: SignIn):
    admin, home = sign_in(cast.ADMIN), cast.unit_id(app, "邓家铺镇人民政府")
    answer = admin.call("PUT", f"/api/areas/{cast.TOWNSHIP}/name", json={"name": "邓家铺街道"}).get_json()
    assert (answer["area"]["name"], answer["units"][0]["name"]) == ("邓家铺街道", "邓家铺街道办事处")
    assert cast.unit_id(app, "邓家铺街道办事处") == home
    areas = {area["code"]: area for area in sign_in(cast.CADRE).get("/api/reference").get_json()["areas"]}
    assert areas[cast.TOWNSHIP]["name"] == "邓家铺街道"


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [("", 422, "field_required"), ("镇" * 61, 422, "text_too_long"), (f"{'龙' * 57}镇", 422, "text_too_long"),
     ("邓家\u202e镇", 422, "text_bad_character")],
)  # fmt: skip
def test_a_name_that_cannot_be_is_refused(app: Flask, sign_in: SignIn, name: str, status: int, code: str):
    answer = sign_in(cast.ADMIN).call("PUT", f"/api/areas/{cast.TOWNSHIP}/name", json={"name": name})
    as_error(answer, status, code, "name")
    assert name_of(app, cast.TOWNSHIP) == "邓家铺镇"


def test_a_new_unit_can_be_asked_by_the_coordinators_below_and_its_handler_added(app: Flask, sign_in: SignIn):
    admin = sign_in(cast.ADMIN)
    added = admin.post("/api/units", {"name": " 武冈市民政局 ", "area_code": cast.COUNTY}).get_json()
    assert "武冈市民政局" in {unit["name"] for unit in added["units"]}
    units = sign_in(cast.COORDINATOR).get("/api/reference").get_json()["units"]
    assert "武冈市民政局" in {unit["name"] for unit in units}
    as_error(admin.post("/api/units", {"name": "武冈市民政局", "area_code": cast.COUNTY}), 409, "unit_taken", "name")
    assert admin.post("/api/units", {"name": "武冈市民政局", "area_code": cast.TOWNSHIP}).status_code == 200


def test_a_renamed_unit_keeps_its_matters(app: Flask, sign_in: SignIn):
    admin, unit_id = sign_in(cast.ADMIN), cast.unit_id(app, cast.BUREAU)
    matter = new_matter()
    sign_in(cast.CADRE).apply(visit(matter))
    sign_in(cast.COORDINATOR).apply(act(matter["id"], "assign", unit_id=unit_id))
    path = f"/api/units/{unit_id}/name"
    answer = admin.call("PUT", path, json={"name": "武冈市交通局"}).get_json()
    assert {unit["name"] for unit in answer["units"]} == {"武冈市交通局", cast.OTHER_BUREAU}
    assert sign_in(cast.HANDLER).matter(matter["id"])["unit_name"] == "武冈市交通局"
    assert admin.call("PUT", path, json={"name": "武冈市交通局"}).status_code == 200
    as_error(admin.call("PUT", path, json={"name": cast.OTHER_BUREAU}), 409, "unit_taken", "name")


def test_a_townships_own_unit_and_those_of_others_are_not_renamed(app: Flask, sign_in: SignIn):
    home, theirs = cast.unit_id(app, "邓家铺镇人民政府"), unit_at(app, THEIR_BUREAU, OTHER_COUNTY)
    bureau = cast.unit_id(app, cast.BUREAU)
    before = contents(app)
    new = {"json": {"name": "新名"}}
    as_error(sign_in(cast.ADMIN).call("PUT", f"/api/units/{home}/name", **new), 409, "unit_is_home", "name")
    as_error(sign_in(cast.ADMIN).call("PUT", f"/api/units/{theirs}/name", **new), 404, "not_found")
    as_error(sign_in(TOWN_ADMIN).call("PUT", f"/api/units/{bureau}/name", **new), 404, "not_found")
    assert contents(app) == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_divisions_are_imported_from_a_file_as_a_spreadsheet_saves_it(app: Flask, sign_in: SignIn, encoding: str):
    answer = upload(sign_in(cast.ADMIN), HEAD, *ABOVE, *NEW_TOWN, encoding=encoding).get_json()
    assert answer == {"imported": 4, "refused_count": 0, "refused": []}
    assert page(sign_in(cast.ADMIN), "430581199000")["units"][0]["name"] == "新设镇人民政府"


def test_the_countys_own_file_can_be_imported_again_and_changes_nothing(app: Flask, sign_in: SignIn):
    before = contents(app)
    assert send_file(sign_in(cast.ADMIN), DIVISIONS.read_bytes()).get_json()["imported"] == 336
    assert contents(app) == before


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        (("430000000000,湖南,province,",), [(2, "不在您的范围内")]),
        (("430582000000,邵东,county,430500000000",), [(2, "不在您的范围内")]),
        (("430583000000,新邵县,county,430500000000",), [(2, "不在您的范围内")]),
        ((NEW_TOWN[0], "430582102000,廉桥镇,township,430582000000"), [(3, "不在您的范围内")]),
        ((NEW_TOWN[1],), [(2, "还没有导入")]),
        (("43058119900,新设镇,township,430581000000", NEW_TOWN[1]), [(2, "不是 12 位"), (3, "还没有导入")]),
        (("4.30581E+11,新设镇,township,430581000000",), [(2, "不是 12 位")]),
        (("430581199000,,township,430581000000",), [(2, "没有名称")]),
    ],
)
def test_one_wrong_row_is_told_with_its_line_and_nothing_is_imported(
    app: Flask, sign_in: SignIn, lines: tuple[str, ...], refused: list[tuple[int, str]]
):
    before = contents(app)
    answer = upload(sign_in(cast.ADMIN), HEAD, *lines).get_json()
    assert (answer["imported"], answer["refused_count"]) == (0, len(refused))
    for said, (line, why) in zip(answer["refused"], refused, strict=True):
        assert (said["line"], why in said["why"]) == (line, True), said
    assert contents(app) == before


def test_a_file_that_cannot_be_read_or_is_too_long_is_refused_as_a_whole(app: Flask, sign_in: SignIn):
    admin, before = sign_in(cast.ADMIN), contents(app)
    as_error(send_file(admin, b"PK\x03\x04\xff\xff"), 422, "file_unreadable", "file")
    as_error(send_file(admin, f"{HEAD}\n4305\0,x,village,".encode()), 422, "file_unreadable", "file")
    as_error(send_file(admin, b""), 422, "file_columns", "file")
    as_error(upload(admin, "代码,名称", "430581199000,新设镇"), 422, "file_columns", "file")
    as_error(upload(admin, HEAD, *[NEW_TOWN[1]] * (LIMITS["divisions_per_import"] + 1)), 413, "file_too_long", "file")
    as_error(admin.call("POST", "/api/areas/import", data={"file": HEAD}), 422, "field_required", "file")
    as_error(admin.call("POST", "/api/areas/import", data={}), 422, "field_required", "file")
    huge = {"data": b"x" * 2_100_000, "content_type": "multipart/form-data; boundary=x"}
    as_error(admin.call("POST", "/api/areas/import", **huge), 413, "too_large")
    assert contents(app) == before


def test_who_administers_a_township_imports_its_villages_only(app: Flask, sign_in: SignIn):
    admin = sign_in(TOWN_ADMIN)
    assert upload(admin, HEAD, "430581105299,新村,village,430581105000").get_json()["imported"] == 1
    assert upload(admin, HEAD, *NEW_TOWN).get_json()["refused_count"] == 2
    as_error(upload(sign_in(cast.LEADER), HEAD, *NEW_TOWN), 403, "not_allowed")
