"""A person records while the server's disk is full: his phone says so in a sentence, keeps it, and sends it later."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from server.domain.refusals import REFUSALS
from tests.cast import CADRE
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands
from tests.kills.disks import SmallDisk, needs_mount

TITLE = "桥头的路灯不亮"


@pytest.fixture
def live_server(_world: Path, disk: SmallDisk) -> Iterator[LiveServer]:
    """A server with everything it has, its log too, on the small disk."""
    var = disk.folder / "var"
    shutil.copytree(_world, var)
    server = LiveServer(var)
    server.start()
    yield server
    server.kill()


@needs_mount
def test_whoever_sends_to_a_full_server_reads_why_and_keeps_it(phone: Phone, live_server: LiveServer, disk: SmallDisk):
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    disk.fill()
    hands.record_visit("现场办公", "扶峰村", [(TITLE, "用电通信", None)])
    expect(hands.sync_bar()).to_contain_text("1 条待上传")
    hands.tap(hands.sync_bar())
    expect(hands.page.get_by_text(REFUSALS["storage_full"][1]).first).to_be_attached()
    phone.page.reload()
    hands.give_pin()  # a server that can write nothing gives no key
    expect(hands.matter(TITLE)).to_be_visible()
    expect(hands.sync_bar()).to_contain_text("1 条待上传")

    disk.free()
    hands.tap(hands.sync_bar())
    hands.wait_until_synced()
    assert [matter["title"] for matter in Caller(live_server.url, CADRE).matters()] == [TITLE]
