"""What every response carries, the documentation page, the OpenAPI document and the app's own files."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import TestResponse

from server.schemas.sync import MUTATIONS
from tests import cast
from tests.api.contract import Contract, check_error, described
from tests.api.mutations import new_id
from tests.api.people import UNDESCRIBED, SignIn
from tests.api.routes import routes
from tests.api.test_access import TABLE
from tests.harness.databases import app_on, let_go

INDEX = "<!doctype html><title>实事簿</title>"
SECRET = "not for the public"


@pytest.fixture
def built(app_without_data: Flask, tmp_path: Path) -> FlaskClient:
    """A client of a server with a built app, beside which lies something that is nobody's business."""
    dist = tmp_path / "pwa" / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text(INDEX, encoding="utf-8")
    (dist / "sw.js").write_text("// service worker")
    (dist / ".vite").mkdir()
    (dist / ".vite" / "manifest.json").write_text(SECRET)
    (dist / "assets" / "app-1a2b3c.js").write_text("// app")
    for near in (dist.parent / "config.py", tmp_path / "config.py", tmp_path / "secret.key"):
        near.write_text(SECRET)
    app_without_data.config["PWA"] = str(dist)
    return app_without_data.test_client()


def directives(answer: TestResponse) -> dict[str, list[str]]:
    """The content security policy, by directive."""
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {name: sources for name, *sources in parts}


KINDS = {
    # A kind of response: how to get it, and its status.
    "a page": ("GET", "/", 200),
    "a path of the app": ("GET", "/matters/1", 200),
    "a script": ("GET", "/assets/app-1a2b3c.js", 200),
    "the service worker": ("GET", "/sw.js", 200),
    "data": ("GET", "/api/session", 200),
    "the documentation": ("GET", "/api/docs", 200),
    "a script of the documentation": ("GET", "/api/docs/swagger-ui-bundle.js", 200),
    "the OpenAPI document": ("GET", "/api/openapi.json", 200),
    "a refusal": ("GET", "/api/reference", 401),
    "what is not there": ("GET", "/api/nothing", 404),
    "a missing file": ("GET", "/assets/gone.js", 404),
    "a wrong method": ("DELETE", "/api/reference", 405),
    "a request without a token": ("POST", "/api/session", 400),
    "a failure": ("GET", "/api/tallies", 500),
    "headers only": ("HEAD", "/", 200),
    "what may be asked": ("OPTIONS", "/api/session", 200),
}


def test_every_response_is_protected(
    app_without_data: Flask, built: FlaskClient, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
):
    def explode(**_: object) -> None:
        raise KeyError("unforeseen")

    monkeypatch.setitem(app_without_data.view_functions, "tallies.get_tally", explode)
    for kind, (method, path, status) in KINDS.items():
        with subtests.test(kind):
            answer = built.open(path, method=method, buffered=True)
            assert answer.status_code == status
            policy = directives(answer)
            assert policy["default-src"] == ["'none'"]
            assert policy["script-src"] == ["'self'"]
            for name in ("base-uri", "frame-ancestors"):
                assert policy[name] == ["'none'"]
            assert policy["form-action"] == ["'self'"]
            for sources in policy.values():
                assert not {"*", "'unsafe-eval'", "https:", "http:"} & set(sources)
            if not path.startswith("/api/docs"):
                assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            for sense in ("camera", "geolocation", "microphone"):  # P1
                assert f"{sense}=()" in answer.headers["Permissions-Policy"]
            assert "Access-Control-Allow-Origin" not in answer.headers
            assert "Strict-Transport-Security" not in answer.headers


def test_behind_tls_browsers_are_told_to_stay_there(tmp_path: Path):
    app = app_on("sqlite://", tmp_path / "var", SECURE_COOKIES=True)
    for path in ("/api/session", "/api/reference"):
        assert "max-age=31536000" in app.test_client().get(path).headers["Strict-Transport-Security"]
    let_go(app)


def test_what_a_person_may_see_is_not_kept_by_caches(app: Flask, sign_in: SignIn):
    leader = sign_in(cast.LEADER)
    for path in ("/api/session", f"/api/matters/{new_id()}", "/api/tallies?from=2026-01-01&to=2026-01-31"):
        assert leader.get(path).headers["Cache-Control"] == "no-store"
    assert leader.get("/api/reference").headers["Cache-Control"] == "private, no-cache"


def test_places_and_units_are_sent_once_and_again_only_when_they_changed(app: Flask, sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    tag = cadre.get("/api/reference").headers["ETag"]
    again = cadre.call("GET", "/api/reference", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["X-Content-Type-Options"] == "nosniff"
    assert sign_in(cast.NEIGHBOUR).call("GET", "/api/reference", headers={"If-None-Match": tag}).status_code == 200


def test_the_documentation_page_needs_nothing_from_elsewhere_and_no_inline_script(app_without_data: Flask):
    client = app_without_data.test_client()
    page = client.get("/api/docs").get_data(as_text=True)
    assert "http:" not in page
    assert "https:" not in page
    assert page.count("<script") == page.count("<script src=") == page.count("></script>")
    for path in ("/api/docs/swagger-ui.css", "/api/docs/swagger-ui-bundle.js", "/api/docs/start.js"):
        assert path in page
        with client.get(path) as answer:
            assert answer.status_code == 200
    assert "/api/openapi.json" in client.get("/api/docs/start.js").get_data(as_text=True)


@pytest.mark.parametrize("name", ["../flask_swagger_ui.py", "..%2f..%2f__init__.py", "nothing.js", "x\0.js", "%00"])
def test_the_documentation_gives_its_own_files_only(app_without_data: Flask, name: str):
    answer = app_without_data.test_client().get(f"/api/docs/{name}")
    assert answer.status_code == 404
    check_error(answer.get_json(), 404)


def test_the_openapi_document_is_valid_and_is_what_is_served(app_without_data: Flask, contract: Contract):
    served = app_without_data.test_client().get("/api/openapi.json", headers={"Host": "somebody.example"})
    assert served.mimetype == "application/json"
    assert served.get_json() == contract.document
    OpenAPIV31SpecValidator(contract.document).validate()


def test_the_openapi_document_has_every_endpoint_of_the_api_and_the_arguments_of_every_mutation(
    app_without_data: Flask, contract: Contract
):
    told = {(method.upper(), path) for path, item in contract.document["paths"].items() for method in item}
    assert told == {
        (method, described(rule))
        for method, rule in routes(app_without_data)
        if rule.startswith("/api/") and not rule.startswith(UNDESCRIBED)
    }
    assert {schema.__name__.removesuffix("Schema") for schema in MUTATIONS.values()} <= set(
        contract.document["components"]["schemas"]
    )


def test_the_openapi_document_says_how_an_endpoint_refuses(contract: Contract):
    """What tests/api/people.py sees refused is held against it too; these cannot be met by chance."""
    said = {
        (method, path): operation["responses"].keys()
        for path, item in contract.document["paths"].items()
        for method, operation in item.items()
    }
    assert all({"500", "503"} <= statuses for statuses in said.values())
    assert {one for one, statuses in said.items() if "401" not in statuses} == {
        ("get", "/api/health"),
        ("get", "/api/session"),
        ("delete", "/api/session"),
        ("post", "/api/session/standing"),
        ("post", "/api/handed-in"),
    }
    assert {one for one, statuses in said.items() if "403" in statuses} == {
        (method.lower(), described(rule)) for (method, rule), endpoint in TABLE.items()
        if 403 in endpoint.expected.values()
    }  # fmt: skip
    assert {one for one, statuses in said.items() if "400" in statuses} == {one for one in said if one[0] != "get"}
    for path in ("/api/tallies", "/api/tallies/matters", "/api/matters/{matter_id}"):
        assert "404" in said["get", path]
    assert {"401", "413", "429"} <= said["post", "/api/session"]


def test_no_shape_of_the_openapi_document_is_open(contract: Contract):
    for name, shape in contract.document["components"]["schemas"].items():
        assert shape.get("additionalProperties") is False, name


@pytest.mark.parametrize(
    "path", ["/", "/visits/new", "/matters/01890a5d", "/tallies?from=2026-01-01", "/%E5%AE%9E", "/apiary"]
)
def test_a_path_that_only_the_app_knows_gets_its_start_page(built: FlaskClient, path: str):
    with built.get(path) as answer:
        assert (answer.status_code, answer.get_data(as_text=True)) == (200, INDEX)
        assert answer.mimetype == "text/html"
        assert answer.headers["Cache-Control"] == "no-cache"


def test_hashed_files_are_kept_for_ever_and_the_service_worker_is_asked_for_anew(built: FlaskClient):
    with built.get("/assets/app-1a2b3c.js") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.mimetype == "text/javascript"
    with built.get("/sw.js") as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.mimetype == "text/javascript"


@pytest.mark.parametrize(
    "path", ["/assets/gone.js", "/assets/", "/assets/../gone.js", "/api/nothing", "/api/", "/api", "/api/docs/x", "/.."]
)
def test_a_file_that_is_missing_is_not_passed_off_as_the_start_page(built: FlaskClient, path: str):
    answer = built.get(path)
    assert answer.status_code == 404
    check_error(answer.get_json(), 404)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/session/1"])
def test_what_the_api_does_not_have_is_not_found_whatever_the_method(built: FlaskClient, method: str, path: str):
    answer = built.open(path, method=method)
    assert answer.status_code == 404
    check_error(answer.get_json(), 404)


@pytest.mark.parametrize(
    "path",
    [
        "/../config.py",
        "/..%2fconfig.py",
        "/..%2f..%2fconfig.py",
        "/%2e%2e/%2e%2e/config.py",
        "/assets/..%2f..%2fconfig.py",
        "/assets/%2e%2e/%2e%2e/secret.key",
        "/..\\config.py",
        "/..%5c..%5cconfig.py",
        "//config.py",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/..%00/config.py",
        "/%00",
        "/" + "x" * 5000,
        "/" + "../" * 300 + "etc/passwd",
        "/.vite/manifest.json",
        "/assets/../.vite/manifest.json",
        "/%2evite/manifest.json",
    ],
)
def test_nothing_outside_the_built_app_is_served(built: FlaskClient, path: str):
    with built.get(path) as answer:
        assert answer.status_code in {200, 308, 404}
        said = answer.get_data(as_text=True)
        assert SECRET not in said
        assert "root:" not in said
        if answer.status_code == 200:
            assert said == INDEX


def test_a_server_without_a_built_app_says_that_there_is_none(app_without_data: Flask, tmp_path: Path):
    app_without_data.config["PWA"] = str(tmp_path / "nowhere")
    answer = app_without_data.test_client().get("/")
    check_error(answer.get_json(), 404)


def test_a_large_answer_is_compressed_for_who_can_read_it(app: Flask, sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    plain, packed = (
        cadre.http.get("/api/reference", headers={"Accept-Encoding": encoding}) for encoding in ("identity", "gzip")
    )
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 2
