"""Many phones make their first sync at the same moment while others push, on both databases in one run: gunicorn with
two workers, how long it takes, what pushes wait, errors, and the workers' memory.

python -m tools.bench_many [PHONES [RECORDS]]
"""

import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import cast
from tests.harness.databases import app_on, let_go
from tests.harness.live_server import LiveServer
from tests.harness.postgres import Cluster
from tests.harness.world import make_world
from tools.bench import Phone
from tools.bench_sync import authors_in_townships, run_client, signs_in
from tools.sync_matters import visit

PHONES = 300
RECORDS = 5_000
PUSHING = 20
PUSHES = 2_000
ALONE_S = 10
"""So long they push before anybody fetches: what a push takes on this machine now."""
THINK_MS = 500
"""How long who pushes waits on average until the next push: 40 a second from all of them."""

PUSH_P95_MS = 1_000
MEMORY_MB = 150
"""So much more may a worker take than before: what is flat does not grow with the phones."""

_EVERY_S = 0.2

Json = dict[str, Any]


class Memory:
    """What the largest of a server's workers takes, in MB."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.most = 0.0

    def now(self) -> float:
        """At this moment."""
        children = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()
        return max(_resident_mb(int(child)) for child in children)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look again and again: `most` is what it was at its most."""
        over = threading.Event()

        def look() -> None:
            while not over.wait(_EVERY_S):
                self.most = max(self.most, self.now())

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmRSS")).split()[1]) / 1024


def measure(url: str, var: Path, phones: int, records: int) -> Json:
    """All at once on one database."""
    make_world(url, var)
    others = authors_in_townships(url, var)
    app = app_on(url, var)
    cadre = Phone(app.test_client(), cast.CADRE)
    for start in range(0, records, 200):
        cadre.push([visit(range(number, number + 2)) for number in range(start, min(start + 200, records), 2)])
    let_go(app)
    server = LiveServer(var, DATABASE_URL=url, SIGN_INS_PER_MINUTE="1000")
    server.start()
    try:
        pushing = [others[at % len(others)] for at in range(PUSHING)]
        plan = {
            "url": server.url,
            "readers": [signs_in(cast.COLLEAGUE) for _ in range(10)],
            "authors": [signs_in(person) for person, _ in pushing],
            "mutations": [
                [visit(range(number, number + 1), village) for number in range(PUSHES)] for _, village in pushing
            ],
            "phones": phones,
            "think_ms": THINK_MS,
            "alone_s": ALONE_S,
        }
        file = var / "plan.json"
        file.write_text(json.dumps(plan, ensure_ascii=False))
        memory = Memory(server.pid)
        before = memory.now()
        with memory.watched():
            measured = run_client("shishibu-many.mjs", file)
        return {**measured, "mb_before": before, "mb_most": memory.most, "mb_after": memory.now()}
    finally:
        server.stop()


def complaints(measured: Json, records: int) -> list[str]:
    """What was not as it must be."""
    return [
        what
        for what, wrong in {
            f"errors: {measured['errors']}": bool(measured["errors"]),
            f"a phone has {measured['fewest']} records": measured["fewest"] != records,
            f"pushes wait {measured['push_p95_ms']:.0f} ms": measured["push_p95_ms"] > PUSH_P95_MS,
            f"memory grew to {measured['mb_most']:.0f} MB": measured["mb_most"] > measured["mb_before"] + MEMORY_MB,
        }.items()
        if wrong
    ]


def main() -> None:
    """Measure both, print the table; fail where something is not as it must be."""
    phones = int(sys.argv[1]) if len(sys.argv) > 1 else PHONES
    records = int(sys.argv[2]) if len(sys.argv) > 2 else RECORDS
    with tempfile.TemporaryDirectory(prefix="shishibu-many-") as folder:
        var = Path(folder)
        for name in ("sqlite", "postgresql"):
            (var / name).mkdir()
        measured = {"SQLite": measure(f"sqlite:///{var}/sqlite/shishibu.db", var / "sqlite", phones, records)}
        cluster = Cluster(durable=True)
        try:
            cluster.start()
            measured["PostgreSQL"] = measure(cluster.create("bench"), var / "postgresql", phones, records)
        finally:
            cluster.stop()
    print(f"{phones} phones fetch {records:,} matters each, {PUSHING} others push; load {os.getloadavg()[0]:.1f}")
    for what in measured["SQLite"]:
        values = (one[what] for one in measured.values())
        print(f"{what:<24}" + "".join(f"{value:>14,.1f}" if what != "errors" else f"{value!s:>14}" for value in values))
    wrong = [f"{name}: {what}" for name, one in measured.items() for what in complaints(one, records)]
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
