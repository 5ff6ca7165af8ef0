"""What the sync stands on (server/sync/CONTRACT.md): scopes, changes, mutations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.store.db import Row
from server.store.tables.columns import one_of
from server.store.types import Encrypted, UtcDateTime


class Scope(Row):
    """A township or a unit. Its `version` is incremented under its row lock (rule 6)."""

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
