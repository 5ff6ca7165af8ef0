"""The responsibility list as a file: what goes out comes in again, and a hostile file does nothing."""

import csv
import zipfile
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook

from server.actions import sheets
from server.domain.duty_cells import COLUMNS
from tests import cast
from tests.api.contents import contents
from tests.api.mutations import Json
from tests.api.people import NOBODY, Caller, SignIn
from tests.api.responsibilities import PATH, county_coordinator, duty, keep

HEADINGS = list(COLUMNS.values())
SOUND = ["道路交通", "县市区", cast.BUREAU, "10", "《公路法》第三十五条", "否"]


@pytest.fixture
def keeper(app: Flask, sign_in: SignIn) -> Caller:
    return county_coordinator(app, sign_in)


def hand_in(caller: Caller, data: bytes, name: str = "清单.csv", county: str = cast.COUNTY) -> Any:
    return caller.call(
        "POST", f"{PATH}/import", query_string={"county_code": county}, data={"file": (BytesIO(data), name)}
    )


def rows_of(caller: Caller, data: bytes) -> list[Json]:
    """The lines of a file that must be understood."""
    answer = hand_in(caller, data)
    assert answer.status_code == 200, answer.get_json()
    rows: list[Json] = answer.get_json()["rows"]
    return rows


def sheet(*rows: list[Any]) -> bytes:
    book, file = Workbook(), BytesIO()
    for row in (HEADINGS, *rows):
        book.worksheets[0].append(row)
    book.save(file)
    return file.getvalue()


def table(*rows: list[str], encoding: str = "utf-8") -> bytes:
    text = StringIO()
    csv.writer(text).writerows([HEADINGS, *rows])
    return text.getvalue().encode(encoding)


def exported(caller: Caller, kind: str) -> bytes:
    answer = caller.get(f"{PATH}/export.{kind}", county_code=cast.COUNTY)
    assert answer.status_code == 200
    return bytes(answer.data)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_exported_can_be_imported_and_saved_and_is_the_same(app: Flask, keeper: Caller, kind: str):
    saved = keep(
        keeper,
        duty(app, legal_basis="=HYPERLINK(1)"),
        duty(app, "water", legal_basis="'=1+1，\n“第二行”\t,;"),
        duty(app, "land", "township", township_may_settle=True, days_allowed=40, legal_basis=""),
    )
    rows = rows_of(keeper, exported(keeper, kind))
    assert [row["complaints"] for row in rows] == [[], [], []]
    fields = set(COLUMNS)
    assert keep(keeper, *({field: row[field] for field in fields} for row in rows)) == saved


@pytest.mark.parametrize("basis", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"])
def test_nothing_in_an_exported_file_is_run_as_a_formula(app: Flask, keeper: Caller, basis: str):
    keep(keeper, duty(app, legal_basis=basis))
    (_, line) = csv.reader(StringIO(exported(keeper, "csv").decode("utf-8-sig")))
    assert line[4] == f"'{basis}"
    cells = list(load_workbook(BytesIO(exported(keeper, "xlsx"))).worksheets[0].iter_rows())[1]
    assert [(cell.data_type, cell.value) for cell in cells][4] == ("s", f"'{basis}")


def test_an_exported_file_has_a_name_that_says_what_it_is(app: Flask, keeper: Caller):
    answer = keeper.get(f"{PATH}/export.csv", county_code=cast.COUNTY)
    assert quote("权责清单-武冈市") in answer.headers["Content-Disposition"]
    assert answer.data.startswith("\ufeff类别".encode()), "Excel would take it for GBK"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_is_read_as_peoples_programs_write_it(keeper: Caller, encoding: str):
    (row,) = rows_of(keeper, table(SOUND, encoding=encoding))
    assert (row["category"], row["level"], row["days_allowed"], row["complaints"]) == ("road", "county", 10, [])


def test_numbers_formulas_and_dates_of_a_sheet_are_read_as_what_stands_there(keeper: Caller):
    sound, formula, dated = rows_of(
        keeper,
        sheet(
            [*SOUND[:3], 10, "=CONCAT(A1)", "否"],
            ["饮水水利", "县市区", "=1+1", "=2*5", None, None],
            ["用电通信", "县市区", cast.BUREAU, 10.5, "", "否"],
        ),
    )
    assert (sound["days_allowed"], sound["legal_basis"], sound["complaints"]) == (10, "=CONCAT(A1)", [])
    assert {c["field"]: (c["code"], c["said"]) for c in formula["complaints"]} == {
        "unit_id": ("unit_unknown", "=1+1"), "days_allowed": ("days_out_of_range", "=2*5"),
    }  # fmt: skip
    assert [c["code"] for c in dated["complaints"]] == ["days_out_of_range"]


def test_a_wrong_cell_is_told_with_its_row_and_a_sentence_and_nothing_is_saved(app: Flask, keeper: Caller):
    keep(keeper, duty(app))
    before = contents(app)
    rows = rows_of(keeper, table(SOUND, ["修路", "县市区", "交通局", "99", "", "否"]))
    assert [row["row"] for row in rows] == [2, 3]
    assert rows[0]["complaints"] == []
    assert {c["field"]: c["code"] for c in rows[1]["complaints"]} == {
        "category": "choice_invalid", "unit_id": "unit_unknown", "days_allowed": "days_out_of_range",
    }  # fmt: skip
    assert all(complaint["message"].endswith("。") for complaint in rows[1]["complaints"])
    assert contents(app) == before


@pytest.mark.parametrize("person", [cast.CADRE, cast.COORDINATOR, cast.HANDLER, cast.COUNTY_LEADER])
def test_nobody_but_the_countys_coordinator_hands_in_a_file(sign_in: SignIn, person: cast.Person):
    answer = hand_in(sign_in(person), table(SOUND))
    assert (answer.status_code, answer.get_json()["code"]) == (403, "not_allowed")


def test_for_another_county_nobody_hands_in_a_file(sign_in: SignIn, keeper: Caller):
    assert hand_in(keeper, table(SOUND), county="430503000000").status_code == 404
    assert hand_in(sign_in(cast.ADMIN), table(SOUND)).status_code == 404
    assert hand_in(sign_in(NOBODY), table(SOUND)).status_code == 401


def test_without_a_file_it_is_asked_for(keeper: Caller):
    answer = keeper.call("POST", f"{PATH}/import", query_string={"county_code": cast.COUNTY}, data={})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "field_required")


def packed(**parts: bytes) -> bytes:
    """An archive that looks like a workbook, with some of its parts replaced."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(sheet(SOUND))) as sound, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for part in sound.namelist():
            made.writestr(part, parts.get(part.rsplit("/")[-1].partition(".")[0], sound.read(part)))
    return file.getvalue()


def renamed(part: str, name: str, workbook: bytes) -> bytes:
    """The same workbook with one of its parts, and whatever names it, renamed."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for one in before.namelist():
            made.writestr(one.replace(part, name), before.read(one).replace(part.encode(), name.encode()))
    return file.getvalue()


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 9))
BOMB = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">' + LAUGHS + b"]>"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
FETCH = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
CELL = b"<sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>%s</t></is></c></row></sheetData></worksheet>"
CELLS = b"<worksheet " + NAMESPACE + b"><sheetData><row r='1'>%s</row></sheetData></worksheet>"

HOSTILE = {
    "nothing": b"",
    "no text": b"\xff\xfe\x00\x81",
    "an old xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "half an archive": sheet(SOUND)[:900],
    "an archive of something else": packed(workbook=b"<html/>"),
    "entities that multiply": packed(sheet1=BOMB + b"<worksheet " + NAMESPACE + b">" + CELL % b"&l8;"),
    "entities in the texts": packed(workbook=BOMB + b"<workbook " + NAMESPACE + b">&l8;</workbook>"),
    "a file of the server": packed(sheet1=FETCH + b"<worksheet " + NAMESPACE + b">" + CELL % b"&x;"),
    "a zip bomb": packed(sheet1=b" " * 30_000_000),
    "a hundred thousand empty cells": packed(sheet1=CELLS % (b"<c/>" * 100_000)),
    "cells within cells": packed(sheet1=CELLS % (b"<c>" * 100_000)),
    "cells in a part of another name": renamed("sheet1.xml", "sheet1.bin", packed(sheet1=CELLS % (b"<c/>" * 100_000))),
    "more elements than a list has": packed(styles=b"<styleSheet>" + b"<x/>" * 60_000 + b"</styleSheet>"),
    "a million empty cells": packed(sheet1=CELLS % (b"<c/>" * 1_000_000)),
    "a part without an end": packed(sheet1=b"<worksheet " + NAMESPACE + b"><sheetData><row>"),
    "a cell of 140,000 signs": f'{",".join(HEADINGS)}\r\n"{"路" * 140_000}"'.encode(),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_or_broken_file_is_refused_in_a_sentence(keeper: Caller, what: str):
    answer = hand_in(keeper, HOSTILE[what])
    assert (answer.status_code, answer.get_json()["code"]) in {(422, "file_unreadable"), (422, "columns_missing")}
    assert "root:" not in answer.get_data(as_text=True)


def test_what_multiplies_or_fetches_is_not_even_handed_to_the_reader(keeper: Caller, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheets, "load_workbook", lambda *_, **__: pytest.fail("it was"))
    for what in (
        "entities that multiply", "a file of the server", "a zip bomb", "a million empty cells",
        "a hundred thousand empty cells", "cells within cells", "cells in a part of another name",
        "more elements than a list has",
    ):  # fmt: skip
        assert hand_in(keeper, HOSTILE[what]).get_json()["code"] == "file_unreadable", what


def test_a_file_larger_than_any_request_is_refused(app: Flask, keeper: Caller):
    answer = keeper.call(
        "POST", f"{PATH}/import", query_string={"county_code": cast.COUNTY},
        data=bytes(app.config["MAX_BODY_BYTES"] + 1), content_type="multipart/form-data; boundary=x",
    )  # fmt: skip
    assert (answer.status_code, answer.get_json()["code"]) == (413, "too_large")


def test_a_sheet_that_claims_a_million_rows_is_read_as_far_as_a_list_can_go(keeper: Caller):
    book, file = Workbook(), BytesIO()
    page = book.worksheets[0]
    page.append(HEADINGS)
    page.append(SOUND)
    page.cell(1_048_576, 16_384, "末尾")
    book.save(file)
    (row,) = rows_of(keeper, file.getvalue())
    assert row["complaints"] == []


def test_too_many_lines_are_refused(keeper: Caller):
    answer = hand_in(keeper, table(*[SOUND] * 201))
    assert (answer.status_code, answer.get_json()["code"]) == (422, "too_many_rows")
