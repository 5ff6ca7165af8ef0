"""The server's routes, and a path that comes to each."""

import re
from typing import Any

from flask import Flask

from tests import cast
from tests.api.contract import Contract, described
from tests.api.mutations import new_id


def routes(app: Flask) -> set[tuple[str, str]]:
    """Every method and rule, but for those that Flask answers by itself."""
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }


def path_of(rule: str) -> str:
    """A path with something in each place of the rule: an id that nobody has, a township's code, a word."""
    path = re.sub(r"<uuid:\w+>", lambda _: new_id(), rule)
    return re.sub(r"<\w+:\w+>", "x", path.replace("<string:code>", cast.TOWNSHIP))


WHO_MAY = {
    "anyone": cast.CADRE,
    "signed_in": cast.CADRE,
    "admin": cast.ADMIN,
    "coordinator": cast.COORDINATOR,
    "leader": cast.COUNTY_LEADER,
}
"""Somebody whom an endpoint lets in, by what it declares (server/api/who.py)."""


def taking_json(app: Flask, contract: Contract) -> dict[tuple[str, str], cast.Person]:
    """Every operation that takes a JSON body, and somebody who may call it."""
    taking = {
        (method, rule): _who_may(app, method, rule)
        for method, rule in sorted(routes(app))
        if "application/json" in _operation(contract, method, rule).get("requestBody", {}).get("content", {})
    }
    assert len(taking) > 10
    return taking


def reading(app: Flask, contract: Contract) -> dict[str, cast.Person]:
    """Every rule that is read by GET, and somebody who may."""
    return {
        rule: _who_may(app, "GET", rule)
        for method, rule in sorted(routes(app))
        if method == "GET" and _operation(contract, method, rule)
    }


def _operation(contract: Contract, method: str, rule: str) -> dict[str, Any]:
    """What the document says of it; nothing of what is not described."""
    found: dict[str, Any] = contract.document["paths"].get(described(rule), {}).get(method.lower(), {})
    return found


def _who_may(app: Flask, method: str, rule: str) -> cast.Person:
    (endpoint,) = (
        one.endpoint for one in app.url_map.iter_rules() if one.rule == rule and method in (one.methods or ())
    )
    return WHO_MAY[getattr(app.view_functions[endpoint], "who", "nobody")]
