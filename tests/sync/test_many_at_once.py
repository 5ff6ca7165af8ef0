"""Many phones at once: numbers without gaps, readers that miss nothing, no waiting in a circle (CONTRACT rule 6)."""

from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from threading import Barrier, Event

import pytest
from flask import Flask
from sqlalchemy import select

from server.store.db import reading
from server.store.tables import Change, Scope
from tests import cast
from tests.api.mutations import act, new_matter, resolved_on_the_spot, visit
from tests.api.people import Caller, SignIn
from tests.sync.grants import grant
from tests.sync.reader import Reader

WRITERS, PUSHES = 4, 6
HERE = f"area:{cast.TOWNSHIP}"
ELSEWHERE = "430581106201"
PATIENCE_S = 60
"""Longer than any lock is waited for: what takes as long hangs."""


def numbers(app: Flask, scope_id: str) -> tuple[int, list[int]]:
    """The scope's own number, and those of its changes, each once."""
    with app.app_context():
        newest = reading().get_one(Scope, scope_id).version
        query = select(Change.version).where(Change.scope_id == scope_id).distinct().order_by(Change.version)
        return newest, list(reading().scalars(query))


def write(cadre: Caller, start: Barrier) -> set[str]:
    """Push after push of a visit with matters; the ids of all of them."""
    made: set[str] = set()
    start.wait(PATIENCE_S)
    for number in range(PUSHES):
        matters = [new_matter(), new_matter(resolved=resolved_on_the_spot())][: 1 + number % 2]
        trip = visit(*matters)
        cadre.apply(trip)
        made |= {trip["args"]["id"], *(matter["id"] for matter in matters)}
    return made


def follow(reader: Reader, start: Barrier, stop: Event) -> None:
    """Read until everything is written, and once more."""
    start.wait(PATIENCE_S)
    while not stop.is_set():
        reader.read()
    reader.read()


def test_a_reader_misses_nothing_that_many_phones_push_meanwhile(app: Flask, sign_in: SignIn):
    writers = [sign_in(cast.CADRE) for _ in range(WRITERS)]
    author, colleague = Reader(sign_in(cast.CADRE)), Reader(sign_in(cast.COLLEAGUE))
    start, stop = Barrier(WRITERS + 2), Event()
    with ThreadPoolExecutor(WRITERS + 2) as pool:
        reading_along = [pool.submit(follow, reader, start, stop) for reader in (author, colleague)]
        try:
            written = set(chain.from_iterable(pool.map(lambda cadre: write(cadre, start), writers)))
        finally:
            stop.set()
        for reader in reading_along:
            reader.result(PATIENCE_S)
    assert set(author.visits) | set(author.matters) == written
    assert len(author.visits) == WRITERS * PUSHES
    assert set(colleague.matters) == set(author.matters)
    assert sum(len(scope["visits"]) for answer in author.answers for scope in answer["scopes"]) == WRITERS * PUSHES
    newest, given_out = numbers(app, HERE)
    assert newest == WRITERS * PUSHES
    assert given_out == list(range(1, newest + 1)), "a number that was given out twice, or to nobody"


def test_entries_of_many_people_on_one_matter_all_stand_in_one_order(app: Flask, sign_in: SignIn):
    matter = new_matter()
    sign_in(cast.CADRE).apply(visit(matter))
    people = [sign_in(person) for person in (cast.CADRE, cast.COORDINATOR, cast.CADRE, cast.COORDINATOR)]
    start = Barrier(len(people))

    def add(person: Caller) -> list[str]:
        entries = [act(matter["id"], "progress") for _ in range(PUSHES)]
        start.wait(PATIENCE_S)
        for entry in entries:
            person.apply(entry)
        return [entry["args"]["event_id"] for entry in entries]

    with ThreadPoolExecutor(len(people)) as pool:
        added = list(pool.map(add, people))
    held = [event["id"] for event in people[0].matter(matter["id"])["events"]]
    assert sorted(held) == sorted([matter["raised_event_id"], *chain.from_iterable(added)])
    for entries in added:
        assert [event_id for event_id in held if event_id in entries] == entries
    newest = 1 + PUSHES * len(people)
    assert numbers(app, HERE) == (newest, [1, newest]), "the visit's number, and the last entry's"


@pytest.fixture
def _two_townships(app: Flask) -> None:
    """The cadre and the coordinator work in the neighbour's township as well."""
    grant(app, cast.CADRE, "cadre", ELSEWHERE)
    grant(app, cast.COORDINATOR, "coordinator", cast.NEIGHBOUR_TOWNSHIP)


@pytest.mark.usefixtures("_two_townships")
def test_pushes_to_the_same_townships_and_units_in_opposite_orders_all_finish(app: Flask, sign_in: SignIn):
    units = [cast.unit_id(app, unit) for unit in (cast.BUREAU, cast.OTHER_BUREAU)]
    here, there = new_matter(), new_matter()
    sign_in(cast.CADRE).apply(visit(here), visit(there, village_code=ELSEWHERE))
    start = Barrier(WRITERS)

    def push(number: int) -> int:
        """Odd ones name townships, matters and units the other way round."""
        way = 1 if number % 2 else -1
        person = sign_in(cast.COORDINATOR if number < WRITERS // 2 else cast.CADRE)
        start.wait(PATIENCE_S)
        for _ in range(PUSHES):
            if number < WRITERS // 2:
                work = [
                    act(matter["id"], "assign", unit_id=unit)
                    for matter in (here, there)[::way]
                    for unit in units[::way]
                ]
            else:
                work = [visit(new_matter(), village_code=village) for village in (cast.VILLAGE, ELSEWHERE)[::way]]
            person.apply(*work)
        return len(work)

    with ThreadPoolExecutor(WRITERS) as pool:
        finished = [pool.submit(push, number) for number in range(WRITERS)]
        assert sum(done.result(PATIENCE_S) for done in finished) == 2 * 4 + 2 * 2
    for scope in (HERE, f"area:{cast.NEIGHBOUR_TOWNSHIP}"):
        newest, given_out = numbers(app, scope)
        assert newest == given_out[-1] == 1 + WRITERS * PUSHES
    events = [event["act"] for event in sign_in(cast.COORDINATOR).matter(here["id"])["events"]]
    assert events == ["raise"] + ["assign"] * (2 * 2 * PUSHES)
