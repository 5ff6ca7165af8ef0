"""The database: one engine, SQLite (WAL) or PostgreSQL, and the one way to write."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from psycopg import Connection as PostgreSQLConnection
from sqlalchemy import Connection, Engine, MetaData, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Constraint names are fixed, so that migrations say the same on both databases."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
if TYPE_CHECKING:
    Row = Base  # what type checkers can follow
else:
    Row = db.Model
migrate = Migrate(directory=str(Path(__file__).parent / "migrations"), render_as_batch=True)

_IMMEDIATE = "begin_immediate"

LOCK_WAIT_S = 20.0
"""How long one transaction waits for another, on both databases; then the answer is `busy`."""

IDLE_S = 60.0
"""PostgreSQL ends a transaction that does nothing for so long: nobody waits for a process that hangs."""


_FULL = {"53100", "SQLITE_FULL"}


def end_with_request(app: Flask) -> None:
    """Let a request's session end with it, also if the database died meanwhile: an answer that is ready is given all
    the same, where it would be a page of gunicorn's that no phone can read."""

    @app.teardown_appcontext
    def end(_: BaseException | None) -> None:
        try:
            db.session.remove()
        except DBAPIError:
            db.session.registry.clear()


def reading() -> Session:
    """The request's session. Its transaction ends with the request."""
    return db.session()


def snapshot() -> Session:
    """The request's session, in a new transaction all of whose statements see the same moment: on SQLite every
    transaction does."""
    session = reading()
    session.rollback()
    if dialect_of(session) == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction that writes; commits at the end, rolls everything back on an exception.

    On SQLite it takes the write lock at once: a transaction that reads first and then
    wants to write can be refused with SQLITE_BUSY without ever waiting.
    """
    session = reading()
    session.rollback()
    session.connection(execution_options={_IMMEDIATE: True})
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def inserting(session: Session, row: type[Row]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that may say ON CONFLICT: each of the two databases has it in a dialect of its own."""
    return inserting_on(dialect_of(session), row)


def dialect_of(session: Session) -> str:
    """What the session's database speaks: sqlite or postgresql."""
    return session.get_bind().dialect.name


@cache
def inserting_on(dialect: str, row: type[Row]) -> postgresql.Insert | sqlite.Insert:
    """The same by the dialect's name, for statements that are made once: making one takes as long as running it."""
    table: Any = row.__table__  # as a table: the session would look at every row of many
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_all(session: Session, rows: Iterable[Row]) -> None:
    """Insert new rows, those of each table in one statement, tables in the order in which they are first met. Unlike
    what is added to the session they are no part of it afterwards."""
    of_tables: dict[type[Row], list[dict[str, Any]]] = {}
    for row in rows:
        columns = inspect(type(row)).columns.keys()
        of_tables.setdefault(type(row), []).append({name: row.__dict__.get(name) for name in columns})
    for table, values in of_tables.items():
        session.execute(inserting(session, table), values)


def is_taken(error: IntegrityError) -> bool:
    """True if a key or another unique value is there already; False for every other promise of the tables."""
    broken = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return broken in {"23505", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"}


def is_full(error: BaseException) -> bool:
    """True if it came of a disk without room: PostgreSQL's or SQLite's own word for that, wherever in the chain. SQLite
    may end the whole transaction by it, and what is said last is that there is no such savepoint."""
    chain: list[BaseException | None] = [error]
    for one in chain:
        if one is None:
            continue
        if (getattr(one, "sqlstate", None) or getattr(one, "sqlite_errorname", None)) in _FULL:
            return True
        chain += [other for other in (one.__cause__, one.__context__) if other not in chain]
    return False


def _prepare(connection: Any, _record: object) -> None:
    wait_ms, idle_ms = int(LOCK_WAIT_S * 1000), int(IDLE_S * 1000)
    if isinstance(connection, SQLiteConnection):
        # Python's sqlite3 would begin transactions itself, and breaks savepoints by it.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={wait_ms}"):
            connection.execute(f"PRAGMA {pragma}")
    elif isinstance(connection, PostgreSQLConnection):
        connection.execute(f"SET lock_timeout = {wait_ms}")
        connection.execute(f"SET idle_in_transaction_session_timeout = {idle_ms}")
        connection.commit()


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        immediate = connection.get_execution_options().get(_IMMEDIATE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


event.listen(Engine, "connect", _prepare)
event.listen(Engine, "begin", _begin)
