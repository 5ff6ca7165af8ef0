"""What a phone's sync takes beside PouchDB, on the same matters in one run: gunicorn with two workers on both databases
and express-pouchdb, asked by the same kind of client in a process of its own (tools/peers/).

python -m tools.bench_sync [MATTERS]
"""

import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import select
from uuid6 import uuid7
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from server.actions.accounts import GrantWanted, add_user
from server.store.areas import children
from server.store.db import reading, writing
from server.store.tables import Area
from tests import cast
from tests.harness.databases import app_on, let_go
from tests.harness.live_server import LiveServer
from tests.harness.postgres import Cluster
from tests.harness.world import make_world
from tools.bench import Phone
from tools.sync_matters import texts, visit

MATTERS = 10_000
ROUNDS = 5
PER_VISIT = 2
"""Of the matters that are pulled: what a visit brings on most days."""
AT_ONCE = 16
SINGLES = 640
IDLES = 500
PEERS = Path(__file__).parent / "peers"

ODK = {"single": 148.0, "batch": 5_813.0}
"""ODK Central as it was measured for the issue, not in this run: a second, single submissions and entities in
batches of 100."""

Json = dict[str, Any]
Row = tuple[str, str, list[float | None]]


@contextmanager
def pouchdb() -> Iterator[str]:
    """express-pouchdb on a free port; its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = subprocess.Popen(["node", PEERS / "pouchdb-server.mjs", str(port)], stdout=subprocess.PIPE, text=True)
    try:
        if server.stdout is None or server.stdout.readline().strip() != "ready":
            raise RuntimeError("express-pouchdb did not start")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def run_client(script: str, *arguments: object) -> Json:
    """What a client of tools/peers/ measured."""
    done = subprocess.run(["node", PEERS / script, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True)
    measured: Json = json.loads(done.stdout)
    return measured


def measure_pouchdb(matters: int, folder: Path) -> Json:
    """PouchDB with the same texts."""
    file = folder / "matters.json"
    docs = [{"_id": str(uuid7()), "village_code": cast.VILLAGE, **texts(number)} for number in range(matters)]
    file.write_text(json.dumps(docs, ensure_ascii=False))
    with pouchdb() as url:
        return run_client("pouchdb-client.mjs", url, file, ROUNDS)


def authors_in_townships(url: str, var: Path) -> list[tuple[cast.Person, str]]:
    """A cadre in a village of each of AT_ONCE townships, who has an account from now on."""
    app = app_on(url, var)
    with app.app_context():
        townships = reading().scalars(select(Area.code).where(Area.level == "township").order_by(Area.code)).all()
        villages = [children(reading(), code)[0].code for code in townships if code != cast.TOWNSHIP][:AT_ONCE]
        found = [
            (cast.Person(f"author{place}", "杨晓燕", (GrantWanted("cadre", code),)), code)
            for place, code in enumerate(villages)
        ]
        with writing() as session:
            for person, _ in found:
                add_user(session, person.username, person.name, cast.PASSWORD, person.grants)
    let_go(app)
    return found


def signs_in(person: cast.Person) -> Json:
    """How a client of tools/peers/ signs in as this person, on a phone of its own."""
    return {"username": person.username, "password": cast.PASSWORD, "device_id": str(uuid7())}


def pushes_of(matters: int, others: list[tuple[cast.Person, str]]) -> list[Json]:
    """What is pushed, one kind after the other; the first is what is pulled afterwards. Author 0 is CADRE."""
    numbers = iter(range(1_000_000))

    def visits(count: int, each: int, village_code: str = cast.VILLAGE) -> list[Json]:
        starts = [next(numbers) * each for _ in range(count)]
        return [visit(range(start, start + each), village_code) for start in starts]

    def batches(count: int, size: int, each: int) -> list[Json]:
        return [
            {"author": 1 + at % len(others), "mutations": visits(size, each, others[at % len(others)][1])}
            for at in range(count)
        ]

    load = [{"author": 0, "mutations": visits(100, PER_VISIT)} for _ in range(matters // (100 * PER_VISIT))]
    return [
        {"name": "load", "at_once": 1, "pushes": load},
        {"name": "batch_1", "at_once": 1, "pushes": batches(40, 100, 1)},
        {"name": "batch_20", "at_once": 1, "pushes": batches(40, 5, 20)},
        {"name": "batch_100x10", "at_once": 1, "pushes": batches(10, 100, 10)},
        {"name": "single", "at_once": 1, "pushes": batches(SINGLES // 4, 1, 1)},
        {"name": "single_16", "at_once": AT_ONCE, "pushes": batches(SINGLES, 1, 1)},
    ]


def idle_cpu_ms(url: str, var: Path) -> float:
    """What a pull that finds nothing new takes of the processor in a worker, without the way to it: the median."""
    app = app_on(url, var)
    runpy.run_path(str(Path(__file__).parents[1] / "gunicorn.conf.py"))["post_worker_init"](None)
    phone = Phone(app.test_client(), cast.COLLEAGUE)
    token = {"X-CSRFToken": phone.token}
    phone.client.put("/api/session/device", json={"device_id": phone.device_id}, headers=token)
    _, cursors = phone.first_pull()
    body = {"device_id": phone.device_id, "access_version": phone.access_version, "cursors": cursors}
    cookie = phone.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    headers = Headers(token | {"Cookie": f"{cookie.key}={cookie.value}" if cookie else ""})
    took = []
    for _ in range(IDLES):
        environ = EnvironBuilder("/api/sync/pull", method="POST", json=body, headers=headers).get_environ()
        started = time.process_time()
        _, status, _ = run_wsgi_app(app, environ, buffered=True)
        took.append(time.process_time() - started)
        if status != "200 OK":
            raise RuntimeError(status)
    let_go(app)
    return median(took) * 1000


def measure(url: str, var: Path, matters: int) -> Json:
    """Ours on one database."""
    make_world(url, var)
    others = authors_in_townships(url, var)
    server = LiveServer(var, DATABASE_URL=url)
    server.start()
    try:
        plan = {
            "url": server.url,
            "authors": [signs_in(cast.CADRE), *(signs_in(person) for person, _ in others)],
            "reader": signs_in(cast.COLLEAGUE),
            "pushes": pushes_of(matters, others),
            "rounds": ROUNDS,
            "bare": {"requests": SINGLES, "at_once": AT_ONCE},
        }
        file = var / "plan.json"
        file.write_text(json.dumps(plan, ensure_ascii=False))
        measured = run_client("shishibu-client.mjs", file)
    finally:
        server.stop()
    if measured["gzip"]["records"] != matters:
        raise RuntimeError(f"{measured['gzip']['records']} matters came")
    return measured | {"idle_cpu": idle_cpu_ms(url, var)}


def _rate(measured: Json, name: str) -> float:
    """Matters a second by the median push."""
    kind = measured[name]
    return float(kind["matters"] / kind["pushes"] * 1000 / kind["median_ms"])


def rows_of(ours: list[Json], peer: Json) -> list[Row]:
    """The table: what, unit, ours on each database, PouchDB, ODK."""

    def row(what: str, unit: str, mine: list[float], pouch: float | None, odk: float | None = None) -> Row:
        return what, unit, [*mine, pouch, odk]

    def batch(name: str) -> list[float]:
        return [_rate(one, name) for one in ours]

    return [
        row("first sync, gzip", "matters/s", [one["gzip"]["rate"] for one in ours], peer["first"]),
        row("first sync, brotli", "matters/s", [one["br"]["rate"] for one in ours], None),
        row("first sync, zstd", "matters/s", [one["zstd"]["rate"] for one in ours], None),
        row("first sync of all, nothing ready", "matters/s", [one["cold"]["rate"] for one in ours], None),
        row("on the wire, gzip", "MB", [one["gzip"]["bytes"] / 1e6 for one in ours], peer["bytes"] / 1e6),
        row("on the wire, brotli", "MB", [one["br"]["bytes"] / 1e6 for one in ours], None),
        row("on the wire, zstd", "MB", [one["zstd"]["bytes"] / 1e6 for one in ours], None),
        row("idle pull, seen by the client", "ms", [one["idle"] for one in ours], peer["idle"]),
        row("idle pull, processor of the server", "ms", [one["idle_cpu"] for one in ours], None),
        row(f"a request that does nothing, {AT_ONCE} phones", "requests/s", [one["bare"] for one in ours], None),
        row("batch of 100 visits of 1 matter", "matters/s", batch("batch_1"), peer["batch"], ODK["batch"]),
        row("batch of 100 matters in 5 visits", "matters/s", batch("batch_20"), peer["batch"], ODK["batch"]),
        row("batch of 100 visits of 10 matters", "matters/s", batch("batch_100x10"), peer["batch"], ODK["batch"]),
        row("one visit of 1 matter, one phone", "pushes/s", batch("single"), peer["single"]),
        row(
            f"one visit of 1 matter, {AT_ONCE} phones", "pushes/s",
            [one["single_16"]["matters"] / one["single_16"]["seconds"] for one in ours], None, ODK["single"],
        ),
    ]  # fmt: skip


def main() -> None:
    """Measure all and print the table."""
    matters = int(sys.argv[1]) if len(sys.argv) > 1 else MATTERS
    with tempfile.TemporaryDirectory(prefix="shishibu-sync-") as folder:
        var = Path(folder)
        for name in ("sqlite", "postgresql"):
            (var / name).mkdir()
        sqlite = measure(f"sqlite:///{var}/sqlite/shishibu.db", var / "sqlite", matters)
        cluster = Cluster(durable=True)
        try:
            cluster.start()
            postgresql = measure(cluster.create("bench"), var / "postgresql", matters)
        finally:
            cluster.stop()
        peer = measure_pouchdb(matters, var)
    print(f"{matters:,} matters, medians; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"{'':<36}{'SQLite':>12}{'PostgreSQL':>12}{'PouchDB':>12}{'ODK':>12}  unit")
    for what, unit, values in rows_of([sqlite, postgresql], peer):
        shown = "".join(f"{value:>12,.{2 if unit == 'MB' else 1}f}" if value else f"{'–':>12}" for value in values)
        print(f"{what:<36}{shown}  {unit}")


if __name__ == "__main__":
    main()
