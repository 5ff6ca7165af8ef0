"""A new matter gets its unit and its day by the responsibility list that held when it was raised, and keeps them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.actions import responsibilities
from server.actions.workdays import calendar
from server.domain.times import due_day_by_law, shanghai_day
from server.store.db import reading, writing
from server.store.tables import Responsibility, Scope
from tests import cast
from tests.api.mutations import Json, act, correct, hours_ago, new_matter, now, resolved_on_the_spot, visit
from tests.api.people import Caller, SignIn
from tests.api.responsibilities import county_coordinator, duty, keep, read
from tests.sync.locked import scopes_locked_by

TOWNSHIPS_GOVERNMENT = "邓家铺镇人民政府"


@pytest.fixture
def keeper(app: Flask, sign_in: SignIn) -> Caller:
    return county_coordinator(app, sign_in)


def raise_one(caller: Caller, category: str = "road", happened_at: str | None = None, **more: object) -> Json:
    """A matter of the category, as it stands after it was raised."""
    matter = new_matter(category=category, **more)
    caller.apply(visit(matter, happened_at=happened_at or now()))
    return caller.matter(matter["id"])


def working_days_from_today(count: int) -> str:
    return calendar().after(shanghai_day(datetime.now(UTC)), count).isoformat()


def test_it_begins_with_the_bureau_and_the_bureaus_days_and_is_on_its_handlers_phone(
    app: Flask, sign_in: SignIn, keeper: Caller
):
    (rule,) = keep(keeper, duty(app, days_allowed=7))["rules"]
    matter = raise_one(sign_in(cast.CADRE))
    assert (matter["state"], matter["unit_name"], matter["due_day"], matter["responsibility_id"]) == (
        "assigned", cast.BUREAU, working_days_from_today(7), rule["id"],
    )  # fmt: skip
    (raised,) = matter["events"]
    assert (raised["act"], raised["to_state"], raised["unit_name"], raised["due_day"]) == (
        "raise", "assigned", cast.BUREAU, matter["due_day"],
    )  # fmt: skip
    handler = sign_in(cast.HANDLER)
    assert handler.matters()[matter["id"]]["relations"] == ["handler"]
    handler.apply(act(matter["id"], "accept"))
    assert sign_in(cast.OTHER_HANDLER).matters() == {}
    assert matter["relations"] == ["author", "cadre"]


def test_what_the_township_may_settle_stays_with_it_until_the_day_of_its_own_line(
    app: Flask, sign_in: SignIn, keeper: Caller
):
    keep(keeper, duty(app), duty(app, level="township", township_may_settle=True, days_allowed=3))
    matter = raise_one(sign_in(cast.CADRE))
    assert (matter["state"], matter["unit_name"], matter["due_day"]) == (
        "raised", TOWNSHIPS_GOVERNMENT, working_days_from_today(3),
    )  # fmt: skip
    assert sign_in(cast.HANDLER).matters() == {}


def test_what_it_must_pass_on_is_the_bureaus(app: Flask, sign_in: SignIn, keeper: Caller):
    keep(keeper, duty(app), duty(app, level="township"))
    assert raise_one(sign_in(cast.CADRE))["unit_name"] == cast.BUREAU


def test_of_what_the_list_does_not_name_nothing_changes(app: Flask, sign_in: SignIn, keeper: Caller):
    keep(keeper, duty(app))
    matter = raise_one(sign_in(cast.CADRE), "power")
    by_law = due_day_by_law(shanghai_day(datetime.now(UTC))).isoformat()
    assert (matter["state"], matter["unit_name"], matter["due_day"], matter["responsibility_id"]) == (
        "raised", TOWNSHIPS_GOVERNMENT, by_law, None,
    )  # fmt: skip


def test_no_day_is_later_than_by_law(app: Flask, sign_in: SignIn, keeper: Caller):
    """Forty working days around the Spring Festival are more than sixty days."""
    keep(keeper, duty(app, days_allowed=40))
    with app.app_context(), writing() as session:
        session.scalars(select(Responsibility)).one().valid_from = datetime(2025, 1, 1, tzinfo=UTC)
    matter = raise_one(sign_in(cast.CADRE), happened_at="2025-01-24T12:00:00+08:00")
    assert matter["due_day"] == "2025-03-25"
    assert date(2025, 3, 25) < calendar().after(date(2025, 1, 24), 40), "the law would not come first"


def test_what_was_resolved_on_the_spot_is_the_townships_deed_and_keeps_its_rule(
    app: Flask, sign_in: SignIn, keeper: Caller
):
    (rule,) = keep(keeper, duty(app))["rules"]
    matter = raise_one(sign_in(cast.CADRE), resolved=resolved_on_the_spot())
    assert (matter["state"], matter["unit_name"], matter["on_the_spot"], matter["responsibility_id"]) == (
        "resolved", TOWNSHIPS_GOVERNMENT, True, rule["id"],
    )  # fmt: skip
    assert sign_in(cast.HANDLER).matters() == {}


def test_a_matter_keeps_the_rule_that_held_when_it_was_raised(app: Flask, sign_in: SignIn, keeper: Caller):
    (first,) = keep(keeper, duty(app, days_allowed=7))["rules"]
    cadre = sign_in(cast.CADRE)
    matter = raise_one(cadre)
    keep(keeper, duty(app, unit_id=cast.unit_id(app, cast.OTHER_BUREAU), days_allowed=2))
    assert cadre.matter(matter["id"]) == matter
    assert matter["responsibility_id"] == first["id"]
    later = raise_one(cadre)
    assert (later["unit_name"], later["due_day"]) == (cast.OTHER_BUREAU, working_days_from_today(2))


def test_what_is_sent_late_is_by_the_rule_of_when_it_happened(app: Flask, sign_in: SignIn, keeper: Caller):
    keep(keeper, duty(app))
    before_there_was_a_list = raise_one(sign_in(cast.CADRE), happened_at=hours_ago(1))
    assert (before_there_was_a_list["responsibility_id"], before_there_was_a_list["state"]) == (None, "raised")
    (first,) = read(keeper)["rules"]
    keep(keeper)
    with app.app_context(), writing() as session:  # as if all of that had been three days ago
        row = session.get_one(Responsibility, UUID(first["id"]))
        row.valid_from, row.valid_until = (datetime.now(UTC) - timedelta(days=days) for days in (4, 3))
    matter = raise_one(sign_in(cast.CADRE), happened_at=hours_ago(3 * 24 + 12))
    assert (matter["responsibility_id"], matter["unit_name"]) == (first["id"], cast.BUREAU)
    assert raise_one(sign_in(cast.CADRE), happened_at=hours_ago(12))["responsibility_id"] is None


def test_a_corrected_category_changes_neither_unit_nor_rule(app: Flask, sign_in: SignIn, keeper: Caller):
    keep(keeper, duty(app), duty(app, "water", unit_id=cast.unit_id(app, cast.OTHER_BUREAU)))
    cadre = sign_in(cast.CADRE)
    matter = raise_one(cadre)
    cadre.apply(correct(matter["id"], category="water"))
    after = cadre.matter(matter["id"])
    assert [after[field] for field in ("category", "unit_id", "due_day", "responsibility_id")] == [
        "water", matter["unit_id"], matter["due_day"], matter["responsibility_id"],
    ]  # fmt: skip


def test_each_matter_of_a_visit_goes_where_it_belongs(app: Flask, sign_in: SignIn, keeper: Caller):
    keep(keeper, duty(app), duty(app, "water", unit_id=cast.unit_id(app, cast.OTHER_BUREAU)))
    matters = [new_matter(category=category) for category in ("road", "water", "power", "road")]
    cadre = sign_in(cast.CADRE)
    cadre.apply(visit(*matters))
    units = [cadre.matter(matter["id"])["unit_name"] for matter in matters]
    assert units == [cast.BUREAU, cast.OTHER_BUREAU, TOWNSHIPS_GOVERNMENT, cast.BUREAU]
    assert set(sign_in(cast.HANDLER).matters()) == {matters[0]["id"], matters[3]["id"]}
    assert set(sign_in(cast.OTHER_HANDLER).matters()) == {matters[1]["id"]}


def test_what_the_list_gave_to_a_bureau_can_be_returned_and_is_then_the_townships(
    app: Flask, sign_in: SignIn, keeper: Caller
):
    keep(keeper, duty(app))
    cadre = sign_in(cast.CADRE)
    matter = raise_one(cadre)
    sign_in(cast.HANDLER).apply(act(matter["id"], "return", reason="not_ours"))
    after = cadre.matter(matter["id"])
    assert (after["state"], after["unit_name"]) == ("returned", TOWNSHIPS_GOVERNMENT)


def test_who_changes_the_list_waits_for_those_who_raise_matters_by_it(
    app: Flask, keeper: Caller, monkeypatch: pytest.MonkeyPatch
):
    """Else a matter could go to a unit whose scope its push does not hold (CONTRACT rule 6)."""
    held = scopes_locked_by(responsibilities, monkeypatch)
    keep(keeper, duty(app))
    with app.app_context():
        townships = {scope for scope in reading().scalars(select(Scope.id)) if scope.startswith("area:")}
    assert len(townships) > 10
    assert held == townships


def test_a_phone_gets_the_rules_of_its_county_also_those_that_have_ended(app: Flask, sign_in: SignIn, keeper: Caller):
    keep(keeper, duty(app, days_allowed=7))
    (standing,) = keep(keeper, duty(app, days_allowed=9))["rules"]
    known = sign_in(cast.CADRE).get("/api/reference").get_json()
    old, new = known["rules"]
    assert (old["days_allowed"], old["valid_until"]) == (7, new["valid_from"])
    assert (new["id"], new["valid_until"], new["county_code"]) == (standing["id"], None, cast.COUNTY)
    assert datetime.fromisoformat(new["valid_from"]).microsecond % 1000 == 0, "finer than phones tell time"


def test_a_phone_gets_the_days_off_of_the_last_this_and_the_next_year(sign_in: SignIn):
    known = sign_in(cast.CADRE).get("/api/reference").get_json()["calendar"]
    year = shanghai_day(datetime.now(UTC)).year
    part = calendar().between(year - 1, year + 1)
    assert known["days_off"] == sorted(day.isoformat() for day in part.days_off)
    assert known["working_days"] == sorted(day.isoformat() for day in part.working_days)
    assert {day[:4] for day in known["days_off"]} <= {str(year - 1), str(year), str(year + 1)}
