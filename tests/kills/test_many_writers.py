"""Sixteen phones write and four read, through several processes of gunicorn on PostgreSQL: no cursor misses a row,
nobody waits in a circle, no update is lost. Cursors that go by a sequence or by the time miss rows of the same
transactions."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.store.db import db, reading
from server.store.tables import Mutation, Scope
from tests import cast
from tests.api.mutations import act, new_matter, visit
from tests.harness.caller import Caller
from tests.kills.conftest import Serve
from tests.kills.naive import NUMBERS, Naive, connect, held_village, number_receipts
from tests.kills.truths import check_everything, matters_in, records_now
from tests.kills.writers import Writer, share_matters
from tests.sync.grants import grant
from tests.sync.reader import Reader

WRITERS, PROCESSES = 16, 4
ELSEWHERE = "430581106201"
READERS = (cast.CADRE, cast.COLLEAGUE, cast.COORDINATOR, cast.NEIGHBOUR)
PATIENCE_S = 120


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_no_cursor_misses_a_row_where_a_sequence_and_a_timestamp_do(
    app: Flask, world_url: str, serve: Serve, measured: Callable[[str], None], pytestconfig: pytest.Config
):
    grant(app, cast.CADRE, "cadre", ELSEWHERE)
    number_receipts(world_url)
    server = serve(world_url, "wsgi:app", PROCESSES)
    sessions = {person.username: Caller(server.url, person) for person in READERS}
    here, there = sessions["cadre"], sessions["neighbour"]
    of_there = share_matters(there, ELSEWHERE, 2)
    of_here = share_matters(here, cast.VILLAGE, 2)
    shared = of_here | of_there
    before, versions = records_now(app), _versions(app)
    # The cadre's phones write into both townships, in whatever order; the neighbour's into one.
    writers = [
        Writer(here.with_another_device(), number, (cast.VILLAGE, ELSEWHERE), shared)
        if number % 2
        else Writer(there.with_another_device(), number, (ELSEWHERE,), of_there)
        for number in range(WRITERS)
    ]
    held = Writer(here.with_another_device(), WRITERS, (), of_here)
    overtaking = Writer(there.with_another_device(), WRITERS + 1, (ELSEWHERE,), {})
    readers = [Reader(session.with_another_device()) for session in sessions.values()]
    naive = [Naive(world_url, name) for name in NUMBERS]
    stop, began = threading.Event(), time.monotonic()
    with ThreadPoolExecutor(WRITERS + len(readers) + len(naive) + 1) as pool:
        following = [pool.submit(follow, reader, stop) for reader in readers]
        following += [pool.submit(one.follow, stop) for one in naive]
        try:
            with held_village(world_url, cast.OTHER_VILLAGE) as hold:
                # Visits that follow each other are recorded together: the entry between them parts them.
                held.put(visit(new_matter(), village_code=cast.VILLAGE))
                held.put(act(next(iter(of_here)), "progress"))
                held.put(visit(new_matter(), village_code=cast.OTHER_VILLAGE))
                first = UUID(held.outbox[0]["id"])
                holding = pool.submit(held.send_all)
                hold.wait_for_somebody()
                write(overtaking, 1)
                wait_until_seen(naive, {UUID(id_) for id_ in overtaking.receipts})
            holding.result(PATIENCE_S)
            pushes = pytestconfig.getoption("pushes")
            writing = [pool.submit(write, writer, pushes) for writer in writers]
            for done in writing:
                done.result(PATIENCE_S)
        finally:
            stop.set()
        for done in following:
            done.result(PATIENCE_S)
    took = time.monotonic() - began

    writers += [held, overtaking]
    assert [writer.unanswered for writer in writers] == [0] * len(writers)
    assert {code for writer in writers for code in writer.refusals} <= {"busy"}, "the wait for a scope was too long"
    assert deadlocks(world_url) == 0
    check_everything(app, writers, before=before)
    increments = sum((writer.increments for writer in writers), Counter())
    assert Counter(_versions(app)) - Counter(versions) == increments, "a number that was given out twice, or to nobody"
    of = {township: matters_in(app, township) for township in (cast.TOWNSHIP, cast.NEIGHBOUR_TOWNSHIP)}
    both = of[cast.TOWNSHIP] | of[cast.NEIGHBOUR_TOWNSHIP]
    wanted = [both, of[cast.TOWNSHIP], of[cast.TOWNSHIP], of[cast.NEIGHBOUR_TOWNSHIP]]
    assert [set(reader.matters) for reader in readers] == wanted, "a row that a cursor stepped over"
    for reader in readers:
        afresh = Reader(reader.caller)
        afresh.read()
        assert (reader.matters, reader.visits) == (afresh.matters, afresh.visits), (
            "an update that a cursor stepped over"
        )
    missed = {one.name: receipts_now(app) - one.seen for one in naive}
    assert all(first in rows for rows in missed.values()), missed
    sent = sum(len(writer.made) for writer in writers)
    measured(
        f"{WRITERS} writers, {len(readers)} readers, {PROCESSES} processes, postgresql: {sent} mutations in "
        f"{sum(increments.values())} increments, {took:.1f} s; missed by scope cursors 0, "
        + ", by ".join(f"a {name} {len(rows)}" for name, rows in missed.items())
    )


def write(writer: Writer, pushes: int) -> None:
    """Push so many times, and then what is left."""
    for _ in range(pushes):
        writer.record()
        writer.send()
    writer.send_all()


def follow(reader: Reader, stop: threading.Event) -> None:
    """Read until everything is written, and once more."""
    while not stop.is_set():
        reader.read()
        stop.wait(0.02)
    reader.read()


def wait_until_seen(naive: list[Naive], receipts: set[UUID]) -> None:
    """Wait until each has come past these."""
    deadline = time.monotonic() + PATIENCE_S
    while not all(receipts <= one.seen for one in naive):
        assert time.monotonic() < deadline, "they read nothing"
        time.sleep(0.005)


def deadlocks(url: str) -> int:
    """How often transactions waited for each other in a circle."""
    with connect(url) as connection:
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        [number] = connection.execute(query).fetchone() or [None]
    assert isinstance(number, int)
    return number


def receipts_now(app: Flask) -> set[UUID]:
    """The mutations that were received."""
    with app.app_context():
        found = set(reading().scalars(select(Mutation.id)))
        db.session.remove()
    return found


def _versions(app: Flask) -> dict[str, int]:
    """The number of each township's scope, by its code."""
    with app.app_context():
        rows = reading().execute(select(Scope.id, Scope.version).where(Scope.id.startswith("area:")))
        found = {id_.removeprefix("area:"): version for id_, version in rows}
        db.session.remove()
    return found
