"""The server's routes, and a path that comes to each."""

import re

from flask import Flask

from tests import cast
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
