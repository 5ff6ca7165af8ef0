"""Schedules of the sync simulator (pwa/tests/simulator/main.ts); `make simulate` runs as many as one likes."""

import subprocess

import pytest

from tests.harness.live_server import ROOT


def simulate(database: str, schedules: int, seed: int = 1, *more: str) -> tuple[int, str]:
    """How it ended, and what it said."""
    asked = ["--database", database, "--schedules", str(schedules), "--seed", str(seed), *more]
    command = ["node", "pwa/tests/simulator/run.mjs", *asked]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


TOGETHER = 20
"""So many a test: the workers share them."""


@pytest.mark.parametrize("share", range(5))
@pytest.mark.parametrize(("database", "seed"), [("sqlite", 1), ("postgresql", 101)])
def test_whatever_is_cut_killed_or_doubled_nothing_is_lost_and_all_phones_agree(database: str, seed: int, share: int):
    first = seed + share * TOGETHER
    ended, said = simulate(database, TOGETHER, first)
    assert ended == 0, said
    assert f"{TOGETHER} schedules from seed {first} on {database}: 0 failed" in said


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_seed_tells_the_same_story_to_the_letter(database: str):
    ended, said = simulate(database, 4, 700, "--twice")
    assert ended == 0, said


@pytest.mark.parametrize(
    ("mistake", "database", "seed", "seen"),
    [
        ("deletes_early", "sqlite", 4, "had saved, is lost"),
        ("deletes_what_a_lost_phone_holds", "sqlite", 8, "had saved, is lost"),
        ("deletes_a_second_matter", "sqlite", 1, "had saved, is lost"),
        ("sends_beside_what_was_refused", "sqlite", 1, "is there 2 times: the server, "),
        ("stumbles_when_access_changes", "sqlite", 1, "logs: sync: TypeError"),
        ("crash", "sqlite", 1, "(matter.correct) failed: KeyError"),
        ("sequence", "postgresql", 53, "begins from raised, and it was returned"),
        ("no_savepoint", "sqlite", 12, "legs: kept ["),
        ("ready_too_new", "sqlite", 1, "on a new phone: {"),
    ],
)
def test_a_mistake_that_is_put_in_is_seen(mistake: str, database: str, seed: int, seen: str):
    ended, said = simulate(database, 60, seed, "--mistake", mistake)
    assert ended == 1, f"{mistake} was not seen"
    assert seen in said, said
