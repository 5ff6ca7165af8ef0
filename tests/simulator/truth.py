"""What is true at the server when a schedule is over: what it acknowledged and holds, and what in it is wrong."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.actions.recount import recount
from server.domain.lifecycle import next_state
from server.store import cells_pending
from server.store.db import db, reading, writing
from server.store.tables import Event, HandedIn, Leg, Matter, Mutation, TallyCell, Visit

_SERIAL = re.compile(r"#\d+#")
"""What the people of the simulator write into each thing that they type (pwa/tests/simulator/serials.ts)."""


def tell_truth(app: Flask) -> dict[str, Any]:
    """`receipts`: what became of each mutation, by its id. `made`: how often each thing that was typed is there, by its
    serial; an entry without words by its id. `handed_in`: the arguments of what lay on phones that were reported lost.
    `wrong`: sentences about what cannot be."""
    with app.app_context():
        session = reading()
        receipts = {str(id_): status for id_, status in session.execute(select(Mutation.id, Mutation.status))}
        made = Counter(_typed(session))
        handed_in = [entry.said["args"] for entry in session.scalars(select(HandedIn)) if entry.said]
        wrong = [*_crashed(session), *_states(session)]
        db.session.remove()
        wrong += _tallies()
    return {"receipts": receipts, "made": made, "handed_in": handed_in, "wrong": wrong}


def _typed(session: Session) -> Iterator[str]:
    """A record that was made twice has other ids: only what was typed says that it is the same."""
    for note in session.scalars(select(Visit.note)):
        yield from _SERIAL.findall(note or "")
    # Nobody in the simulator corrects a detail, so that it still says what was typed when the matter was raised.
    for detail in session.scalars(select(Matter.detail)):
        yield from _SERIAL.findall(detail or "")
    for event in session.scalars(select(Event)):
        words = [event.text, *(change["after"] for change in event.changes or [])]
        serials = _SERIAL.findall(" ".join(filter(None, words)))
        yield from serials or [str(event.id)]


def _crashed(session: Session) -> Iterator[str]:
    """To the phone a crash is a refusal like another; to us it is a mistake."""
    failed = select(Mutation.id, Mutation.name).where(Mutation.error_code == "server_error")
    for id_, name in session.execute(failed):
        yield f"{name} {id_} crashed at the server"


def _states(session: Session) -> Iterator[str]:
    """A matter's state is the fold of its events, in the server's order."""
    for matter in session.scalars(select(Matter)):
        state = None
        for number, event in enumerate(matter.events, 1):
            if event.position != number:
                yield f"entry {number} of {matter.id} has the number {event.position}"
            if event.from_state != state:
                yield f"{event.act} of {matter.id} begins from {event.from_state}, and it was {state}"
            if event.refused_because or event.act == "correct":
                wanted = state
            else:
                wanted = event.to_state if event.act == "raise" else next_state(event.act, state or "")
            if event.to_state != wanted:
                yield f"{event.act} of {matter.id} led from {state} to {event.to_state}"
            state = event.to_state
        if matter.state != state:
            yield f"{matter.id} is {matter.state}, and its events say {state}"


def _tallies() -> list[str]:
    """Legs and cells made anew say what those said that were kept along the way."""
    with writing() as session:
        while cells_pending.add_up_pending(session):
            pass
    before = _counted()
    for _ in recount():
        pass
    after = _counted()
    return [
        f"{name}: kept {list(before[name] - after[name])[:3]}, counted {list(after[name] - before[name])[:3]}"
        for name in before
        if before[name] != after[name]
    ]


def _counted() -> dict[str, Counter[tuple[Any, ...]]]:
    """The rows of both tables; a cell that counts nothing is as good as none."""
    session = reading()
    legs = Counter(tuple(row) for row in session.execute(select(*Leg.__table__.columns)))
    numbers = [column.name for column in TallyCell.__table__.columns if not column.primary_key]
    cells = Counter(
        tuple(row)
        for row in session.execute(select(*TallyCell.__table__.columns))
        if any(getattr(row, name) for name in numbers)
    )
    db.session.remove()
    return {"legs": legs, "cells": cells}
