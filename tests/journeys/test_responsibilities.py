"""权责清单: the county's coordinator keeps it by hand and from a file, and what is raised obeys it, offline too."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook
from playwright.sync_api import FilePayload, Locator, expect

from server.actions.workdays import calendar
from server.domain.times import shanghai_day
from tests.cast import BUREAU, CADRE, COUNTY, HANDLER, OTHER_BUREAU, Person
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import DESKTOP, Phone
from tests.journeys.given import county_coordinator, days_ago, duty
from tests.journeys.hands import Hands
from tests.journeys.test_desk import lying

HEADINGS = ["类别", "级别", "承办单位", "办理天数（工作日）", "法律依据", "乡镇可自办"]
ROAD: list[str | int] = ["道路交通", "县市区", BUREAU, 10, "《公路法》第三十五条", "否"]
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def keep(server: LiveServer, *duties: dict[str, object]) -> Person:
    """The county's list; who keeps it."""
    person = county_coordinator(server)
    Caller(server.url, person).keep_duties(COUNTY, *duties)
    return person


def edit(phone: Phone, person: Person) -> Hands:
    """Signed in, at the page where the list is changed."""
    hands = Hands(phone)
    hands.sign_in(person)
    hands.go_to("我的")
    hands.tap(hands.page.get_by_role("link", name="权责清单"))
    hands.tap(hands.page.get_by_role("link", name="修改清单"))
    expect(hands.page.get_by_role("button", name="放弃改动")).to_be_visible()
    return hands


def line(hands: Hands, name: str) -> Locator:
    return hands.page.get_by_role("list", name="清单条目").get_by_role("button", name=name)


def excel(*rows: list[str | int]) -> FilePayload:
    book, file = Workbook(), BytesIO()
    book.worksheets[0].append(HEADINGS)
    for row in rows:
        book.worksheets[0].append(row)
    book.save(file)
    return {"name": "清单.xlsx", "mimeType": EXCEL, "buffer": file.getvalue()}


def due_after(days: int) -> date:
    """The day on which so many working days from today are over."""
    return calendar().after(shanghai_day(days_ago(0)), days)


def test_a_coordinator_adds_a_line_by_hand_and_everybody_reads_it(
    make_phone: Callable[..., Phone], live_server: LiveServer
) -> None:
    hands = edit(make_phone(), county_coordinator(live_server))
    hands.tap(hands.page.get_by_role("button", name="加一条"))
    sheet = hands.page.get_by_role("dialog", name="清单里的一条")
    expect(sheet.get_by_text("请选类别。")).to_have_count(0)  # nothing is wrong before anything was typed
    hands.choose("道路交通", sheet)
    hands.choose("县市区", sheet)
    sheet.get_by_label("办理天数").fill("半个月")
    hands.tap(sheet.get_by_role("button", name="填好了"))
    expect(line(hands, "道路交通 · 县市区")).to_contain_text("请选承办单位。")
    hands.tap(hands.page.get_by_role("button", name="保存"))
    expect(hands.page.get_by_text("有 1 条没有填好，请先改正。")).to_be_visible()

    hands.tap(line(hands, "道路交通 · 县市区"))
    sheet.get_by_label("承办单位").select_option(label=BUREAU)
    sheet.get_by_label("办理天数").fill("１０")  # full width, as a Chinese keyboard types it
    sheet.get_by_label("法律依据").fill("《公路法》第三十五条")
    hands.tap(sheet.get_by_role("button", name="填好了"))
    expect(hands.page.get_by_text("新增 1 条，还没有保存")).to_be_visible()
    hands.tap(hands.page.get_by_role("button", name="保存"))
    shown = hands.page.get_by_role("region", name="道路交通")
    expect(shown).to_contain_text(BUREAU)
    expect(shown).to_contain_text("10 个工作日")
    hands.tap(hands.page.get_by_text("修改记录（1 处）"))
    expect(hands.page.get_by_text("新增 道路交通 · 县市区")).to_be_visible()

    cadre = Hands(make_phone())
    cadre.sign_in(CADRE)
    cadre.phone.open("/responsibilities")
    expect(cadre.page.get_by_role("region", name="道路交通")).to_contain_text("《公路法》第三十五条")
    expect(cadre.page.get_by_role("link", name="修改清单")).to_have_count(0)
    cadre.phone.open(f"/responsibilities/edit?county={COUNTY}")
    expect(cadre.page.get_by_text("这份清单由县（市、区）的协调员修改。")).to_be_visible()
    expect(cadre.page.get_by_role("button", name="保存")).to_have_count(0)


def test_a_file_with_a_mistake_says_in_which_row_and_is_put_right_on_the_screen(
    make_phone: Callable[..., Phone], live_server: LiveServer
) -> None:
    hands = edit(make_phone(screen=DESKTOP), county_coordinator(live_server))
    wrong: list[str | int] = ["饮水水利", "县市区", "武冈市水电局", "半个月", "《水法》第十二条", "否"]
    hands.page.get_by_label("从文件导入").set_input_files(excel(ROAD, wrong))
    expect(hands.page.get_by_text("文件里有 2 条，已代替下面的清单，还没有保存。")).to_be_visible()
    expect(line(hands, "道路交通 · 县市区")).not_to_contain_text("要改")
    bad = line(hands, "饮水水利 · 县市区")
    for complaint in ("文件第 3 行写的是“武冈市水电局”。", "文件第 3 行写的是“半个月”。"):
        expect(bad).to_contain_text(complaint)
    hands.tap(hands.page.get_by_role("button", name="保存"))
    expect(bad).to_be_focused()
    assert Caller(live_server.url, CADRE).call("GET", "/api/responsibilities", county_code=COUNTY)["rules"] == []

    hands.tap(bad)
    sheet = hands.page.get_by_role("dialog", name="清单里的一条")
    sheet.get_by_label("承办单位").select_option(label=OTHER_BUREAU)
    sheet.get_by_label("办理天数").fill("15")
    hands.tap(sheet.get_by_role("button", name="填好了"))
    hands.tap(hands.page.get_by_role("button", name="保存"))
    expect(hands.page.get_by_role("region", name="饮水水利")).to_contain_text("15 个工作日")


def test_what_is_exported_is_the_list_and_comes_in_again_without_a_change(
    desktop: Phone, live_server: LiveServer, tmp_path: Path
) -> None:
    person = keep(live_server, duty(), duty(None, category="water", township_may_settle=True))
    hands = edit(desktop, person)
    hands.page.go_back()
    with hands.page.expect_download() as download:
        hands.tap(hands.page.get_by_role("link", name="导出 Excel"))
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    rows = [[cell.value for cell in row] for row in load_workbook(path).worksheets[0].iter_rows()]
    assert [row[:3] for row in rows] == [
        HEADINGS[:3],
        ["道路交通", "县市区", BUREAU],
        ["饮水水利", "乡镇街道", "所在乡镇（街道）"],
    ]
    hands.tap(hands.page.get_by_role("link", name="修改清单"))
    hands.page.get_by_label("从文件导入").set_input_files(path)
    expect(hands.page.get_by_text("文件里有 2 条")).to_be_visible()
    expect(hands.page.get_by_text("没有改动")).to_be_visible()


def test_what_is_typed_without_a_network_is_saved_when_it_is_back(phone: Phone, live_server: LiveServer) -> None:
    hands = edit(phone, keep(live_server, duty()))
    hands.wait_until_usable_offline()
    phone.go_offline()
    hands.tap(line(hands, "道路交通 · 县市区"))
    sheet = hands.page.get_by_role("dialog", name="清单里的一条")
    sheet.get_by_label("办理天数").fill("20")
    hands.tap(sheet.get_by_role("button", name="填好了"))
    hands.tap(hands.page.get_by_role("button", name="保存"))
    expect(hands.page.get_by_role("alert")).to_contain_text("没有网络")
    phone.go_online()
    hands.tap(hands.page.get_by_role("button", name="保存"))
    expect(hands.page.get_by_role("region", name="道路交通")).to_contain_text("20 个工作日")


def test_what_one_tap_took_away_can_be_put_back_and_the_focus_stays_in_the_list(
    phone: Phone, live_server: LiveServer
) -> None:
    hands = edit(phone, keep(live_server, duty(), duty(None, category="water", township_may_settle=True)))
    sheet = hands.page.get_by_role("dialog", name="清单里的一条")
    hands.tap(line(hands, "道路交通 · 县市区"))
    hands.tap(sheet.get_by_role("button", name="删去这一条"))
    expect(line(hands, "道路交通")).to_have_count(0)
    expect(line(hands, "饮水水利")).to_be_focused()
    hands.tap(hands.page.get_by_role("button", name="撤销"))
    hands.tap(line(hands, "饮水水利"))
    sheet.get_by_label("办理天数").fill("9")
    hands.tap(sheet.get_by_role("button", name="填好了"))
    hands.tap(hands.page.get_by_role("button", name="放弃改动"))
    expect(hands.page.get_by_text("没有改动")).to_be_visible()
    hands.tap(hands.page.get_by_role("button", name="撤销"))
    expect(line(hands, "道路交通")).to_be_visible()
    expect(hands.page.get_by_text("改 1 条，还没有保存")).to_be_visible()


def test_what_is_raised_without_a_network_has_the_unit_and_the_day_of_the_list_at_once(
    make_phone: Callable[..., Phone], live_server: LiveServer
) -> None:
    keep(live_server, duty(), duty(None, category="water", days_allowed=7, township_may_settle=True))
    hands = Hands(make_phone())
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    hands.phone.go_offline()
    hands.record_visit("现场办公", "黄塘村", [("弯道没有护栏", "道路交通", None), ("水压低", "饮水水利", None)])

    expected = {"弯道没有护栏": (BUREAU, due_after(10)), "水压低": ("邓家铺镇人民政府", due_after(7))}
    for title, (unit, day) in expected.items():
        hands.tap(hands.matter(title))
        facts = hands.page.locator("dl")
        expect(facts).to_contain_text(unit)
        expect(facts).to_contain_text(f"{day.month}月{day.day}日")
        hands.page.go_back()
    hands.phone.go_online()
    hands.wait_until_synced()
    held = {each["title"]: each for each in Caller(live_server.url, CADRE).matters()}
    for title, (unit, day) in expected.items():
        assert (held[title]["unit_name"], held[title]["due_day"]) == (unit, day.isoformat())
    assert (held["弯道没有护栏"]["state"], held["水压低"]["state"]) == ("assigned", "raised")

    handler = Hands(make_phone())
    handler.sign_in(HANDLER)
    handler.wait_until_synced()
    expect(lying(handler, "弯道没有护栏").get_by_role("button", name="受理")).to_be_visible()
    expect(lying(handler, "水压低")).to_have_count(0)


def test_a_matter_keeps_the_line_that_held_when_it_was_raised(phone: Phone, live_server: LiveServer) -> None:
    person = keep(live_server, duty())
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_synced()
    hands.record_visit("现场办公", "黄塘村", [("弯道没有护栏", "道路交通", None)])
    hands.wait_until_synced()
    Caller(live_server.url, person).keep_duties(COUNTY, duty(OTHER_BUREAU, days_allowed=3))
    hands.sync_now()
    hands.until("performance.getEntriesByName(location.origin + '/api/reference').length > 1")
    hands.record_visit("现场办公", "黄塘村", [("桥面塌了半边", "道路交通", None)])
    hands.wait_until_synced()
    held = {each["title"]: (each["unit_name"], each["due_day"]) for each in Caller(live_server.url, CADRE).matters()}
    assert held == {
        "弯道没有护栏": (BUREAU, due_after(10).isoformat()),
        "桥面塌了半边": (OTHER_BUREAU, due_after(3).isoformat()),
    }
