"""Record visits with the matters of them, in few statements: a phone that was offline for days brings
a hundred visits at once, and everybody in the township waits for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
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
from server.store.areas import villages_among
from server.store.changes import Stamp
from server.store.db import insert_all
from server.store.matters import taken_ids, taken_visit_ids
from server.store.tables import Event, Matter, Unit, Visit
from server.store.tables.columns import claimed_columns
from server.store.units import get_units, home_units

Told = tuple[Writing, RecordVisit]


def record_visits(told: Sequence[Told]) -> None:
    """Record these visits of one transaction, in few statements however many: raise each matter, and resolve at once
    those that were. Who must act and until when is said by the county's responsibility list, as it was when the matter
    was raised. A refusal of one is a refusal of all: the caller's savepoint takes everything back.

    Refusals: village_unknown, village_not_allowed (outside the actor's townships),
    time_in_future, time_too_early, id_taken.
    """
    (writing, _), *_ = told
    session, commands = writing.session, [command for _, command in told]
    known = villages_among(session, {command.village_code for command in commands})
    moments = [_allowed(writing, command, known) for writing, command in told]
    _refuse_taken_ids(session, commands)
    visits = [_visit(writing, command, moment) for (writing, command), moment in zip(told, moments, strict=True)]
    rules = [_rules(writing, command, moment) for (writing, command), moment in zip(told, moments, strict=True)]
    units = _units(session, commands, rules)
    made = [
        [_raised(writing, visit, units[new.id], rule_of[new.id], new, moment) for new in command.matters]
        for (writing, command), moment, visit, rule_of in zip(told, moments, visits, rules, strict=True)
    ]
    insert_all(session, [*visits, *_rows(made)])
    insert_all(session, [link for command in commands for link in links_of_visit(command, writing.received_at)])
    fold_new(session, list(zip(commands, made, strict=True)), writing.received_at)
    _stamp(writing, commands, units)


def _allowed(writing: Writing, command: RecordVisit, known: Set[str]) -> Moment:
    """When the visit was, if its author may record there."""
    if command.village_code not in known:
        raise Refusal("village_unknown", "village_code")
    if not may_record_in(writing.actor, command.village_code):
        raise Refusal("village_not_allowed", "village_code")
    return writing.moment(command.happened_at)


def _visit(writing: Writing, command: RecordVisit, moment: Moment) -> Visit:
    return Visit(
        id=command.id,
        kind=command.kind,
        village_code=command.village_code,
        author_id=writing.actor.id,
        note=command.note,
        **claimed_columns(moment),
    )


def _rules(writing: Writing, command: RecordVisit, moment: Moment) -> dict[UUID, Rule | None]:
    """The rule of each new matter."""
    rules = writing.rules(ancestor(command.village_code, "county"))
    return {new.id: rule_for(rules, new.category, moment.happened_at) for new in command.matters}


def _units(
    session: Session, commands: Sequence[RecordVisit], rules: Sequence[dict[UUID, Rule | None]]
) -> dict[UUID, Unit]:
    """The unit that each new matter begins with."""
    homes = home_units(session, {ancestor(command.village_code, "township") for command in commands})
    by_list = {
        new.id: (command.village_code, unit_by(rule_of[new.id], on_the_spot=bool(new.resolved)))
        for command, rule_of in zip(commands, rules, strict=True)
        for new in command.matters
    }
    elsewhere = get_units(session, filter(None, (unit_id for _, unit_id in by_list.values())))
    return {
        matter_id: elsewhere[unit_id] if unit_id else homes[ancestor(village_code, "township")]
        for matter_id, (village_code, unit_id) in by_list.items()
    }


def _rows(made: Iterable[Iterable[tuple[Matter, list[Event]]]]) -> Iterator[Matter | Event]:
    for visited in made:
        for matter, events in visited:
            yield matter
            yield from events


def _stamp(writing: Writing, commands: Sequence[RecordVisit], units: Mapping[UUID, Unit]) -> None:
    visits = [
        Stamp("visit", command.id, [area_scope(ancestor(command.village_code, "township"))]) for command in commands
    ]
    matters = [
        Stamp("matter", new.id, scopes_of_matter(command.village_code, units[new.id].id))
        for command in commands
        for new in command.matters
    ]
    writing.locks.stamp_all([*visits, *matters])


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


def _refuse_taken_ids(session: Session, commands: Sequence[RecordVisit]) -> None:
    """Refuse an id that something has already, or that these visits use twice."""
    visit_ids = [command.id for command in commands]
    if len(set(visit_ids)) < len(visit_ids) or taken_visit_ids(session, visit_ids):
        raise Refusal("id_taken", "id")
    new_ids = [
        (f"matters.{place}.{field}", made)
        for command in commands
        for place, new in enumerate(command.matters)
        for field, made in _ids(new)
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
