"""Put the layers together: one application factory."""

import os
import stat
from contextlib import suppress
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
from apiflask import APIFlask
from flask import Config, request
from flask_compress import Compress
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from server import api, cli
from server.store.db import db, end_with_request, migrate
from server.store.keys import KeysUnusable, ResidentKeys, kept

_DATABASE = "shishibu.db"
_OURS = (_DATABASE, "secret.key", "resident.keys")


class CannotStart(click.ClickException, ValueError):
    """The server does not start, or a command run, as it is set up: the message says in one line what is wrong."""


def create_app(overrides: dict[str, Any] | None = None) -> APIFlask:
    """The application. Settings: config.Settings, then SHISHIBU_… from the environment, then `overrides`."""
    app = APIFlask(
        "server",
        title="实事簿 Shishibu",
        version="1",
        docs_path=None,
        spec_path="/api/openapi.json",
        static_folder=None,  # type: ignore[arg-type]  # Flask allows it, APIFlask's annotation forgot
    )
    app.config.from_object(Settings)
    app.config.from_prefixed_env("SHISHIBU")
    app.config.update(overrides or {})
    _check(app.config)
    _derive(app)
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    end_with_request(app)
    migrate.init_app(app, db)
    Compress(app)
    api.init_app(app)
    cli.init_app(app)
    _hold_keys_against_the_database(app)
    return app


def _check(config: Config) -> None:
    """Refuse to start with a setting that nobody would read, of the wrong kind (the text "False" would
    count as true), or that leaves a session's cookie to whoever listens."""
    known = set(filter(str.isupper, vars(Settings)))
    given = (name.removeprefix("SHISHIBU_") for name in sorted(os.environ) if name.startswith("SHISHIBU_"))
    for name in given:
        if name not in known and not name.startswith("TEST_"):
            meant = "".join(f", did you mean SHISHIBU_{close}?" for close in get_close_matches(name, known, 1))
            raise CannotStart(f"there is no setting SHISHIBU_{name}{meant or ','} see docs/settings.md")
    for name in known:
        wanted, got = type(getattr(Settings, name)), type(config[name])
        if got is not wanted:
            kind = {bool: "true or false", int: "a whole number", str: "text (in double quotes if it is a number)"}
            raise CannotStart(f"SHISHIBU_{name} must be {kind[wanted]}, see docs/settings.md")
    if config["PROXIES"] and not config["SECURE_COOKIES"]:
        raise CannotStart("SHISHIBU_PROXIES needs SHISHIBU_SECURE_COOKIES=true (TLS), see docs/settings.md")


def _derive(app: APIFlask) -> None:
    """What the libraries want to be told, from our settings."""
    config = app.config
    var = Path(config["VAR"])
    _close_to_others(var)
    config["SECRET_KEY"] = config["SECRET_KEY"] or kept(var / "secret.key")
    config["SQLALCHEMY_DATABASE_URI"] = config["DATABASE_URL"] or f"sqlite:///{var.resolve() / _DATABASE}"
    if not config["DATABASE_URL"]:
        (var / _DATABASE).touch(mode=0o600)  # SQLite would make it readable by others
    config["SESSION_COOKIE_NAME"] = "shishibu"
    config["SESSION_COOKIE_HTTPONLY"] = True
    config["SESSION_COOKIE_SAMESITE"] = "Lax"
    config["SESSION_COOKIE_SECURE"] = config["SECURE_COOKIES"]
    # The session's row slides, the cookie does not: set with every answer, it may come out torn on a bad line.
    config["SESSION_REFRESH_EACH_REQUEST"] = False
    config["SESSION_PROTECTION"] = None  # Flask-Login's: it sets the cookie whenever a phone changes networks
    config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=config["SESSION_MAX_DAYS"])
    config["MAX_CONTENT_LENGTH"] = config["MAX_BODY_BYTES"]
    config["COMPRESS_MIMETYPES"] = [
        "text/html", "text/css", "text/javascript", "application/javascript",
        "application/json", "application/manifest+json", "image/svg+xml",
    ]  # fmt: skip
    # Level 1 makes a page of a pull smaller than levels 2 to 4 do, in a tenth of gzip's time; but the app's own files
    # a tenth larger than brotli does.
    config["COMPRESS_ZSTD_LEVEL"] = 1
    config["COMPRESS_ALGORITHM_STREAMING"] = ["br", "zstd", "deflate"]
    # Webviews drop the Referer; the token in the header is what is checked.
    config["WTF_CSRF_SSL_STRICT"] = False
    config["WTF_CSRF_TIME_LIMIT"] = None


def _close_to_others(var: Path) -> None:
    """Make the folder of the data and the keys, for its owner alone. One that exists is closed if nothing
    but ours is in it (`mkdir` leaves it open), and whatever of ours is in it; a folder shared with
    others' files stays as its owner wants it."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = list(var.iterdir())
    ours = [path for path in found if path.name.startswith(_OURS)]
    for path in [*ours, *([var] if found == ours else [])]:
        with suppress(FileNotFoundError, PermissionError):  # gone meanwhile, or its owner's business
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & 0o077:
                path.chmod(mode & 0o700)


def _hold_keys_against_the_database(app: APIFlask) -> None:
    """Do not start without a key that the database was used with: it would answer, but never again show or
    sync what that key encrypted. While the database cannot be asked, each request of the API asks again."""
    keys = ResidentKeys(app, app.config["RESIDENT_KEYS"], Path(app.config["VAR"]) / "resident.keys")
    try:
        with app.app_context():
            try:
                with suppress(DBAPIError):
                    keys.settle()
            finally:
                db.engine.dispose()  # no connection is carried into another process
    except KeysUnusable as unusable:
        raise CannotStart(str(unusable)) from unusable

    @app.before_request
    def settle_keys() -> None:
        if not keys.settled and request.path.startswith("/api/"):
            with suppress(DBAPIError):  # what needs the database will say so itself
                keys.settle()
