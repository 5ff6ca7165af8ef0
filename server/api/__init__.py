"""Routes: who may call, what comes in, what goes out, one call inwards."""

from apiflask import APIFlask

from server.api import (
    cases,
    docs,
    errors,
    headers,
    health,
    json,
    matters,
    openapi,
    pwa,
    reference,
    sessions,
    sync,
    tallies,
    who,
)


def init_app(app: APIFlask) -> None:
    """Add the routes and what every response shares."""
    json.init_app(app)
    errors.init_app(app)
    headers.init_app(app)
    who.init_app(app)
    openapi.init_app(app)
    for module in (sessions, reference, sync, matters, cases, tallies, health, docs):
        app.register_blueprint(module.bp)
    pwa.init_app(app)
