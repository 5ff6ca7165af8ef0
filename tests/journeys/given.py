"""Matters that are there when a desk's day begins, entered through the API."""

from datetime import UTC, datetime, timedelta
from typing import Any

from uuid6 import uuid7

from tests.cast import ADMIN, AUDITOR, BUREAU, CADRE, COORDINATOR, COUNTY, SHARED_VILLAGE, Person
from tests.harness.caller import Caller, mutation
from tests.harness.live_server import LiveServer
from tests.journeys.hands import new_matter, new_visit

Json = dict[str, Any]


def days_ago(days: float) -> datetime:
    """A moment so many days ago."""
    return datetime.now(UTC) - timedelta(days=days)


def raise_matter(server: LiveServer, title: str, *, days: float = 0, detail: str | None = None) -> Json:
    """A matter that CADRE raised in SHARED_VILLAGE."""
    matter = new_matter(title, "road")
    if detail:
        matter["detail"] = detail
    push(server, CADRE, new_visit(SHARED_VILLAGE, days_ago(days), [matter]))
    return matter


def give(server: LiveServer, title: str, *, days: float = 0) -> Json:
    """A matter that the coordinator gave to BUREAU."""
    matter = raise_matter(server, title, days=days)
    units = Caller(server.url, COORDINATOR).call("GET", "/api/reference")["units"]
    bureau = next(unit["id"] for unit in units if unit["name"] == BUREAU)
    push(server, COORDINATOR, act(matter, "assign", unit_id=bureau))
    return matter


def act(matter: Json, what: str, **more: Any) -> Json:
    """The mutation for an act, now."""
    args = {"event_id": str(uuid7()), "matter_id": matter["id"], "act": what, **more}
    return mutation("matter.act", {**args, "happened_at": days_ago(0).isoformat()})


def push(server: LiveServer, person: Person, sent: Json) -> None:
    """Send it as this person; it must not be refused."""
    [receipt] = Caller(server.url, person).push([sent])
    assert receipt["status"] == "applied", receipt["error"]


def county_coordinator(server: LiveServer) -> Person:
    """Somebody of the cast who coordinates the whole county, too."""
    Caller(server.url, ADMIN).give_role(AUDITOR, "coordinator", COUNTY)
    return AUDITOR


def duty(unit: str | None = BUREAU, **more: Any) -> Json:
    """A line of the responsibility list: what the county's BUREAU does about roads within ten working days."""
    said = {"category": "road", "level": "county" if unit else "township", "unit": unit, "days_allowed": 10}
    return {**said, "legal_basis": "《公路法》第三十五条", "township_may_settle": False, **more}
