"""Fixtures of databases and the server in this process, each test once on SQLite, once on PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from server.actions import sessions
from tests.harness.databases import app_on, let_go, migrate
from tests.harness.postgres import Cluster
from tests.harness.thrift import save_time
from tests.harness.world import make_world

save_time()

Make = Callable[[str, Path], None]


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """The server in this process takes no tenth of a second for each password (test_guessing.py holds what one costs
    those who run it)."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sessions, "_hasher", cheap)
        patched.setattr(sessions, "_NOBODY", cheap.hash("nobody has this password"))
        yield


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this test process alone, started when a test first asks for it."""
    cluster = Cluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(params=("sqlite", "postgresql"))
def engine_name(request: pytest.FixtureRequest) -> str:
    """The database engine of this run of the test."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def _templates() -> dict[tuple[str, str], str]:
    """What has been made so far: the SQLite file or PostgreSQL database, by engine and contents."""
    return {}


@pytest.fixture
def _copy(
    request: pytest.FixtureRequest,
    engine_name: str,
    _templates: dict[tuple[str, str], str],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str, Make], str]]:
    """Copy the template called by a name, which is made the first time; gives the copy's URL."""
    made: list[str] = []

    def copy(contents: str, make: Make) -> str:
        key = (engine_name, contents)
        var = tmp_path_factory.mktemp(f"{contents}-{engine_name}")
        if engine_name == "sqlite":
            if key not in _templates:
                make(f"sqlite:///{var}/template.db", var)
                _templates[key] = f"{var}/template.db"
            file = tmp_path / f"{contents}.db"
            shutil.copy(_templates[key], file)
            return f"sqlite:///{file}"
        cluster: Cluster = request.getfixturevalue("postgres_cluster")
        if key not in _templates:
            make(cluster.create(contents), var)
            _templates[key] = contents
        made.append(f"{contents}_{uuid4().hex[:12]}")
        return cluster.create(made[-1], _templates[key])

    yield copy
    for name in made:
        request.getfixturevalue("postgres_cluster").drop(name)


@pytest.fixture
def database_url(_copy: Callable[[str, Make], str]) -> str:
    """A database with the newest schema and nothing in it."""
    return _copy("schema", migrate)


@pytest.fixture
def world_url(_copy: Callable[[str, Make], str]) -> str:
    """A database with the divisions of 武冈市 and the people of tests/cast.py."""
    return _copy("world", make_world)


@pytest.fixture
def empty_database_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, for tests of the migrations themselves."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    name = f"empty_{uuid4().hex[:12]}"
    yield cluster.create(name)
    cluster.drop(name)


@pytest.fixture
def bare_app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The server on a database with nobody in it."""
    app = app_on(database_url, tmp_path / "var")
    yield app
    let_go(app)


@pytest.fixture
def app(world_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The server on a database with the divisions of 武冈市 and the people of tests/cast.py."""
    app = app_on(world_url, tmp_path / "var")
    yield app
    let_go(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of `app` that nobody has signed in with."""
    return app.test_client()
