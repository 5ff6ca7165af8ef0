"""Every page of the app in its main states, and how a person comes there: pictures are taken of them
(tools/screenshots.py), and axe looks at them (test_accessibility.py). They need the sample records."""

from collections.abc import Callable
from typing import Any, NamedTuple

from playwright.sync_api import Route, expect

from tests import cast
from tests.harness.phone import DESKTOP, PHONE, Screen
from tests.journeys.hands import Hands

Going = Callable[[Hands], None]


class Scene(NamedTuple):
    """`person` is signed in (None: nobody) on a `screen`; `go` leads from there to what is looked at."""

    name: str
    person: cast.Person | None
    screen: Screen
    go: Going

    def enter(self, hands: Hands) -> None:
        """Sign in on a new phone and go there."""
        if self.person is None:
            hands.phone.open("/signin")
        else:
            hands.sign_in(self.person)
            if self.person in (cast.CADRE, cast.HANDLER, cast.COORDINATOR):
                hands.wait_until_usable_offline()
        self.go(hands)
        expect(hands.page.locator("main")).to_be_visible()


def _stay(_: Hands) -> None:
    """Where the person is after signing in."""


def _page(path: str) -> Going:
    def go(hands: Hands) -> None:
        hands.phone.open(path)
        hands.page.wait_for_load_state("networkidle")

    return go


def _matter(title: str) -> Going:
    def go(hands: Hands) -> None:
        hands.go_to("事项")
        hands.choose("全部")
        hands.tap(hands.matter(title))
        expect(hands.page.get_by_role("heading", name=title)).to_be_visible()

    return go


def _act(title: str, button: str) -> Going:
    def go(hands: Hands) -> None:
        _matter(title)(hands)
        hands.tap(hands.page.get_by_role("button", name=button, exact=True))

    return go


def _empty_visit(hands: Hands) -> None:
    hands.go_to("记下访")
    expect(hands.page.get_by_role("button", name="保存")).to_be_visible()


_VISIT = ("现场办公", "扶峰村", [("三组水渠堵了", "饮水水利", "清淤 80 米，12 户能浇地了。")])


def _filled_visit(hands: Hands) -> None:
    hands.record_visit(*_VISIT, save=False)
    hands.page.mouse.wheel(0, -5000)
    hands.phone.evaluate("document.activeElement.blur()")


def _incomplete_visit(hands: Hands) -> None:
    _empty_visit(hands)
    hands.tap(hands.page.get_by_role("button", name="再加一件"))
    hands.tap(hands.page.get_by_role("button", name="保存"))


def _village_search(hands: Hands) -> None:
    _empty_visit(hands)
    hands.tap(hands.page.get_by_role("button", name="其他村"))
    hands.type("ht")


def _offline(hands: Hands) -> None:
    hands.phone.go_offline()
    hands.record_visit(*_VISIT)
    expect(hands.sync_bar()).to_contain_text("离线")


def _offline_visits(hands: Hands) -> None:
    _offline(hands)
    hands.go_to("我的")
    hands.tap(hands.page.get_by_role("link", name="我的下访"))


def _password_asked(hands: Hands) -> None:
    _offline(hands)
    hands.phone.context.clear_cookies()
    hands.phone.go_online()
    hands.tap(hands.page.get_by_role("banner").get_by_role("button", name="需要密码"))


def _refused(hands: Hands) -> None:
    """The server really refuses: the visit's village is changed on its way to one that does not exist."""

    def spoil(route: Route) -> None:
        body: Any = route.request.post_data_json
        for mutation in body["mutations"]:
            mutation["args"]["village_code"] = "430581105999"
        route.continue_(post_data=body)

    hands.page.route("**/api/sync/push", spoil)
    hands.record_visit(*_VISIT)
    hands.tap(hands.page.get_by_role("banner").get_by_role("link", name="需处理"))
    expect(hands.page.get_by_role("button", name="修改后重发")).to_be_visible()


def _tally_matters(hands: Hands) -> None:
    hands.page.get_by_role("link", name="新增").first.click()
    expect(hands.page.get_by_text("共")).to_be_visible()


def _tally(hands: Hands) -> None:
    expect(hands.page.get_by_role("heading", name="邓家铺镇")).to_be_visible()
    hands.choose("本年")
    hands.page.wait_for_load_state("networkidle")


def _tally_printed(hands: Hands) -> None:
    hands.tap(hands.page.get_by_role("link", name="打印"))
    expect(hands.page.get_by_role("article")).to_be_visible()


def _late_changes(hands: Hands) -> None:
    """What was entered only now of a month that is long over."""
    hands.tap(hands.page.get_by_role("button", name="前一段"))
    hands.tap(hands.page.get_by_role("link", name="看是哪些事项"))
    expect(hands.page.get_by_role("list", name="变化")).to_be_visible()


def _kept_tally(hands: Hands) -> None:
    _tally(hands)
    hands.wait_until_usable_offline()
    hands.phone.go_offline()
    hands.phone.restart()
    hands.phone.open("/tallies")


def _escalate(hands: Hands) -> None:
    hands.tap(hands.page.get_by_role("button", name="上报", exact=True))


def _return(hands: Hands) -> None:
    hands.tap(hands.page.get_by_role("button", name="退回", exact=True))
    hands.choose("超出权限", hands.page.get_by_role("dialog", name="退回"))


def _recorded_visit(hands: Hands) -> None:
    hands.record_visit(*_VISIT, save=False)
    hands.save()
    expect(hands.page.get_by_role("img", name="群众评价的二维码")).to_be_visible()


def _invited(hands: Hands) -> None:
    _matter("灌溉渠堵塞，二十亩田缺水")(hands)
    hands.tap(hands.page.get_by_role("button", name="请群众评价"))
    expect(hands.page.get_by_role("img", name="群众评价的二维码")).to_be_visible()


def _list(hands: Hands) -> None:
    hands.go_to("事项")
    expect(hands.page.get_by_role("list", name="事项")).to_be_visible()


def _pile(name: str, *buttons: str) -> Going:
    def go(hands: Hands) -> None:
        hands.choose(name)
        expect(hands.page.get_by_role("list", name=name)).to_be_visible()
        for button in buttons:
            hands.tap(hands.page.get_by_role("button", name=button).first)

    return go


def _cases(hands: Hands) -> None:
    hands.phone.open("/cases")
    expect(hands.page.get_by_text("共 3 条")).to_be_visible()


def _cases_without_finds(hands: Hands) -> None:
    _cases(hands)
    hands.page.get_by_label("搜索好经验").fill("桥")
    expect(hands.page.get_by_text("没有找到")).to_be_visible()


def _case(hands: Hands) -> None:
    _cases(hands)
    hands.tap(hands.page.get_by_role("link", name="五组路灯不亮"))
    expect(hands.page.get_by_role("heading", name="怎么办的")).to_be_visible()


def _case_form(hands: Hands) -> None:
    _cases(hands)
    hands.tap(hands.page.get_by_role("link", name="五组路灯不亮"))
    hands.tap(hands.page.get_by_role("link", name="修改或撤下"))
    expect(hands.page.get_by_label("标题")).to_be_visible()


def _case_kept(hands: Hands) -> None:
    _case_form(hands)
    hands.page.get_by_label("怎么办的").fill("邓家铺镇换了六盏太阳能路灯，电话 13800000000。")
    hands.tap(hands.page.get_by_role("button", name="列入好经验"))
    expect(hands.page.get_by_role("heading", name="已列入好经验")).to_be_visible()


def _then(*goings: Going) -> Going:
    def go(hands: Hands) -> None:
        for going in goings:
            going(hands)

    return go


def _call_sheet(hands: Hands) -> None:
    _page("/callbacks")(hands)
    hands.tap(hands.page.get_by_role("button", name="记结果").first)
    hands.choose("不满意", hands.page.get_by_role("dialog", name="记结果"))


def _draw(hands: Hands) -> None:
    _page("/callbacks/draws")(hands)
    hands.tap(hands.page.get_by_role("link", name="邓家铺镇"))
    hands.tap(hands.page.get_by_role("button", name="在这里重抽一遍"))
    expect(hands.page.get_by_text("与记录一样")).to_be_visible()


def _set_aside(hands: Hands) -> None:
    _page("/ratings?which=all")(hands)
    hands.tap(hands.page.get_by_role("button", name="不计入").first)
    hands.tap(hands.page.get_by_role("dialog").get_by_role("button", name="不计入"))


def _wrong_password_change(hands: Hands) -> None:
    _page("/account/password")(hands)
    hands.page.get_by_label("现在的密码").fill(cast.PASSWORD)
    hands.page.get_by_label("新密码", exact=False).fill("123")
    hands.tap(hands.page.get_by_role("button", name="修改密码"))


def _person(hands: Hands) -> None:
    hands.page.get_by_label("找人").fill("李秀英")
    hands.tap(hands.page.get_by_role("link", name="李秀英"))
    expect(hands.page.get_by_role("region", name="角色")).to_be_visible()


def _nobody_found(hands: Hands) -> None:
    hands.page.get_by_label("找人").fill("没有这个人")
    expect(hands.page.get_by_text("没有找到这样的账号。")).to_be_visible()


def _new_password(hands: Hands) -> None:
    hands.tap(hands.page.get_by_role("button", name="换新密码"))
    hands.tap(hands.page.get_by_role("dialog").get_by_role("button", name="换新密码"))
    expect(hands.page.get_by_role("region", name="新密码")).to_be_visible()


def _role_sheet(hands: Hands) -> None:
    hands.tap(hands.page.get_by_role("button", name="加角色"))
    sheet = hands.page.get_by_role("dialog", name="加角色")
    sheet.get_by_label("角色", exact=True).select_option(label="承办人")
    expect(sheet.get_by_label("武冈市的单位")).to_be_visible()
    hands.tap(sheet.get_by_role("button", name="添加"))


def _incomplete_person(hands: Hands) -> None:
    _page("/people/new")(hands)
    hands.page.get_by_label("姓名").fill("何莉莉")
    hands.tap(hands.page.get_by_role("button", name="添加账号"))


def _wrong_file(hands: Hands) -> None:
    _page("/people/places")(hands)
    hands.tap(hands.page.get_by_role("button", name="从文件导入区划"))
    wrong = "code,name,level,parent_code\n430581199200,新设村,village,430581199000\n430582000000,邵东市,county,\n"
    file: Any = {"name": "区划.csv", "mimeType": "text/csv", "buffer": wrong.encode()}
    hands.page.get_by_label("文件", exact=True).set_input_files(file)
    hands.tap(hands.page.get_by_role("button", name="导入", exact=True))
    expect(hands.page.get_by_text("2 行不对")).to_be_visible()


SCENES = [
    Scene("sign-in", None, PHONE, _stay),
    Scene("matters", cast.CADRE, PHONE, _stay),
    Scene("matters-nothing", cast.NEIGHBOUR, PHONE, _stay),
    Scene("matter", cast.CADRE, PHONE, _matter("三组机耕路塌方，农机过不去")),
    Scene("matter-open", cast.CADRE, PHONE, _matter("村口桥面有坑，摩托车容易摔")),
    Scene("matter-resolve", cast.CADRE, PHONE, _act("村口桥面有坑，摩托车容易摔", "办结")),
    Scene("matter-more", cast.CADRE, PHONE, _act("村口桥面有坑，摩托车容易摔", "更多")),
    Scene("visit", cast.CADRE, PHONE, _empty_visit),
    Scene("visit-search", cast.CADRE, PHONE, _village_search),
    Scene("visit-incomplete", cast.CADRE, PHONE, _incomplete_visit),
    Scene("visit-filled", cast.CADRE, PHONE, _filled_visit),
    Scene("visits", cast.CADRE, PHONE, _page("/visits")),
    Scene("account", cast.CADRE, PHONE, _page("/account")),
    Scene("offline", cast.CADRE, PHONE, _offline),
    Scene("offline-visits", cast.CADRE, PHONE, _offline_visits),
    Scene("password-asked", cast.CADRE, PHONE, _password_asked),
    Scene("refused", cast.CADRE, PHONE, _refused),
    Scene("refused-nothing", cast.CADRE, PHONE, _page("/refused")),
    Scene("visit-recorded", cast.CADRE, PHONE, _recorded_visit),
    Scene("matter-invite", cast.CADRE, PHONE, _invited),
    Scene("matter-escalate", cast.CADRE, PHONE, _then(_act("村口桥面有坑，摩托车容易摔", "更多"), _escalate)),
    Scene("handler-desk", cast.HANDLER, PHONE, _pile("办理中")),
    Scene("handler-matters", cast.HANDLER, PHONE, _list),
    Scene("handler-return", cast.HANDLER, PHONE, _then(_act("通村公路弯道没有护栏", "更多"), _return)),
    Scene("coordinator-desk", cast.COORDINATOR, PHONE, _pile("待交办")),
    Scene("coordinator-returned", cast.COORDINATOR, PHONE, _pile("待协调")),
    Scene("coordinator-overdue", cast.COORDINATOR, PHONE, _pile("逾期")),
    Scene("coordinator-extend", cast.COORDINATOR, PHONE, _pile("待协调", "延期：自来水水压不够")),
    Scene("coordinator-merge", cast.COORDINATOR, PHONE, _pile("待协调", "说法相近")),
    Scene("desktop-desk", cast.COORDINATOR, DESKTOP, _pile("待协调")),
    Scene("handler-matter", cast.HANDLER, PHONE, _matter("通村公路弯道没有护栏")),
    Scene("coordinator-assign", cast.COORDINATOR, PHONE, _act("自来水水压不够，三楼没水", "交办")),
    Scene("cases", cast.CADRE, PHONE, _cases),
    Scene("cases-nothing", cast.CADRE, PHONE, _cases_without_finds),
    Scene("case", cast.CADRE, PHONE, _case),
    Scene("case-form", cast.LEADER, PHONE, _case_form),
    Scene("case-kept", cast.LEADER, PHONE, _case_kept),
    Scene("tally", cast.LEADER, PHONE, _tally),
    Scene("tally-matters", cast.LEADER, PHONE, _then(_tally, _tally_matters)),
    Scene("tally-offline", cast.LEADER, PHONE, _kept_tally),
    Scene("tally-changes", cast.LEADER, PHONE, _late_changes),
    Scene("tally-print", cast.LEADER, PHONE, _then(_tally, _tally_printed)),
    Scene("desktop-tally", cast.LEADER, DESKTOP, _tally),
    Scene("desktop-tally-matters", cast.LEADER, DESKTOP, _then(_tally, _tally_matters)),
    Scene("desktop-tally-county", cast.COUNTY_LEADER, DESKTOP, _stay),
    Scene("desktop-tally-print", cast.LEADER, DESKTOP, _then(_tally, _tally_printed)),
    Scene("callbacks", cast.COUNTY_LEADER, PHONE, _page("/callbacks")),
    Scene("callbacks-outcome", cast.COUNTY_LEADER, PHONE, _call_sheet),
    Scene("callbacks-nothing", cast.LEADER, PHONE, _page("/callbacks")),
    Scene("draws", cast.COUNTY_LEADER, PHONE, _page("/callbacks/draws")),
    Scene("draw", cast.COUNTY_LEADER, PHONE, _draw),
    Scene("ratings", cast.COUNTY_LEADER, PHONE, _page("/ratings?which=all")),
    Scene("ratings-nothing", cast.COUNTY_LEADER, PHONE, _page("/ratings")),
    Scene("ratings-set-aside", cast.COUNTY_LEADER, PHONE, _set_aside),
    Scene("desktop-callbacks", cast.COUNTY_LEADER, DESKTOP, _page("/callbacks")),
    Scene("desktop-ratings", cast.COUNTY_LEADER, DESKTOP, _page("/ratings?which=all")),
    Scene("account-password", cast.CADRE, PHONE, _wrong_password_change),
    Scene("account-devices", cast.CADRE, PHONE, _page("/account/devices")),
    Scene("people", cast.ADMIN, PHONE, _stay),
    Scene("people-nothing", cast.ADMIN, PHONE, _nobody_found),
    Scene("person", cast.ADMIN, PHONE, _person),
    Scene("person-password", cast.ADMIN, PHONE, _then(_person, _new_password)),
    Scene("person-role", cast.ADMIN, PHONE, _then(_person, _role_sheet)),
    Scene("person-new", cast.ADMIN, PHONE, _incomplete_person),
    Scene("places", cast.ADMIN, PHONE, _page("/people/places")),
    Scene("places-township", cast.ADMIN, PHONE, _page(f"/people/places?code={cast.TOWNSHIP}")),
    Scene("places-import", cast.ADMIN, PHONE, _wrong_file),
    Scene("desktop-people", cast.ADMIN, DESKTOP, _stay),
    Scene("desktop-account", cast.ADMIN, DESKTOP, _page("/account")),
]
