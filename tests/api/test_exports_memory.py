"""An export of any length takes little memory: what is written lies on the disk, what is read comes in portions."""

import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryFile
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.actions.books import open_book
from server.actions.exports import export_matters
from server.actions.tallies import Question
from server.domain.access import Actor, Grant
from server.store.db import reading, writing
from server.store.tables import Event, Leg
from server.store.tallies import Narrowed
from tests import cast
from tests.api.mutations import new_matter, noon, resolved_on_the_spot, visit
from tests.api.people import SignIn

FEW, MANY = 2_000, 20_000
TEXT = "换" * 500
"""1,500 bytes: all of MANY are 30 MB."""
MB = 2**20


@pytest.fixture
def legs(app: Flask, sign_in: SignIn) -> Callable[[int], None]:
    """Let one matter have so many legs, each settled with TEXT."""
    sign_in(cast.CADRE).apply(visit(new_matter(resolved=resolved_on_the_spot(TEXT)), happened_at=noon("2025-02-10")))

    def have(count: int) -> None:
        with app.app_context(), writing() as session:
            leg = session.scalars(select(Leg).limit(1)).one()
            there = session.query(Leg).count()
            assert session.scalar(select(Event.text).where(Event.id == leg.settled_by)) == TEXT
            row = {column.name: getattr(leg, column.name) for column in Leg.__table__.columns}
            session.bulk_insert_mappings(Leg, [{**row, "position": 100 + there + n} for n in range(count - there)])

    return have


def peak_of(app: Flask, ending: str) -> tuple[int, float, float]:
    """The rows that are written, the most that Python held meanwhile, and that the process grew by, in MB."""
    actor = Actor(UUID(int=1), "领导", 1, frozenset({Grant("leader", cast.TOWNSHIP)}))
    question = Question(None, date(2025, 1, 1), date(2025, 12, 31), datetime.now(UTC).date())
    with app.app_context(), TemporaryFile() as file:
        book = open_book(ending, file)
        held = _resident_mb()
        Path("/proc/self/clear_refs").write_text("5")
        tracemalloc.start()
        made = export_matters(reading(), actor, question, "raised", Narrowed(), book)
        book.close()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return made.rows, peak / MB, _resident_mb() - held


def _resident_mb() -> float:
    """The most that this process had in memory since clear_refs, also outside of Python (the database's library)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_ten_times_the_rows_take_no_more_memory(app: Flask, legs: Callable[[int], None], ending: str):
    legs(FEW)
    rows, peak, _ = peak_of(app, ending)
    assert rows == FEW
    legs(MANY)
    rows, peak_of_many, grown = peak_of(app, ending)
    assert rows == MANY
    assert peak_of_many < peak + 2, "Python held the rows"
    assert grown < 12, "the process held the rows"
