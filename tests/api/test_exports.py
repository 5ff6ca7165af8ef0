"""A file holds exactly what is on the leader's screen: every row, no resident, nothing that a program would run."""

import csv
import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from server.actions import books, tallies
from server.domain.exports import MATTER_COLUMNS
from server.domain.lifecycle import STATES
from server.domain.tallies import BETWEEN_UNITS, MEASURES
from server.domain.words import CATEGORIES, LIMITS, VISIT_KINDS
from tests import cast
from tests.api.histories import FEBRUARY
from tests.api.mutations import Json, act, new_matter, noon, resolved_on_the_spot, visit
from tests.api.people import Caller, SignIn

Cells = list[list[str]]
LABELS = [measure.label for name, measure in MEASURES.items() if name not in BETWEEN_UNITS]
NAME, PHONE, ID_CARD = "龙桂香", "13907390001", "430581199501011234"


@pytest.fixture
def county_leader(told: SignIn) -> Caller:
    """The county's leader, after everything of histories.py has happened."""
    return told(cast.COUNTY_LEADER)


def download(caller: Caller, path: str, **query: str) -> TestResponse:
    answer = caller.get(path, **query)
    assert answer.status_code == 200, answer.get_json()
    assert answer.content_length == len(answer.data)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def csv_rows(answer: TestResponse) -> Cells:
    assert answer.data.startswith(b"\xef\xbb\xbf"), "Excel takes it for another encoding"
    assert answer.data.count(b"\n") == answer.data.count(b"\r\n")
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"), newline="")))


def xlsx_sheets(answer: TestResponse) -> dict[str, list[list[Any]]]:
    book = load_workbook(BytesIO(answer.data))
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), "a formula"
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def as_text(row: list[Any]) -> list[str]:
    """A row of a sheet as the CSV file has it."""

    def text(cell: Any) -> str:
        if isinstance(cell, datetime):
            return cell.date().isoformat()
        return "" if cell is None else str(cell)

    return [text(cell) for cell in row]


def xlsx_rows(answer: TestResponse) -> Cells:
    """The rows of a list, empty cells at the end of the last row left out."""
    (rows,) = xlsx_sheets(answer).values()
    cells = [as_text(row) for row in rows]
    return [*cells[:-1], [cell for cell in cells[-1] if cell]]


READERS: dict[str, Callable[[TestResponse], Cells]] = {"csv": csv_rows, "xlsx": xlsx_rows}


def listed(caller: Caller, **query: str) -> list[Json]:
    """All pages of the list on the screen."""
    page = caller.get("/api/tallies/matters", **query).get_json()
    lines: list[Json] = page["matters"]
    while page["next"]:
        page = caller.get("/api/tallies/matters", **query, after=page["next"]).get_json()
        lines += page["matters"]
    return lines


def on_screen(line: Json) -> list[str]:
    """The cells that must stand for a line of the list."""
    raised = datetime.fromisoformat(line["raised_at"]).astimezone(noon_zone()).date()
    return [
        line["title"], CATEGORIES[line["category"]], line["village_name"], line["township_name"], line["unit_name"],
        STATES[line["state"]][0], raised.isoformat(), line["due_day"], line["closed_day"] or "", line["result"] or "",
    ]  # fmt: skip


def noon_zone() -> Any:
    return datetime.fromisoformat(noon("2025-02-10")).tzinfo


@pytest.mark.parametrize("ending", READERS)
def test_a_list_has_every_row_of_every_page_in_the_order_of_the_screen_and_says_how_many(
    county_leader: Caller, ending: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(LIMITS, "matters_per_page", 3)
    exported = 0
    for measure in MEASURES:
        query = {**FEBRUARY, "measure": measure}
        lines = listed(county_leader, **query)
        answer = download(county_leader, f"/api/tallies/matters/export.{ending}", **query)
        rows = READERS[ending](answer)
        assert rows[0] == list(MATTER_COLUMNS)
        assert rows[1:-1] == [on_screen(line) for line in lines], measure
        assert rows[-1] == [f"共 {len(lines)} 行"]
        assert answer.headers["X-Row-Count"] == str(len(lines))
        exported += len(lines)
    assert exported > 40, "hardly anything was exported"


@pytest.mark.parametrize("ending", READERS)
def test_a_list_is_narrowed_as_the_screen_is(told_app: Flask, county_leader: Caller, ending: str):
    narrowings = ({"category": "road"}, {"kind": "onsite"}, {"unit_id": cast.unit_id(told_app, cast.BUREAU)})
    for narrowed in (*narrowings, {"area_code": cast.SHARED_VILLAGE}):
        query = {**FEBRUARY, "measure": "open", **narrowed}
        rows = READERS[ending](download(county_leader, f"/api/tallies/matters/export.{ending}", **query))
        assert rows[1:-1] == [on_screen(line) for line in listed(county_leader, **query)] != [], narrowed


def test_a_tally_has_the_numbers_of_the_screen_table_by_table(county_leader: Caller):
    tally = county_leader.get("/api/tallies", **FEBRUARY).get_json()
    answer = download(county_leader, "/api/tallies/export.xlsx", **FEBRUARY)
    sheets = {title: [as_text(row) for row in rows] for title, rows in xlsx_sheets(answer).items()}
    assert list(sheets) == ["汇总", "按地方", "按类别", "按来源", "按承办单位", "按月", "地方和类别"]

    def numbers(row: Json, but: frozenset[str] = BETWEEN_UNITS) -> list[str]:
        return [str(row["numbers"][name]) for name in MEASURES if name not in but]

    total = {row[0]: row[1:] for row in sheets["汇总"]}
    assert total["武冈市"] == ["2025-02-01 至 2025-02-28", "2025-01-01 至 2025-01-31"]
    for name, measure in MEASURES.items():
        if name not in BETWEEN_UNITS:
            assert total[measure.label] == [str(tally["total"][name]), str(tally["total_before"][name])]
    assert total["办理天数中位数"][0] == str(tally["days"]["median"])
    expected = {
        "按地方": [[row["name"], *numbers(row)] for row in tally["by_area"]],
        "按类别": [[CATEGORIES[row["category"]], *numbers(row)] for row in tally["by_category"]],
        "按来源": [[VISIT_KINDS[row["kind"]], *numbers(row)] for row in tally["by_origin"]],
        "按承办单位": [
            [row["unit_name"], *numbers(row, frozenset()),
             "" if row["longest_overdue_days"] is None else str(row["longest_overdue_days"])]
            for row in tally["by_unit"]
        ],
        "按月": [
            [row["month"], *(str(row[name]) for name in ("raised", "reopened", "resolved", "open"))]
            for row in tally["by_month"]
        ],
    }  # fmt: skip
    for title, rows in expected.items():
        assert sheets[title][1:-1] == rows, title
        assert sheets[title][-1][0] == f"共 {len(rows)} 行"
    assert sheets["按地方"][0] == ["地方", *LABELS]
    assert len(sheets["地方和类别"]) == len(tally["heat"]) + 2
    # The same in one CSV file, the tables below each other.
    below = csv_rows(download(county_leader, "/api/tallies/export.csv", **FEBRUARY))
    for title, rows in sheets.items():
        begin = below.index([title])
        table = below[begin + 1 : begin + 1 + len(rows)]
        widest = max(map(len, rows))
        assert [row + [""] * (widest - len(row)) for row in table] == rows, title
    assert answer.headers["X-Row-Count"] == str(sum(len(rows) - 2 for rows in sheets.values()))


def test_the_table_of_units_has_them_all_where_the_screen_shows_the_first(
    county_leader: Caller, monkeypatch: pytest.MonkeyPatch
):
    whole = county_leader.get("/api/tallies", **FEBRUARY).get_json()
    monkeypatch.setattr(tallies, "_UNITS_SHOWN", 1)
    screen = county_leader.get("/api/tallies", **FEBRUARY).get_json()
    assert (screen["by_unit"], screen["more_units"], whole["more_units"]) == (whole["by_unit"][:1], True, False)
    rows = xlsx_sheets(download(county_leader, "/api/tallies/export.xlsx", **FEBRUARY))["按承办单位"]
    assert [row[0] for row in rows[1:-1]] == [row["unit_name"] for row in whole["by_unit"]]
    assert rows[-1][0] == f"共 {len(whole['by_unit'])} 行"


HOSTILE = ['=HYPERLINK("http://x","点")', "+86 拨打", "-2+3", "@SUM(A1:A9)", "＝1+1", "'=1", '"引,号"', "<b>"]


@pytest.mark.parametrize("ending", READERS)
def test_nothing_that_a_program_would_run_leaves_as_it_is(sign_in: SignIn, ending: str):
    sign_in(cast.CADRE).apply(
        *(
            visit(
                new_matter(title=text, resolved=resolved_on_the_spot(f"{text}\r\n第二行")),
                happened_at=noon("2025-02-10"),
            )
            for text in HOSTILE
        )
    )
    answer = download(sign_in(cast.LEADER), f"/api/tallies/matters/export.{ending}", **FEBRUARY, measure="resolved")
    rows = READERS[ending](answer)[1:-1]
    assert len(rows) == len(HOSTILE)
    for title, *_, result in rows:
        text = title.removeprefix("'") if title != "'=1" else title
        assert text in HOSTILE or title in HOSTILE
        assert not re.match(r"[=+\-@＝]", title)
        assert not re.match(r"[=+\-@＝]", result)
        assert "第二行" in result


@pytest.mark.parametrize("ending", READERS)
def test_no_resident_and_no_number_that_leads_to_him_is_in_any_file(sign_in: SignIn, ending: str):
    cadre, leader = sign_in(cast.CADRE), sign_in(cast.LEADER)
    resident = {"name": NAME, "phone": PHONE}
    secret = f"{NAME}（桂香）电话139-0739-0001，身份证{ID_CARD}，龙大爷已通水"
    done = new_matter(title=f"{NAME}家水管", detail=secret, resident=resident, resolved=resolved_on_the_spot(secret))
    still_open = new_matter(title=f"龙 桂 香 {PHONE}", resident=resident)
    nobody = new_matter(title="打 13800001111 的人", resolved=resolved_on_the_spot("卡号6222021234567890123"))
    cadre.apply(visit(done, still_open, nobody, happened_at=noon("2025-02-10"), note=secret))
    cadre.apply(act(still_open["id"], "progress", text=secret, happened_at=noon("2025-02-11")))
    answers = [
        download(leader, f"/api/tallies/export.{ending}", **FEBRUARY),
        *(
            download(leader, f"/api/tallies/matters/export.{ending}", **FEBRUARY, measure=measure)
            for measure in MEASURES
        ),
    ]
    said = []
    for answer in answers:
        said += (
            [csv_rows(answer)] if ending == "csv" else [[as_text(r) for r in s] for s in xlsx_sheets(answer).values()]
        )
    text = "\n".join(cell for rows in said for row in rows for cell in row)
    assert "群众家水管" in text
    assert "群众（群众）电话某号码，身份证某号码，群众已通水" in text
    assert not re.search("龙桂香|龙 桂|桂香|龙大爷|139|0739|13800001111|6222|430581199", text)
    assert cast.CADRE.name not in text


def test_the_file_is_named_for_its_place_period_and_number_in_any_browser(app: Flask, sign_in: SignIn):
    leader = sign_in(cast.LEADER)
    more = {"measure": "resolved_on_the_spot", "category": "road", "unit_id": cast.unit_id(app, cast.BUREAU)}

    def name(path: str, **query: str) -> str:
        header = download(leader, path, **FEBRUARY, **query).headers["Content-Disposition"]
        assert header.startswith("attachment; ")
        assert header.isascii()
        return unquote(header.split("filename*=UTF-8''")[1])

    period = "2025-02-01至2025-02-28"
    assert name("/api/tallies/export.csv") == f"实事簿_邓家铺镇_统计_{period}.csv"
    assert name("/api/tallies/matters/export.xlsx", **more) == (
        f"实事簿_邓家铺镇_武冈市交通运输局_道路交通_现场办结_{period}.xlsx"
    )


def test_days_and_numbers_of_a_sheet_can_be_sorted_and_added_up(county_leader: Caller):
    (rows,) = xlsx_sheets(
        download(county_leader, "/api/tallies/matters/export.xlsx", **FEBRUARY, measure="resolved")
    ).values()
    assert all(isinstance(row[6], datetime) and isinstance(row[8], datetime) for row in rows[1:-1])
    by_area = xlsx_sheets(download(county_leader, "/api/tallies/export.xlsx", **FEBRUARY))["按地方"]
    assert all(isinstance(cell, int) for row in by_area[1:-1] for cell in row[1:])


def test_what_is_longer_than_a_sheet_goes_on_in_the_next(county_leader: Caller, monkeypatch: pytest.MonkeyPatch):
    query = {**FEBRUARY, "measure": "raised"}
    (whole,) = xlsx_sheets(download(county_leader, "/api/tallies/matters/export.xlsx", **query)).values()
    monkeypatch.setattr(books, "ROWS_OF_A_SHEET", 5)
    sheets = xlsx_sheets(download(county_leader, "/api/tallies/matters/export.xlsx", **query))
    assert list(sheets)[:3] == ["清单", "清单2", "清单3"]
    assert all(rows[0] == list(MATTER_COLUMNS) for rows in sheets.values())
    assert [row for rows in sheets.values() for row in rows[1:]] == whole[1:]


def test_a_period_and_an_area_that_are_not_his_are_refused_as_on_the_screen(sign_in: SignIn):
    leader = sign_in(cast.LEADER)
    for path in ("/api/tallies/export", "/api/tallies/matters/export"):
        more = {"measure": "raised"} if "matters" in path else {}
        for ending in READERS:
            for wrong, code in (
                ({"area_code": cast.COUNTY}, "area_not_found"),
                ({"area_code": cast.NEIGHBOUR_TOWNSHIP}, "area_not_found"),
                ({"from": "2025-03-01"}, "period_invalid"),
                ({"after": "1"}, "field_unknown"),
            ):
                answer = leader.get(f"{path}.{ending}", **{**FEBRUARY, **more, **wrong})
                assert answer.get_json()["code"] == code


def test_the_days_of_a_file_are_those_in_china(sign_in: SignIn):
    matter = new_matter(resolved=resolved_on_the_spot())
    sign_in(cast.CADRE).apply(visit(matter, happened_at="2025-01-31T16:00:00+00:00"))
    answer = download(sign_in(cast.LEADER), "/api/tallies/matters/export.csv", **FEBRUARY, measure="resolved")
    (row,) = csv_rows(answer)[1:-1]
    assert (row[6], row[8]) == ("2025-02-01", "2025-02-01")
    assert date.fromisoformat(row[7]) > date(2025, 2, 1)
