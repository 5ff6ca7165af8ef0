"""Keep what tallies count in step with the events: called by every action that changes a matter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.commands import RecordVisit
from server.domain.legs import Answer, Facts, Leg, legs_of
from server.domain.tallies import Difference, difference
from server.domain.times import due_day_by_law, shanghai_day
from server.store.cells_pending import note_differences
from server.store.legs import Happened, answers, drop_legs, entry_of, keep_legs, kept_legs, valid_events
from server.store.tables import Event, Matter
from server.store.tallies_changes import Late, note_late_changes
from server.store.units import home_unit


def refold(session: Session, matter: Matter, received_at: datetime, act: str) -> None:
    """Fold the matter's events anew after an `act` that the server heard of at `received_at`: an entry of its
    history, or a change of what counts of the residents' answers."""
    session.flush()
    before = kept_legs(session, [matter.id]).get(matter.id, [])
    after = folded(session, [matter])[matter.id]
    if after == before:
        return
    if before:
        drop_legs(session, [matter.id])
    keep_legs(session, {matter.id: after})
    change = difference(before, after)
    note_differences(session, [change])
    note_late_changes(session, list(_late(matter, change, shanghai_day(received_at), act)))


def fold_new(
    session: Session,
    visits: Sequence[tuple[RecordVisit, Sequence[tuple[Matter, Sequence[Event]]]]],
    received_at: datetime,
) -> None:
    """Fold the matters of visits that were just recorded, with all the events they have, in few statements."""
    settled = [new.resolved for visit, _ in visits for new in visit.matters if new.resolved]
    said = {one.event_id: Answer(asked=True) for one in settled if one.rating_code}
    legs = {
        matter.id: _folded(session, matter, visit.kind, events, said)
        for visit, made in visits
        for matter, events in made
    }
    keep_legs(session, legs)
    changes = [(matter, difference([], legs[matter.id])) for _, made in visits for matter, _ in made]
    note_differences(session, [change for _, change in changes])
    day = shanghai_day(received_at)
    note_late_changes(session, [late for matter, change in changes for late in _late(matter, change, day, "raise")])


def folded(session: Session, matters: Iterable[Matter]) -> dict[UUID, list[Leg]]:
    """The legs of these matters, from their events."""
    of = {matter.id: matter for matter in matters}
    happened: dict[UUID, list[Happened]] = {matter_id: [] for matter_id in of}
    for event in valid_events(session, of):
        happened[event.matter_id].append(event)
    said = answers(session, of)
    return {
        matter_id: _folded(session, matter, matter.visit.kind if matter.visit else "", happened[matter_id], said)
        for matter_id, matter in of.items()
    }


def _folded(
    session: Session, matter: Matter, kind: str, events: Iterable[Happened], said: Mapping[UUID, Answer]
) -> list[Leg]:
    """The legs of a matter from its valid events."""
    raised, *later = events
    facts = Facts(matter.village_code, matter.category, kind, matter.beyond_power_day, said)
    began = replace(
        entry_of(raised, raised),
        unit_id=raised.unit_id or home_unit(session, matter.village_code).id,
        due_day=raised.due_day or due_day_by_law(matter.raised_day),  # neither was written down before 20261126
    )
    return legs_of(facts, [began, *(entry_of(event, raised) for event in later)])


def _late(matter: Matter, change: Difference, received_day: date, act: str) -> Iterable[Late]:
    """What earlier days count otherwise than they did when they ended. A correction that only moved a matter
    to another category is told by a change of nothing."""
    days: dict[tuple[date, str], int] = {}
    for (_, day, flow), more in change.items():
        if day < received_day:
            days[day, flow] = days.get((day, flow), 0) + more
    for (day, flow), more in sorted(days.items()):
        if more or (act == "correct" and flow == "raised"):
            yield Late(matter.id, matter.village_code, act, flow, more, day, received_day)
