"""Two pushes whose transactions overlap, and a pull between them: on PostgreSQL, where that can be."""

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import Session

from server.store.db import db
from tests.simulator.worlds import Worlds

Json = dict[str, Any]
_PATIENCE_S = 30


class _Held:
    """A request in a thread of its own; `hold`: it stops right before it commits what it wrote into scopes, until it is
    let go."""

    def __init__(self, send: Callable[[], Json], *, hold: bool) -> None:
        self._answer: Json | None = None
        self._error: Exception | None = None
        self.wrote = False
        self._go, self.stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(send,))
        if hold:
            _held[self._thread] = self
        self._thread.start()

    def _run(self, send: Callable[[], Json]) -> None:
        try:
            self._answer = send()
        except Exception as error:  # noqa: BLE001  (said where its answer is awaited)
            self._error = error
        finally:
            _held.pop(self._thread, None)
            self.stopped.set()

    def stop(self) -> None:
        """Called in its thread: wait until it is let go."""
        _held.pop(self._thread)
        self.stopped.set()
        assert self._go.wait(_PATIENCE_S)

    @property
    def over(self) -> bool:
        return not self._thread.is_alive()

    def let_go(self) -> Json:
        """Let it commit, and wait for its answer. Raises what its thread raised."""
        self._go.set()
        self._thread.join(_PATIENCE_S)
        if self._error is not None:
            raise self._error
        assert self._answer is not None, "it never came to an end"
        return self._answer


_held: dict[threading.Thread, _Held] = {}
"""Those that are to stop at their next commit."""


@event.listens_for(Engine, "before_cursor_execute")
def _note_what_is_written(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
    held = _held.get(threading.current_thread())
    if held is not None and statement.startswith("INSERT INTO changes"):
        held.wrote = True


@event.listens_for(Session, "before_commit")
def _stop_before_commit(session: Session) -> None:
    held = _held.get(threading.current_thread())
    if held is not None and held.wrote and not session.in_nested_transaction():
        held.stop()


def overlapped(worlds: Worlds, request: Callable[[Json], Json], first: Json, second: Json, reader: Json | None) -> Json:
    """Hold the first request before its commit, send the second, let the reader read once the second is over or waits
    for the first, and let the first commit then. SQLite has one writer: there they come one after the other."""
    if db_is_sqlite(worlds):
        answers = [request(first), request(second), request(reader) if reader else None]
    else:
        one = _Held(lambda: request(first), hold=True)
        assert one.stopped.wait(_PATIENCE_S)
        other = _Held(lambda: request(second), hold=False)
        while not other.over and not _waits(worlds):
            other.stopped.wait(0.002)
        between = request(reader) if reader else None
        answers = [one.let_go(), other.let_go(), between]
    return {"answers": answers}


def db_is_sqlite(worlds: Worlds) -> bool:
    """True if this world lies in an SQLite file."""
    with worlds.app.app_context():
        return db.engine.dialect.name == "sqlite"


def _waits(worlds: Worlds) -> bool:
    """True if somebody waits for a lock that another transaction holds."""
    with worlds.app.app_context(), db.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
