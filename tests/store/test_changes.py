"""Version numbers and pages of changes (server/sync/CONTRACT.md, rules 6 and 7)."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.store.changes import ChangedRecords, ScopeLocks, add_scopes, changed_between, changed_since
from server.store.db import reading, writing
from server.store.tables import Change, Scope
from tests import cast

HERE, THERE = f"area:{cast.TOWNSHIP}", f"area:{cast.NEIGHBOUR_TOWNSHIP}"
Records = list[tuple[str, UUID]]


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context():
        yield reading()


def change(records: Iterable[tuple[str, UUID]], *scopes: str, removed: bool = False) -> None:
    """One transaction that changes `records` in these scopes."""
    with writing() as session:
        locks = ScopeLocks(session)
        locks.lock(scopes)
        for kind, record_id in records:
            locks.stamp(kind, record_id, scopes, removed=removed)


def matters(count: int) -> Records:
    return [("matter", uuid7()) for _ in range(count)]


def ids(records: Records) -> set[UUID]:
    return {record_id for _, record_id in records}


def found(session: Session, after: int, upto: int, kind: str = "matter") -> list[UUID]:
    """The records of this kind that changed HERE after one cursor and up to another."""
    query = select(Change.record_id).where(changed_between(kind)).order_by(Change.version)
    return list(session.scalars(query, {"scope_id": HERE, "after": after, "upto": upto}))


def read_all(session: Session, scope: str, limit: int) -> list[ChangedRecords]:
    """Every page from the beginning."""
    pages = [changed_since(session, scope, 0, limit)]
    while pages[-1].more:
        pages.append(changed_since(session, scope, pages[-1].version, limit))
        assert len(pages) < 100
    return pages


def test_a_scope_in_which_nothing_happened_is_at_version_nought(session: Session):
    assert changed_since(session, HERE, 0, 10) == ChangedRecords(0, False, 0, [])


def test_a_scope_nobody_has_heard_of_holds_nothing_and_keeps_the_cursor(session: Session):
    assert changed_since(session, "area:999999999000", 7, 10) == ChangedRecords(7, False, 0, [])


def test_a_transaction_takes_one_number_however_much_it_changes(session: Session):
    change(matters(5), HERE)
    assert changed_since(session, HERE, 0, 10).version == 1
    change(matters(3), HERE)
    assert changed_since(session, HERE, 0, 10).version == 2


def test_each_scope_counts_for_itself(session: Session):
    change(matters(1), HERE)
    change(matters(1), HERE, THERE)
    assert changed_since(session, HERE, 0, 10).version == 2
    assert changed_since(session, THERE, 0, 10).version == 1


def test_a_transaction_that_changes_nothing_takes_no_number(session: Session):
    change([], HERE)
    assert changed_since(session, HERE, 0, 10).version == 0


def test_a_transaction_that_fails_takes_no_number(session: Session):
    def fail() -> None:
        with writing() as transaction:
            locks = ScopeLocks(transaction)
            locks.lock([HERE])
            locks.stamp("matter", uuid7(), [HERE])
            raise KeyError("scope")

    with pytest.raises(KeyError, match="scope"):
        fail()
    assert changed_since(session, HERE, 0, 10) == ChangedRecords(0, False, 0, [])


def test_what_comes_after_a_savepoint_that_failed_is_above_every_cursor(session: Session):
    kept, given_up, other = ("matter", uuid7()), ("matter", uuid7()), ("matter", uuid7())
    change([other], HERE)
    with writing() as transaction:
        locks = ScopeLocks(transaction)
        locks.lock([HERE])
        with pytest.raises(ValueError, match="refused"), transaction.begin_nested():
            locks.stamp(*given_up, [HERE])
            raise ValueError("refused")
        locks.stamp(*kept, [HERE])
    assert changed_since(session, HERE, 1, 10) == ChangedRecords(2, False, 1, [])
    assert found(session, 1, 2) == [kept[1]]


def test_a_transaction_in_which_every_savepoint_failed_takes_no_number(session: Session):
    with writing() as transaction:
        locks = ScopeLocks(transaction)
        locks.lock([HERE])
        with pytest.raises(ValueError, match="refused"), transaction.begin_nested():
            locks.stamp("matter", uuid7(), [HERE])
            raise ValueError("refused")
    assert changed_since(session, HERE, 0, 10) == ChangedRecords(0, False, 0, [])


def test_a_reader_gets_only_what_changed_after_his_cursor(session: Session):
    change(matters(1), HERE)
    later = matters(2)
    change(later, HERE)
    changed = changed_since(session, HERE, 1, 10)
    assert set(found(session, 1, changed.version)) == ids(later)
    assert changed.count == 2
    assert (changed.version, changed.more) == (2, False)


def test_visits_matters_and_removals_are_told_apart(session: Session):
    visit, matter, gone = ("visit", uuid7()), ("matter", uuid7()), ("matter", uuid7())
    change([visit, matter], HERE)
    change([gone], HERE, removed=True)
    changed = changed_since(session, HERE, 0, 10)
    assert (changed.count, changed.removed) == (3, [gone])
    assert [found(session, 0, 2, kind) for kind in ("visit", "matter")] == [[visit[1]], [matter[1]]]


def test_a_record_that_changed_often_comes_once_with_its_last_change(session: Session):
    record, other = matters(2)
    change([record], HERE)
    change([other], HERE)
    change([record], HERE)
    changed = changed_since(session, HERE, 0, 10)
    assert (changed.version, changed.count) == (3, 2)
    assert found(session, 0, 3) == [other[1], record[1]]


def test_a_record_that_left_and_came_back_is_there(session: Session):
    record = matters(1)
    change(record, HERE)
    change(record, HERE, removed=True)
    assert changed_since(session, HERE, 0, 10).removed == record
    change(record, HERE)
    changed = changed_since(session, HERE, 0, 10)
    assert (changed.count, changed.removed) == (1, [])
    assert found(session, 0, changed.version) == [record[0][1]]


def test_a_page_goes_on_to_the_end_of_the_number_at_which_it_is_full(session: Session):
    first, second = matters(5), matters(4)
    change(first, HERE)
    change(second, HERE)
    page = changed_since(session, HERE, 0, 3)
    assert (page.version, page.more, page.count) == (1, True, 5)
    assert set(found(session, 0, 1)) == ids(first)


def test_a_page_that_is_just_full_with_the_last_change_has_nothing_after_it(session: Session):
    change(matters(3), HERE)
    page = changed_since(session, HERE, 0, 3)
    assert (page.count, page.version, page.more) == (3, 1, False)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_pages_of_any_size_bring_everything_once(session: Session, limit: int):
    written: Records = []
    for size in (1, 4, 2, 3, 1, 1, 5):
        some = matters(size)
        change(some, HERE)
        written += some
    change(written[:2], HERE)
    pages = read_all(session, HERE, limit)
    cursors = [0, *(page.version for page in pages)]
    read = [found(session, after, upto) for after, upto in pairwise(cursors)]
    assert sorted(record_id for page in read for record_id in page) == sorted(ids(written))
    assert [page.count for page in pages] == [len(page) for page in read]
    assert cursors[-1] == 8
    assert cursors == sorted(set(cursors))


def test_scopes_must_be_locked_in_sorted_order(session: Session):
    with writing() as transaction:
        locks = ScopeLocks(transaction)
        locks.lock([THERE])
        with pytest.raises(AssertionError, match="sorted order"):
            locks.lock([HERE])


def test_townships_are_locked_before_units(app: Flask, session: Session):
    unit = f"unit:{cast.unit_id(app, cast.BUREAU)}"
    with writing() as transaction:
        locks = ScopeLocks(transaction)
        locks.lock([unit])
        with pytest.raises(AssertionError, match="sorted order"):
            locks.lock([HERE])
    with writing() as transaction:
        locks = ScopeLocks(transaction)
        locks.lock([THERE, HERE])
        locks.lock([unit])


def test_a_scope_that_is_not_held_cannot_be_stamped(session: Session):
    with pytest.raises(KeyError), writing() as transaction:
        ScopeLocks(transaction).stamp("matter", uuid7(), [HERE])


def test_making_a_scope_again_does_not_set_it_back(session: Session):
    change(matters(1), HERE)
    with writing() as transaction:
        add_scopes(transaction, [HERE, "unit:new"])
    versions = {scope_id: session.get_one(Scope, scope_id).version for scope_id in (HERE, "unit:new")}
    assert versions == {HERE: 1, "unit:new": 0}
