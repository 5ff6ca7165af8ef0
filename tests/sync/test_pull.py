"""A cursor's way through a scope: pages, resuming, and silence when there is nothing (CONTRACT rule 7)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from uuid6 import uuid7

from server.domain.words import LIMITS
from server.store.db import writing
from server.store.tables import Change, Scope, User, Visit
from server.store.tables.columns import claimed_columns
from server.sync import pull
from tests import cast
from tests.api.mutations import act, correct, new_matter, visit
from tests.api.people import Caller, SignIn
from tests.store.records import MOMENT
from tests.sync.grants import grant
from tests.sync.reader import Reader, records

HERE = f"area:{cast.TOWNSHIP}"
ELSEWHERE = "430581106201"


def record(cadre: Caller, count: int = 1, **more: str) -> list[str]:
    """A push for each of `count` visits with one matter; the ids of both, in the server's order of numbers."""
    made: list[str] = []
    for _ in range(count):
        matter = new_matter()
        trip = visit(matter, **more)
        cadre.apply(trip)
        made += [trip["args"]["id"], matter["id"]]
    return made


def pages(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setitem(LIMITS, "records_per_pull", size)


def test_somebody_with_nothing_to_read_is_told_so(sign_in: SignIn):
    answer = sign_in(cast.CADRE).pull()
    assert records(answer) == []
    assert [(scope["scope"], scope["version"], scope["more"]) for scope in answer["scopes"]] == [(HERE, 0, False)]


def test_a_new_phone_gets_everything_there_is_once(sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    made = record(cadre, 3)
    (answer,) = Reader(cadre).read()
    assert sorted(records(answer)) == sorted(made)


def test_what_changes_while_its_page_is_made_is_not_left_out(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    cadre, reader = sign_in(cast.CADRE), Reader(sign_in(cast.COLLEAGUE))
    made = record(cadre, 2)[1::2]
    changes = [correct(made[0], title="四组水渠堵了")]

    @contextmanager
    def turn(_: int) -> Iterator[None]:
        with ThreadPoolExecutor(1) as somewhere_else:
            while changes:
                somewhere_else.submit(cadre.apply, changes.pop()).result()
        yield

    monkeypatch.setattr(pull, "turn", turn)
    reader.read()
    assert (set(reader.matters), changes) == (set(made), [])


def test_when_nothing_changed_nothing_is_sent(sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    made = record(cadre, 2)
    reader = Reader(cadre)
    reader.read()
    cursors = dict(reader.cursors)
    cadre.refused(visit(new_matter(), village_code=ELSEWHERE))
    sign_in(cast.NEIGHBOUR).apply(visit(new_matter(), village_code=ELSEWHERE))
    for _ in range(2):
        (answer,) = reader.read()
        assert records(answer) == []
        assert reader.cursors == cursors
    assert set(reader.visits) | set(reader.matters) == set(made)


def test_only_what_changed_after_the_cursor_is_sent(sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    first = record(cadre, 2)
    reader = Reader(cadre)
    reader.read()
    later = record(cadre, 2)
    (answer,) = reader.read()
    assert sorted(records(answer)) == sorted(later)
    cadre.apply(act(first[1], "progress"))
    (answer,) = reader.read()
    assert records(answer) == [first[1]]
    assert [event["act"] for event in reader.matters[first[1]]["events"]] == ["raise", "progress"]


@pytest.mark.parametrize("size", [2, 4, 6, 100])
def test_pages_bring_everything_once_oldest_first_and_say_when_there_is_more(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, size: int
):
    cadre = sign_in(cast.CADRE)
    made = record(cadre, 6)
    pages(monkeypatch, size)
    answers = Reader(cadre).read()
    assert [set(records(answer)) for answer in answers] == [
        set(made[start : start + size]) for start in range(0, len(made), size)
    ]
    assert [answer["scopes"][0]["more"] for answer in answers] == [True] * (len(answers) - 1) + [False]


@pytest.mark.parametrize("size", [2, 4, 8])
def test_a_reader_resumes_at_any_page_whose_answer_was_lost(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, size: int
):
    cadre = sign_in(cast.CADRE)
    record(cadre, 6)
    pages(monkeypatch, size)
    reader = Reader(cadre)
    more = True
    while more:
        lost = cadre.pull(reader.cursors)
        more = reader.read_once()
        assert reader.answers[-1]["scopes"] == lost["scopes"]


def test_a_change_between_two_pages_is_not_missed(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    cadre = sign_in(cast.CADRE)
    made = record(cadre, 4)
    pages(monkeypatch, 2)
    reader = Reader(cadre)
    assert reader.read_once()
    newer = record(cadre)
    cadre.apply(act(made[1], "progress"), act(made[7], "resolve"))
    reader.read()
    assert set(reader.visits) | set(reader.matters) == {*made, *newer}
    assert [reader.matters[matter_id]["state"] for matter_id in (made[1], made[7])] == ["working", "resolved"]


def test_a_record_that_changed_often_is_sent_once_with_its_whole_history(sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    _, matter_id = record(cadre)
    for _ in range(3):
        cadre.apply(act(matter_id, "progress"))
    reader = Reader(cadre)
    (answer,) = reader.read()
    assert records(answer).count(matter_id) == 1
    assert [event["act"] for event in reader.matters[matter_id]["events"]] == ["raise"] + ["progress"] * 3


def test_what_one_push_wrote_is_never_cut_in_two(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    cadre = sign_in(cast.CADRE)
    before = record(cadre)
    matters = [new_matter() for _ in range(7)]
    trip = visit(*matters)
    cadre.apply(trip)
    after = record(cadre)
    pages(monkeypatch, 2)
    answers = Reader(cadre).read()
    one_push = {trip["args"]["id"], *(matter["id"] for matter in matters)}
    assert [set(records(answer)) for answer in answers] == [set(before), one_push, set(after)]


def test_the_limit_counts_over_all_scopes_of_an_answer(app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    grant(app, cast.CADRE, "cadre", ELSEWHERE)
    cadre = sign_in(cast.CADRE)
    here = record(cadre, 3)
    there = record(cadre, 2, village_code=ELSEWHERE)
    pages(monkeypatch, 4)
    answers = Reader(cadre).read()
    assert [len(records(answer)) for answer in answers] == [4, 4, 2]
    assert [[(scope["version"], scope["more"]) for scope in answer["scopes"]] for answer in answers] == [
        [(2, True), (0, True)],
        [(3, False), (1, True)],
        [(3, False), (2, False)],
    ]
    assert {found for answer in answers for found in records(answer)} == {*here, *there}


def test_a_thousand_records_are_a_page_and_the_next_one_is_more(app: Flask, sign_in: SignIn):
    ids = [uuid7() for _ in range(1001)]
    with app.app_context(), writing() as session:
        author = session.scalars(select(User.id).where(User.username == cast.CADRE.username)).one()
        ordinary = {"kind": "onsite", "village_code": cast.VILLAGE, "author_id": author, **claimed_columns(MOMENT)}
        session.execute(insert(Visit), [{"id": visit_id, **ordinary} for visit_id in ids])
        session.execute(insert(Change), [_change(visit_id, number) for number, visit_id in enumerate(ids, 1)])
        session.execute(update(Scope).where(Scope.id == HERE).values(version=len(ids)))
    first, second = Reader(sign_in(cast.CADRE)).read()
    assert set(records(first)) == {str(visit_id) for visit_id in ids[:1000]}
    assert records(second) == [str(ids[1000])]
    assert [answer["scopes"][0]["version"] for answer in (first, second)] == [1000, 1001]


def _change(visit_id: UUID, number: int) -> dict[str, object]:
    return {"scope_id": HERE, "kind": "visit", "record_id": visit_id, "version": number, "removed": False}


def test_the_servers_time_comes_with_every_answer(sign_in: SignIn):
    before = datetime.now(UTC)
    answer = sign_in(cast.CADRE).pull()
    assert before <= datetime.fromisoformat(answer["server_time"]) <= datetime.now(UTC)
