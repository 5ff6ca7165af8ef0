"""A phone (or a leader's desktop) in real Chromium: its own profile, killed and started at will."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Error, Page, Playwright

from tests.harness.line import Line
from tests.harness.processes import kill_all, living

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Without these, Chromium tries to reach the internet at each start."""

_FAULTS = ("Content Security Policy", "Content-Security-Policy", "Uncaught", "[Vue warn]")


def find_chromium() -> str:
    """The path of the installed browser; SHISHIBU_TEST_CHROMIUM names another."""
    for name in (os.environ.get("SHISHIBU_TEST_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name) if name else None
        if path:
            return path
    raise RuntimeError("No Chromium found: run tools/system-packages.sh as root, or install Chromium")


@dataclass(frozen=True)
class Screen:
    """What is held in the hand: size in CSS pixels, and whether fingers or a mouse touch it."""

    width: int
    height: int
    touch: bool
    pixel_ratio: float


PHONE = Screen(360, 740, touch=True, pixel_ratio=2)
DESKTOP = Screen(1280, 800, touch=False, pixel_ratio=1)


def start_browser(playwright: Playwright) -> Browser:
    """A browser in whose memory several phones can live."""
    return playwright.chromium.launch(executable_path=find_chromium(), headless=True, args=FLAGS)


class Phone:
    """One browser on one profile folder; `page` is its only tab.

    The profile outlives `kill()` and `close()`, as a phone's storage outlives the app. With `browser`, the phone
    lives in the memory of that one, apart from all others: it is there at once, and cannot be killed.
    """

    page: Page

    def __init__(
        self,
        playwright: Playwright,
        profile: Path,
        server_port: int,
        *,
        screen: Screen = PHONE,
        dark: bool = False,
        browser: Browser | None = None,
    ) -> None:
        self._playwright = playwright
        self._browser = browser
        self._profile = profile
        self._screen = screen
        self._dark = dark
        self.line = Line(server_port)
        self._context: BrowserContext | None = None
        self._offline = False
        self.faults: list[str] = []
        """Uncaught errors, CSP violations and Vue's warnings on any page of this phone."""

    def start(self) -> None:
        """Start the browser on the profile, with an empty tab; a phone that was offline still is."""
        settings: dict[str, Any] = {
            "base_url": self.line.url,
            "viewport": {"width": self._screen.width, "height": self._screen.height},
            "device_scale_factor": self._screen.pixel_ratio,
            "is_mobile": self._screen.touch,
            "has_touch": self._screen.touch,
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "color_scheme": "dark" if self._dark else "light",
            "offline": self._offline,
            "accept_downloads": True,
        }
        if self._browser:
            self._context = self._browser.new_context(**settings)
        else:
            self._context = self._playwright.chromium.launch_persistent_context(
                str(self._profile), executable_path=find_chromium(), headless=True, args=FLAGS, **settings
            )
        self._context.set_default_timeout(15_000)
        self._context.on("console", self._note)
        self._context.on("weberror", lambda error: self.faults.append(f"uncaught: {error.error}"))
        self.page = self._context.pages[0] if self._context.pages else self._context.new_page()

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and any(fault in message.text for fault in _FAULTS):
            self.faults.append(f"{message.type}: {message.text}")

    @property
    def context(self) -> BrowserContext:
        """The running browser's context."""
        assert self._context is not None, "the browser is not running"
        return self._context

    def close(self) -> None:
        """Close the browser as a person would; its profile stays."""
        if self._context is not None:
            self._context.close()
            self._context = None

    def throw_away(self) -> None:
        """Close the browser, give up its line, remove the profile."""
        self.close()
        self.line.close()
        shutil.rmtree(self._profile, ignore_errors=True)

    def kill(self) -> None:
        """SIGKILL every process of the browser: no unload handler runs, nothing is flushed."""
        assert self._browser is None, "several phones live in this browser: mark the test with pytest.mark.killed"
        context, self._context = self.context, None
        wanted = f"--user-data-dir={self._profile}".encode()
        kill_all(lambda: living(lambda _, arguments: wanted in arguments))
        with suppress(Error):  # Playwright only learns now that its browser is gone.
            context.close()

    def restart(self) -> None:
        """Kill the browser without warning and start it again on the same profile."""
        self.kill()
        self.start()

    def open(self, path: str) -> None:
        """Go to a path of the app and wait until its first page is drawn."""
        self.page.goto(path, wait_until="load")

    @property
    def offline(self) -> bool:
        """True between `go_offline()` and `go_online()`."""
        return self._offline

    def go_offline(self) -> None:
        """No network for the pages and the service worker; it stays so across `restart()`."""
        self._offline = True
        self.line.cut()
        self.context.set_offline(True)

    def go_online(self) -> None:
        """The network is back; the page gets its `online` event."""
        self._offline = False
        self.line.mend()
        self.context.set_offline(False)

    def throttle(self, *, kbit_per_s: int = 400, latency_ms: int = 400, cpu_slowdown: float = 6) -> None:
        """A bad village line and a cheap phone, for this page."""
        cdp = self.cdp()
        bytes_per_s = kbit_per_s * 1000 // 8
        cdp.send("Network.enable")
        cdp.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": latency_ms,
                "downloadThroughput": bytes_per_s,
                "uploadThroughput": bytes_per_s,
            },
        )
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": cpu_slowdown})

    def dark(self, on: bool = True) -> None:
        """Switch the system's dark theme on or off."""
        self._dark = on
        self.page.emulate_media(color_scheme="dark" if on else "light")

    def text_200(self) -> None:
        """Twice the system's text size, as a person sets it in the browser; reloads nothing."""
        self.cdp().send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})

    def wider_than_seen(self) -> int:
        """By how many CSS pixels the page would scroll sideways. (`innerWidth` grows with what is too wide.)"""
        width: int = self.evaluate(
            "(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)(document.documentElement)"
        )
        return width

    def cdp(self) -> CDPSession:
        """A DevTools session of the page."""
        return self.context.new_cdp_session(self.page)

    def evaluate(self, expression: str, argument: Any = None) -> Any:
        """Run script in the page."""
        return self.page.evaluate(expression, argument)
