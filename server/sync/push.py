"""Push: apply mutations exactly once and keep a receipt of each (CONTRACT rules 3 to 6)."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from traceback import format_tb
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.exc import IntegrityError, InternalError, OperationalError
from sqlalchemy.orm import Session

from server.actions.cells import add_up_now_and_then
from server.actions.context import Writing
from server.actions.matters import act_on_matter, correct_matter
from server.actions.visits import Told, record_visits
from server.domain.access import Actor
from server.domain.commands import ActOnMatter, CorrectMatter, RecordVisit
from server.domain.refusals import Refusal
from server.domain.responsibilities import Rule
from server.store.db import insert_all, is_taken, writing
from server.store.mutations import find_receipts
from server.store.tables import Mutation
from server.store.types import current_cipher
from server.store.users import lock_device
from server.sync.kept import RoomForRefused
from server.sync.locks import lock_scopes
from server.sync.sent import Sent, is_receipt_of, read_sent
from server.sync.turns import before_pages

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """What was found on a phone and did not come by a push: whose it is, from which phone, and which coordinator takes
    it in."""

    author: Actor
    device_id: UUID
    clock_offset_s: int
    by: UUID


def push(
    actor: Actor, device_id: UUID, sent_at: datetime, mutations: list[dict[str, Any]], received_at: datetime
) -> list[dict[str, Any]]:
    """Apply `mutations` in order, in one transaction; answer a receipt for each."""
    sent = [read_sent(mutation) for mutation in mutations]
    with before_pages(), writing() as session:
        lock_device(session, device_id, actor.id, received_at)
        lists: dict[str, list[Rule]] = {}
        locks = lock_scopes(session, actor, [one.command for one in sent if one.command], lists)
        offset = round((received_at - sent_at).total_seconds())
        context = Writing(session, locks, actor, device_id, received_at, received_at, offset, lists=lists)
        room = RoomForRefused(session, actor.id, received_at)
        known = find_receipts(session, [one.id for one in sent])
        receipts = []
        for run in _runs(sent, known):
            if run[0].id in known:
                receipts.append(_repeat(context, room, run[0], known[run[0].id]))
                continue
            kept = _apply_run(context, room, run)
            known |= {receipt.id: receipt for receipt in kept}
            receipts += [_receipt(one, receipt) for one, receipt in zip(run, kept, strict=True)]
    add_up_now_and_then(len(sent))
    return receipts


def take_in(session: Session, found: Found, mutation: dict[str, Any], now: datetime) -> None:
    """Apply one mutation that was found on a phone, as its author, with its receipt; what was applied before is not
    applied again, and what was refused when it was pushed may be taken now. Nothing is kept of a refusal: another time
    it may be taken.

    Refusals: those of its action; mutation_id_reused.
    """
    one = read_sent(mutation)
    if one.refusal or one.command is None:
        raise one.refusal or Refusal("invalid")
    lists: dict[str, list[Rule]] = {}
    locks = lock_scopes(session, found.author, [one.command], lists)
    known = find_receipts(session, [one.id]).get(one.id)
    if known and not is_receipt_of(known, found.author.id, one):
        raise Refusal("mutation_id_reused")
    if known and known.status == "applied":
        return
    context = Writing(
        session, locks, found.author, found.device_id, one.made_at, now, found.clock_offset_s, found.by, lists
    )
    try:
        _carry_out(context, one)
    except IntegrityError as error:
        if is_taken(error):
            raise Refusal("id_taken") from error
        raise
    if known:
        known.status, known.error_code, known.error_field, known.raw = "applied", None, None, None
        return
    insert_all(session, [_receipt_for(context, RoomForRefused(session, found.author.id, now), one, one.id, None, None)])


def _runs(sent: Sequence[Sent], known: Mapping[UUID, Mutation]) -> Iterator[list[Sent]]:
    """What was sent, in its order; new visits that follow each other are one run, everything else is by itself."""
    run: list[Sent] = []
    seen = set(known)
    for one in sent:
        if isinstance(one.command, RecordVisit) and one.id not in seen:
            run.append(one)
            seen.add(one.id)
            continue
        if run:
            yield run
        run = []
        yield [one]
    if run:
        yield run


def _apply_run(context: Writing, room: RoomForRefused, run: Sequence[Sent]) -> list[Mutation]:
    """Apply these in one savepoint, in the statements of one: nearly always all of them can be. Else each half by
    itself, until whoever is refused is alone."""
    if len(run) == 1:
        return [_apply(context, room, run[0])]
    try:
        with context.session.begin_nested():
            record_visits([told for one in run for told in _told(context, one)])
    except (OperationalError, InternalError):
        raise  # as in _apply
    except Exception:  # noqa: BLE001  (alone it says again what it is)
        half = len(run) // 2
        return [*_apply_run(context, room, run[:half]), *_apply_run(context, room, run[half:])]
    kept = [_receipt_for(context, room, one, one.id, None, one.said) for one in run]
    insert_all(context.session, kept)
    return kept


def _told(context: Writing, one: Sent) -> Iterator[Told]:
    if isinstance(one.command, RecordVisit):
        yield replace(context, recorded_at=one.made_at), one.command


def _apply(context: Writing, room: RoomForRefused, one: Sent) -> Mutation:
    """Apply one mutation in a savepoint of its own, and record what became of it."""
    refusal = one.refusal
    if one.command is not None:
        try:
            with context.session.begin_nested():
                _carry_out(context, one)
        except Refusal as refused:
            refusal = refused
        except IntegrityError as error:
            refusal = Refusal("id_taken") if is_taken(error) else _failed(one, error)
        except (OperationalError, InternalError):
            raise  # the database is out of order, not the mutation: nothing is recorded, the phone tries again
        except Exception as error:  # noqa: BLE001  (whatever it is, its neighbours are not touched)
            refusal = _failed(one, error)
    kept = _receipt_for(context, room, one, one.id, refusal, one.said)
    insert_all(context.session, [kept])
    return kept


def _failed(one: Sent, error: Exception) -> Refusal:
    """Log where a mistake of ours is, without the exception's message: that can quote what a person typed."""
    where = "".join(format_tb(error.__traceback__))
    log.error("mutation %s (%s) failed: %s\n%s", one.id, one.name, type(error).__name__, where)
    return Refusal("server_error")


def _receipt_for(
    context: Writing,
    room: RoomForRefused,
    one: Sent,
    receipt_id: UUID,
    refusal: Refusal | None,
    said: dict[str, Any] | None,
) -> Mutation:
    return Mutation(
        id=receipt_id,
        user_id=context.actor.id,
        device_id=context.device_id,
        name=one.name,
        made_at=one.made_at,
        received_at=context.received_at,
        contents_hash=current_cipher().fingerprint(one.contents),
        status="rejected" if refusal else "applied",
        error_code=refusal.code if refusal else None,
        error_field=refusal.field if refusal else None,
        raw=said if refusal and said and room.take(len(one.contents)) else None,
    )


def _carry_out(context: Writing, one: Sent) -> None:
    context = replace(context, recorded_at=one.made_at)
    match one.command:
        case RecordVisit():
            record_visits([(context, one.command)])
        case ActOnMatter():
            act_on_matter(context, one.command)
        case CorrectMatter():
            correct_matter(context, one.command)


def _repeat(context: Writing, room: RoomForRefused, one: Sent, known: Mutation) -> dict[str, Any]:
    """The first answer again; for other contents a refusal, and what they say is kept beside the first."""
    if is_receipt_of(known, context.actor.id, one):
        return _receipt(one, known)
    # No phone can take this id: theirs are of version 7. Sent again, the same contents are kept once.
    beside = uuid5(one.id, f"{context.actor.id} {current_cipher().fingerprint(one.contents)}")
    kept = context.session.get(Mutation, beside)
    if kept is None:
        said = {"id": str(one.id), **one.said} if one.said else None
        kept = _receipt_for(context, room, one, beside, Refusal("mutation_id_reused"), said)
        insert_all(context.session, [kept])
    return _receipt(one, kept)


def _receipt(one: Sent, kept: Mutation) -> dict[str, Any]:
    error = Refusal(kept.error_code, kept.error_field).as_data() if kept.error_code else None
    return {"id": one.id, "status": kept.status, "error": error}
