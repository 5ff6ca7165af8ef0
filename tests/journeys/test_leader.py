"""(c) The leader's numbers are what was entered, and each opens exactly the matters behind it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from server.domain.times import shanghai_day
from tests.cast import CADRE, COUNTY_LEADER, LEADER, SHARED_VILLAGE, VILLAGE, Person
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands, new_act, new_matter, new_visit

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=70)


def _fill(server: LiveServer) -> None:
    """Six matters: two resolved on the spot, one explained, one unachieved, two open, of which one overdue."""
    cadre = Caller(server.url, CADRE)
    explained, unachieved = new_matter("想要宅基地", "housing"), new_matter("要求改道", "road")
    receipts = cadre.push(
        [
            new_visit(
                VILLAGE, NOW, [new_matter("水渠堵了", "water", "水渠通了"), new_matter("路灯坏了", "power"), explained]
            ),
            new_visit(SHARED_VILLAGE, NOW, [new_matter("医保缴费", "health", "当场缴上"), unachieved]),
            new_visit(SHARED_VILLAGE, LONG_AGO, [new_matter("危房", "housing")]),
            new_act(explained, "explain", "不符合一户一宅", NOW),
            new_act(unachieved, "unachieve", "省道线位不能改", NOW),
        ]
    )
    assert [receipt["status"] for receipt in receipts] == ["applied"] * 5


THIS_YEAR = {
    "新增": {"水渠堵了", "路灯坏了", "想要宅基地", "医保缴费", "要求改道", "危房"},
    "办结": {"水渠堵了", "医保缴费"},
    "其中现场办结": {"水渠堵了", "医保缴费"},
    "解释答复": {"想要宅基地"},
    "尽力未成": {"要求改道"},
    "未办结": {"路灯坏了", "危房"},
    "其中逾期": {"危房"},
}


@pytest.mark.parametrize("leader", [LEADER, COUNTY_LEADER], ids=lambda leader: leader.username)
def test_every_number_is_what_was_entered_and_opens_its_matters(
    desktop: Phone, live_server: LiveServer, leader: Person
) -> None:
    _fill(live_server)
    hands = Hands(desktop)
    hands.sign_in(leader)
    for label, titles in THIS_YEAR.items():
        hands.choose_free_period(LONG_AGO - timedelta(days=1), NOW)
        tile = hands.page.get_by_role("link", name=f"{label} {len(titles)} 件", exact=True)
        hands.tap(tile)
        assert _titles(hands) == titles
        hands.page.go_back()
    expect(hands.page.get_by_text("其中群众确认")).not_to_have_count(0)


def test_rows_open_their_own_matters_and_lead_down_to_the_village(desktop: Phone, live_server: LiveServer) -> None:
    _fill(live_server)
    hands = Hands(desktop)
    hands.sign_in(COUNTY_LEADER)
    hands.choose_free_period(LONG_AGO - timedelta(days=1), NOW)
    hands.tap(hands.page.get_by_role("link", name="邓家铺镇", exact=True))
    expect(hands.page.get_by_role("heading", name="邓家铺镇")).to_be_visible()

    hands.tap(_row(hands, "按地方", "黄塘村委会").get_by_role("link", name="新增"))
    assert _titles(hands) == {"医保缴费", "要求改道", "危房"}
    hands.page.go_back()
    hands.tap(_row(hands, "按类别", "住房宅基").get_by_role("link", name="新增"))
    assert _titles(hands) == {"想要宅基地", "危房"}
    hands.page.go_back()
    hands.tap(_row(hands, "按承办单位", "邓家铺镇人民政府").get_by_role("link", name="其中逾期"))
    assert _titles(hands) == {"危房"}
    hands.page.go_back()
    hands.tap(hands.page.get_by_text("看每月数字"))
    month = shanghai_day(NOW)
    hands.tap(hands.page.get_by_role("link", name=f"{month.year} 年 {month.month} 月办结 2 件"))
    assert _titles(hands) == {"水渠堵了", "医保缴费"}
    hands.page.go_back()
    hands.tap(_row(hands, "按承办单位", "邓家铺镇人民政府").get_by_role("link", name="其中逾期"))

    # Who is sitting on it is said in the list.
    expect(hands.matter("危房")).to_contain_text("邓家铺镇人民政府")
    hands.tap(hands.matter("危房"))
    expect(hands.page.get_by_role("region", name="办理记录")).to_be_visible()
    expect(hands.page.get_by_text("邓家铺镇").first).to_be_visible()
    expect(hands.page.get_by_role("button", name="办结")).to_have_count(0)


def test_the_last_answer_is_readable_offline_with_its_time(phone: Phone, live_server: LiveServer) -> None:
    _fill(live_server)
    hands = Hands(phone)
    hands.sign_in(LEADER)
    expect(_raised(hands)).to_be_visible()
    said = _raised(hands).inner_text()
    hands.wait_until_usable_offline()

    phone.go_offline()
    phone.restart()
    phone.open("/")

    expect(_raised(hands)).to_be_visible()
    assert _raised(hands).inner_text() == said
    expect(hands.page.get_by_text(re.compile("数据时间.*不是最新"))).to_be_visible()


def _raised(hands: Hands) -> Locator:
    """The tile 新增. (Asked for anew each time: a restarted phone has another page.)"""
    return hands.page.get_by_role("link", name=re.compile("^新增 "))


def _row(hands: Hands, table: str, name: str) -> Locator:
    return hands.page.get_by_role("region", name=table).get_by_role("row").filter(has_text=name)


def _titles(hands: Hands) -> set[str]:
    expect(hands.page.get_by_role("heading", name="事项清单")).to_be_visible()
    rows = hands.page.get_by_role("list", name="事项").get_by_role("listitem")
    expect(rows.first).to_be_visible()
    return {row.locator(".title").inner_text() for row in rows.all()}
