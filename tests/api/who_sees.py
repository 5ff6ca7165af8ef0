"""A matter with everything told, and who of the cast sees it."""

import pytest
from flask import Flask

from tests import cast
from tests.api.mutations import PERSONAL, act, correct, told_in_full, visit
from tests.api.people import SignIn

LEADERS = (cast.LEADER, cast.COUNTY_LEADER, cast.NEIGHBOUR_LEADER)
SEES_MATTER = (cast.CADRE, cast.COLLEAGUE, cast.COORDINATOR, cast.HANDLER, cast.LEADER, cast.COUNTY_LEADER)
SEES_RESIDENT = (cast.CADRE, cast.COORDINATOR, cast.HANDLER)
PERIOD = {"area_code": cast.TOWNSHIP, "from": "2026-01-01", "to": "2199-12-31"}


@pytest.fixture
def matter_id(app: Flask, sign_in: SignIn) -> str:
    """A matter of VILLAGE with everything told, assigned to the bureau, its resident's phone corrected."""
    matter = told_in_full()
    sign_in(cast.CADRE).apply(visit(matter))
    sign_in(cast.COORDINATOR).apply(
        act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)),
        correct(matter["id"], resident_phone=f"{PERSONAL[1]}9"),
    )
    return str(matter["id"])
