"""A repeat is recognised by a fingerprint that only who has the server's keys can make (CONTRACT rule 3, P6)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select
from uuid6 import uuid7

from server.schemas.sync import MutationSchema
from server.store.db import reading
from server.store.tables import Mutation, User
from server.sync.push import push
from tests import cast
from tests.api.mutations import Json, new_id, told_in_full, visit
from tests.harness.databases import app_on, forget_keys, let_go

OLD_KEY, NEW_KEY, FOREIGN_KEY = (Fernet.generate_key().decode() for _ in range(3))
APPLIED, REUSED = None, "mutation_id_reused"

Start = Callable[..., Flask]


@pytest.fixture
def start(world_url: str, tmp_path: Path) -> Iterator[Start]:
    """Start the server on one database with the resident keys, and the settings, that a test names."""
    started: list[Flask] = []

    def start(keys: str, **settings: str) -> Flask:
        started.append(app_on(world_url, tmp_path / "var", RESIDENT_KEYS=keys, **settings))
        forget_keys(started[-1])  # without a key that it knows the server would not start at all
        return started[-1]

    yield start
    for app in started:
        let_go(app)


def send(app: Flask, sent: Json) -> str | None:
    """Push one mutation as the cadre: the code of the answer, None if it is applied."""
    now = datetime.now(UTC)
    with app.app_context():
        cadre = reading().scalars(select(User).where(User.username == cast.CADRE.username)).one().actor()
        (receipt,) = push(cadre, uuid7(), now, [MutationSchema().load(sent)], now)
    return receipt["error"] and str(receipt["error"]["code"])


def fingerprint(app: Flask, mutation_id: str) -> str:
    with app.app_context():
        query = select(Mutation.contents_hash).where(Mutation.id == UUID(mutation_id))
        return reading().scalars(query).one()


def test_the_same_contents_look_different_to_who_has_other_keys(start: Start):
    """So nobody finds out a resident's telephone number from a stolen database by trying them all."""
    args = visit(told_in_full(), village_code="0" * 12)["args"]
    first, second, third = ({**visit(), "id": new_id(), "args": args} for _ in range(3))
    ours, foreign = start(OLD_KEY), start(FOREIGN_KEY)
    for app, sent in ((ours, first), (ours, second), (foreign, third)):
        assert send(app, sent) == "village_unknown"
    assert fingerprint(ours, first["id"]) == fingerprint(ours, second["id"])
    assert fingerprint(ours, first["id"]) != fingerprint(ours, third["id"])


def test_the_fingerprints_key_is_not_the_one_that_signs_sessions(start: Start):
    sent = visit(told_in_full())
    assert send(start(OLD_KEY, SECRET_KEY="one"), sent) is APPLIED
    assert send(start(OLD_KEY, SECRET_KEY="another"), sent) is APPLIED


def test_a_repeat_is_recognised_after_a_new_key_was_put_in_front(start: Start):
    sent = visit(told_in_full())
    assert send(start(OLD_KEY), sent) is APPLIED
    both = start(f"{NEW_KEY},{OLD_KEY}")
    assert send(both, sent) is APPLIED
    assert send(both, {**sent, "args": visit()["args"]}) == REUSED


def test_what_comes_after_a_new_key_is_recognised_without_the_old_one(start: Start):
    sent = visit(told_in_full())
    assert send(start(f"{NEW_KEY},{OLD_KEY}"), sent) is APPLIED
    assert send(start(NEW_KEY), sent) is APPLIED
    assert send(start(OLD_KEY), sent) == REUSED, "that key alone never made this fingerprint"
