"""Short histories of a matter in March 2026 as the server keeps them, and the legs that become of them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from server.domain.legs import Answer, Entry, Facts, Leg, legs_of

HOME, BUREAU, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
RESOLVED = UUID(int=9)
"""The id of the entry by which `resolved` ends."""
MARCH_1 = date(2026, 3, 1)
DUE = date(2026, 4, 30)


def march(day: int) -> date:
    return MARCH_1 + timedelta(days=day - 1)


def raised(day: int = 1, **more: Any) -> Entry:
    return Entry(UUID(int=100), "raise", march(day), "raised", **{"unit_id": HOME, "due_day": DUE, **more})


def assigned(day: int, unit_id: UUID = BUREAU, due_day: date | None = None) -> Entry:
    return Entry(UUID(int=101), "assign", march(day), "assigned", unit_id=unit_id, due_day=due_day)


def extended(day: int, due_day: date) -> Entry:
    return Entry(UUID(int=102), "extend", march(day), "raised", due_day=due_day)


def resolved(day: int, event_id: UUID = RESOLVED, *, on_the_spot: bool = False) -> Entry:
    return Entry(event_id, "resolve", march(day), "resolved", on_the_spot=on_the_spot)


def reopened(day: int, *, by_resident: bool = False) -> Entry:
    return Entry(UUID(int=103), "reopen", march(day), "reopened", by_resident=by_resident)


def confirmed(day: int) -> Entry:
    return Entry(UUID(int=104), "confirm", march(day), "confirmed", by_resident=True)


def legs(
    *entries: Entry, answers: Mapping[UUID, Answer] | None = None, beyond_power_day: date | None = None
) -> list[Leg]:
    return legs_of(Facts("430581105203", "road", "onsite", beyond_power_day, answers or {}), entries)
