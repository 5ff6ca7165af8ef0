"""Who is what to a matter, who sees it and its resident, and which scopes a phone holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

import pytest

from server.domain.access import (
    Actor,
    Grant,
    area_fits_role,
    cadre_townships,
    may_assign_to,
    may_read_tally,
    may_record_in,
    may_see_matter,
    relations,
    scopes_of_actor,
    scopes_of_matter,
    sees_resident,
)
from server.domain.words import AREA_ROLES
from tests import cast
from tests.cast import Person

TOWN_HALL = UUID(int=1)
SOMEBODY = UUID(int=4)
UNITS = {cast.BUREAU: UUID(int=2), cast.OTHER_BUREAU: UUID(int=3)}


@dataclass(frozen=True)
class AMatter:
    """As much of a matter as access needs to know."""

    village_code: str = cast.VILLAGE
    unit_id: UUID = TOWN_HALL
    author_id: UUID = SOMEBODY
    unit_area_code: str = cast.COUNTY


def actor(person: Person) -> Actor:
    return Actor(id_of(person), person.name, 1, frozenset(_grants(person)))


def id_of(person: Person) -> UUID:
    return uuid5(UUID(int=0), person.username)


def _grants(person: Person) -> Iterable[Grant]:
    for wanted in person.grants:
        if wanted.role in AREA_ROLES:
            yield Grant(wanted.role, area_code=str(wanted.where))
        else:
            yield Grant(wanted.role, unit_id=UNITS[str(wanted.where)])


def seen_by(matter: AMatter) -> set[str]:
    return {person.username for person in cast.EVERYBODY if may_see_matter(actor(person), matter)}


def test_who_records_a_matter_in_his_village_is_its_author_and_cadre():
    matter = AMatter(author_id=id_of(cast.CADRE))
    assert relations(actor(cast.CADRE), matter) == {"author", "cadre"}


@pytest.mark.parametrize(("person", "relation"), [(cast.CADRE, "cadre"), (cast.COORDINATOR, "coordinator")])
def test_the_township_speaks_for_itself_while_a_unit_of_its_own_has_the_matter(person: Person, relation: str):
    townships = AMatter(unit_area_code=cast.TOWNSHIP)
    assert relations(actor(person), townships) == {relation, "township"}
    assert relations(actor(person), AMatter(unit_area_code=cast.COUNTY)) == {relation}


@pytest.mark.parametrize("person", [cast.HANDLER, cast.LEADER, cast.COUNTY_LEADER, cast.ADMIN, cast.NEIGHBOUR])
def test_nobody_else_speaks_for_a_township(person: Person):
    matter = AMatter(unit_area_code=cast.TOWNSHIP, unit_id=UNITS[cast.BUREAU])
    assert "township" not in relations(actor(person), matter)


def test_a_cadre_who_records_in_another_village_of_his_township_is_its_author_alone():
    matter = AMatter(cast.OTHER_VILLAGE, author_id=id_of(cast.CADRE))
    assert relations(actor(cast.CADRE), matter) == {"author"}


def test_two_cadres_of_one_village_both_have_its_matters():
    matter = AMatter(cast.SHARED_VILLAGE, author_id=id_of(cast.CADRE))
    assert relations(actor(cast.COLLEAGUE), matter) == {"cadre"}


def test_an_author_who_was_moved_to_another_township_is_nothing_to_his_old_matters():
    matter = AMatter("430581106201", author_id=id_of(cast.CADRE))
    assert relations(actor(cast.CADRE), matter) == frozenset()
    assert not may_see_matter(actor(cast.CADRE), matter)


def test_a_handler_has_the_matters_of_his_own_unit_only():
    assert relations(actor(cast.HANDLER), AMatter(unit_id=UNITS[cast.BUREAU])) == {"handler"}
    assert relations(actor(cast.OTHER_HANDLER), AMatter(unit_id=UNITS[cast.BUREAU])) == frozenset()


@pytest.mark.parametrize(
    ("person", "relation"),
    [(cast.COORDINATOR, "coordinator"), (cast.LEADER, "leader"), (cast.COUNTY_LEADER, "leader")],
)
def test_coordinators_and_leaders_have_what_lies_in_their_area(person: Person, relation: str):
    assert relations(actor(person), AMatter()) == {relation}
    assert relations(actor(person), AMatter("430581106201")) == ({relation} if person is cast.COUNTY_LEADER else set())


@pytest.mark.parametrize("person", [cast.NEIGHBOUR, cast.NEIGHBOUR_LEADER, cast.AUDITOR, cast.ADMIN])
def test_a_neighbour_an_auditor_and_an_administrator_have_no_business_with_a_matter(person: Person):
    assert relations(actor(person), AMatter()) == frozenset()
    assert not may_see_matter(actor(person), AMatter())
    assert not sees_resident(actor(person), AMatter())


def test_a_matter_of_the_township_is_seen_by_its_cadres_its_coordinator_and_its_leaders():
    assert seen_by(AMatter()) == {"cadre", "colleague", "coordinator", "leader", "county_leader"}


def test_a_matter_given_to_a_bureau_is_seen_by_its_handler_too():
    added = seen_by(AMatter(unit_id=UNITS[cast.BUREAU])) - seen_by(AMatter())
    assert added == {"handler"}


def test_a_resident_is_seen_only_by_who_handles_the_matter():
    matter = AMatter(cast.SHARED_VILLAGE, UNITS[cast.BUREAU], id_of(cast.CADRE))
    assert {person.username for person in cast.EVERYBODY if sees_resident(actor(person), matter)} == {
        "cadre",
        "colleague",
        "handler",
        "coordinator",
    }


def test_a_cadre_of_another_village_of_the_township_sees_the_matter_and_not_the_resident():
    assert may_see_matter(actor(cast.COLLEAGUE), AMatter())
    assert not sees_resident(actor(cast.COLLEAGUE), AMatter())


def test_a_leader_never_sees_a_resident():
    matter = AMatter(author_id=id_of(cast.LEADER), unit_id=UNITS[cast.BUREAU])
    assert not sees_resident(actor(cast.LEADER), matter)
    assert not sees_resident(actor(cast.COUNTY_LEADER), matter)


def test_a_cadre_records_in_every_village_of_his_township_and_in_no_other():
    for village in (cast.VILLAGE, cast.SHARED_VILLAGE, cast.OTHER_VILLAGE):
        assert may_record_in(actor(cast.CADRE), village)
    assert not may_record_in(actor(cast.CADRE), "430581106201")


@pytest.mark.parametrize("person", [cast.HANDLER, cast.COORDINATOR, cast.LEADER, cast.AUDITOR, cast.ADMIN])
def test_only_cadres_record(person: Person):
    assert not may_record_in(actor(person), cast.VILLAGE)


def test_a_matter_is_assigned_to_its_township_or_upwards_and_not_to_the_neighbour():
    assert may_assign_to(cast.VILLAGE, cast.TOWNSHIP)
    assert may_assign_to(cast.VILLAGE, cast.COUNTY)
    assert not may_assign_to(cast.VILLAGE, cast.NEIGHBOUR_TOWNSHIP)


def test_a_leader_reads_the_tally_of_his_area_and_of_every_area_in_it():
    assert may_read_tally(actor(cast.LEADER), cast.TOWNSHIP)
    assert may_read_tally(actor(cast.LEADER), cast.VILLAGE)
    assert may_read_tally(actor(cast.COUNTY_LEADER), cast.NEIGHBOUR_TOWNSHIP)


def test_a_leader_does_not_read_the_tally_above_or_beside_him():
    assert not may_read_tally(actor(cast.LEADER), cast.COUNTY)
    assert not may_read_tally(actor(cast.LEADER), cast.NEIGHBOUR_TOWNSHIP)


def test_nobody_but_leaders_reads_a_tally():
    readers = {person.username for person in cast.EVERYBODY if may_read_tally(actor(person), cast.VILLAGE)}
    assert readers == {"leader", "county_leader"}


def test_a_cadre_of_two_villages_in_one_township_holds_one_scope():
    cadre = actor(cast.CADRE)
    assert cadre_townships(cadre) == {cast.TOWNSHIP}
    assert scopes_of_actor(cadre, cadre_townships(cadre)) == [f"area:{cast.TOWNSHIP}"]


def test_a_handler_holds_the_scope_of_his_unit():
    assert scopes_of_actor(actor(cast.HANDLER), []) == [f"unit:{UNITS[cast.BUREAU]}"]


@pytest.mark.parametrize("person", [cast.LEADER, cast.COUNTY_LEADER, cast.AUDITOR, cast.ADMIN])
def test_leaders_auditors_and_administrators_hold_no_scope(person: Person):
    assert scopes_of_actor(actor(person), cadre_townships(actor(person))) == []


def test_a_phone_that_sees_a_matter_holds_one_of_its_scopes():
    matter = AMatter(cast.SHARED_VILLAGE, UNITS[cast.BUREAU])
    scopes = set(scopes_of_matter(matter.village_code, matter.unit_id))
    for person in (cast.CADRE, cast.COLLEAGUE, cast.NEIGHBOUR, cast.HANDLER, cast.OTHER_HANDLER):
        who = actor(person)
        held = set(scopes_of_actor(who, cadre_townships(who)))
        assert bool(held & scopes) == may_see_matter(who, matter)


def test_a_matters_scopes_come_in_the_order_in_which_they_are_locked():
    scopes = scopes_of_matter(cast.VILLAGE, TOWN_HALL)
    assert scopes == sorted(scopes)


def test_a_cadre_holds_villages_or_a_township_and_nothing_greater():
    assert area_fits_role("cadre", cast.VILLAGE)
    assert area_fits_role("cadre", cast.TOWNSHIP)
    assert not area_fits_role("cadre", cast.COUNTY)
    assert area_fits_role("leader", cast.COUNTY)


def test_a_coordinator_holds_as_many_townships_as_a_phone_can_and_no_single_village():
    assert area_fits_role("coordinator", cast.TOWNSHIP)
    assert area_fits_role("coordinator", cast.COUNTY)
    for area_code in (cast.VILLAGE, "430500000000", "430000000000"):
        assert not area_fits_role("coordinator", area_code)
