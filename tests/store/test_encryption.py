"""P6: a resident's name and phone, corrections and refused contents are not in the database in clear."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.fernet import Fernet, InvalidToken
from flask import Flask
from sqlalchemy import delete, select, text

from server.store.db import db, reading, writing
from server.store.phones import find_key, key_of
from server.store.tables import Event, Matter, Mutation, User, UserKey
from tests import cast
from tests.harness.databases import app_on, forget_keys, let_go
from tests.store.records import new_device, new_event, new_matter, new_receipt

NAME, PHONE, SAID = "周大山", "13800000001", "电话写错了一位"
OLD_KEY, NEW_KEY, FOREIGN_KEY = (Fernet.generate_key().decode() for _ in range(3))

WithKeys = Callable[[str], Flask]


@pytest.fixture
def with_keys(world_url: str, tmp_path: Path) -> Iterator[WithKeys]:
    """The server on one database, started with the keys that a test names."""
    started: list[Flask] = []

    def start(keys: str) -> Flask:
        started.append(app_on(world_url, tmp_path / "var", RESIDENT_KEYS=keys))
        return started[-1]

    yield start
    for app in started:
        let_go(app)


def record(app: Flask) -> UUID:
    """Store a matter with a resident, a correction and a refused mutation; the matter's id."""
    with app.app_context(), writing() as session:
        matter = new_matter(session, resident_name=NAME, resident_phone=PHONE)
        session.add(matter)
        session.flush()
        change = {"field": "resident_phone", "before": SAID, "after": PHONE}
        session.add(new_event(session, matter.id, act="correct", changes=[change]))
        session.add(phone := new_device(session, cast.CADRE))
        session.flush()
        raw = {"name": NAME, "said": SAID}
        session.add(new_receipt(session, cast.CADRE, phone.id, status="rejected", raw=raw))
        return matter.id


def everything_stored(app: Flask) -> bytes:
    """Every value of every row of every table, as the database holds it."""
    found = []
    with app.app_context(), db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            for row in connection.execute(text(f'SELECT * FROM "{table.name}"')):
                found += [
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row
                ]
    return b"\n".join(found)


def test_no_byte_of_a_resident_or_a_correction_is_in_the_database(with_keys: WithKeys):
    app = with_keys(OLD_KEY)
    record(app)
    stored = everything_stored(app)
    assert "路灯不亮".encode() in stored
    for secret in (NAME, PHONE, SAID):
        assert secret.encode() not in stored
        assert secret.encode("unicode_escape") not in stored


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_not_even_the_files_of_the_embedded_database_hold_a_residents_name(tmp_path: Path, app: Flask):
    record(app)
    files = [path.read_bytes() for path in tmp_path.glob("world.db*")]
    assert any("路灯不亮".encode() in file for file in files)
    assert not any(NAME.encode() in file or PHONE.encode() in file for file in files)


def test_what_is_encrypted_is_read_back_as_it_was(with_keys: WithKeys):
    app = with_keys(OLD_KEY)
    matter_id = record(app)
    with app.app_context():
        matter = reading().get_one(Matter, matter_id)
        assert (matter.resident_name, matter.resident_phone) == (NAME, PHONE)
        assert matter.events[0].changes == [{"field": "resident_phone", "before": SAID, "after": PHONE}]
        assert reading().query(Mutation).one().raw == {"name": NAME, "said": SAID}


def test_equal_names_look_different_in_the_database(with_keys: WithKeys):
    app = with_keys(OLD_KEY)
    record(app)
    record(app)
    with app.app_context(), db.engine.connect() as connection:
        names = [bytes(row[0]) for row in connection.execute(text("SELECT resident_name FROM matters"))]
    assert len(names) == len(set(names)) == 2


def test_after_a_new_key_was_put_in_front_old_records_are_still_read(with_keys: WithKeys):
    matter_id = record(with_keys(OLD_KEY))
    with with_keys(f"{NEW_KEY},{OLD_KEY}").app_context():
        assert reading().get_one(Matter, matter_id).resident_name == NAME


def test_new_records_are_encrypted_with_the_first_key(with_keys: WithKeys):
    app = with_keys(f"{NEW_KEY},{OLD_KEY}")
    matter_id = record(app)
    forget_keys(app)
    with with_keys(NEW_KEY).app_context():
        assert reading().get_one(Matter, matter_id).resident_name == NAME


def test_without_the_key_nothing_is_read(with_keys: WithKeys):
    app = with_keys(OLD_KEY)
    matter_id = record(app)
    forget_keys(app)
    with with_keys(FOREIGN_KEY).app_context(), pytest.raises(InvalidToken):
        reading().get(Matter, matter_id)


def test_what_was_not_said_is_not_stored(with_keys: WithKeys):
    app = with_keys(OLD_KEY)
    with app.app_context():
        with writing() as session:
            matter = new_matter(session)
            session.add(matter)
            session.flush()
            session.add(new_event(session, matter.id))
        row = db.session.execute(text("SELECT resident_name, resident_phone FROM matters")).one()
        assert tuple(row) == (None, None)
        assert db.session.query(Event).one().changes is None


def test_the_keys_that_the_server_makes_are_readable_by_their_owner_only(app: Flask):
    for name in ("resident.keys", "secret.key"):
        assert (Path(app.config["VAR"]) / name).stat().st_mode & 0o777 == 0o600
    assert Path(app.config["VAR"]).stat().st_mode & 0o777 == 0o700


def test_a_key_that_was_made_is_kept_across_restarts(tmp_path: Path):
    first = app_on(f"sqlite:///{tmp_path}/x.db", tmp_path / "var")
    kept = (tmp_path / "var/resident.keys").read_text()
    second = app_on(f"sqlite:///{tmp_path}/x.db", tmp_path / "var")
    assert (tmp_path / "var/resident.keys").read_text() == kept
    assert first.config["SECRET_KEY"] == second.config["SECRET_KEY"]
    assert first.config["SECRET_KEY"] != kept


def test_a_users_key_is_the_same_after_a_backup_without_it_is_restored_and_a_new_key_was_put_in_front(
    with_keys: WithKeys,
):
    """Else nothing that his phones have sealed would ever open again."""
    app = with_keys(OLD_KEY)
    with app.app_context(), writing() as session:
        person = session.scalars(select(User).order_by(User.id)).first()
        assert person
        whose, first = person.id, key_of(session, person.id)
    with with_keys(f"{NEW_KEY},{OLD_KEY}").app_context(), writing() as session:
        assert key_of(session, whose) == first  # as it is kept
        session.execute(delete(UserKey))
        assert find_key(session, whose) is None
        assert key_of(session, whose) == first  # as it comes out again
