"""Many people at once: a reader's cursor never steps over a transaction that commits later."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from flask import Flask
from uuid6 import uuid7

from server.store.changes import ScopeLocks, changed_since
from server.store.db import reading, writing
from tests import cast

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
        read += page.matters
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
