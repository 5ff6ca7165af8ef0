"""Matters kept ready for who pulls them next (tables/sync.py). Nobody waits for this table, and it waits for nobody:
a change leaves what is kept ready behind by its number, and the next reader makes it anew."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import reduce
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, select
from sqlalchemy.orm import Session

from server.store.changes import changed_between
from server.store.db import inserting
from server.store.tables import Change, ReadyMatter

_VALUES = [column.name for column in ReadyMatter.__table__.c if not column.primary_key]


@dataclass(frozen=True)
class Audience:
    """What of a matter decides who sees how much of it (domain/access.py)."""

    village_code: str
    unit_area_code: str
    unit_id: UUID
    author_id: UUID

    @classmethod
    def read(cls, text: str) -> "Audience":
        """From the text that `ready_matters` answers: few are read for many matters."""
        said = dict(zip(_NAMES, text.split(), strict=True))
        unit_id, author_id = UUID(said["unit_id"]), UUID(said["author_id"])
        return cls(said["village_code"], said["unit_area_code"], unit_id, author_id)


_NAMES = [field.name for field in fields(Audience)]
_AS_TEXT: list[ColumnElement[str]] = [cast(getattr(ReadyMatter, name), String) for name in _NAMES]
_AUDIENCE = reduce(lambda text, column: text.concat(" ").concat(column), _AS_TEXT)


def ready_matters(session: Session, scope_id: str, after: int, upto: int, names: int) -> Sequence[Any]:
    """Each matter that changed in a scope after one cursor and up to another, in no order: its `id` and `audience`,
    both as text, and `common`, `rest` and `personal`; the id alone where it is not ready."""
    page = {"scope_id": scope_id, "after": after, "upto": upto, "names": names}
    return session.execute(_READY, page).all()


_READY = (
    select(
        cast(Change.record_id, String).label("id"),
        _AUDIENCE.label("audience"),
        *(ReadyMatter.common, ReadyMatter.rest, ReadyMatter.personal),
    )
    .select_from(Change)
    .outerjoin(
        ReadyMatter,
        and_(
            *(ReadyMatter.scope_id == Change.scope_id, ReadyMatter.version == Change.version),
            *(ReadyMatter.matter_id == Change.record_id, ReadyMatter.names == bindparam("names")),
        ),
    )
    .where(changed_between("matter"))
)


def versions_of(
    session: Session, scope_id: str, after: int, upto: int, matter_ids: Collection[UUID]
) -> dict[UUID, int]:
    """At which version of the scope each of these matters changed last, as far as it lies between two cursors."""
    query = select(Change.record_id, Change.version).where(changed_between("matter"))
    rows = session.execute(query, {"scope_id": scope_id, "after": after, "upto": upto})
    wanted = set(matter_ids)
    return {record_id: version for record_id, version in rows if record_id in wanted}


def keep_ready(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep these rows of ReadyMatter, in place of what is there. In sorted order, so that two who keep the same never
    wait for each other in a circle."""
    statement = inserting(session, ReadyMatter)
    new = {name: statement.excluded[name] for name in _VALUES}
    in_order = sorted(rows, key=lambda row: (row["scope_id"], row["matter_id"]))
    keeping = statement.on_conflict_do_update(index_elements=["scope_id", "matter_id"], set_=new)
    session.execute(keeping, in_order)
