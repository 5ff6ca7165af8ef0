"""Matters and visits: look-up with what their readers need."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from server.store.changes import changed_between
from server.store.tables import Change, Event, Matter, Visit


def get_matter(session: Session, matter_id: UUID) -> Matter | None:
    """The matter with this id."""
    return session.get(Matter, matter_id)


def is_merged_into(session: Session, matter_id: UUID) -> bool:
    """True if another matter is counted as this one."""
    return session.scalar(select(Matter.id).where(Matter.merged_into_id == matter_id).limit(1)) is not None


def took_part(session: Session, matter_id: UUID, user_id: UUID, unit_ids: Iterable[UUID]) -> bool:
    """True if the user has an entry in the matter's history, or if it was given to one of these units."""
    given = and_(Event.unit_id.in_(set(unit_ids)), Event.refused_because.is_(None))
    query = select(Event.id).where(Event.matter_id == matter_id, or_(Event.actor_id == user_id, given))
    return session.scalar(query.limit(1)) is not None


def matter_places(session: Session, matter_ids: Iterable[UUID]) -> dict[UUID, tuple[str, UUID]]:
    """The village code and the responsible unit of each matter that exists."""
    wanted = set(matter_ids)
    if not wanted:
        return {}
    rows = session.execute(_PLACES, {"ids": list(wanted)})
    return {matter_id: (village_code, unit_id) for matter_id, village_code, unit_id in rows}


_THESE = Matter.id.in_(bindparam("ids", expanding=True))
_PLACES = select(Matter.id, Matter.village_code, Matter.unit_id).where(_THESE)


def matter_titles(session: Session, matter_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The title of each matter that exists."""
    return dict(session.execute(select(Matter.id, Matter.title).where(Matter.id.in_(set(matter_ids)))).all())


def matters_after(session: Session, after: UUID | None, limit: int) -> Sequence[Matter]:
    """Matters by id, those after the last one read, with what their legs are folded from."""
    facts = load_only(Matter.village_code, Matter.category, Matter.raised_day, Matter.beyond_power_day)
    kind = joinedload(Matter.visit).load_only(Visit.kind)
    query = select(Matter).order_by(Matter.id).limit(limit).options(facts, kind)
    return session.scalars(query.where(Matter.id > after) if after else query).all()


def taken_ids(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those among these ids that a matter or an event has already."""
    if not ids:
        return set()
    return set(session.scalars(_TAKEN, {"ids": list(ids)}))


_THESE_EVENTS = Event.id.in_(bindparam("ids", expanding=True))
_TAKEN = select(Matter.id).where(_THESE).union_all(select(Event.id).where(_THESE_EVENTS))


def taken_visit_ids(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those among these ids that a visit has already."""
    return set(session.scalars(_TAKEN_BY_VISITS, {"ids": list(ids)}))


_TAKEN_BY_VISITS = select(Visit.id).where(Visit.id.in_(bindparam("ids", expanding=True)))


def read_matters(session: Session, matter_ids: Sequence[UUID]) -> Sequence[Matter]:
    """Matters with their whole history and the names in it, in few statements."""
    return session.scalars(_WHOLE, {"ids": list(matter_ids)}).unique().all()


_WHOLE = (
    select(Matter)
    .where(_THESE)
    .options(
        joinedload(Matter.village),
        joinedload(Matter.unit),
        joinedload(Matter.author),
        joinedload(Matter.visit),
        selectinload(Matter.events).options(joinedload(Event.actor), joinedload(Event.unit)),
        selectinload(Matter.ratings),
    )
)


def changed_visits(session: Session, scope_id: str, after: int, upto: int, author_id: UUID) -> Sequence[Visit]:
    """One author's visits that changed in a scope after one cursor and up to another."""
    page = {"scope_id": scope_id, "after": after, "upto": upto, "author_id": author_id}
    return session.scalars(_CHANGED_VISITS, page).all()


_CHANGED_VISITS = (
    select(Visit)
    .join(Change, Change.record_id == Visit.id)
    .where(Visit.author_id == bindparam("author_id"), changed_between("visit"))
    .options(joinedload(Visit.village))
)


def next_position(session: Session, matter_id: UUID) -> int:
    """The place of the next event in a matter's history."""
    last = session.scalar(select(func.max(Event.position)).where(Event.matter_id == matter_id))
    return 1 if last is None else last + 1
