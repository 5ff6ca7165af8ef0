"""What a phone needs to know beside records: the places and units of its user."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from server.actions.workdays import calendar
from server.domain.access import Actor, cadre_townships
from server.domain.areas import ancestor
from server.store.areas import bare_areas, township_codes, townships_with_villages
from server.store.responsibilities import rules_of
from server.store.tables import Unit
from server.store.units import units_for


def townships_of(session: Session, actor: Actor) -> list[str]:
    """The townships where he records or coordinates: their records are on his phone."""
    return sorted(cadre_townships(actor) | set(township_codes(session, actor.areas("coordinator"))))


def read_reference(session: Session, actor: Actor, today: date) -> dict[str, Any]:
    """The townships where he records or coordinates, with all their villages, and the units that a
    matter there can be assigned to, and what is needed to say whose it will be and until when: the
    responsibility lists of the counties, and which days differ from the week in the last, this and the next year.
    For a handler, the units of his own unit's area and above, and the townships in it without their villages:
    two villages may have one name."""
    townships = townships_of(session, actor)
    own = set(actor.areas("cadre"))
    unit_areas = [unit.area_code for unit_id in actor.units() if (unit := session.get(Unit, unit_id))]
    handled = set(township_codes(session, unit_areas)) - set(townships)
    return {
        "areas": [
            {**area, "own": area["code"] in own or area["parent_code"] in own}
            for area in [*townships_with_villages(session, townships), *bare_areas(session, handled)]
        ],
        "units": units_for(session, [*townships, *unit_areas]),
        "rules": [
            {
                "id": rule.id,
                "county_code": county,
                "category": rule.duty.category,
                "level": rule.duty.level,
                "unit_id": rule.duty.unit_id,
                "days_allowed": rule.duty.days_allowed,
                "township_may_settle": rule.duty.township_may_settle,
                "valid_from": rule.valid_from,
                "valid_until": rule.valid_until,
            }
            for county in sorted({ancestor(code, "county") for code in townships})
            for rule in rules_of(session, county)
        ],
        "calendar": _days_around(today.year),
    }


@cache
def _days_around(year: int) -> dict[str, list[date]]:
    """Which days differ from the week in the year before, this and the next."""
    known = calendar().between(year - 1, year + 1)
    return {"days_off": sorted(known.days_off), "working_days": sorted(known.working_days)}
