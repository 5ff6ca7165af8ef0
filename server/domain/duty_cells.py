"""The lines of a responsibility list as a spreadsheet holds them: what each cell says, and what is wrong with it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from server.domain.areas import ancestor
from server.domain.exports import as_written
from server.domain.refusals import Refusal
from server.domain.responsibilities import Duty
from server.domain.text import is_blank, refusal_of_text
from server.domain.words import CATEGORIES, LEVELS, LIMITS, RESPONSIBILITY_LEVELS

COLUMNS = {
    "category": "类别",
    "level": "级别",
    "unit_id": "承办单位",
    "days_allowed": "办理天数（工作日）",
    "legal_basis": "法律依据",
    "township_may_settle": "乡镇可自办",
}
"""The fields of a line, and the headings above their columns."""

OWN_TOWNSHIP = "所在乡镇（街道）"
"""What stands for each village's own township in the column of units."""

YES, NO = "是", "否"
MOST_ROWS = 200
"""Rows below the headings that are looked at: some more than a list can have, for mistakes."""

_DAYS = re.compile(r"([0-9]{1,4})(?:\.0+)?(?:个?工作日|天|日)?")
_LEVEL_NAMES = {LEVELS[level]: level for level in RESPONSIBILITY_LEVELS}
_CATEGORY_NAMES = {name: category for category, name in CATEGORIES.items()}
_LONGEST_KEPT = 2000

Units = Mapping[tuple[str, str], UUID]
"""The units that a county's list can name, by the code of their area and their name."""


@dataclass(frozen=True)
class Complaint:
    """What is wrong with one cell: a field of COLUMNS, a code of REFUSALS, and what stands in the cell."""

    field: str
    code: str
    said: str


@dataclass(frozen=True)
class ReadLine:
    """A line as far as it was understood: what was not is None and has a complaint. `row` is its number in the file."""

    row: int
    category: str | None
    level: str | None
    unit_id: UUID | None
    days_allowed: int | None
    legal_basis: str
    township_may_settle: bool
    complaints: list[Complaint]


def cells_of(duty: Duty, unit_name: str | None) -> list[str]:
    """A line as it is written into a file."""
    return [
        CATEGORIES[duty.category],
        LEVELS[duty.level],
        unit_name or OWN_TOWNSHIP,
        str(duty.days_allowed),
        duty.legal_basis,
        YES if duty.township_may_settle else NO,
    ]


def read_lines(rows: Sequence[Sequence[str]], county_code: str, units: Units) -> tuple[list[ReadLine], list[str]]:
    """The lines of a sheet, and the headings that the list does not have. Refusals: columns_missing, too_many_rows."""
    headings = [_plain(cell) for cell in rows[0]] if rows else []
    wanted = {field: _plain(heading) for field, heading in COLUMNS.items()}
    if not set(wanted.values()) <= set(headings):
        raise Refusal("columns_missing", "file")
    place = {field: headings.index(heading) for field, heading in wanted.items()}
    ignored = [heading[:30] for heading in headings if heading and heading not in wanted.values()]
    lines: list[ReadLine] = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {field: as_written(row[at].strip()) if at < len(row) else "" for field, at in place.items()}
        if any(cells.values()):
            lines.append(_read(number, cells, county_code, units, lines))
    if len(lines) > MOST_ROWS:
        raise Refusal("too_many_rows", "file")
    return lines, ignored


def _read(number: int, cells: dict[str, str], county_code: str, units: Units, above: list[ReadLine]) -> ReadLine:
    complaints: list[Complaint] = []

    def complain(field: str, code: str) -> None:
        complaints.append(Complaint(field, code, cells[field][:_LONGEST_KEPT]))

    category, level = _CATEGORY_NAMES.get(_plain(cells["category"])), _LEVEL_NAMES.get(_plain(cells["level"]))
    for field, found in (("category", category), ("level", level)):
        if found is None:
            complain(field, "choice_invalid" if cells[field] else "field_required")
    if category and level and any((line.category, line.level) == (category, level) for line in above):
        complain("level", "rule_twice")
    unit_id, wrong = _unit(_plain(cells["unit_id"]), level, county_code, units)
    if wrong:
        complain("unit_id", wrong)
    days = _DAYS.fullmatch(_plain(cells["days_allowed"]))
    days_allowed = int(days[1]) if days and 1 <= int(days[1]) <= LIMITS["days_allowed"] else None
    if days_allowed is None:
        complain("days_allowed", "days_out_of_range" if cells["days_allowed"] else "field_required")
    if wrong := refusal_of_text(cells["legal_basis"], "legal_basis"):
        complain("legal_basis", wrong)
    settles = _plain(cells["township_may_settle"])
    if settles not in {YES, NO, ""}:
        complain("township_may_settle", "choice_invalid")
    if settles == YES and level and level != "township":
        complain("township_may_settle", "settles_above_township")
    basis = "" if is_blank(cells["legal_basis"]) else cells["legal_basis"][:_LONGEST_KEPT]
    may_settle = settles == YES and level in {"township", None}
    return ReadLine(number, category, level, unit_id, days_allowed, basis, may_settle, complaints)


def _unit(name: str, level: str | None, county_code: str, units: Units) -> tuple[UUID | None, str | None]:
    """The unit that a cell names, and what is wrong with it."""
    if name in {"", _plain(OWN_TOWNSHIP)}:
        return None, "field_required" if level and level != "township" else None
    named = {area: unit_id for (area, unit), unit_id in units.items() if _plain(unit) == name}
    if not named:
        return None, "unit_unknown"
    if level is None:
        return next(iter(named.values())) if len(named) == 1 else None, None
    found = named.get(ancestor(county_code, level)) if level != "township" else None
    return found, None if found else "unit_not_of_level"


def _plain(cell: str) -> str:
    """A cell without what people do not see a difference by: widths of signs, spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell))
