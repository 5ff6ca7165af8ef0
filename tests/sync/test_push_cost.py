"""What a big push costs those who wait for its township: a phone that was offline for days brings a hundred visits."""

import pytest
from sqlalchemy import Engine, event

from tests import cast
from tests.api.mutations import RESIDENT, new_matter, push_of, resolved_on_the_spot, visit
from tests.api.people import SignIn

PER_VISIT = 14


@pytest.mark.parametrize("matters", [0, 1, 20])
def test_a_visit_takes_few_statements_however_many_matters_it_has(sign_in: SignIn, matters: int):
    cadre = sign_in(cast.CADRE)
    visits = [
        visit(*(new_matter(resolved=resolved_on_the_spot(), resident=RESIDENT) for _ in range(matters)))
        for _ in range(10)
    ]
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
    around = 20
    assert len(statements) <= PER_VISIT * len(visits) + around
