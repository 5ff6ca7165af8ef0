"""What lay unsent on a phone that was taken away is kept apart, and comes into the records by a coordinator alone."""

from flask import Flask

from server.store.db import db
from tests import cast
from tests.api.contents import contents
from tests.api.lost_phone import HANDED_IN, LostPhone, accept, drop, outcomes, waiting
from tests.api.mutations import (
    RECORD,
    act,
    correct,
    hours_ago,
    new_id,
    new_matter,
    noon,
    resolved_on_the_spot,
    told_in_full,
    visit,
)
from tests.api.people import Caller, SignIn
from tests.api.test_error_shape import as_error
from tests.sync.grants import grant, revoke


def test_what_was_handed_in_is_shown_to_the_coordinator_in_full_and_is_no_record_yet(
    sign_in: SignIn, lost: LostPhone, coordinator: Caller
):
    matter = told_in_full(resolved=resolved_on_the_spot())
    assert lost.hand_in(visit(matter, note="顺路")) == ["kept"]
    (entry,) = waiting(coordinator)
    assert (entry["author_name"], entry["area_name"], entry["problem"]) == ("李秀英", "扶峰村委会", None)
    assert (entry["act"], entry["correction"]) == (None, None)
    (shown,) = entry["visit"]["matters"]
    assert (entry["visit"]["kind"], entry["visit"]["note"]) == ("onsite", "顺路")
    assert (shown["title"], shown["detail"], shown["resident"]) == (*RECORD, matter["resident"])
    assert shown["resolved"] == "当场换好了灯泡"
    assert sign_in(cast.CADRE).matters() == {}


def test_an_accepted_visit_is_its_authors_own_and_its_history_says_who_took_it_in(
    app: Flask, sign_in: SignIn, lost: LostPhone, coordinator: Caller
):
    matter = new_matter(resolved=resolved_on_the_spot())
    made = visit(matter, happened_at=hours_ago(3))
    lost.hand_in(made)
    assert accept(coordinator, waiting(coordinator)[0]).get_json() == {"count": 0, "entries": []}
    cadre = sign_in(cast.CADRE)
    kept = cadre.matter(matter["id"])
    assert (kept["author_name"], kept["state"]) == ("李秀英", "resolved")
    assert [(one["act"], one["actor_name"], one["taken_in_by"]) for one in kept["events"]] == [
        ("raise", "李秀英", "张志强"),
        ("resolve", "李秀英", "张志强"),
    ]
    assert [one["id"] for scope in cadre.pull()["scopes"] for one in scope["visits"]] == [made["args"]["id"]]
    assert outcomes(app) == ["accepted"]


def test_what_came_by_a_push_says_nobody_took_it_in(sign_in: SignIn):
    matter, cadre = new_matter(), sign_in(cast.CADRE)
    cadre.apply(visit(matter))
    assert "taken_in_by" not in cadre.matter(matter["id"])["events"][0]


def test_acts_and_corrections_come_in_after_their_visit_and_not_before(
    app: Flask, sign_in: SignIn, lost: LostPhone, coordinator: Caller
):
    matter = new_matter()
    lost.hand_in(visit(matter), act(matter["id"], "progress"), correct(matter["id"], title="路灯全不亮"))
    first, then, last = waiting(coordinator)
    assert then["act"]["title"] == last["correction"]["title"] == "路灯不亮"  # of a visit that is not there yet
    assert {one["area_name"] for one in (first, then, last)} == {"扶峰村委会"}
    before = contents(app)
    as_error(accept(coordinator, then), 409, "handed_in_visit_first")
    assert contents(app) == before
    for entry in (first, then, last):
        assert accept(coordinator, entry).status_code == 200
    kept = sign_in(cast.CADRE).matter(matter["id"])
    assert [one["act"] for one in kept["events"]] == ["raise", "progress", "correct"]
    assert kept["title"] == "路灯全不亮"


def test_who_is_gone_leaves_his_work_behind_with_the_rights_he_had(
    app: Flask, sign_in: SignIn, coordinator: Caller, nobody: Caller
):
    lost = LostPhone(app, sign_in)
    sign_in(cast.ADMIN).post(f"/api/people/{lost.whose}/closing", None)
    matter = new_matter()
    assert lost.hand_in(visit(matter)) == ["kept"]
    assert accept(coordinator, waiting(coordinator)[0]).status_code == 200
    assert coordinator.matter(matter["id"])["author_name"] == "李秀英"


def test_a_phone_whose_user_was_closed_may_hand_in_though_it_was_not_reported_lost(app: Flask, sign_in: SignIn):
    lost = LostPhone(app, sign_in, cast.COLLEAGUE)
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE devices SET revoked_at = NULL")
    as_error(lost.send(lost.sealed(visit(new_matter()))), 403, "not_allowed")
    sign_in(cast.ADMIN).post(f"/api/people/{lost.whose}/closing", None)
    assert lost.hand_in(visit(village_code=cast.SHARED_VILLAGE)) == ["kept"]


def test_handing_in_again_and_accepting_again_change_nothing(
    app: Flask, sign_in: SignIn, lost: LostPhone, coordinator: Caller
):
    matter = new_matter()
    made = visit(matter)
    assert lost.hand_in(made) == lost.hand_in(made) == ["kept"]
    (entry,) = waiting(coordinator)
    accept(coordinator, entry)
    before = contents(app)
    assert accept(coordinator, entry).status_code == 200
    as_error(drop(coordinator, entry), 409, "handed_in_decided")
    assert lost.hand_in(made) == ["known"]
    assert contents(app) == before
    assert len(coordinator.matter(matter["id"])["events"]) == 1


def test_what_the_server_had_applied_before_is_not_kept(sign_in: SignIn, app: Flask, coordinator: Caller):
    made, other = visit(new_matter()), visit(new_matter())
    sign_in(cast.CADRE).apply(made)
    lost = LostPhone(app, sign_in)
    assert lost.hand_in(made, other) == ["known", "kept"]
    assert len(waiting(coordinator)) == 1


def test_what_comes_by_another_phone_of_his_in_the_meantime_is_applied_once(
    app: Flask, sign_in: SignIn, lost: LostPhone, coordinator: Caller
):
    """He has loaded the file that he had saved of his outbox."""
    matter = new_matter()
    made = visit(matter)
    lost.hand_in(made)
    sign_in(cast.CADRE).apply(made)
    assert accept(coordinator, waiting(coordinator)[0]).status_code == 200
    assert outcomes(app) == ["accepted"]
    assert len(coordinator.matter(matter["id"])["events"]) == 1


def test_what_a_coordinator_took_in_is_applied_when_another_phone_sends_it(
    sign_in: SignIn, lost: LostPhone, coordinator: Caller
):
    matter = new_matter()
    made = visit(matter)
    lost.hand_in(made)
    accept(coordinator, waiting(coordinator)[0])
    (receipt,) = sign_in(cast.CADRE).push(made)
    assert receipt["status"] == "applied"
    assert len(coordinator.matter(matter["id"])["events"]) == 1


def test_a_dropped_entry_is_gone_from_the_list_and_its_reason_and_contents_are_kept(
    app: Flask, sign_in: SignIn, lost: LostPhone, coordinator: Caller
):
    lost.hand_in(visit(new_matter()))
    (entry,) = waiting(coordinator)
    as_error(drop(coordinator, entry, "  "), 422, "field_required", "reason")
    assert drop(coordinator, entry).get_json() == {"count": 0, "entries": []}
    assert drop(coordinator, entry).status_code == 200  # the answer was lost on its way
    as_error(drop(coordinator, entry, "另一个理由"), 409, "handed_in_decided")
    as_error(accept(coordinator, entry), 409, "handed_in_decided")
    assert sign_in(cast.CADRE).matters() == {}
    with app.app_context(), db.engine.connect() as connection:
        ((reason, said),) = connection.exec_driver_sql("SELECT reason, said FROM handed_in").all()
    assert (reason, said is None) == ("他已经另外记过", False)


def test_what_is_refused_stays_and_is_taken_once_its_author_may(
    app: Flask, sign_in: SignIn, lost: LostPhone, coordinator: Caller
):
    matter = new_matter()
    lost.hand_in(visit(matter))
    grant(app, cast.CADRE, "leader", cast.NEIGHBOUR_TOWNSHIP)
    revoke(app, cast.CADRE, "cadre")
    (entry,) = waiting(coordinator)
    before = contents(app)
    as_error(accept(coordinator, entry), 403, "village_not_allowed", "village_code")
    assert contents(app) == before
    grant(app, cast.CADRE, "cadre", cast.VILLAGE)
    assert accept(coordinator, entry).status_code == 200
    assert coordinator.matter(matter["id"])["state"] == "raised"


def test_what_was_refused_when_it_was_pushed_is_taken_once_its_author_may(
    app: Flask, sign_in: SignIn, coordinator: Caller
):
    matter = new_matter()
    made = visit(matter)
    grant(app, cast.CADRE, "leader", cast.NEIGHBOUR_TOWNSHIP)
    revoke(app, cast.CADRE, "cadre")
    assert sign_in(cast.CADRE).refused(made) == "village_not_allowed"
    grant(app, cast.CADRE, "cadre", cast.VILLAGE)
    assert LostPhone(app, sign_in).hand_in(made) == ["kept"]
    (entry,) = waiting(coordinator)
    assert accept(coordinator, entry).status_code == 200
    assert coordinator.matter(matter["id"])["state"] == "raised"
    sign_in(cast.CADRE).apply(made)
    assert len(coordinator.matter(matter["id"])["events"]) == 1


def test_what_comes_too_late_is_a_note(sign_in: SignIn, app: Flask, coordinator: Caller):
    matter, cadre = new_matter(), sign_in(cast.CADRE)
    cadre.apply(visit(matter), act(matter["id"], "withdraw"))
    lost = LostPhone(app, sign_in)
    lost.hand_in(act(matter["id"], "progress"))
    accept(coordinator, waiting(coordinator)[0])
    last = coordinator.matter(matter["id"])["events"][-1]
    assert (last["refused_because"], last["taken_in_by"]) == ("state_forbids", "张志强")


def test_a_clock_that_ran_fast_is_known_from_when_it_handed_in(sign_in: SignIn, lost: LostPhone, coordinator: Caller):
    matter, ahead = new_matter(), noon("2027-06-01")
    made = visit(matter, happened_at=ahead)
    made["made_at"] = ahead
    answer = lost.send(lost.sealed(made), sent_at=ahead)
    assert answer.status_code == 200
    assert accept(coordinator, waiting(coordinator)[0]).status_code == 200
    assert coordinator.matter(matter["id"])["events"][0]["clock_offset_s"] < -86_400


def test_only_the_coordinators_of_the_place_see_or_decide(
    app: Flask, sign_in: SignIn, nobody: Caller, lost: LostPhone, coordinator: Caller
):
    grant(app, cast.NEIGHBOUR, "coordinator", cast.NEIGHBOUR_TOWNSHIP)
    lost.hand_in(visit(told_in_full()))
    (entry,) = waiting(coordinator)
    before = contents(app, "sessions")
    neighbour = sign_in(cast.NEIGHBOUR)
    assert waiting(neighbour) == []
    for decide in (accept, drop):
        as_error(decide(nobody, entry), 401, "sign_in_required")
        as_error(decide(neighbour, entry), 404, "handed_in_not_found")
        as_error(decide(coordinator, {"id": new_id()}), 404, "handed_in_not_found")
        for person in (cast.CADRE, cast.COLLEAGUE, cast.LEADER, cast.HANDLER, cast.ADMIN, cast.AUDITOR):
            as_error(decide(sign_in(person), entry), 403, "not_allowed")
    for person in (cast.CADRE, cast.LEADER, cast.ADMIN):
        as_error(sign_in(person).get(HANDED_IN), 403, "not_allowed")
    assert contents(app, "sessions") == before


def test_what_names_no_place_of_his_goes_to_where_he_works(
    app: Flask, sign_in: SignIn, lost: LostPhone, coordinator: Caller
):
    """Nobody writes on another township's desk by naming its village; and nothing is shown to nobody."""
    grant(app, cast.NEIGHBOUR, "coordinator", cast.NEIGHBOUR_TOWNSHIP)
    lost.hand_in(
        visit(new_matter(), village_code="430581106201"),
        visit(village_code="999999999999"),
        act(new_id(), "progress"),
        {**visit(), "name": "visit.burn"},
        {**visit(), "args": {"x": 1}},
    )
    entries = waiting(coordinator)
    assert [one["area_name"] for one in entries] == ["黄塘村委会"] * 5
    assert waiting(sign_in(cast.NEIGHBOUR)) == []
    assert [one["problem"] and one["problem"]["code"] for one in entries] == [
        None, None, None, "mutation_unknown", "field_required",
    ]  # fmt: skip
    codes = [accept(coordinator, one).get_json()["code"] for one in entries]
    assert codes == [
        "village_not_allowed", "village_unknown", "matter_not_found", "mutation_unknown", "field_required",
    ]  # fmt: skip
