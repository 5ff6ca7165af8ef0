"""Which schema the database has, and which one this code was written for."""

from functools import cache

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.store.db import migrate


@cache
def newest_schema() -> str | None:
    """The revision that `db upgrade` leads to."""
    return _script().get_current_head()


def schema_of(session: Session) -> str | None:
    """The revision that the database is at; None if no migration was carried through."""
    found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def is_known_schema(revision: str) -> bool:
    """True for a revision that a migration of this code leads to."""
    return revision in {known.revision for known in _script().walk_revisions()}


def _script() -> ScriptDirectory:
    return ScriptDirectory(migrate.directory)
