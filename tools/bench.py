"""What the server takes for a cadre's and a leader's day, on both databases in one run: compare the columns,
not two runs, for machines differ and are shared. In this process, so without gunicorn and a network."""

import gzip
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from uuid6 import uuid7

from tests import cast
from tests.harness.caller import mutation
from tests.harness.databases import app_on, let_go
from tests.harness.postgres import Cluster
from tests.harness.world import make_world

SINGLES = 200
BATCHES = 30
BATCH = 100
ROUNDS = 15
WARM_UP = 20

Row = tuple[str, str, float]


class Phone:
    """A signed-in phone that talks to the server in this process."""

    def __init__(self, client: FlaskClient, person: cast.Person) -> None:
        self.client = client
        self.device_id = str(uuid7())
        self.token: str = client.get("/api/session").get_json()["csrf_token"]
        session = self.post("/api/session", {"username": person.username, "password": cast.PASSWORD})
        self.token, self.access_version = session["csrf_token"], session["me"]["access_version"]

    def post(self, path: str, body: object) -> Any:
        """Post and return the JSON answer; stops the benchmark at a refusal."""
        answer = self.client.post(path, json=body, headers={"X-CSRFToken": self.token})
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.get_data(as_text=True)[:200]}")
        return answer.get_json()

    def get(self, path: str) -> Any:
        """Get and return the JSON answer; stops the benchmark at a refusal."""
        answer = self.client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.get_data(as_text=True)[:200]}")
        return answer.get_json()

    def push(self, mutations: list[dict[str, Any]]) -> None:
        """Push; all must be applied."""
        body = {"device_id": self.device_id, "sent_at": datetime.now(UTC).isoformat(), "mutations": mutations}
        refused = [one for one in self.post("/api/sync/push", body)["receipts"] if one["status"] != "applied"]
        if refused:
            raise RuntimeError(f"refused: {refused[0]}")

    def pull(self, cursors: list[dict[str, Any]]) -> Any:
        """One page from `cursors`."""
        body = {"device_id": self.device_id, "access_version": self.access_version, "cursors": cursors}
        return self.post("/api/sync/pull", body)

    def first_pull(self) -> tuple[int, list[dict[str, Any]]]:
        """How many matters a new phone gets, and its cursors then."""
        cursors: list[dict[str, Any]] = []
        count = 0
        while True:
            scopes = self.pull(cursors)["scopes"]
            count += sum(len(scope["matters"]) for scope in scopes)
            cursors = [{"scope": scope["scope"], "version": scope["version"]} for scope in scopes]
            if not any(scope["more"] for scope in scopes):
                return count, cursors


def _visit(number: int) -> dict[str, Any]:
    """A visit with one matter of about 400 bytes of Chinese, resolved on the spot every other time."""
    matter: dict[str, Any] = {
        "id": str(uuid7()),
        "raised_event_id": str(uuid7()),
        "title": f"第 {number} 件：三组水渠堵了，二十亩田浇不上水",
        "category": ("water", "road", "power", "welfare")[number % 4],
        "detail": "水渠从后山下来，去年秋天塌了一段，石头和淤泥堵在拐弯处，十二户的田都靠它。清过一次，一下雨又堵。",
    }
    if number % 2:
        matter["resolved"] = {"event_id": str(uuid7()), "text": "清淤八十米，砌了挡墙，十二户当天放上了水。"}
    happened = datetime.now(UTC) - timedelta(hours=number % 2000)
    args = {"id": str(uuid7()), "kind": "onsite", "village_code": cast.VILLAGE, "happened_at": happened.isoformat()}
    return mutation("visit.record", {**args, "matters": [matter]}) | {"made_at": happened.isoformat()}


def _median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def measure(url: str, var: Path) -> list[Row]:
    """Everything on one database: (what, unit, median)."""
    make_world(url, var)
    app = app_on(url, var)
    cadre, leader = Phone(app.test_client(), cast.CADRE), Phone(app.test_client(), cast.COUNTY_LEADER)
    numbers = iter(range(1_000_000))
    for _ in range(WARM_UP):
        cadre.push([_visit(next(numbers))])
    rows: list[Row] = [("bare request (health)", "ms", _median_ms(lambda: leader.get("/api/health")))]
    single = _median_ms(lambda: cadre.push([_visit(next(numbers))]), SINGLES)
    rows.append(("push of one visit", "visits/s", 1000 / single))
    batch = _median_ms(lambda: cadre.push([_visit(next(numbers)) for _ in range(BATCH)]), BATCHES)
    rows.append((f"push of {BATCH} visits", "visits/s", 1000 * BATCH / batch))
    started = time.perf_counter()
    count, newest = cadre.first_pull()
    rows.append((f"first pull of {count}, nothing ready", "matters/s", count / (time.perf_counter() - started)))
    again = _median_ms(cadre.first_pull, 3)
    rows.append((f"first pull of {count} matters", "matters/s", 1000 * count / again))
    page = cadre.pull([])
    matters = sum(len(scope["matters"]) for scope in page["scopes"])
    packed = gzip.compress(json.dumps(page, ensure_ascii=False).encode(), 5)
    rows.append(("first pull, per matter", "bytes gzip", len(packed) / matters))
    rows.append(("idle pull", "ms", _median_ms(lambda: cadre.pull(newest), 100)))
    today = datetime.now(UTC).date()
    period = f"from={today.year}-01-01&to={today.year}-12-31"
    rows.append(("county tally of a year", "ms", _median_ms(lambda: leader.get(f"/api/tallies?{period}"))))
    behind = f"/api/tallies/matters?{period}&measure=raised"
    rows.append(("first page behind a number", "ms", _median_ms(lambda: leader.get(behind))))
    let_go(app)
    return rows


def main() -> None:
    """Measure both and print the table."""
    with tempfile.TemporaryDirectory(prefix="shishibu-bench-") as folder:
        var = Path(folder)
        for name in ("sqlite", "postgresql"):
            (var / name).mkdir()
        sqlite = measure(f"sqlite:///{var}/sqlite/shishibu.db", var / "sqlite")
        cluster = Cluster(durable=True)
        try:
            cluster.start()
            postgresql = measure(cluster.create("bench"), var / "postgresql")
        finally:
            cluster.stop()
    print(f"{'median':<34}{'SQLite':>12}{'PostgreSQL':>12}  {'unit':<12}PostgreSQL : SQLite")
    for (what, unit, one), (_, _, other) in zip(sqlite, postgresql, strict=True):
        print(f"{what:<34}{one:>12.1f}{other:>12.1f}  {unit:<12}{other / one:.2f}")


if __name__ == "__main__":
    main()
