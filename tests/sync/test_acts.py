"""What an act may say, and what is refused so that no number and no history is told wrong by it."""

import pytest
from flask import Flask

from tests import cast
from tests.api.contents import SYNC_NOTES, contents
from tests.api.mutations import act, new_id, new_matter, visit
from tests.api.people import SignIn

ELSEWHERE = "430581106201"
"""A village of the neighbour's township."""


@pytest.mark.parametrize("argument", ["unit_id", "due_day", "into_id"])
def test_an_act_says_only_what_it_takes_and_tells_nothing_of_other_records(app: Flask, sign_in: SignIn, argument: str):
    cadre, neighbour, matter, foreign = sign_in(cast.CADRE), sign_in(cast.NEIGHBOUR), new_matter(), new_matter()
    cadre.apply(visit(matter))
    neighbour.apply(visit(foreign, village_code=ELSEWHERE))
    values = {
        "unit_id": (cast.unit_id(app, cast.BUREAU), new_id()),
        "due_day": ("2026-12-31", "2199-01-01"),
        "into_id": (foreign["id"], new_id()),
    }[argument]
    before = contents(app, *SYNC_NOTES)
    for value in values:  # one that is there and one that is not are refused alike
        (receipt,) = cadre.push(act(matter["id"], "progress", **{argument: value}))
        assert (receipt["error"]["code"], receipt["error"]["field"]) == ("field_unknown", argument)
    assert contents(app, *SYNC_NOTES) == before
