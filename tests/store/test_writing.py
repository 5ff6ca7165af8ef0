"""One transaction that writes: all of it or nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.store.db import reading, writing
from server.store.tables import Matter
from tests.store.records import new_matter


def count(app: Flask) -> int:
    with app.app_context():
        return reading().scalar(select(func.count()).select_from(Matter)) or 0


def test_what_was_written_is_there_for_others(app: Flask):
    with app.app_context(), writing() as session:
        session.add(new_matter(session))
    assert count(app) == 1


@pytest.mark.parametrize("end", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_rolls_everything_back(app: Flask, end: type[BaseException]):
    def write_and_stop() -> None:
        with writing() as session:
            session.add_all([new_matter(session), new_matter(session)])
            session.flush()
            raise end

    with app.app_context(), pytest.raises(end):
        write_and_stop()
    assert count(app) == 0


def test_a_savepoint_that_fails_leaves_its_neighbours(app: Flask):
    with app.app_context(), writing() as session:
        for number in range(3):
            try:
                with session.begin_nested():
                    session.add(new_matter(session, title=str(number)))
                    session.flush()
                    if number == 1:
                        raise ValueError
            except ValueError:
                pass
    with app.app_context():
        assert sorted(reading().scalars(select(Matter.title))) == ["0", "2"]


def test_what_is_not_committed_is_not_seen_by_others(app: Flask):
    written, looked = threading.Event(), threading.Event()

    def write() -> None:
        with app.app_context(), writing() as session:
            session.add(new_matter(session))
            session.flush()
            written.set()
            assert looked.wait(10)

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        assert written.wait(10)
        before = count(app)
        looked.set()
        writer.result(10)
    assert (before, count(app)) == (0, 1)


def test_writers_wait_for_each_other_and_lose_nothing(app: Flask):
    def write(number: int) -> None:
        with app.app_context(), writing() as session:
            session.scalar(select(func.count()).select_from(Matter))  # reads first: SQLite would refuse to wait then
            session.add(new_matter(session, title=str(number)))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(24)))
    assert count(app) == 24
