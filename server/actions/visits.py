"""Record a visit with the matters of it, in few statements: a phone that was offline for days brings
a hundred visits at once, and everybody in the township waits for it."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy.orm import Session

from server.actions.context import Writing
from server.actions.events import new_event
from server.actions.legs import fold_new
from server.actions.rating_links import links_of_visit
from server.actions.workdays import calendar
from server.domain.access import area_scope, may_record_in, relations, scopes_of_matter
from server.domain.areas import ancestor
from server.domain.commands import NewMatter, RecordVisit, Resident
from server.domain.matters import Standing, take_step
from server.domain.refusals import Refusal
from server.domain.responsibilities import Rule, due_day_by, rule_for, unit_by
from server.domain.times import Moment
from server.store.areas import get_village
from server.store.matters import taken_ids
from server.store.tables import Event, Matter, Unit, Visit
from server.store.tables.columns import claimed_columns
from server.store.units import get_units, home_unit


def record_visit(writing: Writing, command: RecordVisit) -> None:
    """Record the visit, raise each matter, and resolve at once those that were. Who must act and until when is
    said by the county's responsibility list, as it was when the matter was raised.

    Refusals: village_unknown, village_not_allowed (outside the actor's townships),
    time_in_future, time_too_early, id_taken.
    """
    session = writing.session
    if get_village(session, command.village_code) is None:
        raise Refusal("village_unknown", "village_code")
    if not may_record_in(writing.actor, command.village_code):
        raise Refusal("village_not_allowed", "village_code")
    moment = writing.moment(command.happened_at)
    _refuse_taken_ids(session, command)
    visit = Visit(
        id=command.id,
        kind=command.kind,
        village_code=command.village_code,
        author_id=writing.actor.id,
        note=command.note,
        **claimed_columns(moment),
    )
    session.add(visit)
    rules = writing.rules(ancestor(command.village_code, "county"))
    rule_of = {new.id: rule_for(rules, new.category, moment.happened_at) for new in command.matters}
    unit_of = _units(session, command, rule_of)
    made = [_raised(writing, visit, unit_of[new.id], rule_of[new.id], new, moment) for new in command.matters]
    session.add_all(row for matter, events in made for row in (matter, *events))
    session.add_all(links_of_visit(command, writing.received_at))
    session.flush()
    fold_new(session, command, made, writing.received_at)
    writing.locks.stamp("visit", visit.id, [area_scope(ancestor(command.village_code, "township"))])
    given = defaultdict(list)
    for new in command.matters:
        given[unit_of[new.id].id].append(new.id)
    for unit_id, matter_ids in given.items():
        writing.locks.stamp_all("matter", matter_ids, scopes_of_matter(command.village_code, unit_id))


def _units(session: Session, command: RecordVisit, rule_of: dict[UUID, Rule | None]) -> dict[UUID, Unit]:
    """The unit that each new matter begins with."""
    by_list = {new.id: unit_by(rule_of[new.id], on_the_spot=bool(new.resolved)) for new in command.matters}
    home = home_unit(session, command.village_code)
    elsewhere = get_units(session, filter(None, by_list.values()))
    return {matter_id: elsewhere[unit_id] if unit_id else home for matter_id, unit_id in by_list.items()}


def _raised(
    writing: Writing, visit: Visit, unit: Unit, rule: Rule | None, new: NewMatter, moment: Moment
) -> tuple[Matter, list[Event]]:
    """A matter of the visit with its first entries; one of another unit than the township's own begins assigned."""
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
        responsibility_id=rule.id if rule else None,
        **claimed_columns(moment),
    )
    matter.unit = unit
    state = "raised" if unit.is_home else "assigned"
    due_day = due_day_by(rule, moment.day, calendar())
    matter.standing = Standing(state, unit.id, due_day, None, None, False, None, None)
    raised = new_event(
        writing, matter, 1, new.raised_event_id, "raise", moment,
        from_state=None, unit_id=unit.id, due_day=matter.due_day,
    )  # fmt: skip
    if not new.resolved:
        return matter, [raised]
    step = take_step(matter.standing, "resolve", relations(writing.actor, matter), moment, on_the_spot=True)
    matter.standing = step.after
    resolved = new_event(
        writing, matter, 2, new.resolved.event_id, "resolve", moment,
        from_state=step.before.state, text=new.resolved.text,
    )  # fmt: skip
    return matter, [raised, resolved]


def _refuse_taken_ids(session: Session, command: RecordVisit) -> None:
    """Refuse an id that something has already, or that the visit uses twice."""
    if session.get(Visit, command.id) is not None:
        raise Refusal("id_taken", "id")
    new_ids = [
        (f"matters.{place}.{field}", made) for place, new in enumerate(command.matters) for field, made in _ids(new)
    ]
    seen = taken_ids(session, [made for _, made in new_ids])
    for field, made in new_ids:
        if made in seen:
            raise Refusal("id_taken", field)
        seen.add(made)


def _ids(new: NewMatter) -> Iterator[tuple[str, UUID]]:
    yield "id", new.id
    yield "raised_event_id", new.raised_event_id
    if new.resolved:
        yield "resolved.event_id", new.resolved.event_id
