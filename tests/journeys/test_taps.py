"""(e) The commonest record costs at most six taps beside the two sentences (P7)."""

from playwright.sync_api import expect

from tests.cast import CADRE, HANDLER
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.given import give
from tests.journeys.hands import Hands

COUNT_TOUCHES = "window.touches = 0; addEventListener('touchstart', () => window.touches++, true)"


def test_a_visit_with_one_matter_resolved_on_the_spot_takes_six_taps(phone: Phone, live_server: LiveServer) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_synced()
    phone.evaluate(COUNT_TOUCHES)
    hands.taps = 0

    hands.go_to("记下访")
    hands.choose("现场办公")
    hands.choose("扶峰村")
    expect(hands.page.get_by_label("什么事")).to_be_focused()
    hands.type("三组水渠堵了")
    hands.choose("饮水水利")
    hands.choose("现场办结")
    expect(hands.page.get_by_label("群众的什么变了")).to_be_focused()
    hands.type("水渠通了，十二户能浇地")
    hands.save()

    # Its record is there, and the resident can rate it: that costs no tap.
    expect(hands.page.get_by_role("link", name="三组水渠堵了")).to_contain_text("已办结")
    expect(hands.page.get_by_role("img", name="群众评价的二维码")).to_be_visible()
    assert phone.evaluate("window.touches") == hands.taps <= 6
    hands.wait_until_synced()
    [matter] = Caller(live_server.url, CADRE).matters()
    assert (matter["title"], matter["category"], matter["on_the_spot"]) == ("三组水渠堵了", "water", True)
    assert matter["events"][-1]["text"] == "水渠通了，十二户能浇地"


def test_a_handler_takes_a_matter_up_with_one_tap(phone: Phone, live_server: LiveServer) -> None:
    give(live_server, "通村公路弯道没有护栏")
    hands = Hands(phone)
    hands.sign_in(HANDLER)
    hands.wait_until_synced()
    hands.taps = 0
    hands.tap(hands.page.get_by_role("button", name="受理：通村公路弯道没有护栏"))
    expect(hands.page.get_by_text("已保存")).to_be_visible()
    assert hands.taps == 1
    hands.wait_until_synced()
    [matter] = Caller(live_server.url, HANDLER).matters()
    assert matter["state"] == "working"
