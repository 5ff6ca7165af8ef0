"""Callbacks (回访): which settlements are drawn, so that anybody can draw again, and who phones.

A draw lists everything that could be drawn (its population) and a seed that the server made. Whoever holds both
gets the same sample again: `drawn()` needs nothing else. The township is not told which (DESIGN §2, issue 3).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from server.domain.access import Actor
from server.domain.areas import level_of, within
from server.domain.refusals import Refusal
from server.domain.words import LEVELS, RATINGS

SHARE_PERCENT = 10
"""How much of what a township settled in the days is called back."""

AT_LEAST = 3
AT_MOST = 30
"""A small township is asked enough to mean something, a large one can be phoned in a week."""

LONGEST_DAYS = 92
"""A quarter: who is asked about what was settled longer ago doesn't remember."""

ANSWERED = frozenset(RATINGS)
"""Outcomes of a call that are the resident's own word; the others say that there was none."""


@dataclass(frozen=True)
class Settlement:
    """What could be drawn: the event that settled a matter, with everybody who had a part in that matter.
    `units`: every unit that it was ever with."""

    event_id: UUID
    matter_id: UUID
    township_code: str
    people: frozenset[UUID]
    units: frozenset[UUID]


def check_days(first: date, last: date, today: date) -> None:
    """Refuse days that are not over yet, for what is settled in them later could not be drawn any more, and
    more than LONGEST_DAYS of them (`draw_days_invalid`)."""
    if last < first:
        raise Refusal("period_invalid", "to")
    if last >= today or (last - first).days >= LONGEST_DAYS:
        raise Refusal("draw_days_invalid", "to")


def sample_size(settled: int, population: int) -> int:
    """How many to draw, of `population` that can be, where `settled` matters were settled in all."""
    share = -(-settled * SHARE_PERCENT // 100)
    return min(max(share, AT_LEAST), AT_MOST, population)


def drawn(seed: str, population: Iterable[UUID], size: int) -> list[UUID]:
    """The first `size` of the population, in the order of SHA-256 of "<seed>:<id>" (lower-case hexadecimal)."""
    return sorted(population, key=lambda event_id: _lot(seed, event_id))[:size]


def _lot(seed: str, drawn_id: UUID) -> str:
    return sha256(f"{seed}:{drawn_id}".encode()).hexdigest()


def leads_above(actor: Actor, township_code: str) -> bool:
    """True for a leader of an area that contains the township and more."""
    return _nearest(actor, township_code) > 0


def belongs_to(actor: Actor, township_code: str, unit_areas: Mapping[UUID, str]) -> bool:
    """True for who has any role inside the township, or in a unit of it: he is not told what was drawn,
    whatever he is besides. `unit_areas`: the area of each unit that he handles for."""
    areas = [grant.area_code for grant in actor.grants if grant.area_code]
    areas += [unit_areas[unit_id] for unit_id in actor.units() if unit_id in unit_areas]
    return any(within(area, township_code) for area in areas)


def may_draw(actor: Actor, township_code: str, unit_areas: Mapping[UUID, str]) -> bool:
    """True for who draws a township's callbacks, and sees what came of them."""
    return leads_above(actor, township_code) and not belongs_to(actor, township_code, unit_areas)


def may_call(actor: Actor, settlement: Settlement, unit_areas: Mapping[UUID, str]) -> bool:
    """True for a leader from above the township who had no part in the matter: no entry in it, no role in a unit
    that it was with, and not the coordinator of its place, who has everything in it assigned."""
    coordinates = any(within(settlement.township_code, area) for area in actor.areas("coordinator"))
    uninvolved = actor.id not in settlement.people and not actor.units() & settlement.units and not coordinates
    return uninvolved and may_draw(actor, settlement.township_code, unit_areas)


def callers_of(settlement: Settlement, leaders: Iterable[Actor], unit_areas: Mapping[UUID, str]) -> list[Actor]:
    """Who could phone: of those who may call, the nearest to the township. A province has one or two leaders for
    thousands of townships, so that they are asked only where no county or prefecture has anybody."""
    able = [leader for leader in leaders if may_call(leader, settlement, unit_areas)]
    nearest = max((_nearest(leader, settlement.township_code) for leader in able), default=0)
    return [leader for leader in able if _nearest(leader, settlement.township_code) == nearest]


def next_caller(seed: str, callers: Sequence[Actor], load: Mapping[UUID, int]) -> Actor:
    """Who has the fewest calls so far (`load`); among equals the lot decides."""
    return min(callers, key=lambda caller: (load.get(caller.id, 0), _lot(seed, caller.id)))


def _nearest(actor: Actor, township_code: str) -> int:
    """The depth of the nearest area above the township that the actor leads, from 1 (a province); 0: none."""
    above = (code for code in actor.areas("leader") if code != township_code and within(township_code, code))
    return max((list(LEVELS).index(level_of(code)) + 1 for code in above), default=0)
