"""Push and pull (server/sync/CONTRACT.md)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, jsonify

from server.actions.phones import is_lost
from server.api.who import is_bound_to, signed_in
from server.domain.access import Actor
from server.domain.refusals import Refusal
from server.schemas.sync import PulledSchema, PullSchema, PushSchema, ReceiptsSchema
from server.store.db import reading
from server.sync.pull import pull
from server.sync.push import push

bp = APIBlueprint("sync", __name__, url_prefix="/api/sync", tag="sync")


@bp.post("/push")
@signed_in
@bp.input(PushSchema)
@bp.output(ReceiptsSchema)
def push_mutations(actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Apply mutations exactly once; one receipt each. What a mutation may do is checked by its action."""
    _refuse_lost(actor, json_data["device_id"])
    received_at = datetime.now(UTC)
    receipts = push(actor, json_data["device_id"], json_data["sent_at"], json_data["mutations"], received_at)
    return {"server_time": received_at, "receipts": receipts}


@bp.post("/pull")
@signed_in
@bp.input(PullSchema)
@bp.output(PulledSchema)
def pull_changes(actor: Actor, json_data: dict[str, Any]) -> Response:
    """What changed in the caller's own scopes since his cursors; a leader has none."""
    _refuse_lost(actor, json_data["device_id"])
    cursors = {cursor["scope"]: cursor["version"] for cursor in json_data["cursors"]}
    server_time = datetime.now(UTC)
    return jsonify({"server_time": server_time, **pull(actor, json_data["access_version"], cursors)})


def _refuse_lost(actor: Actor, device_id: UUID) -> None:
    """An app from before says on which phone it is only here. Refusal: device_revoked."""
    if not is_bound_to(device_id) and is_lost(reading(), actor, device_id):
        raise Refusal("device_revoked")
