"""Readers as one would write them first: each keeps the highest number, or time, that it has seen, and asks for what
is higher. Both come from columns that the transactions of the real push fill themselves."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection, sql

NUMBERS = {"sequence": "bigserial", "timestamp": "timestamptz NOT NULL DEFAULT clock_timestamp()"}
"""Both are given out when a row is written, and not when it is committed."""
_BEFORE_ALL = {"sequence": 0, "timestamp": "-infinity"}


def connect(url: str) -> Connection[tuple[Any, ...]]:
    """A connection to the database at an SQLAlchemy URL of PostgreSQL."""
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)


def number_receipts(url: str) -> None:
    """Let every receipt have a number of a sequence and the time at which it is written."""
    with connect(url) as connection:
        for name, kind in NUMBERS.items():
            column, default = sql.Identifier(f"naive_{name}"), sql.SQL(kind)
            connection.execute(sql.SQL("ALTER TABLE mutations ADD COLUMN {} {}").format(column, default))


class Naive:
    """A reader that follows one of NUMBERS. `seen`: the receipts that came to it."""

    def __init__(self, url: str, name: str) -> None:
        self.name = name
        self.seen: set[UUID] = set()
        self._cursor: Any = _BEFORE_ALL[name]
        self._connection = connect(url)
        column = sql.Identifier(f"naive_{name}")
        self._query = sql.SQL("SELECT id, {} FROM mutations WHERE {} > %s ORDER BY 2").format(column, column)

    def read(self) -> None:
        """Read once."""
        for receipt, given in self._connection.execute(self._query, [self._cursor]).fetchall():
            self.seen.add(receipt)
            self._cursor = given

    def follow(self, stop: threading.Event) -> None:
        """Read until `stop`, and once more."""
        with self._connection:
            while not stop.is_set():
                self.read()
                time.sleep(0.002)
            self.read()


@contextmanager
def held_village(url: str, code: str) -> Iterator["Hold"]:
    """Whoever writes a matter of this village waits until the end, in the middle of his transaction."""
    with connect(url) as connection, connection.transaction():
        connection.execute("SELECT 1 FROM areas WHERE code = %s FOR UPDATE", [code])
        yield Hold(connection.info.backend_pid, url)


class Hold:
    """Who waits for it?"""

    def __init__(self, pid: int, url: str) -> None:
        self._pid = pid
        self._url = url

    def wait_for_somebody(self) -> None:
        """Return as soon as a transaction waits for it."""
        with connect(self._url) as connection:
            for _ in range(10_000):
                query = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
                if connection.execute(query, [self._pid]).fetchone() != (0,):
                    return
                time.sleep(0.005)
        raise AssertionError("nobody waits")
