"""A resident's day: he scans the cadre's code with his own phone, taps once, and is heard."""

from collections.abc import Callable
from datetime import UTC, datetime
from secrets import token_urlsafe

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.cast import CADRE, VILLAGE
from tests.harness.axe import serious_findings
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands, new_act, new_matter, new_visit

TITLE, DONE = "三组水渠堵了", "清淤 80 米，12 户能浇地了。"
TOUCH = 48


def settle(server: LiveServer) -> tuple[Caller, str]:
    """A matter that was resolved on the spot: its cadre, and the code of its link."""
    cadre, code = Caller(server.url, CADRE), token_urlsafe(16)
    matter = new_matter(TITLE, "water", DONE)
    matter["resolved"]["rating_code"] = code
    assert cadre.push([new_visit(VILLAGE, datetime.now(UTC), [matter])])[0]["error"] is None
    return cadre, code


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def forbid_script(phone: Phone) -> None:
    """A browser in which no script runs, as some people set it."""
    phone.cdp().send("Emulation.setScriptExecutionDisabled", {"value": True})


def test_a_resident_scans_the_cadres_code_taps_once_and_the_cadre_is_told(make_phone: Callable[..., Phone]) -> None:
    cadre, resident = Hands(make_phone()), Hands(make_phone())
    cadre.sign_in(CADRE)
    cadre.wait_until_usable_offline()
    cadre.phone.go_offline()
    cadre.record_visit("现场办公", "扶峰村", [(TITLE, "饮水水利", DONE)], save=False)
    cadre.save()
    panel = cadre.page.get_by_role("region", name="请群众评价")
    expect(panel.get_by_role("img", name="群众评价的二维码")).to_be_visible()  # there is no signal yet
    address = panel.locator(".address").inner_text()
    path = "/r/" + address.rpartition("/r/")[2]

    resident.phone.open(path)
    expect(resident.page.get_by_text("可能还没有上传好")).to_be_visible()
    cadre.phone.go_online()
    cadre.wait_until_synced()
    resident.phone.open(path)
    expect(resident.page.get_by_role("heading", name="这件事办得怎么样？")).to_be_visible()
    resident.tap(button(resident.page, "不满意"))
    expect(resident.page.get_by_role("heading", name="已记下：不满意")).to_be_visible()
    assert resident.taps == 1
    resident.page.get_by_label("哪里还没有办好").fill("下边两丘田还浇不到")
    resident.tap(button(resident.page, "记下这句话"))
    expect(button(resident.page, "改好了，记下")).to_be_visible()

    cadre.tap(cadre.matter(TITLE))
    cadre.sync_now()
    history = cadre.page.get_by_role("region", name="办理记录").get_by_role("listitem")
    expect(history.last).to_contain_text("重新办理")
    expect(history.last).to_contain_text("群众说：下边两丘田还浇不到")
    cadre.phone.open(path)  # his own phone, which has the app and its service worker
    expect(cadre.page.get_by_text("要由群众自己评价")).to_be_visible()
    expect(cadre.page.get_by_role("button")).to_have_count(0)


def test_everything_works_without_script_also_a_change_of_mind(phone: Phone, live_server: LiveServer) -> None:
    hands, (cadre, code) = Hands(phone), settle(live_server)
    forbid_script(phone)
    phone.open(f"/r/{code}")
    button(hands.page, "不满意").tap()
    expect(hands.page.get_by_role("heading", name="已记下：不满意")).to_be_visible()
    assert cadre.matters()[0]["state"] == "reopened"
    hands.page.get_by_text("按错了？改评价").tap()
    hands.page.get_by_label("哪里还没有办好").fill("看错了，水来了")
    button(hands.page, "满意").tap()
    expect(hands.page.get_by_role("heading", name="已记下：满意")).to_be_visible()
    expect(hands.page.get_by_role("textbox")).to_have_value("看错了，水来了")
    assert cadre.matters()[0]["state"] == "confirmed"


def asked(_: Page) -> None:
    """The page as it is opened."""


def thanked(page: Page) -> None:
    button(page, "不满意").tap()
    page.get_by_text("按错了？改评价").tap()
    expect(button(page, "满意")).to_be_visible()


@pytest.mark.parametrize("go", [asked, thanked], ids=lambda go: go.__name__)
def test_the_page_can_be_used_with_weak_eyes_a_screen_reader_and_a_thumb(
    phone: Phone, live_server: LiveServer, subtests: pytest.Subtests, go: Callable[[Page], None]
) -> None:
    _, code = settle(live_server)
    phone.open(f"/r/{code}")
    go(phone.page)
    for look in ("light", "dark"):
        phone.dark(look == "dark")
        with subtests.test(look):
            assert serious_findings(phone.page) == []
    with subtests.test("touch"):
        for target in phone.page.locator("button, summary").all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= TOUCH
    phone.text_200()
    with subtests.test("text at 200%"):
        assert phone.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 36
        assert phone.wider_than_seen() == 0
        assert serious_findings(phone.page) == []
    with subtests.test("nothing but the page and its style is loaded"):
        loaded = phone.evaluate("performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)")
        assert set(loaded) <= {"/r/style.css"}


def test_who_was_asked_before_it_was_opened_again_is_told_so_kindly(phone: Phone, live_server: LiveServer) -> None:
    cadre, code = settle(live_server)
    cadre.push([new_act(cadre.matters()[0], "reopen", "又堵了", datetime.now(UTC))])
    phone.open(f"/r/{code}")
    expect(phone.page.get_by_text("办好后会再请您评价")).to_be_visible()
    expect(phone.page.get_by_role("button")).to_have_count(0)
    assert serious_findings(phone.page) == []


def test_a_wrong_link_says_what_to_do(phone: Phone) -> None:
    phone.open("/r/nothing")
    expect(phone.page.get_by_text("请联系村干部")).to_be_visible()
    assert serious_findings(phone.page) == []
