"""What the server refuses lies under 需处理 with the reason, can be corrected and sent again."""

import pytest
from playwright.sync_api import expect

from tests.cast import CADRE, OTHER_VILLAGE
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands

CLOCK_RIGHT_AGAIN = "{ const now = Date.now; Date.now = () => now() - 7 * 86400000; }"
CLOCK_A_WEEK_AHEAD = "{ const now = Date.now; Date.now = () => now() + 7 * 86400000; }"


@pytest.mark.killed
def test_a_refused_visit_is_corrected_and_sent_again(phone: Phone, live_server: LiveServer) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    phone.go_offline()
    # The phone's clock jumps while it has no signal: the time it claims has not come yet.
    phone.evaluate(CLOCK_A_WEEK_AHEAD)
    hands.record_visit("现场办公", "扶峰村", [("三组水渠堵了", "饮水水利", "水渠通了")])
    phone.restart()
    hands.open("/")
    hands.come_back_online()

    refused = hands.page.get_by_role("link", name="1 条需处理")
    expect(refused).to_be_visible(timeout=30_000)
    server = Caller(live_server.url, CADRE)
    assert server.matters() == []
    hands.tap(refused)
    expect(hands.page.get_by_text("时间比现在还晚").first).to_be_visible()
    hands.tap(hands.page.get_by_role("button", name="修改后重发"))
    expect(hands.page.get_by_label("什么事")).to_have_value("三组水渠堵了")
    hands.choose("现在")
    hands.save()

    hands.sync_now()
    expect(refused).to_have_count(0)
    [matter] = server.matters()
    assert matter["title"] == "三组水渠堵了"


def test_a_visit_that_is_refused_while_its_record_is_shown_says_so_there(phone: Phone, live_server: LiveServer) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    phone.go_offline()
    phone.evaluate(CLOCK_A_WEEK_AHEAD)
    hands.record_visit("现场办公", "扶峰村", [("三组水渠堵了", "饮水水利", "水渠通了")], save=False)
    hands.save()
    expect(hands.page.get_by_role("img", name="群众评价的二维码")).to_be_visible()
    phone.evaluate(CLOCK_RIGHT_AGAIN)
    phone.go_online()
    expect(hands.page.get_by_text("这次下访没有收下：时间比现在还晚")).to_be_visible(timeout=30_000)
    hands.tap(hands.page.get_by_role("link", name="修改后重发"))
    expect(hands.page.get_by_label("什么事")).to_have_value("三组水渠堵了")


@pytest.mark.killed
def test_a_refused_correction_is_given_a_time_that_has_come(phone: Phone, live_server: LiveServer) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    hands.record_visit("现场办公", "扶峰村", [("三组水渠堵了", "饮水水利", None)])
    hands.wait_until_synced()
    phone.go_offline()
    phone.evaluate(CLOCK_A_WEEK_AHEAD)
    hands.tap(hands.matter("三组水渠堵了"))
    hands.act("更正", "四组水渠堵了")
    phone.restart()
    hands.open("/refused")
    hands.come_back_online()

    hands.tap(hands.page.get_by_role("button", name="修改后重发"))
    sheet = hands.page.get_by_role("dialog", name="更正")
    expect(sheet.get_by_label("什么事")).to_have_value("四组水渠堵了")
    hands.choose("现在", sheet)
    hands.save()

    hands.sync_now()
    [matter] = Caller(live_server.url, CADRE).matters()
    assert matter["title"] == "四组水渠堵了"


@pytest.mark.killed
def test_a_refused_visit_is_dropped_with_what_was_done_on_its_matters(phone: Phone, live_server: LiveServer) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    phone.go_offline()
    phone.evaluate(CLOCK_A_WEEK_AHEAD)
    hands.record_visit("现场办公", "扶峰村", [("三组水渠堵了", "饮水水利", None)])
    hands.tap(hands.matter("三组水渠堵了"))
    hands.act("记进展", "去看了")
    phone.restart()
    hands.open("/refused")
    hands.come_back_online()

    visit = hands.page.get_by_role("article", name="下访：现场办公")
    hands.tap(visit.get_by_role("button", name="丢弃"))
    question = hands.page.get_by_role("dialog", name="丢弃这一条？")
    expect(question.get_by_text("还有 1 条办理记录也没有收下")).to_be_visible()
    hands.tap(question.get_by_role("button", name="丢弃", exact=True))
    expect(hands.page.get_by_text("已丢弃，连同 1 条办理记录")).to_be_visible()
    expect(hands.page.get_by_text("没有需要处理的")).to_be_visible()
    assert Caller(live_server.url, CADRE).matters() == []


def test_a_visit_in_any_village_of_the_township_is_found_by_initials(phone: Phone, live_server: LiveServer) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_synced()
    hands.go_to("记下访")
    hands.choose("调查研究")
    hands.tap(hands.page.get_by_role("button", name="其他村"))
    hands.type("dqc")
    hands.tap(hands.page.get_by_role("button", name="东旗村委会"))
    hands.save()
    hands.wait_until_synced()
    [visit] = Caller(live_server.url, CADRE).visits()
    assert visit["village_code"] == OTHER_VILLAGE
