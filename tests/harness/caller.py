"""Somebody who calls a live server's API directly, signed in: to look at what it holds, or to fill it."""

import json
from collections.abc import Sequence
from copy import copy
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from uuid6 import uuid7

from tests.cast import PASSWORD, Person


def mutation(name: str, args: dict[str, Any]) -> dict[str, Any]:
    """A mutation as a phone would put it into its outbox now."""
    return {"id": str(uuid7()), "name": name, "made_at": datetime.now(UTC).isoformat(), "args": args}


class Refused(RuntimeError):
    """The server said no: its `status`, and the stable `code` and sentence of its one error shape (none, if it answered
    something else)."""

    def __init__(self, what: str, status: int, body: bytes) -> None:
        super().__init__(f"{what}: {status} {body.decode(errors='replace')}")
        self.status = status
        try:
            self.error: dict[str, Any] = json.loads(body)
        except ValueError:
            self.error = {}

    @property
    def code(self) -> str:
        """What the server calls it."""
        return str(self.error.get("code"))


class Caller:
    """One person's session at the server at `url`, signed in on creation."""

    def __init__(self, url: str, person: Person) -> None:
        self._url = url
        self.device_id = str(uuid7())
        self._open = build_opener(HTTPCookieProcessor(CookieJar())).open
        self._token: str = self.call("GET", "/api/session")["csrf_token"]
        session = self.call("POST", "/api/session", {"username": person.username, "password": PASSWORD})
        self._token = session["csrf_token"]
        self._access_version: int = session["me"]["access_version"]

    def with_another_device(self) -> "Caller":
        """The same session on a phone of its own: signing in is slow."""
        other = copy(self)
        other.device_id = str(uuid7())
        return other

    def call(self, method: str, path: str, body: object = None, **query: object) -> Any:
        """Call and return the JSON answer; raises Refused."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "X-CSRFToken": getattr(self, "_token", "")}
        address = f"{self._url}{path}" + (f"?{urlencode(query)}" if query else "")
        request = Request(address, data, headers, method=method)
        try:
            with self._open(request, timeout=30) as answer:
                return json.load(answer)
        except HTTPError as error:
            raise Refused(f"{method} {path}", error.code, error.read()) from error

    def push(self, mutations: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Send mutations and return their receipts."""
        body = {"device_id": self.device_id, "sent_at": datetime.now(UTC).isoformat(), "mutations": list(mutations)}
        receipts: list[dict[str, Any]] = self.call("POST", "/api/sync/push", body)["receipts"]
        return receipts

    def matters(self) -> list[dict[str, Any]]:
        """Every matter that this person's phone would hold, each once."""
        return list({matter["id"]: matter for scope in self._pull() for matter in scope["matters"]}.values())

    def visits(self) -> list[dict[str, Any]]:
        """Every visit that this person's phone would hold."""
        return [visit for scope in self._pull() for visit in scope["visits"]]

    def keep_duties(self, county_code: str, *duties: dict[str, Any]) -> None:
        """Save these as the county's whole responsibility list; a `unit` is named."""
        path = "/api/responsibilities"
        read = self.call("GET", path, county_code=county_code)
        units = {unit["name"]: unit["id"] for unit in read["units"]} | {None: None}
        rules = [{**duty, "unit_id": units[duty["unit"]]} for duty in duties]
        for rule in rules:
            del rule["unit"]
        self.call("PUT", path, {"county_code": county_code, "version": read["version"], "rules": rules})

    def give_role(self, person: Person, role: str, area_code: str) -> None:
        """One more role within an area, as an administrator gives it."""
        [found] = self.call("POST", "/api/people/search", {"words": person.username})["people"]
        self.call("POST", f"/api/people/{found['id']}/grants", {"role": role, "area_code": area_code})

    def pull(self, cursors: dict[str, int] | None = None) -> dict[str, Any]:
        """One answer to a pull from `cursors` (left out: from the beginning)."""
        body = {
            "device_id": self.device_id,
            "access_version": self._access_version,
            "cursors": [{"scope": scope, "version": version} for scope, version in (cursors or {}).items()],
        }
        answer: dict[str, Any] = self.call("POST", "/api/sync/pull", body)
        return answer

    def _pull(self) -> list[dict[str, Any]]:
        scopes: list[dict[str, Any]] = self.pull()["scopes"]
        assert not any(scope["more"] for scope in scopes), "more than one page: this reader takes only the first"
        return scopes
