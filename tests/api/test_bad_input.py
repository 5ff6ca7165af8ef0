"""Whatever comes in: one error shape with its Chinese sentence, never a 500, never half a write."""

import json

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.domain.refusals import REFUSALS
from server.domain.words import LIMITS
from tests import cast
from tests.api.bad_mutations import HUNDRED_THOUSAND, Bad, bad_mutations, sound_mutations, spoiled
from tests.api.bad_requests import LIST_QUERIES, NOT_JSON, QUERIES, bad_pulls, bad_pushes, without
from tests.api.contents import SYNC_NOTES, contents
from tests.api.contract import Contract, check_error
from tests.api.mutations import act, correct, new_id, new_matter, told_in_full, visit
from tests.api.people import Caller, SignIn
from tests.api.routes import path_of, taking_json
from tests.api.test_error_shape import TEN_MEGABYTES, as_error, json_of


def test_what_is_no_json_object_is_refused_everywhere_and_writes_nothing(
    app: Flask, sign_in: SignIn, contract: Contract, subtests: pytest.Subtests
):
    app.config["SIGN_INS_PER_MINUTE"] = 1000
    before = contents(app)
    for (method, rule), person in taking_json(app, contract).items():
        caller, path = sign_in(person), path_of(rule)
        for kind, body in NOT_JSON.items():
            with subtests.test(kind, endpoint=f"{method} {rule}"):
                as_error(caller.call(method, path, **body), 400, "bad_json")
        for text in ("null", "[]", "[[]]", "1", "1.5", '"text"', "true", json.dumps([{"username": "cadre"}])):
            with subtests.test(body=text, endpoint=f"{method} {rule}"):
                as_error(caller.call(method, path, **json_of(text)), 422, "invalid")
        with subtests.test("10 MB", endpoint=f"{method} {rule}"):
            as_error(caller.call(method, path, **json_of(TEN_MEGABYTES)), 413, "too_large")
    assert contents(app) == before


def test_a_request_with_one_wrong_field_is_refused_as_a_whole_and_says_which(
    app: Flask, sign_in: SignIn, nobody: Caller, subtests: pytest.Subtests
):
    cadre, before = sign_in(cast.CADRE), contents(app)
    sign_in_with = {"username": cast.CADRE.username, "password": HUNDRED_THOUSAND}
    as_error(nobody.post("/api/session", sign_in_with), 401, "wrong_password", "password")
    sign_in_with["username"] = HUNDRED_THOUSAND
    as_error(nobody.post("/api/session", sign_in_with), 422, "text_too_long", "username")
    for path, cases in (("/api/sync/push", bad_pushes()), ("/api/sync/pull", bad_pulls())):
        for number, (body, code, field) in enumerate(cases):
            with subtests.test(path, number=number, field=field):
                as_error(cadre.post(path, body), REFUSALS[code][0], code, field)
    assert contents(app) == before


def test_a_mutation_with_one_thing_wrong_is_refused_by_field_and_only_its_refusal_is_kept(
    app: Flask, sign_in: SignIn, subtests: pytest.Subtests
):
    cadre, coordinator, matter = sign_in(cast.CADRE), sign_in(cast.COORDINATOR), new_matter()
    cadre.apply(visit(matter))
    sound = sound_mutations(matter["id"], cast.unit_id(app, cast.BUREAU))
    cases, most = bad_mutations(sound), LIMITS["mutations_per_push"]
    before = contents(app, *SYNC_NOTES)
    for phone in (cadre, coordinator):
        mine = [case for case in cases.items() if _is_for_a_coordinator(case[1]) == (phone is coordinator)]
        for part in (mine[start : start + most] for start in range(0, len(mine), most)):
            receipts = phone.push(*(bad.mutation for _, bad in part))
            for (what, bad), receipt in zip(part, receipts, strict=True):
                with subtests.test(what):
                    assert receipt["error"] is not None
                    assert (receipt["error"]["code"], receipt["error"]["field"]) == (bad.code, bad.field)
                    check_error(receipt["error"], REFUSALS[bad.code][0])
            assert contents(app, *SYNC_NOTES) == before
    assert len(contents(app)["mutations"]) == len(cases) + 1
    # With nothing wrong each of them is applied: what was refused above was refused for that one thing.
    cadre.apply(sound["visit"], sound["progress"], sound["correct"])
    coordinator.apply(sound["assign"])


def _is_for_a_coordinator(bad: Bad) -> bool:
    return bad.mutation["args"].get("act") in ("assign", "merge")


def test_what_belongs_to_another_township_is_refused(app: Flask, sign_in: SignIn):
    theirs, mine = told_in_full(), new_matter()
    sign_in(cast.NEIGHBOUR).apply(visit(theirs, village_code="430581106201"))
    cadre, coordinator = sign_in(cast.CADRE), sign_in(cast.COORDINATOR)
    cadre.apply(visit(mine))
    their_government = cast.unit_id(app, "龙溪镇人民政府")
    before = contents(app, *SYNC_NOTES)
    assert cadre.refused(act(theirs["id"], "progress")) == "matter_not_found"
    assert cadre.refused(correct(theirs["id"], title="路灯")) == "matter_not_found"
    assert cadre.refused(visit(village_code="430581106201")) == "village_not_allowed"
    assert coordinator.refused(act(mine["id"], "assign", unit_id=their_government)) == "unit_not_allowed"
    assert coordinator.refused(act(mine["id"], "merge", into_id=theirs["id"])) == "matter_not_found"
    assert contents(app, *SYNC_NOTES) == before


def test_ids_that_are_taken_are_refused_and_what_holds_them_stays(app: Flask, sign_in: SignIn):
    cadre, colleague = sign_in(cast.CADRE), sign_in(cast.COLLEAGUE)
    matter = told_in_full()
    first = visit(matter, note="第一次")
    progress = act(matter["id"], "progress")
    cadre.apply(first, progress)
    event_id = progress["args"]["event_id"]
    before = contents(app, *SYNC_NOTES)
    taken = {
        "id": [visit(id=first["args"]["id"])],
        "matters.0.id": [visit(new_matter(id=matter["id"]))],
        "matters.0.raised_event_id": [visit(new_matter(raised_event_id=event_id))],
        "matters.0.resolved.event_id": [visit(new_matter(resolved={"event_id": event_id, "text": "修好了"}))],
        "event_id": [
            spoiled(act(matter["id"], "progress"), "event_id", event_id),
            spoiled(act(matter["id"], "progress"), "event_id", matter["raised_event_id"]),
            spoiled(correct(matter["id"], title="水管"), "event_id", event_id),
        ],
    }
    for field, mutations in taken.items():
        for phone in (cadre, colleague):
            for receipt in phone.push(*({**mutation, "id": new_id()} for mutation in mutations)):
                assert (receipt["error"]["code"], receipt["error"]["field"]) == ("id_taken", field)
    assert contents(app, *SYNC_NOTES) == before


def test_a_mutation_id_used_twice_with_different_contents_changes_no_record(app: Flask, sign_in: SignIn):
    cadre, colleague = sign_in(cast.CADRE), sign_in(cast.COLLEAGUE)
    first = visit(told_in_full())
    other = {**visit(told_in_full()), "id": first["id"]}
    receipts = cadre.push(first, other)
    assert [receipt["status"] for receipt in receipts] == ["applied", "rejected"]
    check_error(receipts[1]["error"], 409)
    before = contents(app, *SYNC_NOTES)
    for phone, mutation in (
        (cadre, other),
        (cadre, spoiled(first, "note", "另一句") | {"id": first["id"]}),
        (cadre, {**first, "name": "matter.act"}),
        (cadre, {**first, "args": {}}),
        (colleague, first),
        (colleague, other),
    ):
        assert phone.refused(mutation) == "mutation_id_reused"
    assert cadre.push(first) == receipts[:1]
    assert contents(app, *SYNC_NOTES) == before


TYPED = (
    "路灯💡坏了", "👨‍👩‍👧‍👦 一家四口 🇨🇳", "𠮷家门口的㙍", "e\u0301 ≠ é", "שלום 和 سلام",
    "“引号” & <b>不是标签</b> '; --", "反斜杠 \\u0000 \\", "一\u3000二\u00a0三",
)  # fmt: skip


def test_whatever_people_can_type_is_kept_to_the_letter(sign_in: SignIn, subtests: pytest.Subtests):
    for text in TYPED:
        with subtests.test(text):
            _record_and_read_back(sign_in(cast.CADRE), text)


def _record_and_read_back(cadre: Caller, text: str) -> None:
    lines = f"{text}\n\t第二行 {text}"
    matter = new_matter(
        title=text,
        detail=lines,
        resident={"name": text, "phone": "+86 739-4220001"},
        resolved={"event_id": new_id(), "text": lines},
    )
    recorded = visit(matter, note=lines)
    cadre.apply(recorded, correct(matter["id"], title=f"改 {text}"), act(matter["id"], "reopen", text=text))
    shown = cadre.matter(matter["id"])
    assert (shown["title"], shown["detail"], shown["resident"]) == (f"改 {text}", lines, matter["resident"])
    assert [event["text"] for event in shown["events"]] == [None, lines, None, text]
    assert shown["events"][2]["changes"] == [{"field": "title", "before": text, "after": f"改 {text}"}]
    (scope,) = cadre.pull()["scopes"]
    assert {visit["id"]: visit["note"] for visit in scope["visits"]}[recorded["args"]["id"]] == lines
    assert shown["ratings"] == []
    assert without(shown, "township_name", "ratings") in scope["matters"]


def test_a_text_as_long_as_is_allowed_is_kept_and_one_sign_more_is_not(sign_in: SignIn):
    cadre = sign_in(cast.CADRE)
    longest = {
        "note": ("note", LIMITS["note"]),
        "matters.0.title": ("title", LIMITS["title"]),
        "matters.0.detail": ("detail", LIMITS["detail"]),
        "matters.0.resident.name": ("resident_name", LIMITS["resident_name"]),
        "matters.0.resolved.text": ("text", LIMITS["text"]),
    }
    for path, (_, limit) in longest.items():
        # A sign counts once, however many bytes it takes; spaces around a text do not count.
        for text, code in (("💡" * limit, None), (f" {'长' * limit}\n", None), ("💡" * (limit + 1), "text_too_long")):
            matter = told_in_full(resolved={"event_id": new_id(), "text": "修好了"})
            (receipt,) = cadre.push(spoiled(visit(matter, note="看过"), path, text))
            assert (receipt["error"] or {}).get("code") == code, path


def test_a_question_that_makes_no_sense_is_refused_by_field(app: Flask, sign_in: SignIn, subtests: pytest.Subtests):
    leader, before = sign_in(cast.LEADER), contents(app)
    tally = {"area_code": cast.TOWNSHIP, "from": "2026-01-01", "to": "2026-01-31"}
    behind = {**tally, "measure": "raised"}

    def refuse(answer: TestResponse, code: str, field: str) -> None:
        as_error(answer, REFUSALS[code][0], code, field)

    for path, sense, cases in (
        ("/api/tallies", tally, QUERIES),
        ("/api/tallies/matters", behind, {**QUERIES, **LIST_QUERIES}),
    ):
        assert leader.get(path, **sense).status_code == 200
        for name, (code, values) in cases.items():
            for value in values:
                with subtests.test(path, name=name, value=value[:40]):
                    refuse(leader.get(path, **{**sense, name: value}), code, name)
        for name in ("from", "to"):
            refuse(leader.get(path, **without(sense, name)), "field_required", name)
        refuse(leader.get(path, **{**sense, "from": "2026-02-01"}), "period_invalid", "to")
        # Left out of account, a misspelt word would answer a wider question than was asked.
        for misspelt in ("categroy", "areacode", "From"):
            refuse(leader.get(path, **{**sense, misspelt: "road"}), "field_unknown", misspelt)
    refuse(leader.get("/api/tallies", **behind), "field_unknown", "measure")
    refuse(leader.get("/api/tallies/matters", **without(behind, "measure")), "field_required", "measure")
    assert contents(app) == before


def test_a_unit_that_is_not_there_has_no_matters(sign_in: SignIn):
    sign_in(cast.CADRE).apply(visit(new_matter()))
    leader = sign_in(cast.LEADER)
    period = {"from": "2026-01-01", "to": "2199-12-31", "measure": "raised"}
    assert leader.get("/api/tallies/matters", **period).get_json()["count"] == 1
    answer = leader.get("/api/tallies/matters", **period, unit_id=new_id()).get_json()
    assert answer == {"count": 0, "matters": [], "next": None}
