"""The built app in real Chromium, its processor slowed six times: a first sync of many matters until they lie in
IndexedDB and are listed, the longest time in which nothing could be tapped, and a start without a network.

python -m tools.bench_browser [MATTERS]
"""

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Locator, expect, sync_playwright

from tests import cast
from tests.harness.databases import app_on, let_go
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone as Browser
from tests.harness.world import make_world
from tests.journeys.hands import PIN, Hands
from tools.bench import Phone
from tools.sync_matters import visit

MATTERS = 10_000
SLOWED = 6
STARTS = 5

_WATCH = """
window.longest = 0
window.bars = 0
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration)
}).observe({ type: 'longtask', buffered: true })
setInterval(() => { window.bars += document.querySelectorAll('progress').length }, 100)
"""
_WAIT_FOR_LIST = """
document.addEventListener('input', () => {
  const typed = performance.now()
  const look = () => {
    if (document.querySelector('main li')) window.listedAfter = performance.now() - typed
    else requestAnimationFrame(look)
  }
  look()
}, { once: true, capture: true })
"""
"""The page itself counts from the PIN's last figure: who looks from outside takes the slowed processor, too."""
_HELD = """async () => {
  const names = (await indexedDB.databases()).map(({ name }) => name)
  const known = names.find((name) => /^shishibu-[0-9a-f]{8}-/.test(name))
  if (!known) return 0
  const db = await new Promise((resolve, reject) => {
    const asked = indexedDB.open(known)
    Object.assign(asked, { onsuccess: () => resolve(asked.result), onerror: () => reject(asked.error) })
  })
  const count = await new Promise((resolve, reject) => {
    const asked = db.transaction('matters').objectStore('matters').count()
    Object.assign(asked, { onsuccess: () => resolve(asked.result), onerror: () => reject(asked.error) })
  })
  db.close()
  return count
}"""


def _list(phone: Browser) -> Locator:
    return phone.page.locator("main li").first


def first_sync(phone: Browser, matters: int) -> dict[str, float]:
    """Sign in on a new phone; seconds until all is held, the list's beginning is there, and all of it is opened; the
    longest task in ms."""
    hands = Hands(phone)
    phone.page.add_init_script(_WATCH)
    phone.cdp().send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    hands.sign_in(cast.CADRE)
    started = time.perf_counter()
    while phone.page.evaluate(_HELD) < matters:
        time.sleep(0.25)
    held = time.perf_counter() - started
    expect(hands.sync_bar()).to_contain_text("已同步", timeout=120_000)
    expect(_list(phone)).to_be_visible(timeout=120_000)
    listed = time.perf_counter() - started
    expect(phone.page.locator("ul.virtual li").first).to_be_visible(timeout=120_000)
    opened = time.perf_counter() - started
    longest, bars = phone.page.evaluate("[window.longest, window.bars]")
    return {"held_s": held, "listed_s": listed, "opened_s": opened, "longest_task_ms": longest, "seen_with_a_bar": bars}


def offline_start(phone: Browser) -> dict[str, float]:
    """Seconds from opening the app without a network until it asks for the PIN, and from its last figure until the list
    is on the screen: of that, stretching the PIN is meant to take long."""
    phone.cdp().send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    phone.page.goto("/", wait_until="commit")
    asked = phone.page.get_by_label("PIN码", exact=True)
    expect(asked).to_be_visible(timeout=120_000)
    until_asked = float(phone.page.evaluate("performance.now()")) / 1000
    phone.page.evaluate(_WAIT_FOR_LIST)
    asked.fill(PIN)
    expect(_list(phone)).to_be_visible(timeout=120_000)
    Hands(phone).until("window.listedAfter > 0")
    took = float(phone.page.evaluate("window.listedAfter"))
    return {"asked_s": until_asked, "listed_s": took / 1000}


def main() -> None:
    """Fill a server, let a phone sync, start it again without a network; print what it took."""
    matters = int(sys.argv[1]) if len(sys.argv) > 1 else MATTERS
    with tempfile.TemporaryDirectory(prefix="shishibu-browser-") as folder, sync_playwright() as playwright:
        var = Path(folder)
        url = f"sqlite:///{var}/shishibu.db"
        make_world(url, var)
        app = app_on(url, var)
        cadre, colleague = Phone(app.test_client(), cast.CADRE), Phone(app.test_client(), cast.COLLEAGUE)
        for start in range(0, matters, 1000):
            cadre.push([visit(range(number, number + 10)) for number in range(start, min(start + 1000, matters), 10)])
        colleague.first_pull()  # what the township's other phones have fetched is ready
        let_go(app)
        server = LiveServer(var)
        server.start()
        phone = Browser(playwright, Path(tempfile.mkdtemp(prefix="shishibu-browser-phone-")), server.port)
        phone.start()
        try:
            for what, value in first_sync(phone, matters).items():
                print(f"{what:<24}{value:>10,.2f}")
            Hands(phone).until("navigator.serviceWorker.controller !== null")
            phone.close()
            phone.start()
            phone.go_offline()
            starts = [offline_start(phone) for _ in range(STARTS)]
            for what in starts[0]:
                took = sorted(start[what] for start in starts)
                print(f"{'offline_' + what:<24}{took[STARTS // 2]:>10,.2f}  (worst {took[-1]:.2f})")
        finally:
            phone.throw_away()
            server.kill()


if __name__ == "__main__":
    main()
