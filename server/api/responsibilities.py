"""The responsibility list (权责清单) of a county."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from server.actions.responsibilities import export_list, import_list, read_list, save_list
from server.api.downloads import download
from server.api.who import signed_in
from server.domain.access import Actor
from server.domain.times import shanghai_day
from server.schemas.responsibilities import (
    CountyQuerySchema,
    CountySchema,
    ImportListSchema,
    ReadListSchema,
    ResponsibilityListSchema,
    SaveListSchema,
)
from server.store.db import reading, writing

bp = APIBlueprint("responsibilities", __name__, url_prefix="/api/responsibilities", tag="responsibilities")


@bp.get("")
@signed_in
@bp.input(CountyQuerySchema, location="query")
@bp.output(ResponsibilityListSchema)
@bp.doc(responses=[404])
def get_list(actor: Actor, query_data: dict[str, Any]) -> dict[str, Any]:
    """A county's list as it is now, with its latest changes; for whoever works by it."""
    return read_list(reading(), actor, query_data.get("county_code"))


@bp.put("")
@signed_in
@bp.input(SaveListSchema)
@bp.output(ResponsibilityListSchema)
@bp.doc(responses=[403, 404, 409])
def put_list(actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Save a county's whole list; 409 if somebody changed it since `version`. For the county's coordinator."""
    with writing() as session:
        save_list(session, actor, json_data["county_code"], json_data["version"], json_data["rules"], datetime.now(UTC))
    return read_list(reading(), actor, json_data["county_code"])


@bp.post("/import")
@signed_in
@bp.input(CountySchema, location="query")
@bp.input(ImportListSchema, location="files")
@bp.output(ReadListSchema)
@bp.doc(responses=[403, 404])
def post_file(actor: Actor, query_data: dict[str, Any], files_data: dict[str, Any]) -> dict[str, Any]:
    """What a CSV or XLSX file says, with a complaint for each wrong cell; nothing is saved."""
    return import_list(reading(), actor, query_data["county_code"], files_data["file"].read())


@bp.get("/export.csv", endpoint="get_csv", defaults={"ending": "csv"})
@bp.get("/export.xlsx", endpoint="get_xlsx", defaults={"ending": "xlsx"})
@signed_in
@bp.input(CountySchema, location="query")
@bp.doc(responses=[404])
def get_file(ending: str, actor: Actor, query_data: dict[str, Any]) -> Response:
    """The list as CSV or XLSX."""
    name, contents = export_list(reading(), actor, query_data["county_code"], ending)
    day = shanghai_day(datetime.now(UTC)).isoformat()
    return download(BytesIO(contents), f"{name}-{day}", ending)
