"""What the server refuses: nothing of it is applied, nothing of it is lost, and nothing beside it is touched
(CONTRACT rules 2 and 4)."""

from uuid import UUID

import pytest
from cryptography.fernet import MultiFernet
from flask import Flask

from server.store.db import reading
from server.store.tables import Mutation
from tests import cast
from tests.api.contents import SYNC_NOTES, contents
from tests.api.mutations import (
    DETAIL,
    RESIDENT,
    TITLE,
    Json,
    act,
    correct,
    hours_ago,
    new_id,
    new_matter,
    resolved_on_the_spot,
    told_in_full,
    visit,
)
from tests.api.people import SignIn
from tests.sync.mistakes import fail_after_recording, say_after_recording
from tests.sync.reader import Reader

ELSEWHERE = "430581106201"
"""A village of the neighbour's township."""


def codes(receipts: list[Json]) -> list[str | None]:
    return [receipt["error"] and receipt["error"]["code"] for receipt in receipts]


@pytest.fixture
def _breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server has a mistake: it fails on a visit with the note 出错, when everything of it is written."""
    fail_after_recording(
        monkeypatch, lambda command: ZeroDivisionError("nobody foresaw it") if command.note == "出错" else None
    )


def refusals() -> dict[str, Json]:
    """A mutation for every place where a refusal can come from, by the code that it gets."""
    return {
        "field_required": visit(told_in_full(), kind=None),
        "text_too_long": visit(new_matter(), told_in_full() | {"title": TITLE * 10}),
        "village_not_allowed": visit(told_in_full(), village_code=ELSEWHERE),
        "time_in_future": visit(told_in_full(), happened_at=hours_ago(-1)),
        "matter_not_found": act(new_id(), "progress", text=TITLE),
        "mutation_unknown": {**visit(told_in_full()), "name": "visit.forget"},
        "server_error": visit(told_in_full(), note="出错"),
    }


@pytest.mark.usefixtures("_breaks")
def test_what_is_refused_leaves_its_neighbours_alone_and_in_order(app: Flask, sign_in: SignIn):
    cadre, work, expected = sign_in(cast.CADRE), [], []
    for code, refused in refusals().items():
        work += [visit(new_matter()), refused]
        expected += [None, code]
    assert codes(cadre.push(*work)) == expected
    applied = [sent["args"]["matters"][0]["id"] for sent in work[::2]]
    assert sorted(cadre.matters()) == sorted(applied)
    assert len(contents(app)["visits"]) == len(applied)


@pytest.mark.usefixtures("_breaks")
def test_nothing_of_what_is_refused_is_applied(app: Flask, sign_in: SignIn, subtests: pytest.Subtests):
    cadre = sign_in(cast.CADRE)
    before = contents(app, *SYNC_NOTES)
    for code, refused in refusals().items():
        with subtests.test(code=code):
            assert cadre.refused(refused) == code
            assert contents(app, *SYNC_NOTES) == before


@pytest.mark.parametrize("place", ["matter", "first entry", "its two entries", "entry of another matter", "visit"])
def test_a_visit_that_uses_an_id_twice_is_refused_as_a_whole(app: Flask, sign_in: SignIn, place: str):
    cadre, known = sign_in(cast.CADRE), new_matter()
    arrived = visit(known)
    cadre.apply(arrived)
    first, second = new_matter(), new_matter(resolved=resolved_on_the_spot())
    sent = visit(first, second)
    match place:
        case "matter":
            second["id"] = first["id"]
        case "first entry":
            second["raised_event_id"] = first["raised_event_id"]
        case "its two entries":
            second["resolved"]["event_id"] = second["raised_event_id"]
        case "entry of another matter":
            second["resolved"]["event_id"] = known["raised_event_id"]
        case "visit":
            sent["args"]["id"] = arrived["args"]["id"]
    before = contents(app, *SYNC_NOTES)
    assert cadre.refused(sent) == "id_taken"
    assert contents(app, *SYNC_NOTES) == before


def test_what_stands_on_something_refused_is_refused_and_what_does_not_is_applied(sign_in: SignIn):
    cadre, good, bad = sign_in(cast.CADRE), new_matter(), new_matter(title="")
    receipts = cadre.push(
        visit(bad), act(bad["id"], "progress"), visit(good), act(bad["id"], "resolve"), act(good["id"], "resolve")
    )
    assert codes(receipts) == ["field_required", "matter_not_found", None, "matter_not_found", None]
    assert [event["act"] for event in cadre.matter(good["id"])["events"]] == ["raise", "resolve"]


@pytest.mark.usefixtures("_breaks")
def test_what_a_refused_mutation_said_is_kept_encrypted_and_read_back_with_the_key(
    app: Flask, sign_in: SignIn, subtests: pytest.Subtests
):
    cadre = sign_in(cast.CADRE)
    cipher: MultiFernet = app.extensions["resident_cipher"]
    for code, sent in refusals().items():
        cadre.refused(sent)
        with subtests.test(code=code), app.app_context():
            kept = reading().get_one(Mutation, UUID(sent["id"]))
            assert (kept.status, kept.error_code) == ("rejected", code)
            assert kept.raw == {"name": sent["name"], "args": sent["args"]}
    with app.app_context():
        rows = reading().connection().exec_driver_sql("SELECT raw FROM mutations").scalars().all()
    assert len(rows) == len(refusals())
    assert all(TITLE in cipher.decrypt(bytes(raw)).decode() for raw in rows)
    stored = "".join(contents(app)["mutations"])
    for words in (TITLE, DETAIL, *RESIDENT.values()):
        assert words not in stored
        assert words.encode("unicode_escape").decode() not in stored
        assert str(words.encode())[2:-1] not in stored


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("INSERT INTO scopes SELECT * FROM scopes", "id_taken"),
        ("UPDATE users SET username = 'one and the same'", "id_taken"),
        ("UPDATE matters SET state = 'forgotten'", "server_error"),
        ("UPDATE visits SET village_code = '000000000000'", "server_error"),
        ("UPDATE visits SET kind = NULL", "server_error"),
    ],
)
def test_an_id_is_called_taken_only_if_it_is_and_every_other_mistake_is_the_servers_and_in_its_log(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, statement: str, code: str
):
    cadre, sent = sign_in(cast.CADRE), visit(told_in_full())
    say_after_recording(monkeypatch, statement)
    assert cadre.refused(sent) == code
    assert (f"mutation {sent['id']} (visit.record) failed: IntegrityError" in caplog.text) is (code == "server_error")
    assert TITLE not in caplog.text


@pytest.mark.parametrize("what", ["something new", "an entry on what the reader holds already"])
def test_what_a_push_applies_after_something_refused_reaches_a_reader_who_is_up_to_date(sign_in: SignIn, what: str):
    """The refused visit was numbered before its matter was looked at; its number goes to what comes after it."""
    cadre, colleague, known, new = sign_in(cast.CADRE), Reader(sign_in(cast.COLLEAGUE)), new_matter(), new_matter()
    cadre.apply(visit(known))
    colleague.read()
    refused = visit(new_matter(), {**new_matter(), "id": known["id"]})
    after = visit(new) if what == "something new" else act(known["id"], "resolve")
    assert codes(cadre.push(refused, after)) == ["id_taken", None]
    colleague.read()
    if what == "something new":
        assert new["id"] in colleague.matters
    else:
        assert colleague.matters[known["id"]]["state"] == "resolved"


def test_what_was_applied_is_not_kept_a_second_time(app: Flask, sign_in: SignIn):
    sent = visit(told_in_full())
    sign_in(cast.CADRE).apply(sent)
    with app.app_context():
        assert reading().get_one(Mutation, UUID(sent["id"])).raw is None


@pytest.mark.usefixtures("_breaks")
@pytest.mark.parametrize("code", [code for code, sent in refusals().items() if sent["name"] == "visit.record"])
def test_a_refused_visit_that_was_corrected_is_applied_under_a_new_mutation_with_the_same_records(
    sign_in: SignIn, code: str
):
    cadre, refused = sign_in(cast.CADRE), refusals()[code]
    assert cadre.refused(refused) == code
    right = {"kind": "onsite", "village_code": cast.VILLAGE, "happened_at": hours_ago(1), "note": "已改正"}
    matters = [{**matter, "title": TITLE} for matter in refused["args"]["matters"]]
    cadre.apply({**refused, "id": new_id(), "args": {**refused["args"], **right, "matters": matters}})
    assert set(cadre.matters()) == {matter["id"] for matter in matters}
    for matter in matters:
        now = cadre.matter(matter["id"])
        assert (now["title"], now["visit_id"]) == (TITLE, refused["args"]["id"])
        assert [event["id"] for event in now["events"]] == [matter["raised_event_id"]]
    assert cadre.refused(refused) == code, "the first one stays refused"


def test_a_refused_entry_that_was_corrected_is_applied_under_a_new_mutation_with_the_same_entry(sign_in: SignIn):
    cadre, matter = sign_in(cast.CADRE), new_matter()
    cadre.apply(visit(matter))
    for wrong, better in (
        (act(matter["id"], "resolve", text=""), {"text": "水管已换新"}),
        (correct(matter["id"], resident_phone="一三九"), {"changes": {"resident_phone": RESIDENT["phone"]}}),
    ):
        before = cadre.matter(matter["id"])
        cadre.refused(wrong)
        assert cadre.matter(matter["id"]) == before
        cadre.apply({**wrong, "id": new_id(), "args": {**wrong["args"], **better}})
        assert [event["id"] for event in cadre.matter(matter["id"])["events"]][-1] == wrong["args"]["event_id"]
    now = cadre.matter(matter["id"])
    assert (now["state"], now["resident"]) == ("resolved", {"name": None, "phone": RESIDENT["phone"]})
