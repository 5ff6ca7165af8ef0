"""gunicorn is killed in the middle of its work, and so is PostgreSQL: whatever a phone has a receipt for is there, what
has none is sent again, and nothing is there twice."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from random import Random

import pytest
from flask import Flask

from tests import cast
from tests.harness.caller import Caller
from tests.harness.databases import let_go
from tests.harness.live_server import LiveServer
from tests.harness.postgres import Cluster
from tests.kills.conftest import Serve
from tests.kills.truths import check_acknowledged, check_everything, committed_without_receipt, records_now
from tests.kills.writers import Writer, share_matters

CLIENTS = 16
LOSING = 0.1
PEOPLE = (cast.CADRE, cast.COLLEAGUE, cast.COORDINATOR, cast.NEIGHBOUR)
VILLAGES = {"cadre": cast.VILLAGE, "colleague": cast.SHARED_VILLAGE, "neighbour": "430581106201"}
MOST_RECEIPTS, MOST_S = 40, 0.03
"""A server is killed after so many receipts at most, and so many seconds later."""
PATIENCE_S = 120
EVERY = 3
"""After so many kills of gunicorn the database is killed as well."""


@dataclass
class Load:
    """Clients that write, and what was there before them."""

    app: Flask
    writers: list[Writer]
    before: set[str]

    @property
    def receipts(self) -> int:
        """How many the clients have got."""
        return sum(len(writer.receipts) for writer in self.writers)

    @property
    def unanswered(self) -> int:
        """How many requests nothing came of."""
        return sum(writer.unanswered for writer in self.writers)

    @property
    def refusals(self) -> Counter[str]:
        """How many requests were refused as a whole, by code."""
        return sum((writer.refusals for writer in self.writers), Counter())


def begin(app: Flask, server: LiveServer, clients: int = CLIENTS) -> Load:
    """Sign people in, each with several phones; all write into the same few matters as well."""
    sessions = {person.username: Caller(server.url, person) for person in PEOPLE}
    of_there = share_matters(sessions["neighbour"], VILLAGES["neighbour"], 1)
    of_here = share_matters(sessions["cadre"], cast.VILLAGE, 2)
    writers = []
    for number in range(clients):
        person = PEOPLE[number % len(PEOPLE)].username
        shared = of_there if person == "neighbour" else of_here
        village = VILLAGES.get(person)
        writers.append(
            Writer(sessions[person].with_another_device(), number, [village] if village else [], shared, LOSING)
        )
    return Load(app, writers, records_now(app))


def kill_under(load: Load, kills: Sequence[Callable[[], None]]) -> int:
    """Kill (and start again) one after the other while the clients write; after each, hold against the database what
    was acknowledged. The number of receipts that were."""
    chance, stop, receipts = Random(len(kills)), threading.Event(), 0
    with ThreadPoolExecutor(len(load.writers)) as pool:
        writing = [pool.submit(writer.write_until, stop) for writer in load.writers]
        try:
            for kill in kills:
                wait_for_receipts(load, chance.randint(1, MOST_RECEIPTS))
                time.sleep(chance.uniform(0, MOST_S))
                kill()
                receipts += check_acknowledged(load.app, load.writers)
        finally:
            stop.set()
            for done in writing:
                done.result(PATIENCE_S)
        list(pool.map(Writer.send_all, load.writers))
    return receipts + check_acknowledged(load.app, load.writers)


def kill_often(app: Flask, server: LiveServer, kills: int, kill_database: Callable[[], None] | None) -> str:
    """Kill gunicorn so many times, and now and then the database; check all there is, and say the numbers."""
    load, began = begin(app, server), time.monotonic()
    turns, lost = count(), [0]

    def kill_server() -> None:
        server.kill()
        # Now and then only: whoever opens SQLite's file is the one who recovers it.
        if next(turns) % 2:
            lost.append(committed_without_receipt(app, load.writers))
        server.start()

    what = [kill_server] * kills
    if kill_database:
        for number in range(kills // EVERY):
            what.insert((EVERY + 1) * number + EVERY, kill_database)
    receipts = kill_under(load, what)
    check_everything(app, load.writers, before=load.before)
    assert load.unanswered >= kills, "nobody noticed"
    assert load.refusals.keys() <= {"busy"}
    # SQLite makes who comes wait for the one who writes, and some wait too long; a push that fails each time is more.
    assert kill_database or load.refusals.total() <= receipts / 20, "refused again and again"
    killed = f"gunicorn {kills} times, " + (
        f"PostgreSQL {len(what) - kills} times" if kill_database else "with SQLite in it"
    )
    return (
        f"killed {killed} under {CLIENTS} clients: {receipts} receipts, {load.unanswered} requests unanswered, "
        f"{sum(writer.lost for writer in load.writers)} answers and {sum(lost)} more receipts of what was committed "
        f"(half of the kills looked at) lost, {load.refusals.total()} told busy; nothing lost, nothing twice, "
        f"{time.monotonic() - began:.0f} s"
    )


def wait_for_receipts(load: Load, more: int) -> None:
    """Return when the clients have got so many more, all together."""
    deadline = time.monotonic() + PATIENCE_S
    wanted = load.receipts + more
    while load.receipts < wanted:
        assert time.monotonic() < deadline, "the server does nothing"
        time.sleep(0.002)


@pytest.fixture
def kill_database(request: pytest.FixtureRequest, app: Flask, engine_name: str) -> Callable[[], None] | None:
    """Kill PostgreSQL with all its processes, and start it again; SQLite dies with the server that has it."""
    if engine_name == "sqlite":
        return None
    cluster: Cluster = request.getfixturevalue("postgres_cluster")

    def kill() -> None:
        cluster.kill()
        cluster.start()
        let_go(app)

    return kill


def test_what_a_killed_server_acknowledged_is_there_once(
    app: Flask,
    world_url: str,
    engine_name: str,
    kill_database: Callable[[], None] | None,
    serve: Serve,
    measured: Callable[[str], None],
    pytestconfig: pytest.Config,
):
    kills = pytestconfig.getoption("kills")
    measured(kill_often(app, serve(world_url), kills, kill_database))
