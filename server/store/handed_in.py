"""What phones handed in that were taken away, until a coordinator has decided."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, func, or_, select
from sqlalchemy.orm import Session, joinedload

from server.domain.areas import level_of, prefix
from server.store.db import inserting
from server.store.tables import HandedIn


def add_handed_in(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep these; what the same user handed in before stays as it is."""
    if rows:
        new = inserting(session, HandedIn).values(list(rows))
        session.execute(new.on_conflict_do_nothing(index_elements=["user_id", "mutation_id"]))


def undecided_of(session: Session, user_id: UUID) -> Sequence[HandedIn]:
    """What a user's phones handed in and nobody has decided on, as it lay on them."""
    query = select(HandedIn).where(HandedIn.user_id == user_id, HandedIn.outcome.is_(None))
    return session.scalars(query.order_by(HandedIn.id)).all()


def room_taken(session: Session, user_id: UUID) -> tuple[int, int]:
    """How many entries of a user are undecided, and how many bytes they take."""
    size = func.sum(func.length(HandedIn.said, type_=Integer))
    query = select(func.count(), size).where(HandedIn.user_id == user_id, HandedIn.outcome.is_(None))
    count, taken = session.execute(query).one()
    return count, taken or 0


def undecided_in(session: Session, areas: Iterable[str], limit: int) -> tuple[int, Sequence[HandedIn]]:
    """How many undecided entries belong to these areas, and the first of them: person by person, as they lay on his
    phone."""
    here = HandedIn.outcome.is_(None) & or_(False, *map(_inside, areas))
    count = session.scalar(select(func.count()).select_from(HandedIn).where(here)) or 0
    query = select(HandedIn).where(here).options(joinedload(HandedIn.user), joinedload(HandedIn.phone))
    return count, session.scalars(query.order_by(HandedIn.user_id, HandedIn.id).limit(limit)).all()


def lock_handed_in(session: Session, entry_id: UUID) -> HandedIn | None:
    """One entry, that nobody else decides on until the transaction ends."""
    return session.get(HandedIn, entry_id, with_for_update=True, populate_existing=True)


def _inside(area_code: str) -> ColumnElement[bool]:
    return HandedIn.area_code.startswith(prefix(area_code, level_of(area_code)))
