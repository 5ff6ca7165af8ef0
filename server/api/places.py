"""Areas and units: an administrator's screen."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from server.actions.areas import COLUMNS, import_areas, read_areas, rename_area
from server.actions.units import add_own_unit, rename_own_unit
from server.api.who import having_role
from server.domain.access import Actor
from server.schemas.places import (
    AreaPageSchema,
    AreaQuerySchema,
    DivisionsFileSchema,
    ImportedSchema,
    NewUnitSchema,
    PlaceNameSchema,
)
from server.schemas.rows import read_rows
from server.store.db import reading, writing

bp = APIBlueprint("places", __name__, url_prefix="/api", tag="people")

_LISTED = 100


class _SomeRefusedError(Exception):
    """Some rows are wrong: roll everything back."""


@bp.get("/areas")
@having_role("admin")
@bp.input(AreaQuerySchema, location="query")
@bp.output(AreaPageSchema)
@bp.doc(responses=[404])
def get_areas(actor: Actor, query_data: dict[str, Any]) -> dict[str, Any]:
    """An area with its units and the areas directly below."""
    return read_areas(reading(), actor, query_data.get("code"))


@bp.put("/areas/<string:code>/name")
@having_role("admin")
@bp.input(PlaceNameSchema)
@bp.output(AreaPageSchema)
@bp.doc(responses=[404, 409])
def put_area_name(code: str, actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Rename an area; a township's government follows it."""
    with writing() as session:
        return rename_area(session, actor, code, json_data["name"])


@bp.post("/areas/import")
@having_role("admin")
@bp.input(DivisionsFileSchema, location="files")
@bp.output(ImportedSchema)
def post_areas(actor: Actor, files_data: dict[str, Any]) -> dict[str, Any]:
    """Add and rename divisions from a CSV file: all of them, or none."""
    rows = read_rows(files_data["file"].read(), COLUMNS)
    refused: list[dict[str, Any]] = []
    try:
        with writing() as session:
            refused = import_areas(session, actor, rows)
            if refused:
                raise _SomeRefusedError
    except _SomeRefusedError:
        return {"imported": 0, "refused_count": len(refused), "refused": refused[:_LISTED]}
    return {"imported": len(rows), "refused_count": 0, "refused": []}


@bp.post("/units")
@having_role("admin")
@bp.input(NewUnitSchema)
@bp.output(AreaPageSchema)
@bp.doc(responses=[404, 409])
def post_unit(actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Add a unit at an area."""
    with writing() as session:
        return add_own_unit(session, actor, json_data["name"], json_data["area_code"])


@bp.put("/units/<uuid:unit_id>/name")
@having_role("admin")
@bp.input(PlaceNameSchema)
@bp.output(AreaPageSchema)
@bp.doc(responses=[404, 409])
def put_unit_name(unit_id: UUID, actor: Actor, json_data: dict[str, Any]) -> dict[str, Any]:
    """Rename a unit; its matters stay with it."""
    with writing() as session:
        return rename_own_unit(session, actor, unit_id, json_data["name"])
