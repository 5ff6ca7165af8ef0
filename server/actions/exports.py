"""What is on a leader's screen, as a file to take along: the tables of a tally, and the matters behind a number."""

from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from server.actions.books import Book
from server.actions.tallies import Question, asked_about, read_tally
from server.domain.access import Actor
from server.domain.anonymous import without_residents
from server.domain.exports import MATTER_COLUMNS, file_name, period_words
from server.domain.lifecycle import STATES
from server.domain.tallies import BETWEEN_UNITS, MEASURES, Numbers
from server.domain.words import CATEGORIES, VISIT_KINDS
from server.store.exports import Line, lines_behind
from server.store.tallies import Narrowed
from server.store.units import names_of_units

_MATTER_WIDTHS = (40, 10, 16, 14, 24, 10, 12, 12, 12, 60)
_COMMON = [name for name in MEASURES if name not in BETWEEN_UNITS]
_IN_MONTH = {"raised": "新增", "reopened": "重新办理", "resolved": "办结", "open": "月底未办结"}
_IN_HEAT = ("raised", "open", "overdue")


class Made(NamedTuple):
    """What a file is called (without its ending), and how many rows its tables have."""

    name: str
    rows: int


def export_matters(
    session: Session, actor: Actor, question: Question, measure: str, narrowed: Narrowed, book: Book
) -> Made:
    """Write all the matters that a number counts, on however many pages the screen shows them.

    Refusals: area_not_found, period_invalid.
    """
    area, when = asked_about(session, actor, question)
    book.begin("", MATTER_COLUMNS, _MATTER_WIDTHS)
    for line in lines_behind(session, MEASURES[measure], area, when, narrowed):
        book.write(_row(line))
    book.end()
    parts = ["实事簿", area.name, *_narrowed_words(session, narrowed), MEASURES[measure].label.removeprefix("其中")]
    return Made(file_name(parts, when.first, when.last), book.rows)


def _row(line: Line) -> list[Any]:
    return [
        without_residents(line.title, line.ever_called),
        CATEGORIES[line.category],
        line.village,
        line.township,
        line.unit,
        STATES[line.state][0],
        line.raised_day,
        line.due_day,
        line.closed_day,
        without_residents(line.result or "", line.ever_called),
    ]


def _narrowed_words(session: Session, narrowed: Narrowed) -> list[str]:
    said: list[str] = []
    if narrowed.unit_id:
        said += names_of_units(session, [narrowed.unit_id]).values()
    if narrowed.kind:
        said.append(VISIT_KINDS[narrowed.kind])
    if narrowed.category:
        said.append(CATEGORIES[narrowed.category])
    return said


def export_tally(session: Session, actor: Actor, question: Question, book: Book) -> Made:
    """Write the tables of a tally as the screen shows them, and of the units all.

    Refusals: area_not_found, period_invalid.
    """
    tally = read_tally(session, actor, question, every_unit=True)
    _write_total(book, tally)
    _write_numbers(book, "按地方", [(row["name"], row["numbers"]) for row in tally["by_area"]])
    _write_numbers(book, "按类别", [(CATEGORIES[row["category"]], row["numbers"]) for row in tally["by_category"]])
    _write_numbers(book, "按来源", [(VISIT_KINDS[row["kind"]], row["numbers"]) for row in tally["by_origin"]])
    _write_units(book, tally)
    _write(book, "按月", ["月份", *_IN_MONTH.values()], [
        [row["month"], *(row[name] for name in _IN_MONTH)] for row in tally["by_month"]
    ])  # fmt: skip
    _write_heat(book, tally)
    parts = ["实事簿", tally["area"]["name"], "统计"]
    return Made(file_name(parts, tally["from"], tally["to"]), book.rows)


def _write(book: Book, title: str, heading: list[str], rows: list[list[Any]]) -> None:
    book.begin(title, heading, [24, *[10] * (len(heading) - 1)])
    for row in rows:
        book.write(row)
    book.end()


def _write_total(book: Book, tally: dict[str, Any]) -> None:
    """The numbers beside those of the period before, and what both are about."""
    before = tally["before"]
    days, days_before = tally["days"], tally["days_before"]
    heading = [
        tally["area"]["name"],
        period_words(tally["from"], tally["to"]),
        period_words(before["first"], before["last"]),
    ]
    rows: list[list[Any]] = [["未办结和逾期截至", tally["as_of"], min(before["last"], tally["as_of"])]]
    rows += [[MEASURES[name].label, tally["total"][name], tally["total_before"][name]] for name in _COMMON]
    rows += [
        [label, days[name], days_before[name]]
        for name, label in (("count", "非现场办结件数"), ("median", "办理天数中位数"), ("p90", "办理天数第 90 百分位"))
    ]
    book.begin("汇总", heading, [24, 26, 26])
    for row in rows:
        book.write(row)
    book.end()


def _write_numbers(book: Book, what: str, rows: list[tuple[str, Numbers]]) -> None:
    heading = [what.removeprefix("按"), *(MEASURES[name].label for name in _COMMON)]
    _write(book, what, heading, [[label, *(numbers[name] for name in _COMMON)] for label, numbers in rows])


def _write_units(book: Book, tally: dict[str, Any]) -> None:
    heading = ["承办单位", *(measure.label for measure in MEASURES.values()), "最长逾期天数"]
    rows = [
        [row["unit_name"], *(row["numbers"][name] for name in MEASURES), row["longest_overdue_days"]]
        for row in tally["by_unit"]
    ]
    _write(book, "按承办单位", heading, rows)


def _write_heat(book: Book, tally: dict[str, Any]) -> None:
    place = {row["code"]: row["name"] for row in tally["by_area"]}
    heading = ["地方", "类别", *(MEASURES[name].label for name in _IN_HEAT)]
    rows = [
        [place[row["code"]], CATEGORIES[row["category"]], *(row[name] for name in _IN_HEAT)] for row in tally["heat"]
    ]
    _write(book, "地方和类别", heading, rows)
