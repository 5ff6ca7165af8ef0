"""Fixtures for journeys: a live server with divisions and people, and phones on it."""

import re
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from tests.harness.live_server import ROOT, LiveServer
from tests.harness.phone import DESKTOP, Phone, start_browser
from tests.harness.world import make_world

RESULTS = ROOT / "test-results"
_FAILED = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    """Know what a test of ours can be marked with."""
    config.addinivalue_line("markers", "killed: the phones' browsers are killed in it, so each has one of its own")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, for the fixtures that keep its pictures."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture(scope="session")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    make_world(f"sqlite:///{folder}/shishibu.db", folder)
    return folder


@pytest.fixture
def make_live_server(_world: Path, tmp_path: Path) -> Iterator[Callable[..., LiveServer]]:
    """Start a live server on its own copy of the world; its arguments are settings, `SESSION_DAYS="1"`."""
    servers: list[LiveServer] = []

    def make(**settings: str) -> LiveServer:
        var = tmp_path / f"server{len(servers)}"
        shutil.copytree(_world, var)
        server = LiveServer(var, **settings)
        servers.append(server)
        server.start()
        return server

    yield make
    for server in servers:
        server.kill()


@pytest.fixture
def live_server(make_live_server: Callable[..., LiveServer]) -> LiveServer:
    """A running server with the divisions of 武冈市 and the people of tests/cast.py."""
    return make_live_server()


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def _browser(_playwright: Playwright) -> Iterator[Browser]:
    browser = start_browser(_playwright)
    yield browser
    browser.close()


@pytest.fixture
def make_phone(
    request: pytest.FixtureRequest,
    _playwright: Playwright,
    _browser: Browser,
    live_server: LiveServer,
    tmp_path: Path,
) -> Iterator[Callable[..., Phone]]:
    """Start a phone of its own; its arguments are those of Phone (screen, dark).

    In a test that is marked `killed` each has a browser of its own, whose processes can be killed.

    When the test fails, a picture of each and the server's log are kept in test-results/. A test
    in which a page threw, broke the CSP or made Vue warn fails at the end.
    """
    phones: list[Phone] = []
    browser = None if request.node.get_closest_marker("killed") else _browser

    def make(**settings: Any) -> Phone:
        profile = tmp_path / f"profile{len(phones)}"
        phone = Phone(_playwright, profile, live_server.port, browser=browser, **settings)
        phones.append(phone)
        phone.start()
        return phone

    yield make
    failed = request.node.stash.get(_FAILED, False)
    if failed:
        _keep(request.node.nodeid, phones, live_server)
    for phone in phones:
        phone.throw_away()
    faults = [fault for phone in phones for fault in phone.faults]
    assert failed or not faults, "faults on the page:\n" + "\n".join(faults)


@pytest.fixture
def phone(make_phone: Callable[..., Phone]) -> Phone:
    """A phone of 360x740 with fingers on it, on `live_server`."""
    return make_phone()


@pytest.fixture
def desktop(make_phone: Callable[..., Phone]) -> Phone:
    """A leader's desktop browser, on `live_server`."""
    return make_phone(screen=DESKTOP)


def _keep(nodeid: str, phones: list[Phone], server: LiveServer) -> None:
    RESULTS.mkdir(exist_ok=True)
    name = re.sub(r"[^\w.-]+", "-", nodeid.removeprefix("tests/"))
    for number, phone in enumerate(phones):
        try:
            phone.page.screenshot(path=RESULTS / f"{name}-{number}.png")
        except Error as error:
            print(f"no picture of phone {number}: {error.message}")  # noqa: T201  # pytest shows it with the failure
    (RESULTS / f"{name}-server.log").write_text(server.log)
