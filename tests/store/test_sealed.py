"""What a phone sealed opens at the server, and nothing that was touched does. The phone's tests read the same cases."""

import json
from base64 import b64decode
from typing import Any
from uuid import UUID

import pytest

from server.store.sealed import NotOpened, opened, seal, sealed_as
from tests.harness.live_server import ROOT

CASES: dict[str, Any] = json.loads((ROOT / "tests/contract/sealed.json").read_text(encoding="utf-8"))
Case = dict[str, str]


def name_of(case: Case) -> bytes:
    return sealed_as(UUID(case["user_id"]), case["table"], case["primary_key"])


@pytest.mark.parametrize("case", CASES["rows"], ids=lambda case: str(case["table"]))
def test_a_row_is_sealed_and_opened_to_the_letter(case: Case):
    key, sealed = b64decode(case["key"]), b64decode(case["sealed"])
    assert name_of(case).decode() == case["sealed_as"]
    assert seal(key, name_of(case), case["json"], b64decode(case["nonce"])) == sealed
    assert opened(key, name_of(case), sealed) == json.loads(case["json"])


@pytest.mark.parametrize("case", CASES["spoiled"], ids=lambda case: str(case["why"]))
def test_what_was_touched_does_not_open(case: Case):
    with pytest.raises(NotOpened):
        opened(b64decode(case["key"]), name_of(case), b64decode(case["sealed"]))


def test_what_is_no_json_does_not_open():
    case = CASES["rows"][0]
    sealed = seal(b64decode(case["key"]), name_of(case), "{", b64decode(case["nonce"]))
    with pytest.raises(NotOpened):
        opened(b64decode(case["key"]), name_of(case), sealed)
