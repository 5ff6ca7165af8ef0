"""What a big push costs those who wait for its township: a phone that was offline for days brings a hundred visits."""

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select

from server.actions import cells
from server.store import cells_pending
from server.store.db import reading
from server.store.tables import TallyDelta
from tests import cast
from tests.api.mutations import RESIDENT, Json, new_matter, push_of, resolved_on_the_spot, visit
from tests.api.people import Caller, SignIn
from tests.api.responsibilities import county_coordinator, duty, keep

TOGETHER = 30
"""Statements, however many visits there are."""


@pytest.mark.parametrize("matters", [0, 1, 20])
def test_visits_take_few_statements_however_many_matters_they_have(sign_in: SignIn, matters: int):
    told = [[new_matter(resolved=resolved_on_the_spot(), resident=RESIDENT) for _ in range(matters)] for _ in range(10)]
    assert statements_for(sign_in(cast.CADRE), told) <= TOGETHER


@pytest.mark.parametrize("matters", [1, 20])
def test_so_it_does_where_the_responsibility_list_gives_them_to_a_bureau(app: Flask, sign_in: SignIn, matters: int):
    """With one more to read the bureau."""
    keep(county_coordinator(app, sign_in), duty(app, "power"))
    told = [[new_matter(resident=RESIDENT) for _ in range(matters)] for _ in range(10)]
    assert statements_for(sign_in(cast.CADRE), told) <= TOGETHER + 1


def statements_for(cadre: Caller, told: list[list[Json]]) -> int:
    """How many statements a push of visits with these matters takes."""
    visits = [visit(*matters) for matters in told]
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    cadre.apply(visit())
    event.listen(Engine, "before_cursor_execute", note)
    try:
        answer = cadre.post("/api/sync/push", push_of(cadre.device_id, *visits))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert [receipt["status"] for receipt in answer.get_json()["receipts"]] == ["applied"] * len(visits)
    return len(statements)


def test_what_pushes_leave_pending_is_added_up_now_and_then(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cells_pending, "PENDING", 0)
    monkeypatch.setattr(cells, "_unlooked", 0)
    monkeypatch.setattr(cells, "LOOK_AFTER", 3)
    cadre = sign_in(cast.CADRE)

    def pending() -> int:
        with app.app_context():
            return reading().scalar(select(func.count()).select_from(TallyDelta)) or 0

    left = []
    for _ in range(4):
        cadre.apply(visit(new_matter()))
        left.append(pending())
    assert left == [2, 4, 0, 2]
