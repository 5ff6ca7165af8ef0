"""The case library (好经验)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, jsonify, request

from server.actions.cases import mark_case, mark_of_cases, read_case_draft, read_cases, withdraw_case
from server.api.who import having_role, signed_in
from server.domain.access import Actor
from server.schemas.cases import CaseDraftSchema, CasesSchema, CaseTextsSchema, WithdrawnSchema
from server.store.db import reading, writing

bp = APIBlueprint("cases", __name__, url_prefix="/api", tag="cases")


@bp.get("/cases")
@signed_in
@bp.output(CasesSchema)
def get_cases(actor: Actor) -> Any:
    """The library; with an ETag, 304 when nothing changed."""
    session = reading()
    mark = mark_of_cases(session, actor)
    known = request.if_none_match.contains(mark)
    response = Response(status=304) if known else jsonify(CasesSchema().dump(read_cases(session, actor)))
    response.set_etag(mark)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.get("/matters/<uuid:matter_id>/case-draft")
@having_role("leader")
@bp.output(CaseDraftSchema)
@bp.doc(responses=[404, 409])
def get_case_draft(matter_id: UUID, actor: Actor) -> dict[str, Any]:
    """The texts from which a leader makes a settled matter of his area a case."""
    return read_case_draft(reading(), actor, matter_id)


@bp.put("/cases/<uuid:matter_id>")
@having_role("leader")
@bp.input(CaseTextsSchema)
@bp.output(CaseDraftSchema)
@bp.doc(responses=[404, 409])
def put_case(matter_id: UUID, actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Put a settled matter into the library; persons and places still named in the texts are replaced."""
    category = json_data.pop("category")
    with writing() as session:
        return mark_case(session, actor, matter_id, category, json_data, datetime.now(UTC))


@bp.delete("/cases/<uuid:matter_id>")
@having_role("leader")
@bp.output(WithdrawnSchema)
@bp.doc(responses=[404])
def delete_case(matter_id: UUID, actor: Actor) -> dict[str, bool]:
    """Take a case out of the library."""
    with writing() as session:
        withdraw_case(session, actor, matter_id, datetime.now(UTC))
    return {"listed": False}
