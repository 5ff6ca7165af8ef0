"""The server as it runs in the field: gunicorn in processes of its own, killed and started at will."""

import os
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.harness.nursery import ROOT, lives, nursery

__all__ = ["ROOT", "LiveServer"]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class LiveServer:
    """gunicorn on 127.0.0.1:`port`, on the keys in the folder `var` and the embedded database there, if `DATABASE_URL`
    names no other. `app`: what it serves, for tests that put a mistake into it.

    `settings` are those of config.py, as strings. The port and the data stay across restarts, also of another `app`.
    """

    def __init__(self, var: Path, app: str = "wsgi:app", workers: int = 2, /, **settings: str) -> None:
        self.port = _free_port()
        self.var = var
        self.app = app
        self._workers = workers
        self._settings = settings
        self._pid: int | None = None
        self._log = var / "gunicorn.log"

    @property
    def url(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process that the workers are children of."""
        assert self._pid is not None, "the server is not running"
        return self._pid

    @property
    def log(self) -> str:
        """What the server has printed so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def start(self) -> None:
        """Start it and wait until it answers."""
        assert self._pid is None, "the server is running already"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SHISHIBU_")}
        environment |= {f"SHISHIBU_{name}": value for name, value in self._settings.items()}
        environment |= {"SHISHIBU_VAR": str(self.var), "PORT": str(self.port), "WEB_CONCURRENCY": str(self._workers)}
        # Several processes as in the field, but what all need is made once.
        self._pid = nursery().start(["--preload", self.app], environment, self._log)
        deadline = time.monotonic() + 30
        while not self._answers():
            if not lives(self._pid) or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the server did not start:\n{self.log}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it as an administrator would: requests under way are finished."""
        if self._pid is not None:
            os.kill(self._pid, signal.SIGTERM)
            self._wait()

    def kill(self) -> None:
        """SIGKILL the server and its workers at once."""
        if self._pid is not None:
            with suppress(ProcessLookupError):  # it could not start
                os.killpg(self._pid, signal.SIGKILL)
            self._wait()

    def _wait(self) -> None:
        assert self._pid is not None
        deadline = time.monotonic() + 30
        while lives(self._pid):
            assert time.monotonic() < deadline, "the server does not end"
            time.sleep(0.005)
        self._pid = None

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/api/session", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False
