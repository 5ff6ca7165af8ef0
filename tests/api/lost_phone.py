"""A phone that is taken away from its user with work on it: what it would hand in, sealed as a phone seals it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.store.db import reading
from server.store.tables import HandedIn
from server.store.users import find_user
from tests import cast
from tests.api.mutations import Json, now
from tests.api.people import Caller, SignIn
from tests.api.test_phones import key_of
from tests.harness.lost_phone import sealed

HANDED_IN = "/api/handed-in"


class LostPhone:
    """A phone of somebody's that was bound, and then reported lost by an administrator."""

    def __init__(self, app: Flask, sign_in: SignIn, person: cast.Person = cast.CADRE) -> None:
        self._app = app
        self._phone = sign_in(person)
        self.key = key_of(self._phone)
        self.device_id = self._phone.device_id
        with app.app_context():
            user = find_user(reading(), person.username)
            assert user
            self.whose = str(user.id)
        lost = sign_in(cast.ADMIN).post(f"/api/people/{self.whose}/phones/{self.device_id}/loss", None)
        assert lost.status_code == 200, lost.get_json()

    @property
    def caller(self) -> Caller:
        """The phone itself, on which nobody is signed in any more."""
        return self._phone

    def sealed(self, mutation: Json) -> Json:
        return sealed(self.key, self.whose, mutation)

    def send(self, *entries: Json, **more: Any) -> TestResponse:
        body = {"user_id": self.whose, "device_id": self.device_id, "sent_at": now(), "entries": list(entries), **more}
        return self._phone.post(HANDED_IN, body)

    def hand_in(self, *mutations: Json) -> list[str]:
        """Hand in what was made on the phone; what became of each."""
        answer = self.send(*map(self.sealed, mutations))
        assert answer.status_code == 200, answer.get_json()
        entries = answer.get_json()["entries"]
        assert [entry["id"] for entry in entries] == [mutation["id"] for mutation in mutations]
        return [entry["status"] for entry in entries]


def waiting(coordinator: Caller) -> list[Json]:
    """What a coordinator has to decide on."""
    answer = coordinator.get(HANDED_IN)
    assert answer.status_code == 200, answer.get_json()
    entries: list[Json] = answer.get_json()["entries"]
    assert answer.get_json()["count"] == len(entries)
    return entries


def outcomes(app: Flask) -> list[str | None]:
    """What became of each entry, in the order in which they were handed in."""
    with app.app_context():
        return list(reading().scalars(select(HandedIn.outcome).order_by(HandedIn.id)))


@pytest.fixture
def lost(app: Flask, sign_in: SignIn) -> LostPhone:
    return LostPhone(app, sign_in)


@pytest.fixture
def coordinator(sign_in: SignIn) -> Caller:
    return sign_in(cast.COORDINATOR)


def accept(coordinator: Caller, entry: Json) -> TestResponse:
    """Take in an entry of `waiting`."""
    return coordinator.post(f"{HANDED_IN}/{entry['id']}/acceptance", None)


def drop(coordinator: Caller, entry: Json, reason: str = "他已经另外记过") -> TestResponse:
    """Drop an entry of `waiting`."""
    return coordinator.post(f"{HANDED_IN}/{entry['id']}/dropping", {"reason": reason})
