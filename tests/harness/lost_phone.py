"""A phone that is lost with work on it, by the HTTP API alone: what lies on it is sealed as a phone seals it."""

import json
import secrets
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from server.store.sealed import NONCE_BYTES, seal, sealed_as
from tests.cast import ADMIN, Person
from tests.harness.caller import Caller

Json = dict[str, Any]


def sealed(key: bytes, whose: str, mutation: Json) -> Json:
    """A row of the outbox as it lies on the phone, and as it is handed in."""
    name = sealed_as(UUID(whose), "outbox", mutation["id"])
    row = {"seq": 7, "name": mutation["name"], "made_at": mutation["made_at"], "args": mutation["args"]}
    contents = json.dumps(row, ensure_ascii=False)
    return {
        "id": mutation["id"],
        "sealed": b64encode(seal(key, name, contents, secrets.token_bytes(NONCE_BYTES))).decode(),
    }


class PhoneOverHttp:
    """A phone of `person` at the live server at `url`, bound to its session."""

    def __init__(self, url: str, person: Person) -> None:
        self._url = url
        self._caller = Caller(url, person)
        answer = self._caller.call("PUT", "/api/session/device", {"device_id": self._caller.device_id})
        self._key = b64decode(answer["key"])
        self._whose = str(self._caller.call("GET", "/api/session")["me"]["id"])

    def get_lost(self) -> None:
        """The administrator is told by telephone, and reports it."""
        path = f"/api/people/{self._whose}/phones/{self._caller.device_id}/loss"
        Caller(self._url, ADMIN).call("POST", path, {})

    def hand_in(self, *mutations: Json) -> list[str]:
        """Hand in what lay on it unsent; what became of each."""
        body = {
            "user_id": self._whose,
            "device_id": self._caller.device_id,
            "sent_at": datetime.now(UTC).isoformat(),
            "entries": [sealed(self._key, self._whose, mutation) for mutation in mutations],
        }
        return [entry["status"] for entry in self._caller.call("POST", "/api/handed-in", body)["entries"]]
