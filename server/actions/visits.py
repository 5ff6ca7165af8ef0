"""Record a visit with the matters of it."""

from server.actions.context import Writing
from server.actions.events import append_event
from server.domain.access import area_scope, may_record_in, relations, scopes_of_matter
from server.domain.areas import ancestor
from server.domain.commands import NewMatter, RecordVisit, Resident
from server.domain.matters import Standing, take_step
from server.domain.refusals import Refusal
from server.domain.times import Moment, due_day_by_law
from server.store.areas import get_village
from server.store.tables import Event, Matter, Unit, Visit
from server.store.tables.columns import claimed_columns
from server.store.units import home_unit


def record_visit(writing: Writing, command: RecordVisit) -> None:
    """Record the visit, raise each matter, and resolve at once those that were.

    Refusals: village_unknown, village_not_allowed (outside the actor's townships),
    time_in_future, time_too_early, id_taken.
    """
    session = writing.session
    if get_village(session, command.village_code) is None:
        raise Refusal("village_unknown", "village_code")
    if not may_record_in(writing.actor, command.village_code):
        raise Refusal("village_not_allowed", "village_code")
    moment = writing.moment(command.happened_at)
    if session.get(Visit, command.id) is not None:
        raise Refusal("id_taken", "id")
    visit = Visit(
        id=command.id,
        kind=command.kind,
        village_code=command.village_code,
        author_id=writing.actor.id,
        note=command.note,
        **claimed_columns(moment),
    )
    session.add(visit)
    session.flush()
    writing.locks.stamp("visit", visit.id, [area_scope(ancestor(command.village_code, "township"))])
    unit = home_unit(session, command.village_code)
    for position, new in enumerate(command.matters):
        _raise_matter(writing, visit, unit, new, moment, f"matters.{position}")


def _raise_matter(writing: Writing, visit: Visit, unit: Unit, new: NewMatter, moment: Moment, field: str) -> None:
    session = writing.session
    if session.get(Matter, new.id) is not None or session.get(Event, new.raised_event_id) is not None:
        raise Refusal("id_taken", f"{field}.id")
    resident = new.resident or Resident()
    matter = Matter(
        id=new.id,
        visit_id=visit.id,
        village_code=visit.village_code,
        author_id=writing.actor.id,
        title=new.title,
        category=new.category,
        detail=new.detail,
        resident_name=resident.name,
        resident_phone=resident.phone,
        raised_day=moment.day,
        **claimed_columns(moment),
    )
    matter.standing = Standing("raised", unit.id, due_day_by_law(moment.day), None, None, False, None)
    session.add(matter)
    session.flush()
    append_event(writing, matter, new.raised_event_id, "raise", moment, from_state=None)
    if new.resolved:
        if session.get(Event, new.resolved.event_id) is not None:
            raise Refusal("id_taken", f"{field}.resolved.event_id")
        step = take_step(matter.standing, "resolve", relations(writing.actor, matter), moment, on_the_spot=True)
        matter.standing = step.after
        append_event(
            writing, matter, new.resolved.event_id, "resolve", moment,
            from_state=step.before.state, text=new.resolved.text,
        )  # fmt: skip
    writing.locks.stamp("matter", matter.id, scopes_of_matter(matter.village_code, matter.unit_id))
