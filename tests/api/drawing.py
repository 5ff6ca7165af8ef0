"""What callbacks are drawn from: settled matters of 邓家铺镇 with telephone numbers, and the leaders above it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Flask

from server.actions.accounts import GrantWanted, add_user
from server.store.db import writing
from tests import cast
from tests.api.mutations import Json, new_matter, noon, resolved_on_the_spot, visit
from tests.api.people import Caller, SignIn
from tests.cast import Person
from tests.harness.hearing import let_hear

DAYS = {"from": "2025-02-01", "to": "2025-02-28"}
VICE = Person("county_vice", "田春生", (GrantWanted("leader", cast.COUNTY),))
BOTH = Person("county_and_town", "石磊", (GrantWanted("leader", cast.COUNTY), GrantWanted("leader", cast.TOWNSHIP)))
"""Leads the county, and has a part in the township besides: he must not be told."""


def move_in(app: Flask) -> None:
    """Give the further leaders an account."""
    with app.app_context(), writing() as session:
        for person in (VICE, BOTH):
            add_user(session, person.username, person.name, cast.PASSWORD, person.grants)


def resident(number: int) -> Json:
    return {"name": f"群众{number}", "phone": f"139{number:08}"}


def settled(number: int, **more: Any) -> Json:
    """A matter resolved on the spot, whose resident left his number."""
    told = {"title": f"第{number}件", "resident": resident(number), "resolved": resolved_on_the_spot(f"办好了{number}")}
    return new_matter(**{**told, **more})


def settlement_of(matter: Json) -> str:
    """The entry that settled this matter on the spot."""
    return str(matter["resolved"]["event_id"])


def settle(
    sign_in: SignIn, matters: list[Json], day: str = "2025-02-10", heard_on: str | None = None, **more: Any
) -> list[Json]:
    """Let the cadre record these matters on a day, and the server hear of them then, or later."""
    cadre = sign_in(cast.CADRE)
    for start in range(0, len(matters), 20):
        cadre.apply(visit(*matters[start : start + 20], happened_at=noon(day), **more))
    hear(cadre, matters, heard_on or day)
    return matters


def hear(caller: Caller, matters: list[Json], day: str) -> None:
    """Let the server have heard on this day of all that was entered about these matters."""
    with caller.http.application.app_context(), writing() as session:
        at = datetime.fromisoformat(noon(day)).astimezone(UTC)
        let_hear(session, at, [UUID(matter["id"]) for matter in matters])


def draw(leader: Caller, area_code: str = cast.TOWNSHIP, **days: str) -> Json:
    """Draw, and return what was drawn."""
    answer = leader.post("/api/callbacks/draws", {"area_code": area_code, **DAYS, **days})
    assert answer.status_code == 200, answer.get_json()
    body: Json = answer.get_json()
    return body


def proof(leader: Caller, draw_id: str) -> Json:
    answer = leader.get(f"/api/callbacks/draws/{draw_id}")
    assert answer.status_code == 200, answer.get_json()
    body: Json = answer.get_json()
    return body


def calls(leader: Caller) -> list[Json]:
    """What the leader still has to phone about."""
    answer = leader.get("/api/callbacks")
    assert answer.status_code == 200, answer.get_json()
    found: list[Json] = answer.get_json()["calls"]
    return found


def say(leader: Caller, call_id: str, outcome: str, text: str | None = None) -> Any:
    """Say what came of a call; the answer as it is."""
    return leader.post(f"/api/callbacks/{call_id}", {"outcome": outcome, "text": text})
