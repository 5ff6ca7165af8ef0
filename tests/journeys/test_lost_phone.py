"""A phone is lost with work on it: who is told, what is done, and what becomes of the work."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.cast import ADMIN, CADRE, COORDINATOR, SHARED_VILLAGE
from tests.harness.axe import serious_findings
from tests.harness.live_server import LiveServer
from tests.harness.lost_phone import PhoneOverHttp
from tests.harness.phone import Phone
from tests.journeys.given import act, days_ago
from tests.journeys.hands import Hands, new_matter, new_visit


def _report(hands: Hands) -> None:
    """Tap 手机丢了 where only one phone is not reported yet, and say so again."""
    hands.tap(hands.page.get_by_role("button", name="手机丢了"))
    hands.tap(hands.page.get_by_role("dialog", name="手机丢了").get_by_role("button", name="报失"))
    expect(hands.page.get_by_role("button", name="手机丢了")).to_have_count(0)


def test_a_lost_phone_is_reported_and_what_lay_on_it_is_taken_in_or_left_out(
    live_server: LiveServer, make_phone: Callable[..., Phone]
) -> None:
    lost = PhoneOverHttp(live_server.url, CADRE)
    matter, wrong = new_matter("水渠塌了", "water"), new_matter("试一试", "other")

    # The administrator is told by telephone.
    admin = Hands(make_phone())
    admin.sign_in(ADMIN)
    admin.page.get_by_label("找人").fill(CADRE.name)
    admin.tap(admin.page.get_by_role("link", name=CADRE.name))
    _report(admin)
    expect(admin.page.get_by_role("region", name="手机").get_by_text("报失")).to_be_visible()
    assert serious_findings(admin.page) == []

    # The phone comes to a signal, and hands in what it holds.
    unsent = [new_visit(SHARED_VILLAGE, days_ago(1), [matter]), act(matter, "progress", text="已约人来挖")]
    unsent += [new_visit(SHARED_VILLAGE, days_ago(1), [wrong])]
    assert lost.hand_in(*unsent) == ["kept"] * 3

    # The coordinator reads it: an entry waits for its visit, one is left out with a reason, the rest is taken in.
    desk = Hands(make_phone())
    desk.sign_in(COORDINATOR)
    desk.tap(desk.page.get_by_role("link", name="交回的记录 3 条"))
    desk.tap(desk.page.get_by_role("button", name="收下 记进展：水渠塌了"))
    expect(desk.page.get_by_role("alert")).to_have_text("这件事项在另一条交回的下访里，请先收下那次下访。")
    assert serious_findings(desk.page) == []
    desk.tap(desk.page.get_by_role("button", name="不采用 现场办公：试一试"))
    sheet = desk.page.get_by_role("dialog", name="不采用")
    desk.tap(sheet.get_by_role("button", name="不采用"))
    expect(sheet.get_by_text("请写一句理由。")).to_be_visible()
    sheet.get_by_label("为什么不采用？").fill("不是一件事")
    desk.tap(sheet.get_by_role("button", name="不采用"))
    expect(desk.page.get_by_role("article")).to_have_count(2)
    desk.tap(desk.page.get_by_role("button", name="全部收下"))
    desk.tap(desk.page.get_by_role("button", name="确定，全部收下"))
    expect(desk.page.get_by_text("没有交回的记录。")).to_be_visible()

    # It is his own record, and says who took it in.
    desk.sync_now()
    desk.go_to("事项")
    desk.choose("全部")
    expect(desk.matter("试一试")).to_have_count(0)
    desk.tap(desk.matter("水渠塌了"))
    expect(desk.page.get_by_text(f"{CADRE.name}，由{COORDINATOR.name}代收")).to_have_count(2)


def test_who_has_lost_his_phone_reports_it_himself_from_another(live_server: LiveServer, phone: Phone) -> None:
    lost = PhoneOverHttp(live_server.url, CADRE)
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.go_to("我的")
    hands.tap(hands.page.get_by_role("link", name="登录的设备"))
    _report(hands)
    expect(hands.page.get_by_role("heading", name="报失")).to_be_visible()
    assert serious_findings(hands.page) == []
    assert lost.hand_in(new_visit(SHARED_VILLAGE, days_ago(1), [])) == ["kept"]
