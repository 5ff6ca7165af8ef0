"""`flask units rename` and `flask users rename`."""

import pytest
from flask import Flask

from server.store.db import reading
from server.store.users import find_user
from tests import cast
from tests.cli.conftest import Run


def test_a_unit_is_renamed_and_stays_the_same_unit(run: Run, app: Flask):
    before = cast.unit_id(app, cast.BUREAU)
    result = run("units", "rename", cast.BUREAU, " 武冈市交通局 ")
    assert (result.exit_code, result.stdout) == (0, f"已把单位“{cast.BUREAU}”改名为“武冈市交通局”。\n")
    assert cast.unit_id(app, "武冈市交通局") == before


def test_of_two_units_of_one_name_the_area_says_which(run: Run, app: Flask):
    for code in (cast.TOWNSHIP, cast.NEIGHBOUR_TOWNSHIP):
        assert run("units", "add", "林业站", "--area", code).exit_code == 0
    result = run("units", "rename", "林业站", "林业所")
    assert (result.exit_code, "请写 名称@区划代码" in result.stderr) == (1, True)
    assert run("units", "rename", f"林业站@{cast.TOWNSHIP}", "林业所").exit_code == 0
    assert cast.unit_id(app, "林业所")
    assert cast.unit_id(app, "林业站")


@pytest.mark.parametrize(
    ("name", "new_name", "why"),
    [
        ("没有的局", "新局", "没有单位“没有的局”"),
        (cast.BUREAU, cast.OTHER_BUREAU, "已经有了"),
        (cast.BUREAU, " ", "单位名称是空的"),
        (cast.BUREAU, "局" * 61, "太长"),
        ("邓家铺镇人民政府", "邓家镇政府", "名称跟着乡镇走"),
    ],
)
def test_a_name_that_a_unit_cannot_have_is_refused_with_the_reason(
    run: Run, app: Flask, name: str, new_name: str, why: str
):
    result = run("units", "rename", name, new_name)
    assert (result.exit_code, why in result.stderr) == (1, True)
    assert cast.unit_id(app, cast.BUREAU)
    assert cast.unit_id(app, "邓家铺镇人民政府")


def name_of(app: Flask, username: str) -> str:
    with app.app_context():
        user = find_user(reading(), username)
        assert user is not None
        return user.name


def test_a_person_is_renamed_and_signs_in_as_before(run: Run, app: Flask):
    result = run("users", "rename", "cadre", "李秀莹")
    assert (result.exit_code, result.stdout) == (0, "已把 cadre 的姓名改为李秀莹。\n")
    assert name_of(app, "cadre") == "李秀莹"


@pytest.mark.parametrize(
    ("username", "name", "why"),
    [("nobody", "何莉", "没有用户 nobody"), ("cadre", "", "姓名是空的"), ("cadre", "李" * 31, "太长"),
     ("cadre", "李\u202e秀", "特殊符号")],
)  # fmt: skip
def test_a_name_that_nobody_can_have_is_refused_with_the_reason(
    run: Run, app: Flask, username: str, name: str, why: str
):
    result = run("users", "rename", username, name)
    assert (result.exit_code, why in result.stderr) == (1, True)
    assert name_of(app, "cadre") == "李秀英"
