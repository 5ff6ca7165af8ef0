"""A real Chromium is killed with all its processes while somebody saves: what the screen had confirmed is there when
he opens it again, what it had not is there or still in the form, and the server gets each exactly once.

SIGKILL leaves the kernel's page cache alone, so this is about the app and the browser, not about a battery that falls
out: for that the app asks IndexedDB for strict durability (pwa/src/store/db.ts)."""

import json
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest
from playwright.sync_api import expect

from tests.cast import CADRE
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands

MOST_MS = 400
"""From the tap to the kill, at most: longer than saving takes."""


@pytest.mark.killed
def test_what_the_screen_said_was_saved_is_there_after_a_kill(
    phone: Phone, live_server: LiveServer, measured: Callable[[str], None], pytestconfig: pytest.Config
):
    kills, chance, seen = pytestconfig.getoption("browser_kills"), Random(1), Counter[str]()
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    open_form(hands)
    titles = [f"第 {number} 盏路灯不亮" for number in range(kills)]
    for number, title in enumerate(titles):
        # Every other pair of lives with a network: the app sends while it is saved.
        (phone.go_online if number % 4 > 1 else phone.go_offline)()
        hands.fill_visit("现场办公", "扶峰村", [(title, "用电通信", None)])
        confirmed = save_and_kill(hands, wait_for_word=number % 2 == 0, after_ms=chance.uniform(0, MOST_MS))
        phone.start()
        open_form(hands)
        saved = [row["title"] for row in hands.rows("matters")].count(title)
        drafted = json.dumps(hands.drafts(), ensure_ascii=False).count(title)
        assert (saved, drafted) in {(1, 0), (0, 1)}, f"{title}: saved {saved} times, in {drafted} forms"
        assert saved or not confirmed, f"{title} was confirmed, and is not there"
        if drafted:
            expect(hands.page.get_by_label("什么事")).to_have_value(title)
            hands.save()
            open_form(hands)
        seen["confirmed" if confirmed else "saved unseen" if saved else "still in the form"] += 1
    hands.open()
    hands.come_back_online()
    hands.wait_until_synced()
    hands.choose("全部")
    expect(hands.matter(titles[-1])).to_be_visible()
    assert sorted(matter["title"] for matter in Caller(live_server.url, CADRE).matters()) == sorted(titles)
    told = ", ".join(f"{many} {what}" for what, many in seen.items())
    measured(f"Chromium killed {kills} times while saving: {told}; 0 lost, 0 twice")


def open_form(hands: Hands) -> None:
    """The form for a new visit, on a phone that is open."""
    hands.open("/visits/new")
    expect(hands.page.get_by_role("button", name="保存")).to_be_visible()


def save_and_kill(hands: Hands, *, wait_for_word: bool, after_ms: float) -> bool:
    """Tap 保存 and kill the browser, at once when it says 已保存 or after so long; had it said so?"""
    word = hands.page.get_by_text("已保存")
    hands.tap(hands.page.get_by_role("button", name="保存"))
    if wait_for_word:
        word.wait_for()
    else:
        hands.page.wait_for_timeout(after_ms)
    confirmed = word.is_visible()
    hands.phone.kill()
    return confirmed
