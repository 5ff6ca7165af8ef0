"""Record the resident's word, whoever asked for it: by a link or by a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.domain.access import area_scope, scopes_of_matter, unit_scope
from server.domain.areas import ancestor
from server.domain.matters import kept_as_note, take_step
from server.domain.ratings import (
    ACTS,
    BURST,
    BURST_WITHIN,
    ENTRIES,
    Answer,
    check_can_rate,
    is_overtaken,
    said_at,
)
from server.store.changes import ScopeLocks
from server.store.matters import matter_places, next_position
from server.store.ratings import find_rating, history_of, lock_address, said_since
from server.store.tables import Event, Rating
from server.store.tables.columns import claimed_columns


@dataclass(frozen=True)
class Hearing:
    """One transaction in which a resident is heard, and the scopes it holds."""

    session: Session
    locks: ScopeLocks


def rate(session: Session, event_id: UUID, answer: Answer) -> Rating:
    """Keep what a resident said of the settlement `event_id`, and do to its matter what follows from it: confirmed,
    or open again. Said again within days it is changed. The caller owns the transaction, which holds no scope yet.

    One of a burst is held, and so are the others of it: they change nothing more until a leader has looked.

    Refusals: link_not_found (a matter that counts nowhere now), open_again, already_rated, rating_over.
    """
    settlement = session.get_one(Event, event_id)
    burst = _burst(session, event_id, answer)
    hearing = _hear(session, [settlement.matter_id, *(rating.matter_id for rating in burst)])
    matter, history = settlement.matter, history_of(session, settlement.matter_id)
    session.refresh(matter)
    rating = find_rating(session, event_id)
    check_can_rate(matter.state, history, event_id, rating, answer.source, answer.given_at)
    if rating is None:
        rating = Rating(id=uuid7(), matter_id=matter.id, event_id=event_id, rated_at=answer.given_at, held=False)
        rating.rated_day = said_at(answer.given_at).day
        session.add(rating)
    else:
        rating.changed_at = answer.given_at
    rating.source, rating.value, rating.address_hash = answer.source, answer.value, answer.address_hash
    rating.comment = answer.comment
    for other in burst:
        if other.decided_at is None:
            other.held = True
    if burst:
        rating.held = rating.set_aside_reason is None
    session.flush()
    enter(hearing, rating)
    return rating


def enter(hearing: Hearing, rating: Rating) -> None:
    """Let the history say what the rating says, unless it does already or the rating doesn't count: then only
    those who read the resident's sentence hear of it."""
    matter, settlement, session = rating.matter, rating.event, hearing.session
    if rating.counts and (rating.entry is None or rating.entry.rating != rating.value):
        act, moment = ACTS[rating.value], said_at(rating.changed_at or rating.rated_at)
        if is_overtaken(act, matter.state, history_of(session, matter.id), settlement):
            step = kept_as_note(matter.standing, "state_forbids")
        else:
            step = take_step(matter.standing, act, {"resident"}, moment, raised_day=matter.raised_day)
        matter.standing = step.after
        rating.entry = Event(
            id=uuid7(), matter_id=matter.id, position=next_position(session, matter.id), act=act,
            text=ENTRIES[rating.value], rating=rating.value, from_state=step.before.state, to_state=matter.state,
            refused_because=step.refused_because, **claimed_columns(moment),
        )  # fmt: skip
        session.flush()
    hearing.locks.stamp("matter", matter.id, scopes_of_matter(matter.village_code, matter.unit_id))


def _burst(session: Session, event_id: UUID, answer: Answer) -> list[Rating]:
    """The other ratings of the burst that this one is part of; none if it is none."""
    if answer.address_hash is None:
        return []
    lock_address(session, answer.address_hash)
    lately = said_since(session, answer.address_hash, answer.given_at - BURST_WITHIN)
    others = [rating for rating in lately if rating.event_id != event_id]
    return others if len(others) >= BURST else []


def _hear(session: Session, matter_ids: Sequence[UUID]) -> Hearing:
    """Hold the scopes in which these matters are visible, as a push does (sync/locks.py): townships first, so that
    no matter moves, then the units that are responsible now."""
    locks = ScopeLocks(session)
    villages = [village for village, _ in matter_places(session, matter_ids).values()]
    locks.lock(area_scope(ancestor(village, "township")) for village in villages)
    locks.lock(unit_scope(unit_id) for _, unit_id in matter_places(session, matter_ids).values())
    return Hearing(session, locks)
