"""Version numbers for the sync (CONTRACT rule 6): lock the scopes, number the changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    and_,
    bindparam,
    cast,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from server.store.db import dialect_of, inserting_on
from server.store.tables import Change, Scope

NAMES = "names"
"""The scope that counts how often a person, a place or a unit was renamed."""


@dataclass(frozen=True)
class Stamp:
    """A record that changed in, or left, these scopes."""

    kind: str
    record_id: UUID
    scope_ids: Sequence[str]
    removed: bool = False


class ScopeLocks:
    """The scopes one transaction holds. Lock all of a kind at once: `area:` scopes first, then
    `unit:` ones, so that two transactions can never wait for each other."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._held: dict[str, int] = {}
        """The version of each before this transaction."""

    def lock(self, scope_ids: Iterable[str]) -> None:
        """Take the row locks, in sorted order, and keep them to the end of the transaction."""
        wanted = sorted(set(scope_ids) - self._held.keys())
        if not wanted:
            return
        if self._held and wanted[0] < max(self._held):
            raise AssertionError("scopes must be locked in sorted order")
        self._held |= dict(self._session.execute(_LOCK, {"ids": wanted}).all())

    def stamp(self, kind: str, record_id: UUID, scope_ids: Sequence[str], *, removed: bool = False) -> None:
        """Say that a record changed in, or left, these scopes (all of them locked before)."""
        self.stamp_all([Stamp(kind, record_id, scope_ids, removed)])

    def stamp_all(self, stamps: Sequence[Stamp]) -> None:
        """Say the same of many records, in two statements."""
        numbers = {scope_id: self._held[scope_id] + 1 for stamp in stamps for scope_id in stamp.scope_ids}
        changes = [
            {
                "scope_id": scope_id,
                "kind": stamp.kind,
                "record_id": stamp.record_id,
                "version": numbers[scope_id],
                "removed": stamp.removed,
            }
            for stamp in stamps
            for scope_id in stamp.scope_ids
        ]
        if not changes:
            return
        # Written each time, not only the first: a savepoint that is rolled back takes the
        # scope's version back with it, and what comes after would stay under every cursor.
        self._session.execute(_NUMBER, [{"scope": scope_id, "number": number} for scope_id, number in numbers.items()])
        self._session.execute(_newest(dialect_of(self._session)), changes)


_SCOPES: Any = Scope.__table__  # as a table: the session need not look at what it writes
_LOCK = (
    select(_SCOPES.c.id, _SCOPES.c.version)
    .where(_SCOPES.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_SCOPES.c.id)
    .with_for_update()
)
_NUMBER = update(_SCOPES).where(_SCOPES.c.id == bindparam("scope")).values(version=bindparam("number"))


@cache
def _newest(dialect: str) -> Executable:
    """A change of one record, in place of its last one in that scope; in many rows at once it is one statement."""
    statement = inserting_on(dialect, Change)
    new = {"version": statement.excluded.version, "removed": statement.excluded.removed}
    return statement.on_conflict_do_update(index_elements=["scope_id", "kind", "record_id"], set_=new)


def add_scopes(session: Session, scope_ids: Iterable[str]) -> None:
    """Make the version rows of new scopes; those that exist are left alone."""
    wanted = set(scope_ids)
    known = set(session.scalars(select(Scope.id).where(Scope.id.in_(wanted))))
    if missing := sorted(wanted - known):
        session.execute(insert(Scope), [{"id": scope_id, "version": 0} for scope_id in missing])


def names_changed(session: Session) -> None:
    """Somebody, a place or a unit is called otherwise from now on: what is kept ready says the old name."""
    session.execute(update(Scope).where(Scope.id == NAMES).values(version=Scope.version + 1))


_VERSIONS = select(Scope.id, Scope.version).where(Scope.id.in_(bindparam("ids", expanding=True)))


def scope_versions(session: Session, scope_ids: Iterable[str]) -> dict[str, int]:
    """The versions of these scopes, of those that exist, in one statement."""
    return dict(session.execute(_VERSIONS, {"ids": list(set(scope_ids))}).all())


@dataclass(frozen=True)
class ChangedRecords:
    """One page of a scope's changes: `version` is the new cursor, `count` says how many records it has with those that
    were `removed`. Which the others are, `changed_between` says to whoever reads them."""

    version: int
    more: bool
    count: int
    removed: list[tuple[str, UUID]]


_IN_PAGE = and_(
    Change.scope_id == bindparam("scope_id"), Change.version > bindparam("after"), Change.version <= bindparam("upto")
)


def changed_between(kind: str) -> ColumnElement[bool]:
    """Of Change: the records of one kind that a scope has, and that changed last after one cursor and up to another.
    The statement's parameters are `scope_id`, `after` and `upto`."""
    return and_(_IN_PAGE, Change.kind == kind, ~Change.removed)


def count_after(session: Session, cursors: Mapping[str, int]) -> int:
    """How many records changed in these scopes after their cursors; one that is in two of them counts twice."""
    if not cursors:
        return 0
    after = [and_(Change.scope_id == scope_id, Change.version > version) for scope_id, version in cursors.items()]
    return session.scalar(select(func.count()).select_from(Change).where(or_(*after))) or 0


def changed_since(session: Session, scope_id: str, version: int, limit: int) -> ChangedRecords:
    """What changed in a scope after the cursor `version`, oldest first, at most `limit` records.

    A transaction's records share one number, so a page is extended to the end of the last
    number in it; otherwise the next page would skip the rest.
    """
    newest = scope_versions(session, [scope_id]).get(scope_id, 0)
    page = {"scope_id": scope_id, "after": version, "upto": newest}
    full_at, count, gone = session.execute(_PAGE, {**page, "but_one": limit - 1}).one()
    cursor = max(full_at, version)
    removed = session.execute(_REMOVED, {**page, "upto": cursor}).all() if gone else []
    return ChangedRecords(cursor, cursor < newest, count, [(kind, record_id) for kind, record_id in removed])


_FULL_AT = func.coalesce(
    select(Change.version)
    .where(_IN_PAGE)
    .order_by(Change.version)
    .offset(bindparam("but_one"))
    .limit(1)
    .correlate(None)
    .scalar_subquery(),
    bindparam("upto"),
)
_PAGE = select(_FULL_AT, func.count(), func.sum(cast(Change.removed, Integer))).where(
    _IN_PAGE, Change.version <= _FULL_AT
)
"""Where a page ends, how many records it has, and how many of them left."""

_REMOVED = select(Change.kind, Change.record_id).where(_IN_PAGE, Change.removed).order_by(Change.version)
