"""What leaves as a spreadsheet: text that a spreadsheet program would take for a formula is made plain text, no
resident is in it (P6), and its last row says how many rows it has, so that whoever is handed it sees that none is
missing."""

import re
from collections.abc import Iterable
from datetime import date

MATTER_COLUMNS = ("标题", "类别", "村", "乡镇", "承办单位", "状态", "提出日期", "期限", "办结日期", "结果")
"""What a list of matters says of each. Names and telephone numbers are taken out of the texts, too."""

ROWS_OF_A_SHEET = 1_000_000
"""Excel has 1,048,576: what is longer goes on in another sheet."""

_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_MARK = "'"


def neutralised(text: str) -> str:
    """The text, with a mark in front if a program would run it; `as_written` takes it off again."""
    return _MARK + text if _FORMULA.match(text) else text


def as_written(cell: str) -> str:
    """What was there before `neutralised`."""
    return cell[1:] if cell.startswith(_MARK) and _FORMULA.match(cell) else cell


def last_row(count: int) -> str:
    """What stands below the last of so many rows."""
    return f"共 {count} 行"


def period_words(first: date, last: date) -> str:
    """The days of a period, both included."""
    return f"{first.isoformat()} 至 {last.isoformat()}"


def file_name(parts: Iterable[str], first: date, last: date) -> str:
    """A name that says of what and of which days it is, without an ending, fit for any system."""
    said = "_".join([*parts, f"{first.isoformat()}至{last.isoformat()}"])
    return _NOT_IN_FILE_NAMES.sub(" ", said).strip(" .")[:100]
