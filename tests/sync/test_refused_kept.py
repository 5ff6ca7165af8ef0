"""How much of what is refused is kept: enough for everybody, and not a disk full (CONTRACT rule 4)."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.store.db import reading, writing
from server.store.tables import Mutation
from server.sync import kept
from tests import cast
from tests.api.mutations import Json, new_matter, visit
from tests.api.people import SignIn

LARGE = "长" * 1_000


@pytest.fixture(autouse=True)
def _small_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for two refused visits, and not for three."""
    monkeypatch.setattr(kept, "KEPT_PER_DAY", 12_000)


def refused_visit() -> Json:
    return visit(new_matter(title=LARGE))


def kept_of(app: Flask, *sent: Json) -> list[bool]:
    with app.app_context():
        return [reading().get_one(Mutation, UUID(one["id"])).raw is not None for one in sent]


@pytest.mark.parametrize("pushes", ["one push", "a push each"])
def test_past_the_days_room_there_is_the_receipt_alone_and_what_is_in_order_is_applied(
    app: Flask, sign_in: SignIn, pushes: str
):
    cadre, refused, good = sign_in(cast.CADRE), [refused_visit() for _ in range(4)], visit(new_matter())
    groups = [[*refused, good]] if pushes == "one push" else [[one] for one in (*refused, good)]
    receipts = [receipt for group in groups for receipt in cadre.push(*group)]
    codes = [receipt["error"] and receipt["error"]["code"] for receipt in receipts]
    assert codes == ["text_too_long"] * 4 + [None]
    assert kept_of(app, *refused) == [True, True, False, False]
    assert cadre.push(*refused) == receipts[:4], "the first answer again"


def test_an_id_that_is_used_again_and_again_gets_no_more_room(app: Flask, sign_in: SignIn):
    cadre, first = sign_in(cast.CADRE), visit(new_matter())
    cadre.apply(first)
    for _ in range(4):
        assert cadre.refused({**refused_visit(), "id": first["id"]}) == "mutation_id_reused"
    with app.app_context():
        assert sum(row.raw is not None for row in reading().scalars(select(Mutation))) == 2


def test_the_room_is_each_users_own_and_there_again_after_a_day(app: Flask, sign_in: SignIn):
    cadre, filling, after = sign_in(cast.CADRE), [refused_visit() for _ in range(3)], refused_visit()
    cadre.push(*filling)
    others = refused_visit()
    sign_in(cast.COLLEAGUE).push(others)
    assert kept_of(app, *filling, others) == [True, True, False, True]
    with app.app_context(), writing() as session:
        for row in session.scalars(select(Mutation)):
            row.received_at -= timedelta(days=1)
    cadre.push(after)
    assert kept_of(app, after) == [True]
