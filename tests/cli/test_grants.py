"""`flask users grant` and `revoke`: roles change, and the phone hears of it."""

import pytest
from flask import Flask

from server.domain.words import LIMITS
from server.store.db import reading
from server.store.users import find_user
from tests import cast
from tests.cli.accounts import access_version, roles_of
from tests.cli.conftest import Run, Write


@pytest.mark.parametrize(("role", "where"), [("cadre", cast.OTHER_VILLAGE), ("handler", cast.BUREAU)])
def test_a_role_is_given_and_taken_again_and_each_time_the_phone_reads_anew(
    run: Run, app: Flask, role: str, where: str
):
    """Sync rule 9: by the access version the phone learns that its scopes changed."""
    before, version = roles_of(app, "cadre"), access_version(app, "cadre")
    assert run("users", "grant", "cadre", role, where).stdout == f"已给 cadre 加上角色 {role}:{where}。\n"
    place = cast.unit_id(app, where) if role == "handler" else where
    assert roles_of(app, "cadre") == before | {(role, place)}
    assert access_version(app, "cadre") == version + 1
    assert run("users", "revoke", "cadre", role, where).stdout == f"已去掉 cadre 的角色 {role}:{where}。\n"
    assert (roles_of(app, "cadre"), access_version(app, "cadre")) == (before, version + 2)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (f"grant cadre cadre {cast.VILLAGE}", "用户 cadre 已经有这个角色"),
        (f"grant handler handler {cast.BUREAU}", "用户 handler 已经有这个角色"),
        (f"grant cadre king {cast.VILLAGE}", "没有角色“king”"),
        (f"grant cadre cadre {cast.COUNTY}", "干部只能负责村"),
        ("grant cadre leader 430599000000", "没有区划 430599000000"),
        ("grant cadre handler 没有的局", "没有单位“没有的局”"),
        (f"revoke cadre cadre {cast.OTHER_VILLAGE}", "用户 cadre 没有这个角色"),
        (f"revoke cadre leader {cast.VILLAGE}", "用户 cadre 没有这个角色"),
        (f"revoke handler handler {cast.OTHER_BUREAU}", "用户 handler 没有这个角色"),
        (f"revoke leader leader {cast.TOWNSHIP}", "这是用户 leader 唯一的角色"),
    ],
)
def test_a_change_of_roles_that_cannot_be_is_refused_with_the_reason(run: Run, app: Flask, command: str, reason: str):
    username = command.split()[1]
    before = roles_of(app, username), access_version(app, username)
    result = run("users", *command.split())
    assert (result.exit_code, reason in result.output) == (1, True), result.output
    assert (roles_of(app, username), access_version(app, username)) == before


def test_nobody_gets_more_townships_and_units_than_a_phone_can_sync(
    run: Run, app: Flask, csv_file: Write, monkeypatch: pytest.MonkeyPatch
):
    """武冈市 has 18 townships; a phone that asks for more scopes than the limit is refused for ever."""
    county, handler = f"coordinator:{cast.COUNTY}", f"handler:{cast.BUREAU}"
    with monkeypatch.context() as smaller:
        smaller.setitem(LIMITS, "scopes_per_pull", 18)
        assert run("users", "add", "zhang", "张三", "--role", county).exit_code == 0
        accounts = csv_file("username,name,roles", f"li,李四,{county};{handler}")
        for command in (
            ["add", "li", "李四", "--role", county, "--role", handler],
            ["grant", "zhang", "handler", cast.BUREAU],
            ["import", accounts],
        ):
            result = run("users", *command)
            assert (result.exit_code, "一共涉及 19 个乡镇和单位，手机最多同步 18 个" in result.stderr) == (1, True)
    assert roles_of(app, "zhang") == {("coordinator", cast.COUNTY)}
    with app.app_context():
        assert find_user(reading(), "li") is None
    assert run("users", "grant", "zhang", "handler", cast.BUREAU).exit_code == 0


def test_a_handlers_unit_is_named_with_its_area_when_he_has_two_of_one_name(run: Run, app: Flask):
    for area in (cast.TOWNSHIP, cast.NEIGHBOUR_TOWNSHIP):
        run("units", "add", "林业站", "--area", area)
        assert run("users", "grant", "handler", "handler", f"林业站@{area}").exit_code == 0
    assert "请写 名称@区划代码" in run("users", "revoke", "handler", "handler", "林业站").output
    assert run("users", "revoke", "handler", "handler", f"林业站@{cast.TOWNSHIP}").exit_code == 0
    assert run("users", "revoke", "handler", "handler", "林业站").exit_code == 0
    assert roles_of(app, "handler") == {("handler", cast.unit_id(app, cast.BUREAU))}
