"""The sums by month say what counting every leg says: with what is pending, once it is added up, and made anew."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.cells import Window
from server.domain.tallies import MEASURES, Numbers, Sheet, months_until
from server.store import cells, cells_pending, cells_recount, tallies_plain
from server.store.areas import get_area
from server.store.tables import TallyCell, TallyDelta
from server.store.tallies import Narrowed, count_behind
from tests import cast
from tests.store.chronicle import Chronicle, unit_id_of
from tests.store.stories import Asked
from tests.store.test_tallies import in_random_worlds

LARGE = ("430000000000", "430500000000", cast.COUNTY)


def shown(rows: Mapping[Any, Numbers]) -> dict[Any, Numbers]:
    """Without what is all zero: of that there may be nothing."""
    return {key: numbers for key, numbers in rows.items() if any(numbers.values())}


def said(sheet: Sheet) -> tuple[object, ...]:
    return shown(sheet.parts), shown(sheet.kinds), shown(sheet.units), dict(sheet.days)


def agree(session: Session, chronicle: Chronicle, asked: Asked) -> None:
    """Every large area, whatever was asked about."""
    when = chronicle.period(asked)
    for code in LARGE:
        area = get_area(session, code)
        assert area is not None
        plain = tallies_plain.read_sheet(session, area, when)
        assert said(cells.read_sheet(session, area, when)) == said(plain)
        some = set(list(plain.units)[:1])
        narrow = cells.read_sheet(session, area, when, some), tallies_plain.read_sheet(session, area, when, some)
        assert shown(narrow[0].units) == shown(narrow[1].units)
        assert cells.read_total(session, area, when) == tallies_plain.read_total(session, area, when)
        months = months_until(when.as_of, 5, chronicle.today)
        assert cells.read_months(session, area, months) == tallies_plain.read_months(session, area, months)


def how_many(session: Session, table: type[TallyCell] | type[TallyDelta]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_cells_say_what_the_legs_say_before_and_after_they_are_added_up(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cells_pending, "_AT_ONCE", 7)

    def check(session: Session, chronicle: Chronicle, asked: Asked) -> None:
        agree(session, chronicle, asked)
        cells_pending.add_up_pending(session)
        agree(session, chronicle, asked)
        while cells_pending.add_up_pending(session):
            pass
        assert how_many(session, TallyDelta) == 0
        agree(session, chronicle, asked)

    in_random_worlds(app, check, examples=6)


def test_how_many_are_behind_a_number_is_summed_as_they_are_counted(app: Flask):
    def check(session: Session, chronicle: Chronicle, asked: Asked) -> None:
        cells_pending.add_up_pending(session)
        area = get_area(session, cast.COUNTY)
        assert area is not None
        rows = (
            Narrowed(),
            Narrowed(asked.category),
            Narrowed(kind=asked.kind),
            Narrowed(unit_id=unit_id_of(session, asked)),
        )
        for measure in MEASURES.values():
            for row in rows:
                question = (session, measure, area, chronicle.period(asked), row)
                assert cells.count_behind(*question) == count_behind(*question)

    in_random_worlds(app, check)


def test_cells_that_are_made_anew_say_the_same(app: Flask):
    def check(session: Session, chronicle: Chronicle, asked: Asked) -> None:
        while cells_pending.add_up_pending(session):
            pass
        before = {key: value for key, value in kept(session).items() if any(value)}
        cells_recount.make_cells(session)
        assert {key: value for key, value in kept(session).items() if any(value)} == before
        agree(session, chronicle, asked)

    in_random_worlds(app, check)


def kept(session: Session) -> dict[tuple[object, ...], tuple[int, ...]]:
    """Every cell by its key."""
    rows = session.execute(select(*TallyCell.__table__.columns)).all()
    return {tuple(row[:4]): tuple(row[4:]) for row in rows}


def test_nothing_waits_long(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cells_pending, "PENDING", 3)

    def check(session: Session, chronicle: Chronicle, asked: Asked) -> None:
        assert cells_pending.is_due(session) == (how_many(session, TallyDelta) > 3)

    in_random_worlds(app, check)


NOVEMBER = partial(date, 2026, 11)


@pytest.mark.parametrize(
    ("first", "last", "edges"),
    [
        (NOVEMBER(1), NOVEMBER(30), []),
        (date(2026, 1, 1), NOVEMBER(25), [(NOVEMBER(26), NOVEMBER(30), -1)]),
        (NOVEMBER(23), NOVEMBER(25), [(NOVEMBER(23), NOVEMBER(25), 1)]),
        (date(2026, 10, 20), NOVEMBER(10), [(date(2026, 10, 20), NOVEMBER(10), 1)]),
        (
            date(2026, 9, 3), NOVEMBER(10),
            [(date(2026, 9, 1), date(2026, 9, 2), -1), (NOVEMBER(1), NOVEMBER(10), 1)],
        ),
        (date(2026, 12, 1), NOVEMBER(25), []),
    ],
)  # fmt: skip
def test_only_the_days_at_the_edges_are_counted_one_by_one(
    first: date, last: date, edges: list[tuple[date, date, int]]
):
    assert list(Window(first, last).edges()) == edges


def test_ranges_are_cut_where_windows_meet():
    before, during = Window(None, NOVEMBER(22)), Window(NOVEMBER(23), NOVEMBER(25))
    cuts = [before.last, during.last]
    assert list(during.edges(cuts)) == [(NOVEMBER(23), NOVEMBER(25), 1)]
    assert list(before.edges(cuts)) == [(NOVEMBER(23), NOVEMBER(25), -1), (NOVEMBER(26), NOVEMBER(30), -1)]


@pytest.mark.parametrize("first_day", range(1, 29))
@pytest.mark.parametrize("length", [1, 7, 15, 31, 45, 90])
def test_months_and_edges_together_are_the_days_of_the_window(first_day: int, length: int):
    first = date(2026, 1, first_day)
    last = date.fromordinal(first.toordinal() + length - 1)
    window = Window(first, last)
    start, end = window.months
    assert start is not None
    days = dict.fromkeys(range(date(2025, 12, 1).toordinal(), date(2026, 7, 1).toordinal()), 0)
    for day in days:
        if start <= date.fromordinal(day).replace(day=1) <= end:
            days[day] += 1
    for from_day, to_day, sign in window.edges():
        for day in range(from_day.toordinal(), to_day.toordinal() + 1):
            days[day] += sign
    assert {day for day, count in days.items() if count} == set(range(first.toordinal(), last.toordinal() + 1))
    assert set(days.values()) <= {0, 1}
