"""The database: one engine, SQLite (WAL) or PostgreSQL, and the one way to write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import TYPE_CHECKING, Any

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
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


def reading() -> Session:
    """The request's session. Its transaction ends with the request."""
    return db.session()


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


def _prepare_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, SQLiteConnection):
        return
    # Python's sqlite3 would begin transactions itself, and breaks savepoints by it.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        immediate = connection.get_execution_options().get(_IMMEDIATE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


event.listen(Engine, "connect", _prepare_sqlite)
event.listen(Engine, "begin", _begin)
