"""Places and units."""

from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from server.actions.reference import read_reference
from server.api.who import signed_in
from server.domain.access import Actor
from server.domain.times import shanghai_day
from server.schemas.areas import ReferenceSchema
from server.store.db import reading

bp = APIBlueprint("reference", __name__, url_prefix="/api", tag="reference")


@bp.get("/reference")
@signed_in
@bp.output(ReferenceSchema)
def get_reference(actor: Actor) -> Any:
    """The places and units a phone needs to know; with an ETag, 304 when nothing changed."""
    today = shanghai_day(datetime.now(UTC))
    response: Response = jsonify(read_reference(reading(), actor, today))
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)
