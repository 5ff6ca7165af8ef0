"""Append to a matter's history."""

from typing import Any
from uuid import UUID

from server.actions.context import Writing
from server.domain.times import Moment
from server.store.matters import next_position
from server.store.tables import Event, Matter
from server.store.tables.columns import claimed_columns


def append_event(
    writing: Writing, matter: Matter, event_id: UUID, act: str, moment: Moment, *, from_state: str | None, **more: Any
) -> None:
    """Add one entry; `matter.state` is already what the entry led to, `more` are the entry's own
    columns (text, unit_id, changes, refused_because …)."""
    position = next_position(writing.session, matter.id)
    writing.session.add(new_event(writing, matter, position, event_id, act, moment, from_state=from_state, **more))
    writing.session.flush()


def new_event(
    writing: Writing, matter: Matter, position: int, event_id: UUID, act: str, moment: Moment, *,
    from_state: str | None, **more: Any,
) -> Event:  # fmt: skip
    """An entry as append_event adds it, at a position that the caller knows."""
    return Event(
        id=event_id,
        matter_id=matter.id,
        position=position,
        act=act,
        actor_id=writing.actor.id,
        device_id=writing.device_id,
        taken_in_by_id=writing.taken_in_by,
        from_state=from_state,
        to_state=matter.state,
        **more,
        **claimed_columns(moment),
    )
