"""Whom and what an administrator looks after."""

from uuid import uuid4

import pytest

from server.domain.access import Actor, Grant
from server.domain.administration import administered, check_not_himself, may_administer, may_manage
from server.domain.refusals import REFUSALS, Refusal
from server.domain.words import LIMITS
from tests import cast


def admin_of(*codes: str) -> Actor:
    return Actor(uuid4(), "赵敏", 1, frozenset(Grant("admin", code) for code in codes))


COUNTY, TOWN = admin_of(cast.COUNTY), admin_of(cast.TOWNSHIP)


@pytest.mark.parametrize(
    ("admin", "code", "may"),
    [
        (COUNTY, cast.COUNTY, True),
        (COUNTY, cast.VILLAGE, True),
        (COUNTY, "430500000000", False),
        (COUNTY, "430582000000", False),
        (TOWN, cast.TOWNSHIP, True),
        (TOWN, cast.VILLAGE, True),
        (TOWN, cast.COUNTY, False),
        (TOWN, cast.NEIGHBOUR_TOWNSHIP, False),
        (admin_of(cast.TOWNSHIP, cast.NEIGHBOUR_TOWNSHIP), cast.NEIGHBOUR_TOWNSHIP, True),
        (Actor(uuid4(), "陈立新", 1, frozenset({Grant("leader", cast.COUNTY)})), cast.TOWNSHIP, False),
    ],
)
def test_his_areas_and_what_lies_inside_are_his_to_administer(admin: Actor, code: str, may: bool):
    assert may_administer(admin, code) == may


@pytest.mark.parametrize(
    ("places", "may"),
    [
        ([cast.VILLAGE], True),
        ([cast.VILLAGE, cast.COUNTY], True),
        ([cast.VILLAGE, "430582000000"], False),
        (["430500000000"], False),
        ([], False),
    ],
)
def test_an_account_is_his_only_if_every_role_of_it_lies_inside(places: list[str], may: bool):
    assert may_manage(COUNTY, places) == may


def test_a_role_of_another_kind_in_the_same_area_gives_him_nothing_more_to_administer():
    both = Actor(uuid4(), "赵敏", 1, frozenset({Grant("admin", cast.TOWNSHIP), Grant("leader", cast.COUNTY)}))
    assert administered(both) == [cast.TOWNSHIP]


def test_he_may_not_change_his_own_account():
    with pytest.raises(Refusal, match="own_account"):
        check_not_himself(COUNTY, COUNTY.id)
    check_not_himself(COUNTY, TOWN.id)


def test_the_sentence_about_passwords_says_the_lengths_that_hold():
    assert f"{LIMITS['password_min']} 到 {LIMITS['password_max']} 个字符" in REFUSALS["password_length"][1]
