"""A live server on each database, and a small disk."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.live_server import LiveServer
from tests.kills.disks import SmallDisk, small_disk

MEGABYTES = 24
Serve = Callable[..., LiveServer]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start a live server on the database at a URL, with the keys that `app` has."""
    servers: list[LiveServer] = []

    def serve(url: str, app: str = "wsgi:app", workers: int = 2, var: Path = tmp_path / "var") -> LiveServer:
        var.mkdir(exist_ok=True)
        server = LiveServer(var, app, workers, DATABASE_URL=url)
        servers.append(server)
        server.start()
        return server

    yield serve
    for server in servers:
        server.kill()


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    """A small disk with nothing on it."""
    with small_disk(MEGABYTES) as disk:
        yield disk
