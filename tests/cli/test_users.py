"""`flask users …`: accounts are made, closed and given passwords, all or nothing."""

import re
from datetime import UTC, datetime

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from uuid6 import uuid7

from server.actions.sessions import proven_hash
from server.store.db import reading, writing
from server.store.phones import note_phone
from server.store.tables import User
from server.store.users import find_user
from tests import cast
from tests.cli.accounts import access_version, roles_of
from tests.cli.conftest import Run, Write

HEAD = "username,name,roles,password"
PASSWORD = re.compile(r"[a-z2-9]{12}")


def count(app: Flask) -> int:
    with app.app_context():
        return reading().scalar(select(func.count()).select_from(User)) or 0


def signs_in(app: Flask, username: str, password: str) -> bool:
    with app.app_context():
        return proven_hash(reading(), username, password) is not None


def printed_password(result: Result, username: str) -> str:
    lines = [line for line in result.stdout.splitlines() if username in line]
    assert len(lines) == 1, result.output
    return lines[0].split(username)[1].strip(" 的新密码：，")


def browser_of(app: Flask, username: str, password: str) -> FlaskClient:
    """A browser in which `username` has signed in."""
    client = app.test_client()
    token = client.get("/api/session").get_json()["csrf_token"]
    answer = client.post(
        "/api/session", json={"username": username, "password": password}, headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 200, answer.get_json()
    return client


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/api/session").get_json()["me"] is not None


def test_accounts_are_imported_with_their_roles(run: Run, app: Flask, csv_file: Write):
    result = run(
        "users",
        "import",
        csv_file(
            HEAD,
            f"zhangsan,张三,cadre:{cast.VILLAGE};cadre:{cast.SHARED_VILLAGE},longenough1",
            f" lisi , 李四 ,handler:{cast.BUREAU} ; leader:{cast.COUNTY},",
        ),
    )
    assert result.exit_code == 0, result.output
    assert result.stdout.endswith("已导入 2 个用户。\n")
    assert roles_of(app, "zhangsan") == {("cadre", cast.VILLAGE), ("cadre", cast.SHARED_VILLAGE)}
    assert roles_of(app, "lisi") == {("handler", cast.unit_id(app, cast.BUREAU)), ("leader", cast.COUNTY)}


def test_only_passwords_that_were_made_are_printed_and_all_of_them_work(run: Run, app: Flask, csv_file: Write):
    # No password has a full stop: none can look like one of these names.
    rows = [f"a.{number},名,leader:{cast.COUNTY},{'chosen-by-him' if number == 1 else ''}" for number in range(3)]
    result = run("users", "import", csv_file(HEAD, *rows))
    assert "chosen-by-him" not in result.output
    assert "a.1" not in result.stdout
    assert signs_in(app, "a.1", "chosen-by-him")
    for username in ("a.0", "a.2"):
        password = printed_password(result, username)
        assert PASSWORD.fullmatch(password)
        assert signs_in(app, username, password)


def test_a_file_without_a_password_column_is_taken(run: Run, csv_file: Write):
    result = run("users", "import", csv_file("username,name,roles", f"zhangsan,张三,leader:{cast.COUNTY}"))
    assert PASSWORD.search(result.stdout)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_names_survive_a_chinese_spreadsheet_program(run: Run, app: Flask, csv_file: Write, encoding: str):
    run("users", "import", csv_file(HEAD, f"zhangsan,张三,leader:{cast.COUNTY},", encoding=encoding))
    with app.app_context():
        user = find_user(reading(), "zhangsan")
        assert user is not None
        assert user.name == "张三"


def test_every_refused_row_is_listed_with_its_reason_and_nothing_is_imported(run: Run, app: Flask, csv_file: Write):
    before = count(app)
    result = run(
        "users",
        "import",
        csv_file(
            HEAD,
            f"good,好人,cadre:{cast.VILLAGE},",
            f"cadre,重名,cadre:{cast.VILLAGE},",
            f"good,又一个,cadre:{cast.VILLAGE},",
            ",没有用户名,auditor:430581000000,",
            f"nameless,,auditor:{cast.COUNTY},",
            "norole,无角色,,",
            "king,国王,king:430581000000,",
            "nowhere,无处,leader:430599000000,",
            f"toohigh,太高,cadre:{cast.COUNTY},",
            "nounit,无单位,handler:没有的局,",
            "nocolon,无冒号,leader,",
            f"short,短,leader:{cast.COUNTY},1234567",
            f"{'x' * 33},长,leader:{cast.COUNTY},",
            f"hidden\u202e,藏,leader:{cast.COUNTY},",
        ),
    )
    assert result.exit_code == 1
    said = {line.split(" ")[1]: line for line in result.stderr.splitlines() if line.startswith("第")}
    assert sorted(said) == [str(number) for number in sorted(map(str, range(3, 16)))]
    for row, reason in {
        3: "用户名 cadre 已经有了",
        4: "用户名 good 已经有了",
        5: "用户名是空的",
        6: "姓名是空的",
        7: "至少要有一个角色",
        8: "没有角色“king”，可用：cadre、handler、coordinator、leader、auditor、admin",
        9: "没有区划 430599000000",
        10: "干部只能负责村（社区）或乡镇（街道），武冈市 不是",
        11: "没有单位“没有的局”",
        12: "要写成 角色:区划代码",
        13: "密码要有 8 到 128 个字符",
        14: "用户名是空的、太长或有特殊符号",
        15: "用户名是空的、太长或有特殊符号",
    }.items():
        assert reason in said[str(row)]
    assert "13 行有误，没有导入任何用户。请改正后再导入。" in result.stderr
    assert result.stdout == ""
    assert count(app) == before


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (f"zhang\0san,张三,cadre:{cast.VILLAGE},", "第 2 行有看不见的控制字符"),
        (f"zhangsan,张\x1b三,cadre:{cast.VILLAGE},", "第 2 行有看不见的控制字符"),
        ("zhangsan,张三,cadre:43\x00,", "第 2 行有看不见的控制字符"),
        ("zhangsan,张三,handler:\x00,", "第 2 行有看不见的控制字符"),
        (f'zhangsan,"{"张" * 131_073}",cadre:{cast.VILLAGE},', "从第 2 行起读不懂"),
        ('zhangsan,"张三,' + "x" * 131_073, "从第 2 行起读不懂"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_line_and_nothing_is_imported(
    run: Run, app: Flask, csv_file: Write, line: str, reason: str
):
    before = count(app)
    result = run("users", "import", csv_file(HEAD, line))
    assert (result.exit_code, reason in result.stderr, count(app)) == (1, True, before), result.output


def test_a_first_line_that_cannot_be_read_is_refused(run: Run, csv_file: Write):
    result = run("users", "import", csv_file("x" * 131_073))
    assert (result.exit_code, "从第 1 行起读不懂" in result.stderr) == (1, True)


def test_a_unit_name_that_several_areas_have_is_asked_for_with_its_area(run: Run, app: Flask):
    for area in (cast.TOWNSHIP, cast.NEIGHBOUR_TOWNSHIP):
        run("units", "add", "林业站", "--area", area)
    result = run("users", "add", "zhan", "站长", "--role", "handler:林业站")
    assert "有多个单位叫“林业站”，请写 名称@区划代码" in result.output
    assert run("users", "add", "zhan", "站长", "--role", f"handler:林业站@{cast.TOWNSHIP}").exit_code == 0


def test_a_role_given_twice_is_held_once(run: Run, app: Flask):
    role = f"leader:{cast.COUNTY}"
    assert run("users", "add", "zhangsan", "张三", "--role", role, "--role", role).exit_code == 0
    with app.app_context():
        user = find_user(reading(), "zhangsan")
        assert user is not None
        assert len(user.grants) == 1


def test_an_added_account_signs_in_with_the_password_that_was_printed(run: Run, app: Flask):
    result = run(
        "users", "add", "zhangsan", "张三", "--role", f"cadre:{cast.VILLAGE}", "--role", f"leader:{cast.COUNTY}"
    )
    assert signs_in(app, "zhangsan", printed_password(result, "zhangsan"))
    assert roles_of(app, "zhangsan") == {("cadre", cast.VILLAGE), ("leader", cast.COUNTY)}


def test_an_account_that_cannot_be_is_refused_with_the_reason(run: Run, app: Flask):
    before = count(app)
    result = run("users", "add", cast.CADRE.username, "张三", "--role", f"cadre:{cast.VILLAGE}")
    assert (result.exit_code, "已经有了" in result.output, count(app)) == (1, True, before)


def test_a_password_is_not_stored_in_clear(run: Run, app: Flask):
    result = run("users", "add", "zhangsan", "张三", "--role", f"cadre:{cast.VILLAGE}")
    with app.app_context():
        user = find_user(reading(), "zhangsan")
        assert user is not None
        assert user.password_hash.startswith("$argon2id$")
        assert printed_password(result, "zhangsan") not in user.password_hash


def test_a_disabled_account_is_out_at_once_and_does_not_come_in_again(run: Run, app: Flask):
    browser = browser_of(app, "cadre", cast.PASSWORD)
    assert is_signed_in(browser)
    assert run("users", "disable", "cadre").exit_code == 0
    assert not is_signed_in(browser)
    assert not signs_in(app, "cadre", cast.PASSWORD)


def test_an_account_that_is_opened_again_has_its_password_and_roles_and_no_old_session(run: Run, app: Flask):
    browser = browser_of(app, "cadre", cast.PASSWORD)
    run("users", "disable", "cadre")
    assert run("users", "enable", "cadre").stdout == "已重新启用用户 cadre。\n"
    assert not is_signed_in(browser)
    assert is_signed_in(browser_of(app, "cadre", cast.PASSWORD))
    assert roles_of(app, "cadre") == {("cadre", cast.VILLAGE), ("cadre", cast.SHARED_VILLAGE)}


def test_an_account_that_is_open_is_not_opened_again(run: Run):
    result = run("users", "enable", "cadre")
    assert (result.exit_code, "用户 cadre 没有停用" in result.output) == (1, True)


def test_a_new_password_ends_every_session_and_the_old_password(run: Run, app: Flask):
    browser, colleague = browser_of(app, "cadre", cast.PASSWORD), browser_of(app, "colleague", cast.PASSWORD)
    password = printed_password(run("users", "password", "cadre"), "cadre")
    assert not is_signed_in(browser)
    assert is_signed_in(colleague)
    assert not signs_in(app, "cadre", cast.PASSWORD)
    assert is_signed_in(browser_of(app, "cadre", password))


def test_a_new_password_for_a_closed_account_says_that_it_is_closed_and_how_to_open_it(run: Run, app: Flask):
    assert run("users", "password", "cadre").stderr == ""
    run("users", "disable", "cadre")
    result = run("users", "password", "cadre")
    assert (result.exit_code, "cadre 已停用" in result.stderr, "users enable cadre" in result.stderr) == (0, True, True)
    assert not signs_in(app, "cadre", printed_password(result, "cadre"))


def test_a_password_can_be_asked_for_and_is_not_shown(run: Run, app: Flask):
    result = run("users", "password", "cadre", "--ask", input="another one\nanother one\n")
    assert result.exit_code == 0
    assert "another one" not in result.output
    assert signs_in(app, "cadre", "another one")


def test_a_password_that_is_too_short_changes_nothing(run: Run, app: Flask):
    result = run("users", "password", "cadre", "--ask", input="short\nshort\n")
    assert (result.exit_code, "密码要有 8 到 128 个字符" in result.output) == (1, True)
    assert signs_in(app, "cadre", cast.PASSWORD)


@pytest.mark.parametrize(
    "command", ["disable", "enable", "password", f"grant:cadre:{cast.VILLAGE}", f"revoke:cadre:{cast.VILLAGE}"]
)
def test_a_user_who_is_not_there_is_named(run: Run, command: str):
    name, *more = command.split(":")
    result = run("users", name, "nobody", *more)
    assert (result.exit_code, "没有用户 nobody" in result.output) == (1, True)


def test_after_a_backup_was_restored_every_phone_is_told_to_read_anew(run: Run, app: Flask):
    def versions() -> list[int]:
        with app.app_context():
            return list(reading().scalars(select(User.access_version)))

    before = versions()
    assert run("users", "reread").exit_code == 0
    assert all(after > old + 1000 for old, after in zip(before, versions(), strict=True))


def test_the_same_backup_restored_twice_gives_no_number_that_a_phone_has_heard_before(run: Run, app: Flask):
    heard = set()
    for steps in (0, 3, 0):
        with app.app_context(), writing() as session:
            session.execute(update(User).values(access_version=7))  # what stands in the backup
        run("users", "reread")
        heard.add(access_version(app, "cadre"))
        for _ in range(steps):
            run("users", "grant", "cadre", "cadre", cast.OTHER_VILLAGE)
            heard.add(access_version(app, "cadre"))
            run("users", "revoke", "cadre", "cadre", cast.OTHER_VILLAGE)
            heard.add(access_version(app, "cadre"))
    assert len(heard) == 9
    assert all(number <= 2**53 for number in heard), "more than a phone can count"


def test_a_number_from_a_clock_that_ran_ahead_still_grows(run: Run, app: Flask):
    ahead = 2**50
    with app.app_context(), writing() as session:
        session.execute(update(User).values(access_version=ahead))
    run("users", "reread")
    assert access_version(app, "cadre") == ahead + 1


def test_a_phone_is_listed_and_reported_lost(run: Run, app: Flask):
    assert run("users", "phones", "cadre").stdout == "用户 cadre 还没有用手机同步过。\n"
    phone = uuid7()
    with app.app_context(), writing() as session:
        user = find_user(session, "cadre")
        assert user
        note_phone(session, user.id, phone, "安卓手机 · 微信", datetime(2026, 11, 30, tzinfo=UTC))
    assert run("users", "phones", "cadre").stdout == f"{phone}  2026-11-30 开始使用  安卓手机 · 微信\n"
    assert run("users", "lost", "cadre", str(phone)).exit_code == 0
    assert "报失" in run("users", "phones", "cadre").stdout


@pytest.mark.parametrize("of", ["colleague", "who"])
def test_a_phone_that_is_not_his_is_not_reported_lost(run: Run, of: str):
    result = run("users", "lost", of, str(uuid7()))
    assert (result.exit_code, "没有" in result.stderr) == (1, True)
