"""Routes: who may call, what comes in, what goes out, one call inwards."""

from apiflask import APIFlask

from server.api import (
    account,
    callbacks,
    cases,
    docs,
    errors,
    exports,
    handed_in,
    headers,
    health,
    json,
    matters,
    openapi,
    people,
    phones,
    places,
    pwa,
    rating_page,
    ratings,
    reference,
    responsibilities,
    sessions,
    sync,
    tallies,
    versions,
    who,
)


def init_app(app: APIFlask) -> None:
    """Add the routes and what every response shares."""
    json.init_app(app)
    errors.init_app(app)
    headers.init_app(app)
    who.init_app(app)
    versions.init_app(app)
    openapi.init_app(app)
    for module in (
        sessions,
        phones,
        account,
        people,
        places,
        reference,
        responsibilities,
        sync,
        handed_in,
        matters,
        callbacks,
        cases,
        tallies,
        exports,
        ratings,
        rating_page,
        health,
        docs,
    ):
        app.register_blueprint(module.bp)
    pwa.init_app(app)
