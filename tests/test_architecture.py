"""The walls of docs/architecture.md, and what must not exist anywhere (P1)."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server.schemas.base import Schema
from server.store.db import Base
from tests.harness.databases import app_on
from tests.harness.live_server import ROOT

SERVER, PWA = ROOT / "server", ROOT / "pwa/src"
TABLE_ROW = re.compile(r"^\| `(server|pwa/src)/(\w+)/(?:<noun>/)?` \| .* \| (.+) \|$", re.MULTILINE)
PWA_IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]""")
TRACES = ("photo", "gps", "latitude", "longitude", "signature", "score", "points", "ranking", "checkin")
OPEN_TO_ANYONE = {
    "sessions.read_session", "sessions.sign_in", "sessions.sign_out",
    "phones.ask_standing", "handed_in.hand_in",
    "health.get_health", "docs.page", "docs.start", "docs.asset", "pwa.file",
    "rating_page.show", "rating_page.nothing_here", "rating_page.take", "rating_page.style",
}  # fmt: skip
UNDECLARED = {"openapi.spec"}
"""The OpenAPI document is APIFlask's own endpoint; it holds no record."""


def walls(side: str) -> dict[str, set[str]]:
    """What each folder of `server` or `pwa/src` may import, as docs/architecture.md says."""
    rows = TABLE_ROW.findall((ROOT / "docs/architecture.md").read_text())
    said = {folder: words for where, folder, words in rows if where == side}
    may: dict[str, set[str]] = {}
    for folder, words in said.items():
        every = set(may) if words == "all above" else set(said)
        may[folder] = every if words.startswith("all") else set(re.findall(r"\w+", words)) & set(said)
    return may


def closed(may: dict[str, set[str]]) -> dict[str, set[str]]:
    """The same, with what the imported folders may import themselves."""
    whole = {folder: direct.union(*(may[other] for other in direct)) for folder, direct in may.items()}
    return whole if whole == may else closed(whole)


def imported(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Each module that a Python file imports, with the names taken from it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports out"
            yield str(node.module), [alias.name for alias in node.names]


def server_layers(path: Path) -> Iterator[str]:
    """The layers of ours that a Python file imports."""
    for module, names in imported(path):
        if module == "server":
            yield from names
        elif module.startswith("server."):
            yield module.split(".")[1]


def test_the_table_of_folders_names_every_folder():
    assert set(walls("server")) == {path.name for path in SERVER.iterdir() if path.is_dir()} - {"__pycache__"}
    assert set(walls("pwa/src")) | {"styles"} == {path.name for path in PWA.iterdir() if path.is_dir()}


@pytest.mark.parametrize("layer", walls("server"))
def test_a_layer_imports_only_the_layers_that_the_table_allows(layer: str):
    may = walls("server")[layer] | {layer}
    wrong = {
        f"{path.relative_to(ROOT)} imports {other}"
        for path in (SERVER / layer).rglob("*.py")
        if "migrations" not in path.parts
        for other in server_layers(path)
        if other not in may
    }
    assert wrong == set()


def test_the_rules_are_plain_python():
    foreign = {
        (path.name, module)
        for path in (SERVER / "domain").glob("*.py")
        for module, _ in imported(path)
        if module.split(".")[0] not in sys.stdlib_module_names and not module.startswith("server.domain")
    }
    assert foreign == set()


def test_only_the_store_speaks_sql():
    """Others hold a session and catch the database's errors; they build no statement."""
    wrong = {
        (str(path.relative_to(SERVER)), module, *names)
        for path in SERVER.rglob("*.py")
        if path.relative_to(SERVER).parts[0] != "store"
        for module, names in imported(path)
        if module.split(".")[0] == "sqlalchemy"
        and not (module == "sqlalchemy.exc" or (module == "sqlalchemy.orm" and names == ["Session"]))
    }
    assert wrong == set()


def pwa_sources() -> list[Path]:
    return [path for path in PWA.rglob("*") if path.suffix in {".ts", ".vue"} and "contract" not in path.parts]


def test_the_phones_folders_import_only_what_the_table_allows():
    may = closed(walls("pwa/src"))
    wrong = set()
    for path in pwa_sources():
        folder = path.relative_to(PWA).parts[0]
        for target in PWA_IMPORT.findall(path.read_text()):
            other = (path.parent / target).resolve().relative_to(PWA).parts[0]
            if folder in may and other != folder and other not in may[folder]:
                wrong.add(f"{path.relative_to(PWA)} imports {other}")
    assert wrong == set()


def test_only_the_phones_sync_calls_the_network():
    calls = re.compile(r"\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket|EventSource")
    callers = {path.relative_to(PWA).parts[0] for path in pwa_sources() if calls.search(path.read_text())}
    assert callers <= {"sync"}


def test_no_file_is_longer_than_three_hundred_lines():
    sources = [path for path in SERVER.rglob("*.py") if "migrations" not in path.parts]
    sources += [*pwa_sources(), *(PWA / "styles").glob("*.css")]
    assert len(sources) > 100
    assert {str(path): count for path in sources if (count := len(path.read_text().splitlines())) > 300} == {}


@pytest.fixture(scope="module")
def unused_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The server, for its routes: nobody calls it."""
    var = tmp_path_factory.mktemp("var")
    return app_on(f"sqlite:///{var}/none.db", var)


def who_may_call(app: Flask) -> dict[str, str | None]:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    return {endpoint: getattr(app.view_functions[endpoint], "who", None) for endpoint in endpoints}


def test_every_endpoint_declares_who_may_call_it(unused_app: Flask):
    assert {endpoint for endpoint, who in who_may_call(unused_app).items() if who is None} == UNDECLARED


def test_without_a_session_only_these_endpoints_answer(unused_app: Flask):
    assert {endpoint for endpoint, who in who_may_call(unused_app).items() if who == "anyone"} == OPEN_TO_ANYONE


def all_schemas(schema: type[Any] = Schema) -> Iterator[type[Any]]:
    yield schema
    for child in schema.__subclasses__():
        yield from all_schemas(child)


def test_there_is_no_column_field_or_route_for_a_trace(unused_app: Flask):
    """P1: results, not traces."""
    columns = {f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns}
    fields = {
        f"{schema.__name__}.{name}.{field.data_key}"
        for schema in all_schemas()
        for name, field in schema._declared_fields.items()
    }
    routes = {rule.rule for rule in unused_app.url_map.iter_rules()}
    assert len(columns) > 50
    assert len(fields) > 100
    assert len(routes) > 10
    names = {name: re.sub(r"[^a-z.]", "", name.lower()) for name in columns | fields | routes}
    assert {name for name, plain in names.items() if any(trace in plain for trace in TRACES)} == set()
