"""What is kept ready of matters says to each reader what is made afresh for him: no more (P6), no less, nothing old."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.actions.accounts import rename_user
from server.store.db import reading, writing
from server.store.tables import ReadyMatter
from server.store.types import Cipher
from server.sync import told
from tests import cast
from tests.api.mutations import PERSONAL, Json, act, correct, new_matter, resolved_on_the_spot, told_in_full, visit
from tests.api.people import SignIn

READERS = (cast.CADRE, cast.COLLEAGUE, cast.COORDINATOR, cast.HANDLER)


@pytest.fixture(autouse=True)
def everything_is_worth_keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "WORTH_KEEPING", 1)


@pytest.fixture
def matter_id(app: Flask, sign_in: SignIn) -> str:
    """Of three matters the one that the bureau has, its resident's number corrected."""
    matter = told_in_full()
    sign_in(cast.CADRE).apply(visit(matter, new_matter(), new_matter(resolved=resolved_on_the_spot())))
    sign_in(cast.COORDINATOR).apply(
        act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)),
        correct(matter["id"], resident_phone=f"{PERSONAL[1]}9"),
    )
    return str(matter["id"])


@pytest.fixture
def nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """From when the test says so, a matter that is not ready is a mistake."""
    with monkeypatch.context() as patch:
        yield patch


def refuse(*_: Any) -> Any:
    raise AssertionError("not ready")


def test_each_reader_is_told_the_same_from_what_is_ready(
    sign_in: SignIn, matter_id: str, nothing_is_made: pytest.MonkeyPatch
):
    readers = [sign_in(person) for person in READERS]
    afresh = [reader.matters() for reader in readers]
    nothing_is_made.setattr(told, "read_matters", refuse)
    assert [reader.matters() for reader in readers] == afresh
    pages = [{id_: reader.matter(id_) for id_ in known} for reader, known in zip(readers, afresh, strict=True)]
    assert [{id_: _on_a_phone(page) for id_, page in known.items()} for known in pages] == afresh
    assert [known[matter_id]["resident"] is not None for known in afresh] == [True, False, True, True]


def _on_a_phone(page: Json) -> Json:
    """What marshmallow writes for the matter's page, without what only the page says."""
    return {name: value for name, value in page.items() if name not in {"township_name", "ratings"}}


def test_what_changed_is_not_told_as_it_was(sign_in: SignIn, matter_id: str):
    handler, colleague = sign_in(cast.HANDLER), sign_in(cast.COLLEAGUE)
    for reader in (handler, colleague):
        reader.matters()
    handler.apply(act(matter_id, "accept"))
    assert [reader.matters()[matter_id]["state"] for reader in (handler, colleague)] == ["working", "working"]


def test_who_was_renamed_is_told_by_his_name(app: Flask, sign_in: SignIn, matter_id: str):
    reader = sign_in(cast.COLLEAGUE)
    assert reader.matters()[matter_id]["author_name"] == cast.CADRE.name
    with app.app_context(), writing() as session:
        rename_user(session, cast.CADRE.username, "杨新名")
    for _ in range(2):
        assert {matter["author_name"] for matter in reader.matters().values()} == {"杨新名"}


def test_what_is_ready_names_no_resident(app: Flask, sign_in: SignIn, matter_id: str):
    sign_in(cast.CADRE).matters()
    with app.app_context():
        rows = reading().scalars(select(ReadyMatter)).all()
    assert sorted(row.personal is not None for row in rows) == [False, False, True]
    for row in rows:
        kept = row.common + row.rest + (row.personal or b"")
        assert not any(said.encode() in kept for said in PERSONAL)


def test_what_was_sealed_with_a_key_that_is_gone_is_made_again(
    sign_in: SignIn, matter_id: str, monkeypatch: pytest.MonkeyPatch
):
    reader = sign_in(cast.CADRE)
    before = reader.matters()
    monkeypatch.setattr(Cipher, "unseal", lambda *_: None)
    assert reader.matters() == before


def test_a_few_are_not_worth_a_transaction(
    app: Flask, sign_in: SignIn, matter_id: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(told, "WORTH_KEEPING", 4)
    sign_in(cast.CADRE).matters()
    with app.app_context():
        assert reading().scalars(select(ReadyMatter)).all() == []
