"""The server's disk is full: nothing is half applied, the phone is told so, and all goes on once there is room. What
says so is the database itself: SQLite at its largest number of pages, PostgreSQL with the code that it has for it
(tests/kills/test_disk_full.py fills real disks)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from sqlalchemy import Connection, event, text

from server.store.db import db, writing
from tests import cast
from tests.api.contents import contents
from tests.api.mutations import DETAIL, new_matter, push_of, visit
from tests.api.people import SignIn
from tests.api.test_error_shape import as_error
from tests.harness.databases import let_go

Full = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def full(app: Flask, engine_name: str) -> Full:
    """While this lasts, the database has no room for more."""
    return {"sqlite": lambda: _no_more_pages(app), "postgresql": lambda: _no_room_for_receipts(app)}[engine_name]


@contextmanager
def _no_more_pages(app: Flask) -> Iterator[None]:
    def limit(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # as many as it has

    with app.app_context():
        engine = db.engine
    event.listen(engine, "begin", limit, insert=True)
    yield
    event.remove(engine, "begin", limit)
    let_go(app)


@contextmanager
def _no_room_for_receipts(app: Flask) -> Iterator[None]:
    with app.app_context(), writing() as session:
        session.execute(
            text(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
            )
        )
        session.execute(text("CREATE TRIGGER no_room BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION no_room()"))
    yield
    with app.app_context(), writing() as session:
        session.execute(text("DROP FUNCTION no_room CASCADE"))


def test_a_push_that_finds_no_room_takes_nothing_and_is_taken_later(
    app: Flask, sign_in: SignIn, full: Full, caplog: pytest.LogCaptureFixture
):
    cadre = sign_in(cast.CADRE)
    known = visit(new_matter())
    cadre.apply(known)
    large = [visit(*(new_matter(detail=DETAIL * 20) for _ in range(20))) for _ in range(10)]
    before = contents(app)
    with full():
        answer = cadre.post("/api/sync/push", push_of(cadre.device_id, visit(), *large))
        as_error(answer, 507, "storage_full")
        assert "告诉管理员" in answer.get_json()["message"]
        assert contents(app) == before
        assert list(cadre.matters()) == [known["args"]["matters"][0]["id"]], "reading needs no room"
        assert "its disk is full" in caplog.text
    cadre.apply(*large)
    assert len(cadre.matters()) == 1 + 20 * 10
