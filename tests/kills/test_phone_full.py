"""The phone has no room left: what is typed stays on the screen with a sentence that says what to do, what was saved
stays, and a receipt that cannot be written down is asked for again."""

from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.cast import CADRE, VILLAGE
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import PIN, PULLS, SEALED, Hands, new_matter, new_visit

SAVED, TYPED = "东头路灯不亮", "西头水渠堵了"


def test_a_full_phone_says_so_and_loses_nothing(phone: Phone, live_server: LiveServer):
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    phone.go_offline()
    hands.record_visit("现场办公", "扶峰村", [(SAVED, "用电通信", None)])

    hands.open("/visits/new")
    expect(hands.page.get_by_role("button", name="保存")).to_be_visible()
    phone.run_full()
    hands.fill_visit("现场办公", "扶峰村", [(TYPED, "饮水水利", None)])
    expect(hands.page.get_by_text("手机存满了，正在写的没能自动留底")).to_be_visible()
    hands.tap(hands.page.get_by_role("button", name="保存"))
    expect(hands.page.get_by_text("手机存满了，这一条还没有保存")).to_be_visible()
    expect(hands.page.get_by_label("什么事")).to_have_value(TYPED)
    expect(hands.page.get_by_text("已保存")).to_have_count(0)

    # The server takes what was saved before; the phone has no room to note the receipt, and keeps the entry.
    phone.go_online()
    server = Caller(live_server.url, CADRE)
    hands.until_true(lambda: [matter["title"] for matter in server.matters()] == [SAVED])
    expect(hands.sync_bar()).to_contain_text("1 条待上传")
    hands.tap(hands.sync_bar())
    expect(hands.page.get_by_text("手机存储空间不够了，请清理后再试。").first).to_be_attached()
    expect(hands.page.get_by_label("什么事")).to_have_value(TYPED)

    phone.have_room()
    hands.save()
    hands.wait_until_synced()
    assert sorted(m["title"] for m in server.matters()) == sorted([SAVED, TYPED])


def test_a_phone_with_no_room_to_seal_says_so_and_seals_once_there_is(phone: Phone, live_server: LiveServer):
    Caller(live_server.url, CADRE).push([new_visit(VILLAGE, datetime.now(UTC), [new_matter(SAVED, "power")])])
    hands = Hands(phone)
    hands.begin(CADRE)
    hands.until(f"{PULLS} > 0")
    phone.run_full()
    hands.page.get_by_label("PIN码").fill(PIN)
    hands.tap(hands.page.get_by_role("button", name="设好了"))
    expect(hands.page.get_by_text("手机存满了，PIN码没有存下")).to_be_visible()
    assert not phone.evaluate(SEALED)
    # He works on with what is there; the question comes back with the next page.
    expect(hands.matter(SAVED)).to_be_visible()
    hands.tap(hands.page.get_by_role("link", name="我的", exact=True))

    phone.have_room()
    hands.set_pin()
    hands.open()  # what the browser had no room for it fetches at the next start
    hands.wait_until_usable_offline()
    phone.go_offline()
    hands.open()
    expect(hands.matter(SAVED)).to_be_visible()
