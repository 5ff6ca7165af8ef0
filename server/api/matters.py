"""One matter, read from the server (a leader's phone holds none)."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from server.actions.matters_seen import read_matter
from server.api.who import signed_in
from server.domain.access import Actor
from server.schemas.matters import MatterDetailSchema
from server.store.db import reading

bp = APIBlueprint("matters", __name__, url_prefix="/api/matters", tag="matters")


@bp.get("/<uuid:matter_id>")
@signed_in
@bp.output(MatterDetailSchema)
def get_matter(matter_id: UUID, actor: Actor) -> dict[str, Any]:
    """One matter with its history; 404 for who may not see it."""
    return read_matter(reading(), actor, matter_id)
