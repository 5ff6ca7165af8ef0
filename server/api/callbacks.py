"""Callbacks: a leader's calls, and the draws that they come from."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from server.actions.callbacks import answer_callback, read_calls
from server.actions.draws import DrawWanted, draw_callbacks, read_draw, read_draws
from server.api.who import having_role
from server.domain.access import Actor
from server.schemas.callbacks import (
    CallsSchema,
    DrawnSchema,
    DrawProofSchema,
    DrawsQuerySchema,
    DrawsSchema,
    DrawWantedSchema,
    OutcomeSchema,
)
from server.store.db import reading, writing

bp = APIBlueprint("callbacks", __name__, url_prefix="/api/callbacks", tag="callbacks")


@bp.get("")
@having_role("leader")
@bp.output(CallsSchema)
def get_calls(actor: Actor) -> dict[str, Any]:
    """The calls that the reader still has to make, with whom to ask."""
    return read_calls(reading(), actor)


@bp.post("/<uuid:callback_id>")
@having_role("leader")
@bp.input(OutcomeSchema)
@bp.output(CallsSchema)
@bp.doc(responses=[404, 409])
def post_outcome(callback_id: UUID, actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Say what came of a call; answers with those that are left. The same again changes nothing."""
    with writing() as session:
        answer_callback(session, actor, callback_id, json_data["outcome"], json_data["text"], datetime.now(UTC))
        return read_calls(session, actor)


@bp.get("/draws")
@having_role("leader")
@bp.input(DrawsQuerySchema, location="query")
@bp.output(DrawsSchema)
@bp.doc(responses=[404])
def get_draws(actor: Actor, query_data: dict[str, Any]) -> dict[str, Any]:
    """What was drawn in the townships of an area; never for who belongs to them."""
    return read_draws(reading(), actor, query_data.get("area_code"), query_data.get("after"))


@bp.get("/draws/<uuid:draw_id>")
@having_role("leader")
@bp.output(DrawProofSchema)
@bp.doc(responses=[404])
def get_draw(draw_id: UUID, actor: Actor) -> dict[str, Any]:
    """One draw with its seed and all that could be drawn, so that it can be drawn again and compared."""
    return read_draw(reading(), actor, draw_id)


@bp.post("/draws")
@having_role("leader")
@bp.input(DrawWantedSchema)
@bp.output(DrawnSchema)
@bp.doc(responses=[404, 409])
def post_draw(actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Draw settlements of some days in a township, or in every township of an area above."""
    with writing() as session:
        return draw_callbacks(session, actor, DrawWanted(**json_data), datetime.now(UTC))
