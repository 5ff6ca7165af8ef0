"""Mistakes put in on purpose, each of which must be seen (`make kills` names this file; with the other tests it would
take too long)."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.harness.postgres import Cluster
from tests.kills.conftest import Serve
from tests.kills.test_server_killed import kill_database, kill_often

__all__ = ["kill_database"]

KILLS = 12


@pytest.mark.parametrize(
    ("mistake", "seen"),
    [
        ("answers_early", "a receipt that the server gave is not in its database"),
        ("no_savepoint", "applied, and nobody was told so|do not agree|never taken"),
        ("forgets_receipts", "refused again and again|never taken"),
    ],
)
def test_a_server_with_a_mistake_is_found_out(app: Flask, world_url: str, serve: Serve, mistake: str, seen: str):
    with pytest.raises(AssertionError, match=seen):
        kill_often(app, serve(world_url, f"tests.kills.mistakes:make('{mistake}')"), KILLS, None)


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_a_database_that_says_committed_before_it_is_written_is_found_out(
    app: Flask, world_url: str, serve: Serve, postgres_cluster: Cluster, kill_database: Callable[[], None]
):
    postgres_cluster.set("synchronous_commit", "off")
    try:
        with pytest.raises(AssertionError, match="a receipt that the server gave is not in its database"):
            kill_often(app, serve(world_url), KILLS, kill_database)
    finally:
        postgres_cluster.set("synchronous_commit", "on")
