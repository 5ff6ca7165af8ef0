"""Nothing personal in the log or in an address."""

import logging
import re
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask

from server.actions import visits as visit_actions
from tests import cast
from tests.api.browser import WRONG, Browser
from tests.api.contract import Contract
from tests.api.mutations import PERSONAL, RECORD, act, told_in_full, visit
from tests.api.people import SignIn


def test_nothing_personal_gets_into_the_log(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    caplog.set_level(logging.INFO)
    browser = Browser(app)
    browser.type_in(cast.CADRE, WRONG)
    browser.type_in(cast.CADRE)
    cadre = sign_in(cast.CADRE)
    matter = told_in_full()
    cadre.apply(visit(matter))
    cadre.refused(act(matter["id"], "unheard_of", text=PERSONAL[0]))

    def explode(told: Any) -> None:
        raise ValueError(f"cannot store {told!r}")

    # A bug whose message quotes what was typed; inside a mutation, and in a view.
    monkeypatch.setattr("server.sync.push.record_visits", explode)
    assert cadre.refused(visit(told_in_full(), note=PERSONAL[0])) == "server_error"
    monkeypatch.setitem(app.view_functions, "matters.get_matter", lambda **_: int(RECORD[0] + PERSONAL[1]))
    assert cadre.get(f"/api/matters/{matter['id']}").status_code == 500

    assert "ValueError" in caplog.text  # It is logged, with where it happened …
    assert "explode" in caplog.text
    for words in (*PERSONAL, *RECORD, cast.CADRE.name, cast.CADRE.username, cast.PASSWORD, WRONG):
        assert words not in caplog.text  # … but not with what was typed.


def test_what_the_database_complains_of_does_not_bring_personal_data_into_the_log(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    caplog.set_level(logging.INFO)

    def store_badly(told: Sequence[visit_actions.Told]) -> None:
        matter = told[0][1].matters[0]
        object.__setattr__(matter, "category", PERSONAL[0])  # breaks the table's check, and names its values
        visit_actions.record_visits(told)

    monkeypatch.setattr("server.sync.push.record_visits", store_badly)
    sign_in(cast.CADRE).refused(visit(told_in_full()))
    for words in (*PERSONAL, *RECORD):
        assert words not in caplog.text


WORDS_OF_OURS = {"measure", "category", "kind", "which"}
"""Parameters that are one of a few words (server/domain/words.py)."""

MARK = re.compile(r"\^\[0-9\][^a-z]*(\[0-9a-f-\][^a-z]*)?\\Z")
"""The pattern of where a page begins: digits, days and ids."""


def test_addresses_hold_ids_codes_and_days_only(contract: Contract):
    parameters = [
        parameter
        for path in contract.document["paths"].values()
        for operation in path.values()
        for parameter in [*operation.get("parameters", []), *path.get("parameters", [])]
        if isinstance(parameter, dict)
    ]
    assert len(parameters) > 30
    for parameter in parameters:
        name, shape = parameter["name"], parameter["schema"]
        if name in {"from", "to"}:
            assert shape["format"] == "date"
        elif name in WORDS_OF_OURS:
            assert shape["enum"]
        elif name == "after":
            assert shape.get("format") == "uuid" or MARK.match(shape["pattern"]), shape
        else:
            assert re.fullmatch("([a-z]+_)?(id|code)", name), name
    # The last word of some names what is set there (PUT …/{user_id}/name), in the body; `phones` are machines.
    said = [path.removesuffix("}/name").replace("/phones", "") for path in contract.document["paths"]]
    assert not any(re.search("name|phone|resident", path) for path in said)
