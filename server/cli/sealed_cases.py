"""What phone and server must seal and open alike: written to tests/contract/sealed.json, tested on both sides."""

from base64 import b64encode
from hashlib import sha256
from typing import Any
from uuid import UUID

from server.store.sealed import KEY_BYTES, NONCE_BYTES, seal, sealed_as

_USER = UUID("01a20f07-12e7-71f3-9135-e04bed61f03c")
_MUTATION = "01a20f08-5c11-7b02-8d31-0f5a5be0c9aa"
_ROWS = (
    (
        "outbox",
        _MUTATION,
        '{"name":"visit.record","made_at":"2026-11-30T09:30:00.000+08:00","args":{"note":"路灯不亮"}}',
    ),
    (
        "matters",
        "01a20f07-12e7-71f3-9135-e04bed61f03d",
        '{"title":"𠮷家桥😀","resident":{"name":"周大山","phone":null}}',
    ),
    ("meta", "access_version", "7"),
    ("drafts", "visit:新", '["", "\\u0000", "a/b"]'),
    ("answers", "", "{}"),
)


def _made_up(purpose: str, length: int) -> bytes:
    """Bytes that are the same in every run."""
    return sha256(purpose.encode()).digest()[:length]


def sealed_cases() -> dict[str, Any]:
    """`rows`: a JSON text, what it is sealed as, with which nonce, and what comes of it. `spoiled`: what must not
    open."""
    key, other_key = _made_up("key", KEY_BYTES), _made_up("other key", KEY_BYTES)
    rows = [_row(key, table, primary_key, contents) for table, primary_key, contents in _ROWS]
    first, second = rows[0], rows[1]
    sealed = bytearray.fromhex(seal(key, _name(first), first["json"], _nonce(first)).hex())
    sealed[-1] ^= 1
    spoiled = [
        {**first, "why": "another key", "key": _text(other_key)},
        {**first, "why": "another row", "primary_key": second["primary_key"]},
        {**first, "why": "another table", "table": "matters"},
        {**first, "why": "another user", "user_id": second["primary_key"]},
        {**first, "why": "a bit is wrong", "sealed": _text(bytes(sealed))},
        {**first, "why": "cut off", "sealed": _text(bytes(sealed[:20]))},
        {**first, "why": "empty", "sealed": ""},
    ]
    shared = ("user_id", "key", "table", "primary_key", "sealed")
    return {"rows": rows, "spoiled": [{"why": one["why"], **{name: one[name] for name in shared}} for one in spoiled]}


def _row(key: bytes, table: str, primary_key: str, contents: str) -> dict[str, str]:
    row = {"user_id": str(_USER), "key": _text(key), "table": table, "primary_key": primary_key, "json": contents}
    name, nonce = _name(row), _nonce(row)
    sealed = seal(key, name, contents, nonce)
    return {**row, "sealed_as": name.decode(), "nonce": _text(nonce), "sealed": _text(sealed)}


def _name(row: dict[str, str]) -> bytes:
    return sealed_as(UUID(row["user_id"]), row["table"], row["primary_key"])


def _nonce(row: dict[str, str]) -> bytes:
    return _made_up(f"nonce {row['table']}", NONCE_BYTES)


def _text(data: bytes) -> str:
    return b64encode(data).decode()
