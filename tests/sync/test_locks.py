"""What a push holds until it is done: everything that it can change, and nothing that it may not (CONTRACT rule 6)."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from server.schemas.sync import MUTATIONS
from server.store.db import reading, writing
from server.store.tables import User
from server.store.units import home_unit
from server.sync import locks
from tests import cast
from tests.api.mutations import Json, act, new_id, new_matter, now, resolved_on_the_spot, visit
from tests.api.people import SignIn
from tests.api.responsibilities import county_coordinator, duty, keep
from tests.sync.locked import scopes_locked_by

HERE, THERE = f"area:{cast.TOWNSHIP}", f"area:{cast.NEIGHBOUR_TOWNSHIP}"
ELSEWHERE = "430581106201"
"""A village of THERE."""

Held = Callable[..., set[str]]


@pytest.fixture
def held(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Held:
    """The scopes that a push of somebody's mutations takes."""
    taken = scopes_locked_by(locks, monkeypatch)

    def held(person: cast.Person, *sent: Json) -> set[str]:
        taken.clear()
        with app.app_context(), writing() as session:
            actor = session.scalars(select(User).where(User.username == person.username)).one().actor()
            locks.lock_scopes(session, actor, [MUTATIONS[one["name"]]().load(one["args"]) for one in sent], {})
        return set(taken)

    return held


@pytest.fixture
def matters(sign_in: SignIn) -> tuple[str, str]:
    """A matter of HERE and one of THERE."""
    here, there = new_matter(), new_matter()
    sign_in(cast.CADRE).apply(visit(here))
    sign_in(cast.NEIGHBOUR).apply(visit(there, village_code=ELSEWHERE))
    return here["id"], there["id"]


def home(app: Flask, village: str = cast.VILLAGE) -> str:
    with app.app_context():
        return f"unit:{home_unit(reading(), village).id}"


def test_a_visit_holds_its_township_and_the_townships_own_unit(app: Flask, held: Held):
    assert held(cast.CADRE, visit(new_matter())) == {HERE, home(app)}


def test_a_visit_holds_the_units_that_the_responsibility_list_gives_its_matters_to(
    app: Flask, held: Held, sign_in: SignIn
):
    """And not that of what was resolved on the spot, or of a rule that does not hold any more."""
    keeper, before = county_coordinator(app, sign_in), now()
    other = cast.unit_id(app, cast.OTHER_BUREAU)
    keep(keeper, duty(app), duty(app, "water", unit_id=other))
    bureau = f"unit:{cast.unit_id(app, cast.BUREAU)}"
    assert held(cast.CADRE, visit(new_matter(category="road"))) == {HERE, home(app), bureau}
    on_the_spot = new_matter(category="water", resolved=resolved_on_the_spot())
    assert held(cast.CADRE, visit(new_matter(category="road"), on_the_spot)) == {HERE, home(app), bureau}
    assert held(cast.CADRE, visit(new_matter(category="water"), happened_at=before)) == {HERE, home(app)}
    assert held(cast.NEIGHBOUR, visit(new_matter(category="road"))) == set()


def test_an_entry_holds_where_its_matter_is(app: Flask, held: Held, matters: tuple[str, str], sign_in: SignIn):
    bureau = cast.unit_id(app, cast.BUREAU)
    sign_in(cast.COORDINATOR).apply(act(matters[0], "assign", unit_id=bureau))
    assert held(cast.HANDLER, act(matters[0], "progress")) == {HERE, home(app), f"unit:{bureau}"}


def test_an_assignment_holds_the_unit_that_it_leads_to(app: Flask, held: Held, matters: tuple[str, str]):
    bureau = cast.unit_id(app, cast.BUREAU)
    scopes = {HERE, home(app), f"unit:{bureau}"}
    assert held(cast.COORDINATOR, act(matters[0], "assign", unit_id=bureau)) == scopes


def test_so_it_does_if_the_matter_is_raised_in_the_same_push(app: Flask, held: Held):
    bureau, new = cast.unit_id(app, cast.BUREAU), new_matter()
    scopes = {HERE, home(app), f"unit:{bureau}"}
    assert held(cast.CADRE, visit(new), act(new["id"], "assign", unit_id=bureau)) == scopes


def test_a_merge_holds_the_place_of_both_so_that_two_are_never_merged_into_each_other(
    app: Flask, held: Held, matters: tuple[str, str]
):
    here, there = matters
    both = {HERE, THERE, home(app), home(app, ELSEWHERE)}
    assert held(cast.COORDINATOR, act(here, "merge", into_id=there)) == both
    assert held(cast.COORDINATOR, act(there, "merge", into_id=here)) == both


def test_who_may_not_record_in_a_township_does_not_hold_it_up(held: Held):
    for stranger in (cast.NEIGHBOUR, cast.ADMIN, cast.LEADER, cast.HANDLER):
        assert held(stranger, visit(new_matter()), visit()) == set()


def test_who_names_a_unit_that_the_matter_cannot_go_to_does_not_hold_it_up(
    app: Flask, held: Held, matters: tuple[str, str]
):
    """Nor with a matter that there is not."""
    neighbours = UUID(home(app, ELSEWHERE).removeprefix("unit:"))
    assert held(cast.COORDINATOR, act(matters[0], "assign", unit_id=str(neighbours))) == {HERE, home(app)}
    assert held(cast.ADMIN, act(new_id(), "assign", unit_id=cast.unit_id(app, cast.BUREAU))) == set()
