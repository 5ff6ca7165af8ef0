"""What the sync stands on (server/sync/CONTRACT.md): scopes, changes, mutations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.store.db import Row
from server.store.tables.columns import one_of
from server.store.types import Encrypted, UtcDateTime


class Scope(Row):
    """A township or a unit. Its `version` is incremented under its row lock (rule 6). One more, NAMES, nobody's phone
    holds: it counts the renamings."""

    __tablename__ = "scopes"

    id: Mapped[str] = mapped_column(String(48), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger(), default=0)


class Change(Row):
    """The last change of one record as one scope sees it. `removed`: it left the scope."""

    __tablename__ = "changes"
    __table_args__ = (one_of("kind", {"visit", "matter"}), Index("ix_changes_scope_id_version", "scope_id", "version"))

    scope_id: Mapped[str] = mapped_column(ForeignKey("scopes.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger())
    removed: Mapped[bool] = mapped_column(default=False)


class ReadyMatter(Row):
    """A matter as one scope's readers are told it, kept ready since somebody first pulled it. It says what the matter
    was at `version` of the scope and under the names of `names`; at any other it is of no use, and nothing depends
    on its being there. `common` and `rest` are parts of a JSON object; `personal` is what stands for `rest` to who
    sees the resident (P6), sealed; None: the same."""

    __tablename__ = "ready_matters"

    scope_id: Mapped[str] = mapped_column(String(48), primary_key=True)
    matter_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger())
    names: Mapped[int] = mapped_column(BigInteger())
    village_code: Mapped[str] = mapped_column(String(12))
    unit_id: Mapped[UUID]
    unit_area_code: Mapped[str] = mapped_column(String(12))
    author_id: Mapped[UUID]
    common: Mapped[bytes] = mapped_column(LargeBinary())
    rest: Mapped[bytes] = mapped_column(LargeBinary())
    personal: Mapped[bytes | None] = mapped_column(LargeBinary())


class Mutation(Row):
    """A mutation and its receipt (rule 3). `contents_hash` recognises a repeat; `raw` keeps what a
    rejected one said (rule 4)."""

    __tablename__ = "mutations"
    __table_args__ = (
        one_of("status", {"applied", "rejected"}),
        ForeignKeyConstraint(["device_id", "user_id"], ["devices.id", "devices.user_id"]),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    device_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime())
    received_at: Mapped[datetime] = mapped_column(UtcDateTime())
    contents_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(8))
    error_code: Mapped[str | None] = mapped_column(String(32))
    error_field: Mapped[str | None] = mapped_column(String(100))
    raw: Mapped[Any | None] = mapped_column(Encrypted())
