"""SQL counts what domain/tallies.py says, and every number opens exactly the matters behind it."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.areas import ancestor, child_level, within
from server.domain.tallies import MEASURES, Measure, Period, add_up, counts, months_until
from server.store import tallies
from server.store.areas import get_area
from server.store.db import reading
from server.store.tables import Area, Matter
from tests.store.records import new_matter, unit_named
from tests.store.stories import QUESTIONS, STORIES, Asked, Story, live_through

Check = Callable[[Session, list[Matter], Asked], None]


def in_random_worlds(app: Flask, check: Check) -> None:
    """Run `check` on random matters and questions. Every world is rolled back."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(STORIES, max_size=30), st.lists(QUESTIONS, min_size=1, max_size=3))
    def run(stories: list[Story], questions: list[Asked]) -> None:
        session = reading()
        try:
            matters = [other := new_matter(session)]
            session.add(other)
            session.flush()
            matters += [live_through(session, story, other.id) for story in stories]
            session.add_all(matters)
            session.flush()
            for asked in questions:
                check(session, matters, asked)
        finally:
            session.rollback()

    with app.app_context():
        run()


def area_of(session: Session, asked: Asked) -> Area:
    area = get_area(session, asked.area_code)
    assert area is not None
    return area


def behind(matters: list[Matter], measure: Measure, area_code: str, when: Period) -> list[Matter]:
    """What the rules count."""
    return [m for m in matters if within(m.village_code, area_code) and counts(measure, m, when)]


def read_pages(session: Session, measure: Measure, asked: Asked) -> tuple[int, list[Matter]]:
    """The number, and all pages of the list behind it."""
    unit_id = unit_named(session, asked.unit).id if asked.unit else None
    shown: list[Matter] = []
    after: tuple[date, UUID] | None = None
    while True:
        count, page, after = tallies.behind(
            session, measure, area_of(session, asked), asked.when, asked.category, unit_id, after, asked.limit
        )
        assert len(page) <= asked.limit
        assert page or count == 0, "an empty page was promised"
        shown += page
        if after is None:
            return count, shown


def test_sql_counts_exactly_the_matters_that_the_rules_count(app: Flask):
    def check(session: Session, matters: list[Matter], asked: Asked) -> None:
        total = add_up(cell.numbers for cell in tallies.cells(session, area_of(session, asked), asked.when))
        for name, measure in MEASURES.items():
            counted = session.scalars(select(Matter.id).where(tallies.is_counted(measure, asked.when)))
            assert set(counted) == {m.id for m in matters if counts(measure, m, asked.when)}
            assert total[name] == len(behind(matters, measure, asked.area_code, asked.when))

    in_random_worlds(app, check)


def test_every_number_opens_exactly_its_matters_each_once_across_the_pages(app: Flask):
    def check(session: Session, matters: list[Matter], asked: Asked) -> None:
        for measure in MEASURES.values():
            count, shown = read_pages(session, measure, asked)
            expected = {
                m.id
                for m in behind(matters, measure, asked.area_code, asked.when)
                if asked.category in (None, m.category) and asked.unit in (None, m.unit.name)
            }
            assert count == len(shown) == len(expected)
            assert {m.id for m in shown} == expected

    in_random_worlds(app, check)


def test_each_part_of_a_tally_counts_its_own_matters_and_all_parts_together_count_them_all(app: Flask):
    def check(session: Session, matters: list[Matter], asked: Asked) -> None:
        area = area_of(session, asked)
        cells = tallies.cells(session, area, asked.when)
        assert len({(cell.area_code, cell.category, cell.unit_id) for cell in cells}) == len(cells)
        below = child_level(area.level) or area.level
        for name, measure in MEASURES.items():
            expected = behind(matters, measure, area.code, asked.when)
            for cell in cells:
                assert cell.numbers[name] == sum(
                    (ancestor(m.village_code, below), m.category, m.unit_id)
                    == (cell.area_code, cell.category, cell.unit_id)
                    for m in expected
                )
            assert sum(cell.numbers[name] for cell in cells) == len(expected)

    in_random_worlds(app, check)


def test_what_counts_nothing_in_the_period_has_no_part_in_a_tally(app: Flask):
    def check(session: Session, matters: list[Matter], asked: Asked) -> None:
        cells = tallies.cells(session, area_of(session, asked), asked.when)
        assert [cell for cell in cells if not any(cell.numbers.values())] == []

    in_random_worlds(app, check)


def test_the_chart_shows_what_was_raised_and_resolved_in_each_month(app: Flask):
    def check(session: Session, matters: list[Matter], asked: Asked) -> None:
        months = months_until(asked.when.as_of, 3)
        for name in ("raised", "resolved"):
            shown = tallies.by_month(session, area_of(session, asked), months, MEASURES[name])
            assert shown == [len(behind(matters, MEASURES[name], asked.area_code, month)) for month in months]

    in_random_worlds(app, check)


def test_what_is_open_comes_longest_overdue_first_and_all_else_newest_first(app: Flask):
    def check(session: Session, matters: list[Matter], asked: Asked) -> None:
        for name, measure in MEASURES.items():
            _, shown = read_pages(session, measure, asked)
            if measure.when == "open":
                days = [m.due_day for m in shown]
                assert days == sorted(days), name
            else:
                days = [m.raised_day if measure.when == "raised" else m.closed_day or date.max for m in shown]
                assert days == sorted(days, reverse=True), name

    in_random_worlds(app, check)
