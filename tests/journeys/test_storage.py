"""What is unsent on a phone whose browser may clear it away is saved as a file, and sent from another phone."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.cast import CADRE, NEIGHBOUR
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands

TITLES = ("三组水渠堵了", "路灯坏了")


def test_a_file_of_what_is_unsent_is_sent_once_from_another_phone(
    make_phone: Callable[..., Phone], live_server: LiveServer, tmp_path: Path
) -> None:
    first = Hands(make_phone())
    first.sign_in(CADRE)
    first.wait_until_usable_offline()
    first.phone.go_offline()
    for title in TITLES:
        first.record_visit("现场办公", "扶峰村", [(title, "饮水水利", None)])
    first.open("/account/storage")  # it was locked in between
    expect(first.page.get_by_role("heading", name="2 条没上传")).to_be_visible()
    expect(first.page.get_by_text("浏览器可能清掉")).to_be_visible()
    with first.page.expect_download() as download:
        first.tap(first.page.get_by_role("button", name="存成文件"))
    assert download.value.suggested_filename.startswith("实事簿-未上传-")
    saved = tmp_path / "unsent.sjb"
    download.value.save_as(saved)
    assert TITLES[0] not in saved.read_text()

    other = Hands(make_phone())
    other.sign_in(NEIGHBOUR)
    other.wait_until_usable_offline()
    other.open("/account/storage")
    other.page.get_by_label("读入文件").set_input_files(saved)
    expect(other.page.get_by_role("alert")).to_have_text("这个文件是别人存的，要用他的账号读入。")

    second = Hands(make_phone())
    second.sign_in(CADRE)
    second.wait_until_usable_offline()
    second.open("/account/storage")
    second.page.get_by_label("读入文件").set_input_files(saved)
    expect(second.page.get_by_text("读入了 2 条，会自动上传")).to_be_visible()
    second.wait_until_synced()
    server = Caller(live_server.url, CADRE)
    assert sorted(matter["title"] for matter in server.matters()) == sorted(TITLES)

    # The first phone comes back after all: nothing is there twice.
    first.phone.go_online()
    first.wait_until_synced()
    assert len(server.matters()) == 2
