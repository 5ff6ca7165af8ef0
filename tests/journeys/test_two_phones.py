"""(b) Two phones work on the same matter with no signal: both entries are in the history of both."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.cast import CADRE, COLLEAGUE
from tests.harness.phone import Phone
from tests.journeys.hands import Hands

TITLE = "桥面塌了半边"


def test_what_two_cadres_did_offline_is_on_both_phones(make_phone: Callable[..., Phone]) -> None:
    first, second = Hands(make_phone()), Hands(make_phone())
    first.sign_in(CADRE)
    first.record_visit("现场办公", "黄塘村", [(TITLE, "道路交通", None)])
    first.wait_until_usable_offline()
    second.sign_in(COLLEAGUE)
    second.wait_until_usable_offline()
    expect(second.matter(TITLE)).to_be_visible()

    for hands, act, text in ((first, "记进展", "先围起来，车改道走"), (second, "办结", "桥面修好，能过车了")):
        hands.phone.go_offline()
        hands.tap(hands.matter(TITLE))
        hands.act(act, text)
    first.phone.go_online()
    first.wait_until_synced()
    second.phone.go_online()
    second.wait_until_synced()
    first.sync_now()

    for hands in (first, second):
        history = hands.page.get_by_role("region", name="办理记录").get_by_role("listitem")
        expect(history).to_have_count(3)
        expect(history.nth(1)).to_contain_text("先围起来，车改道走")
        expect(history.nth(2)).to_contain_text("桥面修好，能过车了")
        expect(hands.page.locator("main")).to_contain_text("已办结")


def test_an_entry_that_came_too_late_is_kept_as_a_note_on_both_phones(make_phone: Callable[..., Phone]) -> None:
    first, second = Hands(make_phone()), Hands(make_phone())
    first.sign_in(CADRE)
    first.record_visit("现场办公", "黄塘村", [(TITLE, "道路交通", None)])
    first.wait_until_usable_offline()
    second.sign_in(COLLEAGUE)
    second.wait_until_usable_offline()

    for hands, act, text in ((first, "办结", "桥面修好，能过车了"), (second, "尽力未成", "资金没有批下来")):
        hands.phone.go_offline()
        hands.tap(hands.matter(TITLE))
        hands.act(act, text)
    first.phone.go_online()
    first.wait_until_synced()
    second.phone.go_online()
    second.wait_until_synced()
    first.sync_now()

    for hands in (first, second):
        expect(hands.page.get_by_text("已作备注保留")).to_be_visible()
        expect(hands.page.get_by_text("资金没有批下来")).to_be_visible()
        expect(hands.page.locator("main")).to_contain_text("已办结")


def test_of_two_corrections_of_one_field_both_read_and_one_tap_takes_the_earlier_back(
    make_phone: Callable[..., Phone],
) -> None:
    first, second = Hands(make_phone()), Hands(make_phone())
    first.sign_in(CADRE)
    first.record_visit("现场办公", "黄塘村", [(TITLE, "道路交通", None)])
    first.wait_until_usable_offline()
    second.sign_in(COLLEAGUE)
    second.wait_until_usable_offline()

    for hands, title in ((first, "村口桥面塌了半边"), (second, "学校旁的桥塌了")):
        hands.phone.go_offline()
        hands.tap(hands.matter(TITLE))
        hands.act("更正", title)
    first.phone.go_online()
    first.wait_until_synced()
    second.phone.go_online()
    second.wait_until_synced()
    first.sync_now()

    for hands in (first, second):
        expect(notice_of(hands)).to_contain_text("李秀英改成“村口桥面塌了半边”，王建国改成“学校旁的桥塌了”")
        expect(hands.page.locator("main")).to_contain_text("改的时候没看到前一个改动")
        expect(hands.page.get_by_role("heading", name="学校旁的桥塌了")).to_be_visible()
    first.tap(notice_of(first).get_by_role("button", name="换回前一个"))
    expect(first.page.get_by_role("heading", name="村口桥面塌了半边")).to_be_visible()
    expect(notice_of(first)).to_have_count(0)
    first.wait_until_synced()
    second.sync_now()
    expect(second.page.get_by_role("heading", name="村口桥面塌了半边")).to_be_visible()
    expect(notice_of(second)).to_have_count(0)


def notice_of(hands: Hands) -> Locator:
    return hands.page.get_by_role("region", name="“什么事”改了两次")
