"""What people do with a county's responsibility list: read it, keep it, hand it in and take it home as a file."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session
from uuid6 import uuid7

from server.actions.sheets import csv_bytes, read_sheet, xlsx_bytes
from server.actions.workdays import calendar
from server.domain.access import Actor, area_scope
from server.domain.areas import level_of
from server.domain.duty_cells import COLUMNS, cells_of, read_lines
from server.domain.refusals import REFUSALS, Refusal
from server.domain.responsibilities import (
    Duty,
    Rule,
    check_duties,
    difference,
    may_edit_list,
    may_read_list,
)
from server.domain.words import CATEGORIES, RESPONSIBILITY_LEVELS
from server.store.areas import township_codes
from server.store.changes import ScopeLocks
from server.store.responsibilities import counties_around, read_rows, rules_of, units_above_townships
from server.store.tables import Area, Responsibility
from server.store.units import unit_areas

CHANGES_SHOWN = 200
_WIDTHS = (12, 12, 28, 20, 60, 12)


def read_list(session: Session, actor: Actor, county_code: str | None) -> dict[str, Any]:
    """A county's list and its latest changes. Refusal: area_not_found (there is none that he may read)."""
    counties = _counties(session, actor)
    county = _county(counties, county_code)
    rows = read_rows(session, county.code)
    changes = _changes(rows)
    may_edit = may_edit_list(actor, county.code)
    return {
        "county": {"code": county.code, "name": county.name},
        "counties": [{"code": area.code, "name": area.name} for area in counties],
        "may_edit": may_edit,
        "version": _version(rows),
        "calendar_until": date(calendar().last_year, 12, 31),
        "rules": [
            {
                "id": row.id,
                "category": row.category,
                "level": row.level,
                "valid_from": row.valid_from,
                **_said(row),
            }
            for row in _in_order(rows)
        ],
        "units": [
            {"id": unit.id, "name": unit.name, "level": level_of(unit.area_code)}
            for unit in (units_above_townships(session, county.code) if may_edit else ())
        ],
        "changes": changes[:CHANGES_SHOWN],
        "changes_count": len(changes),
    }


def save_list(
    session: Session, actor: Actor, county_code: str, version: str, duties: Sequence[Duty], now: datetime
) -> None:
    """Let the list say `duties` from now on; what stays the same goes on as it is.

    Refusals: area_not_found, not_allowed, list_changed (somebody was faster than who read it at `version`),
    and those of check_duties.
    """
    county = _county(_counties(session, actor), county_code)
    if not may_edit_list(actor, county.code):
        raise Refusal("not_allowed")
    check_duties(duties, county.code, unit_areas(session, [duty.unit_id for duty in duties if duty.unit_id]))
    # Whoever raises a matter in the county holds its township: he sees the list before or after, never in between.
    ScopeLocks(session).lock(area_scope(code) for code in township_codes(session, [county.code]))
    rules = rules_of(session, county.code)
    if version != _version(rules):
        raise Refusal("list_changed", "version")
    at = _moment(rules, now)
    change = difference([rule for rule in rules if rule.valid_until is None], duties)
    for rule in change.ended:
        row = session.get_one(Responsibility, rule.id)
        row.valid_until, row.ended_by_id = at, actor.id
    session.flush()  # at most one line of a kind stands at a time
    for duty in change.begun:
        session.add(
            Responsibility(id=uuid7(), county_code=county.code, valid_from=at, author_id=actor.id, **vars(duty))
        )
    session.flush()


def export_list(session: Session, actor: Actor, county_code: str, kind: str) -> tuple[str, bytes]:
    """The name without its ending, and the contents of a file (`kind`: csv or xlsx) that import_list can read
    again. Refusal: area_not_found."""
    county = _county(_counties(session, actor), county_code)
    rows = [list(COLUMNS.values())]
    standing = _in_order(read_rows(session, county.code))
    rows += [cells_of(_duty(row), row.unit.name if row.unit else None) for row in standing]
    name = f"权责清单-{county.name}"
    return name, csv_bytes(rows) if kind == "csv" else xlsx_bytes("权责清单", rows, _WIDTHS)


def import_list(session: Session, actor: Actor, county_code: str, data: bytes) -> dict[str, Any]:
    """What a file says, line by line, with a complaint for each wrong cell; nothing is saved.

    Refusals: area_not_found, not_allowed, file_unreadable, columns_missing, too_many_rows.
    """
    county = _county(_counties(session, actor), county_code)
    if not may_edit_list(actor, county.code):
        raise Refusal("not_allowed")
    units = {(unit.area_code, unit.name): unit.id for unit in units_above_townships(session, county.code)}
    lines, ignored = read_lines(read_sheet(data), county.code, units)
    rows = [
        {
            **vars(line),
            "complaints": [
                {**vars(complaint), "message": REFUSALS[complaint.code][1]} for complaint in line.complaints
            ],
        }
        for line in lines
    ]
    return {"rows": rows, "ignored": ignored}


def _counties(session: Session, actor: Actor) -> Sequence[Area]:
    """The counties whose lists he may read."""
    own_units = set(unit_areas(session, actor.units()).values())
    granted = {code for role in ("cadre", "coordinator", "leader") for code in actor.areas(role)}
    found = counties_around(session, granted | own_units)
    return [county for county in found if may_read_list(actor, county.code, own_units)]


def _county(counties: Sequence[Area], code: str | None) -> Area:
    found = [county for county in counties if code in {None, county.code}]
    if not found:
        raise Refusal("area_not_found", "county_code")
    return found[0]


def _version(rules: Sequence[Rule | Responsibility]) -> str:
    """What tells one state of a list from every other: the rules that stand."""
    ids = sorted(str(rule.id) for rule in rules if rule.valid_until is None)
    return sha256(" ".join(ids).encode()).hexdigest()[:32]


def _moment(rules: Sequence[Rule], now: datetime) -> datetime:
    """When the change holds from: in whole milliseconds, as phones tell time, and after every change before."""
    at = now.astimezone(UTC).replace(microsecond=now.microsecond // 1000 * 1000)
    latest = [moment for rule in rules for moment in (rule.valid_from, rule.valid_until) if moment]
    return max([at, *(moment + timedelta(milliseconds=1) for moment in latest)])


def _in_order(rows: Sequence[Responsibility]) -> list[Responsibility]:
    """The rules that stand, in the order of categories, the lowest level first."""
    categories, levels = list(CATEGORIES), list(RESPONSIBILITY_LEVELS)
    standing = [row for row in rows if row.valid_until is None]
    return sorted(standing, key=lambda row: (categories.index(row.category), levels.index(row.level)))


def _duty(row: Responsibility) -> Duty:
    return Duty(row.category, row.level, row.unit_id, row.days_allowed, row.legal_basis, row.township_may_settle)


def _said(row: Responsibility) -> dict[str, Any]:
    return {
        "unit_id": row.unit_id,
        "unit_name": row.unit.name if row.unit else None,
        "days_allowed": row.days_allowed,
        "legal_basis": row.legal_basis,
        "township_may_settle": row.township_may_settle,
    }


def _changes(rows: Sequence[Responsibility]) -> list[dict[str, Any]]:
    """Every change of a line, the newest first: who made it, and what the line said before and after."""
    found: dict[tuple[datetime, str, str], dict[str, Any]] = {}
    for row in rows:
        for at, who, side in ((row.valid_from, row.author, "after"), (row.valid_until, row.ended_by, "before")):
            if at and who:
                change = found.setdefault(
                    (at, row.category, row.level),
                    {"at": at, "category": row.category, "level": row.level, "before": None, "after": None},
                )
                change |= {"author_name": who.name, side: _said(row)}
    categories, levels = list(CATEGORIES), list(RESPONSIBILITY_LEVELS)
    return sorted(
        found.values(),
        key=lambda change: (
            -change["at"].timestamp(),
            categories.index(change["category"]),
            levels.index(change["level"]),
        ),
    )
