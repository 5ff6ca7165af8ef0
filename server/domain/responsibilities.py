"""The responsibility list (权责清单): who must act on what, and how soon.

A county's list has at most one rule for a category at a level. Rules are never changed: an edit ends one and
begins another, so that a matter keeps the rule that held when it was raised.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from server.domain.access import Actor
from server.domain.areas import ancestor, within
from server.domain.refusals import Refusal
from server.domain.times import due_day_by_law
from server.domain.words import RESPONSIBILITY_LEVELS
from server.domain.workdays import Calendar


@dataclass(frozen=True)
class Duty:
    """What one line of the list says. `unit_id` None: each village's own township, and only there `level` is
    township. `days_allowed` are working days. `township_may_settle` is said of a township's line
    alone: False means that it must pass such matters on."""

    category: str
    level: str
    unit_id: UUID | None
    days_allowed: int
    legal_basis: str
    township_may_settle: bool


@dataclass(frozen=True)
class Rule:
    """A duty, and from when until when it held (UTC; the end is not part of it, None: it still holds)."""

    id: UUID
    duty: Duty
    valid_from: datetime
    valid_until: datetime | None

    def held(self, at: datetime) -> bool:
        """True if it held at that moment."""
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


def rule_for(rules: Iterable[Rule], category: str, at: datetime) -> Rule | None:
    """The rule for a matter that was raised `at`: the township's own if it may settle such matters, else the
    one of the lowest level above it; None if the list said nothing then."""
    found = {rule.duty.level: rule for rule in rules if rule.duty.category == category and rule.held(at)}
    township = found.pop("township", None)
    if township and township.duty.township_may_settle:
        return township
    return next((found[level] for level in RESPONSIBILITY_LEVELS if level in found), None)


def unit_by(rule: Rule | None, *, on_the_spot: bool) -> UUID | None:
    """The unit above the township that must act by the rule; None: the township's own. What was resolved on
    the spot was done by the township, whoever should have."""
    return rule.duty.unit_id if rule and not on_the_spot else None


def due_day_by(rule: Rule | None, raised_day: date, calendar: Calendar) -> date:
    """The last day to close a matter by its rule, never later than by law."""
    by_law = due_day_by_law(raised_day)
    return min(calendar.after(raised_day, rule.duty.days_allowed), by_law) if rule else by_law


@dataclass(frozen=True)
class Difference:
    """How one list becomes another: the rules that end, and the duties that begin."""

    ended: list[Rule]
    begun: list[Duty]


def difference(rules: Sequence[Rule], wanted: Sequence[Duty]) -> Difference:
    """What must end and begin so that the list says `wanted`; what stays the same is left alone."""
    return Difference(
        [rule for rule in rules if rule.duty not in wanted],
        [duty for duty in wanted if duty not in {rule.duty for rule in rules}],
    )


def check_duties(duties: Sequence[Duty], county_code: str, unit_areas: dict[UUID, str]) -> None:
    """Refuse a list that cannot be (`rule_twice`, or what refusal_of_duty says), naming the line.
    `unit_areas`: the area of each unit that exists."""
    seen: set[tuple[str, str]] = set()
    for number, duty in enumerate(duties):
        if (duty.category, duty.level) in seen:
            raise Refusal("rule_twice", f"rules.{number}.level")
        seen.add((duty.category, duty.level))
        if wrong := refusal_of_duty(duty, county_code, unit_areas):
            field, code = wrong
            raise Refusal(code, f"rules.{number}.{field}")


def refusal_of_duty(duty: Duty, county_code: str, unit_areas: dict[UUID, str]) -> tuple[str, str] | None:
    """Say of one line which field is wrong and why, or None: `unit_unknown`, `unit_not_of_level`,
    `field_required` (a unit), `settles_above_township`."""
    if duty.level == "township":
        return ("unit_id", "unit_not_of_level") if duty.unit_id else None
    if duty.unit_id is None:
        return "unit_id", "field_required"
    if duty.unit_id not in unit_areas:
        return "unit_id", "unit_unknown"
    if unit_areas[duty.unit_id] != ancestor(county_code, duty.level):
        return "unit_id", "unit_not_of_level"
    return ("township_may_settle", "settles_above_township") if duty.township_may_settle else None


def may_edit_list(actor: Actor, county_code: str) -> bool:
    """The list is kept by the county's own coordinators: one of a township would decide for the others."""
    return county_code in actor.areas("coordinator")


def may_read_list(actor: Actor, county_code: str, unit_areas: Iterable[str]) -> bool:
    """Whoever works by it: cadres and coordinators of the county, its leaders and those above it, and
    handlers of a unit that it can name. `unit_areas`: the areas of the reader's units."""
    above = [*actor.areas("leader"), *unit_areas]
    inside = [*above, *actor.areas("cadre"), *actor.areas("coordinator")]
    return any(within(code, county_code) for code in inside) or any(within(county_code, code) for code in above)
