"""Receipts (CONTRACT rule 3)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session

from server.store.tables import Mutation


def find_receipts(session: Session, mutation_ids: Iterable[UUID]) -> dict[UUID, Mutation]:
    """The mutations among these that were received before."""
    return {row.id: row for row in session.scalars(_THESE, {"ids": list(set(mutation_ids))})}


_THESE = select(Mutation).where(Mutation.id.in_(bindparam("ids", expanding=True)))


def bytes_kept(session: Session, user_id: UUID, since: datetime) -> int:
    """How many bytes of refused contents are kept of what a user has sent since."""
    size = func.sum(func.length(Mutation.raw, type_=Integer))
    return session.scalar(select(size).where(Mutation.user_id == user_id, Mutation.received_at > since)) or 0
