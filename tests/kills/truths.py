"""What phones were told, held against what the database has."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from server.store.db import db, reading
from server.store.tables import Event, Matter, Mutation, Visit
from tests.kills.writers import Writer
from tests.simulator.truth import tell_truth

Json = dict[str, Any]
_AT_ONCE = 200


def ids_of(mutation: Json) -> Iterator[str]:
    """The ids of the visits and entries that there are when a mutation is applied."""
    args = mutation["args"]
    if mutation["name"] != "visit.record":
        yield args["event_id"]
        return
    yield args["id"]
    for matter in args["matters"]:
        yield matter["raised_event_id"]
        if "resolved" in matter:
            yield matter["resolved"]["event_id"]


def check_acknowledged(app: Flask, writers: Iterable[Writer]) -> int:
    """Hold every receipt that no check has seen yet against the database; the number of them. The receipts are taken
    before the database is read, so that what is under way meanwhile does not count."""
    checked = 0
    for writer in writers:
        new = list(writer.receipts.values())[len(writer.checked) :]
        for start in range(0, len(new), _AT_ONCE):
            _check(app, writer, new[start : start + _AT_ONCE])
        writer.checked += [receipt["id"] for receipt in new]
        checked += len(new)
    return checked


def committed_without_receipt(app: Flask, writers: Iterable[Writer]) -> int:
    """While the server is dead: how many mutations it has committed whose receipts reached nobody."""
    waiting = [UUID(mutation["id"]) for writer in writers for mutation in list(writer.outbox)]
    with app.app_context():
        found = reading().scalars(select(Mutation.id).where(Mutation.id.in_(waiting))).all()
        db.session.remove()
    return len(found)


def _check(app: Flask, writer: Writer, receipts: Sequence[Json]) -> None:
    wanted = {receipt["id"]: receipt["status"] for receipt in receipts}
    applied = {one for id_, status in wanted.items() if status == "applied" for one in ids_of(writer.made[id_])}
    with app.app_context():
        session = reading()
        rows = session.execute(select(Mutation.id, Mutation.status).where(Mutation.id.in_(map(UUID, wanted))))
        kept = {str(id_): status for id_, status in rows}
        there = {
            str(id_)
            for table in (Visit, Event)
            for id_ in session.scalars(select(table.id).where(table.id.in_(map(UUID, applied))))
        }
        db.session.remove()
    assert kept == wanted, "a receipt that the server gave is not in its database"
    assert there == applied, "a receipt says applied, and the records are not there"


def check_everything(app: Flask, writers: Sequence[Writer], *, before: Iterable[str] = ()) -> None:
    """All was sent: every mutation has its receipt, the database has what the receipts say and nothing more
    (`before`: ids of what was there before), histories fold to their states, and tallies equal a recount."""
    assert [wrong for writer in writers for wrong in writer.wrong] == [], "answered otherwise"
    assert [mutation for writer in writers for mutation in writer.outbox] == [], "never sent"
    receipts = {id_: receipt["status"] for writer in writers for id_, receipt in writer.receipts.items()}
    made = {id_: mutation for writer in writers for id_, mutation in writer.made.items()}
    assert receipts.keys() == made.keys(), "without a receipt"
    truth = tell_truth(app)
    assert truth["wrong"] == [], "histories, states and tallies do not agree"
    assert {id_: truth["receipts"].get(id_) for id_ in made} == receipts, "other receipts than were given"
    wanted = {one for id_, mutation in made.items() if receipts[id_] == "applied" for one in ids_of(mutation)}
    had = records_now(app) - set(before)
    assert wanted - had == set(), "lost"
    assert had - wanted == set(), "applied, and nobody was told so"


def records_now(app: Flask) -> set[str]:
    """The ids of all visits and entries that are there."""
    with app.app_context():
        found = {str(id_) for table in (Visit, Event) for id_ in reading().scalars(select(table.id))}
        db.session.remove()
    return found


def matters_in(app: Flask, township: str) -> set[str]:
    """The ids of a township's matters."""
    with app.app_context():
        found = {
            str(id_) for id_ in reading().scalars(select(Matter.id).where(Matter.village_code.startswith(township[:9])))
        }
        db.session.remove()
    return found
