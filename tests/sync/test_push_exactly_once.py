"""However often a push is sent, and from wherever: each mutation is applied once (CONTRACT rules 2, 3 and 10)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from server.actions.accounts import set_password
from server.store.db import reading, writing
from server.store.tables import Mutation
from tests import cast
from tests.api.contents import SYNC_NOTES, contents
from tests.api.mutations import Json, act, new_id, new_matter, push_of, resolved_on_the_spot, visit
from tests.api.people import Caller, SignIn
from tests.sync.mistakes import fail_after_recording


def a_days_work() -> list[Json]:
    """A visit with two matters, a word about one of them, and something that is refused."""
    open_one, closed_one = new_matter(), new_matter(resolved=resolved_on_the_spot())
    return [
        visit(open_one, closed_one),
        act(open_one["id"], "progress"),
        visit(new_matter(title="长" * 61)),
    ]


def send(caller: Caller, mutations: list[Json]) -> TestResponse:
    return caller.post("/api/sync/push", push_of(caller.device_id, *mutations))


def how_many(app: Flask, *tables: str) -> list[int]:
    held = contents(app)
    return [len(held[table]) for table in tables]


def test_a_push_sent_again_gets_the_first_receipts_and_writes_nothing(app: Flask, sign_in: SignIn):
    cadre, work = sign_in(cast.CADRE), a_days_work()
    first = cadre.push(*work)
    assert [receipt["status"] for receipt in first] == ["applied", "applied", "rejected"]
    before = contents(app, "devices")
    assert cadre.push(*work) == first
    assert cadre.push(*reversed(work)) == first[::-1]
    assert sign_in(cast.CADRE).push(*work) == first, "from the person's other phone"
    assert contents(app, "devices") == before


def test_part_of_a_push_sent_again_with_something_new_applies_only_what_is_new(app: Flask, sign_in: SignIn):
    cadre, work, later = sign_in(cast.CADRE), a_days_work(), visit(new_matter())
    first = cadre.push(*work)
    again = cadre.push(work[1], later, work[2])
    assert again == [first[1], {"id": later["id"], "status": "applied", "error": None}, first[2]]
    assert how_many(app, "visits", "matters", "mutations") == [2, 3, 4]


def test_the_first_answer_stands_when_the_same_mutation_would_be_answered_otherwise_by_now(sign_in: SignIn):
    cadre, matter = sign_in(cast.CADRE), new_matter()
    too_early = act(matter["id"], "progress")
    first = cadre.push(too_early)
    cadre.apply(visit(matter))
    assert cadre.push(too_early) == first
    assert first[0]["error"]["code"] == "matter_not_found"
    assert len(cadre.matter(matter["id"])["events"]) == 1
    cadre.apply({**too_early, "id": new_id()})
    assert len(cadre.matter(matter["id"])["events"]) == 2


def test_the_same_contents_with_its_fields_in_another_order_are_the_same(app: Flask, sign_in: SignIn):
    cadre, sent = sign_in(cast.CADRE), visit(new_matter())
    cadre.apply(sent)
    before = contents(app, "devices")
    cadre.apply({**sent, "args": dict(reversed(sent["args"].items()))})
    assert contents(app, "devices") == before


def test_a_mutation_that_stands_twice_in_one_push_is_applied_once(app: Flask, sign_in: SignIn):
    cadre, sent = sign_in(cast.CADRE), visit(new_matter())
    first, again = cadre.push(sent, sent)
    assert first == again == {"id": sent["id"], "status": "applied", "error": None}
    assert how_many(app, "visits", "matters", "events", "mutations") == [1, 1, 1, 1]


def test_an_id_that_stands_twice_in_one_push_with_other_contents_is_refused_the_second_time(
    app: Flask, sign_in: SignIn
):
    cadre, sent = sign_in(cast.CADRE), visit(new_matter())
    receipts = cadre.push(sent, {**visit(new_matter()), "id": sent["id"]}, visit(new_matter()))
    assert [receipt["error"] and receipt["error"]["code"] for receipt in receipts] == [None, "mutation_id_reused", None]
    assert how_many(app, "visits", "matters") == [2, 2]


@pytest.mark.parametrize("first_was", ["applied", "rejected"])
def test_an_id_used_again_with_other_contents_is_refused_and_nothing_changes(
    app: Flask, sign_in: SignIn, first_was: str
):
    cadre = sign_in(cast.CADRE)
    sent = visit(new_matter(**({} if first_was == "applied" else {"title": ""})))
    first = cadre.push(sent)
    assert first[0]["status"] == first_was
    before = contents(app, *SYNC_NOTES)
    for other in (visit(new_matter()), act(new_id(), "progress"), {**sent, "name": "visit.forget"}):
        assert cadre.refused({**other, "id": sent["id"]}) == "mutation_id_reused"
    assert contents(app, *SYNC_NOTES) == before
    assert cadre.push(sent) == first


def test_an_id_of_another_person_is_refused_and_nothing_changes(app: Flask, sign_in: SignIn):
    sent = visit(new_matter())
    sign_in(cast.CADRE).apply(sent)
    before = contents(app, *SYNC_NOTES)
    assert sign_in(cast.COLLEAGUE).refused(sent) == "mutation_id_reused"
    assert contents(app, *SYNC_NOTES) == before
    sign_in(cast.CADRE).apply(sent)


def test_what_was_said_under_an_id_used_again_is_kept_beside_the_first_and_only_once(app: Flask, sign_in: SignIn):
    cadre, first, other = sign_in(cast.CADRE), visit(new_matter()), visit(new_matter(title="水渠垮了一段"))
    cadre.apply(first)
    again = {**other, "id": first["id"]}
    receipts = [cadre.push(again), cadre.push(again), cadre.push(again, again)]
    assert [receipt for answer in receipts for receipt in answer] == [receipts[0][0]] * 4
    assert receipts[0][0]["error"]["code"] == "mutation_id_reused"
    assert sign_in(cast.COLLEAGUE).refused(first) == "mutation_id_reused"
    with app.app_context():
        kept = {
            row.user_id: row.raw for row in reading().scalars(select(Mutation).where(Mutation.status == "rejected"))
        }
    assert len(kept) == 2
    assert sorted(kept.values(), key=str) == sorted(
        ({"id": first["id"], "name": sent["name"], "args": sent["args"]} for sent in (other, first)), key=str
    )
    assert how_many(app, "mutations") == [3]
    cadre.apply(first)


@pytest.mark.parametrize("phones", ["one", "one never seen before", "two"])
def test_the_same_push_twice_at_once_is_applied_once(app: Flask, sign_in: SignIn, phones: str):
    callers = [sign_in(cast.CADRE), sign_in(cast.CADRE)]
    if phones != "two":
        callers[1].device_id = callers[0].device_id
    if phones == "one":
        callers[0].apply(visit())
    known = how_many(app, "visits", "mutations")
    for so_far in range(5):
        work, start = a_days_work(), Barrier(2)

        def push(caller: Caller, work: list[Json] = work, start: Barrier = start) -> list[Json]:
            start.wait(10)
            answer = send(caller, work)
            assert answer.status_code == 200, answer.get_json()
            receipts: list[Json] = answer.get_json()["receipts"]
            return receipts

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(push, callers)
        assert first == second
        assert [receipt["status"] for receipt in first] == ["applied", "applied", "rejected"]
        times = so_far + 1
        assert how_many(app, "visits", "mutations") == [known[0] + times, known[1] + 3 * times]
        assert how_many(app, "matters", "events") == [2 * times, 4 * times]
        if phones == "one never seen before":
            callers[0].device_id = callers[1].device_id = new_id()


def test_what_was_sent_after_the_session_ended_is_applied_once_after_signing_in_again(app: Flask, sign_in: SignIn):
    cadre, work = sign_in(cast.CADRE), a_days_work()
    with app.app_context(), writing() as session:
        set_password(session, cast.CADRE.username, cast.PASSWORD)
    before = contents(app)
    refused = send(cadre, work)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "sign_in_required")
    assert contents(app) == before
    signed_in = cadre.post("/api/session", {"username": cast.CADRE.username, "password": cast.PASSWORD})
    cadre.csrf_token = signed_in.get_json()["csrf_token"]
    assert [receipt["status"] for receipt in cadre.push(*work)] == ["applied", "applied", "rejected"]
    assert how_many(app, "visits", "matters", "mutations") == [1, 2, 3]


def test_a_database_that_fails_on_the_way_keeps_nothing_of_the_push_and_the_next_try_is_applied(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
):
    cadre, work = sign_in(cast.CADRE), [*a_days_work(), visit(new_matter())]
    disk_full = OperationalError("COMMIT", {}, Exception("disk full"))
    last = work[-1]["args"]["id"]
    before = contents(app)
    with monkeypatch.context() as broken:
        fail_after_recording(broken, lambda command: disk_full if str(command.id) == last else None)
        assert send(cadre, work).status_code == 503
    assert contents(app) == before
    assert [receipt["status"] for receipt in cadre.push(*work)] == ["applied", "applied", "rejected", "applied"]
    assert how_many(app, "visits", "matters", "mutations") == [2, 3, 4]
