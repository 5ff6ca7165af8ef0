"""Many people at once: a reader's cursor never steps over a transaction that commits later."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, OperationalError
from uuid6 import uuid7

from server.store.changes import ScopeLocks, changed_between, changed_since
from server.store.db import reading, writing
from server.store.tables import Change, SignInFailure
from server.store.users import lock_failures, save_failures
from tests import cast
from tests.harness.databases import let_go

WRITERS, WRITES = 8, 10
SCOPES = [f"area:{code}" for code in (cast.TOWNSHIP, cast.NEIGHBOUR_TOWNSHIP, "430581107000")]


def write_slowly(app: Flask, number: int) -> set[UUID]:
    """Change records in the first scope and one other, and dawdle before each commit."""
    chance = random.Random(number)
    written: set[UUID] = set()
    for _ in range(WRITES):
        scopes = [SCOPES[0], chance.choice(SCOPES[1:])]
        chance.shuffle(scopes)
        with app.app_context(), writing() as session:
            locks = ScopeLocks(session)
            locks.lock(scopes)
            record = uuid7()
            locks.stamp("matter", record, scopes)
            session.flush()
            time.sleep(chance.random() / 200)
        written.add(record)
    return written


def read_along(app: Flask, stop: threading.Event) -> list[UUID]:
    """Follow the first scope with a cursor, as a phone does, until everything is written."""
    read: list[UUID] = []
    cursor = 0
    while True:
        last_round = stop.is_set()
        with app.app_context():
            page = changed_since(reading(), SCOPES[0], cursor, 5)
            found = select(Change.record_id).where(changed_between("matter"))
            read += reading().scalars(found, {"scope_id": SCOPES[0], "after": cursor, "upto": page.version})
        cursor = page.version
        if last_round and not page.more:
            return read


def test_a_reader_with_a_cursor_misses_nothing_that_many_writers_write(app: Flask):
    stop = threading.Event()
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(read_along, app, stop)
        try:
            written = set().union(*pool.map(lambda number: write_slowly(app, number), range(WRITERS)))
        finally:
            stop.set()
        read = reader.result(30)
    assert len(written) == WRITERS * WRITES
    assert set(read) == written
    assert len(read) == len(written)


def test_numbers_are_given_out_without_gaps(app: Flask):
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda number: write_slowly(app, number), range(WRITERS)))
    with app.app_context():
        versions = [changed_since(reading(), scope, 0, 1000).version for scope in SCOPES]
    assert versions[0] == WRITERS * WRITES
    assert versions[1] + versions[2] == WRITERS * WRITES


def test_the_first_failures_that_are_counted_at_once_are_all_counted(app: Flask):
    start = threading.Barrier(WRITERS)

    def fail(_: int) -> None:
        start.wait(30)
        with app.app_context(), writing() as session:
            counter = lock_failures(session, "a stranger")
            save_failures(session, "a stranger", counter.failures + 1, datetime.now(UTC))

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(fail, range(WRITERS)))
    with app.app_context():
        assert reading().get_one(SignInFailure, "a stranger").failures == WRITERS


def change(app: Flask, before_the_commit: Callable[[], None] = lambda: None) -> None:
    """Change a record in the first scope."""
    with app.app_context(), writing() as session:
        locks = ScopeLocks(session)
        locks.lock(SCOPES[:1])
        locks.stamp("matter", uuid7(), SCOPES[:1])
        session.flush()
        before_the_commit()


def test_who_waits_too_long_for_another_gives_up_and_may_try_again(app: Flask, monkeypatch: pytest.MonkeyPatch):
    def be_held_up() -> None:
        with pytest.raises(OperationalError):
            change(app)

    monkeypatch.setattr("server.store.db.LOCK_WAIT_S", 0.2)
    let_go(app)
    change(app, be_held_up)
    change(app)
    with app.app_context():
        assert changed_since(reading(), SCOPES[0], 0, 10).version == 2


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_nobody_waits_for_a_transaction_that_hangs(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("server.store.db.IDLE_S", 0.2)
    let_go(app)
    done: list[str] = []

    def another() -> None:
        change(app)
        done.append("the other change")

    with pytest.raises(DBAPIError):
        change(app, another)
    assert done == ["the other change"]
    change(app)
