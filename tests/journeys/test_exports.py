"""A leader takes along exactly what he sees."""

import csv
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.cast import CADRE, LEADER, VILLAGE
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands, new_matter, new_visit

NOW = datetime.now(UTC)
COUNT = 60
"""More than a page of the list."""


def _fill(server: LiveServer) -> None:
    matters = [new_matter(f"第{number:02}件水管", "water", "当天通水") for number in range(COUNT)]
    visits = [new_visit(VILLAGE, NOW - timedelta(minutes=at), matters[at : at + 20]) for at in range(0, COUNT, 20)]
    assert {receipt["status"] for receipt in Caller(server.url, CADRE).push(visits)} == {"applied"}


def _download(hands: Hands, link: str, folder: Path) -> Path:
    with hands.page.expect_download() as download:
        hands.tap(hands.page.get_by_role("link", name=link))
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_leader_downloads_the_tables_and_the_whole_list_behind_a_number(
    desktop: Phone, live_server: LiveServer, tmp_path: Path
):
    _fill(live_server)
    hands = Hands(desktop)
    hands.sign_in(LEADER)
    hands.choose_free_period(NOW - timedelta(days=1), NOW)
    number = hands.page.get_by_role("link", name=re.compile(f"^办结 {COUNT} 件"))
    expect(number).to_be_visible()
    tables = load_workbook(_download(hands, "导出 Excel", tmp_path))
    total = {row[0].value: row[1].value for row in tables["汇总"].iter_rows()}
    assert (total["办结"], total["未办结"]) == (COUNT, 0)

    hands.tap(number)
    expect(hands.page.get_by_text(f"共 {COUNT} 件")).to_be_visible()
    path = _download(hands, "导出 CSV", tmp_path)
    assert path.name.startswith("实事簿_邓家铺镇_办结_")
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert {row[0] for row in rows[1:-1]} == {f"第{number:02}件水管" for number in range(COUNT)}
    assert rows[-1] == [f"共 {COUNT} 行"]
    (sheet,) = load_workbook(_download(hands, "导出 Excel", tmp_path))
    assert [sheet.cell(at, 1).value for at in range(1, COUNT + 3)] == [row[0] for row in rows]
