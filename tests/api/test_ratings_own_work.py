"""Whoever handled a matter, or has it in his charge, cannot rate it: his browser is known by who signed in from it."""

import pytest
from flask import Flask

from tests import cast
from tests.api.browser import Browser, cookies_of
from tests.api.contents import contents
from tests.api.mutations import act, new_matter, visit
from tests.api.people import Caller, SignIn
from tests.api.residents import Resident, new_code, settled, text_of


def given_to_the_bureau(app: Flask, sign_in: SignIn) -> tuple[Caller, str, str]:
    """A matter that the cadre raised and the bureau resolved: the cadre, its id and the link's code."""
    cadre, matter, code = sign_in(cast.CADRE), new_matter(), new_code()
    cadre.apply(visit(matter))
    sign_in(cast.COORDINATOR).apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    sign_in(cast.HANDLER).apply(act(matter["id"], "resolve", rating_code=code))
    return cadre, matter["id"], code


@pytest.mark.parametrize(
    "person",
    [cast.CADRE, cast.COLLEAGUE, cast.HANDLER, cast.COORDINATOR, cast.LEADER, cast.COUNTY_LEADER],
    ids=lambda person: person.username,
)
def test_who_works_on_the_matter_or_has_it_in_his_charge_cannot_rate_it(
    app: Flask, sign_in: SignIn, person: cast.Person
):
    cadre, matter_id, code = given_to_the_bureau(app, sign_in)
    before = contents(app)
    in_his_browser = Resident(app, http=sign_in(person).http)
    status, page = in_his_browser.refused(code)
    assert (status, "要由群众自己评价" in page) == (403, True)
    page = text_of(in_his_browser.open(code))
    assert "<button" not in page
    assert contents(app) == before
    assert cadre.matter(matter_id)["state"] == "resolved"


@pytest.mark.parametrize("person", [cast.NEIGHBOUR, cast.OTHER_HANDLER, cast.NEIGHBOUR_LEADER, cast.ADMIN])
def test_who_has_nothing_to_do_with_it_may_rate_as_any_resident(app: Flask, sign_in: SignIn, person: cast.Person):
    cadre, matter_id, code = given_to_the_bureau(app, sign_in)
    Resident(app, http=sign_in(person).http).rate(code, "satisfied")
    assert cadre.matter(matter_id)["state"] == "confirmed"


def test_the_unit_that_had_it_before_cannot_rate_it_either(app: Flask, sign_in: SignIn):
    cadre, handler, matter, code = sign_in(cast.CADRE), sign_in(cast.HANDLER), new_matter(), new_code()
    cadre.apply(visit(matter))
    sign_in(cast.COORDINATOR).apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    handler.apply(act(matter["id"], "return", reason="not_ours"))
    cadre.apply(act(matter["id"], "resolve", rating_code=code))
    assert Resident(app, http=handler.http).refused(code)[0] == 403


def test_signing_out_or_signing_in_as_somebody_else_makes_no_resident_of_his_browser(app: Flask, sign_in: SignIn):
    _, code = settled(sign_in(cast.CADRE))
    browser = Browser(app)
    for person in (cast.CADRE, cast.NEIGHBOUR):  # the second has nothing to do with it
        assert browser.type_in(person).status_code == 200
    assert browser.send("DELETE", "/api/session").status_code == 200
    assert Resident(app, http=browser.http).refused(code)[0] == 403
    other = Browser(app)
    other.type_in(cast.NEIGHBOUR)
    Resident(app, http=other.http).rate(code, "satisfied")


def test_the_mark_of_who_signed_in_goes_to_the_rating_page_alone_and_cannot_be_made_up(app: Flask, sign_in: SignIn):
    answer = Browser(app).type_in(cast.CADRE)
    (mark,) = [cookie for name, cookie in cookies_of(answer).items() if name.startswith("ours-")]
    assert (mark["path"], mark["httponly"], mark["samesite"]) == ("/r", True, "Lax")
    assert int(mark["max-age"]) >= 365 * 24 * 3600
    _, code = settled(sign_in(cast.CADRE))
    resident = Resident(app)
    for value in ("", "x", f"{mark.value[:-2]}xx", mark.value.split(".")[0]):
        resident.http.set_cookie("ours-1", value, path="/r")
        assert resident.open(code).status_code == 200
    resident.http.set_cookie("ours-1", mark.value, path="/r")
    assert resident.open(code).status_code == 403


def test_the_mark_is_for_https_alone_where_the_server_is(app: Flask):
    app.config["SECURE_COOKIES"] = True
    answer = Browser(app).type_in(cast.CADRE)
    assert all(cookie["secure"] for name, cookie in cookies_of(answer).items() if name.startswith("ours-"))
