"""Every line of the server's log says when, which process and how bad."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.harness.databases import migrate
from tests.harness.live_server import LiveServer

LINE = r"^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}\] \[\d+\] \[(?:INFO|WARNING|ERROR)\] "


def test_what_fails_in_the_field_is_a_line_with_time_and_zone_process_level_and_name(tmp_path: Path):
    migrate("", tmp_path)
    server = LiveServer(tmp_path)
    server.start()
    try:
        with closing(sqlite3.connect(tmp_path / "shishibu.db")) as connection:
            connection.execute("ALTER TABLE alembic_version RENAME TO moved")
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{server.url}/api/health", timeout=10)
        refused.value.close()
    finally:
        server.stop()
    lines = server.log.splitlines()
    assert any(re.search(LINE + r"server\.api\.errors: database: OperationalError$", line) for line in lines), lines
    assert [line for line in lines if not re.search(LINE, line)] == []
    assert len(lines) == len(set(lines)), "said twice"
