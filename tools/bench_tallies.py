"""What a leader waits for when a province has used 实事簿 for three years: every page of a tally, the first page
behind each number, on both databases in one run, beside the plain GROUP BY that the sums by month replace.

    python -m tools.bench_tallies [MATTERS]

A million matters with five million events take a quarter of an hour to make and count; fewer are quicker.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from flask import Flask

from server.actions.accounts import GrantWanted, add_user
from server.domain.areas import ancestor
from server.domain.tallies import MEASURES, period
from server.domain.times import shanghai_day
from server.store.areas import get_area
from server.store.db import reading, writing
from server.store.tallies_plain import read_sheet
from tests import cast
from tests.harness.databases import app_on, let_go, migrate
from tests.harness.postgres import Cluster
from tools.bench import Phone
from tools.province.lives import YEARS
from tools.province.load import PostgresTarget, SqliteTarget, Target, load
from tools.province.places import Province, make_province

MATTERS = 1_000_000
SEED = 20261125
ROUNDS = 5

Times = dict[str, list[float]]


@dataclass(frozen=True)
class Desk:
    """Whose desk it is: the leader, and the area that he opens."""

    name: str
    leader: cast.Person
    area_code: str


def desks(province: Province) -> list[Desk]:
    """The province's, a prefecture's, the county's with most matters, and the same county's largest township's."""
    county = province.largest_county()
    inside = [township for township in province.townships if ancestor(township.code, "county") == county]
    township = max(inside, key=lambda one: one.weight).code
    where = {
        "province": province.code,
        "prefecture": ancestor(county, "prefecture"),
        "county (largest)": county,
        "township (largest)": township,
    }
    return [
        Desk(name, cast.Person(f"leader_{code}", "领导", (GrantWanted("leader", code),)), code)
        for name, code in where.items()
    ]


def periods(today: date) -> dict[str, tuple[date, date]]:
    """The periods that leaders look at."""
    monday = today - timedelta(days=today.weekday())
    this_month = today.replace(day=1)
    last_month = this_month - timedelta(days=1)
    return {
        "this week": (monday, monday + timedelta(days=6)),
        "last month": (last_month.replace(day=1), last_month),
        "this year": (today.replace(month=1, day=1), today.replace(month=12, day=31)),
        "last year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        "since a day in the middle of a month": (today - timedelta(days=400), today),
    }


@contextmanager
def filled(matters: int, today: date, var: Path) -> Iterator[tuple[Province, dict[str, str]]]:
    """Both databases with the same province: their URLs by name."""
    cluster = Cluster(durable=True)
    try:
        cluster.start()
        urls = {"sqlite": f"sqlite:///{var}/sqlite/shishibu.db", "postgresql": cluster.create("province")}
        for name, url in urls.items():
            (var / name).mkdir()
            migrate(url, var / name)
        rng = Random(SEED)  # noqa: S311  (the same province each time)
        province = make_province(rng)
        sqlite, postgresql = SqliteTarget(var / "sqlite/shishibu.db"), PostgresTarget(urls["postgresql"])
        targets: list[Target] = [sqlite, postgresql]
        started = time.perf_counter()
        for done in load(targets, rng, province, matters, today):
            print(f"\r{done:,} matters after {time.perf_counter() - started:.0f} s", end="", file=sys.stderr)
        print(file=sys.stderr)
        sqlite.close()
        postgresql.close()
        yield province, urls
    finally:
        cluster.stop()


def recount(app: Flask) -> float:
    """Count everything from the events; the seconds that it takes."""
    started = time.perf_counter()
    done = app.test_cli_runner().invoke(args=["tallies", "recount"])
    if done.exit_code:
        raise RuntimeError(done.output)
    return time.perf_counter() - started


def _median_ms(leader: Phone, path: str) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        leader.get(path)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def measure(app: Flask, every: list[Desk], today: date) -> tuple[Times, dict[str, float]]:
    """For each desk the medians of its pages, of its lists' first pages, and of the plain GROUP BY of its pages."""
    pages: Times = {}
    plain: dict[str, float] = {}
    for desk in every:
        leader = Phone(app.test_client(), desk.leader)
        for name, (first, last) in periods(today).items():
            query = f"area_code={desk.area_code}&from={first}&to={last}"
            pages.setdefault(f"{desk.name}: page", []).append(_median_ms(leader, f"/api/tallies?{query}"))
            since = f"/api/tallies/changes?{query}"
            pages.setdefault(f"{desk.name}: what changed since", []).append(_median_ms(leader, since))
            lists = pages.setdefault(f"{desk.name}: first page behind a number", [])
            lists += [_median_ms(leader, f"/api/tallies/matters?{query}&measure={number}") for number in MEASURES]
            if name == "this year":
                plain[desk.name] = _plain_ms(app, desk, first, last, today)
    return pages, plain


def _plain_ms(app: Flask, desk: Desk, first: date, last: date, today: date) -> float:
    """The same numbers by GROUP BY over the legs."""
    with app.app_context():
        area = get_area(reading(), desk.area_code)
        if area is None:
            raise RuntimeError(desk.area_code)
        started = time.perf_counter()
        read_sheet(reading(), area, period(first, last, today))
        return (time.perf_counter() - started) * 1000


def main() -> None:
    """Fill both, measure both, print the table."""
    matters = int(sys.argv[1]) if len(sys.argv) > 1 else MATTERS
    today = shanghai_day(datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix="shishibu-province-") as folder:
        var = Path(folder)
        with filled(matters, today, var) as (province, urls):
            found = {name: _measured(url, var / name, desks(province), today) for name, url in urls.items()}
    print(f"{matters:,} matters of {YEARS} years in {len(province.townships):,} townships; milliseconds")
    print(f"{'':<44}{'SQLite':>18}{'PostgreSQL':>18}")
    print(f"{'':<44}{'median      worst':>18}{'median      worst':>18}")
    for what in found["sqlite"][0]:
        both = [found[name][0][what] for name in ("sqlite", "postgresql")]
        print(f"{what:<44}" + "".join(f"{statistics.median(times):>8.0f}{max(times):>10.0f}" for times in both))
    for desk in found["sqlite"][1]:
        both_plain = [found[name][1][desk] for name in ("sqlite", "postgresql")]
        print(f"{desk + ': plain GROUP BY, this year':<44}" + "".join(f"{ms:>18.0f}" for ms in both_plain))
    print(f"{'recount of everything from the events, s':<44}" + "".join(f"{found[n][2]:>18.0f}" for n in found))


def _measured(url: str, var: Path, every: list[Desk], today: date) -> tuple[Times, dict[str, float], float]:
    app = app_on(url, var)
    try:
        with app.app_context(), writing() as session:
            for desk in every:
                add_user(session, desk.leader.username, desk.leader.name, cast.PASSWORD, desk.leader.grants)
        seconds = recount(app)
        return *measure(app, every, today), seconds
    finally:
        let_go(app)


if __name__ == "__main__":
    main()
