"""Draw which settlements are called back, and show what was drawn so that it can be checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.domain.access import Actor
from server.domain.areas import ancestor
from server.domain.callbacks import (
    Settlement,
    callers_of,
    check_days,
    drawn,
    may_draw,
    next_caller,
    sample_size,
)
from server.domain.refusals import Refusal
from server.domain.times import shanghai_day
from server.domain.words import LIMITS
from server.store import callbacks as store
from server.store.areas import children, get_area, names, township_codes
from server.store.tables import Area, Callback, CallbackDraw
from server.store.units import unit_areas

Population = dict[UUID, tuple[Settlement, list[Actor]]]
"""What can be drawn, by its event, and who could phone about it."""


@dataclass(frozen=True)
class DrawWanted:
    """Draw in a township, or in every township of an area, what was settled in some days."""

    area_code: str
    first: date
    last: date


def draw_callbacks(session: Session, actor: Actor, wanted: DrawWanted, now: datetime) -> dict[str, Any]:
    """Draw, once per township and day, and give each call to somebody. A township that had one of the days drawn
    before is left as it is.

    Refusals: area_not_found (also for who belongs to the township), period_invalid, draw_days_invalid,
    already_drawn (in every one of the townships).
    """
    own_units = unit_areas(session, actor.units())
    townships = [code for code in township_codes(session, [wanted.area_code]) if may_draw(actor, code, own_units)]
    if not townships:
        raise Refusal("area_not_found", "area_code")
    check_days(wanted.first, wanted.last, shanghai_day(now))
    store.lock_townships(session, townships)
    before = store.drawn_already(session, townships, wanted.first, wanted.last)
    left = [code for code in townships if code not in before]
    if not left:
        raise Refusal("already_drawn", "area_code")
    made = []
    for county in sorted({ancestor(code, "county") for code in left}):
        of_county = [code for code in left if ancestor(code, "county") == county]
        made += _draw_in_county(session, actor, county, of_county, wanted, now)
    areas = names(session, [*before, *(draw.area_code for draw in made)])
    return {
        "draws": [_draw_line(draw, areas[draw.area_code], None) for draw in made],
        "before": [{"code": code, "name": areas[code], "level": "township"} for code in sorted(before)],
    }


def _draw_in_county(
    session: Session, actor: Actor, county: str, townships: Sequence[str], wanted: DrawWanted, now: datetime
) -> list[CallbackDraw]:
    """Draw in these townships of one county; one in which nothing was settled has nothing to be drawn."""
    area = townships[0] if len(townships) == 1 else county
    counts = store.settled_counts(session, area, wanted.first, wanted.last)
    leaders = [user.actor() for user in store.leaders_above(session, county)]
    areas = unit_areas(session, {unit_id for leader in leaders for unit_id in leader.units()})
    load = store.open_loads(session, [leader.id for leader in leaders])
    populations: dict[str, Population] = {code: {} for code in townships}
    for settlement in store.settlements(session, area, wanted.first, wanted.last):
        callers = callers_of(settlement, leaders, areas)
        if callers and settlement.township_code in populations:
            populations[settlement.township_code][settlement.event_id] = (settlement, callers)
    made = []
    for township in townships:
        if counts.get(township):
            population = populations[township]
            size = sample_size(counts[township], len(population))
            draw = CallbackDraw(
                id=uuid7(), area_code=township, first_day=wanted.first, last_day=wanted.last, seed=token_hex(16),
                settled=counts[township], population=sorted(map(str, population)), size=size,
                drawn_at=now, drawn_by=actor.id,
            )  # fmt: skip
            session.add(draw)
            session.flush()
            session.add_all(_calls(draw, population, load))
            made.append(draw)
    session.flush()
    return made


def _calls(draw: CallbackDraw, population: Population, load: dict[UUID, int]) -> list[Callback]:
    """One call for each settlement drawn. `load` is how many each caller has, and grows."""
    calls = []
    for event_id in drawn(draw.seed, population, draw.size):
        settlement, callers = population[event_id]
        caller = next_caller(draw.seed, callers, load)
        load[caller.id] = load.get(caller.id, 0) + 1
        call = Callback(id=uuid7(), draw_id=draw.id, matter_id=settlement.matter_id, event_id=event_id)
        call.caller_id = caller.id
        calls.append(call)
    return calls


def read_draws(session: Session, actor: Actor, area_code: str | None, after: str | None) -> dict[str, Any]:
    """The draws of an area's townships, a page at a time.

    Refusals: area_not_found, invalid (a page mark that is none).
    """
    own_units = unit_areas(session, actor.units())
    own = [code for code in actor.areas("leader") if _has_townships_for(session, actor, code)]
    code = area_code or (own[0] if own else None)
    area = get_area(session, code) if code else None
    if area is None or not _has_townships_for(session, actor, area.code):
        raise Refusal("area_not_found", "area_code")
    page = store.draws(session, area.code, _page_mark(after), LIMITS["matters_per_page"] + 1)
    following = page[LIMITS["matters_per_page"] - 1][0] if len(page) > LIMITS["matters_per_page"] else None
    page = page[: LIMITS["matters_per_page"]]
    counts = store.counts_of(session, [draw.id for draw, _ in page])
    places = [place for one in own if (place := get_area(session, one))]
    places += [child for child in children(session, area.code) if child.level != "village" and child not in places]
    return {
        "area": _place(area),
        "places": [_place(place) for place in places],
        "draws": [
            _draw_line(draw, township.name, counts.get(draw.id))
            for draw, township in page
            if may_draw(actor, draw.area_code, own_units)
        ],
        "next": f"{following.last_day.isoformat()}~{following.id}" if following else None,
    }


def read_draw(session: Session, actor: Actor, draw_id: UUID) -> dict[str, Any]:
    """One draw with everything that is needed to check it. Refusal: draw_not_found."""
    draw = session.get(CallbackDraw, draw_id)
    if draw is None or not may_draw(actor, draw.area_code, unit_areas(session, actor.units())):
        raise Refusal("draw_not_found")
    calls = store.callbacks_of(session, draw.id)
    still = store.still_to_ask(session, calls)
    counts = store.counts_of(session, [draw.id]).get(draw.id)
    return {
        **_draw_line(draw, names(session, [draw.area_code])[draw.area_code], counts),
        "seed": draw.seed,
        "population": draw.population,
        "calls": [
            {
                "event_id": call.event_id,
                "matter_id": call.matter_id,
                "title": call.matter.title,
                "village_name": call.matter.village.name,
                "caller_name": call.caller.name,
                "outcome": call.outcome,
                "text": call.text,
                "moot": call.outcome is None and call.event_id not in still,
            }
            for call in calls
        ],
    }


def _has_townships_for(session: Session, actor: Actor, code: str) -> bool:
    """True if the actor may draw in some township of this area."""
    own_units = unit_areas(session, actor.units())
    return any(may_draw(actor, township, own_units) for township in township_codes(session, [code]))


def _place(area: Area) -> dict[str, str]:
    return {"code": area.code, "name": area.name, "level": area.level}


def _draw_line(draw: CallbackDraw, area_name: str, counts: store.DrawCounts | None) -> dict[str, Any]:
    counts = counts or store.DrawCounts(0, 0, 0)
    return {
        "id": draw.id,
        "area_code": draw.area_code,
        "area_name": area_name,
        "from": draw.first_day,
        "to": draw.last_day,
        "drawn_at": draw.drawn_at,
        "settled": draw.settled,
        "could_be_drawn": len(draw.population),
        "size": draw.size,
        "called": counts.answered + counts.unanswered,
        "answered": counts.answered,
        "confirmed": counts.confirmed,
    }


def _page_mark(after: str | None) -> tuple[date, UUID] | None:
    if after is None:
        return None
    day, _, draw_id = after.partition("~")
    try:
        return date.fromisoformat(day), UUID(draw_id)
    except ValueError as error:
        raise Refusal("invalid", "after") from error
