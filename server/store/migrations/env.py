"""How Alembic runs our migrations: in one transaction, on the application's engine."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy.types import TypeDecorator

import server.store.tables  # noqa: F401  (makes the tables known)
from server.store.db import Base, db


def render_item(kind: str, item: Any, _autogen_context: Any) -> str | bool:
    """Migrations name the database's own types, so that they outlive our Python ones."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def run() -> None:
    """Migrate online: offline SQL scripts are not supported."""
    arguments = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, render_item=render_item, **arguments)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
