"""The leader hands in his numbers on A4: whole, with their days and their sum, and without any resident's data."""

import re
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import expect

from server.domain.times import shanghai_day
from tests.cast import CADRE, LEADER, VILLAGE
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands, new_matter, new_visit

NOW = datetime.now(UTC)
TITLE, RESULT, RESIDENT, PHONE_NUMBER = "周大山家危房", "周大山家的房子加固了", "周大山", "13800000001"
A4 = (595, 842)
"""In points."""


def _fill(server: LiveServer) -> None:
    """A matter that is open and one that is resolved, both with a resident who is named."""
    resident = {"resident": {"name": RESIDENT, "phone": PHONE_NUMBER}}
    matters = [new_matter(TITLE, "housing", RESULT) | resident, new_matter("路灯坏了", "power") | resident]
    receipts = Caller(server.url, CADRE).push([new_visit(VILLAGE, NOW, matters)])
    assert [receipt["status"] for receipt in receipts] == ["applied"]


def _to_the_print_page(hands: Hands, server: LiveServer) -> None:
    _fill(server)
    hands.sign_in(LEADER)
    hands.tap(hands.page.get_by_role("link", name="打印"))
    expect(hands.page.get_by_role("article")).to_be_visible()


def test_it_says_of_where_of_when_and_how_it_adds_up(desktop: Phone, live_server: LiveServer) -> None:
    hands = Hands(desktop)
    _to_the_print_page(hands, live_server)
    paper = hands.page.get_by_role("article")
    today = shanghai_day(NOW)
    day = f"{today.year}年{today.month}月{today.day}日"
    expect(paper.get_by_role("heading", name="邓家铺镇为民办实事情况表")).to_be_visible()
    expect(paper).to_contain_text(f"统计期间：{today.year}年{today.month}月1日至")
    expect(paper).to_contain_text(f"未办结和逾期截至：{day}")
    expect(paper).to_contain_text(f"制表日期：{day}")
    for name, count in {"上期结转": 0, "新增": 2, "办结": 1, "未办结": 1}.items():
        row = paper.get_by_role("row", name=re.compile(f"^([+−=] )?{name} "))
        expect(row.get_by_role("cell").first).to_have_text(str(count))
    expect(paper).to_contain_text("上期结转＋新增＋重新办理－办结－解释答复－尽力未成＝未办结")


def test_the_paper_is_a4_with_the_article_alone_and_no_residents_data(
    desktop: Phone, live_server: LiveServer, tmp_path: Path
) -> None:
    hands = Hands(desktop)
    desktop.dark()
    _to_the_print_page(hands, live_server)
    pdf = hands.page.pdf(path=tmp_path / "paper.pdf", prefer_css_page_size=True)
    sizes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)
    assert len(sizes) == len(re.findall(rb"/Type /Page\b", pdf)) == 2
    assert {(round(float(width)), round(float(height))) for width, height in sizes} == {A4}

    hands.page.emulate_media(media="print")
    printed = hands.page.locator("body").inner_text()
    assert "按承办单位" in printed
    for word in (RESIDENT, PHONE_NUMBER, TITLE, RESULT, "路灯坏了"):
        assert word not in printed
    for name in ("返回", "打印"):
        expect(hands.page.get_by_role("button", name=name, exact=True)).to_be_hidden()
    expect(hands.page.get_by_role("banner")).to_be_hidden()
    # Dark on the screen, black on white on paper.
    colours = (
        "(({color, backgroundColor}) => [color, backgroundColor])(getComputedStyle(document.querySelector('article')))"
    )
    assert desktop.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_a_page_ends_between_two_rows_never_within_one(desktop: Phone, live_server: LiveServer) -> None:
    hands = Hands(desktop)
    _to_the_print_page(hands, live_server)
    hands.page.emulate_media(media="print")
    rows = "[...document.querySelectorAll('article tr')].map((row) => getComputedStyle(row).breakInside)"
    assert set(desktop.evaluate(rows)) == {"avoid"}


def test_the_button_prints(phone: Phone, live_server: LiveServer) -> None:
    hands = Hands(phone)
    _to_the_print_page(hands, live_server)
    phone.evaluate("void (window.print = () => (window.printed = true))")
    hands.tap(hands.page.get_by_role("button", name="打印"))
    hands.until("window.printed === true")
    hands.tap(hands.page.get_by_role("button", name="返回", exact=True).last)
    expect(hands.page.get_by_role("region", name="办理情况")).to_be_visible()
