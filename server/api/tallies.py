"""Tallies and the matters behind them."""

from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint

from server.actions.cells import add_up_if_due
from server.actions.tallies import Question, read_tally
from server.actions.tallies_behind import read_changes, read_matters_behind
from server.api.who import having_role
from server.domain.access import Actor
from server.domain.times import shanghai_day
from server.schemas.tallies import (
    ChangesQuerySchema,
    MattersQuerySchema,
    TallyChangesSchema,
    TallyMattersSchema,
    TallyQuerySchema,
    TallySchema,
)
from server.store.db import snapshot
from server.store.tallies import Narrowed

bp = APIBlueprint("tallies", __name__, url_prefix="/api/tallies", tag="tallies")


@bp.get("")
@having_role("leader")
@bp.input(TallyQuerySchema, location="query")
@bp.output(TallySchema)
@bp.doc(responses=[404])
def get_tally(actor: Actor, query_data: dict[str, Any]) -> dict[str, Any]:
    """The tally of an area and a period: what was raised and what became of it."""
    add_up_if_due()
    return read_tally(snapshot(), actor, question_of(query_data))


@bp.get("/matters")
@having_role("leader")
@bp.input(MattersQuerySchema, location="query")
@bp.output(TallyMattersSchema)
@bp.doc(responses=[404])
def get_matters_behind(actor: Actor, query_data: dict[str, Any]) -> dict[str, Any]:
    """Exactly the matters that one number of a tally counts."""
    return read_matters_behind(
        snapshot(),
        actor,
        question_of(query_data),
        query_data["measure"],
        narrowed(query_data),
        query_data.get("after"),
    )


@bp.get("/changes")
@having_role("leader")
@bp.input(ChangesQuerySchema, location="query")
@bp.output(TallyChangesSchema)
@bp.doc(responses=[404])
def get_changes(actor: Actor, query_data: dict[str, Any]) -> dict[str, Any]:
    """What changed of a period's numbers after it had ended, and by what."""
    return read_changes(snapshot(), actor, question_of(query_data), query_data.get("after"))


def narrowed(query: dict[str, Any]) -> Narrowed:
    """What narrows a list to a row of the tally."""
    return Narrowed(query.get("category"), query.get("kind"), query.get("unit_id"))


def question_of(query: dict[str, Any]) -> Question:
    """The area and period that were asked about, as of today."""
    return Question(query.get("area_code"), query["first"], query["last"], shanghai_day(datetime.now(UTC)))
