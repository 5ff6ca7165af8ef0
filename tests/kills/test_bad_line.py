"""Between a real browser and the server lies a line that tears pushes and receipts in the middle, stalls, and is slow
and lossy: everything that was recorded arrives exactly once."""

import time
from collections.abc import Callable

from playwright.sync_api import expect

from tests.cast import CADRE
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands

KBIT_PER_S, LOSS = 400, 0.2
STALL_MS = 2_000


def test_over_a_line_that_tears_stalls_and_crawls_everything_arrives_once(
    phone: Phone, live_server: LiveServer, measured: Callable[[str], None]
):
    hands, server, line = Hands(phone), Caller(live_server.url, CADRE), phone.line
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    titles: list[str] = []

    def arrived() -> list[str]:
        return sorted(matter["title"] for matter in server.matters())

    def record_over(fault: Callable[[], None]) -> None:
        """Record while the line is like this: the app sends at once, and something happens to it."""
        fault()
        torn = line.torn
        titles.append(f"{len(titles) + 1} 组的水渠堵了")
        hands.record_visit("现场办公", "扶峰村", [(titles[-1], "饮水水利", "水渠通了")])
        hands.until_true(lambda: line.torn > torn, f"{fault} hits something")

    record_over(line.tear_pushes)
    assert arrived() == [], "half a push is no push"
    record_over(line.tear_receipts)
    hands.until_true(lambda: arrived() == sorted(titles), "the push itself comes through")
    expect(hands.sync_bar()).to_contain_text("条待上传")
    record_over(line.stall)
    phone.page.wait_for_timeout(STALL_MS)
    record_over(line.tear_pushes)
    record_over(line.lose_answers)
    expect(hands.sync_bar()).to_contain_text("条待上传")

    began = time.monotonic()
    line.slow(KBIT_PER_S, LOSS)
    hands.tap(hands.sync_bar())
    expect(hands.sync_bar()).to_contain_text("已同步", timeout=60_000)
    took = time.monotonic() - began
    matters = server.matters()
    assert sorted(matter["title"] for matter in matters) == sorted(titles)
    assert [len(matter["events"]) for matter in matters] == [2] * len(titles)
    assert len(server.visits()) == len(titles)
    measured(
        f"a line that tore or held {line.torn} connections, then {KBIT_PER_S} kbit/s with {LOSS:.0%} loss: "
        f"{len(titles)} visits arrived once, {took:.1f} s on the slow line"
    )
