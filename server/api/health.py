"""Whether the server can do its work: for who watches it."""

import logging

from apiflask import APIBlueprint

from server.api.who import anyone
from server.domain.refusals import Refusal
from server.schemas.health import HealthSchema
from server.store.db import reading
from server.store.schema import newest_schema, schema_of

bp = APIBlueprint("health", __name__, url_prefix="/api/health", tag="health")
log = logging.getLogger(__name__)


@bp.get("")
@anyone
@bp.output(HealthSchema)
def get_health() -> dict[str, str]:
    """Say `ok` if the database answers and has the schema of this version, else 503; nothing else is told."""
    found, wanted = schema_of(reading()), newest_schema()
    if found != wanted:
        log.error("database: its schema is %s, the server's %s", found, wanted)
        raise Refusal("busy")
    return {"status": "ok"}
