"""Push: apply mutations exactly once and keep a receipt of each (CONTRACT rules 3 to 6)."""

import logging
from dataclasses import dataclass
from datetime import datetime
from traceback import format_tb
from typing import Any
from uuid import UUID

import orjson
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError

from server.actions.context import Writing
from server.actions.matters import act_on_matter, correct_matter
from server.actions.visits import record_visit
from server.domain.access import Actor
from server.domain.commands import ActOnMatter, Command, CorrectMatter, RecordVisit
from server.domain.refusals import Refusal
from server.schemas.base import first_refusal
from server.schemas.sync import MUTATIONS
from server.store.db import writing
from server.store.mutations import find_receipts
from server.store.tables import Mutation
from server.store.types import current_cipher
from server.store.users import lock_device
from server.sync.locks import lock_scopes

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sent:
    """A mutation as it arrived: `command`, or why there is none."""

    id: UUID
    name: str
    made_at: datetime
    args: dict[str, Any]
    contents: bytes
    command: Command | None
    refusal: Refusal | None


def push(
    actor: Actor, device_id: UUID, sent_at: datetime, mutations: list[dict[str, Any]], received_at: datetime
) -> list[dict[str, Any]]:
    """Apply `mutations` in order, in one transaction; answer a receipt for each."""
    sent = [_read(mutation) for mutation in mutations]
    with writing() as session:
        lock_device(session, device_id, actor.id, received_at)
        locks = lock_scopes(session, actor, [one.command for one in sent if one.command])
        offset = round((received_at - sent_at).total_seconds())
        context = Writing(session, locks, actor, device_id, received_at, offset)
        known = find_receipts(session, [one.id for one in sent])
        receipts = []
        for one in sent:
            if one.id not in known:
                known[one.id] = _apply(context, one)
                receipts.append(_receipt(known[one.id]))
            else:
                receipts.append(_repeat(context, one, known[one.id]))
    return receipts


def _read(mutation: dict[str, Any]) -> Sent:
    command, refusal = None, None
    schema = MUTATIONS.get(mutation["name"])
    if schema is None:
        refusal = Refusal("mutation_unknown", "name")
    else:
        try:
            command = schema().load(mutation["args"])
        except ValidationError as error:
            refusal = first_refusal(error.messages)
    contents = orjson.dumps([mutation["name"], mutation["args"]], option=orjson.OPT_SORT_KEYS)
    return Sent(mutation["id"], mutation["name"], mutation["made_at"], mutation["args"], contents, command, refusal)


def _apply(context: Writing, one: Sent) -> Mutation:
    """Apply one mutation in a savepoint of its own, and record what became of it."""
    refusal = one.refusal
    if one.command is not None:
        try:
            with context.session.begin_nested():
                _carry_out(context, one.command)
        except Refusal as refused:
            refusal = refused
        except IntegrityError:
            refusal = Refusal("id_taken")
        except (OperationalError, InternalError):
            raise  # the database is out of order, not the mutation: nothing is recorded, the phone tries again
        except Exception as error:  # noqa: BLE001  (whatever it is, its neighbours are not touched)
            # Where it happened, without the exception's message: that can quote what a person typed.
            where = "".join(format_tb(error.__traceback__))
            log.error("mutation %s (%s) failed: %s\n%s", one.id, one.name, type(error).__name__, where)  # noqa: TRY400
            refusal = Refusal("server_error")
    receipt = Mutation(
        id=one.id,
        user_id=context.actor.id,
        device_id=context.device_id,
        name=one.name,
        made_at=one.made_at,
        received_at=context.received_at,
        contents_hash=current_cipher().fingerprint(one.contents),
        status="rejected" if refusal else "applied",
        error_code=refusal.code if refusal else None,
        error_field=refusal.field if refusal else None,
        raw={"name": one.name, "args": one.args} if refusal else None,
    )
    context.session.add(receipt)
    context.session.flush()
    return receipt


def _carry_out(context: Writing, command: Command) -> None:
    match command:
        case RecordVisit():
            record_visit(context, command)
        case ActOnMatter():
            act_on_matter(context, command)
        case CorrectMatter():
            correct_matter(context, command)


def _repeat(context: Writing, one: Sent, known: Mutation) -> dict[str, Any]:
    if known.user_id == context.actor.id and current_cipher().recognises(known.contents_hash, one.contents):
        return _receipt(known)
    return {"id": one.id, "status": "rejected", "error": Refusal("mutation_id_reused").as_data()}


def _receipt(mutation: Mutation) -> dict[str, Any]:
    error = Refusal(mutation.error_code, mutation.error_field).as_data() if mutation.error_code else None
    return {"id": mutation.id, "status": mutation.status, "error": error}
