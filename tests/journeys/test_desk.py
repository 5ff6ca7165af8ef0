"""The coordinator's day: who should do it, what came back, what is late, and what is one matter told twice."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Locator, expect

from server.domain.times import due_day_by_law, shanghai_day
from server.domain.words import EXTENSION_DAYS
from tests.cast import BUREAU, CADRE, COORDINATOR, HANDLER, OTHER_BUREAU, Person
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.given import act, county_coordinator, days_ago, give, push, raise_matter
from tests.journeys.hands import Hands


def at_the_desk(phone: Phone, person: Person = COORDINATOR) -> Hands:
    """Signed in, with everything fetched: the desk is where the app opens."""
    hands = Hands(phone)
    hands.sign_in(person)
    hands.wait_until_usable_offline()
    expect(hands.page.get_by_role("heading", name="工作台")).to_be_visible()
    return hands


def lying(hands: Hands, title: str) -> Locator:
    """A matter on the desk."""
    return hands.page.get_by_role("article", name=title)


def test_an_undecided_matter_is_given_to_a_unit_from_the_desk_without_a_network(
    phone: Phone, live_server: LiveServer
) -> None:
    raise_matter(live_server, "桥面塌了半边")
    hands = at_the_desk(phone)
    phone.go_offline()
    expect(hands.page.get_by_role("radio", name="待交办 1")).to_be_checked()
    hands.taps = 0
    hands.tap(lying(hands, "桥面塌了半边").get_by_role("button", name="交办"))
    sheet = hands.page.get_by_role("dialog", name="交办")
    sheet.get_by_label("承办单位").select_option(BUREAU)
    hands.save()
    assert hands.taps == 2  # beside choosing the unit
    expect(lying(hands, "桥面塌了半边")).to_have_count(0)
    expect(hands.page.get_by_text("没有等着交办的事项。")).to_be_visible()

    phone.go_online()
    hands.wait_until_synced()
    [matter] = Caller(live_server.url, HANDLER).matters()
    assert (matter["state"], matter["unit_name"]) == ("assigned", BUREAU)


def test_what_came_back_says_by_whom_and_why_and_what_was_sent_up_comes_first(
    phone: Phone, live_server: LiveServer
) -> None:
    returned, sent_up = give(live_server, "桥面塌了半边"), raise_matter(live_server, "危房鉴定排队太久")
    push(live_server, HANDLER, act(returned, "return", reason="not_ours", text="归水利局管"))
    push(live_server, CADRE, act(sent_up, "escalate", text="鉴定由县里派人"))
    hands = at_the_desk(phone)
    hands.choose("待协调 2")
    rows = hands.page.get_by_role("article")
    expect(rows).to_have_count(2)
    for text in ("危房鉴定排队太久", "上报：超出乡镇权限", "鉴定由县里派人", CADRE.name):
        expect(rows.nth(0)).to_contain_text(text)
    for text in ("桥面塌了半边", "退回：不归本单位", "归水利局管", BUREAU):
        expect(rows.nth(1)).to_contain_text(text)

    hands.tap(rows.nth(1).get_by_role("button", name="交办"))
    hands.page.get_by_role("dialog", name="交办").get_by_label("承办单位").select_option(OTHER_BUREAU)
    hands.save()
    expect(hands.page.get_by_role("radio", name="待协调 1")).to_be_checked()
    expect(rows.nth(0).get_by_role("link")).to_be_focused()  # who works with a keyboard or hears the page goes on there


def test_a_matter_that_is_late_is_extended_with_a_reason_within_what_the_law_allows(
    phone: Phone, live_server: LiveServer
) -> None:
    give(live_server, "拖了十天的事", days=70)
    give(live_server, "拖了一天的事", days=61)
    hands = at_the_desk(phone)
    hands.choose("逾期 2")
    rows = hands.page.get_by_role("article")
    expect(rows.nth(0)).to_contain_text("拖了十天的事")
    expect(rows.nth(0)).to_contain_text(BUREAU)

    hands.tap(rows.nth(0).get_by_role("button", name="延期"))
    sheet = hands.page.get_by_role("dialog", name="延期")
    last = due_day_by_law(shanghai_day(days_ago(70))) + timedelta(days=EXTENSION_DAYS)
    hands.tap(sheet.get_by_role("button", name="保存"))
    expect(sheet.get_by_text("请选延到哪一天。")).to_be_visible()
    sheet.get_by_label("延到哪一天").fill((last + timedelta(days=1)).isoformat())
    sheet.get_by_label("为什么延期").fill("水泥月底才到")
    hands.tap(sheet.get_by_role("button", name="保存"))
    expect(sheet.get_by_text("期限最晚是")).to_be_visible()
    sheet.get_by_label("延到哪一天").fill(last.isoformat())
    hands.save()
    expect(hands.page.get_by_role("radio", name="逾期 1")).to_be_checked()

    hands.wait_until_synced()
    due = {matter["title"]: matter["due_day"] for matter in Caller(live_server.url, HANDLER).matters()}
    assert due["拖了十天的事"] == last.isoformat()


def test_one_matter_told_twice_is_proposed_side_by_side_and_merged_into_the_one_that_stays(
    phone: Phone, live_server: LiveServer
) -> None:
    raise_matter(live_server, "三组机耕路塌方，农机过不去", days=9)
    raise_matter(live_server, "机耕路塌了，三组农机进不去", days=2)
    raise_matter(live_server, "五组路灯不亮")
    hands = at_the_desk(phone)
    expect(lying(hands, "五组路灯不亮").get_by_role("button", name="说法相近")).to_have_count(0)
    hands.tap(lying(hands, "机耕路塌了，三组农机进不去").get_by_role("button", name="说法相近"))
    sheet = hands.page.get_by_role("dialog", name="是同一件事吗？")
    expect(sheet.get_by_role("heading", level=3)).to_have_text(
        ["三组机耕路塌方，农机过不去", "机耕路塌了，三组农机进不去"]
    )
    hands.tap(sheet.get_by_role("button", name="留下这件：较早"))
    expect(lying(hands, "机耕路塌了，三组农机进不去")).to_have_count(1)  # nothing yet: it cannot be undone
    hands.tap(sheet.get_by_role("button", name="确定，并进来"))
    expect(lying(hands, "机耕路塌了，三组农机进不去")).to_have_count(0)
    expect(hands.page.get_by_role("radio", name="待交办 2")).to_be_checked()

    hands.wait_until_synced()
    matters = {matter["title"]: matter for matter in Caller(live_server.url, CADRE).matters()}
    merged = matters["机耕路塌了，三组农机进不去"]
    kept = matters["三组机耕路塌方，农机过不去"]
    assert (merged["state"], merged["merged_into_id"], kept["state"]) == ("merged", kept["id"], "raised")


def test_a_county_coordinator_first_sees_what_was_sent_up_and_from_which_township(
    phone: Phone, live_server: LiveServer
) -> None:
    raise_matter(live_server, "五组路灯不亮")
    sent_up = raise_matter(live_server, "危房鉴定排队太久")
    push(live_server, CADRE, act(sent_up, "escalate", text="鉴定由县里派人"))
    hands = at_the_desk(phone, county_coordinator(live_server))
    expect(hands.page.get_by_role("radio", name="待协调 1")).to_be_checked()
    expect(lying(hands, "危房鉴定排队太久")).to_contain_text("邓家铺镇 黄塘村")


def test_what_a_cadre_sends_up_appears_on_the_coordinators_desk_by_itself(
    make_phone: Callable[..., Phone], live_server: LiveServer
) -> None:
    raise_matter(live_server, "危房鉴定排队太久")
    coordinator, cadre = at_the_desk(make_phone()), Hands(make_phone())
    cadre.sign_in(CADRE)
    cadre.wait_until_synced()
    cadre.tap(cadre.matter("危房鉴定排队太久"))
    cadre.act("上报", "鉴定由县里派人")
    expect(cadre.page.locator("main")).to_contain_text("超出乡镇权限")
    expect(coordinator.page.get_by_role("radio", name="待协调 1")).to_be_attached(timeout=15_000)


def test_who_only_records_has_no_desk(phone: Phone) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    expect(hands.page.get_by_role("navigation", name="主要页面").get_by_role("link", name="工作台")).to_have_count(0)
    phone.open("/desk")
    expect(hands.page.get_by_role("heading", name="事项", exact=True)).to_be_visible()
