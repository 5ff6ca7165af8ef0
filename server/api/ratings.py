"""What residents said, for the leaders of an area."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from server.actions.rating_lists import line_of, read_ratings
from server.actions.ratings import decide
from server.api.who import having_role
from server.domain.access import Actor
from server.schemas.ratings import DecidedSchema, DecisionSchema, RatingsQuerySchema, RatingsSchema
from server.store.db import reading, writing

bp = APIBlueprint("ratings", __name__, url_prefix="/api/ratings", tag="ratings")


@bp.get("")
@having_role("leader")
@bp.input(RatingsQuerySchema, location="query")
@bp.output(RatingsSchema)
@bp.doc(responses=[404])
def get_ratings(actor: Actor, query_data: dict[str, Any]) -> dict[str, Any]:
    """The ratings of an area: those held for a leader to look at, the unsatisfied, those set aside, or all."""
    return read_ratings(reading(), actor, query_data.get("area_code"), query_data["which"], query_data.get("after"))


@bp.post("/<uuid:rating_id>/decision")
@having_role("leader")
@bp.input(DecisionSchema)
@bp.output(DecidedSchema)
@bp.doc(responses=[404, 409])
def decide_about_rating(rating_id: UUID, actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Let a rating that is held count, or set one aside with a reason."""
    set_aside = (json_data["reason"], json_data["text"]) if json_data["decision"] == "set_aside" else None
    with writing() as session:
        decided = decide(session, actor, rating_id, set_aside, datetime.now(UTC))
        return {"rating": line_of(session, actor, decided)}
