"""`flask contract`: write what the phone needs to know, from its one definition here."""

from itertools import combinations
from pathlib import Path
from typing import Any

import click
import orjson
from flask import current_app
from flask.cli import with_appcontext

from config import ROOT
from server.cli.responsibility_cases import responsibility_cases
from server.cli.sealed_cases import sealed_cases
from server.cli.told import Command
from server.domain import access, lifecycle, words
from server.domain.refusals import REFUSALS, SAID_BY_PHONE
from server.domain.tallies import MEASURES
from server.schemas.matters import ACTS, RELATIONS
from server.sync.version import CONTRACT_VERSION, HEADER

_LAYOUT = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


def documents() -> dict[str, Any]:
    """Every generated file: its path from the project's root, and its contents."""
    return {
        "pwa/src/contract/words.json": _words(),
        "pwa/src/contract/lifecycle.json": lifecycle.as_data(),
        "pwa/src/contract/openapi.json": current_app.spec,  # type: ignore[attr-defined]
        "tests/contract/lifecycle_cases.json": _cases(),
        "tests/contract/responsibility_cases.json": responsibility_cases(),
        "tests/contract/sealed.json": sealed_cases(),
    }


def rendered(document: Any) -> bytes:
    """A document as it stands in its file."""
    return orjson.dumps(document, option=_LAYOUT)


def _words() -> dict[str, Any]:
    return {
        "contract": {"header": HEADER, "version": CONTRACT_VERSION},
        "visit_kinds": words.VISIT_KINDS,
        "categories": words.CATEGORIES,
        "roles": words.ROLES,
        "role_levels": access.LEVELS_OF_ROLE,
        "levels": words.LEVELS,
        "responsibility_levels": words.RESPONSIBILITY_LEVELS,
        "return_reasons": words.RETURN_REASONS,
        "ratings": words.RATINGS,
        "set_aside_reasons": words.SET_ASIDE_REASONS,
        "callback_outcomes": words.CALLBACK_OUTCOMES,
        "extension_days": words.EXTENSION_DAYS,
        "measures": {name: measure.label for name, measure in MEASURES.items()},
        "limits": {name: most for name, most in words.LIMITS.items() if name not in words.SERVERS_OWN},
        "days_allowed": words.DAYS_ALLOWED,
        "backfill_after_hours": words.BACKFILL_AFTER_HOURS,
        "earliest_year": words.EARLIEST_YEAR,
        "future_tolerance_minutes": words.FUTURE_TOLERANCE_MINUTES,
        "phone_pattern": words.PHONE_PATTERN,
        "forbidden_characters": words.FORBIDDEN_CHARACTERS,
        "refusals": {code: sentence for code, (_, sentence) in REFUSALS.items() if code in SAID_BY_PHONE},
    }


def _cases() -> list[dict[str, Any]]:
    """Every act × state × one or two relations (one, where a resident has answered), as the interpreter on the server
    answers; tests on both sides run them, and tests/domain/test_lifecycle.py says by hand what must hold."""
    relations = (*RELATIONS, "resident")
    cases = []
    for act in (*ACTS, "unheard_of"):
        for state in lifecycle.STATES:
            for who in [(), *((one,) for one in relations), *combinations(relations, 2)]:
                for answered in (False, True) if len(who) < 2 else (False,):
                    refusal = lifecycle.refusal(act, state, set(who), answered=answered)
                    cases.append(
                        {
                            "act": act,
                            "state": state,
                            "relations": list(who),
                            "answered": answered,
                            "refusal": refusal,
                            "next": None if refusal else lifecycle.next_state(act, state),
                        }
                    )
    return cases


@click.command("contract", cls=Command)
@with_appcontext
def contract() -> None:
    """Write words, life cycle and OpenAPI document for the phone, and the cases that both sides test."""
    for name, document in documents().items():
        path = Path(ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = rendered(document)
        if not path.exists() or path.read_bytes() != new:  # `make` builds the app again only if something changed
            path.write_bytes(new)
        click.echo(name)
