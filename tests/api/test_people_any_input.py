"""Whatever an administrator's browser sends about people and places: never a 5xx, always an answer in order."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import strategies as st

from tests import cast
from tests.api.people import SignIn
from tests.api.scribble import BODIES, SCRIBBLE, spoiled_body
from tests.api.test_any_input import for_many, sending

Sound = Callable[[], dict[str, Any]]


def sound_bodies(app: Flask) -> dict[tuple[str, str], Sound]:
    """A sound body for every endpoint of people and places, and of one's own account, that takes one."""
    unit_id = cast.unit_id(app, cast.BUREAU)
    cadre = {"role": "cadre", "area_code": cast.VILLAGE}
    handler = {"role": "handler", "unit_id": unit_id}
    return {
        ("POST", "/api/people/search"): lambda: {
            "words": "李", "role": "cadre", "area_code": cast.TOWNSHIP, "after": "a",
        },
        ("POST", "/api/people"): lambda: {"username": "helili", "name": "何莉莉", "grants": [cadre, handler]},
        ("PUT", f"/api/areas/{cast.TOWNSHIP}/name"): lambda: {"name": "邓家铺镇"},
        ("POST", "/api/units"): lambda: {"name": "林业站", "area_code": cast.TOWNSHIP},
        ("PUT", f"/api/units/{unit_id}/name"): lambda: {"name": cast.BUREAU},
        ("PUT", "/api/account/password"): lambda: {"old": "wrong horse battery", "new": "new horse battery"},
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _quick_passwords(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow by design, and not what is looked at here. Only once everybody of `app` has his."""
    assert app
    monkeypatch.setattr("server.actions.accounts.hash_password", lambda _: "")
    monkeypatch.setattr("server.api.account.proven_hash", lambda *_: None)


def test_any_body_gets_an_answer_in_order(app: Flask, sign_in: SignIn):
    admin = sign_in(cast.ADMIN)
    for (method, path), sound in sound_bodies(app).items():
        for_many(BODIES, sending(admin, method, path), examples=40)
        for_many(spoiled_body(partial(dict, sound())), sending(admin, method, path), examples=60)


def test_any_file_gets_an_answer_in_order(sign_in: SignIn):
    admin = sign_in(cast.ADMIN)
    cells = st.text(max_size=12) | st.sampled_from([cast.TOWNSHIP, cast.COUNTY, "township", "430581199000", "", "\0"])
    lines = st.lists(st.lists(cells, max_size=5).map(",".join), max_size=4).map("\n".join)
    files = st.binary(max_size=80) | lines.map(
        lambda rest: f"code,name,level,parent_code\n{rest}".encode("utf-8", "replace")
    )

    def send(data: bytes) -> Any:
        body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n' + data + b"\r\n--x--\r\n"
        return admin.call("POST", "/api/areas/import", data=body, content_type="multipart/form-data; boundary=x")

    for_many(files, send, examples=60)
    for_many(
        st.binary(max_size=200),
        lambda data: admin.call("POST", "/api/areas/import", data=data, content_type="multipart/form-data; boundary=x"),
        examples=60,
    )


def test_any_address_gets_an_answer_in_order(sign_in: SignIn):
    admin = sign_in(cast.ADMIN)
    one_part = st.text(min_size=1, max_size=15).filter(lambda word: "/" not in word and word not in {".", ".."})
    words = one_part.map(lambda word: quote(word.encode("utf-8", "replace"), safe=""))
    for_many(words, lambda word: admin.call("PUT", f"/api/areas/{word}/name", json={"name": "新名"}), examples=60)
    for_many(words, lambda word: admin.call("DELETE", f"/api/account/devices/{word}"), examples=60)
    for_many(SCRIBBLE.map(str), lambda word: admin.get("/api/areas", code=word), examples=60)
