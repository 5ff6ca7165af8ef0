"""Cases of the responsibility list that both sides must answer alike: whose a new matter is, and until when.

The list, the days off and the moments are fixed, so that the file stays the same: it asks around every edge of
two rules' times, and around the long holidays of 2025.
"""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

from server.actions.workdays import calendar
from server.domain.responsibilities import Duty, Rule, due_day_by, rule_for, unit_by
from server.domain.times import SHANGHAI, shanghai_day

_BEGAN = datetime(2025, 1, 6, 1, 0, tzinfo=UTC)
_CHANGED = datetime(2025, 9, 29, 2, 30, 15, 250_000, tzinfo=UTC)
_STRUCK = datetime(2025, 10, 10, 9, 0, tzinfo=UTC)
_COUNTY, _CITY, _PROVINCE = (UUID(int=number) for number in (1, 2, 3))


def _rules() -> list[Rule]:
    lines = [
        # Its township may settle it, until it no longer may.
        ("road", "township", None, 10, True, _BEGAN, _CHANGED),
        ("road", "township", None, 10, False, _CHANGED, None),
        ("road", "county", _COUNTY, 15, False, _BEGAN, None),
        # The lowest level that has one; then only the highest.
        ("water", "county", _COUNTY, 7, False, _BEGAN, _CHANGED),
        ("water", "prefecture", _CITY, 20, False, _BEGAN, _STRUCK),
        ("water", "province", _PROVINCE, 40, False, _CHANGED, None),
        # Faster, with the same unit; then struck out.
        ("health", "county", _COUNTY, 5, False, _BEGAN, _CHANGED),
        ("health", "county", _COUNTY, 1, False, _CHANGED, _STRUCK),
        # Nobody above may be asked.
        ("land", "township", None, 30, False, _BEGAN, None),
        # So long that the law comes first, around the Spring Festival.
        ("dispute", "township", None, 40, True, _BEGAN, None),
    ]
    return [
        Rule(UUID(int=number), Duty(category, level, unit, days, "", settles), since, until)
        for number, (category, level, unit, days, settles, since, until) in enumerate(lines, start=101)
    ]


def _moments() -> list[datetime]:
    instant = timedelta(milliseconds=1)
    edges = [at + shift for at in (_BEGAN, _CHANGED, _STRUCK) for shift in (-instant, timedelta(0), instant)]
    around = [(2025, 1, 24), (2025, 1, 26), (2025, 2, 8), (2025, 4, 30), (2025, 9, 26), (2025, 9, 28), (2025, 9, 30)]
    days = [datetime(*day, 23, 59, 59, tzinfo=SHANGHAI) for day in around]
    return sorted(
        [*edges, *days, datetime(2024, 12, 31, 23, 59, tzinfo=SHANGHAI), datetime(2027, 1, 1, tzinfo=SHANGHAI)]
    )


def responsibility_cases() -> dict[str, Any]:
    """The list and the days off as a phone gets them, and for each moment and category what must come of it."""
    rules, known = _rules(), calendar().between(2025, 2025)
    cases = []
    for at, category, on_the_spot in product(
        _moments(), ("road", "water", "health", "land", "dispute", "other"), (0, 1)
    ):
        rule = rule_for(rules, category, at)
        unit_id = unit_by(rule, on_the_spot=bool(on_the_spot))
        cases.append(
            {
                "at": at.isoformat(timespec="milliseconds"),
                "category": category,
                "on_the_spot": bool(on_the_spot),
                "rule": str(rule.id) if rule else None,
                "unit": str(unit_id) if unit_id else None,
                "due_day": due_day_by(rule, shanghai_day(at), known).isoformat(),
            }
        )
    return {
        "calendar": {
            "days_off": sorted(day.isoformat() for day in known.days_off),
            "working_days": sorted(day.isoformat() for day in known.working_days),
        },
        "rules": [
            {
                "id": str(rule.id),
                "county_code": "430581000000",
                "category": rule.duty.category,
                "level": rule.duty.level,
                "unit_id": str(rule.duty.unit_id) if rule.duty.unit_id else None,
                "days_allowed": rule.duty.days_allowed,
                "township_may_settle": rule.duty.township_may_settle,
                "valid_from": rule.valid_from.isoformat(),
                "valid_until": rule.valid_until.isoformat() if rule.valid_until else None,
            }
            for rule in rules
        ],
        "cases": cases,
    }
