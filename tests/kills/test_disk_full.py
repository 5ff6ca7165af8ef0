"""The server's disk runs full while phones send: each is told so in a sentence and keeps what it has; nothing is half
applied; and all goes on once there is room. What needs no real disk is in tests/sync/test_full_disk.py."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url

from server.domain.refusals import REFUSALS
from tests import cast
from tests.harness.caller import Caller, Refused
from tests.harness.databases import app_on, let_go
from tests.harness.postgres import Cluster
from tests.kills.conftest import Serve
from tests.kills.disks import SmallDisk, needs_mount
from tests.kills.test_server_killed import PATIENCE_S, begin
from tests.kills.truths import check_acknowledged, check_everything

CLIENTS = 4


@pytest.fixture
def url_on_disk(request: pytest.FixtureRequest, world_url: str, engine_name: str, disk: SmallDisk) -> Iterator[str]:
    """The world's database, moved to the small disk."""
    if engine_name == "sqlite":
        shutil.copy(world_url.removeprefix("sqlite:///"), disk.folder / "world.db")
        yield f"sqlite:///{disk.folder}/world.db"
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    database = str(make_url(world_url).database)
    place = disk.folder / "place"
    place.mkdir()
    cluster.move(database, place)
    yield world_url
    cluster.drop(database)
    cluster.forget_place(database)


@pytest.fixture
def var_on_disk(tmp_path: Path, engine_name: str, disk: SmallDisk) -> Path:
    """Where the server's keys and its log are: beside SQLite's file, as in the field."""
    return (disk.folder if engine_name == "sqlite" else tmp_path) / "var"


@pytest.fixture
def app_on_disk(url_on_disk: str, var_on_disk: Path) -> Iterator[Flask]:
    """The application in this process on that database, to look at it."""
    app = app_on(url_on_disk, var_on_disk)
    yield app
    let_go(app)


@needs_mount
def test_phones_keep_what_finds_no_room_and_send_it_when_there_is(
    app_on_disk: Flask,
    url_on_disk: str,
    engine_name: str,
    disk: SmallDisk,
    var_on_disk: Path,
    serve: Serve,
    measured: Callable[[str], None],
):
    server = serve(url_on_disk, var=var_on_disk)
    load, stop = begin(app_on_disk, server, CLIENTS), threading.Event()
    reader = Caller(server.url, cast.COORDINATOR)
    with ThreadPoolExecutor(CLIENTS) as pool:
        writing = [pool.submit(writer.write_until, stop) for writer in load.writers]
        try:
            wait_for(lambda: load.receipts > CLIENTS)
            disk.fill()
            wait_for(lambda: all(writer.refusals["storage_full"] for writer in load.writers))
            with pytest.raises(Refused) as refused:
                load.writers[0].push_now()
            status, sentence = REFUSALS["storage_full"]
            assert refused.value.status == status
            assert refused.value.error == {"code": "storage_full", "message": sentence, "field": None}
            assert reader.matters(), "reading needs no room"
            check_acknowledged(app_on_disk, load.writers)
            disk.free()
            wait_for_more = load.receipts + 2 * CLIENTS
            wait_for(lambda: load.receipts > wait_for_more)
        finally:
            stop.set()
            for done in writing:
                done.result(PATIENCE_S)
        list(pool.map(lambda writer: writer.send_all(), load.writers))
    assert load.refusals.keys() == {"storage_full"}
    check_everything(app_on_disk, load.writers, before=load.before)
    measured(
        f"disk full under {CLIENTS} clients on {engine_name}: {load.refusals.total()} pushes told storage_full, "
        f"{load.receipts} receipts; nothing lost, nothing twice"
    )


def wait_for(done: Callable[[], bool]) -> None:
    """Return when it is so."""
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.01)
