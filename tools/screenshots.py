"""A picture of every page in its main states: phone light, dark and at 200% text, leader on a desktop.

`screenshots/<scene>-<look>.png`; the chosen few for the README go to docs/images/.
"""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.harness.live_server import ROOT
from tests.harness.phone import Phone
from tests.journeys.hands import Hands
from tests.journeys.scenes import SCENES
from tools.sample_server import sample_server

FOLDER = ROOT / "screenshots"
CHOSEN = {
    "visit-filled-light": "visit-form.png",
    "matters-light": "matters.png",
    "matter-light": "matter.png",
    "tally-light": "tally.png",
}
"""What the README shows, and its name in docs/images/."""


def main() -> None:
    """Take every picture; says which."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with sample_server() as server, sync_playwright() as playwright:
        for scene in SCENES:
            phone = Phone(playwright, Path(tempfile.mkdtemp(prefix="shishibu-shot-")), server.port, screen=scene.screen)
            phone.start()
            try:
                scene.enter(Hands(phone))
                _shoot(phone, scene.name)
            finally:
                phone.throw_away()
    images = ROOT / "docs/images"
    images.mkdir(parents=True, exist_ok=True)
    for taken, kept in CHOSEN.items():
        shutil.copy(FOLDER / f"{taken}.png", images / kept)
    print(f"{len(list(FOLDER.iterdir()))} pictures in {FOLDER.name}/")


def _shoot(phone: Phone, name: str) -> None:
    """The same state in each look; the last one scrolls the whole page into the picture."""
    page = phone.page
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(400)  # the end of a transition
    page.screenshot(path=FOLDER / f"{name}-light.png")
    phone.dark()
    page.screenshot(path=FOLDER / f"{name}-dark.png")
    phone.dark(False)
    phone.text_200()
    page.wait_for_timeout(200)
    width, height = phone.evaluate("[innerWidth, document.documentElement.scrollHeight]")
    # Not Playwright's full_page: on a touch screen that throws the text size back to 100%.
    page.set_viewport_size({"width": width, "height": height})
    phone.text_200()
    page.wait_for_timeout(200)
    page.screenshot(path=FOLDER / f"{name}-200.png")
    print(name)


if __name__ == "__main__":
    main()
