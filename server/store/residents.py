"""What residents were called, and their numbers, at any time: a correction takes a name off a matter's page, not out of
the texts that people wrote (P6)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.anonymous import Called
from server.store.tables import Event, Matter


def called_before(session: Session, matter_ids: Collection[UUID]) -> dict[UUID, list[Called]]:
    """What corrections replaced or put there, by the matter; of most matters nothing. What a correction that came too
    late would have put there is a name as well."""
    found: dict[UUID, set[Called]] = {}
    query = select(Event.matter_id, Event.changes).where(Event.matter_id.in_(matter_ids), Event.act == "correct")
    for matter_id, changes in session.execute(query):
        for change in changes or ():
            for said in filter(None, (change["before"], change["after"])):
                if change["field"] == "resident_name":
                    found.setdefault(matter_id, set()).add(Called(said, None))
                elif change["field"] == "resident_phone":
                    found.setdefault(matter_id, set()).add(Called(None, said))
    return {matter_id: sorted(called, key=_longest_first) for matter_id, called in found.items()}


def _longest_first(called: Called) -> tuple[int, str]:
    said = called.name or called.phone or ""
    return -len(said), said


def ever_called(session: Session, matters: Collection[Matter]) -> dict[UUID, list[Called]]:
    """All that the residents of these matters are called or were."""
    before = called_before(session, [matter.id for matter in matters])
    return {
        matter.id: [Called(matter.resident_name, matter.resident_phone), *before.get(matter.id, ())]
        for matter in matters
    }
