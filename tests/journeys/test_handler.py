"""The handler's day: taking up, noting progress, settling and giving back what his unit was given."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.cast import BUREAU, CADRE, COLLEAGUE, COORDINATOR, HANDLER, OTHER_HANDLER
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.given import give, raise_matter
from tests.journeys.hands import Hands
from tests.journeys.test_desk import at_the_desk, lying
from tests.journeys.test_taps import COUNT_TOUCHES

TITLE = "通村公路弯道没有护栏"


def test_a_handler_takes_up_notes_progress_and_resolves_without_a_network(
    phone: Phone, live_server: LiveServer
) -> None:
    give(live_server, TITLE)
    hands = at_the_desk(phone, HANDLER)
    phone.go_offline()
    expect(lying(hands, TITLE)).to_contain_text("邓家铺镇 黄塘村")
    hands.tap(lying(hands, TITLE).get_by_role("button", name="受理"))
    expect(hands.page.get_by_text("没有等着受理的事项。")).to_be_visible()
    hands.choose("办理中 1")
    hands.tap(lying(hands, TITLE).get_by_role("button", name="记进展"))
    hands.page.get_by_role("dialog", name="记进展").get_by_role("textbox").fill("护栏已下料")
    hands.save()
    hands.tap(lying(hands, TITLE).get_by_role("button", name="办结"))
    hands.page.get_by_role("dialog", name="办结").get_by_role("textbox").fill("装好四十米护栏")
    hands.save()
    code = hands.page.get_by_role("img", name="群众评价的二维码")
    expect(code).to_be_in_viewport()
    late = hands.page.get_by_text("等有网上传后再打开")
    expect(late).to_be_visible()
    # It is read before the resident scans; both are measured at one moment, for the page may be rolling yet.
    above = "(late, code) => late.getBoundingClientRect().top < code.getBoundingClientRect().top"
    assert late.evaluate(above, code.element_handle())

    phone.go_online()
    hands.wait_until_synced()
    [matter] = Caller(live_server.url, HANDLER).matters()
    assert [event["act"] for event in matter["events"]] == ["raise", "assign", "accept", "progress", "resolve"]
    expect(hands.page.get_by_text("等有网上传后再打开")).to_have_count(0)


def test_a_return_asks_for_its_reason_and_goes_up(phone: Phone, live_server: LiveServer) -> None:
    matter = give(live_server, TITLE)
    hands = at_the_desk(phone, HANDLER)
    hands.tap(lying(hands, TITLE).get_by_role("button", name="退回"))
    sheet = hands.page.get_by_role("dialog", name="退回")
    sheet.get_by_role("textbox").fill("没有写是哪一段")
    hands.tap(sheet.get_by_role("button", name="保存"))
    expect(sheet.get_by_text("请选为什么退回。")).to_be_visible()
    hands.choose("情况不清", sheet)
    hands.save()
    expect(lying(hands, TITLE)).to_have_count(0)
    hands.wait_until_synced()
    shown = Caller(live_server.url, CADRE).call("GET", f"/api/matters/{matter['id']}")
    assert (shown["state"], shown["events"][-1]["reason"]) == ("returned", "needs_information")


def test_a_handler_sees_nothing_of_another_units_matter(phone: Phone, live_server: LiveServer) -> None:
    matter = give(live_server, TITLE)
    hands = at_the_desk(phone, OTHER_HANDLER)
    expect(hands.page.get_by_text("没有等着受理的事项。")).to_be_visible()
    hands.phone.open(f"/matters/{matter['id']}")
    expect(hands.page.get_by_text("没有找到这件事项")).to_be_visible()
    expect(hands.page.locator("main")).not_to_contain_text(TITLE)


def test_handler_and_cadre_read_each_others_entries_within_seconds(
    make_phone: Callable[..., Phone], live_server: LiveServer
) -> None:
    give(live_server, TITLE)
    handler, cadre = at_the_desk(make_phone(), HANDLER), Hands(make_phone())
    cadre.sign_in(COLLEAGUE)
    cadre.wait_until_synced()
    cadre.tap(cadre.matter(TITLE))
    history = cadre.page.get_by_role("region", name="办理记录").get_by_role("listitem")
    expect(history).to_have_count(2)
    handler.tap(lying(handler, TITLE).get_by_role("button", name="受理"))
    expect(history.nth(2)).to_contain_text(f"{HANDLER.name}", timeout=15_000)

    handler.choose("办理中 1")
    handler.tap(lying(handler, TITLE).get_by_role("link", name=TITLE))
    theirs = handler.page.get_by_role("region", name="办理记录").get_by_role("listitem")
    cadre.act("记进展", "村里把路边清出来了")
    expect(theirs.last).to_contain_text("村里把路边清出来了", timeout=15_000)


def test_who_settled_nothing_on_this_phone_makes_a_code_of_his_own_to_ask_the_resident(
    make_phone: Callable[..., Phone], live_server: LiveServer
) -> None:
    raise_matter(live_server, TITLE)
    first, second = Hands(make_phone()), Hands(make_phone())
    for hands, person in ((first, CADRE), (second, COLLEAGUE)):
        hands.sign_in(person)
        hands.wait_until_synced()
    first.tap(first.matter(TITLE))
    first.act("办结", "装好四十米护栏")
    made_first = first.page.locator(".address").inner_text()
    first.wait_until_synced()

    second.sync_now()
    second.choose("已结")
    second.tap(second.matter(TITLE))
    second.tap(second.page.get_by_role("button", name="请群众评价"))
    expect(second.page.get_by_role("img", name="群众评价的二维码")).to_be_in_viewport()
    made_second = second.page.locator(".address").inner_text()
    assert made_first != made_second
    second.wait_until_synced()
    [matter] = Caller(live_server.url, CADRE).matters()
    assert [event["act"] for event in matter["events"]] == ["raise", "resolve", "invite"]

    second.page.go_back()
    second.tap(second.matter(TITLE))
    second.tap(second.page.get_by_role("button", name="请群众评价"))
    expect(second.page.locator(".address")).to_have_text(made_second)
    second.wait_until_synced()
    [matter] = Caller(live_server.url, CADRE).matters()
    assert len(matter["events"]) == 3, "the code that is there is shown again"


@pytest.mark.parametrize(
    ("act", "word", "state"), [("解释答复", "explain", "explained"), ("尽力未成", "unachieve", "unachieved")]
)
def test_what_cannot_be_done_is_explained_or_said_to_be_tried_in_vain(
    phone: Phone, live_server: LiveServer, act: str, word: str, state: str
) -> None:
    give(live_server, TITLE)
    hands = at_the_desk(phone, HANDLER)
    hands.tap(lying(hands, TITLE).get_by_role("link", name=TITLE))
    hands.act(act, "路宽不够装护栏，改立警示桩")
    asks = hands.page.get_by_role("img", name="群众评价的二维码")
    # The resident is asked what he thinks of an explanation; who tried in vain claims nothing.
    expect(asks).to_have_count(1 if word == "explain" else 0)
    hands.wait_until_synced()
    [matter] = Caller(live_server.url, HANDLER).matters()
    assert (matter["state"], matter["events"][-1]["act"]) == (state, word)
    hands.page.go_back()
    expect(hands.page.get_by_text("没有等着受理的事项。")).to_be_visible()
    expect(lying(hands, TITLE)).to_have_count(0)


@pytest.mark.parametrize(
    ("choice", "reason", "shown"),
    [
        ("不归本单位", "not_ours", "退回：不归本单位"),
        ("超出权限", "beyond_power", "退回：超出权限"),
        ("情况不清", "needs_information", "退回：情况不清"),
    ],
)
def test_each_reason_of_a_return_reaches_the_coordinator_never_silently_the_cadre(
    make_phone: Callable[..., Phone], live_server: LiveServer, choice: str, reason: str, shown: str
) -> None:
    give(live_server, TITLE)
    hands = at_the_desk(make_phone(), HANDLER)
    phone = hands.phone
    phone.evaluate(COUNT_TOUCHES)
    hands.taps = 0
    hands.tap(lying(hands, TITLE).get_by_role("button", name="退回"))
    sheet = hands.page.get_by_role("dialog", name="退回")
    hands.choose(choice, sheet)
    hands.tap(sheet.get_by_role("textbox"))
    hands.type("请看一下该谁办")
    hands.save()
    assert phone.evaluate("window.touches") == hands.taps <= 6
    hands.wait_until_synced()

    coordinator = at_the_desk(make_phone(), COORDINATOR)
    coordinator.choose("待协调 1")
    for words in (shown, "请看一下该谁办", BUREAU):
        expect(lying(coordinator, TITLE)).to_contain_text(words)
    [matter] = Caller(live_server.url, CADRE).matters()
    assert (matter["state"], matter["events"][-1]["reason"]) == ("returned", reason)
