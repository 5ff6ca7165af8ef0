"""Where live servers are born: a process that has read all modules that gunicorn and the server need, and forks one
when it is asked. Reading them takes most of a start, and a test that kills a server 200 times starts it 200 times.

    with Nursery() as nursery: pid = nursery.start(["wsgi:app"], environment, log)

What runs is gunicorn as from the command line: it reads its own settings and makes the application after the fork.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path

from sqlalchemy.orm import configure_mappers

ROOT = Path(__file__).parents[2]


class Nursery:
    """The process, seen from outside. It ends with the one that made it."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            text=True,
        )

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> int:
        """Let gunicorn run with `arguments` in a process group of its own; its number, which is also the group's."""
        assert self._process.stdin
        assert self._process.stdout
        with self._turn:
            wish = {"arguments": list(arguments), "environment": dict(environment), "log": str(log)}
            self._process.stdin.write(json.dumps(wish) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())


@cache
def nursery() -> Nursery:
    """The one of this process."""
    return Nursery()


def lives(pid: int) -> bool:
    """True until the process is gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def _serve() -> None:
    """Fork a server for each line on the standard input."""
    for module in ("gunicorn.app.wsgiapp", "gunicorn.workers.gthread", "psycopg", "server.app"):
        import_module(module)
    configure_mappers()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that end
    for line in sys.stdin:
        wish = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _be_gunicorn(**wish)
        print(pid, flush=True)  # noqa: T201  # this is the answer


def _be_gunicorn(arguments: list[str], environment: dict[str, str], log: str) -> None:
    os.setsid()
    nothing, output = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for ours, theirs in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(ours, theirs)
    os.closerange(3, 256)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["gunicorn", *arguments]
    status: object = 1
    try:
        import_module("gunicorn.app.wsgiapp").run()
    except SystemExit as ended:
        status = ended.code
    finally:
        sys.stderr.flush()
        os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    _serve()
