"""An administrator at his terminal."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

Run = Callable[..., Result]
Write = Callable[..., str]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run `flask …` in the world of tests/cast.py."""
    return lambda *words, **more: app.test_cli_runner().invoke(args=words, **more)


@pytest.fixture
def run_bare(bare_app: Flask) -> Run:
    """Run `flask …` on a database with nothing in it."""
    return lambda *words, **more: bare_app.test_cli_runner().invoke(args=words, **more)


@pytest.fixture
def csv_file(tmp_path: Path) -> Write:
    """Write lines into a CSV file and return its path."""

    def write(*lines: str, encoding: str = "utf-8") -> str:
        path = tmp_path / "file.csv"
        path.write_bytes("".join(f"{line}\r\n" for line in lines).encode(encoding))
        return str(path)

    return write
