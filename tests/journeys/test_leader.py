"""(c) The leader's Monday: what is open adds up, who sits on it is named, every number opens exactly its matters."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from server.domain.times import shanghai_day
from tests.cast import BUREAU, CADRE, COORDINATOR, COUNTY_LEADER, LEADER, SHARED_VILLAGE, VILLAGE, Person
from tests.harness.caller import Caller, mutation
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands, Json, new_act, new_matter, new_visit

NOW = datetime.now(UTC)
LAST_WEEK = NOW - timedelta(days=7)
LONG_AGO = NOW - timedelta(days=70)
LONGEST_AGO = NOW - timedelta(days=100)
TOWNSHIP_UNIT = "邓家铺镇人民政府"


def _fill(server: LiveServer) -> None:
    """Nine matters, in a township of which the other villages have none: two resolved on the spot, one later, one
    explained, one unachieved, four open; of those two are overdue, 40 days at BUREAU and 10 at the township."""
    cadre = Caller(server.url, CADRE)
    explained, unachieved, resolved = (
        new_matter("想要宅基地", "housing"),
        new_matter("要求改道", "road"),
        new_matter("井盖丢了", "road"),
    )
    bridge = new_matter("危桥", "road")
    receipts = cadre.push(
        [
            new_visit(VILLAGE, LONGEST_AGO, [bridge]),
            _petition(new_visit(SHARED_VILLAGE, LONG_AGO, [new_matter("危房", "housing")])),
            new_visit(VILLAGE, LAST_WEEK, [resolved, new_matter("水压低", "water")]),
            new_visit(
                VILLAGE, NOW, [new_matter("水渠堵了", "water", "水渠通了"), new_matter("路灯坏了", "power"), explained]
            ),
            new_visit(SHARED_VILLAGE, NOW, [new_matter("医保缴费", "health", "当场缴上"), unachieved]),
            new_act(resolved, "resolve", "井盖补上了，孩子上学不绕路", NOW),
            new_act(explained, "explain", "不符合一户一宅", NOW),
            new_act(unachieved, "unachieve", "省道线位不能改", NOW),
        ]
    )
    coordinator = Caller(server.url, COORDINATOR)
    unit = next(each for each in coordinator.call("GET", "/api/reference")["units"] if each["name"] == BUREAU)
    receipts += coordinator.push([_assign(bridge, unit["id"])])
    assert [receipt["status"] for receipt in receipts] == ["applied"] * 9


def _petition(visit: Json) -> Json:
    return visit | {"args": visit["args"] | {"kind": "petition"}}


def _assign(matter: Json, unit_id: str) -> Json:
    act = new_act(matter, "assign", "", LONGEST_AGO)
    args = {name: value for name, value in act["args"].items() if name != "text"} | {"unit_id": unit_id}
    return mutation("matter.act", args)


IN_ALL = {
    "上期结转": set[str](),
    "新增": {"水渠堵了", "路灯坏了", "想要宅基地", "医保缴费", "要求改道", "危房", "危桥", "井盖丢了", "水压低"},
    "重新办理": set[str](),
    "办结": {"水渠堵了", "医保缴费", "井盖丢了"},
    "其中现场办结": {"水渠堵了", "医保缴费"},
    "解释答复": {"想要宅基地"},
    "尽力未成": {"要求改道"},
    "未办结": {"路灯坏了", "危房", "危桥", "水压低"},
    "其中逾期": {"危房", "危桥"},
}
TODAY = IN_ALL | {
    "上期结转": {"危房", "危桥", "井盖丢了", "水压低"},
    "新增": {"水渠堵了", "路灯坏了", "想要宅基地", "医保缴费", "要求改道"},
}


def _since_the_beginning(hands: Hands) -> None:
    hands.choose_free_period(LONGEST_AGO - timedelta(days=1), NOW)


@pytest.mark.parametrize("leader", [LEADER, COUNTY_LEADER], ids=lambda leader: leader.username)
@pytest.mark.parametrize(("first", "lists"), [(LONGEST_AGO, IN_ALL), (NOW, TODAY)], ids=["in all", "today"])
def test_what_is_open_adds_up_and_every_number_opens_its_matters(
    desktop: Phone, live_server: LiveServer, leader: Person, first: datetime, lists: dict[str, set[str]]
) -> None:
    _fill(live_server)
    hands = Hands(desktop)
    hands.sign_in(leader)
    hands.choose_free_period(first, NOW)
    expect(_line(hands, "新增")).to_contain_text(f"{len(lists['新增'])} 件")
    seen = {name: _count(hands, name) for name in lists}

    came = seen["上期结转"] + seen["新增"] + seen["重新办理"]
    assert came - seen["办结"] - seen["解释答复"] - seen["尽力未成"] == seen["未办结"]
    assert seen == {name: len(titles) for name, titles in lists.items()}
    for name, titles in lists.items():
        if titles:
            hands.tap(_line(hands, name).get_by_role("link"))
            assert _titles(hands) == titles
            hands.page.go_back()


def test_a_number_stands_beside_the_period_before_in_words_too(phone: Phone, live_server: LiveServer) -> None:
    _fill(live_server)
    hands = Hands(phone)
    hands.sign_in(LEADER)
    hands.choose_free_period(NOW - timedelta(days=2), NOW)

    # Five in these three days, none in the three before, two in the three before those.
    expect(_line(hands, "新增").get_by_role("link", name=re.compile("^新增 5 件 ?，比上期多 5 件$"))).to_be_visible()
    hands.tap(hands.page.get_by_role("button", name="前一段"))
    expect(_line(hands, "新增")).to_contain_text("比上期少 2 件")
    hands.tap(hands.page.get_by_role("button", name="后一段"))
    expect(_line(hands, "新增")).to_contain_text("比上期多 5 件")


def test_one_steps_back_from_week_to_week_and_returns_to_this_one(phone: Phone, live_server: LiveServer) -> None:
    hands = Hands(phone)
    hands.sign_in(LEADER)
    hands.choose("本周")
    now = _days_shown(hands)
    hands.tap(hands.page.get_by_role("button", name="前一段"))
    expect(hands.page.get_by_role("radio", name="本周")).not_to_be_checked()
    assert _days_shown(hands) != now
    hands.choose("本周")
    expect(hands.page.get_by_role("radio", name="本周")).to_be_checked()
    assert _days_shown(hands) == now


def test_a_leader_goes_down_to_the_village_and_each_row_opens_its_own(desktop: Phone, live_server: LiveServer) -> None:
    _fill(live_server)
    hands = Hands(desktop)
    hands.sign_in(COUNTY_LEADER)
    _since_the_beginning(hands)
    hands.tap(_row(hands, "按地方", "邓家铺镇").get_by_role("link", name="邓家铺镇", exact=True))
    expect(hands.page.get_by_role("heading", name="邓家铺镇")).to_be_visible()

    _opens(hands, "按地方", "黄塘村委会", "新增", {"医保缴费", "要求改道", "危房"})
    _opens(hands, "按类别", "住房宅基", "新增", {"想要宅基地", "危房"})
    _opens(hands, "按下访方式", "信访接待", "新增", {"危房"})
    _opens(hands, "按承办单位", BUREAU, "其中逾期", {"危桥"})
    _opens(hands, "按承办单位", BUREAU, "接办", set[str]())

    hands.tap(_row(hands, "按地方", "黄塘村委会").get_by_role("link", name="黄塘村委会", exact=True))
    expect(hands.page.get_by_role("heading", name="黄塘村委会")).to_be_visible()
    expect(_line(hands, "新增")).to_contain_text("3 件")
    hands.tap(hands.page.get_by_role("link", name="上一级"))
    expect(hands.page.get_by_role("heading", name="邓家铺镇")).to_be_visible()


def test_months_open_their_matters(desktop: Phone, live_server: LiveServer) -> None:
    _fill(live_server)
    hands = Hands(desktop)
    hands.sign_in(LEADER)
    hands.tap(hands.page.get_by_text("看每月数字"))
    month = shanghai_day(NOW)
    hands.tap(hands.page.get_by_role("link", name=f"{month.year} 年 {month.month} 月办结 3 件"))
    assert _titles(hands) == {"水渠堵了", "医保缴费", "井盖丢了"}


def test_a_place_without_matters_stands_apart(phone: Phone, live_server: LiveServer) -> None:
    _fill(live_server)
    hands = Hands(phone)
    hands.sign_in(LEADER)
    _since_the_beginning(hands)
    places = hands.page.get_by_role("region", name="按地方")
    expect(places.get_by_role("rowheader")).to_have_text(["扶峰村委会", "黄塘村委会"])
    hands.tap(places.get_by_text(re.compile("另有 [0-9]+ 个这段时间没有事项")))
    expect(places.get_by_role("link", name="东旗村委会")).to_be_visible()


def test_who_sits_on_it_longest_is_named_first(phone: Phone, live_server: LiveServer) -> None:
    _fill(live_server)
    hands = Hands(phone)
    hands.sign_in(LEADER)
    _since_the_beginning(hands)
    expect(hands.page.get_by_role("region", name="卡在哪里")).to_contain_text(f"{BUREAU}，最长已逾期 40 天")
    units = hands.page.get_by_role("region", name="按承办单位")
    expect(units.get_by_role("rowheader")).to_have_text([BUREAU, TOWNSHIP_UNIT])
    expect(units.get_by_role("row").nth(1)).to_contain_text("40 天")
    expect(units.get_by_role("row").nth(2)).to_contain_text("10 天")

    hands.tap(units.get_by_role("link", name=f"{BUREAU}其中逾期 1 件"))
    expect(hands.matter("危桥")).to_contain_text(BUREAU)
    expect(hands.matter("危桥")).to_contain_text("逾期 40 天")
    hands.tap(hands.matter("危桥"))
    expect(hands.page.get_by_role("region", name="办理记录")).to_be_visible()
    expect(hands.page.get_by_role("button", name="办结")).to_have_count(0)


def test_the_list_says_what_changed_for_the_resident(phone: Phone, live_server: LiveServer) -> None:
    _fill(live_server)
    hands = Hands(phone)
    hands.sign_in(LEADER)
    hands.tap(_line(hands, "办结").get_by_role("link"))
    expect(hands.matter("井盖丢了")).to_contain_text("井盖补上了，孩子上学不绕路")


def test_a_cell_of_the_heat_table_opens_its_matters(phone: Phone, live_server: LiveServer) -> None:
    _fill(live_server)
    hands = Hands(phone)
    hands.sign_in(LEADER)
    _since_the_beginning(hands)
    heat = hands.page.get_by_role("region", name="哪里、哪类事多")
    hands.choose("逾期", heat)
    expect(heat.get_by_role("link", name=re.compile("件$"))).to_have_count(2)
    hands.choose("新增", heat)
    hands.tap(heat.get_by_role("link", name="黄塘村委会住房宅基新增 1 件"))
    assert _titles(hands) == {"危房"}


def test_what_came_late_to_a_period_that_is_over_is_listed(phone: Phone, live_server: LiveServer) -> None:
    _fill(live_server)
    hands = Hands(phone)
    hands.sign_in(LEADER)
    hands.choose_free_period(LONGEST_AGO, LAST_WEEK)
    late = hands.page.get_by_role("region", name="晚到的变化")
    expect(late).to_contain_text("新增 +4")
    hands.tap(late.get_by_role("link", name="看是哪些事项"))
    expect(hands.page.get_by_role("heading", name="晚到的变化")).to_be_visible()
    changes = hands.page.get_by_role("list", name="变化").get_by_role("link")
    expect(changes.filter(has_text="新增 +1")).to_have_count(4)
    hands.tap(changes.filter(has_text="新增 +1").filter(has_text="危房"))
    expect(hands.page.get_by_role("heading", name="危房")).to_be_visible()


@pytest.mark.killed
def test_the_last_answer_is_readable_offline_with_its_time(phone: Phone, live_server: LiveServer) -> None:
    _fill(live_server)
    hands = Hands(phone)
    hands.sign_in(LEADER)
    expect(_line(hands, "新增")).to_be_visible()
    said = _line(hands, "新增").inner_text()
    hands.wait_until_usable_offline()

    phone.go_offline()
    phone.restart()
    hands.open("/")

    expect(_line(hands, "新增")).to_be_visible()
    assert _line(hands, "新增").inner_text() == said
    expect(hands.page.get_by_text(re.compile("数据时间.*不是最新"))).to_be_visible()


def _line(hands: Hands, name: str) -> Locator:
    """A line of the ledger. (Asked for anew each time: a restarted phone has another page.)"""
    lines = hands.page.get_by_role("region", name="办理情况").get_by_role("listitem")
    return lines.filter(has_text=re.compile(rf"^[+−=]?{name}[0-9]"))


def _count(hands: Hands, name: str) -> int:
    return int(_line(hands, name).locator("b").inner_text().split()[0])


def _days_shown(hands: Hands) -> str:
    """The days between the two steps."""
    return hands.page.get_by_role("button", name="前一段").locator("+ p").inner_text()


def _row(hands: Hands, table: str, name: str) -> Locator:
    return hands.page.get_by_role("region", name=table).get_by_role("row").filter(has_text=name)


def _opens(hands: Hands, table: str, row: str, number: str, titles: set[str]) -> None:
    """The number of a row opens exactly these; none: there is nothing to open."""
    link = _row(hands, table, row).get_by_role("link", name=re.compile(f"{number} [0-9]+ 件"))
    if not titles:
        expect(link).to_have_count(0)
        return
    hands.tap(link)
    assert _titles(hands) == titles
    hands.page.go_back()


def _titles(hands: Hands) -> set[str]:
    expect(hands.page.get_by_role("heading", name="事项清单")).to_be_visible()
    rows = hands.page.get_by_role("list", name="事项").get_by_role("listitem")
    expect(rows.first).to_be_visible()
    return {row.locator(".title").inner_text() for row in rows.all()}
