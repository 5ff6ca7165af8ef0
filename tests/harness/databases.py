"""The server in this process, on a database that a test names."""

from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, delete, text

from server import create_app
from server.store.db import db, writing
from server.store.tables import ResidentKey


def app_on(url: str, var: Path, **settings: object) -> Flask:
    """The server on the database at `url`, in test mode, with its keys in the folder `var`."""
    app = create_app({"TESTING": True, "DATABASE_URL": url, "VAR": str(var), **settings})
    with app.app_context():
        _share_compiled(db.engine)
    return app


def _share_compiled(engine: Engine) -> None:
    """Let every engine of this process use one dialect and one cache of compiled statements for its kind of database: a
    quarter of the tests' time went to compiling the same statements, since the cache goes by the dialect."""
    first = _first.setdefault(engine.dialect.name, engine)
    if first.dialect.server_version_info is None:  # It never connected, so its dialect does not know the database.
        _first[engine.dialect.name] = engine
    else:
        engine.dialect = engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache


_first: dict[str, Engine] = {}


def migrate(url: str, var: Path) -> None:
    """Bring the database at `url` from empty to the newest schema."""
    app = app_on(url, var)
    with app.app_context():
        upgrade()
    let_go(app)


def let_go(app: Flask) -> None:
    """Close every connection: a template that is in use cannot be copied."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def forget_keys(app: Flask) -> None:
    """Let the database be as if no resident key had been used with it: it can be served with any."""
    with app.app_context(), writing() as session:
        session.execute(delete(ResidentKey))


def be_at_schema(app: Flask, revision: str) -> None:
    """Let the database say that it was migrated to another revision."""
    with app.app_context(), writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
