"""What leaves as a spreadsheet: text that a spreadsheet program would take for a formula is made plain text."""

import re

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_MARK = "'"


def neutralised(text: str) -> str:
    """The text, with a mark in front if a program would run it; `as_written` takes it off again."""
    return _MARK + text if _FORMULA.match(text) else text


def as_written(cell: str) -> str:
    """What was there before `neutralised`."""
    return cell[1:] if cell.startswith(_MARK) and _FORMULA.match(cell) else cell
