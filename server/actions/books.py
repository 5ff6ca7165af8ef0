"""Files of tables that are written row by row: what is written is on the disk, not in memory."""

import csv
from collections.abc import Sequence
from datetime import date, datetime, time
from io import TextIOWrapper
from typing import IO, Any, Protocol

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from server.domain.exports import ROWS_OF_A_SHEET, last_row, neutralised

Cell = str | int | date | None


class Book(Protocol):
    """A file with tables; `rows` counts those of all tables, without headings and last rows."""

    rows: int

    def begin(self, title: str, heading: Sequence[str], widths: Sequence[int]) -> None:
        """Begin a table; `widths` of its columns, in characters."""

    def write(self, row: Sequence[Cell]) -> None:
        """Write a row of it."""

    def end(self) -> None:
        """End it with how many rows it has."""

    def close(self) -> None:
        """Finish the file, which stays open."""


class CsvBook:
    """As Excel and WPS open it by themselves: UTF-8 with its mark, CRLF. Tables follow each other."""

    def __init__(self, file: IO[bytes]) -> None:
        self.rows = 0
        self._text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
        self._writer = csv.writer(self._text)
        self._table_rows = 0
        self._tables = 0

    def begin(self, title: str, heading: Sequence[str], widths: Sequence[int]) -> None:
        """A title only where there are several tables: the first row of a list is its heading."""
        if title:
            self._writer.writerows([*([[]] if self._tables else []), [neutralised(title)]])
        self._writer.writerow(map(neutralised, heading))
        self._table_rows, self._tables = 0, self._tables + 1

    def write(self, row: Sequence[Cell]) -> None:
        """Write a row."""
        self._writer.writerow([neutralised(cell) if isinstance(cell, str) else cell for cell in row])
        self._table_rows += 1
        self.rows += 1

    def end(self) -> None:
        """The last row."""
        self._writer.writerow([last_row(self._table_rows)])

    def close(self) -> None:
        """Let go of the file."""
        self._text.detach()


class XlsxBook:
    """A sheet for each table; one that is longer than a sheet goes on in the next."""

    def __init__(self, file: IO[bytes]) -> None:
        self.rows = 0
        self._book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self._heading_format = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._day_format = self._book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._table: tuple[str, Sequence[str], Sequence[int]] = ("", (), ())
        self._table_rows = self._sheets = self._at = 0

    def begin(self, title: str, heading: Sequence[str], widths: Sequence[int]) -> None:
        """Begin a sheet."""
        self._table = (title or "清单", heading, widths)
        self._table_rows = self._sheets = 0
        self._next_sheet()

    def write(self, row: Sequence[Cell]) -> None:
        """Write a row; days and numbers as such, so that they can be sorted and added up."""
        if self._at > ROWS_OF_A_SHEET:
            self._next_sheet()
        self._cells(row)
        self._table_rows += 1
        self.rows += 1

    def end(self) -> None:
        """The last row."""
        self._cells([last_row(self._table_rows)])

    def close(self) -> None:
        """Put the sheets together."""
        self._book.close()

    def _next_sheet(self) -> None:
        title, heading, widths = self._table
        self._sheets += 1
        self._sheet: Worksheet = self._book.add_worksheet(title if self._sheets == 1 else f"{title}{self._sheets}")
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        self._sheet.freeze_panes(1, 0)
        self._at = 0
        self._cells(heading, self._heading_format)

    def _cells(self, row: Sequence[Cell], look: Any = None) -> None:
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                self._sheet.write_string(self._at, column, neutralised(cell), look)
            elif isinstance(cell, date):
                self._sheet.write_datetime(self._at, column, datetime.combine(cell, time()), self._day_format)
            elif cell is not None:
                self._sheet.write_number(self._at, column, cell, look)
        self._at += 1


def open_book(ending: str, file: IO[bytes]) -> Book:
    """A book of the kind that file names with this ending have: `csv` or `xlsx`."""
    return XlsxBook(file) if ending == "xlsx" else CsvBook(file)
