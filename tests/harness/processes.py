"""Processes that a test kills with all that they have started."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def living(is_root: Callable[[int, list[bytes]], bool]) -> list[int]:
    """The living processes that are roots, by their number and arguments, and all that these have started."""
    parents: dict[int, int] = {}
    found: set[int] = set()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # It ended while we looked.
        if state == "Z":
            continue
        pid = int(folder.name)
        parents[pid] = int(parent)
        if is_root(pid, arguments):
            found.add(pid)
    grew = True
    while grew:
        children = {pid for pid, parent in parents.items() if parent in found} - found
        found |= children
        grew = bool(children)
    return sorted(found)


def kill_all(find: Callable[[], list[int]]) -> None:
    """SIGKILL what `find` finds, and wait until it finds nothing: no handler runs, nothing is flushed."""
    pids = find()
    assert pids, "no process found to kill"
    for pid in pids:
        with suppress(ProcessLookupError):  # It went with its parent.
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(_is_alive(pid) for pid in pids) or find():
        assert time.monotonic() < deadline, "a process survived SIGKILL"
        time.sleep(0.01)


def _is_alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
