"""The server as it runs in the field: gunicorn in processes of its own, killed and started at will."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class LiveServer:
    """gunicorn on 127.0.0.1:`port`, on the embedded database and keys in the folder `var`.

    `settings` are those of config.py, as strings. The port and the data stay across restarts.
    """

    def __init__(self, var: Path, **settings: str) -> None:
        self.port = _free_port()
        self.var = var
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._log = var / "gunicorn.log"

    @property
    def url(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What the server has printed so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def start(self) -> None:
        """Start it and wait until it answers."""
        assert self._process is None, "the server is running already"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SHISHIBU_")}
        environment |= {f"SHISHIBU_{name}": value for name, value in self._settings.items()}
        environment |= {"SHISHIBU_VAR": str(self.var), "PORT": str(self.port), "WEB_CONCURRENCY": "2"}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                # Two processes as in the field, but what both need is read once: a start costs half.
                [sys.executable, "-m", "gunicorn", "--preload", "wsgi:app"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 30
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"the server did not start:\n{self.log}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it as an administrator would: requests under way are finished."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def kill(self) -> None:
        """SIGKILL the server and its workers at once."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(30)
            self._process = None

    def _answers(self) -> bool:
        try:
            with urlopen(f"{self.url}/api/session", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False
