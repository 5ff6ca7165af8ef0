"""What the database itself refuses, whatever the code above it does; and how times are stored."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from uuid6 import uuid7

from server.store.db import db, reading, writing
from server.store.tables import Area, Grant, Matter, Unit
from tests import cast
from tests.store.records import NOW, new_device, new_event, new_matter, new_receipt, unit_named, user_id


def refused(app: Flask, **columns: Any) -> bool:
    """True if the database refuses a matter with these columns."""
    with app.app_context(), pytest.raises(IntegrityError), writing() as session:
        session.add(new_matter(session, **columns))
    with app.app_context():
        return reading().query(Matter).count() == 0


def test_a_matter_needs_a_village_that_exists(app: Flask):
    assert refused(app, village_code=cast.VILLAGE[:-3] + "999")


def test_a_matter_needs_an_author_and_a_unit_that_exist(app: Flask):
    assert refused(app, author_id=uuid7())
    assert refused(app, unit_id=uuid7())


def test_a_matter_can_only_be_of_a_visit_that_exists(app: Flask):
    assert refused(app, visit_id=uuid7())


@pytest.mark.parametrize("columns", [{"state": "praised"}, {"category": "weather"}])
def test_only_the_products_words_are_stored(app: Flask, columns: dict[str, str]):
    assert refused(app, **columns)


def test_a_merged_matter_names_the_other_one_and_only_a_merged_one_does(app: Flask):
    assert refused(app, state="merged")
    with app.app_context(), writing() as session:
        session.add(new_matter(session, id=(other := uuid7())))
    with app.app_context(), pytest.raises(IntegrityError), writing() as session:
        session.add(new_matter(session, merged_into_id=other))


def test_a_matter_has_a_closing_day_exactly_when_it_has_a_closing_time(app: Flask):
    assert refused(app, state="resolved", closed_day=date(2026, 3, 1))
    assert refused(app, state="resolved", closed_at=NOW)


def test_two_entries_of_one_history_never_share_a_place(app: Flask):
    with app.app_context(), writing() as session:
        session.add(new_matter(session, id=(matter := uuid7())))
        session.flush()
        session.add(new_event(session, matter))
    with app.app_context(), pytest.raises(IntegrityError), writing() as session:
        session.add(new_event(session, matter))


@pytest.mark.parametrize(
    "grant",
    [{"role": "handler", "area_code": cast.TOWNSHIP}, {"role": "leader"}, {"role": "king", "area_code": cast.TOWNSHIP}],
)
def test_a_role_is_held_in_an_area_and_a_handlers_in_a_unit(app: Flask, grant: dict[str, str]):
    with app.app_context(), pytest.raises(IntegrityError), writing() as session:
        session.add(Grant(id=uuid7(), user_id=user_id(session, cast.CADRE), **grant))


def test_nobody_holds_a_role_twice_in_one_place(app: Flask):
    with app.app_context():
        bureau = unit_named(reading(), cast.BUREAU).id
    for person, grant in (
        (cast.CADRE, {"role": "cadre", "area_code": cast.VILLAGE}),
        (cast.HANDLER, {"role": "handler", "unit_id": bureau}),
    ):
        with app.app_context(), pytest.raises(IntegrityError), writing() as session:
            session.add(Grant(id=uuid7(), user_id=user_id(session, person), **grant))


def test_a_township_has_one_home_unit_and_any_number_of_others(app: Flask):
    with app.app_context(), pytest.raises(IntegrityError), writing() as session:
        session.add(Unit(id=uuid7(), name="第二个政府", area_code=cast.TOWNSHIP, is_home=True))
    with app.app_context(), writing() as session:
        session.add_all(Unit(id=uuid7(), name=name, area_code=cast.TOWNSHIP) for name in ("林业站", "水利站"))


@pytest.mark.parametrize("columns", [{"from_state": "praised"}, {"to_state": "praised"}, {"device_id": uuid7()}])
def test_an_entry_has_known_states_and_comes_from_a_phone_that_was_seen(app: Flask, columns: dict[str, Any]):
    with app.app_context(), writing() as session:
        session.add(new_matter(session, id=(matter := uuid7())))
    with app.app_context(), pytest.raises(IntegrityError), writing() as session:
        session.add(new_event(session, matter, **columns))


def test_a_receipt_is_of_a_phone_that_its_owner_was_seen_with(app: Flask):
    with app.app_context(), writing() as session:
        session.add(phone := new_device(session, cast.CADRE))
        session.flush()
        session.add(new_receipt(session, cast.CADRE, device_id := phone.id))
    with app.app_context(), pytest.raises(IntegrityError), writing() as session:
        session.add(new_receipt(session, cast.COLLEAGUE, device_id))


def test_an_area_that_has_records_cannot_be_deleted(app: Flask):
    with app.app_context(), writing() as session:
        session.add(new_matter(session))
    with app.app_context(), pytest.raises(IntegrityError), writing() as session:
        session.execute(text("DELETE FROM areas WHERE code = :code"), {"code": cast.VILLAGE})


def test_a_unit_lies_in_an_area_that_exists(app: Flask):
    with app.app_context(), pytest.raises(IntegrityError), writing() as session:
        session.add(Unit(id=uuid7(), name="无处局", area_code="999999999999"))


def test_a_moment_comes_back_in_utc_whatever_offset_it_was_given_in(app: Flask):
    claimed = datetime(2026, 3, 1, 0, 30, 0, 123_456, tzinfo=timezone(timedelta(hours=8)))
    with app.app_context():
        with writing() as session:
            matter = new_matter(session, happened_at=claimed)
            session.add(matter)
        reading().expire_all()
        stored = reading().get_one(Matter, matter.id).happened_at
    assert stored == claimed
    assert stored.utcoffset() == timedelta(0)
    assert stored == datetime(2026, 2, 28, 16, 30, 0, 123_456, tzinfo=UTC)


def test_moments_in_different_offsets_sort_by_when_they_were(app: Flask):
    east, west = timezone(timedelta(hours=8)), timezone(timedelta(hours=-8))
    with app.app_context():
        with writing() as session:
            for title, when in (
                ("second", datetime(2026, 3, 1, 7, 0, tzinfo=east)),
                ("third", datetime(2026, 2, 28, 16, 0, tzinfo=west)),
                ("first", datetime(2026, 2, 28, 22, 0, tzinfo=UTC)),
            ):
                session.add(new_matter(session, title=title, happened_at=when))
        assert [matter.title for matter in reading().query(Matter).order_by(Matter.happened_at)] == [
            "first",
            "second",
            "third",
        ]


def test_names_keep_every_character(app: Flask):
    name = "𠮷野家👨\u200d👩\u200d👧村"
    with app.app_context():
        with writing() as session:
            session.get_one(Area, cast.VILLAGE).name = name
        reading().expire_all()
        assert reading().get_one(Area, cast.VILLAGE).name == name


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_embedded_database_writes_ahead_to_disk_and_checks_foreign_keys(app: Flask):
    with app.app_context(), db.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 20000}
