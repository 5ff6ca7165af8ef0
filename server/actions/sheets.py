"""Spreadsheets that people hand in or take home: CSV and XLSX as rows of text."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from zipfile import ZipFile

from defusedxml.ElementTree import ParseError, iterparse
from openpyxl import load_workbook
from xlsxwriter import Workbook

from server.domain.exports import neutralised
from server.domain.refusals import Refusal

MOST_ROWS = 1_000
MOST_COLUMNS = 40
_MOST_UNPACKED = 600_000
_MOST_PARTS = 100
_MOST_ELEMENTS = 30_000
"""A list of a thousand rows has about so many cells. What openpyxl makes of an element takes a hundred times its
bytes, so that they are counted before."""
_XLSX = b"PK\x03\x04"
_ENCODINGS = ("utf-8-sig", "gb18030")
"""What people's programs write: our export and WPS the one, Excel in China the other."""


def read_sheet(data: bytes) -> list[list[str]]:
    """The first MOST_ROWS rows of the first sheet, each cell as text, a formula as it is written.

    Raises Refusal `file_unreadable` for what is neither, or unpacks to more than any list is.
    """
    try:
        return _xlsx_rows(data) if data.startswith(_XLSX) else _csv_rows(data)
    except Exception as error:  # whatever a file that is no spreadsheet does to its reader
        raise Refusal("file_unreadable", "file") from error


def _csv_rows(data: bytes) -> list[list[str]]:
    rows = csv.reader(StringIO(_decoded(data), newline=""))
    return [row[:MOST_COLUMNS] for row, _ in zip(rows, range(MOST_ROWS), strict=False)]


def _decoded(data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("no text")


def _xlsx_rows(data: bytes) -> list[list[str]]:
    with ZipFile(BytesIO(data)) as parts:
        # What a part claims to unpack to is all that is read of it.
        if len(parts.infolist()) > _MOST_PARTS or sum(part.file_size for part in parts.infolist()) > _MOST_UNPACKED:
            raise ValueError("too large")
        for part in parts.infolist():
            _count_elements(parts.read(part))
    book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
        return [["" if cell is None else str(cell) for cell in row] for row in rows]
    finally:
        book.close()


def _count_elements(part: bytes) -> None:
    """Refuse a part with too many, whatever it is called: the book itself says which of its parts is the sheet."""
    count = 0
    try:
        for event, element in iterparse(BytesIO(part), events=("start", "end"), forbid_dtd=True):
            if event == "end":
                element.clear()
                continue
            count += 1
            if count > _MOST_ELEMENTS:
                raise ValueError("too many")
    except ParseError:
        return  # a picture, a printer's settings; whoever needs this part as XML comes to the same place, no further


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file as Excel opens it by itself: UTF-8 with its mark, CRLF. No cell is run as a formula."""
    text = StringIO()
    csv.writer(text).writerows([neutralised(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_bytes(name: str, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> bytes:
    """An XLSX file with one sheet, the first row as its heading. No cell is run as a formula."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(name)
        heading, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, neutralised(cell), heading if number == 0 else wrapped)
        sheet.freeze_panes(1, 0)
    return file.getvalue()
