"""Lighthouse over the built app on a live server with sample records; exits 1 if a score is under 95."""

import json
import subprocess
import sys

from tests import cast
from tests.harness.live_server import ROOT
from tests.harness.phone import find_chromium
from tools.sample_server import sample_server

PAGES = [
    {"path": "/signin", "username": None},
    {"path": "/matters", "username": cast.CADRE.username},
    {"path": "/tallies", "username": cast.LEADER.username},
]


def main() -> int:
    """Measure, print the table, return the exit code."""
    with sample_server() as server:
        done = subprocess.run(
            ["node", "tests/browser/lighthouse.mjs", server.url, find_chromium()],
            cwd=ROOT,
            input=json.dumps({"password": cast.PASSWORD, "pages": PAGES}),
            text=True,
        )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
