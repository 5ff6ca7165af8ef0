"""The world that most tests start from: the divisions of 武冈市 and the people of tests/cast.py."""

import csv
from pathlib import Path

from tests import cast
from tests.harness.databases import app_on, forget_keys, let_go, migrate
from tests.harness.live_server import ROOT

DIVISIONS = ROOT / "data/divisions_wugang.csv"


def make_world(url: str, var: Path) -> None:
    """Migrate the empty database at `url` and move everybody in; the server's keys go to the folder `var`."""
    migrate(url, var)
    app = app_on(url, var)
    with DIVISIONS.open(encoding="utf-8") as file:
        cast.move_in(app, list(csv.DictReader(file)))
    forget_keys(app)  # the copies are served with keys of their own
    let_go(app)
