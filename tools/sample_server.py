"""A live server with the sample records, thrown away afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness.live_server import LiveServer
from tests.harness.world import make_world
from tools import sample_records


@contextmanager
def sample_server() -> Iterator[LiveServer]:
    """Serve the people of tests/cast.py and the records of sample_records.py."""
    with tempfile.TemporaryDirectory(prefix="shishibu-sample-") as folder:
        var = Path(folder)
        make_world(f"sqlite:///{var}/shishibu.db", var)
        server = LiveServer(var)
        server.start()
        try:
            sample_records.enter(server.url, var)
            yield server
        finally:
            server.kill()
