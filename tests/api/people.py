"""The cast as callers of the server in this process: signed in, and never believing an answer blindly."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.test import TestResponse

from server.api.who import SESSION_KEY
from server.store.db import writing
from server.store.sessions import add_session, find_session
from server.store.tables import User
from tests.api.contract import Contract, check_error
from tests.api.mutations import new_id, push_of
from tests.cast import Person
from tests.harness.databases import app_on, let_go

Json = dict[str, Any]
SignIn = Callable[[Person], "Caller"]
UNDESCRIBED = ("/api/docs", "/api/openapi")
NOBODY = Person("nobody", "", ())


class Caller:
    """One person's phone, or a stranger's: `call` checks every JSON answer against the contract."""

    def __init__(self, app: Flask, contract: Contract) -> None:
        self.http: FlaskClient = app.test_client()
        self.device_id = new_id()
        self.csrf_token = ""
        self.access_version = 0
        self._app = app
        self._contract = contract

    def begin_session(self, key: str | None) -> None:
        """Hold the session with this key: signing in is tested apart, and slow."""
        if key:
            with self.http.session_transaction() as session:
                session["_user_id"], session["_fresh"], session[SESSION_KEY] = "somebody", True, key
        answer = self.get("/api/session").get_json()
        self.csrf_token = answer["csrf_token"]
        self.access_version = answer["me"]["access_version"] if answer["me"] else 0

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        """Call, with the CSRF token; an answer in JSON is what the contract promises."""
        headers = {"X-CSRFToken": self.csrf_token, **more.pop("headers", {})}
        answer = self.http.open(path, method=method, headers=headers, buffered=True, **more)
        if answer.status_code >= 400 and not path.startswith("/r/"):  # a resident reads a page
            check_error(answer.get_json(), answer.status_code)
        if answer.is_json and (rule := self._rule_of(method, path)):
            if answer.status_code == 200:
                self._contract.check_answer(rule, method, answer.get_json())
            else:
                self._contract.check_refusal(rule, method, answer.status_code)
        return answer

    def _rule_of(self, method: str, path: str) -> str | None:
        """The rule that this call comes to; None if there is none, or none in the document."""
        try:
            rule, _ = self._app.url_map.bind("").match(path.partition("?")[0], method, return_rule=True)
        except (MethodNotAllowed, NotFound):
            return None
        return rule.rule if rule.rule.startswith("/api/") and not rule.rule.startswith(UNDESCRIBED) else None

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.call("GET", path, query_string=query or None)

    def post(self, path: str, body: object) -> TestResponse:
        return self.call("POST", path, json=body)

    def push(self, *mutations: Json) -> list[Json]:
        """Send mutations and return their receipts, one each and in their order."""
        answer = self.post("/api/sync/push", push_of(self.device_id, *mutations))
        assert answer.status_code == 200, answer.get_json()
        receipts: list[Json] = answer.get_json()["receipts"]
        assert [receipt["id"] for receipt in receipts] == [mutation["id"] for mutation in mutations]
        for receipt in receipts:
            assert (receipt["error"] is None) == (receipt["status"] == "applied")
        return receipts

    def apply(self, *mutations: Json) -> None:
        """Send mutations, none of which may be refused."""
        assert [receipt["error"] for receipt in self.push(*mutations)] == [None] * len(mutations)

    def refused(self, mutation: Json) -> str:
        """Send one mutation that must be refused, and return the code."""
        (receipt,) = self.push(mutation)
        assert receipt["status"] == "rejected", receipt
        return str(receipt["error"]["code"])

    def pull(self, cursors: dict[str, int] | None = None, access_version: int | None = None) -> Json:
        """One answer to a pull from `cursors` (left out: from the beginning)."""
        answer = self.post(
            "/api/sync/pull",
            {
                "device_id": self.device_id,
                "access_version": self.access_version if access_version is None else access_version,
                "cursors": [{"scope": scope, "version": version} for scope, version in (cursors or {}).items()],
            },
        )
        assert answer.status_code == 200, answer.get_json()
        body: Json = answer.get_json()
        return body

    def matters(self) -> dict[str, Json]:
        """Every matter a new phone of this person would get in its first pull, by id."""
        return {matter["id"]: matter for scope in self.pull()["scopes"] for matter in scope["matters"]}

    def matter(self, matter_id: str) -> Json:
        """One matter, read from the server."""
        answer = self.get(f"/api/matters/{matter_id}")
        assert answer.status_code == 200, answer.get_json()
        body: Json = answer.get_json()
        return body


@pytest.fixture
def app_without_data(tmp_path: Path) -> Iterator[Flask]:
    """The server where no database is asked: for what is the same with any."""
    app = app_on("sqlite://", tmp_path / "var")
    yield app
    let_go(app)


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """The OpenAPI document, which needs no database."""
    app = app_on("sqlite://", tmp_path_factory.mktemp("contract"))
    return Contract(app.spec)  # type: ignore[attr-defined]


def begin(session: Session, user_id: UUID) -> str:
    """Begin a session, and return its key."""
    return add_session(session, user_id, datetime.now(UTC), known_device=True)


def signing_in(app: Flask, contract: Contract) -> SignIn:
    """Give one of the cast a phone (a new one each time) with a session, or NOBODY one without."""
    with app.app_context(), writing() as session:
        keys = {user.username: begin(session, user.id) for user in session.scalars(select(User))}

    def live_key(person: Person) -> str:
        """The key of his session, made beforehand so that signing in changes no table; of a new one if it ended."""
        with app.app_context(), writing() as session:
            found = find_session(session, keys[person.username])
            if found and found.ended_at:
                keys[person.username] = begin(session, found.actor.id)
        return keys[person.username]

    def sign_in(person: Person) -> Caller:
        caller = Caller(app, contract)
        caller.begin_session(None if person is NOBODY else live_key(person))
        return caller

    return sign_in


@pytest.fixture
def sign_in(app: Flask, contract: Contract) -> SignIn:
    """signing_in() at the server of most tests."""
    return signing_in(app, contract)


@pytest.fixture
def nobody(sign_in: SignIn) -> Caller:
    """Somebody with a CSRF token who has not signed in."""
    return sign_in(NOBODY)
