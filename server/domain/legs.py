"""The legs of a matter: what tallies are counted from (DESIGN §3: the fold of its events, by days).

A leg is a stretch of days during which the matter was open, one unit was responsible and one due day held. What
folds them is pure, so that they can be made again from the events at any time and come out the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from server.domain.lifecycle import OPEN_STATES, VOID_STATES

BEGINNINGS = frozenset({"raised", "reopened", "moved", "redated"})
ENDS = frozenset({"resolved", "explained", "unachieved", "moved", "redated"})
"""How a leg begins and ends. `moved`: another unit became responsible; `redated`: another due day was set."""

CONFIRMING = frozenset({"satisfied", "partly"})
"""Ratings by which a resident confirms what was done for him."""

_RESULTS = {"resolved": "resolved", "confirmed": "resolved", "explained": "explained", "unachieved": "unachieved"}


@dataclass(frozen=True)
class Entry:
    """An entry of a matter's history that changed something, in the server's order. `day` is the claimed one
    (Moment.day); `unit_id` and `due_day` are None where they stayed as they were."""

    id: UUID
    act: str
    day: date
    state: str
    unit_id: UUID | None = None
    due_day: date | None = None
    by_resident: bool = False
    on_the_spot: bool = False


@dataclass(frozen=True)
class Answer:
    """What residents were asked about one settlement, and what counts of what they said."""

    asked: bool = False
    day: date | None = None
    confirmed: bool = False


@dataclass(frozen=True)
class Facts:
    """What is true of a matter as a whole. `answers` by the id of the entry that settled it."""

    village_code: str
    category: str
    kind: str
    beyond_power_day: date | None = None
    answers: Mapping[UUID, Answer] = field(default_factory=dict)


@dataclass(frozen=True)
class Leg:
    """See store/tables/tallies.py: the same columns."""

    village_code: str
    category: str
    kind: str
    unit_id: UUID
    from_day: date
    began: str
    due_day: date
    late_day: date | None = None
    until_day: date | None = None
    ended: str | None = None
    settled_by: UUID | None = None
    on_the_spot: bool = False
    days_taken: int | None = None
    asked: bool = False
    answered_day: date | None = None
    confirmed: bool = False
    beyond_power_day: date | None = None


def legs_of(facts: Facts, entries: Sequence[Entry]) -> list[Leg]:
    """The legs of a matter from its entries (the first raised it, with its unit and due day).

    No transition counts on an earlier day than the one before it, whatever was claimed. A void matter has none.
    What was undone on the day on which it was done leaves nothing behind, unless a resident had answered: a move
    (the matter began with the unit that it went to), a settlement that its maker took back, and a reopening that
    the resident took back.
    """
    if entries[-1].state in VOID_STATES:
        return []
    raised, *later = entries
    legs = [_first(facts, raised)]
    day, is_open = raised.day, True
    for entry in later:
        day = max(day, entry.day)
        was_open, is_open = is_open, entry.state in OPEN_STATES
        if was_open and is_open:
            _move(legs, entry, day)
        elif was_open:
            _settle(legs, entry, day)
        elif is_open:
            _reopen(legs, entry, day, facts.answers)
    return list(_finished(facts, legs))


def _first(facts: Facts, raised: Entry) -> Leg:
    if raised.unit_id is None or raised.due_day is None:
        raise ValueError("the first entry says with whom a matter begins, and until when")
    return Leg(facts.village_code, facts.category, facts.kind, raised.unit_id, raised.day, "raised", raised.due_day)


def _move(legs: list[Leg], entry: Entry, day: date) -> None:
    leg = legs[-1]
    unit_id, due_day = entry.unit_id or leg.unit_id, entry.due_day or leg.due_day
    if (unit_id, due_day) == (leg.unit_id, leg.due_day):
        return
    if leg.from_day < day:
        how = "redated" if unit_id == leg.unit_id else "moved"
        legs[-1] = replace(leg, until_day=day, ended=how)
        legs.append(replace(leg, unit_id=unit_id, due_day=due_day, from_day=day, began=how))
        return
    legs[-1] = replace(leg, unit_id=unit_id, due_day=due_day)
    if leg.began in {"moved", "redated"}:
        _join(legs)


def _join(legs: list[Leg]) -> None:
    """The last leg moved twice on one day: to where it had come from, or between moved and redated."""
    before, leg = legs[-2:]
    if (before.unit_id, before.due_day) == (leg.unit_id, leg.due_day):
        legs[-2:] = [replace(before, until_day=None, ended=None)]
    else:
        how = "redated" if before.unit_id == leg.unit_id else "moved"
        legs[-2:] = [replace(before, ended=how), replace(leg, began=how)]


def _settle(legs: list[Leg], entry: Entry, day: date) -> None:
    leg = legs[-1]
    if entry.act == "confirm" and leg.began == "reopened" and leg.from_day == day:
        legs.pop()
        return
    legs[-1] = replace(
        leg, until_day=day, ended=_RESULTS[entry.state], settled_by=entry.id, on_the_spot=entry.on_the_spot
    )


def _reopen(legs: list[Leg], entry: Entry, day: date, answers: Mapping[UUID, Answer]) -> None:
    leg = legs[-1]
    answer = answers.get(leg.settled_by) if leg.settled_by else None
    if leg.until_day == day and not entry.by_resident and not (answer and answer.day):
        legs[-1] = replace(leg, until_day=None, ended=None, settled_by=None, on_the_spot=False)
    else:
        legs.append(Leg(leg.village_code, leg.category, leg.kind, leg.unit_id, day, "reopened", leg.due_day))


def _finished(facts: Facts, legs: list[Leg]) -> Iterable[Leg]:
    """The legs with what follows from their days, and what residents said."""
    for leg in legs:
        late_day = max(leg.from_day, leg.due_day + timedelta(days=1))
        is_late = leg.until_day is None or late_day < leg.until_day
        answer = facts.answers.get(leg.settled_by, Answer()) if leg.settled_by else Answer()
        taken = (leg.until_day - legs[0].from_day).days if leg.until_day and leg.ended == "resolved" else None
        yield replace(
            leg,
            late_day=late_day if is_late else None,
            days_taken=taken,
            asked=answer.asked or answer.day is not None,
            answered_day=answer.day,
            confirmed=answer.day is not None and answer.confirmed,
            beyond_power_day=facts.beyond_power_day if leg is legs[-1] else None,
        )
