"""Every page can be used by people with weak eyes, a screen reader or a keyboard: light, dark and with text at 200%."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests import cast
from tests.harness.axe import serious_findings
from tests.harness.live_server import ROOT, LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands
from tests.journeys.scenes import SCENES, Scene
from tools.sample_server import sample_server

ROUTER = ROOT / "pwa/src/shell/router.ts"


@pytest.fixture(scope="module")
def _sample() -> Iterator[LiveServer]:
    with sample_server() as server:
        yield server


@pytest.fixture
def live_server(_sample: LiveServer) -> LiveServer:
    """The phones' server: one with the sample records, for all scenes."""
    return _sample


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_every_page_has_no_serious_finding_and_fits_at_twice_the_text(
    make_phone: Callable[..., Phone], scene: Scene, subtests: pytest.Subtests
):
    phone = make_phone(screen=scene.screen)
    hands = Hands(phone)
    scene.enter(hands)
    with subtests.test("zoom is not disabled"):
        viewport = str(hands.page.locator("meta[name=viewport]").get_attribute("content"))
        assert "user-scalable" not in viewport
        assert "maximum-scale" not in viewport
    for look in ("light", "dark"):
        phone.dark(look == "dark")
        with subtests.test(look):
            assert serious_findings(hands.page) == []
    phone.text_200()
    with subtests.test("text at 200%"):
        assert phone.evaluate("getComputedStyle(document.documentElement).fontSize") == "34px"
        assert phone.wider_than_seen() == 0
        assert serious_findings(hands.page) == []


def test_every_page_of_the_app_is_looked_at() -> None:
    routes = re.findall(r"path: '([^']+)'(, name: '[^']+', redirect)?", ROUTER.read_text())
    pages = {path for path, redirects in routes if not redirects and "*" not in path}
    assert len(pages) > 20
    assert {scene.route for scene in SCENES} == pages


def test_a_visit_is_recorded_at_twice_the_text(phone: Phone):
    hands = Hands(phone)
    hands.sign_in(cast.CADRE)
    phone.text_200()
    # A title that no scene on this server records.
    hands.record_visit("现场办公", "扶峰村", [("八组水渠堵了", "饮水水利", "清淤 80 米")])
    expect(hands.matter("八组水渠堵了")).to_have_count(0)  # 现场办结: not among the open ones
    hands.choose("已结")
    expect(hands.matter("八组水渠堵了")).to_be_visible()
