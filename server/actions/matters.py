"""What people do with a matter: act on it, correct it, read it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.actions.context import Writing
from server.actions.events import append_event
from server.actions.legs import refold
from server.actions.rating_links import ask_resident, take_links_along
from server.domain.access import (
    may_assign_to,
    may_see_matter,
    relations,
    scopes_of_matter,
)
from server.domain.areas import ancestor, within
from server.domain.commands import ActOnMatter, CorrectMatter
from server.domain.lifecycle import OPEN_STATES, TABLE, VOID_STATES, ends_with_an_answer
from server.domain.matters import (
    CORRECTABLE,
    Step,
    changed_fields,
    check_after_raised,
    check_due_day,
    check_extension,
    check_later_has_reason,
    kept_as_note,
    take_step,
)
from server.domain.ratings import SETTLING
from server.domain.refusals import Refusal
from server.domain.times import Moment
from server.store.changes import Stamp
from server.store.matters import get_matter, is_merged_into, took_part
from server.store.tables import Event, Matter, Unit
from server.store.units import home_unit


def act_on_matter(writing: Writing, command: ActOnMatter) -> None:
    """Do one act of the lifecycle table; one that comes too late is kept as a note, and so is
    what somebody did about a matter that was taken from him before the server heard of it.

    Refusals: matter_not_found, not_allowed, act_unknown, act_incomplete, field_unknown (an argument that
    the act does not take), unit_unknown, unit_not_allowed, due_day_out_of_range, later_needs_reason,
    extension_out_of_range, merge_into_itself, merge_into_void, withdraw_merged_into, id_taken, time_in_future,
    time_too_early, time_before_raised.
    """
    matter, why_note = _own_matter(writing, command.matter_id, command.event_id)
    _check_arguments(command)
    moment = _moment(writing, matter, command.happened_at)
    if why_note:
        command = _naming_what_is_there(writing.session, command)
        step = kept_as_note(matter.standing, why_note)
    else:
        step = _step(writing, matter, command, moment)
    matter.standing, unit_id = step.after, command.unit_id
    if command.act in {"return", "escalate"} and not step.refused_because:
        unit_id = step.after.unit_id  # nobody named it: where a note of a return would have led is no part of it
    append_event(
        writing, matter, command.event_id, command.act, moment,
        from_state=step.before.state, text=command.text, refused_because=step.refused_because,
        unit_id=unit_id, due_day=command.due_day, merged_into_id=command.into_id, reason=command.reason,
    )  # fmt: skip
    if command.act in SETTLING and not step.refused_because:
        take_links_along(writing.session, matter, command.event_id, writing.received_at)
    if command.rating_code and not why_note:
        ask_resident(writing.session, matter, command.rating_code, writing.received_at)
    refold(writing.session, matter, writing.received_at, command.act)
    _stamp(writing, matter, step.before.unit_id)


def correct_matter(writing: Writing, command: CorrectMatter) -> None:
    """Correct a mistake; the history keeps what stood before. What already stands as it is wanted
    (somebody else was first with the same correction) is kept as a note. Of two people who corrected one field without
    knowing of each other the later by the server's order stands, and its entry says whom it overtook.

    Refusals: those of act_on_matter, and nothing_changed (no field is named).
    """
    matter, why_note = _own_matter(writing, command.matter_id, command.event_id)
    moment = _moment(writing, matter, command.happened_at)
    if why_note:
        step = kept_as_note(matter.standing, why_note)
    else:
        step = take_step(matter.standing, "correct", relations(writing.actor, matter), moment)
    standing = {field: getattr(matter, field) for field in CORRECTABLE}
    changes = changed_fields(standing, command.changes, command.seen)
    if not changes and not step.refused_because:
        step = kept_as_note(matter.standing, "nothing_changed")
    if not step.refused_because:
        for change in changes:
            setattr(matter, str(change["field"]), change["after"])
    append_event(
        writing, matter, command.event_id, "correct", moment,
        from_state=step.before.state, text=command.text, refused_because=step.refused_because, changes=changes,
    )  # fmt: skip
    refold(writing.session, matter, writing.received_at, "correct")
    _stamp(writing, matter, matter.unit_id)


def _own_matter(writing: Writing, matter_id: UUID, event_id: UUID) -> tuple[Matter, str | None]:
    """The matter, for who sees it; for who took part in it before it was taken from him, also why all
    that he did meanwhile is a note."""
    matter, why_note = get_matter(writing.session, matter_id), None
    if matter is not None and not may_see_matter(writing.actor, matter):
        why_note = "no_longer_yours"
    if matter is None or (why_note and not _took_part(writing, matter)):
        raise Refusal("matter_not_found", "matter_id")
    if writing.session.get(Event, event_id) is not None:
        raise Refusal("id_taken", "event_id")
    return matter, why_note


def _took_part(writing: Writing, matter: Matter) -> bool:
    units = writing.actor.units()
    began_with = home_unit(writing.session, matter.village_code).id
    return began_with in units or took_part(writing.session, matter.id, writing.actor.id, units)


def _moment(writing: Writing, matter: Matter, claimed: datetime) -> Moment:
    moment = writing.moment(claimed)
    check_after_raised(moment, matter.moment)
    return moment


def _check_arguments(command: ActOnMatter) -> None:
    """What the act needs is there, and nothing that it does not take: that would be kept unlooked at."""
    if command.act == "correct":  # has a mutation of its own, which says what changes
        raise Refusal("act_unknown", "act")
    rows = [row for row in TABLE if row.act == command.act]
    for argument in ("text", "unit_id", "due_day", "into_id", "reason", "rating_code"):
        if getattr(command, argument) is None:
            if any(argument in row.needs for row in rows):
                raise Refusal("act_incomplete", argument)
        elif not any(argument in row.needs + row.takes for row in rows):
            raise Refusal("field_unknown", argument)


def _step(writing: Writing, matter: Matter, command: ActOnMatter, moment: Moment) -> Step:
    """What the act does to the matter, once everything that it names was looked at."""
    if command.act == "assign":
        _check_unit(writing, matter, command.unit_id)
        check_due_day(command.due_day, matter.raised_day)
        check_later_has_reason(command.due_day, matter.standing, command.text)
    if command.act == "extend" and matter.state in OPEN_STATES:
        check_extension(command.due_day, matter.standing, matter.raised_day)
    if command.act == "merge":
        _check_merge(writing, matter, command.into_id)
    step = take_step(
        matter.standing,
        command.act,
        relations(writing.actor, matter),
        moment,
        unit_id=_leads_to(writing.session, matter, command),
        due_day=command.due_day,
        merged_into_id=command.into_id,
        raised_day=matter.raised_day,
        beyond_power=_is_beyond_power(matter, command),
        answered=ends_with_an_answer(command.act) and _is_answered(matter),
    )
    if command.act == "withdraw" and not step.refused_because and is_merged_into(writing.session, matter.id):
        raise Refusal("withdraw_merged_into", "act")  # what is counted as this one would be counted nowhere
    return step


def _leads_to(session: Session, matter: Matter, command: ActOnMatter) -> UUID | None:
    """The unit that is responsible after an act of MOVES."""
    up = command.act in {"return", "escalate"}
    return home_unit(session, matter.village_code).id if up else command.unit_id


def _is_beyond_power(matter: Matter, command: ActOnMatter) -> bool:
    """True if the township says that it cannot do it: a bureau's word is about its own power."""
    if command.act == "escalate":
        return True
    of_township = within(matter.unit_area_code, ancestor(matter.village_code, "township"))
    return command.act == "return" and command.reason == "beyond_power" and of_township


def _is_answered(matter: Matter) -> bool:
    """True if a resident said what he thinks of it: also while a leader still has to look whether that counts."""
    return any(rating.set_aside_reason is None for rating in matter.ratings)


def _naming_what_is_there(session: Session, command: ActOnMatter) -> ActOnMatter:
    """What a note names is not looked at, so that its sender learns nothing; the tables hold only what is there."""
    unit = session.get(Unit, command.unit_id) if command.unit_id else None
    into = get_matter(session, command.into_id) if command.into_id else None
    return replace(command, unit_id=unit.id if unit else None, into_id=into.id if into else None)


def _check_unit(writing: Writing, matter: Matter, unit_id: UUID | None) -> None:
    unit = writing.session.get(Unit, unit_id)
    if unit is None:
        raise Refusal("unit_unknown", "unit_id")
    if not may_assign_to(matter.village_code, unit.area_code):
        raise Refusal("unit_not_allowed", "unit_id")


def _check_merge(writing: Writing, matter: Matter, into_id: UUID | None) -> None:
    if into_id == matter.id:
        raise Refusal("merge_into_itself", "into_id")
    into = get_matter(writing.session, into_id) if into_id else None
    if into is None or not may_see_matter(writing.actor, into):
        raise Refusal("matter_not_found", "into_id")
    if into.state in VOID_STATES:
        raise Refusal("merge_into_void", "into_id")


def _stamp(writing: Writing, matter: Matter, unit_before: UUID) -> None:
    scopes = scopes_of_matter(matter.village_code, matter.unit_id)
    stamps = [Stamp("matter", matter.id, scopes)]
    if unit_before != matter.unit_id:
        writing.session.expire(matter, ["unit"])
        left = set(scopes_of_matter(matter.village_code, unit_before)) - set(scopes)
        stamps.append(Stamp("matter", matter.id, sorted(left), removed=True))
    writing.locks.stamp_all(stamps)
