"""Callbacks: phone a resident about a settlement that was drawn (actions/draws.py), and say what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.actions.legs import refold
from server.actions.ratings import rate
from server.domain.access import Actor, area_scope
from server.domain.callbacks import ANSWERED, may_call
from server.domain.ratings import Answer
from server.domain.refusals import Refusal
from server.store import callbacks as store
from server.store.areas import names
from server.store.changes import ScopeLocks
from server.store.tables import Callback
from server.store.units import unit_areas


def read_calls(session: Session, actor: Actor) -> dict[str, Any]:
    """The calls that the actor still has to make, with the resident's name and number: to nobody else, and only
    until he has said what came of it (P6)."""
    calls = _own_calls(session, actor, store.open_callbacks(session, actor.id))
    townships = names(session, {call.draw.area_code for call in calls})
    return {
        "calls": [
            {
                "id": call.id,
                "matter_id": call.matter_id,
                "title": call.matter.title,
                "category": call.matter.category,
                "detail": call.matter.detail,
                "settled": call.event.act,
                "deed": call.event.text,
                "settled_day": call.event.moment.day,
                "village_name": call.matter.village.name,
                "township_name": townships[call.draw.area_code],
                "resident": {"name": call.matter.resident_name, "phone": call.matter.resident_phone},
            }
            for call in calls
        ]
    }


def answer_callback(
    session: Session, actor: Actor, callback_id: UUID, outcome: str, text: str | None, now: datetime
) -> None:
    """Say what came of a call. What the resident said of the matter is his rating; that nobody answered, or that he
    would not say, only ends the call. The same again changes nothing: the answer may have been lost on its way.

    Refusals: callback_not_found (also once he is no longer uninvolved), callback_done, callback_moot.
    """
    call = store.lock_callback(session, callback_id)
    if call is None or call.caller_id != actor.id:
        raise Refusal("callback_not_found")
    if call.outcome is not None:
        if (call.outcome, call.text) != (outcome, text):
            raise Refusal("callback_done")
        return
    if not store.still_to_ask(session, [call]):
        raise Refusal("callback_moot")
    if not _own_calls(session, actor, [call]):
        raise Refusal("callback_not_found")
    call.outcome, call.text, call.answered_at = outcome, text, now
    session.flush()
    if outcome in ANSWERED:
        _give_word(session, call, Answer(outcome, text, "callback", now))
    else:
        _count_as_asked(session, call, now)


def _own_calls(session: Session, actor: Actor, calls: Sequence[Callback]) -> list[Callback]:
    """Those of the calls that the actor may still make: he leads from above, and has no part in the matter."""
    settlements = store.still_to_ask(session, calls)
    own_units = unit_areas(session, actor.units())
    return [
        call
        for call in calls
        if call.event_id in settlements and may_call(actor, settlements[call.event_id], own_units)
    ]


def _give_word(session: Session, call: Callback, answer: Answer) -> None:
    try:
        rate(session, call.event_id, answer)
    except Refusal as refused:  # between looking and locking he said it himself, or the matter took a turn
        raise Refusal("callback_moot") from refused


def _count_as_asked(session: Session, call: Callback, now: datetime) -> None:
    """Only now that the call was made: a township that reads its tally shall not see who is about to be phoned."""
    locks = ScopeLocks(session)
    locks.lock([area_scope(call.draw.area_code)])
    session.refresh(call.matter)
    refold(session, call.matter, now, "invite")
