"""A picture of every page in its main states: phone light, dark and at 200% text, leader on a desktop.

`screenshots/<scene>-<look>.png`; the chosen few for the README go to docs/images/.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright, Route, expect, sync_playwright

from tests import cast
from tests.harness.live_server import ROOT, LiveServer
from tests.harness.phone import DESKTOP, PHONE, Phone, Screen
from tests.journeys.hands import Hands
from tools.sample_server import sample_server

FOLDER = ROOT / "screenshots"
CHOSEN = {
    "visit-filled-light": "visit-form.png",
    "matters-light": "matters.png",
    "matter-light": "matter.png",
    "tally-light": "tally.png",
}
"""What the README shows, and its name in docs/images/."""

Scene = Callable[[Hands], None]


def main() -> None:
    """Take every picture; says which."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with sample_server() as server, sync_playwright() as playwright:
        for name, person, screen, scene in SCENES:
            with _hands(playwright, server, person, screen) as hands:
                scene(hands)
                _shoot(hands.phone, name)
    images = ROOT / "docs/images"
    images.mkdir(parents=True, exist_ok=True)
    for taken, kept in CHOSEN.items():
        shutil.copy(FOLDER / f"{taken}.png", images / kept)
    print(f"{len(list(FOLDER.iterdir()))} pictures in {FOLDER.name}/")


@contextmanager
def _hands(playwright: Playwright, server: LiveServer, person: cast.Person | None, screen: Screen) -> Iterator[Hands]:
    phone = Phone(playwright, Path(tempfile.mkdtemp(prefix="shishibu-shot-")), server.port, screen=screen)
    phone.start()
    try:
        hands = Hands(phone)
        if person is None:
            phone.open("/signin")
        else:
            hands.sign_in(person)
            if person in (cast.CADRE, cast.HANDLER, cast.COORDINATOR):
                hands.wait_until_usable_offline()
        yield hands
    finally:
        phone.throw_away()


def _shoot(phone: Phone, name: str) -> None:
    """The same state in each look; the last one scrolls the whole page into the picture."""
    page = phone.page
    expect(page.locator("main")).to_be_visible()
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(400)  # the end of a transition
    page.screenshot(path=FOLDER / f"{name}-light.png")
    phone.dark()
    page.screenshot(path=FOLDER / f"{name}-dark.png")
    phone.dark(False)
    phone.text_200()
    page.wait_for_timeout(200)
    page.screenshot(path=FOLDER / f"{name}-200.png", full_page=True)
    print(name)


def _stay(_: Hands) -> None:
    """Where the person is after signing in."""


def _page(path: str) -> Scene:
    def go(hands: Hands) -> None:
        hands.phone.open(path)
        hands.page.wait_for_load_state("networkidle")

    return go


def _matter(title: str) -> Scene:
    def go(hands: Hands) -> None:
        hands.choose("全部")
        hands.tap(hands.matter(title))
        expect(hands.page.get_by_role("heading", name=title)).to_be_visible()

    return go


def _act(title: str, button: str) -> Scene:
    def go(hands: Hands) -> None:
        _matter(title)(hands)
        hands.tap(hands.page.get_by_role("button", name=button, exact=True))

    return go


def _empty_visit(hands: Hands) -> None:
    hands.go_to("记下访")
    expect(hands.page.get_by_role("button", name="保存")).to_be_visible()


_VISIT = ("现场办公", "扶峰村", [("三组水渠堵了", "饮水水利", "清淤 80 米，12 户能浇地了。")])


def _filled_visit(hands: Hands) -> None:
    hands.record_visit(*_VISIT, save=False)


def _incomplete_visit(hands: Hands) -> None:
    _empty_visit(hands)
    hands.tap(hands.page.get_by_role("button", name="再加一件"))
    hands.tap(hands.page.get_by_role("button", name="保存"))


def _village_search(hands: Hands) -> None:
    _empty_visit(hands)
    hands.tap(hands.page.get_by_role("button", name="其他村"))
    hands.type("ht")


def _offline(hands: Hands) -> None:
    hands.phone.go_offline()
    hands.record_visit(*_VISIT)
    expect(hands.sync_bar()).to_contain_text("离线")


def _offline_visits(hands: Hands) -> None:
    _offline(hands)
    hands.go_to("我的")
    hands.tap(hands.page.get_by_role("link", name="我的下访"))


def _password_asked(hands: Hands) -> None:
    _offline(hands)
    hands.phone.context.clear_cookies()
    hands.phone.go_online()
    hands.tap(hands.page.get_by_role("banner").get_by_role("button", name="需要密码"))


def _refused(hands: Hands) -> None:
    """The server really refuses: the visit's village is changed on its way to one that does not exist."""

    def spoil(route: Route) -> None:
        body: Any = route.request.post_data_json
        for mutation in body["mutations"]:
            mutation["args"]["village_code"] = "430581105999"
        route.continue_(post_data=body)

    hands.page.route("**/api/sync/push", spoil)
    hands.record_visit(*_VISIT)
    hands.tap(hands.page.get_by_role("banner").get_by_role("link", name="需处理"))
    expect(hands.page.get_by_role("button", name="修改后重发")).to_be_visible()


def _tally_matters(hands: Hands) -> None:
    hands.page.get_by_role("link", name="新增").first.click()
    expect(hands.page.get_by_text("共")).to_be_visible()


def _tally(hands: Hands) -> None:
    expect(hands.page.get_by_role("heading", name="邓家铺镇")).to_be_visible()
    hands.choose("本年")
    hands.page.wait_for_load_state("networkidle")


def _kept_tally(hands: Hands) -> None:
    _tally(hands)
    hands.phone.go_offline()
    hands.phone.restart()
    hands.phone.open("/tallies")


def _then(*scenes: Scene) -> Scene:
    def go(hands: Hands) -> None:
        for scene in scenes:
            scene(hands)

    return go


SCENES: list[tuple[str, cast.Person | None, Screen, Scene]] = [
    ("sign-in", None, PHONE, _stay),
    ("matters", cast.CADRE, PHONE, _stay),
    ("matters-nothing", cast.NEIGHBOUR, PHONE, _stay),
    ("matter", cast.CADRE, PHONE, _matter("三组机耕路塌方，农机过不去")),
    ("matter-open", cast.CADRE, PHONE, _matter("村口桥面有坑，摩托车容易摔")),
    ("matter-resolve", cast.CADRE, PHONE, _act("村口桥面有坑，摩托车容易摔", "办结")),
    ("matter-more", cast.CADRE, PHONE, _act("村口桥面有坑，摩托车容易摔", "更多")),
    ("visit", cast.CADRE, PHONE, _empty_visit),
    ("visit-search", cast.CADRE, PHONE, _village_search),
    ("visit-incomplete", cast.CADRE, PHONE, _incomplete_visit),
    ("visit-filled", cast.CADRE, PHONE, _filled_visit),
    ("visits", cast.CADRE, PHONE, _page("/visits")),
    ("account", cast.CADRE, PHONE, _page("/account")),
    ("offline", cast.CADRE, PHONE, _offline),
    ("offline-visits", cast.CADRE, PHONE, _offline_visits),
    ("password-asked", cast.CADRE, PHONE, _password_asked),
    ("refused", cast.CADRE, PHONE, _refused),
    ("refused-nothing", cast.CADRE, PHONE, _page("/refused")),
    ("handler-matters", cast.HANDLER, PHONE, _stay),
    ("handler-matter", cast.HANDLER, PHONE, _matter("通村公路弯道没有护栏")),
    ("coordinator-assign", cast.COORDINATOR, PHONE, _act("自来水水压不够，三楼没水", "交办")),
    ("tally", cast.LEADER, PHONE, _tally),
    ("tally-matters", cast.LEADER, PHONE, _then(_tally, _tally_matters)),
    ("tally-offline", cast.LEADER, PHONE, _kept_tally),
    ("desktop-tally", cast.LEADER, DESKTOP, _tally),
    ("desktop-tally-matters", cast.LEADER, DESKTOP, _then(_tally, _tally_matters)),
    ("desktop-account", cast.ADMIN, DESKTOP, _stay),
]


if __name__ == "__main__":
    main()
