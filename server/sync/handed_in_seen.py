"""What phones handed in, as a coordinator reads it before he decides."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.access import Actor
from server.domain.commands import ActOnMatter, Command, CorrectMatter, NewMatter, RecordVisit
from server.domain.words import LIMITS
from server.store.areas import names
from server.store.handed_in import undecided_in, undecided_of
from server.store.matters import matter_titles
from server.store.tables import HandedIn
from server.store.units import names_of_units
from server.sync.handed_in import as_sent, new_matters
from server.sync.sent import Sent

Answer = dict[str, Any]


def read_handed_in(session: Session, actor: Actor) -> Answer:
    """The undecided entries of his areas, person by person, in the order in which they lay on the phone; how many there
    are altogether."""
    count, entries = undecided_in(session, actor.areas("coordinator"), LIMITS["handed_in_per_page"])
    sent = {entry.id: as_sent(entry) for entry in entries}
    commands = [one.command for one in sent.values() if one.command]
    titles = _titles(session, {entry.user_id for entry in entries}, commands)
    units = names_of_units(session, {one.unit_id for one in commands if isinstance(one, ActOnMatter) and one.unit_id})
    places = names(session, {entry.area_code for entry in entries})
    return {
        "count": count,
        "entries": [_entry(entry, sent[entry.id], places, titles, units) for entry in entries],
    }


def _titles(session: Session, users: set[UUID], commands: Sequence[Command]) -> dict[UUID, str]:
    """The titles of the matters that these name: of those that are there, and of those in visits that are not yet."""
    changing = [command for command in commands if not isinstance(command, RecordVisit)]
    merging = [command for command in commands if isinstance(command, ActOnMatter)]
    named = {one.matter_id for one in changing} | {one.into_id for one in merging if one.into_id}
    found = matter_titles(session, named)
    if named - found.keys():
        waiting = [as_sent(entry).command for user_id in users for entry in undecided_of(session, user_id)]
        found = {matter_id: title for matter_id, (_, title) in new_matters(waiting).items()} | found
    return found


def _entry(
    entry: HandedIn, one: Sent, places: Mapping[str, str], titles: Mapping[UUID, str], units: Mapping[UUID, str]
) -> Answer:
    command = one.command
    return {
        "id": entry.id,
        "author_id": entry.user_id,
        "author_name": entry.user.name,
        "phone": entry.phone.browser,
        "handed_in_at": entry.handed_in_at,
        "made_at": one.made_at,
        "area_name": places[entry.area_code],
        "happened_at": command.happened_at if command else None,
        "problem": one.refusal.as_data() if one.refusal else None,
        "visit": _visit(command) if isinstance(command, RecordVisit) else None,
        "act": _act(command, titles, units) if isinstance(command, ActOnMatter) else None,
        "correction": _correction(command, titles) if isinstance(command, CorrectMatter) else None,
    }


def _visit(command: RecordVisit) -> Answer:
    return {"kind": command.kind, "note": command.note, "matters": [_matter(new) for new in command.matters]}


def _matter(new: NewMatter) -> Answer:
    resident = new.resident
    named = resident is not None and (resident.name or resident.phone)
    return {
        "title": new.title,
        "category": new.category,
        "detail": new.detail,
        "resident": {"name": resident.name, "phone": resident.phone} if resident and named else None,
        "resolved": new.resolved.text if new.resolved else None,
    }


def _act(command: ActOnMatter, titles: Mapping[UUID, str], units: Mapping[UUID, str]) -> Answer:
    return {
        "act": command.act,
        "title": titles.get(command.matter_id),
        "text": command.text,
        "unit_name": units.get(command.unit_id) if command.unit_id else None,
        "due_day": command.due_day,
        "into": titles.get(command.into_id) if command.into_id else None,
        "reason": command.reason,
    }


def _correction(command: CorrectMatter, titles: Mapping[UUID, str]) -> Answer:
    return {
        "title": titles.get(command.matter_id),
        "text": command.text,
        "changes": [{"field": field, "after": after} for field, after in command.changes.items()],
    }
