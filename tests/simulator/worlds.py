"""A fresh database for each schedule, copied from one that is made once."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from server.actions.phones import report_lost
from server.store.db import db, writing
from server.store.sessions import end_sessions
from server.store.tables import ReadyMatter, User
from tests.harness.databases import app_on, let_go
from tests.harness.postgres import Cluster
from tests.harness.world import make_world


class Worlds:
    """One world after the other, at one address: `renew` brings its database back to the beginning."""

    def __init__(self, url: str, var: Path, renew: Callable[[], None], close: Callable[[], None]) -> None:
        self._url = url
        self._var = var
        self._renew = renew
        self._close = close
        self._engine: Engine | None = None
        self._app: Flask | None = None

    @property
    def app(self) -> Flask:
        """The server that runs now."""
        assert self._app is not None, "begin first"
        return self._app

    def begin(self) -> None:
        """A new server on a database as at the beginning."""
        self.end()
        self._renew()
        self._start()

    def restart(self) -> None:
        """The process ends and another begins; the database stays."""
        self.end()
        self._start()

    def end(self) -> None:
        """Close every connection."""
        if self._app is not None:
            let_go(self._app)

    def _start(self) -> None:
        self._app = app_on(self._url, self._var, SIGN_INS_PER_MINUTE=1_000_000)
        with self._app.app_context():
            # A new engine would make every statement's SQL anew: half of a schedule's time.
            self._engine = self._engine or db.engine
            db._app_engines[self._app][None] = self._engine

    def end_sessions(self, username: str) -> None:
        """Sign somebody out on every device, as time does."""
        with self.app.app_context(), writing() as session:
            end_sessions(session, _user_id(session, username), datetime.now(UTC))

    def lose(self, username: str, device_id: UUID) -> None:
        """Report somebody's phone lost."""
        with self.app.app_context(), writing() as session:
            report_lost(session, _user_id(session, username), device_id, datetime.now(UTC))

    def make_nothing_ready(self) -> None:
        """Forget what is kept ready: who reads from now on is told what the server makes afresh."""
        with self.app.app_context(), writing() as session:
            session.execute(delete(ReadyMatter))

    def close(self) -> None:
        """Remove everything."""
        self.end()
        self._close()


def _user_id(session: Session, username: str) -> UUID:
    return session.scalars(select(User.id).where(User.username == username)).one()


def open_worlds(database: str, folder: Path) -> Worlds:
    """Worlds on SQLite or PostgreSQL; their files lie in `folder` or, PostgreSQL's, in a cluster of their own."""
    if database == "sqlite":
        template, file = folder / "template.db", folder / "world.db"
        make_world(f"sqlite:///{template}", folder / "template-var")
        return Worlds(f"sqlite:///{file}", folder / "var", partial(_copy, template, file), lambda: None)
    cluster = Cluster()
    cluster.start()
    make_world(cluster.create("template_world"), folder / "template-var")

    def renew() -> None:
        cluster.drop("world")
        cluster.create("world", "template_world")

    return Worlds(cluster.url("world"), folder / "var", renew, cluster.stop)


def _copy(template: Path, file: Path) -> None:
    for left in file.parent.glob(f"{file.name}*"):
        left.unlink()
    shutil.copy(template, file)
