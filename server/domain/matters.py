"""How an event changes a matter: the fold of DESIGN §3, one step of it."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from server.domain.lifecycle import CLOSED_WITH_RESULT, OPEN_STATES, next_state, refusal
from server.domain.refusals import Refusal
from server.domain.times import Moment, due_day_by_law
from server.domain.words import EXTENSION_DAYS, FUTURE_TOLERANCE_MINUTES

CORRECTABLE = ("title", "category", "detail", "resident_name", "resident_phone")
PERSONAL = frozenset({"resident_name", "resident_phone"})
"""Corrections of these are shown only to who handles the matter (P6)."""


MOVES = frozenset({"assign", "return", "escalate"})
"""Acts after which another unit is responsible. A matter that was returned or sent up is the coordinator's, so it
is its township's own unit that is charged with it until it is assigned again (P3)."""


@dataclass(frozen=True)
class Standing:
    """Where a matter stands: everything that events change about it."""

    state: str
    unit_id: UUID
    due_day: date
    closed_at: datetime | None
    closed_day: date | None
    on_the_spot: bool
    merged_into_id: UUID | None
    beyond_power_day: date | None
    """When the township first said that it is beyond its power (P3)."""


@dataclass(frozen=True)
class Step:
    """What one event did: `refused_because` set means that it is kept as a note only."""

    before: Standing
    after: Standing
    refused_because: str | None


def kept_as_note(standing: Standing, why: str) -> Step:
    """An entry that changes nothing, and why."""
    return Step(standing, standing, why)


def take_step(
    before: Standing,
    act: str,
    relations: Set[str],
    moment: Moment,
    *,
    unit_id: UUID | None = None,
    due_day: date | None = None,
    merged_into_id: UUID | None = None,
    on_the_spot: bool = False,
    raised_day: date | None = None,
    beyond_power: bool = False,
    answered: bool = False,
) -> Step:
    """Apply `act`, or keep it as a note if it came too late. `unit_id`: where an act of MOVES leads. No
    matter is closed before its `raised_day`. `beyond_power`: the township says with it that it cannot do it.
    `answered`: a resident has said what he thinks of the matter.

    Raises Refusal (`act_unknown`, `not_allowed`) for what this person may never do.
    """
    why_not = refusal(act, before.state, relations, answered=answered)
    if why_not in {"act_unknown", "not_allowed"}:
        raise Refusal(why_not, "act")
    if why_not:
        return kept_as_note(before, why_not)
    state = next_state(act, before.state)
    after = replace(before, state=state)
    if act in MOVES:
        after = replace(after, unit_id=unit_id or before.unit_id)
    if act in {"assign", "extend"}:
        after = replace(after, due_day=due_day or before.due_day)
    if beyond_power:
        after = replace(after, beyond_power_day=before.beyond_power_day or max(moment.day, raised_day or moment.day))
    if act == "merge":
        after = replace(after, merged_into_id=merged_into_id)
    if state in CLOSED_WITH_RESULT and before.state in OPEN_STATES:
        closed_day = max(moment.day, raised_day or moment.day)
        after = replace(after, closed_at=moment.happened_at, closed_day=closed_day, on_the_spot=on_the_spot)
    if state in OPEN_STATES:
        after = replace(after, closed_at=None, closed_day=None, on_the_spot=False)
    return Step(before, after, None)


def check_after_raised(moment: Moment, raised: Moment) -> None:
    """Refuse what is claimed to have happened before its matter was raised (`time_before_raised`): it would
    tell earlier tallies anew.

    Each claim gets the benefit of what is known of its phone's clock: nobody loses an entry to a wrong one.
    """
    benefit = timedelta(seconds=max(moment.clock_offset_s, 0) - min(raised.clock_offset_s, 0))
    if raised.happened_at - moment.happened_at > benefit + timedelta(minutes=FUTURE_TOLERANCE_MINUTES):
        raise Refusal("time_before_raised", "happened_at")


def check_due_day(due_day: date | None, raised_day: date) -> None:
    """Refuse a day to close a matter that lies before it was raised or after the day by law
    (`due_day_out_of_range`): nothing becomes overdue, or stops being so, by a slip of the finger."""
    if due_day and not raised_day <= due_day <= due_day_by_law(raised_day):
        raise Refusal("due_day_out_of_range", "due_day")


def check_later_has_reason(due_day: date | None, standing: Standing, text: str | None) -> None:
    """Refuse a later day to close an open matter that is set without a word (`later_needs_reason`): that is an
    extension, whatever the act is called."""
    if standing.state in OPEN_STATES and due_day and due_day > standing.due_day and not text:
        raise Refusal("later_needs_reason", "text")


def check_extension(due_day: date | None, standing: Standing, raised_day: date) -> None:
    """Refuse an extension that makes it earlier, or goes further than EXTENSION_DAYS beyond the day by law
    (`extension_out_of_range`)."""
    latest = due_day_by_law(raised_day) + timedelta(days=EXTENSION_DAYS)
    if due_day and not standing.due_day < due_day <= latest:
        raise Refusal("extension_out_of_range", "due_day")


def changed_fields(
    before: Mapping[str, str | None], wanted: Mapping[str, str | None], seen: Mapping[str, str | None] | None = None
) -> list[dict[str, Any]]:
    """The corrections that really change something, as `{field, before, after}`; empty text is None. With
    `overtook: True` where what stood before is not what was `seen` when the field was changed: somebody's
    correction came in between, and the later one by the server's order stands.

    None at all: somebody else was first with the same. Raises Refusal `nothing_changed` if nothing is wanted.
    """
    if not wanted:
        raise Refusal("nothing_changed", "changes")
    changes: list[dict[str, Any]] = []
    for field in CORRECTABLE:
        if field not in wanted or (wanted[field] or None) == before[field]:
            continue
        changes.append({"field": field, "before": before[field], "after": wanted[field] or None})
        if seen and field in seen and (seen[field] or None) != before[field]:
            changes[-1]["overtook"] = True
    return changes
