"""Push and pull (server/sync/CONTRACT.md)."""

from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify

from server.api.who import signed_in
from server.domain.access import Actor
from server.schemas.sync import PulledSchema, PullSchema, PushSchema, ReceiptsSchema
from server.sync.pull import pull
from server.sync.push import push

bp = APIBlueprint("sync", __name__, url_prefix="/api/sync", tag="sync")


@bp.post("/push")
@signed_in
@bp.input(PushSchema)
@bp.output(ReceiptsSchema)
def push_mutations(actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Apply mutations exactly once; one receipt each. What a mutation may do is checked by its action."""
    received_at = datetime.now(UTC)
    receipts = push(actor, json_data["device_id"], json_data["sent_at"], json_data["mutations"], received_at)
    return {"server_time": received_at, "receipts": receipts}


@bp.post("/pull")
@signed_in
@bp.input(PullSchema)
@bp.output(PulledSchema)
def pull_changes(actor: Actor, json_data: dict[str, Any]) -> Response:
    """What changed in the caller's own scopes since his cursors; a leader has none."""
    cursors = {cursor["scope"]: cursor["version"] for cursor in json_data["cursors"]}
    server_time = datetime.now(UTC)
    return jsonify({"server_time": server_time, **pull(actor, json_data["access_version"], cursors)})
