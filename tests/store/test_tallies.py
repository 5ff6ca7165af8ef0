"""SQL counts what domain/tallies.py says, what is open adds up, and every number opens exactly what is behind it."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.actions.legs import folded
from server.domain.areas import ancestor, child_level, within
from server.domain.legs import Leg
from server.domain.lifecycle import OPEN_STATES, VOID_STATES
from server.domain.tallies import (
    IN_CHART,
    MEASURES,
    Numbers,
    Overdue,
    Period,
    add_up,
    counts,
    first_overdue,
    months_until,
)
from server.store import tables, tallies, tallies_plain
from server.store.areas import get_area
from server.store.db import reading
from server.store.legs import kept_legs
from server.store.tables import Area
from server.store.tallies import Mark, Narrowed
from tests.store.chronicle import Chronicle, unit_id_of
from tests.store.stories import QUESTIONS, STORIES, Asked, Story

Check = Callable[[Session, Chronicle, Asked], None]


def in_random_worlds(app: Flask, check: Check, *, examples: int = 8) -> None:
    """Run `check` on random matters that were lived through, and random questions. Every world is rolled back."""

    @settings(max_examples=examples, deadline=None)
    @given(st.lists(STORIES, max_size=8), st.lists(QUESTIONS, min_size=1, max_size=3))
    def run(stories: list[Story], questions: list[Asked]) -> None:
        session = reading()
        try:
            chronicle = Chronicle(session, stories)
            chronicle.hear()
            for asked in questions:
                check(session, chronicle, asked)
        finally:
            session.rollback()

    with app.app_context():
        run()


def area_of(session: Session, asked: Asked) -> Area:
    area = get_area(session, asked.area_code)
    assert area is not None
    return area


def legs_of(chronicle: Chronicle, session: Session) -> list[Leg]:
    """The legs of all matters, folded from their events just now."""
    matters = chronicle.matters.values()
    return [leg for of in folded(session, list(matters)).values() for leg in of]


def counted(legs: Sequence[Leg], when: Period) -> Numbers:
    """What the rules count."""
    return {name: sum(counts(measure, leg, when) for leg in legs) for name, measure in MEASURES.items()}


def adds_up(numbers: Numbers) -> bool:
    """carried_over + raised + reopened (+ moved in) − all that was closed (− moved out) = open."""
    came = sum(numbers[name] for name in ("carried_over", "raised", "reopened", "moved_in"))
    went = sum(numbers[name] for name in ("resolved", "explained", "unachieved", "moved_out"))
    return came - went == numbers["open"]


def test_what_is_kept_for_counting_is_what_the_events_say(app: Flask):
    def check(session: Session, chronicle: Chronicle, asked: Asked) -> None:
        ids = [matter.id for matter in chronicle.matters.values()]
        kept = kept_legs(session, ids)
        assert {of: legs for of, legs in folded(session, list(chronicle.matters.values())).items() if legs} == kept

    in_random_worlds(app, check)


def reopening_taken_back(session: Session, matter: tables.Matter) -> bool:
    """True where the resident confirmed what had been opened again. If it was on the same day, that is the settlement
    before, which may have been on the spot; the matter tells how it was closed last."""
    query = select(tables.Event.to_state).where(tables.Event.matter_id == matter.id).order_by(tables.Event.position)
    return [state for state, _ in groupby(session.scalars(query))][-2:] == ["reopened", "confirmed"]


def test_the_last_leg_stands_where_the_matter_stands(app: Flask):
    def check(session: Session, chronicle: Chronicle, asked: Asked) -> None:
        for matter in chronicle.matters.values():
            legs = kept_legs(session, [matter.id]).get(matter.id, [])
            assert bool(legs) == (matter.state not in VOID_STATES)
            if legs:
                last = legs[-1]
                assert (last.unit_id, last.due_day) == (matter.unit_id, matter.due_day)
                assert (last.until_day is None) == (matter.state in OPEN_STATES)
                assert last.on_the_spot == matter.on_the_spot or reopening_taken_back(session, matter)
                assert last.beyond_power_day == matter.beyond_power_day

    in_random_worlds(app, check)


def test_sql_counts_exactly_what_the_rules_count(app: Flask):
    def check(session: Session, chronicle: Chronicle, asked: Asked) -> None:
        area, legs = area_of(session, asked), legs_of(chronicle, session)
        inside = [leg for leg in legs if within(leg.village_code, area.code)]
        sheet = tallies_plain.read_sheet(session, area, chronicle.period(asked))
        below = child_level(area.level) or area.level
        for (code, category), numbers in sheet.parts.items():
            its = [leg for leg in inside if (ancestor(leg.village_code, below), leg.category) == (code, category)]
            assert numbers == counted(its, chronicle.period(asked))
        assert add_up(sheet.parts.values()) == counted(inside, chronicle.period(asked))
        for kind, numbers in sheet.kinds.items():
            assert numbers == counted([leg for leg in inside if leg.kind == kind], chronicle.period(asked))
        for unit_id, numbers in sheet.units.items():
            assert numbers == counted([leg for leg in inside if leg.unit_id == unit_id], chronicle.period(asked))
        assert add_up(sheet.kinds.values()) == add_up(sheet.units.values()) == counted(inside, chronicle.period(asked))

    in_random_worlds(app, check)


def test_what_was_open_at_the_start_and_what_came_and_went_is_what_is_open_at_the_end(app: Flask):
    """For an area, each category, each origin and each unit."""

    def check(session: Session, chronicle: Chronicle, asked: Asked) -> None:
        sheet = tallies_plain.read_sheet(session, area_of(session, asked), chronicle.period(asked))
        total = add_up(sheet.parts.values())
        assert total["moved_in"] == total["moved_out"]
        for numbers in (total, *sheet.parts.values(), *sheet.kinds.values(), *sheet.units.values()):
            assert adds_up(numbers), numbers

    in_random_worlds(app, check)


def test_the_days_it_took_are_those_of_what_was_resolved_and_not_on_the_spot(app: Flask):
    def check(session: Session, chronicle: Chronicle, asked: Asked) -> None:
        area, legs = area_of(session, asked), legs_of(chronicle, session)
        sheet = tallies_plain.read_sheet(session, area, chronicle.period(asked))
        taken = [
            leg.days_taken for leg in legs
            if within(leg.village_code, area.code) and not leg.on_the_spot
            and counts(MEASURES["resolved"], leg, chronicle.period(asked))
        ]  # fmt: skip
        assert Counter(taken) == Counter(sheet.days)

    in_random_worlds(app, check)


def read_pages(session: Session, chronicle: Chronicle, measure: str, asked: Asked) -> list[tables.Leg]:
    """All pages of the list behind a number."""
    narrowed = Narrowed(asked.category, asked.kind, unit_id_of(session, asked))
    shown: list[tables.Leg] = []
    after: Mark | None = None
    while True:
        page, after = tallies.behind(
            session, MEASURES[measure], area_of(session, asked), chronicle.period(asked), narrowed, after, asked.limit
        )
        assert len(page) <= asked.limit
        assert page or not shown, "an empty page was promised"
        shown += page
        if after is None:
            return shown


def test_every_number_opens_exactly_what_it_counts_each_once_across_the_pages(app: Flask):
    def check(session: Session, chronicle: Chronicle, asked: Asked) -> None:
        area, unit_id = area_of(session, asked), unit_id_of(session, asked)
        kept = kept_legs(session, [matter.id for matter in chronicle.matters.values()])
        for name, measure in MEASURES.items():
            expected = {
                (matter_id, position)
                for matter_id, legs in kept.items()
                for position, leg in enumerate(legs, 1)
                if within(leg.village_code, area.code) and counts(measure, leg, chronicle.period(asked))
                and asked.category in (None, leg.category) and asked.kind in (None, leg.kind)
                and unit_id in (None, leg.unit_id)
            }  # fmt: skip
            shown = [(leg.matter_id, leg.position) for leg in read_pages(session, chronicle, name, asked)]
            assert len(shown) == len(expected)
            assert set(shown) == expected
            narrowed = Narrowed(asked.category, asked.kind, unit_id)
            assert tallies.count_behind(session, measure, area, chronicle.period(asked), narrowed) == len(expected)

    in_random_worlds(app, check)


def test_what_is_open_comes_longest_overdue_first_and_all_else_newest_first(app: Flask):
    def check(session: Session, chronicle: Chronicle, asked: Asked) -> None:
        for name, measure in MEASURES.items():
            shown = read_pages(session, chronicle, name, asked)
            if measure.stock:
                days = [leg.due_day for leg in shown]
                assert days == sorted(days), name
            else:
                days = [getattr(leg, tallies.sort_day(measure).key) for leg in shown]
                assert days == sorted(days, reverse=True), name

    in_random_worlds(app, check)


def test_the_chart_shows_of_each_month_what_a_tally_of_it_does(app: Flask):
    def check(session: Session, chronicle: Chronicle, asked: Asked) -> None:
        area, legs = area_of(session, asked), legs_of(chronicle, session)
        inside = [leg for leg in legs if within(leg.village_code, area.code)]
        months = months_until(chronicle.period(asked).as_of, 3, chronicle.today)
        for month, numbers in zip(months, tallies_plain.read_months(session, area, months), strict=True):
            expected = counted(inside, month)
            assert numbers == {name: expected[name] for name in IN_CHART}

    in_random_worlds(app, check)


def test_the_longest_overdue_of_each_unit_is_the_one_that_was_due_first(app: Flask):
    def check(session: Session, chronicle: Chronicle, asked: Asked) -> None:
        area, legs = area_of(session, asked), legs_of(chronicle, session)
        late = [
            leg for leg in legs
            if within(leg.village_code, area.code) and counts(MEASURES["overdue"], leg, chronicle.period(asked))
        ]  # fmt: skip
        expected = {
            unit_id: Overdue(min(own), len(own))
            for unit_id in {leg.unit_id for leg in late}
            if (own := [leg.due_day for leg in late if leg.unit_id == unit_id])
        }
        found = tallies_plain.longest_overdue(session, area, chronicle.period(asked).as_of)
        assert found == expected
        whole = tallies_plain.read_sheet(session, area, chronicle.period(asked)).units
        for most in range(1, len(found)):
            first = first_overdue(found, most)
            left_out = [found[unit_id].since for unit_id in found.keys() - first]
            assert len(first) >= most
            assert max(found[unit_id].since for unit_id in first) <= min(left_out, default=date.max)
            named = tallies_plain.read_sheet(session, area, chronicle.period(asked), first).units
            assert named == {unit_id: numbers for unit_id, numbers in whole.items() if unit_id in first}

    in_random_worlds(app, check)


def test_visits_are_in_no_table_that_is_counted():
    assert not {column.key for column in select(tables.Leg).selected_columns} & {"visit_id", "author_id"}
