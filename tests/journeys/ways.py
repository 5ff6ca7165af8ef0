"""How a person comes to a page of the app and to each of its states; the scenes (scenes.py) begin so."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route, expect

from tests import cast
from tests.journeys.hands import Hands

Going = Callable[[Hands], None]


def stay(_: Hands) -> None:
    """Where the person is after signing in."""


def page(path: str) -> Going:
    def go(hands: Hands) -> None:
        hands.phone.open(path)
        hands.page.wait_for_load_state("networkidle")

    return go


def matter(title: str) -> Going:
    def go(hands: Hands) -> None:
        hands.go_to("事项")
        hands.choose("全部")
        hands.tap(hands.matter(title))
        expect(hands.page.get_by_role("heading", name=title)).to_be_visible()

    return go


def act(title: str, button: str) -> Going:
    def go(hands: Hands) -> None:
        matter(title)(hands)
        hands.tap(hands.page.get_by_role("button", name=button, exact=True))

    return go


def empty_visit(hands: Hands) -> None:
    hands.go_to("记下访")
    expect(hands.page.get_by_role("button", name="保存")).to_be_visible()


VISIT = ("现场办公", "扶峰村", [("三组水渠堵了", "饮水水利", "清淤 80 米，12 户能浇地了。")])


def filled_visit(hands: Hands) -> None:
    hands.record_visit(*VISIT, save=False)
    hands.page.mouse.wheel(0, -5000)
    hands.phone.evaluate("document.activeElement.blur()")


def incomplete_visit(hands: Hands) -> None:
    empty_visit(hands)
    hands.tap(hands.page.get_by_role("button", name="再加一件"))
    hands.tap(hands.page.get_by_role("button", name="保存"))


def village_search(hands: Hands) -> None:
    empty_visit(hands)
    hands.tap(hands.page.get_by_role("button", name="其他村"))
    hands.type("ht")


def offline(hands: Hands) -> None:
    hands.wait_until_usable_offline()
    hands.phone.go_offline()
    hands.record_visit(*VISIT)
    expect(hands.sync_bar()).to_contain_text("离线")


def offline_visits(hands: Hands) -> None:
    offline(hands)
    hands.go_to("我的")
    hands.tap(hands.page.get_by_role("link", name="我的下访"))


def password_asked(hands: Hands) -> None:
    offline(hands)
    hands.phone.context.clear_cookies()
    hands.phone.go_online()
    hands.tap(hands.page.get_by_role("banner").get_by_role("button", name="需要密码"))


def refused(hands: Hands) -> None:
    """The server really refuses: the visit's village is changed on its way to one that does not exist."""

    def spoil(route: Route) -> None:
        body: Any = route.request.post_data_json
        for mutation in body["mutations"]:
            mutation["args"]["village_code"] = "430581105999"
        route.continue_(post_data=body)

    hands.page.route("**/api/sync/push", spoil)
    hands.record_visit(*VISIT)
    hands.tap(hands.page.get_by_role("banner").get_by_role("link", name="需处理"))
    expect(hands.page.get_by_role("button", name="修改后重发")).to_be_visible()


def tally_matters(hands: Hands) -> None:
    hands.page.get_by_role("link", name="新增").first.click()
    expect(hands.page.get_by_text("共")).to_be_visible()


def tally(hands: Hands) -> None:
    expect(hands.page.get_by_role("heading", name="邓家铺镇")).to_be_visible()
    hands.choose("本年")
    hands.page.wait_for_load_state("networkidle")


def tally_printed(hands: Hands) -> None:
    hands.tap(hands.page.get_by_role("link", name="打印"))
    expect(hands.page.get_by_role("article")).to_be_visible()


def late_changes(hands: Hands) -> None:
    """What was entered only now of a month that is long over."""
    hands.tap(hands.page.get_by_role("button", name="前一段"))
    hands.tap(hands.page.get_by_role("link", name="看是哪些事项"))
    expect(hands.page.get_by_role("list", name="变化")).to_be_visible()


def kept_tally(hands: Hands) -> None:
    tally(hands)
    hands.wait_until_usable_offline()
    hands.phone.go_offline()
    hands.open("/tallies")


def escalate(hands: Hands) -> None:
    hands.tap(hands.page.get_by_role("button", name="上报", exact=True))


def give_back(hands: Hands) -> None:
    hands.tap(hands.page.get_by_role("button", name="退回", exact=True))
    hands.choose("超出权限", hands.page.get_by_role("dialog", name="退回"))


def recorded_visit(hands: Hands) -> None:
    hands.record_visit(*VISIT, save=False)
    hands.save()
    expect(hands.page.get_by_role("img", name="群众评价的二维码")).to_be_visible()


def invited(hands: Hands) -> None:
    matter("灌溉渠堵塞，二十亩田缺水")(hands)
    hands.tap(hands.page.get_by_role("button", name="请群众评价"))
    expect(hands.page.get_by_role("img", name="群众评价的二维码")).to_be_visible()


def matter_list(hands: Hands) -> None:
    hands.go_to("事项")
    expect(hands.page.get_by_role("list", name="事项")).to_be_visible()


def pile(name: str, *buttons: str) -> Going:
    def go(hands: Hands) -> None:
        hands.choose(name)
        expect(hands.page.get_by_role("list", name=name)).to_be_visible()
        for button in buttons:
            hands.tap(hands.page.get_by_role("button", name=button).first)

    return go


def cases(hands: Hands) -> None:
    hands.phone.open("/cases")
    expect(hands.page.get_by_text("共 3 条")).to_be_visible()


def cases_without_finds(hands: Hands) -> None:
    cases(hands)
    hands.page.get_by_label("搜索好经验").fill("桥")
    expect(hands.page.get_by_text("没有找到")).to_be_visible()


def case(hands: Hands) -> None:
    cases(hands)
    hands.tap(hands.page.get_by_role("link", name="五组路灯不亮"))
    expect(hands.page.get_by_role("heading", name="怎么办的")).to_be_visible()


def case_form(hands: Hands) -> None:
    cases(hands)
    hands.tap(hands.page.get_by_role("link", name="五组路灯不亮"))
    hands.tap(hands.page.get_by_role("link", name="修改或撤下"))
    expect(hands.page.get_by_label("标题")).to_be_visible()


def case_kept(hands: Hands) -> None:
    case_form(hands)
    hands.page.get_by_label("怎么办的").fill("邓家铺镇换了六盏太阳能路灯，电话 13800000000。")
    hands.tap(hands.page.get_by_role("button", name="列入好经验"))
    expect(hands.page.get_by_role("heading", name="已列入好经验")).to_be_visible()


def then(*goings: Going) -> Going:
    def go(hands: Hands) -> None:
        for going in goings:
            going(hands)

    return go


def call_sheet(hands: Hands) -> None:
    page("/callbacks")(hands)
    hands.tap(hands.page.get_by_role("button", name="记结果").first)
    hands.choose("不满意", hands.page.get_by_role("dialog", name="记结果"))


def draw(hands: Hands) -> None:
    page("/callbacks/draws")(hands)
    hands.tap(hands.page.get_by_role("link", name="邓家铺镇"))
    hands.tap(hands.page.get_by_role("button", name="在这里重抽一遍"))
    expect(hands.page.get_by_text("与记录一样")).to_be_visible()


def set_aside(hands: Hands) -> None:
    page("/ratings?which=all")(hands)
    hands.tap(hands.page.get_by_role("button", name="不计入").first)
    hands.tap(hands.page.get_by_role("dialog").get_by_role("button", name="不计入"))


def wrong_password_change(hands: Hands) -> None:
    page("/account/password")(hands)
    hands.page.get_by_label("现在的密码").fill(cast.PASSWORD)
    hands.page.get_by_label("新密码", exact=False).fill("123")
    hands.tap(hands.page.get_by_role("button", name="修改密码"))


def found(person: cast.Person) -> Going:
    def go(hands: Hands) -> None:
        hands.page.get_by_label("找人").fill(person.name)
        hands.tap(hands.page.get_by_role("link", name=person.name))
        expect(hands.page.get_by_role("region", name="角色")).to_be_visible()

    return go


def nobody_found(hands: Hands) -> None:
    hands.page.get_by_label("找人").fill("没有这个人")
    expect(hands.page.get_by_text("没有找到这样的账号。")).to_be_visible()


def new_password(hands: Hands) -> None:
    """Of somebody who is in no other scene: it signs him out everywhere."""
    found(cast.COLLEAGUE)(hands)
    hands.tap(hands.page.get_by_role("button", name="换新密码"))
    hands.tap(hands.page.get_by_role("dialog").get_by_role("button", name="换新密码"))
    expect(hands.page.get_by_role("region", name="新密码")).to_be_visible()


def role_sheet(hands: Hands) -> None:
    hands.tap(hands.page.get_by_role("button", name="加角色"))
    sheet = hands.page.get_by_role("dialog", name="加角色")
    sheet.get_by_label("角色", exact=True).select_option(label="承办人")
    expect(sheet.get_by_label("武冈市的单位")).to_be_visible()
    hands.tap(sheet.get_by_role("button", name="添加"))


def incomplete_person(hands: Hands) -> None:
    page("/people/new")(hands)
    hands.page.get_by_label("姓名").fill("何莉莉")
    hands.tap(hands.page.get_by_role("button", name="添加账号"))


def wrong_file(hands: Hands) -> None:
    page("/people/places")(hands)
    hands.tap(hands.page.get_by_role("button", name="从文件导入区划"))
    wrong = "code,name,level,parent_code\n430581199200,新设村,village,430581199000\n430582000000,邵东市,county,\n"
    file: Any = {"name": "区划.csv", "mimeType": "text/csv", "buffer": wrong.encode()}
    hands.page.get_by_label("文件", exact=True).set_input_files(file)
    hands.tap(hands.page.get_by_role("button", name="导入", exact=True))
    expect(hands.page.get_by_text("2 行不对")).to_be_visible()


def duties(hands: Hands) -> None:
    page("/responsibilities")(hands)
    expect(hands.page.get_by_role("heading", name="武冈市权责清单")).to_be_visible()


def editing_duties(hands: Hands) -> None:
    duties(hands)
    hands.tap(hands.page.get_by_role("link", name="修改清单"))
    expect(hands.page.get_by_role("list", name="清单条目")).to_be_visible()


def duties_from_a_wrong_file(hands: Hands) -> None:
    editing_duties(hands)
    rows = [
        "类别,级别,承办单位,办理天数（工作日）,法律依据,乡镇可自办",
        f"道路交通,县市区,{cast.BUREAU},20,《公路法》,否",
    ]
    rows.append("饮水水利,县市区,武冈市水电局,半个月,《水法》,否")
    file: Any = {"name": "清单.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    hands.page.get_by_label("从文件导入").set_input_files(file)
    expect(hands.page.get_by_text("文件第 3 行").first).to_be_visible()


def one_duty(hands: Hands) -> None:
    editing_duties(hands)
    hands.tap(hands.page.get_by_role("button", name="道路交通 · 县市区"))
    expect(hands.page.get_by_role("dialog", name="清单里的一条")).to_be_visible()


def correcting_refused(hands: Hands) -> None:
    refused(hands)
    hands.tap(hands.page.get_by_role("button", name="修改后重发"))
    expect(hands.page.get_by_label("什么事")).to_have_value("三组水渠堵了")


def handed_in(hands: Hands) -> None:
    hands.go_to("工作台")
    hands.tap(hands.page.get_by_role("link", name="交回的记录"))
    expect(hands.page.get_by_role("button", name="全部收下")).to_be_visible()


def drop_sheet(hands: Hands) -> None:
    hands.tap(hands.page.get_by_role("button", name="不采用 现场办公：六组排水沟塌了"))
    sheet = hands.page.get_by_role("dialog", name="不采用")
    hands.tap(sheet.get_by_role("button", name="不采用"))
    expect(sheet.get_by_text("请写一句理由。")).to_be_visible()
