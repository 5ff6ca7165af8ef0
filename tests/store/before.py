"""A database as the release before 20261126 left it: rows and pushes that were written down while that release itself
ran (commit 7a1e301), and its key. Its people are those of tests/cast.py."""

import json
from base64 import b64decode
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from server.store.db import reading, writing
from tests.harness.live_server import ROOT

Row = dict[str, Any]

RELEASE: dict[str, Any] = json.loads((ROOT / "tests/store/database_20261125.json").read_text(encoding="utf-8"))
KEY: str = RELEASE["resident_keys"]
TABLES: dict[str, list[Row]] = RELEASE["tables"]
PUSHES: list[dict[str, Any]] = RELEASE["pushes"]
"""What phones had sent: by whom, the mutation, and its receipt."""

FIRST_DAY, LAST_DAY = "2026-08-10", "2026-11-25"


def fill(app: Flask) -> None:
    """Make the tables of that release in an empty database, and put its rows in."""
    with app.app_context():
        upgrade(revision=RELEASE["revision"])
        with writing() as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text("SET LOCAL TIME ZONE 'UTC'"))  # the rows' times are UTC, and do not say so
            for table, rows in TABLES.items():
                columns = list(rows[0])
                places = ", ".join(f":{name}" for name in columns)
                session.execute(
                    text(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"),
                    [{name: _value(value) for name, value in row.items()} for row in rows],
                )


def _value(value: Any) -> Any:
    return b64decode(value["base64"]) if isinstance(value, dict) else value


def kept(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of that release's tables, in that release's columns, as the database gives them."""
    found = {}
    with app.app_context():
        for table, rows in TABLES.items():
            query = text(f"SELECT {', '.join(rows[0])} FROM {table}")
            found[table] = sorted(map(tuple, reading().execute(query)), key=str)
    return found


def events_of(act: str) -> list[Row]:
    """The entries of an act that changed something, of matters that count."""
    void = {matter["id"] for matter in TABLES["matters"] if matter["state"] in {"merged", "withdrawn"}}
    events = [event for event in TABLES["events"] if event["act"] == act and event["refused_because"] is None]
    return [event for event in events if event["matter_id"] not in void]
