"""An upgrade from the release before 20261126 loses nothing, and leaders read numbers, not zeros."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import delete, select, text

from server.domain.lifecycle import OPEN_STATES
from server.store.changes import NAMES
from server.store.db import reading, writing
from server.store.tables import Leg, TallyCell
from server.store.uncounted import anything_uncounted
from tests import cast
from tests.api.mutations import act
from tests.api.people import SignIn, contract, sign_in
from tests.harness.databases import app_on, let_go
from tests.harness.live_server import ROOT
from tests.store.before import FIRST_DAY, KEY, LAST_DAY, PUSHES, TABLES, Row, events_of, fill, kept

__all__ = ["contract", "sign_in"]

EVERYBODY = {person.username: person for person in cast.EVERYBODY}
RECOUNTED = f"已重新统计 {len(TABLES['matters'])} 件事项，其中 13 件与原来的不同，已改正。\n"
NOT_NEEDED = "事项都统计过了，不用重新统计。\n"


@pytest.fixture
def before(empty_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The database as the earlier release left it."""
    app = app_on(empty_database_url, tmp_path / "var", RESIDENT_KEYS=KEY)
    fill(app)
    yield app
    let_go(app)


@pytest.fixture
def app(before: Flask, empty_database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The server, started on the upgraded database; nothing was recounted yet."""
    with before.app_context():
        upgrade()
    let_go(before)
    app = app_on(empty_database_url, tmp_path / "var", RESIDENT_KEYS=KEY)
    yield app
    let_go(app)


def recount(app: Flask, *options: str) -> str:
    result = app.test_cli_runner().invoke(args=["tallies", "recount", *options])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_no_row_is_lost_or_changed(before: Flask):
    was = kept(before)
    assert {table: len(rows) for table, rows in was.items()} == {table: len(rows) for table, rows in TABLES.items()}
    with before.app_context():
        upgrade()
    now = kept(before)
    now["scopes"].remove((NAMES, 0))  # what counts renamings came with the upgrade
    assert now == was


def test_every_promise_of_the_tables_holds_for_what_was_there(app: Flask):
    checked = app.test_cli_runner().invoke(args=["db", "check"])
    assert checked.exit_code == 0, checked.output
    with app.app_context():
        if reading().get_bind().dialect.name == "sqlite":
            assert reading().execute(text("PRAGMA foreign_key_check")).all() == []
            assert reading().execute(text("PRAGMA integrity_check")).scalar() == "ok"
        else:
            unchecked = text("SELECT conname FROM pg_constraint WHERE NOT convalidated")
            assert reading().execute(unchecked).all() == []


def test_phones_read_every_matter_with_its_history_and_who_handles_it_its_resident(app: Flask, sign_in: SignIn):
    phones = [sign_in(person) for person in (cast.CADRE, cast.COLLEAGUE, cast.NEIGHBOUR)]
    found = {matter_id: matter for phone in phones for matter_id, matter in phone.matters().items()}
    of = {matter_id.replace("-", ""): matter for matter_id, matter in found.items()}
    assert {matter_id: matter["state"] for matter_id, matter in of.items()} == {
        matter["id"]: matter["state"] for matter in TABLES["matters"]
    }
    entries = Counter(event["matter_id"] for event in TABLES["events"])
    assert {matter_id: len(matter["events"]) for matter_id, matter in of.items()} == entries
    by_title = {matter["title"]: matter for matter in phones[0].matters().values()}
    assert by_title["屋后边坡松动"]["resident"] == {"name": "龙桂香", "phone": "13800000001"}
    returned = by_title["通组路塌了半边"]["events"][-1]
    assert (returned["text"], returned["reason"]) == ("这段是机耕路，不归本局", None)
    corrected = next(event for event in by_title["井水发黄"]["events"] if event["act"] == "correct")
    assert {"field": "resident_name", "before": "杨秀", "after": "杨秀兰"} in corrected["changes"]


def test_what_a_phone_had_sent_is_recognised_when_it_sends_it_again(app: Flask, sign_in: SignIn):
    was = kept(app)
    for sent in PUSHES:
        phone = sign_in(EVERYBODY[sent["by"]])
        phone.device_id = sent["device_id"]
        (receipt,) = phone.push(sent["mutation"])
        said = receipt["error"]["code"] if receipt["error"] else None
        assert (receipt["status"], said) == (sent["status"], sent["error"])
    for table in ("mutations", "visits", "matters", "events"):
        assert kept(app)[table] == was[table]


def test_a_phone_with_the_earlier_app_goes_on(app: Flask, sign_in: SignIn):
    recount(app)
    matter = next(matter for matter in TABLES["matters"] if matter["title"] == "灌溉渠堵塞")
    phone = sign_in(cast.CADRE)
    (entry,) = [one for one in phone.matters() if one.replace("-", "") == matter["id"]]
    phone.apply(act(entry, "resolve", text="清了淤，水通了"))
    assert phone.matter(entry)["state"] == "resolved"
    assert not recount_would_mend(app)


def recount_would_mend(app: Flask) -> bool:
    return "其中 0 件" not in recount(app)


def test_somebody_signs_in_with_his_password_and_sees_his_devices(app: Flask):
    phone = app.test_client()
    token = phone.get("/api/session").get_json()["csrf_token"]
    said = {"username": cast.CADRE.username, "password": cast.PASSWORD}
    assert phone.post("/api/session", json=said, headers={"X-CSRFToken": token}).status_code == 200
    assert phone.get("/api/health").status_code == 200
    devices = phone.get("/api/account/devices").get_json()["devices"]
    assert len(devices) == 1 + sum(session["user_id"] == user_id(cast.CADRE) for session in TABLES["sessions"])


def user_id(person: cast.Person) -> str:
    (found,) = [str(user["id"]) for user in TABLES["users"] if user["username"] == person.username]
    return found


def lies_in(matter_or_event: Row, area: str) -> bool:
    of = matter_or_event.get("matter_id", matter_or_event["id"])
    (village,) = [str(matter["village_code"]) for matter in TABLES["matters"] if matter["id"] == of]
    return village.startswith(area.rstrip("0"))


def plainly(area: str) -> dict[str, int]:
    """The numbers of an area, counted from the events and nothing else. Of what it counts, nothing was undone on the
    day on which it was done."""
    acts = {"raised": "raise", "reopened": "reopen", "resolved": "resolve", "explained": "explain"}
    of = {name: [e for e in events_of(act) if lies_in(e, area)] for name, act in acts.items()}
    of["unachieved"] = [e for e in events_of("unachieve") if lies_in(e, area)]
    numbers = {name: len(events) for name, events in of.items()}
    is_open = [m for m in TABLES["matters"] if m["state"] in OPEN_STATES and lies_in(m, area)]
    overdue = sum(matter["due_day"] < LAST_DAY for matter in is_open)
    return numbers | {"open": len(is_open), "overdue": overdue, "asked": 0, "answered": 0, "confirmed": 0}


@pytest.mark.parametrize(
    ("leader", "area"),
    [
        (cast.LEADER, cast.TOWNSHIP),
        (cast.NEIGHBOUR_LEADER, cast.NEIGHBOUR_TOWNSHIP),
        (cast.COUNTY_LEADER, cast.COUNTY),
    ],
)
def test_after_the_recount_leaders_read_what_the_events_say(
    app: Flask, sign_in: SignIn, leader: cast.Person, area: str
):
    recount(app, "--if-needed")
    query = {"area_code": area, "from": FIRST_DAY, "to": LAST_DAY}
    answer = sign_in(leader).get("/api/tallies", **query)
    total = answer.get_json()["total"]
    assert {name: total[name] for name in plainly(area)} == plainly(area)
    assert total["raised"] > 0
    assert total["carried_over"] == 0
    months = Counter(event["happened_local"][:7] for event in events_of("raise") if lies_in(event, area))
    assert {month["month"]: month["raised"] for month in answer.get_json()["by_month"] if month["raised"]} == months


def test_who_sits_on_what_is_known_after_the_recount(app: Flask, sign_in: SignIn):
    recount(app, "--if-needed")
    query = {"area_code": cast.COUNTY, "from": FIRST_DAY, "to": LAST_DAY}
    by_unit = sign_in(cast.COUNTY_LEADER).get("/api/tallies", **query).get_json()["by_unit"]
    names = {unit["id"]: unit["name"] for unit in TABLES["units"]}
    is_open = Counter(names[m["unit_id"]] for m in TABLES["matters"] if m["state"] in OPEN_STATES)
    assert {one["unit_name"]: one["numbers"]["open"] for one in by_unit if one["numbers"]["open"]} == is_open


def test_what_was_recorded_before_the_upgrade_is_not_told_as_a_late_change(app: Flask, sign_in: SignIn):
    recount(app, "--if-needed")
    query = {"area_code": cast.TOWNSHIP, "from": FIRST_DAY, "to": LAST_DAY}
    assert sign_in(cast.LEADER).get("/api/tallies/changes", **query).get_json()["count"] == 0


def test_a_recount_is_made_when_it_is_needed_and_not_again(app: Flask):
    assert recount(app, "--if-needed") == RECOUNTED
    assert recount(app, "--if-needed") == NOT_NEEDED


def test_a_recount_that_did_not_come_to_its_end_is_made_again(app: Flask):
    recount(app)
    with app.app_context():
        with writing() as session:
            session.execute(delete(TallyCell))
        assert anything_uncounted(reading())
    recount(app)
    with app.app_context():
        with writing() as session:
            last = session.scalar(select(Leg.matter_id).order_by(Leg.matter_id.desc()).limit(1))
            session.execute(delete(Leg).where(Leg.matter_id == last))
        assert anything_uncounted(reading())


def test_an_empty_system_needs_no_recount(bare_app: Flask):
    assert recount(bare_app, "--if-needed") == NOT_NEEDED


def test_make_run_upgrades_and_recounts_by_itself(before: Flask, empty_database_url: str, tmp_path: Path):
    settings = {
        "SHISHIBU_DATABASE_URL": empty_database_url,
        "SHISHIBU_VAR": str(tmp_path / "var"),
        "SHISHIBU_RESIDENT_KEYS": KEY,
    }
    prepare = [sys.executable, "-m", "tools.prepare"]
    for said in (RECOUNTED, NOT_NEEDED):
        done = subprocess.run(
            prepare, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, timeout=120, check=True
        )
        assert said in done.stdout
    with before.app_context():
        assert not anything_uncounted(reading())
