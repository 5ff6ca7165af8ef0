"""好经验: a leader tells of what was done well, a cadre finds it in a farmyard."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.cast import CADRE, LEADER, NEIGHBOUR, VILLAGE
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import DESKTOP, Phone
from tests.journeys.hands import Hands, new_matter, new_visit

NAME, PHONE_NUMBER = "龙桂香", "13907390001"


def _resolved(server: LiveServer) -> str:
    """The id of a matter that was resolved on the spot, told with its resident and its village."""
    matter = new_matter(f"{NAME}家水管裂了", "water", f"扶峰村当天换了 30 米水管，{NAME}（{PHONE_NUMBER}）先通水")
    matter["resident"] = {"name": NAME, "phone": PHONE_NUMBER}
    receipts = Caller(server.url, CADRE).push([new_visit(VILLAGE, datetime.now(UTC), [matter])])
    assert [receipt["status"] for receipt in receipts] == ["applied"]
    return str(matter["id"])


def _open_form(hands: Hands, matter_id: str) -> None:
    hands.phone.open(f"/matters/{matter_id}")
    hands.tap(hands.page.get_by_role("link", name="列为好经验"))
    expect(hands.page.get_by_label("标题")).to_be_visible()


@pytest.mark.killed
def test_a_leader_marks_a_case_and_a_cadre_of_another_township_finds_it_without_a_network(
    make_phone: Callable[..., Phone], live_server: LiveServer
):
    matter_id = _resolved(live_server)
    leader = Hands(make_phone(screen=DESKTOP))
    leader.sign_in(LEADER)
    _open_form(leader, matter_id)
    expect(leader.page.get_by_text("系统已隐去")).to_contain_text("群众姓名 3 处")
    expect(leader.page.get_by_label("标题")).to_have_value("群众家水管裂了")
    expect(leader.page.get_by_label("怎么办的")).to_have_value("某村当天换了 30 米水管，群众（某号码）先通水")
    # He writes the name in again: it is taken out again, and he is told.
    leader.page.get_by_label("标题").fill(f"{NAME}家当天通水")
    leader.tap(leader.page.get_by_role("button", name="列入好经验"))
    expect(leader.page.get_by_role("heading", name="群众家当天通水")).to_be_visible()
    expect(leader.page.get_by_text("又隐去了群众姓名 1 处")).to_be_visible()

    cadre = Hands(make_phone())
    cadre.sign_in(NEIGHBOUR)
    cadre.wait_until_usable_offline()
    cadre.phone.go_offline()
    cadre.phone.restart()
    cadre.open("/account")
    cadre.tap(cadre.page.get_by_role("link", name="好经验"))
    cadre.page.get_by_label("搜索好经验").fill("水管 通水")
    cadre.tap(cadre.page.get_by_role("list", name="好经验").get_by_role("link", name="群众家当天通水"))
    expect(cadre.page.get_by_role("region", name="怎么办的")).to_contain_text("换了 30 米水管")
    for secret in (NAME, PHONE_NUMBER, "扶峰"):
        expect(cadre.page.get_by_text(secret)).to_have_count(0)
    expect(cadre.page.get_by_role("link", name="修改或撤下")).to_have_count(0)
    cadre.page.go_back()
    expect(cadre.page.get_by_label("搜索好经验")).to_have_value("水管 通水")


@pytest.mark.killed
def test_what_a_leader_types_survives_a_lost_network_and_a_killed_browser(phone: Phone, live_server: LiveServer):
    matter_id = _resolved(live_server)
    hands = Hands(phone)
    hands.sign_in(LEADER)
    hands.wait_until_usable_offline()
    _open_form(hands, matter_id)
    hands.page.get_by_label("标题").fill("当天换水管")
    phone.go_offline()
    hands.tap(hands.page.get_by_role("button", name="列入好经验"))
    expect(hands.page.get_by_role("alert")).to_contain_text("没有网络")
    expect(hands.page.get_by_label("标题")).to_have_value("当天换水管")

    phone.restart()
    hands.open(f"/matters/{matter_id}/case")
    expect(hands.page.get_by_label("标题")).to_have_value("当天换水管")
    hands.come_back_online()
    hands.tap(hands.page.get_by_role("button", name="列入好经验"))
    expect(hands.page.get_by_role("heading", name="当天换水管")).to_be_visible()


def test_a_withdrawn_case_goes_from_the_cadres_phone(make_phone: Callable[..., Phone], live_server: LiveServer):
    matter_id = _resolved(live_server)
    leader, cadre = Hands(make_phone()), Hands(make_phone())
    leader.sign_in(LEADER)
    _open_form(leader, matter_id)
    leader.tap(leader.page.get_by_role("button", name="列入好经验"))
    expect(leader.page.get_by_role("heading", name="已列入好经验")).to_be_visible()
    cadre.sign_in(NEIGHBOUR)
    cadre.wait_until_synced()
    cadre.phone.open("/cases")
    expect(cadre.page.get_by_role("list", name="好经验").get_by_role("link")).to_have_count(1)

    leader.tap(leader.page.get_by_role("link", name="看好经验"))
    leader.tap(leader.page.get_by_role("list", name="好经验").get_by_role("link"))
    leader.tap(leader.page.get_by_role("link", name="修改或撤下"))
    leader.tap(leader.page.get_by_role("button", name="从好经验撤下"))
    leader.tap(leader.page.get_by_role("dialog").get_by_role("button", name="撤下"))
    expect(leader.page.get_by_text("这条好经验不在了")).to_be_visible()

    cadre.phone.open("/cases")
    expect(cadre.page.get_by_text("还没有好经验")).to_be_visible()


def test_only_who_leads_is_offered_to_mark_a_case(phone: Phone, live_server: LiveServer):
    matter_id = _resolved(live_server)
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_synced()
    phone.open(f"/matters/{matter_id}")
    expect(hands.page.get_by_role("region", name="办理记录")).to_be_visible()
    expect(hands.page.get_by_role("link", name="列为好经验")).to_have_count(0)
    phone.open(f"/matters/{matter_id}/case")
    expect(hands.page.get_by_role("heading", name="事项", exact=True)).to_be_visible()
