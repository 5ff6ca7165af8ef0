"""A fresh database for each schedule, copied from one that is made once."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Protocol

from flask import Flask
from sqlalchemy import select

from server.store.db import writing
from server.store.sessions import end_sessions
from server.store.tables import User
from tests.harness.databases import app_on, let_go
from tests.harness.postgres import Cluster
from tests.harness.world import make_world

NO_LIMIT = {"SIGN_INS_PER_MINUTE": 1_000_000}


class World:
    """The server and its database in one schedule."""

    def __init__(self, url: str, var: Path, remove: Callable[[], None]) -> None:
        self._url = url
        self._var = var
        self._remove = remove
        self.app: Flask = app_on(url, var, **NO_LIMIT)

    def restart(self) -> None:
        """The process ends and another begins; the database stays."""
        let_go(self.app)
        self.app = app_on(self._url, self._var, **NO_LIMIT)

    def end_sessions(self, username: str) -> None:
        """Sign somebody out on every device, as time does."""
        with self.app.app_context(), writing() as session:
            user_id = session.scalars(select(User.id).where(User.username == username)).one()
            end_sessions(session, user_id, datetime.now(UTC))

    def throw_away(self) -> None:
        """Close every connection, and remove the database."""
        let_go(self.app)
        self._remove()


class Worlds(Protocol):
    """Where fresh worlds come from."""

    def new(self) -> World: ...
    def close(self) -> None: ...


def open_worlds(database: str, folder: Path) -> Worlds:
    """Worlds on SQLite or PostgreSQL; their files lie in `folder` or, PostgreSQL's, in a cluster of their own."""
    return _OnSqlite(folder) if database == "sqlite" else _OnPostgresql(folder)


class _OnSqlite:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        make_world(f"sqlite:///{self._template}", folder / "template-var")

    def new(self) -> World:
        file = self._folder / "now.db"
        shutil.copy(self._template, file)
        return World(f"sqlite:///{file}", self._folder / "var", lambda: _remove(file))

    def close(self) -> None:
        pass


def _remove(file: Path) -> None:
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()


class _OnPostgresql:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        self._cluster = Cluster()
        self._cluster.start()
        make_world(self._cluster.create("template_world"), folder / "template-var")

    def new(self) -> World:
        name = f"world_{next(self._numbers)}"
        url = self._cluster.create(name, "template_world")
        return World(url, self._folder / "var", lambda: self._cluster.drop(name))

    def close(self) -> None:
        self._cluster.stop()
