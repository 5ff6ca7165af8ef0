"""A phone is reported lost: its sessions end at once, no other's do, and only those who may have it done."""

from typing import Any

from flask import Flask

from server.store.db import db
from tests import cast
from tests.api.browser import Browser
from tests.api.contents import contents
from tests.api.mutations import new_id, push_of, visit
from tests.api.people import Caller, SignIn
from tests.api.test_error_shape import as_error
from tests.api.test_phones import DEVICE, key_of, standing, user_id


def bound(app: Flask, person: cast.Person = cast.CADRE) -> tuple[Browser, str]:
    """A phone of his with a session of its own, and its id."""
    phone, device_id = Browser(app), new_id()
    phone.type_in(person)
    assert phone.send("PUT", DEVICE, {"device_id": device_id}).status_code == 200
    return phone, device_id


def is_signed_in(phone: Browser) -> bool:
    return phone.session()["me"] is not None


def own_phones(phone: Browser) -> dict[str, dict[str, Any]]:
    answer = phone.send("GET", "/api/account/devices").get_json()
    return {one["id"]: one for one in answer["phones"]}


def phones_of(caller: Caller, whose: str) -> dict[str, dict[str, Any]]:
    answer = caller.get(f"/api/people/{whose}/phones")
    assert answer.status_code == 200, answer.get_json()
    return {one["id"]: one for one in answer.get_json()["phones"]}


def test_he_reports_his_own_phone_lost_and_it_is_signed_out_at_once_and_no_other_is(app: Flask):
    (lost, lost_id), (other, other_id), (colleague, _) = bound(app), bound(app), bound(app, cast.COLLEAGUE)
    devices = other.send("GET", "/api/account/devices").get_json()["devices"]
    assert {one["phone_id"] for one in devices} == {lost_id, other_id}
    answer = other.send("POST", f"/api/account/phones/{lost_id}/loss")
    assert [one["phone_id"] for one in answer.get_json()["devices"]] == [other_id]
    assert lost.send("POST", "/api/sync/pull", {}).get_json()["code"] == "sign_in_required"
    assert [is_signed_in(phone) for phone in (lost, other, colleague)] == [False, True, True]
    phones = own_phones(other)
    assert [(phones[one]["lost_at"] is not None, phones[one]["signed_in"]) for one in (lost_id, other_id)] == [
        (True, False),
        (False, True),
    ]


def test_a_session_that_never_said_where_it_is_ends_too_but_for_the_one_that_reports(app: Flask):
    (lost, lost_id), unnamed, reporting = bound(app), Browser(app), Browser(app)
    unnamed.type_in(cast.CADRE)
    reporting.type_in(cast.CADRE)
    reporting.send("POST", f"/api/account/phones/{lost_id}/loss")
    assert [is_signed_in(phone) for phone in (lost, unnamed, reporting)] == [False, False, True]


def test_who_signs_in_again_on_the_lost_phone_is_shown_nothing_there(app: Flask):
    (lost, lost_id), (other, _) = bound(app), bound(app)
    other.send("POST", f"/api/account/phones/{lost_id}/loss")
    for path, body in (
        ("/api/sync/pull", {"device_id": lost_id, "access_version": 1, "cursors": []}),
        ("/api/sync/push", push_of(lost_id, visit())),
    ):
        assert lost.type_in(cast.CADRE).status_code == 200
        as_error(lost.send("POST", path, body), 401, "device_revoked")
    as_error(lost.send("PUT", DEVICE, {"device_id": lost_id}), 401, "device_revoked")
    assert not is_signed_in(lost)
    # Emptied, it is a new phone.
    lost.csrf_token = str(lost.session()["csrf_token"])
    lost.type_in(cast.CADRE)
    assert lost.send("PUT", DEVICE, {"device_id": new_id()}).status_code == 200


def test_the_day_of_the_first_report_stands(app: Flask):
    (_, lost_id), (other, _) = bound(app), bound(app)
    other.send("POST", f"/api/account/phones/{lost_id}/loss")
    first = own_phones(other)[lost_id]["lost_at"]
    other.send("POST", f"/api/account/phones/{lost_id}/loss")
    assert own_phones(other)[lost_id]["lost_at"] == first


def test_an_administrator_reports_a_phone_of_somebody_he_looks_after_lost(app: Flask, sign_in: SignIn, nobody: Caller):
    (lost, lost_id), admin, whose = bound(app), sign_in(cast.ADMIN), user_id(app, cast.CADRE)
    shown = phones_of(admin, whose)[lost_id]
    assert set(shown) == {"id", "browser", "first_seen_at", "signed_in", "lost_at"}  # and not when it was in use
    assert admin.post(f"/api/people/{whose}/phones/{lost_id}/loss", None).status_code == 200
    assert not is_signed_in(lost)
    assert phones_of(admin, whose)[lost_id]["lost_at"]
    assert standing(nobody, whose, lost_id) == "revoked"


def test_nobody_else_sees_or_reports_a_phone(app: Flask, sign_in: SignIn, nobody: Caller):
    (phone, device_id), whose = bound(app), user_id(app, cast.CADRE)
    admin, admins = sign_in(cast.ADMIN), user_id(app, cast.ADMIN)
    key_of(admin)
    before = contents(app)
    path = f"/api/people/{whose}/phones"
    for method, rest in (("GET", ""), ("POST", f"/{device_id}/loss")):
        as_error(nobody.call(method, path + rest), 401, "sign_in_required")
        for person in (cast.CADRE, cast.COLLEAGUE, cast.COORDINATOR, cast.COUNTY_LEADER):
            as_error(sign_in(person).call(method, path + rest), 403, "not_allowed")
        as_error(admin.call(method, f"/api/people/{new_id()}/phones{rest}"), 404, "user_not_found")
    as_error(admin.post(f"{path}/{new_id()}/loss", None), 404, "phone_not_found")
    as_error(admin.post(f"{path}/{admin.device_id}/loss", None), 404, "phone_not_found")
    as_error(admin.post(f"/api/people/{admins}/phones/{admin.device_id}/loss", None), 403, "own_account")
    for person in (cast.COLLEAGUE, cast.NEIGHBOUR, cast.ADMIN):
        as_error(sign_in(person).post(f"/api/account/phones/{device_id}/loss", None), 404, "phone_not_found")
    as_error(nobody.post(f"/api/account/phones/{device_id}/loss", None), 401, "sign_in_required")
    assert contents(app) == before
    assert is_signed_in(phone)


def test_an_administrator_of_another_county_does_not_find_him(app: Flask, sign_in: SignIn):
    (phone, device_id), whose = bound(app), user_id(app, cast.CADRE)
    elsewhere = sign_in(cast.ADMIN)
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE grants SET area_code = '{cast.NEIGHBOUR_TOWNSHIP}' WHERE role = 'admin'")
    as_error(elsewhere.get(f"/api/people/{whose}/phones"), 404, "user_not_found")
    as_error(elsewhere.post(f"/api/people/{whose}/phones/{device_id}/loss", None), 404, "user_not_found")
    assert is_signed_in(phone)
