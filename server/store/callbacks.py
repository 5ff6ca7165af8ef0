"""Callbacks: what can be drawn, by whom it can be phoned, and the draws and calls that were made."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from server.domain.areas import CODE_LENGTH, ancestor, level_of, prefix
from server.domain.callbacks import ANSWERED, Settlement
from server.domain.lifecycle import CLOSED_WITH_RESULT
from server.domain.ratings import SETTLING
from server.domain.times import in_shanghai_days
from server.domain.words import LEVELS
from server.store.areas import code_range
from server.store.tables import Area, Callback, CallbackDraw, Event, Grant, Matter, Rating, User

_UNJUDGED = ("resolved", "explained")
"""States in which a settlement stands, and may wait for the resident's word."""

_CHUNK = 5000
"""Ids in one statement: both databases take as many parameters."""

_DIGITS = len(prefix("0" * CODE_LENGTH, "township"))
_TOWNSHIP = func.substr(Matter.village_code, 1, _DIGITS)


def lock_townships(session: Session, codes: Iterable[str]) -> None:
    """Let nobody else draw in these townships until the transaction ends."""
    rows = select(Area.code).where(Area.code.in_(sorted(codes))).order_by(Area.code)
    session.execute(rows.with_for_update(key_share=True)).all()


def drawn_already(session: Session, townships: Collection[str], first: date, last: date) -> set[str]:
    """Those of the townships in which one of these days was drawn before."""
    overlapping = and_(CallbackDraw.first_day <= last, CallbackDraw.last_day >= first)
    return set(
        session.scalars(select(CallbackDraw.area_code).where(CallbackDraw.area_code.in_(townships), overlapping))
    )


def settled_counts(session: Session, area_code: str, first: date, last: date) -> dict[str, int]:
    """How many matters of each township were settled, as the server heard of it in the days; by anybody's word, with
    a phone number or not."""
    states = sorted(CLOSED_WITH_RESULT - {"unachieved"})
    settled = and_(_is_settlement(), _heard_of(area_code, first, last), Matter.state.in_(states))
    query = select(_TOWNSHIP, func.count()).join(Event, Event.matter_id == Matter.id).where(settled)
    return {digits.ljust(CODE_LENGTH, "0"): count for digits, count in session.execute(query.group_by(_TOWNSHIP))}


def settlements(session: Session, area_code: str, first: date, last: date) -> list[Settlement]:
    """What can be called back of an area's days: settlements that the server heard of then and that stand, with a
    resident's phone number, not rated."""
    return _settlements(session, and_(_heard_of(area_code, first, last), Matter.resident_phone.is_not(None)))


def still_to_ask(session: Session, callbacks: Collection[Callback]) -> dict[UUID, Settlement]:
    """The settlements that these calls are about, by their events, without those that were rated, or whose
    matter was opened again, or counts nowhere any more."""
    found = _settlements(session, Event.id.in_([callback.event_id for callback in callbacks]))
    return {settlement.event_id: settlement for settlement in found}


def leaders_above(session: Session, area_code: str) -> Sequence[User]:
    """The users with an open account who lead this area or one that contains it, in a fixed order."""
    above = {ancestor(area_code, level) for level in LEVELS}
    leading = select(Grant.user_id).where(Grant.role == "leader", Grant.area_code.in_(above))
    query = select(User).where(User.id.in_(leading), User.disabled_at.is_(None)).options(selectinload(User.grants))
    return session.scalars(query.order_by(User.id)).all()


def open_loads(session: Session, user_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many calls each of these users still has to make."""
    query = _open().where(Callback.caller_id.in_(user_ids)).with_only_columns(Callback.caller_id, func.count())
    return dict(session.execute(query.group_by(Callback.caller_id)).all())


def open_callbacks(session: Session, user_id: UUID) -> Sequence[Callback]:
    """The calls that a user still has to make, the oldest settlement first, with what he is to be told."""
    query = _open().where(Callback.caller_id == user_id).order_by(Event.happened_at, Callback.id)
    return session.scalars(query.options(*_WITH_MATTER)).unique().all()


def lock_callback(session: Session, callback_id: UUID) -> Callback | None:
    """A call that nobody else says the outcome of until the transaction ends."""
    query = select(Callback).where(Callback.id == callback_id).with_for_update(of=Callback)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


@dataclass(frozen=True)
class DrawCounts:
    """What came of the calls of one draw."""

    answered: int
    unanswered: int
    confirmed: int


def draws(
    session: Session, area_code: str, before: tuple[date, UUID] | None, limit: int
) -> Sequence[tuple[CallbackDraw, Area]]:
    """The draws of the townships of an area, the latest days first, with the township of each."""
    low, high = code_range(area_code, level_of(area_code))
    query = select(CallbackDraw, Area).join(Area, Area.code == CallbackDraw.area_code)
    query = query.where(CallbackDraw.area_code.between(low, high))
    if before is not None:
        day, draw_id = before
        same = and_(CallbackDraw.last_day == day, CallbackDraw.id < draw_id)
        query = query.where(or_(CallbackDraw.last_day < day, same))
    query = query.order_by(CallbackDraw.last_day.desc(), CallbackDraw.id.desc()).limit(limit)
    return [(draw, area) for draw, area in session.execute(query)]


def counts_of(session: Session, draw_ids: Collection[UUID]) -> dict[UUID, DrawCounts]:
    """The counts of some draws; one of which nothing was drawn has none."""
    query = select(
        Callback.draw_id,
        _count_if(Callback.outcome.in_(ANSWERED)),
        _count_if(and_(Callback.outcome.is_not(None), Callback.outcome.not_in(ANSWERED))),
        _count_if(Callback.outcome.in_(("satisfied", "partly"))),
    ).where(Callback.draw_id.in_(draw_ids))
    return {row[0]: DrawCounts(*row[1:]) for row in session.execute(query.group_by(Callback.draw_id))}


def callbacks_of(session: Session, draw_id: UUID) -> Sequence[Callback]:
    """The calls of one draw."""
    query = select(Callback).where(Callback.draw_id == draw_id).options(*_WITH_MATTER, joinedload(Callback.caller))
    return session.scalars(query.order_by(Callback.id)).unique().all()


_WITH_MATTER = (
    joinedload(Callback.draw),
    joinedload(Callback.event),
    joinedload(Callback.matter).joinedload(Matter.village),
)


def _count_if(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _heard_of(area_code: str, first: date, last: date) -> ColumnElement[bool]:
    """In an area, and heard of by the server on these days. When it happened is what somebody claims: who could choose
    the day could choose one that was drawn already."""
    low, high = code_range(area_code, level_of(area_code))
    begin, end = in_shanghai_days(first, last)
    return and_(Matter.village_code.between(low, high), Event.received_at >= begin, Event.received_at < end)


def _is_settlement() -> ColumnElement[bool]:
    """The event settled its matter, and none did so after it."""
    later = aliased(Event)
    settled_again = select(later.id).where(
        later.matter_id == Event.matter_id,
        later.position > Event.position,
        later.act.in_(SETTLING),
        later.refused_because.is_(None),
    )
    return and_(Event.act.in_(SETTLING), Event.refused_because.is_(None), ~settled_again.exists())


def _stands() -> ColumnElement[bool]:
    """The event settled its matter, and nothing has come of it since: neither another turn nor a rating that counts.
    One that is held, or set aside, may be anybody's: what it did to the matter keeps nobody from asking."""
    rated = select(Rating.id).where(Rating.event_id == Event.id)
    counts = and_(~Rating.held, Rating.set_aside_reason.is_(None))
    doubted = and_(Matter.state == "confirmed", rated.where(~counts).exists())
    unjudged = or_(Matter.state.in_(_UNJUDGED), doubted)
    return and_(_is_settlement(), unjudged, ~rated.where(counts).exists())


def _open() -> Select[Callback]:
    """Calls that are still to be made: nobody has said anything yet, and there is something to ask about."""
    query = select(Callback).join(Callback.event).join(Callback.matter)
    return query.where(Callback.outcome.is_(None), _stands())


def _settlements(session: Session, which: ColumnElement[bool]) -> list[Settlement]:
    query = select(Event.id, Matter.id, Matter.village_code, Matter.author_id, Matter.unit_id)
    query = query.join(Matter, Matter.id == Event.matter_id).where(which, _stands())
    rows = session.execute(query.order_by(Event.id)).all()
    people, units = _parts(session, [row[1] for row in rows])
    return [
        Settlement(
            event_id,
            matter_id,
            ancestor(village_code, "township"),
            frozenset({author_id, *people.get(matter_id, ())}),
            frozenset({unit_id, *units.get(matter_id, ())}),
        )
        for event_id, matter_id, village_code, author_id, unit_id in rows
    ]


def _parts(session: Session, matter_ids: Sequence[UUID]) -> tuple[dict[UUID, set[UUID]], dict[UUID, set[UUID]]]:
    """Who has an entry in each matter, and which units it was with."""
    people: dict[UUID, set[UUID]] = {}
    units: dict[UUID, set[UUID]] = {}
    for start in range(0, len(matter_ids), _CHUNK):
        rows: Select[UUID, UUID | None, UUID | None] = select(Event.matter_id, Event.actor_id, Event.unit_id)
        for matter_id, actor_id, unit_id in session.execute(
            rows.where(Event.matter_id.in_(matter_ids[start : start + _CHUNK]))
        ):
            if actor_id:
                people.setdefault(matter_id, set()).add(actor_id)
            if unit_id:
                units.setdefault(matter_id, set()).add(unit_id)
    return people, units
