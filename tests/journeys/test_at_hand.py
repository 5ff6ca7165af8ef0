"""What a thumb does without looking: the back key, a double tap, coming back later, searching in the wrong place."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Locator, expect

from tests.cast import CADRE, LEADER, SHARED_VILLAGE, VILLAGE
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands, new_matter, new_visit

COME_BACK = "document.dispatchEvent(new Event('visibilitychange'))"
CLOCK_SEVENTY_DAYS_AHEAD = "{ const now = Date.now; Date.now = () => now() + 70 * 86400000; }"


def _record(server: LiveServer, *matters: dict[str, object], village: str = VILLAGE) -> None:
    receipts = Caller(server.url, CADRE).push([new_visit(village, datetime.now(UTC), matters)])
    assert [receipt["status"] for receipt in receipts] == ["applied"]


def _stays_on_the_matter(hands: Hands, field: Locator) -> None:
    """The sheet is closed, and the step back that closed it is taken back: a second one before that, faster
    than any thumb, would be a step of the same."""
    expect(field).to_be_hidden()
    hands.until("location.pathname.startsWith('/matters/')")


def test_the_back_key_closes_a_sheet_and_keeps_what_was_typed(phone: Phone, live_server: LiveServer) -> None:
    _record(live_server, new_matter("路灯坏了", "power"))
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_synced()
    hands.tap(hands.matter("路灯坏了"))
    hands.tap(hands.page.get_by_role("button", name="办结", exact=True))
    field = hands.page.get_by_role("dialog", name="办结").get_by_role("textbox")
    expect(field).to_be_focused()
    hands.type("换了灯泡")
    hands.page.go_back()
    _stays_on_the_matter(hands, field)
    expect(hands.page.get_by_role("heading", name="路灯坏了")).to_be_visible()

    hands.tap(hands.page.get_by_role("button", name="办结", exact=True))
    expect(field).to_have_value("换了灯泡")
    hands.page.go_back()
    _stays_on_the_matter(hands, field)
    hands.page.go_back()
    expect(hands.page.get_by_role("list", name="事项")).to_be_visible()


def test_the_second_half_of_a_double_tap_on_save_opens_no_new_form(phone: Phone, live_server: LiveServer) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_synced()
    hands.record_visit("现场办公", "扶峰村", [("路灯坏了", "用电通信", "换了灯泡")], save=False)
    place = hands.page.get_by_role("button", name="保存").bounding_box()
    assert place is not None
    middle = (place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    hands.page.touchscreen.tap(*middle)
    expect(hands.page.get_by_role("heading", name="下访记录")).to_be_visible()
    hands.page.touchscreen.tap(*middle)
    expect(hands.page.locator("nav:not(.settling)")).to_be_visible()
    expect(hands.page.get_by_role("heading", name="下访记录")).to_be_visible()
    hands.wait_until_synced()
    assert len(Caller(live_server.url, CADRE).visits()) == 1


def test_a_tally_that_is_shown_again_is_asked_for_anew(phone: Phone, live_server: LiveServer) -> None:
    _record(live_server, new_matter("路灯坏了", "power"))
    hands = Hands(phone)
    hands.sign_in(LEADER)
    raised = hands.page.get_by_role("link", name=re.compile("^新增 "))
    expect(raised).to_have_accessible_name(re.compile("^新增 1 件"))
    hands.tap(raised)
    expect(hands.page.get_by_text("共 1 件")).to_be_visible()
    hands.page.go_back()

    _record(live_server, new_matter("水渠堵了", "water"), village=SHARED_VILLAGE)
    hands.go_to("我的")
    hands.go_to("统计")
    expect(raised).to_have_accessible_name(re.compile("^新增 2 件"))
    hands.tap(raised)
    expect(hands.page.get_by_text("共 2 件")).to_be_visible()


def test_a_search_that_finds_nothing_here_offers_to_look_everywhere(phone: Phone, live_server: LiveServer) -> None:
    _record(live_server, new_matter("路灯坏了", "power", "换了灯泡"))
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_synced()
    hands.page.get_by_role("searchbox", name="搜索事项").fill("路灯")
    expect(hands.matter("路灯坏了")).to_have_count(0)
    hands.tap(hands.page.get_by_role("button", name="在全部事项里找"))
    expect(hands.matter("路灯坏了")).to_be_visible()


def test_a_list_left_open_for_weeks_knows_what_is_overdue_now(phone: Phone, live_server: LiveServer) -> None:
    _record(live_server, new_matter("路灯坏了", "power"))
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_synced()
    expect(hands.matter("路灯坏了")).not_to_contain_text("逾期")
    phone.go_offline()
    phone.evaluate(CLOCK_SEVENTY_DAYS_AHEAD)
    phone.evaluate(COME_BACK)
    expect(hands.matter("路灯坏了")).to_contain_text("逾期 10 天")


def test_a_page_that_was_never_fetched_says_so_without_a_network(phone: Phone, live_server: LiveServer) -> None:
    hands = Hands(phone)
    # A webview without service workers, whose first seconds are its last with a signal.
    phone.context.add_init_script("delete Navigator.prototype.serviceWorker")
    hands.sign_in(CADRE)
    phone.go_offline()
    hands.go_to("我的")
    expect(hands.page.get_by_text("这一页还没有下载到手机")).to_be_visible()


def test_who_has_no_network_is_told_that_the_first_sign_in_needs_one(phone: Phone) -> None:
    hands = Hands(phone)
    phone.open("/")
    expect(hands.page.get_by_label("用户名")).to_be_visible()
    phone.go_offline()
    hands.page.get_by_label("用户名").fill(CADRE.username)
    hands.page.get_by_label("密码", exact=True).fill("whatever it is")
    hands.tap(hands.page.get_by_role("button", name="登录"))
    expect(hands.page.get_by_text("第一次登录要有信号")).to_be_visible()
    expect(hands.page.get_by_label("用户名")).to_have_value(CADRE.username)
