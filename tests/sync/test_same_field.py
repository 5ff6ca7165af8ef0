"""Two people correct one field without knowing of each other: the later by the server's order stands, and says so."""

from typing import Any

import pytest

from tests import cast
from tests.api.mutations import Json, correct, new_matter, visit
from tests.api.people import Caller, SignIn

FIRST, SECOND = "黄塘桥头的路灯", "黄塘小学门口的路灯"


@pytest.fixture
def matter(sign_in: SignIn) -> Json:
    """A matter that both cadres of its village have on their phones."""
    made = new_matter(title="路灯", resident={"name": "龙桂香"})
    sign_in(cast.CADRE).apply(visit(made, village_code=cast.SHARED_VILLAGE))
    return made


def changes_of(reader: Caller, matter: Json) -> list[list[Json]]:
    events = reader.matter(matter["id"])["events"]
    return [event["changes"] for event in events if event["act"] == "correct"]


def title(before: str, after: str, **more: Any) -> Json:
    return {"field": "title", "before": before, "after": after, **more}


def test_the_later_stands_the_earlier_is_in_the_history_and_both_read_that_it_was_overtaken(
    sign_in: SignIn, matter: Json
):
    first, second = sign_in(cast.COLLEAGUE), sign_in(cast.CADRE)
    first.apply(correct(matter["id"], seen={"title": "路灯"}, title=FIRST))
    second.apply(correct(matter["id"], seen={"title": "路灯"}, title=SECOND))
    for reader in (first, second):
        assert reader.matter(matter["id"])["title"] == SECOND
        assert changes_of(reader, matter) == [[title("路灯", FIRST)], [title(FIRST, SECOND, overtook=True)]]
        assert reader.matters()[matter["id"]]["events"][-1]["changes"] == [title(FIRST, SECOND, overtook=True)]


def test_one_tap_takes_the_earlier_back_and_is_itself_no_surprise(sign_in: SignIn, matter: Json):
    first, second = sign_in(cast.COLLEAGUE), sign_in(cast.CADRE)
    first.apply(correct(matter["id"], seen={"title": "路灯"}, title=FIRST))
    second.apply(correct(matter["id"], seen={"title": "路灯"}, title=SECOND))
    first.apply(correct(matter["id"], seen={"title": SECOND}, title=FIRST))
    assert first.matter(matter["id"])["title"] == FIRST
    assert changes_of(second, matter)[-1] == [title(SECOND, FIRST)]


def test_who_saw_what_stood_there_overtakes_nobody_and_another_field_is_no_clash(sign_in: SignIn, matter: Json):
    first, second = sign_in(cast.COLLEAGUE), sign_in(cast.CADRE)
    first.apply(correct(matter["id"], seen={"title": "路灯"}, title=FIRST))
    second.apply(correct(matter["id"], seen={"title": FIRST}, title=SECOND))
    second.apply(correct(matter["id"], seen={"detail": None}, detail="三盏"))
    assert all("overtook" not in change for changes in changes_of(first, matter) for change in changes)


def test_the_same_correction_by_both_is_no_clash_but_a_note(sign_in: SignIn, matter: Json):
    first, second = sign_in(cast.COLLEAGUE), sign_in(cast.CADRE)
    first.apply(correct(matter["id"], seen={"title": "路灯"}, title=FIRST))
    second.apply(correct(matter["id"], seen={"title": "路灯"}, title=FIRST))
    assert first.matter(matter["id"])["events"][-1]["refused_because"] == "nothing_changed"
    assert changes_of(first, matter)[-1] == []


def test_what_an_older_app_sends_without_having_said_what_it_saw_is_taken_as_before(sign_in: SignIn, matter: Json):
    first, second = sign_in(cast.COLLEAGUE), sign_in(cast.CADRE)
    first.apply(correct(matter["id"], title=FIRST))
    second.apply(correct(matter["id"], title=SECOND))
    assert changes_of(first, matter)[-1] == [title(FIRST, SECOND)]


def test_a_clash_about_a_resident_is_shown_to_nobody_who_may_not_see_residents(sign_in: SignIn, matter: Json):
    first, second, leader = sign_in(cast.COLLEAGUE), sign_in(cast.CADRE), sign_in(cast.LEADER)
    first.apply(correct(matter["id"], seen={"resident_name": "龙桂香"}, resident_name="龙桂花"))
    second.apply(correct(matter["id"], seen={"resident_name": "龙桂香"}, resident_name="龙贵香"))
    assert changes_of(first, matter)[-1] == [
        {"field": "resident_name", "before": "龙桂花", "after": "龙贵香", "overtook": True}
    ]
    assert changes_of(leader, matter) == [[], []]
