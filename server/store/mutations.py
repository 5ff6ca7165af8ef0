"""Receipts (CONTRACT rule 3)."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.store.tables import Mutation


def find_receipts(session: Session, mutation_ids: Iterable[UUID]) -> dict[UUID, Mutation]:
    """The mutations among these that were received before."""
    rows = session.scalars(select(Mutation).where(Mutation.id.in_(set(mutation_ids))))
    return {row.id: row for row in rows}
