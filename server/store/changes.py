"""Version numbers for the sync (CONTRACT rule 6): lock the scopes, number the changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.orm import Session

from server.store.db import inserting
from server.store.tables import Change, Scope

NAMES = "names"
"""The scope that counts how often a person, a place or a unit was renamed."""


class ScopeLocks:
    """The scopes one transaction holds. Lock all of a kind at once: `area:` scopes first, then
    `unit:` ones, so that two transactions can never wait for each other."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._held: dict[str, Scope] = {}
        self._numbers: dict[str, int] = {}

    def lock(self, scope_ids: Iterable[str]) -> None:
        """Take the row locks, in sorted order, and keep them to the end of the transaction."""
        wanted = sorted(set(scope_ids) - self._held.keys())
        if not wanted:
            return
        if self._held and wanted[0] < max(self._held):
            raise AssertionError("scopes must be locked in sorted order")
        rows = self._session.scalars(
            select(Scope)
            .where(Scope.id.in_(wanted))
            .order_by(Scope.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        self._held.update((scope.id, scope) for scope in rows)

    def stamp(self, kind: str, record_id: UUID, scope_ids: Iterable[str], *, removed: bool = False) -> None:
        """Say that a record changed in, or left, these scopes (all of them locked before)."""
        self.stamp_all(kind, [record_id], scope_ids, removed=removed)

    def stamp_all(
        self, kind: str, record_ids: Sequence[UUID], scope_ids: Iterable[str], *, removed: bool = False
    ) -> None:
        """Stamp different records that changed in the same scopes, in one statement."""
        changes = []
        for scope_id in scope_ids:
            scope = self._held[scope_id]
            # Written each time, not only the first: a savepoint that is rolled back takes the
            # scope's version back with it, and what comes after would stay under every cursor.
            scope.version = self._numbers.setdefault(scope_id, scope.version + 1)
            stamp = {"scope_id": scope_id, "kind": kind, "version": scope.version, "removed": removed}
            changes += [{**stamp, "record_id": record_id} for record_id in record_ids]
        if changes:
            self._session.execute(_newest(self._session), changes)


def _newest(session: Session) -> Executable:
    """A change of one record, in place of its last one in that scope; in many rows at once it is one statement."""
    statement = inserting(session, Change)
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


def changed_between(scope_id: str, after: int, upto: int, kind: str) -> ColumnElement[bool]:
    """Of Change: the records of one kind that a scope has, and that changed last after one cursor and up to another."""
    in_page = and_(Change.scope_id == scope_id, Change.version > after, Change.version <= upto)
    return and_(in_page, Change.kind == kind, ~Change.removed)


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
    after = and_(Change.scope_id == scope_id, Change.version > version, Change.version <= newest)
    full_at = select(Change.version).where(after).order_by(Change.version).offset(limit - 1).limit(1)
    cursor = max(session.scalar(full_at) or newest, version)
    page = and_(after, Change.version <= cursor)
    removed = select(Change.kind, Change.record_id).where(page, Change.removed).order_by(Change.version)
    return ChangedRecords(
        version=cursor,
        more=cursor < newest,
        count=session.scalar(select(func.count()).select_from(Change).where(page)) or 0,
        removed=[(kind, record_id) for kind, record_id in session.execute(removed)],
    )
