"""Matters kept ready for who pulls them next (tables/sync.py). Nobody waits for this table, and it waits for nobody:
a change leaves what is kept ready behind by its number, and the next reader makes it anew."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from server.store.db import inserting
from server.store.tables import Change, ReadyMatter

_TOLD = [column for column in ReadyMatter.__table__.c if column.name not in {"scope_id", "version", "names"}]
_VALUES = [column.name for column in ReadyMatter.__table__.c if not column.primary_key]


def ready_matters(session: Session, scope_id: str, after: int, upto: int, names: int) -> Sequence[Any]:
    """What is ready of the matters that changed in a scope after one cursor and up to another, oldest first: rows of
    ReadyMatter, without the columns that say where and when."""
    same = and_(ReadyMatter.matter_id == Change.record_id, ReadyMatter.version == Change.version)
    query = select(*_TOLD).join_from(Change, ReadyMatter, and_(ReadyMatter.scope_id == scope_id, same))
    query = query.where(_changed(scope_id, after, upto), ReadyMatter.names == names)
    return session.execute(query.order_by(Change.version)).all()


def versions_of(
    session: Session, scope_id: str, after: int, upto: int, matter_ids: Collection[UUID]
) -> dict[UUID, int]:
    """At which version of the scope each of these matters changed last, as far as it lies between two cursors."""
    query = select(Change.record_id, Change.version).where(_changed(scope_id, after, upto))
    wanted = set(matter_ids)
    return {record_id: version for record_id, version in session.execute(query) if record_id in wanted}


def keep_ready(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep these rows of ReadyMatter, in place of what is there. In sorted order, so that two who keep the same never
    wait for each other in a circle."""
    statement = inserting(session, ReadyMatter)
    new = {name: statement.excluded[name] for name in _VALUES}
    in_order = sorted(rows, key=lambda row: (row["scope_id"], row["matter_id"]))
    keeping = statement.on_conflict_do_update(index_elements=["scope_id", "matter_id"], set_=new)
    session.execute(keeping, in_order)


def _changed(scope_id: str, after: int, upto: int) -> ColumnElement[bool]:
    of_scope = and_(Change.scope_id == scope_id, Change.version > after, Change.version <= upto)
    return and_(of_scope, Change.kind == "matter", ~Change.removed)
