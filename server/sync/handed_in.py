"""What a phone hands in that was taken away (CONTRACT rule 11): it is kept apart, and a coordinator takes it in or
drops it."""

from base64 import b64decode
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.actions.phones import standing_of
from server.domain.access import Actor, may_record_in
from server.domain.commands import Command, RecordVisit
from server.domain.handed_in import check_room, may_decide
from server.domain.refusals import Refusal
from server.schemas.sync import MutationSchema
from server.store.areas import villages_among
from server.store.handed_in import add_handed_in, lock_handed_in, room_taken, undecided_of
from server.store.matters import matter_places
from server.store.mutations import find_receipts
from server.store.people import places_of
from server.store.phones import key_of
from server.store.sealed import NotOpened, opened, sealed_as
from server.store.tables import HandedIn, User
from server.sync.push import Found, take_in
from server.sync.sent import LARGEST_MUTATION, Sent, is_receipt_of, read_sent

Status = str
"""kept: a coordinator sees it. known: it was applied before. unreadable: it did not open, and never will."""


def hand_in(
    session: Session, user_id: UUID, device_id: UUID, sent_at: datetime, entries: Sequence[dict[str, Any]],
    received_at: datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    """Keep what lay unsent on a phone that was reported lost, or whose user's account is closed: each entry is sealed
    under his key. What it handed in before is kept once. Answers for each what became of it.

    Refusals: not_allowed (any other phone), handed_in_full.
    """
    if standing_of(session, user_id, device_id) not in {"revoked", "closed"}:
        raise Refusal("not_allowed")
    # Also where a backup knows nothing of it: the phone has sealed with it since.
    key = key_of(session, user_id)
    found = {entry["id"]: _opened(key, user_id, entry) for entry in entries}
    readable = {one.id: (said, one) for said, one in filter(None, found.values())}
    known = {
        receipt.id
        for receipt in find_receipts(session, readable).values()
        if receipt.status == "applied" and is_receipt_of(receipt, user_id, readable[receipt.id][1])
    }
    kept = {entry_id: read for entry_id, read in readable.items() if entry_id not in known}
    place = _Places(session, user_id, [one for _, one in kept.values()])
    offset = round((received_at - sent_at).total_seconds())
    add_handed_in(
        session,
        [
            {
                "id": uuid7(),
                "user_id": user_id,
                "device_id": device_id,
                "mutation_id": one.id,
                "area_code": place.of(one.command),
                "said": said,
                "clock_offset_s": offset,
                "handed_in_at": received_at,
            }
            for said, one in kept.values()
        ],
    )
    check_room(*room_taken(session, user_id))
    return [{"id": entry["id"], "status": _status(entry["id"], kept, known)} for entry in entries]


def accept(session: Session, actor: Actor, entry_id: UUID, now: datetime) -> None:
    """Take an entry in: it is applied as its author's own, with the roles he has, or had when his account was closed.
    Once it was taken in, nothing happens any more.

    Refusals: handed_in_not_found, handed_in_decided (dropped), handed_in_visit_first, and those of the action: then
    nothing has changed.
    """
    entry = _locked(session, actor, entry_id)
    if entry.outcome == "accepted":
        return
    if entry.outcome is not None:
        raise Refusal("handed_in_decided")
    mutation = as_mutation(entry)
    found = Found(entry.user.actor(), entry.device_id, entry.clock_offset_s, actor.id)
    try:
        take_in(session, found, mutation, now)
    except Refusal as refusal:
        if refusal.code == "matter_not_found" and _waits_for_its_visit(session, entry, mutation):
            raise Refusal("handed_in_visit_first") from refusal
        raise
    _decide(entry, "accepted", actor, now)
    entry.said = None  # it stands in the records now


def drop(session: Session, actor: Actor, entry_id: UUID, reason: str, now: datetime) -> None:
    """Leave an entry out, with the reason; what it says stays kept. The same again changes nothing.

    Refusals: handed_in_not_found, handed_in_decided.
    """
    entry = _locked(session, actor, entry_id)
    if entry.outcome is None:
        entry.reason = reason
        _decide(entry, "dropped", actor, now)
    elif (entry.outcome, entry.reason) != ("dropped", reason):
        raise Refusal("handed_in_decided")


def new_matters(commands: Iterable[Command | None]) -> dict[UUID, tuple[str, str]]:
    """The village code and the title of each matter that these would raise."""
    visits = [command for command in commands if isinstance(command, RecordVisit)]
    return {new.id: (visit.village_code, new.title) for visit in visits for new in visit.matters}


def as_mutation(entry: HandedIn) -> dict[str, Any]:
    """An entry as a push would have brought it."""
    mutation: dict[str, Any] = MutationSchema().load({"id": str(entry.mutation_id), **(entry.said or {})})
    return mutation


def as_sent(entry: HandedIn) -> Sent:
    """An entry, read as far as it can be understood."""
    return read_sent(as_mutation(entry))


class _Places:
    """Where entries belong, so that somebody sees them: the village of the visit or the matter; else where their author
    works. A village that he could not record in is only a name that he wrote."""

    def __init__(self, session: Session, user_id: UUID, sent: Sequence[Sent]) -> None:
        self._session = session
        self._user: User = session.get_one(User, user_id)
        self._actor = self._user.actor()
        acted_on = {one.command.matter_id for one in sent if one.command and not isinstance(one.command, RecordVisit)}
        self._villages = {matter_id: village for matter_id, (village, _) in matter_places(session, acted_on).items()}
        if acted_on - self._villages.keys():
            before = [as_sent(entry) for entry in undecided_of(session, user_id)]
            raised = new_matters(one.command for one in [*before, *sent])
            self._villages |= {matter_id: village for matter_id, (village, _) in raised.items()}

    def of(self, command: Command | None) -> str:
        """An area's code."""
        if isinstance(command, RecordVisit):
            code: str | None = command.village_code
        else:
            code = self._villages.get(command.matter_id) if command else None
        known = code is not None and bool(villages_among(self._session, [code]))
        if code and known and (not isinstance(command, RecordVisit) or may_record_in(self._actor, code)):
            return code
        return max(places_of(self._user))


def _opened(key: bytes, user_id: UUID, entry: dict[str, Any]) -> tuple[dict[str, Any], Sent] | None:
    """What an entry says, and as a push would have brought it; None if it cannot be read."""
    try:
        sealed = b64decode(entry["sealed"], validate=True)
        said = opened(key, sealed_as(user_id, "outbox", str(entry["id"])), sealed)
        said = {name: said[name] for name in ("name", "made_at", "args")}
        one = read_sent(MutationSchema().load({"id": str(entry["id"]), **said}))
    except (NotOpened, KeyError, TypeError, ValueError, ValidationError):
        return None
    return None if len(one.contents) > LARGEST_MUTATION or one.said is None else (said, one)


def _status(entry_id: UUID, kept: dict[UUID, Any], known: set[UUID]) -> Status:
    if entry_id in kept:
        return "kept"
    return "known" if entry_id in known else "unreadable"


def _waits_for_its_visit(session: Session, entry: HandedIn, mutation: dict[str, Any]) -> bool:
    matter_id = mutation["args"].get("matter_id")
    raised = new_matters(as_sent(other).command for other in undecided_of(session, entry.user_id))
    return matter_id in {str(one) for one in raised}


def _locked(session: Session, actor: Actor, entry_id: UUID) -> HandedIn:
    """Refusal: handed_in_not_found."""
    entry = lock_handed_in(session, entry_id)
    if entry is None or not may_decide(actor, entry.area_code):
        raise Refusal("handed_in_not_found")
    return entry


def _decide(entry: HandedIn, outcome: str, actor: Actor, now: datetime) -> None:
    entry.outcome, entry.decided_by_id, entry.decided_at = outcome, actor.id, now
