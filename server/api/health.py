"""Whether the server can do its work: for who watches it."""

from apiflask import APIBlueprint

from server.api.who import anyone
from server.schemas.health import HealthSchema
from server.store.db import reading
from server.store.users import has_users

bp = APIBlueprint("health", __name__, url_prefix="/api/health", tag="health")


@bp.get("")
@anyone
@bp.output(HealthSchema)
def get_health() -> dict[str, str]:
    """Say `ok` if the database answers and has its tables, else 503; nothing else is told."""
    has_users(reading())
    return {"status": "ok"}
