"""What phones hand in that were taken away, and the coordinator's decision on it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from server.actions.cells import add_up_if_due
from server.api.who import PHONES_BEHIND_ONE_ADDRESS, anyone, having_role, limiter, tries, without_token
from server.domain.access import Actor
from server.schemas.handed_in import DropSchema, HandedInListSchema, HandInSchema, TakenSchema
from server.store.db import reading, writing
from server.sync import handed_in
from server.sync.handed_in_seen import read_handed_in

bp = APIBlueprint("handed_in", __name__, url_prefix="/api/handed-in", tag="handed in")


@bp.post("")
@anyone
@without_token
@limiter.limit(tries(PHONES_BEHIND_ONE_ADDRESS))
@bp.input(HandInSchema)
@bp.output(TakenSchema)
@bp.doc(responses=[403, 429])
def hand_in(json_data: dict[str, Any]) -> dict[str, Any]:
    """Hand in what lay unsent on a phone that was reported lost, or whose user's account is closed. It needs no
    session: what it hands in is sealed under the user's key."""
    with writing() as session:
        return {"entries": handed_in.hand_in(session, **json_data, received_at=datetime.now(UTC))}


@bp.get("")
@having_role("coordinator")
@bp.output(HandedInListSchema)
def get_handed_in(actor: Actor) -> dict[str, Any]:
    """What waits for the coordinator's decision in his areas."""
    return read_handed_in(reading(), actor)


@bp.post("/<uuid:entry_id>/acceptance")
@having_role("coordinator")
@bp.output(HandedInListSchema)
@bp.doc(responses=[403, 404, 409, 413, 422])
def accept(entry_id: UUID, actor: Actor) -> dict[str, Any]:
    """Take an entry in, as its author's own; the history says who took it in. Answers what still waits."""
    with writing() as session:
        handed_in.accept(session, actor, entry_id, datetime.now(UTC))
    add_up_if_due()
    return read_handed_in(reading(), actor)


@bp.post("/<uuid:entry_id>/dropping")
@having_role("coordinator")
@bp.input(DropSchema)
@bp.output(HandedInListSchema)
@bp.doc(responses=[404, 409])
def drop(entry_id: UUID, actor: Actor, json_data: dict[str, str]) -> dict[str, Any]:
    """Leave an entry out, with a reason. Answers what still waits."""
    with writing() as session:
        handed_in.drop(session, actor, entry_id, json_data["reason"], datetime.now(UTC))
    return read_handed_in(reading(), actor)
