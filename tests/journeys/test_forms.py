"""What is typed on a phone is lost neither by a wrong tap, nor by a full or failing storage, nor by a second tab."""

import pytest
from playwright.sync_api import Locator, expect

from tests.cast import CADRE
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import PIN, Hands

BREAK_STORAGE = """name => {
  const store = IDBObjectStore.prototype
  window.whole = { add: store.add, put: store.put }
  store.add = store.put = () => { throw new DOMException('', name) }
}"""
MEND_STORAGE = "Object.assign(IDBObjectStore.prototype, window.whole)"
THREE_DAYS_LATER = "{ const now = Date.now; Date.now = () => now() + 3 * 86400000; }"
VISIT = ("现场办公", "扶峰村", [("三组水渠堵了", "饮水水利", "水渠通了")])


def _offline(phone: Phone) -> Hands:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    phone.go_offline()
    return hands


def _card(hands: Hands, number: int) -> Locator:
    return hands.page.get_by_role("region", name=f"第 {number} 件事项")


def _chosen_village(hands: Hands) -> Locator:
    return hands.page.get_by_role("group", name="村（社区）").get_by_role("radio", checked=True)


def test_a_save_that_failed_says_so_and_works_the_next_time(phone: Phone) -> None:
    hands = _offline(phone)
    hands.record_visit(*VISIT, save=False)
    phone.evaluate(BREAK_STORAGE, "UnknownError")
    hands.tap(hands.page.get_by_role("button", name="保存"))
    expect(hands.page.get_by_text("没有保存成功，内容还在这一页上")).to_be_visible()
    expect(hands.sync_bar()).not_to_contain_text("待上传")

    phone.evaluate(MEND_STORAGE)
    hands.save()
    expect(hands.sync_bar()).to_contain_text("1 条待上传")


def test_a_full_phone_says_while_typing_that_nothing_is_kept(phone: Phone) -> None:
    hands = _offline(phone)
    hands.record_visit(*VISIT, save=False)
    phone.evaluate(BREAK_STORAGE, "QuotaExceededError")
    _card(hands, 1).get_by_label("什么事").fill("四组水渠堵了")
    expect(hands.page.get_by_text("手机存满了，正在写的没能自动留底")).to_be_visible()
    hands.tap(hands.page.get_by_role("button", name="保存"))
    expect(hands.page.get_by_text("手机存满了，这一条还没有保存")).to_be_visible()


def test_one_form_in_two_tabs_is_one_visit(phone: Phone, live_server: LiveServer) -> None:
    hands = _offline(phone)
    hands.record_visit(*VISIT, save=False)
    second = phone.context.new_page()
    second.goto("/visits/new")
    second.get_by_label("PIN码", exact=True).fill(PIN)
    expect(second.get_by_label("什么事")).to_have_value("三组水渠堵了")
    hands.save()
    second.get_by_role("button", name="保存").click()
    expect(second.get_by_text("已保存")).to_be_visible()
    hands.come_back_online()
    hands.wait_until_synced()
    assert len(Caller(live_server.url, CADRE).visits()) == 1


def test_a_card_taken_out_by_mistake_comes_back_with_all_that_was_typed(phone: Phone) -> None:
    hands = _offline(phone)
    hands.record_visit("现场办公", "扶峰村", [("甲", "饮水水利", None), ("乙", "饮水水利", None)], save=False)
    hands.tap(_card(hands, 2).get_by_role("button", name="详情、群众"))
    _card(hands, 2).get_by_label("群众姓名").fill("张三")

    hands.tap(hands.page.get_by_role("button", name="删去第 1 件"))
    expect(_card(hands, 1).get_by_label("什么事")).to_have_value("乙")
    expect(_card(hands, 1).get_by_label("群众姓名")).to_have_value("张三")
    expect(_card(hands, 1).get_by_role("heading")).to_be_focused()

    hands.tap(hands.page.get_by_role("button", name="撤销"))
    expect(_card(hands, 1).get_by_label("什么事")).to_have_value("甲")
    expect(_card(hands, 2).get_by_label("群众姓名")).to_have_value("张三")


def test_a_matter_begun_by_a_wrong_tap_can_be_taken_back(phone: Phone) -> None:
    hands = _offline(phone)
    hands.go_to("记下访")
    hands.choose("调查研究")
    hands.choose("扶峰村")
    hands.choose("待办")
    hands.tap(hands.page.get_by_role("button", name="删去第 1 件"))
    hands.save()
    expect(hands.sync_bar()).to_contain_text("1 条待上传")


@pytest.mark.killed
def test_a_restored_form_that_was_cleared_by_mistake_comes_back(phone: Phone) -> None:
    hands = _offline(phone)
    hands.record_visit(*VISIT, save=False)
    hands.wait_until_drafted("水渠通了")
    phone.restart()
    hands.open("/visits/new")
    hands.tap(hands.page.get_by_role("button", name="清空"))
    expect(hands.page.get_by_label("什么事")).to_have_value("")
    hands.tap(hands.page.get_by_role("button", name="撤销"))
    expect(hands.page.get_by_label("什么事")).to_have_value("三组水渠堵了")
    expect(hands.page.get_by_label("群众的什么变了")).to_have_value("水渠通了")
    hands.save()


def test_a_form_found_again_days_later_keeps_the_day_on_which_it_was_begun(phone: Phone) -> None:
    hands = _offline(phone)
    hands.record_visit(*VISIT, save=False)
    hands.wait_until_drafted("水渠通了")
    phone.context.add_init_script(THREE_DAYS_LATER)
    hands.open("/visits/new")
    expect(hands.page.get_by_text("开始写的，时间已改成那时")).to_be_visible()
    expect(hands.page.get_by_role("radio", name="较早")).to_be_checked()
    hands.save()
    hands.open("/visits")
    expect(hands.page.get_by_role("article").get_by_text("补录")).to_be_visible()


@pytest.mark.killed
def test_a_village_chosen_first_is_still_chosen_after_a_kill(phone: Phone) -> None:
    hands = _offline(phone)
    hands.go_to("记下访")
    hands.tap(hands.page.get_by_role("button", name="其他村"))
    hands.type("dqc")
    hands.tap(hands.page.get_by_role("button", name="东旗村委会"))
    expect(_chosen_village(hands)).to_have_accessible_name("东旗村委会")
    hands.wait_until_drafted('"villageCode": "4')
    phone.restart()
    hands.open("/visits/new")
    expect(_chosen_village(hands)).to_have_accessible_name("东旗村委会")


def test_a_village_is_found_while_a_chinese_keyboard_still_composes(phone: Phone) -> None:
    hands = _offline(phone)
    hands.go_to("记下访")
    hands.tap(hands.page.get_by_role("button", name="其他村"))
    expect(hands.page.get_by_text("还有更多，请多打一个字")).to_be_visible()
    hands.page.keyboard.press("Enter")
    expect(_chosen_village(hands)).to_have_count(0)

    keyboard = phone.cdp()
    keyboard.send("Input.imeSetComposition", {"text": "d'q'c", "selectionStart": 5, "selectionEnd": 5})
    found = hands.page.get_by_role("list").get_by_role("button")
    expect(found).to_have_text(["东旗村委会"])
    # The Enter with which the keyboard takes its word is not the person's choice.
    enter = {"key": "Enter", "code": "Enter", "keyCode": 229, "isComposing": True, "bubbles": True, "cancelable": True}
    hands.page.get_by_role("searchbox").evaluate(
        "(box, key) => box.dispatchEvent(new KeyboardEvent('keydown', key))", enter
    )
    expect(_chosen_village(hands)).to_have_count(0)
    hands.tap(found)
    expect(_chosen_village(hands)).to_have_accessible_name("东旗村委会")
