"""Write a made-up province into both databases at once, as fast as they take it: rows as the tables hold them,
past the rules. What the rules would have made of it is checked afterwards (tools/bench_tallies.py)."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, Protocol
from uuid import UUID

import psycopg
from psycopg import sql

from server.domain.access import area_scope, unit_scope
from server.domain.lifecycle import CLOSED_WITH_RESULT
from server.domain.times import SHANGHAI
from tools.province.lives import Life, make_lives
from tools.province.places import Province, an_id

_LONG_AGO = datetime(2023, 1, 1, tzinfo=UTC)
_AT_ONCE = 20_000
"""Matters that are made, and written, at a time."""

_TITLE = "三组水渠堵了，二十亩田浇不上水"
_CLOSE = frozenset({"resolve", "explain", "unachieve"})

Rows = dict[str, list[tuple[Any, ...]]]


class Target(Protocol):
    """A database to write to."""

    def write(self, rows: Rows) -> None:
        """Append rows, a list for each table."""


class SqliteTarget:
    """The embedded database, without the promises that a benchmark's filling does not need."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        for pragma in ("foreign_keys=OFF", "synchronous=OFF", "journal_mode=OFF", "cache_size=-400000"):
            self._connection.execute(f"PRAGMA {pragma}")

    def write(self, rows: Rows) -> None:
        """Append rows, a list for each table."""
        for table, lines in rows.items():
            columns = COLUMNS[table]
            places = ", ".join("?" for _ in columns)
            statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
            self._connection.executemany(statement, (tuple(map(_for_sqlite, line)) for line in lines))
        self._connection.commit()

    def close(self) -> None:
        """Let the planner know what is there, and go back to the usual journal."""
        self._connection.execute("ANALYZE")
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.close()


class PostgresTarget:
    """The throw-away cluster, whose superuser may leave the foreign keys unchecked."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))
        self._connection.execute("SET session_replication_role = replica")

    def write(self, rows: Rows) -> None:
        """Append rows, a list for each table."""
        with self._connection.cursor() as cursor:
            for table, lines in rows.items():
                names = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table]))
                statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
                with cursor.copy(statement) as copy:
                    for line in lines:
                        copy.write_row(line)
        self._connection.commit()

    def close(self) -> None:
        """Let the planner know what is there."""
        self._connection.autocommit = True
        self._connection.execute("VACUUM ANALYZE")
        self._connection.close()


def _for_sqlite(value: object) -> object:
    match value:
        case UUID():
            return value.hex
        case datetime():
            return value.replace(tzinfo=None).isoformat(" ", "microseconds")
        case date():
            return value.isoformat()
    return value


_CLAIMED = ("happened_at", "happened_local", "recorded_at", "received_at", "clock_offset_s")
COLUMNS: dict[str, tuple[str, ...]] = {
    "areas": ("code", "name", "level", "parent_code", "initials"),
    "units": ("id", "name", "area_code", "is_home"),
    "users": ("id", "username", "name", "password_hash", "access_version", "created_at"),
    "scopes": ("id", "version"),
    "visits": ("id", "kind", "village_code", "author_id", *_CLAIMED),
    "matters": (
        "id", "visit_id", "village_code", "author_id", "title", "category", "raised_day", "state", "unit_id",
        "due_day", "closed_at", "closed_day", "on_the_spot", "beyond_power_day", *_CLAIMED,
    ),
    "events": (
        "id", "matter_id", "position", "act", "text", "actor_id", "from_state", "to_state", "unit_id", "due_day",
        "reason", "rating", *_CLAIMED,
    ),
    "rating_links": ("id", "matter_id", "event_id", "code_hash", "made_at", "expires_at"),
    "ratings": ("id", "matter_id", "event_id", "source", "value", "rated_at", "rated_day", "held"),
}  # fmt: skip
"""The columns that are filled; the others are null."""


def load(targets: Sequence[Target], rng: Random, province: Province, matters: int, today: date) -> Iterator[int]:
    """Write the province and so many matters; yields how many there are so far."""
    for target in targets:
        target.write(_places(province))
    rows = _nothing()
    for done, life in enumerate(make_lives(rng, province, matters, today), 1):
        _add(rows, rng, life)
        if done % _AT_ONCE == 0 or done == matters:
            for target in targets:
                target.write(rows)
            rows = _nothing()
            yield done


def _nothing() -> Rows:
    return {table: [] for table in ("visits", "matters", "events", "rating_links", "ratings")}


def _places(province: Province) -> Rows:
    scopes = [area_scope(township.code) for township in province.townships]
    scopes += [unit_scope(unit_id) for unit_id, *_ in province.units]
    return {
        "areas": list(province.areas),
        "units": list(province.units),
        "users": [(user_id, username, name, "-", 1, _LONG_AGO) for user_id, username, name in province.users],
        "scopes": [(scope, 0) for scope in scopes],
    }


def _claimed(at: datetime, received: datetime) -> tuple[Any, ...]:
    return (at, at.astimezone(SHANGHAI).isoformat(timespec="seconds"), at, received, 0)


def _add(rows: Rows, rng: Random, life: Life) -> None:
    author, raised = life.township.author, life.raised
    visit_id = an_id(rng, raised.at)
    claimed = _claimed(raised.at, raised.received)
    closing = next(
        (entry for entry in reversed(life.entries) if entry.act in {"resolve", "explain", "unachieve"}), None
    )
    closed = closing if life.state in CLOSED_WITH_RESULT else None
    on_the_spot = closed is not None and closed.at == raised.at
    rows["visits"].append((visit_id, life.kind, life.village, author, *claimed))
    rows["matters"].append((
        life.id, visit_id, life.village, author, _TITLE, life.category, raised.day, life.state,
        life.unit_id, life.due_day, closed.at if closed else None, closed.day if closed else None, on_the_spot,
        life.beyond_power_day, *claimed,
    ))  # fmt: skip
    for position, entry in enumerate(life.entries, 1):
        rows["events"].append((
            entry.id, life.id, position, entry.act, entry.text, None if entry.rating else author, entry.from_state,
            entry.to_state, entry.unit_id, entry.due_day, entry.reason, entry.rating,
            *_claimed(entry.at, entry.received),
        ))  # fmt: skip
    made = {entry.id: entry.received for entry in life.entries}
    for event_id in life.asked:
        code = sha256(event_id.bytes).hexdigest()
        rows["rating_links"].append(
            (an_id(rng, made[event_id]), life.id, event_id, code, made[event_id], made[event_id])
        )
    for event_id, value, at, day in life.answers:
        rows["ratings"].append((an_id(rng, at), life.id, event_id, "link", value, at, day, False))
