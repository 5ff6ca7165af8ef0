"""What a file of all the matters behind a number takes: seconds, bytes and memory, on both databases in one run.

python -m tools.bench_exports [ROWS]
"""

import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from flask import Flask

from server.actions.accounts import GrantWanted, add_user
from server.domain.times import shanghai_day
from server.store.db import writing
from tests import cast
from tests.harness.databases import app_on, let_go
from tools.bench import Phone
from tools.bench_tallies import filled, recount

ROWS = 100_000
MORE = 1.05
"""Matters to make for each row: some were withdrawn or merged, and are counted nowhere."""


@dataclass(frozen=True)
class Export:
    """One file: how many rows, how long until it was there, its size, and how much more memory the process took."""

    rows: int
    seconds: float
    megabytes: float
    grown_mb: float


def measure(leader: Phone, ending: str, area_code: str, first: date, last: date) -> Export:
    """Export everything that was raised in a period, and read it as slowly as it comes."""
    query = f"area_code={area_code}&from={first}&to={last}&measure=raised"
    before = _most_mb()
    Path("/proc/self/clear_refs").write_text("5")  # from here on the most is counted anew
    started = time.perf_counter()
    answer = leader.client.get(f"/api/tallies/matters/export.{ending}?{query}")
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code} {answer.get_data(as_text=True)[:200]}")
    size = sum(len(part) for part in answer.iter_encoded())
    seconds = time.perf_counter() - started
    answer.close()
    return Export(int(answer.headers["X-Row-Count"]), seconds, size / 2**20, max(0.0, _most_mb() - before))


def _most_mb() -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def measure_both(app: Flask, province_code: str, today: date) -> dict[str, Export]:
    """The province's files of everything, by their ending."""
    person = cast.Person("exporter", "领导", (GrantWanted("leader", province_code),))
    with app.app_context(), writing() as session:
        add_user(session, person.username, person.name, cast.PASSWORD, person.grants)
    leader = Phone(app.test_client(), person)
    return {ending: measure(leader, ending, province_code, date(2000, 1, 1), today) for ending in ("csv", "xlsx")}


def main() -> None:
    """Fill both, export from both, print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    today = shanghai_day(datetime.now(UTC))
    print(f"{'export':<20}{'rows':>10}{'seconds':>10}{'rows/s':>10}{'MB':>10}{'memory +MB':>12}")
    with tempfile.TemporaryDirectory(prefix="shishibu-exports-") as folder:
        var = Path(folder)
        with filled(int(rows * MORE), today, var) as (province, urls):
            for name, url in urls.items():
                app = app_on(url, var / name)
                recount(app)
                for ending, made in measure_both(app, province.code, today).items():
                    speed = made.rows / made.seconds
                    print(
                        f"{name + ' ' + ending:<20}{made.rows:>10,}{made.seconds:>10.1f}{speed:>10,.0f}"
                        f"{made.megabytes:>10.1f}{made.grown_mb:>12.1f}"
                    )
                let_go(app)


if __name__ == "__main__":
    main()
