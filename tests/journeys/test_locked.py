"""What a phone holds is locked: with a signal it opens by itself, without one by the PIN."""

import re

from playwright.sync_api import expect

from tests.cast import CADRE, NEIGHBOUR
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import ROWS, Hands

TITLE = "三组水渠堵了"
CHINESE = re.compile("[一-鿿]")


def test_a_phone_without_a_signal_opens_by_the_pin_alone(phone: Phone, live_server: LiveServer) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    phone.go_offline()
    hands.record_visit("现场办公", "扶峰村", [(TITLE, "饮水水利", "水渠通了")])
    for table in ("matters", "visits", "outbox", "meta"):
        _, rows = phone.page.evaluate(ROWS, table)
        assert '"sealed"' in rows, f"{table} lies there plain"
        assert not CHINESE.search(rows), f"{table} can be read on the disk"
    assert [row["title"] for row in hands.rows("matters")] == [TITLE]

    phone.open("/visits")
    expect(hands.page.get_by_role("heading", name=f"{CADRE.name}的实事簿")).to_be_visible()
    expect(hands.page.get_by_role("banner")).to_have_count(0)
    for _ in range(3):
        hands.give_pin("274914")
        expect(hands.page.get_by_role("alert")).to_have_text("PIN码不对，请再输一次。")
        expect(hands.page.get_by_label("PIN码", exact=True)).to_have_value("")
        hands.tap(hands.page.get_by_role("button", name="打开", exact=True))
        expect(hands.page.get_by_role("alert")).to_have_text("PIN码不对，请再输一次。")
    hands.give_pin("274914")
    expect(hands.page.get_by_role("alert")).to_have_text("PIN码不对，请过 30 秒再试。")
    hands.give_pin()
    expect(hands.page.get_by_role("alert")).to_contain_text("秒再试")
    expect(hands.page.get_by_role("banner")).to_have_count(0)

    # The signal is back: nothing is asked for, and he is where he wanted to go.
    phone.go_online()
    expect(hands.page.get_by_role("heading", name="我的下访")).to_be_visible(timeout=15_000)
    hands.wait_until_synced()
    assert [matter["title"] for matter in Caller(live_server.url, CADRE).matters()] == [TITLE]


def test_the_next_person_on_the_phone_reads_nothing_and_the_first_finds_his_work_again(
    phone: Phone, live_server: LiveServer
) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    phone.go_offline()
    hands.record_visit("现场办公", "扶峰村", [(TITLE, "饮水水利", None)])
    hands.open()
    expect(hands.matter(TITLE)).to_be_visible()
    hands.page.reload()
    hands.tap(hands.page.get_by_role("button", name="换人登录"))
    question = hands.page.get_by_role("dialog", name="还有没上传的")
    expect(question).to_contain_text("1 条还没有上传")
    hands.tap(question.get_by_role("button", name="仍然退出"))
    expect(hands.page.get_by_label("用户名")).to_be_visible()
    phone.go_online()
    hands.sign_in(NEIGHBOUR)
    hands.wait_until_synced()
    _, rows = phone.page.evaluate(ROWS, "outbox")  # the first database by its name: whosever it is, it can't be read
    assert not CHINESE.search(rows)
    hands.go_to("我的")
    hands.tap(hands.page.get_by_role("button", name="退出登录"))
    expect(hands.page.get_by_label("用户名")).to_be_visible()
    hands.sign_in(CADRE)
    hands.wait_until_synced()
    assert [matter["title"] for matter in Caller(live_server.url, CADRE).matters()] == [TITLE]
