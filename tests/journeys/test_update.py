"""A new version of the app on a phone that holds what was not sent yet: an old one is told so, nothing is lost, and no
code is swapped under a half-typed form."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from apiflask import APIFlask
from playwright.sync_api import Locator, Page, expect

from server import create_app
from server.sync import version
from tests.cast import CADRE
from tests.harness.caller import Caller
from tests.harness.live_server import ROOT, LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands

BUILT = ROOT / "pwa" / "dist"
NEWER_CONTRACT = version.CONTRACT_VERSION + 1
_CONTRACT = re.compile(r"(header:`X-Shishibu-Contract`,version:)[0-9]+")
LOOK_FOR_UPDATE = "navigator.serviceWorker.ready.then((registration) => registration.update()).then(() => true)"
NEW_ONE_LIES_READY = "navigator.serviceWorker.ready.then((registration) => registration.waiting !== null)"


def newer_server() -> APIFlask:
    """A server that takes no app of today any more."""
    version.OLDEST_TAKEN = NEWER_CONTRACT
    return create_app()


def _build(folder: Path, name: str, contract: int) -> None:
    """The built app as if it came from another build: every file has a name of its own, and it speaks this contract."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(BUILT, folder)
    names = {file.name: f"{name}-{file.name}" for file in (folder / "assets").iterdir()}
    whole_name = re.compile("|".join(rf"(?<![\w-]){re.escape(each)}" for each in names))
    for file in (*folder.glob("*.*"), *folder.glob("assets/*")):
        if file.suffix in {".js", ".css", ".html"}:
            text = whole_name.sub(lambda found: names[found[0]], file.read_text())
            text = _CONTRACT.sub(rf"\g<1>{contract}", text).replace('"revision":"', f'"revision":"{name}')
            file.write_text(text)
        if file.name in names:
            file.rename(file.with_name(names[file.name]))


@pytest.fixture
def app_folder(tmp_path: Path) -> Path:
    """What the server hands out: the version of before, until another is built in its place."""
    folder = tmp_path / "app"
    _build(folder, "before", version.CONTRACT_VERSION)
    return folder


@pytest.fixture
def live_server(make_live_server: Callable[..., LiveServer], app_folder: Path) -> LiveServer:
    return make_live_server(PWA=str(app_folder))


def _serve(server: LiveServer, app: str) -> None:
    server.stop()
    server.app = app
    server.start()


def _code_of(page: Page, build: str) -> Locator:
    """What the page runs, if it is of this build."""
    return page.locator(f'script[src*="/{build}-"]')


def _update_offered(page: Page) -> Locator:
    return page.get_by_role("button", name="现在更新")


def test_an_old_app_is_told_so_keeps_what_it_holds_and_the_new_one_sends_it(
    phone: Phone, live_server: LiveServer, app_folder: Path
):
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    _serve(live_server, "tests.journeys.test_update:newer_server()")
    hands.record_visit("现场办公", "扶峰村", [("三组水渠堵了", "饮水水利", "水渠通了")])
    expect(hands.sync_bar()).to_contain_text("请更新")
    expect(phone.page.get_by_text("版本太旧，请更新。记下的都在手机里。")).to_be_visible()
    expect(_code_of(phone.page, "before")).to_have_count(1)

    _build(app_folder, "newer", NEWER_CONTRACT)
    hands.until(LOOK_FOR_UPDATE)
    hands.until(NEW_ONE_LIES_READY)
    hands.tap(_update_offered(phone.page))
    expect(_code_of(phone.page, "newer")).to_have_count(1, timeout=30_000)
    hands.wait_until_synced()
    _serve(live_server, "wsgi:app")
    assert len(Caller(live_server.url, CADRE).visits()) == 1


def test_no_new_version_comes_under_a_half_typed_form(phone: Phone, app_folder: Path):
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    hands.record_visit("现场办公", "扶峰村", [("三组水渠堵了", "饮水水利", "水渠通了")], save=False)
    title = phone.page.get_by_label("什么事")
    _build(app_folder, "newer", version.CONTRACT_VERSION)
    hands.until(LOOK_FOR_UPDATE)
    hands.until(NEW_ONE_LIES_READY)
    expect(_update_offered(phone.page)).to_have_count(0)

    other_tab = phone.context.new_page()
    other_tab.goto("/account")
    _update_offered(other_tab).click()
    hands.until("navigator.serviceWorker.ready.then((registration) => registration.waiting === null)")
    phone.page.wait_for_timeout(1_000)
    expect(_code_of(phone.page, "before")).to_have_count(1)
    expect(title).to_have_value("三组水渠堵了")
    title.fill("四组水渠堵了")
    hands.save()
    expect(_code_of(phone.page, "newer")).to_have_count(1, timeout=30_000)
