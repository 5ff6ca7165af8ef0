"""Whatever comes in: one error shape with its Chinese sentence, never a 500, never half a write."""

import json
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.domain.refusals import REFUSALS
from server.domain.words import LIMITS
from tests import cast
from tests.api.bad_mutations import DROPPED, HUNDRED_THOUSAND, bad_mutations, sound_mutations, spoiled
from tests.api.contents import SYNC_NOTES, contents
from tests.api.contract import Contract, check_error
from tests.api.mutations import Json, act, correct, new_id, new_matter, now, push_of, told_in_full, visit
from tests.api.people import Caller, SignIn
from tests.api.test_error_shape import TEN_MEGABYTES, as_error, json_of

TAKING_A_BODY = ("/api/session", "/api/sync/pull", "/api/sync/push")

NOT_JSON: dict[str, dict[str, Any]] = {
    "broken": json_of('{"device_id": "'),
    "two in a row": json_of("{}{}"),
    "nothing": json_of(""),
    "NUL": json_of("\0"),
    "NUL inside a text": json_of('{"device_id": "\0"}'),
    "single quotes": json_of("{'device_id': 1}"),
    "NaN": json_of('{"device_id": NaN}'),
    "Infinity": json_of('{"device_id": -Infinity}'),
    "a number beyond all bounds": json_of('{"device_id": 1e999}'),
    "half a surrogate pair": json_of('{"device_id": "\\ud83d"}'),
    "the halves the wrong way round": json_of('{"device_id": "\\udca1\\ud83d"}'),
    "half a surrogate pair, raw": json_of(b'{"device_id": "\xed\xa0\xbd"}'),
    "half a surrogate pair as a name": json_of('{"\\ud83d": 1}'),
    "not UTF-8": json_of('{"device_id": "路灯"}'.encode("gbk")),
    "UTF-16": json_of("{}".encode("utf-16")),
    "a byte order mark": json_of("\ufeff{}"),
    "nested without end": json_of('{"device_id": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    "nested objects": json_of('{"a":' * 50_000 + "1" + "}" * 50_000),
    "plain text": json_of("{}", "text/plain"),
    "a form": json_of("device_id=1", "application/x-www-form-urlencoded"),
    "a file": {"data": {"device_id": "1"}, "content_type": "multipart/form-data"},
    "no type": {"data": b"{}"},
    "a made-up type": json_of("{}", "application/json5"),
}


def test_the_endpoints_that_take_a_body_are_those_tested_here(contract: Contract):
    taking = {
        path
        for path, operations in contract.document["paths"].items()
        if any("requestBody" in operation for operation in operations.values() if isinstance(operation, dict))
    }
    assert taking == set(TAKING_A_BODY)


@pytest.mark.parametrize("path", TAKING_A_BODY)
def test_what_is_no_json_object_is_refused_and_writes_nothing(
    app: Flask, sign_in: SignIn, path: str, subtests: pytest.Subtests
):
    app.config["SIGN_INS_PER_MINUTE"] = 1000
    cadre, before = sign_in(cast.CADRE), contents(app)
    for kind, body in NOT_JSON.items():
        with subtests.test(kind):
            as_error(cadre.call("POST", path, **body), 400, "bad_json")
    for body in ("null", "[]", "[[]]", "1", "1.5", '"text"', "true", json.dumps([{"username": "cadre"}])):
        with subtests.test(body=body):
            as_error(cadre.call("POST", path, **json_of(body)), 422, "invalid")
    with subtests.test("10 MB"):
        as_error(cadre.call("POST", path, **json_of(TEN_MEGABYTES)), 413, "too_large")
    assert contents(app) == before


def _push(**more: Any) -> Json:
    return {**push_of(new_id(), visit()), **more}


def _mutation(**more: Any) -> Json:
    return _push(mutations=[visit(), {**visit(), **more}])


def _pull(**more: Any) -> Json:
    return {"device_id": new_id(), "access_version": 1, "cursors": [], **more}


def _cursor(**more: Any) -> Json:
    return _pull(cursors=[{"scope": f"area:{cast.TOWNSHIP}", "version": 0, **more}])


def without(body: Json, name: str) -> Json:
    return {key: value for key, value in body.items() if key != name}


def _bad_pushes() -> list[tuple[Json, str, str | None]]:
    """Pushes that are wrong as a whole: without an id or a name there is no receipt to give."""
    return [
        (_push(extra=1), "field_unknown", "extra"),
        (_push(**{"经纬度": 1}), "field_unknown", None),
        (_push(**{"x" * 100_000: 1}), "field_unknown", None),
        *((_push(device_id=value), "id_invalid", "device_id") for value in ("", "1", 7, [], str(uuid4()), "\0")),
        (_push(device_id=None), "field_required", "device_id"),
        *((_push(sent_at=value), "time_invalid", "sent_at") for value in ("2026-11-24T09:30:00", "now", "", 0, {})),
        *((without(_push(), name), "field_required", name) for name in ("device_id", "sent_at", "mutations")),
        (_push(mutations=[]), "invalid", "mutations"),
        (_push(mutations=[visit() for _ in range(101)]), "invalid", "mutations"),
        *((_push(mutations=value), "invalid", "mutations") for value in (5, "visit", {}, {"0": visit()})),
        *((_push(mutations=[visit(), value]), "invalid", "mutations.1") for value in (5, "visit", [], None)),
        (_mutation(extra=1), "field_unknown", "mutations.1.extra"),
        (_mutation(**{"<b>": 1}), "field_unknown", None),
        *((_mutation(id=value), "id_invalid", "mutations.1.id") for value in ("1", 7, str(uuid4()), HUNDRED_THOUSAND)),
        *((_mutation(made_at=value), "time_invalid", "mutations.1.made_at") for value in ("2026-11-24T09:30", "", 5)),
        *(
            (_mutation(name=value), "mutation_unknown", "mutations.1.name")
            for value in ("", "Visit", "visit.record\n", "下访", "visit\0", "x" * 33, "x" * 100_000, "💡")
        ),
        *((_mutation(name=value), "invalid", "mutations.1.name") for value in (5, [], {})),
        *((_mutation(args=value), "invalid", "mutations.1.args") for value in (5, "{}", [], True)),
        *(
            (_push(mutations=[without(visit(), name)]), "field_required", f"mutations.0.{name}")
            for name in ("id", "made_at")
        ),
    ]


def _bad_pulls() -> list[tuple[Json, str, str | None]]:
    return [
        (_pull(extra=1), "field_unknown", "extra"),
        (_cursor(extra=1), "field_unknown", "cursors.0.extra"),
        *((without(_pull(), name), "field_required", name) for name in ("device_id", "access_version", "cursors")),
        (_pull(device_id=str(uuid4())), "id_invalid", "device_id"),
        *((_pull(access_version=value), "invalid", "access_version") for value in (-1, 2**53 + 1, 1e300, 0.5, "x", [])),
        *((_cursor(version=value), "invalid", "cursors.0.version") for value in (-1, 2**53 + 1, 1e300, 0.5, "x", {})),
        *((_cursor(scope=value), "invalid", "cursors.0.scope") for value in (5, [], {})),
        *((_pull(cursors=value), "invalid", "cursors") for value in (5, "x", {})),
        (_pull(cursors=[5]), "invalid", "cursors.0"),
        (_pull(cursors=[{"scope": str(i), "version": 0} for i in range(201)]), "invalid", "cursors"),
    ]


def test_a_request_with_one_wrong_field_is_refused_as_a_whole_and_says_which(
    app: Flask, sign_in: SignIn, nobody: Caller, subtests: pytest.Subtests
):
    cadre, before = sign_in(cast.CADRE), contents(app)
    sign_in_with = {"username": cast.CADRE.username, "password": HUNDRED_THOUSAND}
    as_error(nobody.post("/api/session", sign_in_with), 401, "wrong_password", "password")
    sign_in_with["username"] = HUNDRED_THOUSAND
    as_error(nobody.post("/api/session", sign_in_with), 422, "text_too_long", "username")
    for path, cases in (("/api/sync/push", _bad_pushes()), ("/api/sync/pull", _bad_pulls())):
        for number, (body, code, field) in enumerate(cases):
            with subtests.test(path, number=number, field=field):
                as_error(cadre.post(path, body), REFUSALS[code][0], code, field)
    assert contents(app) == before


def test_a_mutation_with_one_thing_wrong_is_refused_by_field_and_only_its_refusal_is_kept(
    app: Flask, sign_in: SignIn, subtests: pytest.Subtests
):
    phones = {False: sign_in(cast.CADRE), True: sign_in(cast.COORDINATOR)}
    matter = new_matter()
    phones[False].apply(visit(matter))
    sound = sound_mutations(matter["id"], cast.unit_id(app, cast.BUREAU))
    cases = list(bad_mutations(sound).items())
    before = contents(app, *SYNC_NOTES)
    for coordinates, phone in phones.items():
        mine = [case for case in cases if (case[1].mutation["args"].get("act") in ("assign", "merge")) == coordinates]
        for start in range(0, len(mine), LIMITS["mutations_per_push"]):
            part = mine[start : start + LIMITS["mutations_per_push"]]
            receipts = phone.push(*(bad.mutation for _, bad in part))
            for (what, bad), receipt in zip(part, receipts, strict=True):
                with subtests.test(what):
                    assert receipt["error"] is not None
                    assert (receipt["error"]["code"], receipt["error"]["field"]) == (bad.code, bad.field)
                    check_error(receipt["error"], REFUSALS[bad.code][0])
            assert contents(app, *SYNC_NOTES) == before
    assert len(contents(app)["mutations"]) == len(cases) + 1
    # With nothing wrong each of them is applied: what was refused above was refused for that one thing.
    phones[False].apply(sound["visit"], sound["progress"], sound["correct"])
    phones[True].apply(sound["assign"])


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
        "matters.0.id": [visit(new_matter(id=matter["id"])), visit(new_matter(raised_event_id=event_id))],
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


def test_a_mutation_id_used_twice_with_different_contents_changes_nothing(app: Flask, sign_in: SignIn):
    cadre, colleague = sign_in(cast.CADRE), sign_in(cast.COLLEAGUE)
    first = visit(told_in_full())
    other = {**visit(told_in_full()), "id": first["id"]}
    receipts = cadre.push(first, other)
    assert [receipt["status"] for receipt in receipts] == ["applied", "rejected"]
    check_error(receipts[1]["error"], 409)
    before = contents(app, "devices")
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
    assert contents(app, "devices") == before


@pytest.mark.parametrize(
    "text",
    [
        "路灯💡坏了", "👨‍👩‍👧‍👦 一家四口 🇨🇳", "𠮷家门口的㙍", "e\u0301 ≠ é", "שלום 和 سلام",
        "“引号” & <b>不是标签</b> '; --", "反斜杠 \\u0000 \\", "一\u3000二\u00a0三",
    ],
)  # fmt: skip
def test_whatever_people_can_type_is_kept_to_the_letter(sign_in: SignIn, text: str):
    cadre = sign_in(cast.CADRE)
    lines = f"{text}\n\t第二行 {text}"
    matter = new_matter(
        title=text,
        detail=lines,
        resident={"name": text, "phone": "+86 739-4220001"},
        resolved={"event_id": new_id(), "text": lines},
    )
    cadre.apply(visit(matter, note=lines), correct(matter["id"], title=f"改 {text}"))
    cadre.apply(act(matter["id"], "reopen", text=text))
    shown = cadre.matter(matter["id"])
    assert (shown["title"], shown["detail"], shown["resident"]) == (f"改 {text}", lines, matter["resident"])
    assert [event["text"] for event in shown["events"]] == [None, lines, None, text]
    assert shown["events"][2]["changes"] == [{"field": "title", "before": text, "after": f"改 {text}"}]
    (scope,) = cadre.pull()["scopes"]
    assert scope["visits"][0]["note"] == lines
    assert scope["matters"] == [without(shown, "township_name")]


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


QUERIES: dict[str, tuple[str, list[Any], str]] = {
    "from": ("day_invalid", ["", "2026", "2026-02-30", "01/02/2026", "1899-12-31", "2201-01-01", "\0", "今天"], "from"),
    "to": ("day_invalid", ["", "2026-13-01", "2026-01-01T00:00:00", "20260101", "-1", "9" * 100_000], "to"),
    "area_code": (
        "area_not_found",
        ["", "邓家铺", "43058110500", "4305811050000", "999999999999", "430581105999", "430581105000\0", "x" * 100_000,
         cast.COUNTY, cast.NEIGHBOUR_TOWNSHIP, "430581106201", "430000000000", "000000000000"],
        "area_code",
    ),
}  # fmt: skip
LIST_QUERIES: dict[str, tuple[str, list[Any], str]] = {
    "measure": ("choice_invalid", ["", "visits", "raised ", "新增", "\0", "x" * 100_000], "measure"),
    "category": ("choice_invalid", ["", "roads", "道路交通", "\0"], "category"),
    "unit_id": ("id_invalid", ["", "1", "\0", "交通运输局", "0" * 33], "unit_id"),
    "after": (
        "invalid",
        ["", "~", "2026-01-01", "2026-01-01~", "2026-01-01~1", "2026-02-30~01a20f07-12e7-71f3-9135-e04bed61f03c",
         "~01a20f07-12e7-71f3-9135-e04bed61f03c", "2026-01-01~~01a20f07-12e7-71f3-9135-e04bed61f03c", "\0", "1", "💡"],
        "after",
    ),
}  # fmt: skip


def test_a_question_that_makes_no_sense_is_refused_by_field(app: Flask, sign_in: SignIn, subtests: pytest.Subtests):
    leader, before = sign_in(cast.LEADER), contents(app)
    sense = {"area_code": cast.TOWNSHIP, "from": "2026-01-01", "to": "2026-01-31", "measure": "raised"}

    def refuse(answer: TestResponse, code: str, field: str) -> None:
        as_error(answer, REFUSALS[code][0], code, field)

    for path, cases in (("/api/tallies", QUERIES), ("/api/tallies/matters", {**QUERIES, **LIST_QUERIES})):
        assert leader.get(path, **sense).status_code == 200
        for name, (code, values, field) in cases.items():
            for value in values:
                with subtests.test(path, name=name, value=value[:40]):
                    refuse(leader.get(path, **{**sense, name: value}), code, field)
        for name in ("from", "to"):
            refuse(leader.get(path, **without(sense, name)), "field_required", name)
        refuse(leader.get(path, **{**sense, "from": "2026-02-01"}), "period_invalid", "to")
    refuse(leader.get("/api/tallies/matters", **without(sense, "measure")), "field_required", "measure")
    assert contents(app) == before


def test_a_unit_that_is_not_there_has_no_matters(sign_in: SignIn):
    sign_in(cast.CADRE).apply(visit(new_matter()))
    leader = sign_in(cast.LEADER)
    period = {"from": "2026-01-01", "to": "2199-12-31", "measure": "raised"}
    assert leader.get("/api/tallies/matters", **period).get_json()["count"] == 1
    answer = leader.get("/api/tallies/matters", **period, unit_id=new_id()).get_json()
    assert answer == {"count": 0, "matters": [], "next": None}
