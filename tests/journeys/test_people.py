"""The administrator's day on the screen, and what everybody does with his own account."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, expect

from tests.cast import ADMIN, CADRE, COUNTY, PASSWORD, TOWNSHIP, VILLAGE, Person
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import DESKTOP, Phone
from tests.journeys.hands import Hands

NEWCOMER = Person("helili", "何莉莉", ())
ADDRESS = re.compile("/people/[0-9a-f-]{36}$")


def _link(hands: Hands, name: str) -> Locator:
    return hands.page.locator("main").get_by_role("link", name=name)


def _button(hands: Hands, name: str) -> Locator:
    return hands.page.locator("main").get_by_role("button", name=name, exact=True)


def _sheet(hands: Hands, name: str) -> Locator:
    return hands.page.get_by_role("dialog", name=name)


def _confirm(hands: Hands, sheet: str, button: str) -> None:
    hands.tap(_sheet(hands, sheet).get_by_role("button", name=button, exact=True))


def _made_password(hands: Hands) -> str:
    said = hands.page.get_by_role("region", name="新密码").locator(".password").inner_text()
    assert len(said) == 12
    return said


def _add_newcomer(hands: Hands) -> str:
    """From the list: a handler at a new bureau; returns his password."""
    hands.tap(_link(hands, "区划和单位"))
    hands.tap(_button(hands, "添加单位"))
    _sheet(hands, "添加单位").get_by_label("名称").fill("武冈市民政局")
    _confirm(hands, "添加单位", "保存")
    expect(hands.page.get_by_role("button", name="改名称 武冈市民政局")).to_be_visible()
    hands.page.go_back()

    hands.tap(_link(hands, "添加账号"))
    hands.page.get_by_label("姓名").fill(NEWCOMER.name)
    hands.page.get_by_label("用户名").fill(NEWCOMER.username)
    hands.page.get_by_label("角色", exact=True).select_option(label="承办人")
    hands.page.get_by_label("武冈市的单位").select_option(label="武冈市民政局")
    hands.tap(_button(hands, "添加账号"))
    hands.page.wait_for_url(ADDRESS)
    return _made_password(hands)


def test_the_administrators_day_from_a_new_bureau_to_a_closed_account(make_phone: Callable[..., Phone]) -> None:
    admin, newcomer = Hands(make_phone()), Hands(make_phone())
    admin.sign_in(ADMIN)
    expect(admin.page.get_by_role("heading", name="人员和单位")).to_be_visible()
    password = _add_newcomer(admin)
    newcomer.sign_in(NEWCOMER, password)
    expect(newcomer.page.get_by_role("heading", name="工作台")).to_be_visible()

    # He gets a village, too: his phone lets him record there without signing in again.
    admin.tap(_button(admin, "加角色"))
    sheet = _sheet(admin, "加角色")
    sheet.get_by_label("角色", exact=True).select_option(label="干部")
    admin.tap(sheet.get_by_role("button", name="添加"))
    expect(sheet.get_by_text("这个角色不能放在这一级")).to_be_visible()
    sheet.get_by_label("武冈市的乡镇街道").select_option(label="邓家铺镇")
    # His thumb is quicker than the network: it is the village all the same, not the township above it.
    admin.page.route(f"**/api/areas?code={VILLAGE}", lambda _: None)
    sheet.get_by_label("邓家铺镇的村社区").select_option(label="扶峰村委会")
    admin.tap(sheet.get_by_role("button", name="添加"))
    expect(admin.page.get_by_text("干部 · 邓家铺镇 扶峰村委会")).to_be_visible()
    newcomer.sync_now()
    newcomer.go_to("记下访")
    expect(newcomer.page.locator("label.choice", has_text="扶峰村")).to_be_visible()
    newcomer.page.go_back()

    # And it is taken again.
    admin.tap(admin.page.get_by_role("button", name="去掉 干部"))
    _confirm(admin, "去掉角色", "去掉")
    expect(admin.page.get_by_text("干部 · 邓家铺镇 扶峰村委会")).to_have_count(0)
    newcomer.sync_now()
    expect(newcomer.page.get_by_role("navigation").get_by_role("link", name="记下访")).to_have_count(0)

    # A forgotten password: his phone asks for the new one.
    admin.tap(_button(admin, "换新密码"))
    _confirm(admin, "换新密码", "换新密码")
    expect(admin.page.get_by_role("region", name="新密码")).not_to_contain_text(password)
    second = _made_password(admin)
    admin.tap(_button(admin, "已经告诉他了"))
    expect(admin.page.get_by_text(second)).to_have_count(0)
    newcomer.tap(newcomer.sync_bar())
    newcomer.give_password(second)
    newcomer.wait_until_synced()

    # He leaves.
    admin.tap(_button(admin, "停用账号"))
    _confirm(admin, "停用账号", "停用")
    expect(admin.page.get_by_role("region", name="账号").get_by_text("已停用")).to_be_visible()
    newcomer.tap(newcomer.sync_bar())
    newcomer.give_password(second)
    expect(newcomer.page.get_by_text("用户名或密码不对")).to_be_visible()
    admin.page.go_back()
    admin.page.get_by_label("找人").fill("民政局")
    expect(_link(admin, NEWCOMER.name)).to_contain_text("已停用")


def test_a_password_is_said_once_and_gone_when_the_page_is_left(phone: Phone) -> None:
    hands = Hands(phone)
    hands.sign_in(ADMIN)
    password = _add_newcomer(hands)
    hands.page.go_back()
    hands.tap(_link(hands, NEWCOMER.name))
    expect(hands.page.get_by_role("region", name="角色")).to_be_visible()
    expect(hands.page.get_by_text(password)).to_have_count(0)
    hands.page.reload()
    expect(hands.page.get_by_role("region", name="角色")).to_be_visible()
    expect(hands.page.get_by_text(password)).to_have_count(0)


def test_what_is_wrong_with_a_new_account_is_said_and_what_was_typed_stays(phone: Phone) -> None:
    hands = Hands(phone)
    hands.sign_in(ADMIN)
    hands.tap(_link(hands, "添加账号"))
    hands.tap(_button(hands, "添加账号"))
    expect(hands.page.get_by_text("请填写姓名。")).to_be_visible()
    expect(hands.page.get_by_label("姓名")).to_be_focused()
    hands.page.get_by_label("姓名").fill("李秀英")
    hands.page.get_by_label("用户名").fill(CADRE.username)
    hands.page.get_by_label("角色", exact=True).select_option(label="领导")
    hands.tap(_button(hands, "添加账号"))
    expect(hands.page.get_by_text("这个用户名已经有了，请换一个。")).to_be_visible()
    expect(hands.page.get_by_label("姓名")).to_have_value("李秀英")
    hands.phone.go_offline()
    hands.page.get_by_label("用户名").fill("lixiuying2")
    hands.tap(_button(hands, "添加账号"))
    expect(hands.page.get_by_text("现在没有网络，还没有记上")).to_be_visible()
    hands.phone.go_online()
    hands.tap(_button(hands, "添加账号"))
    hands.page.wait_for_url(ADDRESS)


def test_areas_and_units_are_renamed_and_imported_from_a_file(make_phone: Callable[..., Phone]) -> None:
    hands = Hands(make_phone(screen=DESKTOP))
    hands.sign_in(ADMIN)
    hands.tap(_link(hands, "区划和单位"))
    hands.tap(_button(hands, "从文件导入区划"))
    sheet = _sheet(hands, "导入区划")
    head = "code,name,level,parent_code\n430581000000,武冈市,county,430500000000\n"
    wrong = f"{head}430581199000,新设镇,township,430581000000\n430581199200,,village,430581199000\n"
    _choose_file(sheet, wrong.encode("gb18030"))
    hands.tap(sheet.get_by_role("button", name="导入", exact=True))
    expect(sheet.get_by_role("alert")).to_contain_text("第 4 行")
    _choose_file(sheet, f"{head}430581199000,新设镇,township,430581000000\n".encode("gb18030"))
    hands.tap(sheet.get_by_role("button", name="导入", exact=True))
    expect(sheet).to_be_hidden()

    hands.tap(_link(hands, "新设镇"))
    expect(hands.page.get_by_text("新设镇人民政府")).to_be_visible()
    hands.tap(_button(hands, "改名称"))
    _sheet(hands, "改区划名称").get_by_label("名称").fill("新设乡")
    _confirm(hands, "改区划名称", "保存")
    expect(hands.page.get_by_text("新设乡人民政府")).to_be_visible()
    hands.tap(_link(hands, "上一级"))
    hands.tap(hands.page.get_by_role("button", name="改名称 武冈市水利局"))
    _sheet(hands, "改单位名称").get_by_label("名称").fill("武冈市水务局")
    _confirm(hands, "改单位名称", "保存")
    expect(hands.page.get_by_role("button", name="改名称 武冈市水务局")).to_be_visible()


def _choose_file(sheet: Locator, data: bytes) -> None:
    file: Any = {"name": "区划.csv", "mimeType": "text/csv", "buffer": data}
    sheet.get_by_label("文件", exact=True).set_input_files(file)


def test_who_administers_a_township_sees_its_people_alone_and_nothing_of_his_own_account_to_change(
    phone: Phone, live_server: LiveServer
) -> None:
    grants = [{"role": "admin", "area_code": TOWNSHIP}]
    new = {"username": "town_admin", "name": "毛勇", "grants": grants}
    password = Caller(live_server.url, ADMIN).call("POST", "/api/people", new)["password"]
    hands = Hands(phone)
    hands.sign_in(Person("town_admin", "毛勇", ()), password)
    expect(hands.page.get_by_text("共 5 个账号")).to_be_visible()
    expect(_link(hands, "刘芳")).to_have_count(0)
    hands.tap(_link(hands, "毛勇"))
    expect(hands.page.get_by_text("这是您自己的账号")).to_be_visible()
    expect(hands.page.locator("main").get_by_role("button")).to_have_count(0)
    hands.phone.open(f"/people/places?code={COUNTY}")
    expect(hands.page.get_by_text("没有找到这个地方，它可能不在您的范围内。")).to_be_visible()


def test_who_is_no_administrator_comes_to_none_of_his_pages(phone: Phone) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    for path in ("/people", "/people/new", "/people/places", "/people/01a20f07-12e7-71f3-9135-e04bed61f03c"):
        hands.phone.open(path)
        expect(hands.page.get_by_role("heading", name="事项", exact=True)).to_be_visible()
    hands.go_to("我的")
    expect(_link(hands, "人员和单位")).to_have_count(0)


def test_somebody_changes_his_password_and_his_other_device_asks_for_the_new_one(
    make_phone: Callable[..., Phone],
) -> None:
    phone, computer = Hands(make_phone()), Hands(make_phone(screen=DESKTOP))
    for hands in (phone, computer):
        hands.sign_in(CADRE)
        hands.wait_until_synced()
    phone.go_to("我的")
    phone.tap(_link(phone, "修改密码"))
    for old, new, said in (
        (PASSWORD, "123", "密码要有 8 到 128 个字符"),
        (PASSWORD, PASSWORD, "新密码和原密码一样"),
        ("wrong horse battery", "new horse battery", "原密码不对，请再输一次。"),
    ):
        phone.page.get_by_label("现在的密码").fill(old)
        phone.page.get_by_label("新密码").fill(new)
        phone.tap(_button(phone, "修改密码"))
        expect(phone.page.get_by_text(said)).to_be_visible()
    phone.page.get_by_label("现在的密码").fill(PASSWORD)
    phone.tap(_button(phone, "修改密码"))
    expect(phone.page.get_by_text("密码改好了")).to_be_visible()
    phone.sync_now()

    computer.tap(computer.sync_bar())
    computer.give_password("new horse battery")
    computer.wait_until_synced()


def test_a_lost_phone_is_signed_out_from_another_device_and_keeps_what_was_not_sent(
    make_phone: Callable[..., Phone], live_server: LiveServer
) -> None:
    lost, computer = Hands(make_phone()), Hands(make_phone(screen=DESKTOP))
    lost.sign_in(CADRE)
    lost.wait_until_usable_offline()
    lost.phone.go_offline()
    lost.record_visit("现场办公", "扶峰村", [("水渠堵了", "饮水水利", None)])
    computer.sign_in(CADRE)
    computer.go_to("我的")
    computer.tap(_link(computer, "登录的设备"))
    devices = computer.page.get_by_role("list", name="登录的设备").get_by_role("listitem")
    expect(devices).to_have_count(2)
    this, other = devices.filter(has_text="就是这一部"), devices.filter(has_not_text="就是这一部")
    expect(this.get_by_role("button")).to_have_count(0)
    computer.tap(other.get_by_role("button", name="让它退出"))
    _confirm(computer, "让它退出", "让它退出")
    expect(devices).to_have_count(1)

    lost.phone.go_online()
    expect(lost.sync_bar()).to_contain_text("需要密码", timeout=30_000)
    assert Caller(live_server.url, CADRE).visits() == []
    lost.give_password()
    lost.wait_until_synced()
    assert len(Caller(live_server.url, CADRE).visits()) == 1
