"""A leader phones residents who were drawn, checks the draw, and looks at ratings that came in a burst."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, expect

from server.domain.times import SHANGHAI, shanghai_day
from tests.cast import CADRE, COUNTY_LEADER, LEADER, TOWNSHIP, VILLAGE
from tests.harness.axe import serious_findings
from tests.harness.caller import Caller
from tests.harness.hearing import embedded, let_hear
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands, Json, new_matter, new_visit

NOW = datetime.now(UTC)
LAST_MONTH = NOW.astimezone(SHANGHAI).replace(day=1, hour=12) - timedelta(days=3)
TITLES = ("水渠堵了", "路灯坏了", "医保报不了")


def settled(title: str, number: int, **more: object) -> Json:
    """A matter resolved on the spot, whose resident left his number."""
    matter = new_matter(title, "water", f"{title}，办好了") | {
        "resident": {"name": f"龙桂香{number}", "phone": f"1390739000{number}"}
    }
    matter["resolved"] |= more
    return matter


def record(server: LiveServer, matters: Sequence[Json], at: datetime) -> None:
    receipts = Caller(server.url, CADRE).push([new_visit(VILLAGE, at, matters)])
    assert [receipt["error"] for receipt in receipts] == [None]
    with embedded(server.var) as session:
        let_hear(session)


def drawn(server: LiveServer) -> None:
    """What was settled last month is drawn: all three of them."""
    record(server, [settled(title, number) for number, title in enumerate(TITLES)], LAST_MONTH)
    day = shanghai_day(LAST_MONTH).isoformat()
    days = {"from": day, "to": day}
    Caller(server.url, COUNTY_LEADER).call("POST", "/api/callbacks/draws", {"area_code": TOWNSHIP, **days})


def call_about(hands: Hands, title: str) -> Locator:
    return hands.page.get_by_role("article", name=title)


def say(hands: Hands, title: str, outcome: str, text: str = "") -> Locator:
    """Open a call's sheet, choose what the resident said, and type what he said besides."""
    hands.tap(call_about(hands, title).get_by_role("button", name="记结果"))
    sheet = hands.page.get_by_role("dialog", name="记结果")
    hands.tap(sheet.get_by_role("radio", name=outcome, exact=True))
    if text:
        sheet.get_by_role("textbox").fill(text)
    return sheet


def test_a_leader_phones_those_who_were_drawn_and_their_word_is_counted(phone: Phone, live_server: LiveServer) -> None:
    drawn(live_server)
    hands = Hands(phone)
    hands.sign_in(COUNTY_LEADER)
    phone.open("/callbacks")
    calls = hands.page.get_by_role("list", name="要打的电话").get_by_role("article")
    expect(calls).to_have_count(3)
    first = call_about(hands, TITLES[0])
    dial = first.get_by_role("link", name="打电话 13907390000")
    expect(dial).to_have_attribute("href", "tel:13907390000")
    expect(first).to_contain_text("龙桂香0")
    expect(first).to_contain_text("水渠堵了，办好了")

    sheet = say(hands, TITLES[0], "满意")
    hands.tap(sheet.get_by_role("button", name="记下"))
    expect(hands.page.get_by_text("已记下，还有 2 个电话要打")).to_be_visible()
    sheet = say(hands, TITLES[1], "不满意", "夜里还是不亮")
    expect(sheet).to_contain_text("这件事会重新办理")
    hands.tap(sheet.get_by_role("button", name="记下"))
    expect(hands.page.get_by_text("已记下，还有 1 个电话要打")).to_be_visible()
    sheet = say(hands, TITLES[2], "没打通", "停机了")
    hands.tap(sheet.get_by_role("button", name="记下"))
    expect(hands.page.get_by_text("没有要打的回访电话")).to_be_visible()

    states = {matter["title"]: matter["state"] for matter in Caller(live_server.url, CADRE).matters()}
    assert states == dict(zip(TITLES, ("confirmed", "reopened", "resolved"), strict=True))
    # The numbers are gone from this phone, too.
    assert "1390739000" not in phone.evaluate(KEPT)

    hands.tap(hands.page.get_by_role("link", name="抽取回访、看结果"))
    hands.tap(hands.page.get_by_role("link", name="邓家铺镇"))
    expect(hands.page.get_by_text("打完 3/3，问到 2，其中满意和基本满意 1")).to_be_visible()
    expect(hands.page.get_by_role("link", name="路灯坏了")).to_contain_text("夜里还是不亮")
    hands.tap(hands.page.get_by_role("button", name="在这里重抽一遍"))
    expect(hands.page.get_by_text("重抽的 3 件与记录一样")).to_be_visible()


KEPT = """(async () => {
  const users = (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith('shishibu-'))
  const done = (request) => new Promise((resolve, reject) => Object.assign(request, {
    onsuccess: () => resolve(request.result), onerror: () => reject(request.error),
  }))
  let kept = ''
  for (const user of users) {
    const db = await done(indexedDB.open(user))
    for (const table of db.objectStoreNames) {
      kept += JSON.stringify(await done(db.transaction(table).objectStore(table).getAll()))
    }
    db.close()
  }
  return kept
})()"""
"""Everything that lies in this phone's tables."""


@pytest.mark.killed
def test_without_a_network_the_list_is_kept_and_nothing_that_was_typed_is_lost(
    phone: Phone, live_server: LiveServer
) -> None:
    drawn(live_server)
    hands = Hands(phone)
    hands.sign_in(COUNTY_LEADER)
    hands.wait_until_usable_offline()
    phone.open("/callbacks")
    expect(call_about(hands, TITLES[0])).to_be_visible()

    phone.go_offline()
    phone.restart()
    hands.open("/callbacks")
    expect(call_about(hands, TITLES[0]).get_by_role("link", name="打电话")).to_be_visible()
    expect(hands.page.get_by_text(re.compile("数据时间.*不是最新"))).to_be_visible()
    sheet = say(hands, TITLES[0], "基本满意", "水小了点")
    hands.tap(sheet.get_by_role("button", name="记下"))
    expect(sheet.get_by_text("现在没有网络，还没有记上")).to_be_visible()
    hands.wait_until_drafted("水小了点")

    phone.restart()
    hands.open("/callbacks")
    expect(call_about(hands, TITLES[0])).to_be_visible()
    hands.come_back_online()
    hands.tap(call_about(hands, TITLES[0]).get_by_role("button", name="记结果"))
    sheet = hands.page.get_by_role("dialog", name="记结果")
    expect(sheet.get_by_role("textbox")).to_have_value("水小了点")
    expect(sheet.get_by_role("radio", name="基本满意")).to_be_checked()
    hands.tap(sheet.get_by_role("button", name="记下"))
    expect(call_about(hands, TITLES[0])).to_have_count(0)
    (matter,) = [one for one in Caller(live_server.url, CADRE).matters() if one["title"] == TITLES[0]]
    assert (matter["state"], matter["events"][-1]["rating"]) == ("confirmed", "partly")


def test_a_leader_draws_once_and_hears_why_not_again(desktop: Phone, live_server: LiveServer) -> None:
    record(live_server, [settled(title, number) for number, title in enumerate(TITLES)], LAST_MONTH)
    hands = Hands(desktop)
    hands.sign_in(COUNTY_LEADER)
    desktop.open("/callbacks/draws")
    expect(hands.page.get_by_text("还没有抽取过")).to_be_visible()
    draw = hands.page.get_by_role("button", name="抽取")
    hands.tap(draw)  # last month, in the whole county
    expect(hands.page.get_by_text("收到办结的事项。抽过的日子不能再抽")).to_be_visible()
    hands.tap(draw)
    expect(hands.page.get_by_text("抽了 1 个乡镇的 3 件")).to_be_visible()
    expect(hands.page.get_by_role("link", name="邓家铺镇")).to_contain_text("打完 0/3")
    first_day = hands.page.get_by_label("从", exact=True)
    chosen = (LAST_MONTH - timedelta(days=40)).date().isoformat()
    first_day.fill(chosen)
    place = hands.page.get_by_label("在哪里抽")
    place.focus()
    place.select_option(label="邓家铺镇")
    expect(place).to_have_value(TOWNSHIP)
    expect(hands.page.get_by_role("link", name="邓家铺镇")).to_be_visible()  # that place's draws have come
    expect(place).to_be_focused()
    expect(first_day).to_have_value(chosen)  # the days stay for another place
    hands.tap(draw)
    expect(hands.page.get_by_text("抽过的日子不能再抽")).to_be_visible()
    hands.tap(draw)
    expect(hands.page.get_by_role("alert")).to_contain_text("这些日子已经抽取过了")
    hands.page.get_by_label("到", exact=True).fill(shanghai_day(datetime.now(UTC)).isoformat())
    hands.tap(draw)
    expect(hands.page.get_by_text("只能抽取今天以前的日子")).to_be_visible()


def test_the_townships_own_leader_is_shown_no_call_and_no_draw(phone: Phone, live_server: LiveServer) -> None:
    drawn(live_server)
    hands = Hands(phone)
    hands.sign_in(LEADER)
    phone.open("/callbacks")
    expect(hands.page.get_by_text("没有要打的回访电话")).to_be_visible()
    expect(hands.page.get_by_role("link", name="抽取")).to_have_count(0)
    phone.open("/callbacks/draws")
    expect(hands.page.get_by_text("没有找到这个地方")).to_be_visible()
    assert not any(title in hands.page.locator("main").inner_text() for title in TITLES)


def test_the_townships_own_leader_reads_what_residents_said_and_who_decides_about_it(
    phone: Phone, live_server: LiveServer
) -> None:
    titles = in_a_burst(live_server)
    hands = Hands(phone)
    hands.sign_in(LEADER)
    phone.open("/ratings")
    card = hands.page.get_by_role("article", name=titles[5])
    expect(card).to_contain_text("是否计入，由上一级领导决定")
    expect(hands.page.get_by_role("list", name="评价").get_by_role("article")).to_have_count(6)
    expect(hands.page.get_by_role("list", name="评价").get_by_role("button")).to_have_count(0)


def rate(server: LiveServer, code: str, value: str) -> None:
    """A resident's tap on his link's page."""
    with urlopen(f"{server.url}/r/{code}", urlencode({"value": value}).encode(), timeout=30) as answer:
        assert answer.status == 200


def in_a_burst(server: LiveServer) -> list[str]:
    """Six ratings from one address within the hour, all of them held; the titles of what they are about."""
    titles = [f"第{number}件" for number in range(1, 7)]
    codes = [f"{number}{'a' * 21}" for number in range(6)]
    matters = [settled(title, n, rating_code=codes[n]) for n, title in enumerate(titles)]
    record(server, matters, NOW - timedelta(hours=2))
    for code, title in zip(codes, titles, strict=True):
        rate(server, code, "unsatisfied" if title == "第6件" else "satisfied")
    return titles


def test_of_a_burst_one_rating_is_let_through_and_one_set_aside_for_a_reason_that_stays(
    phone: Phone, live_server: LiveServer
) -> None:
    titles = in_a_burst(live_server)
    hands = Hands(phone)
    hands.sign_in(COUNTY_LEADER)
    phone.open("/ratings")
    cards = hands.page.get_by_role("list", name="评价").get_by_role("article")
    expect(cards).to_have_count(6)
    burst = hands.page.get_by_role("article", name=titles[5])
    expect(burst).to_contain_text("待核实，未计入")
    assert state_of(live_server, titles[5]) == "resolved", "held: it opens nothing"

    hands.tap(burst.get_by_role("button", name="计入", exact=True))
    expect(cards).to_have_count(5)
    assert state_of(live_server, titles[5]) == "reopened"

    hands.tap(hands.page.get_by_role("article", name=titles[0]).get_by_role("button", name="不计入"))
    sheet = hands.page.get_by_role("dialog", name="不计入统计")
    save = sheet.get_by_role("button", name="不计入", exact=True)
    hands.tap(save)
    expect(sheet.get_by_text("请选为什么不计入")).to_be_visible()
    hands.tap(sheet.locator("label.choice", has_text="不属受理范围"))
    sheet.get_by_role("textbox").fill("同一部手机连着评的，不是本人")
    hands.tap(save)
    expect(cards).to_have_count(4)
    hands.choose("不计入")
    aside = hands.page.get_by_role("article", name=titles[0])
    expect(aside).to_contain_text("不计入的理由：同一部手机连着评的，不是本人")
    expect(aside.get_by_role("button")).to_have_count(0)
    hands.choose("不满意")
    expect(hands.page.get_by_role("article", name=titles[5])).to_be_visible()
    expect(cards).to_have_count(1)


def state_of(server: LiveServer, title: str) -> str:
    (matter,) = [one for one in Caller(server.url, CADRE).matters() if one["title"] == title]
    return str(matter["state"])


def test_a_decision_without_a_network_is_not_made_and_its_reason_stays(phone: Phone, live_server: LiveServer) -> None:
    titles = in_a_burst(live_server)
    hands = Hands(phone)
    hands.sign_in(COUNTY_LEADER)
    hands.wait_until_usable_offline()
    phone.open("/ratings")
    card = hands.page.get_by_role("article", name=titles[0])
    expect(card).to_be_visible()
    phone.go_offline()
    hands.tap(card.get_by_role("button", name="计入", exact=True))
    expect(card.get_by_text("现在没有网络，还没有记上")).to_be_visible()
    hands.tap(card.get_by_role("button", name="不计入"))
    sheet = hands.page.get_by_role("dialog", name="不计入统计")
    hands.tap(sheet.locator("label.choice", has_text="诉求不合理"))
    sheet.get_by_role("textbox").fill("说的是别处的事")
    hands.tap(sheet.get_by_role("button", name="不计入", exact=True))
    expect(sheet.get_by_text("现在没有网络，还没有记上")).to_be_visible()
    hands.tap(sheet.get_by_role("button", name="关闭"))
    phone.go_online()
    hands.tap(card.get_by_role("button", name="不计入"))
    expect(sheet.get_by_role("textbox")).to_have_value("说的是别处的事")


def test_open_sheets_of_calls_and_ratings_have_no_serious_finding(
    make_phone: Callable[..., Phone], live_server: LiveServer
) -> None:
    drawn(live_server)
    titles = in_a_burst(live_server)
    hands = Hands(make_phone())
    hands.sign_in(COUNTY_LEADER)
    hands.phone.open("/callbacks")
    sheet = say(hands, TITLES[0], "不满意")
    for look in (False, True):
        hands.phone.dark(look)
        assert serious_findings(hands.page) == []
    hands.tap(sheet.get_by_role("button", name="关闭"))
    hands.phone.open("/ratings")
    hands.tap(hands.page.get_by_role("article", name=titles[0]).get_by_role("button", name="不计入"))
    hands.tap(hands.page.get_by_role("dialog").get_by_role("button", name="不计入", exact=True))
    for look in (False, True):
        hands.phone.dark(look)
        assert serious_findings(hands.page) == []
