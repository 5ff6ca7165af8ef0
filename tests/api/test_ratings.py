"""The resident's word: what it does to a matter, until when, and how often."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from server.store.db import reading
from server.store.tables import Rating, RatingLink
from tests import cast
from tests.api.contents import contents
from tests.api.mutations import act, correct, new_matter, visit
from tests.api.people import Caller, Json, SignIn
from tests.api.residents import Resident, let_days_pass, new_code, on_the_spot, settled, text_of

ALL_DAYS = {"from": "2025-01-01", "to": "2199-01-01"}


def last(cadre: Caller, matter: Json) -> Json:
    """The newest entry of a matter's history."""
    event: Json = cadre.matter(matter["id"])["events"][-1]
    return event


@pytest.mark.parametrize(
    ("what", "value", "state", "entry"),
    [
        ("resolve", "satisfied", "confirmed", "confirm"),
        ("resolve", "partly", "confirmed", "confirm"),
        ("resolve", "unsatisfied", "reopened", "reopen"),
        ("explain", "satisfied", "explained", "confirm"),
        ("explain", "unsatisfied", "reopened", "reopen"),
    ],
)
def test_one_tap_confirms_what_was_done_or_opens_it_again(
    app: Flask, sign_in: SignIn, what: str, value: str, state: str, entry: str
):
    cadre = sign_in(cast.CADRE)
    matter, code = settled(cadre, what)
    Resident(app).rate(code, value)
    assert cadre.matter(matter["id"])["state"] == state
    event = last(cadre, matter)
    assert (event["act"], event["rating"], event["actor_name"]) == (entry, value, "群众")
    assert event["refused_because"] is None


def test_what_was_resolved_on_the_spot_is_rated_by_the_code_that_came_with_it(app: Flask, sign_in: SignIn):
    cadre, code = sign_in(cast.CADRE), new_code()
    matter = new_matter(resolved=on_the_spot(code))
    cadre.apply(visit(matter))
    Resident(app).rate(code, "satisfied")
    assert cadre.matter(matter["id"])["state"] == "confirmed"


def test_a_resident_can_be_invited_later_by_whoever_works_on_the_matter(app: Flask, sign_in: SignIn):
    cadre, code = sign_in(cast.CADRE), new_code()
    matter, _ = settled(cadre)
    let_days_pass(app, 61)
    cadre.apply(act(matter["id"], "invite", rating_code=code, text=None))
    assert cadre.matter(matter["id"])["state"] == "resolved"
    Resident(app).rate(code, "satisfied")
    assert cadre.matter(matter["id"])["state"] == "confirmed"


def test_the_code_shown_by_who_settled_it_a_moment_later_than_somebody_else_works_too(app: Flask, sign_in: SignIn):
    cadre, late = sign_in(cast.CADRE), new_code()
    matter, _ = settled(cadre)
    cadre.apply(act(matter["id"], "resolve", rating_code=late))
    assert last(cadre, matter)["refused_because"] == "state_forbids"
    Resident(app).rate(late, "partly")
    assert cadre.matter(matter["id"])["state"] == "confirmed"


def test_everybodys_phone_hears_of_a_rating_with_the_next_pull(app: Flask, sign_in: SignIn):
    cadre, bureau = sign_in(cast.CADRE), cast.unit_id(app, cast.BUREAU)
    matter, code = new_matter(), new_code()
    cadre.apply(visit(matter))
    sign_in(cast.COORDINATOR).apply(act(matter["id"], "assign", unit_id=bureau))
    handler = sign_in(cast.HANDLER)
    handler.apply(act(matter["id"], "resolve", rating_code=code))
    cursors = [{scope["scope"]: scope["version"] for scope in one.pull()["scopes"]} for one in (cadre, handler)]
    Resident(app).rate(code, "unsatisfied")
    for one, cursor in zip((cadre, handler), cursors, strict=True):
        (changed,) = [found for scope in one.pull(cursor)["scopes"] for found in scope["matters"]]
        assert (changed["id"], changed["state"]) == (matter["id"], "reopened")


def test_to_look_at_the_page_never_rates(app: Flask, sign_in: SignIn):
    cadre, resident = sign_in(cast.CADRE), Resident(app)
    _, code = settled(cadre)
    before = contents(app)
    for method in ("GET", "HEAD", "OPTIONS"):
        assert resident.open(code, method).status_code == 200
    resident.open(f"{code}?value=satisfied")
    assert contents(app) == before


def test_within_seven_days_the_same_link_changes_the_rating_and_the_history_keeps_both(app: Flask, sign_in: SignIn):
    cadre, resident = sign_in(cast.CADRE), Resident(app)
    matter, code = settled(cadre)
    told = []
    for value in ("unsatisfied", "satisfied", "unsatisfied", "partly"):
        resident.rate(code, value)
        told.append(cadre.matter(matter["id"])["state"])
    assert told == ["reopened", "confirmed", "reopened", "confirmed"]
    said = [event["rating"] for event in cadre.matter(matter["id"])["events"] if event["rating"]]
    assert said == ["unsatisfied", "satisfied", "unsatisfied", "partly"]
    (rating,) = sign_in(cast.LEADER).matter(matter["id"])["ratings"]
    assert rating["value"] == "partly"


def test_the_same_tap_twice_is_one_rating_and_one_entry(app: Flask, sign_in: SignIn):
    cadre, resident = sign_in(cast.CADRE), Resident(app)
    matter, code = settled(cadre)
    for _ in range(3):
        resident.rate(code, "satisfied")
    assert [event["rating"] for event in cadre.matter(matter["id"])["events"]].count("satisfied") == 1


def test_taps_that_arrive_at_the_same_moment_are_one_rating_and_one_entry(app: Flask, sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    matter, code = settled(cadre)
    with ThreadPoolExecutor(4) as hands:
        answers = list(hands.map(lambda one: one.send(code, value="satisfied"), [Resident(app) for _ in range(4)]))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    assert [event["rating"] for event in cadre.matter(matter["id"])["events"]].count("satisfied") == 1
    assert len(cadre.matter(matter["id"])["ratings"]) == 1


def test_two_links_of_one_settlement_give_one_rating(app: Flask, sign_in: SignIn):
    cadre, second = sign_in(cast.CADRE), new_code()
    matter, first = settled(cadre)
    cadre.apply(act(matter["id"], "invite", rating_code=second, text=None))
    resident = Resident(app)
    resident.rate(first, "partly")
    resident.rate(second, "satisfied")
    (rating,) = sign_in(cast.LEADER).matter(matter["id"])["ratings"]
    assert rating["value"] == "satisfied"


def test_after_seven_days_the_rating_stands(app: Flask, sign_in: SignIn):
    cadre, resident = sign_in(cast.CADRE), Resident(app)
    matter, code = settled(cadre)
    resident.rate(code, "satisfied")
    let_days_pass(app, 6.9)
    resident.rate(code, "partly")
    let_days_pass(app, 0.2)
    before = contents(app)
    status, page = resident.refused(code, "unsatisfied")
    assert (status, "过了可以修改的时间" in page) == (409, True)
    assert contents(app) == before
    page = text_of(resident.open(code))
    assert "已记下：基本满意" in page
    assert "<button" not in page
    assert cadre.matter(matter["id"])["state"] == "confirmed"


def test_a_link_ends_sixty_days_after_the_server_heard_of_it(app: Flask, sign_in: SignIn):
    cadre, resident = sign_in(cast.CADRE), Resident(app)
    matter, code = settled(cadre)
    let_days_pass(app, 59.9)
    assert resident.open(code).status_code == 200
    let_days_pass(app, 0.2)
    assert resident.open(code).status_code == 404
    assert resident.refused(code)[0] == 404
    assert cadre.matter(matter["id"])["state"] == "resolved"


def test_a_guessed_code_an_expired_one_and_one_not_yet_uploaded_look_the_same_and_tell_nothing(
    app: Flask, sign_in: SignIn
):
    cadre, resident, void = sign_in(cast.CADRE), Resident(app), new_code()
    matter, code = settled(cadre, title="后山水管破裂")
    withdrawn = new_matter(resolved=on_the_spot(void))
    cadre.apply(visit(withdrawn), act(withdrawn["id"], "withdraw"))
    let_days_pass(app, 61)
    before = contents(app)
    guesses = (code, void, new_code(), "x", "x" * 22, matter["id"], "x" * 3000, "%00", "%ff%fe", "实事", "-" * 22)
    pages = {resident.open(guess).get_data() for guess in guesses}
    assert len(pages) == 1
    assert "后山水管" not in pages.pop().decode()
    assert {resident.refused(guess)[0] for guess in guesses} == {404}
    assert contents(app) == before


def test_a_link_of_what_is_worked_on_again_says_so_kindly(app: Flask, sign_in: SignIn):
    cadre, resident = sign_in(cast.CADRE), Resident(app)
    matter, code = settled(cadre)
    cadre.apply(act(matter["id"], "reopen"), act(matter["id"], "progress"))
    page = text_of(resident.open(code))
    assert "办好后会再请您评价" in page
    assert "<button" not in page
    assert resident.refused(code)[0] == 409


def test_after_it_was_settled_again_the_resident_says_anew_what_he_thinks_of_it(app: Flask, sign_in: SignIn):
    cadre, resident, second = sign_in(cast.CADRE), Resident(app), new_code()
    matter, first = settled(cadre)
    resident.rate(first, "unsatisfied")
    cadre.apply(act(matter["id"], "resolve", rating_code=second))
    assert resident.refused(first)[0] == 409
    resident.rate(second, "satisfied")
    said = [rating["value"] for rating in sign_in(cast.LEADER).matter(matter["id"])["ratings"]]
    assert said == ["unsatisfied", "satisfied"]


def test_who_takes_back_that_he_is_unsatisfied_after_work_began_again_is_heard_but_stops_no_work(
    app: Flask, sign_in: SignIn
):
    cadre, resident = sign_in(cast.CADRE), Resident(app)
    matter, code = settled(cadre)
    resident.rate(code, "unsatisfied")
    cadre.apply(act(matter["id"], "progress"))
    resident.rate(code, "satisfied")
    assert cadre.matter(matter["id"])["state"] == "working"
    assert last(cadre, matter)["refused_because"] == "state_forbids"
    (rating,) = sign_in(cast.LEADER).matter(matter["id"])["ratings"]
    assert rating["value"] == "satisfied"


def test_what_was_only_explained_is_not_counted_as_resolved_when_the_resident_changes_his_mind(
    app: Flask, sign_in: SignIn
):
    cadre, resident = sign_in(cast.CADRE), Resident(app)
    matter, code = settled(cadre, "explain")
    resident.rate(code, "unsatisfied")
    resident.rate(code, "satisfied")
    assert cadre.matter(matter["id"])["state"] == "reopened"
    assert last(cadre, matter)["refused_because"] == "state_forbids"


def test_the_database_holds_neither_the_code_nor_the_address_nor_the_sentence_in_plain(app: Flask, sign_in: SignIn):
    _, code = settled(sign_in(cast.CADRE))
    Resident(app, "198.51.100.23").rate(code, "unsatisfied", "龙桂香家还没有水")
    stored = repr(contents(app))
    for secret in (code, "198.51.100.23", "龙桂香家"):
        assert secret not in stored
    with app.app_context():
        assert reading().scalars(select(Rating.comment)).one() == "龙桂香家还没有水"
        assert len(reading().scalars(select(RatingLink.code_hash)).one()) == 64


def test_the_residents_sentence_is_read_by_who_handles_the_matter_and_by_its_leader_alone(app: Flask, sign_in: SignIn):
    cadre, resident = sign_in(cast.CADRE), Resident(app)
    matter, code = settled(cadre, village=cast.OTHER_VILLAGE)
    resident.rate(code, "unsatisfied")
    resident.rate(code, "unsatisfied", "龙桂香家还没有水")
    assert last(cadre, matter)["comment"] == "龙桂香家还没有水"
    assert last(cadre, matter)["text"] == "群众不满意"
    assert cadre.matters()[matter["id"]]["events"][-1]["comment"] == "龙桂香家还没有水"
    (rating,) = sign_in(cast.LEADER).matter(matter["id"])["ratings"]
    assert rating["comment"] == "龙桂香家还没有水"
    colleague = sign_in(cast.COLLEAGUE)  # sees the township's matters, and handles those of his village
    assert "龙桂香" not in repr(colleague.matter(matter["id"]))
    assert "龙桂香" not in repr(colleague.pull())


def test_the_page_names_nobody_who_was_written_into_what_was_raised_or_done(app: Flask, sign_in: SignIn):
    cadre, code = sign_in(cast.CADRE), new_code()
    matter = new_matter(title="龙桂香家没有水", resident={"name": "龙桂香", "phone": "13907390001"})
    cadre.apply(visit(matter), correct(matter["id"], resident_name=None, resident_phone=None))
    cadre.apply(act(matter["id"], "resolve", rating_code=code, text="给桂香家接了水，电话139-0739-0001"))
    page = text_of(Resident(app).open(code))
    assert "家没有水" in page
    for secret in ("桂香", "139"):
        assert secret not in page
