"""Record the resident's word, whoever asked for it: by a link or by a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.actions.legs import refold
from server.domain.access import (
    HANDLING,
    Actor,
    area_scope,
    may_read_tally,
    relations,
    scopes_of_matter,
    sees_resident,
    unit_scope,
)
from server.domain.areas import ancestor
from server.domain.callbacks import may_draw
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
from server.domain.refusals import Refusal
from server.store.changes import ScopeLocks
from server.store.matters import matter_places, next_position
from server.store.ratings import find_rating, history_of, lock_address, said_since
from server.store.tables import Event, Matter, Rating
from server.store.tables.columns import claimed_columns
from server.store.units import unit_areas


@dataclass(frozen=True)
class Hearing:
    """One transaction in which a resident is heard, and the scopes it holds."""

    session: Session
    locks: ScopeLocks


def rate(session: Session, event_id: UUID, answer: Answer) -> Rating:
    """Keep what a resident said of the settlement `event_id`, and do to its matter what follows from it: confirmed,
    or open again. Said again within days it is changed; what was set aside stays as it is beside what a caller hears.
    The caller owns the transaction, which holds no scope yet.

    One of a burst is held, and so are the others of it: they change nothing more until a leader has looked.

    Refusals: link_not_found (a matter that counts nowhere now), open_again, already_rated, rated_elsewhere,
    rating_over.
    """
    settlement = session.get_one(Event, event_id)
    in_burst, others = _burst(session, event_id, answer)
    hearing = _hear(session, [settlement.matter_id, *(rating.matter_id for rating in others)])
    matter, history = settlement.matter, history_of(session, settlement.matter_id)
    session.refresh(matter)
    rating = find_rating(session, event_id)
    check_can_rate(
        matter.state, history, event_id, rating, answer.source, answer.given_at, rated_here=answer.rated_here
    )
    if rating is None or (rating.set_aside_reason and answer.source == "callback"):
        rating = Rating(id=uuid7(), matter_id=matter.id, event_id=event_id, rated_at=answer.given_at, held=False)
        rating.rated_day = said_at(answer.given_at).day
        session.add(rating)
    else:
        rating.changed_at = answer.given_at
    rating.source, rating.value, rating.address_hash = answer.source, answer.value, answer.address_hash
    rating.comment = answer.comment
    rating.held = answer.source == "link" and (rating.held or (in_burst and rating.set_aside_reason is None))
    session.flush()
    _hold(session, others, answer.given_at)
    _enter(hearing, rating, answer.given_at)
    return rating


def _enter(hearing: Hearing, rating: Rating, now: datetime) -> None:
    """Let the history say what the rating says, unless it does already or the rating doesn't count; and the tallies
    count what counts of it."""
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
    refold(session, matter, now, ACTS[rating.value])
    hearing.locks.stamp("matter", matter.id, scopes_of_matter(matter.village_code, matter.unit_id))


def decide(session: Session, actor: Actor, rating_id: UUID, set_aside: tuple[str, str] | None, now: datetime) -> Rating:
    """A leader looks at a rating: one that is held counts from now on, or any is `set_aside` with a reason and a
    sentence, for good: both stay visible. Nobody decides about his own work, nor about that of the township that he
    leads: it is his result too. The caller owns the transaction.

    Refusals: rating_not_found (also outside his area), own_work, leader_above_decides, rating_decided.
    """
    rating = session.get(Rating, rating_id)
    if rating is None or not may_read_tally(actor, rating.matter.village_code):
        raise Refusal("rating_not_found")
    hearing = _hear(session, [rating.matter_id])
    session.refresh(rating)
    session.refresh(rating.matter)
    why_not = why_not_decide(session, actor, rating.matter)
    if why_not:
        raise Refusal(why_not)
    if rating.set_aside_reason or (set_aside is None and not rating.held):
        raise Refusal("rating_decided")
    rating.held = False
    if set_aside:
        rating.set_aside_reason, rating.set_aside_text = set_aside
    rating.decided_by, rating.decided_at = actor.id, now
    session.flush()
    _enter(hearing, rating, now)
    return rating


def why_not_decide(session: Session, actor: Actor, matter: Matter) -> str | None:
    """Why this leader does not decide whether a rating of the matter counts: he handles it, or he leads or belongs to
    its township, whose result it is (then one from above decides). None if he does."""
    if relations(actor, matter) & HANDLING:
        return "own_work"
    township = ancestor(matter.village_code, "township")
    return None if may_draw(actor, township, unit_areas(session, actor.units())) else "leader_above_decides"


def ratings_seen_by(actor: Actor, matter: Matter) -> list[dict[str, Any]]:
    """What residents said of a matter, as `actor` may see it."""
    return [rating_seen_by(actor, rating) for rating in matter.ratings]


def rating_seen_by(actor: Actor, rating: Rating) -> dict[str, Any]:
    """A rating; the resident's sentence only for who handles the matter or leads its area."""
    hears = sees_resident(actor, rating.matter) or may_read_tally(actor, rating.matter.village_code)
    return {
        "event_id": rating.event_id,
        "source": rating.source,
        "value": rating.value,
        "comment": rating.comment if hears else None,
        "rated_at": rating.rated_at,
        "changed_at": rating.changed_at,
        "held": rating.held,
        "set_aside_reason": rating.set_aside_reason,
        "set_aside_text": rating.set_aside_text,
        "decided_at": rating.decided_at,
    }


def _burst(session: Session, event_id: UUID, answer: Answer) -> tuple[bool, list[Rating]]:
    """Whether this is one of a burst, and the others of it that are not held yet and that no leader has seen."""
    if answer.address_hash is None:
        return False, []
    lock_address(session, answer.address_hash)
    lately = said_since(session, answer.address_hash, answer.given_at - BURST_WITHIN)
    others = [rating for rating in lately if rating.event_id != event_id]
    if len(others) < BURST:
        return False, []
    return True, [rating for rating in others if not rating.held and rating.decided_at is None]


def _hold(session: Session, ratings: Sequence[Rating], now: datetime) -> None:
    """Keep these out of the tallies; their scopes are held. What they did to their matters stays."""
    for rating in ratings:
        session.refresh(rating)
        if rating.decided_at is None:
            rating.held = True
            refold(session, rating.matter, now, ACTS[rating.value])


def _hear(session: Session, matter_ids: Sequence[UUID]) -> Hearing:
    """Hold the scopes in which these matters are visible, as a push does (sync/locks.py): townships first, so that
    no matter moves, then the units that are responsible now."""
    locks = ScopeLocks(session)
    villages = [village for village, _ in matter_places(session, matter_ids).values()]
    locks.lock(area_scope(ancestor(village, "township")) for village in villages)
    locks.lock(unit_scope(unit_id) for _, unit_id in matter_places(session, matter_ids).values())
    return Hearing(session, locks)
