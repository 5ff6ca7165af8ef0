"""A township's year of matters: only what is near the screen is drawn, and everything can be reached."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.cast import CADRE, LEADER, VILLAGE
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands, new_matter, new_visit

VISITS, MATTERS = 20, 20
DRAWN_AT_MOST = 60


def _fill(server: LiveServer) -> None:
    """400 matters; the first twenty are the oldest and so the last of the list."""
    now = datetime.now(UTC)
    visits = [
        new_visit(
            VILLAGE,
            now - timedelta(hours=VISITS - visit),
            [new_matter(f"第 {visit * MATTERS + number + 1} 件", "other") for number in range(MATTERS)],
        )
        for visit in range(VISITS)
    ]
    assert {receipt["status"] for receipt in Caller(server.url, CADRE).push(visits)} == {"applied"}


def _scroll_to_the_end(hands: Hands) -> None:
    rows = hands.page.get_by_role("list", name="事项").get_by_role("listitem")
    last = hands.page.locator("li[aria-posinset='400'][aria-setsize='400']")
    for _ in range(80):
        assert rows.count() <= DRAWN_AT_MOST
        if last.count():
            break
        hands.page.mouse.wheel(0, 6000)
        hands.page.wait_for_timeout(150)
    expect(last).to_be_visible()


def test_a_cadre_scrolls_through_four_hundred_matters(phone: Phone, live_server: LiveServer) -> None:
    _fill(live_server)
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_synced()
    expect(hands.page.get_by_text("共 400 件")).to_be_visible()
    expect(hands.page.locator("ul.virtual")).to_be_visible()
    _scroll_to_the_end(hands)
    expect(hands.page.locator("li[aria-posinset='400']")).to_contain_text(
        re.compile(r"第 (1?\d|20) 件")
    )  # of the first visit


def test_a_leader_scrolls_through_the_pages_behind_a_number(phone: Phone, live_server: LiveServer) -> None:
    _fill(live_server)
    hands = Hands(phone)
    hands.sign_in(LEADER)
    hands.choose_free_period(datetime.now(UTC) - timedelta(days=2), datetime.now(UTC))
    hands.tap(hands.page.get_by_role("link", name=re.compile("^新增 400 件")))
    expect(hands.page.get_by_text("共 400 件")).to_be_visible()
    _scroll_to_the_end(hands)
