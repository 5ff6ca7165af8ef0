"""Legs of matters: what they are folded from, and their rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import Date, String, delete, null, select, union_all
from sqlalchemy.orm import Session

from server.domain import legs
from server.domain.times import Moment
from server.store.db import inserting
from server.store.tables import Callback, Event, Leg, Rating, RatingLink

_COLUMNS = [field.name for field in fields(legs.Leg)]

_EVENT_COLUMNS = (
    Event.matter_id, Event.id, Event.position, Event.act, Event.to_state, Event.unit_id, Event.due_day, Event.rating,
    Event.happened_at, Event.happened_local, Event.recorded_at, Event.received_at, Event.clock_offset_s,
)  # fmt: skip

Happened = Any
"""An entry of a history, or what valid_events reads of it."""


def valid_events(session: Session, matter_ids: Iterable[UUID]) -> Sequence[Any]:
    """What changed something, in each matter's order; nothing of it is encrypted."""
    query = select(*_EVENT_COLUMNS).where(Event.matter_id.in_(list(matter_ids)), Event.refused_because.is_(None))
    return session.execute(query.order_by(Event.matter_id, Event.position)).all()


def entry_of(event: Happened, raised: Happened) -> legs.Entry:
    """An entry as the fold reads it; `raised` is the matter's first one. What was resolved on the spot was recorded
    in one with it (actions/visits.py)."""
    moment = _moment(event)
    return legs.Entry(
        id=event.id,
        act=event.act,
        day=moment.day,
        state=event.to_state,
        unit_id=event.unit_id,
        due_day=event.due_day,
        by_resident=event.rating is not None,
        on_the_spot=event.act == "resolve" and event.position == 2 and moment == _moment(raised),
    )


def _moment(event: Happened) -> Moment:
    return Moment(event.happened_at, event.happened_local, event.recorded_at, event.received_at, event.clock_offset_s)


def answers(session: Session, matter_ids: Iterable[UUID]) -> dict[UUID, legs.Answer]:
    """What residents were asked and said, by the settlement's entry; what is held or set aside does not count."""
    of = list(matter_ids)
    nobody = (null().cast(Date), null().cast(String))
    counted = (~Rating.held, Rating.set_aside_reason.is_(None))
    rows = session.execute(
        union_all(
            select(RatingLink.event_id, *nobody).where(RatingLink.matter_id.in_(of)),
            select(Callback.event_id, *nobody).where(Callback.matter_id.in_(of), Callback.outcome.is_not(None)),
            select(Rating.event_id, Rating.rated_day, Rating.value).where(Rating.matter_id.in_(of), *counted),
        )
    )
    found: dict[UUID, legs.Answer] = {}
    for event_id, day, value in rows:
        if day or event_id not in found:
            found[event_id] = legs.Answer(asked=True, day=day, confirmed=value in legs.CONFIRMING)
    return found


def kept_legs(session: Session, matter_ids: Iterable[UUID]) -> dict[UUID, list[legs.Leg]]:
    """The legs as they are kept, by their matter, in order."""
    columns = [getattr(Leg, name) for name in _COLUMNS]
    query = select(Leg.matter_id, *columns).where(Leg.matter_id.in_(list(matter_ids)))
    found: dict[UUID, list[legs.Leg]] = {}
    for matter_id, *values in session.execute(query.order_by(Leg.matter_id, Leg.position)):
        found.setdefault(matter_id, []).append(legs.Leg(**dict(zip(_COLUMNS, values, strict=True))))
    return found


def drop_legs(session: Session, matter_ids: Iterable[UUID]) -> None:
    """Forget the legs of these matters, to keep them anew."""
    session.execute(delete(Leg).where(Leg.matter_id.in_(list(matter_ids))))


def keep_legs(session: Session, of: Mapping[UUID, Sequence[legs.Leg]]) -> None:
    """Keep the legs of matters that have none."""
    rows = [
        {"matter_id": matter_id, "position": position, **{name: getattr(leg, name) for name in _COLUMNS}}
        for matter_id, own in of.items()
        for position, leg in enumerate(own, 1)
    ]
    if rows:
        session.execute(inserting(session, Leg), rows)
