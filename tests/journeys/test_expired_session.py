"""(d) A session that expires blocks sending, never entry."""

from playwright.sync_api import expect

from tests.cast import CADRE, PASSWORD
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands


def test_entry_goes_on_when_the_session_has_expired_and_sending_asks_for_the_password(
    phone: Phone, live_server: LiveServer
) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    phone.go_offline()
    hands.record_visit("现场办公", "扶峰村", [("三组水渠堵了", "饮水水利", "水渠通了")])
    phone.context.clear_cookies()

    phone.go_online()
    expect(hands.sync_bar()).to_contain_text("需要密码", timeout=30_000)
    hands.record_visit("信访接待", "黄塘村", [("低保申请", "低保救助", None)])
    server = Caller(live_server.url, CADRE)
    assert server.matters() == []

    hands.give_password("a wrong one")
    question = hands.page.get_by_role("dialog", name="请再输一次密码")
    expect(question.get_by_text("用户名或密码不对")).to_be_visible()
    question.get_by_label("的密码").fill(PASSWORD)
    hands.tap(question.get_by_role("button", name="登录并上传"))

    hands.wait_until_synced()
    assert sorted(matter["title"] for matter in server.matters()) == ["三组水渠堵了", "低保申请"]
