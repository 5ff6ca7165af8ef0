"""好经验: what a leader marks, every cadre reads, and nobody learns from it of whom or where it tells."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask

from server.domain.words import LIMITS
from tests import cast
from tests.api.contents import contents
from tests.api.mutations import Json, act, correct, new_id, new_matter, resolved_on_the_spot, visit
from tests.api.people import Caller, SignIn
from tests.api.scribble import spoiled_body
from tests.api.test_any_input import for_many, sending

NAME, PHONE, ID_CARD = "龙桂香", "13907390001", "430581199501011234"
SECRETS = (NAME, "桂香", PHONE, "139-0739", ID_CARD, "扶峰", "黄塘", "邓家铺", "武冈", cast.CADRE.name)
DETAIL = f"{NAME}（{PHONE}，身份证{ID_CARD}）说：扶峰村三组的水管裂了，邓家铺镇、黄塘村都接不上水。"
DEED = f"{cast.CADRE.name}和武冈市水利局当天换了 30 米水管，桂香家先通水，回访电话139-0739-0001。"
TEXTS: Json = {"category": "water", "title": "水管裂了", "problem": "十七户没有水", "deed": "换了 30 米水管"}


def settled(sign_in: SignIn, **more: str) -> str:
    """The id of a matter that was resolved on the spot, told with everything that must not leave it."""
    matter = new_matter(
        title=f"{NAME}家水管裂了", detail=DETAIL, category="water", resident={"name": NAME, "phone": PHONE},
        resolved=resolved_on_the_spot(DEED),
    )  # fmt: skip
    sign_in(cast.CADRE).apply(visit(matter, **more))
    return str(matter["id"])


@pytest.fixture
def matter_id(sign_in: SignIn) -> str:
    return settled(sign_in)


@pytest.fixture
def leader(sign_in: SignIn) -> Caller:
    return sign_in(cast.LEADER)


def draft(caller: Caller, matter_id: str) -> Json:
    answer = caller.get(f"/api/matters/{matter_id}/case-draft")
    assert answer.status_code == 200, answer.get_json()
    body: Json = answer.get_json()
    return body


def put(caller: Caller, matter_id: str, **texts: str) -> Json:
    answer = caller.call("PUT", f"/api/cases/{matter_id}", json={**TEXTS, **texts})
    assert answer.status_code == 200, answer.get_json()
    body: Json = answer.get_json()
    return body


def library(caller: Caller) -> list[Json]:
    answer = caller.get("/api/cases")
    assert answer.status_code == 200, answer.get_json()
    cases: list[Json] = answer.get_json()["cases"]
    return cases


def counts(answer: Json) -> dict[str, int]:
    return {one["kind"]: one["count"] for one in answer["replaced"]}


def test_the_draft_proposes_what_was_raised_and_done_without_persons_and_places(leader: Caller, matter_id: str):
    assert draft(leader, matter_id) == {
        "category": "water",
        "title": "群众家水管裂了",
        "problem": "群众（某号码，身份证某号码）说：某村三组的水管裂了，某镇、某村都接不上水。",
        "deed": "干部和某市水利局当天换了 30 米水管，群众家先通水，回访电话某号码。",
        "replaced": [
            {"kind": "number", "count": 3}, {"kind": "person", "count": 1},
            {"kind": "place", "count": 4}, {"kind": "resident", "count": 3},
        ],
        "listed": False,
    }  # fmt: skip


def test_the_draft_tells_every_step_that_counted_and_no_note(sign_in: SignIn, leader: Caller):
    matter, cadre = new_matter(title="路灯不亮"), sign_in(cast.CADRE)
    cadre.apply(
        visit(matter),
        act(matter["id"], "progress", text="看过了，缺灯泡"),
        act(matter["id"], "resolve", text="换好了"),
        act(matter["id"], "progress", text="来晚了的一条"),
    )
    told = draft(leader, matter["id"])
    assert (told["problem"], told["deed"]) == ("路灯不亮", "看过了，缺灯泡\n换好了")


def test_whoever_is_signed_in_reads_it_and_no_secret_is_in_it(sign_in: SignIn, leader: Caller, matter_id: str):
    said = put(leader, matter_id, **{name: draft(leader, matter_id)[name] for name in ("title", "problem", "deed")})
    assert (said["listed"], said["replaced"]) == (True, [])
    for person in cast.EVERYBODY:
        (case,) = library(sign_in(person))
        assert (case["title"], case["category"]) == ("群众家水管裂了", "water")
        leads = person in (cast.LEADER, cast.COUNTY_LEADER)
        assert case["matter_id"] == (matter_id if leads else None), person.username
        assert not [secret for secret in SECRETS if secret in json.dumps(case, ensure_ascii=False)]
        assert (matter_id in json.dumps(case)) == leads


def test_what_the_leader_types_is_told_without_persons_and_places_too_and_he_hears_how_often(
    sign_in: SignIn, leader: Caller, matter_id: str
):
    said = put(leader, matter_id, title=f"{NAME}家通水了", problem=DETAIL, deed=DEED)
    assert counts(said) == {"resident": 3, "number": 3, "place": 4, "person": 1}
    (case,) = library(sign_in(cast.NEIGHBOUR))
    assert [case[name] for name in ("title", "problem", "deed")] == [
        said[name] for name in ("title", "problem", "deed")
    ]
    assert not [secret for secret in SECRETS if secret in json.dumps(case, ensure_ascii=False)]
    assert draft(leader, matter_id) == {**said, "replaced": []}, "he goes on from what stands there"


def test_a_case_is_one_however_often_and_by_whomever_it_is_written(sign_in: SignIn, leader: Caller, matter_id: str):
    put(leader, matter_id)
    (first,) = library(leader)
    put(sign_in(cast.COUNTY_LEADER), matter_id, title="写得更好", category="other")
    (second,) = library(leader)
    assert (second["id"], second["made_at"]) == (first["id"], first["made_at"])
    assert (second["title"], second["category"]) == ("写得更好", "other")


def test_a_withdrawn_case_is_gone_for_everybody_and_can_come_back(sign_in: SignIn, leader: Caller, matter_id: str):
    put(leader, matter_id)
    assert leader.call("DELETE", f"/api/cases/{matter_id}").get_json() == {"listed": False}
    assert library(sign_in(cast.CADRE)) == []
    assert draft(leader, matter_id)["listed"] is False
    again = leader.call("DELETE", f"/api/cases/{matter_id}")
    assert (again.status_code, again.get_json()["code"]) == (404, "case_not_found")
    put(leader, matter_id)
    assert len(library(sign_in(cast.CADRE))) == 1


def test_while_the_matter_is_open_again_nobody_is_shown_its_case(sign_in: SignIn, leader: Caller, matter_id: str):
    put(leader, matter_id)
    cadre = sign_in(cast.CADRE)
    cadre.apply(act(matter_id, "reopen"))
    assert library(cadre) == []
    cadre.apply(act(matter_id, "explain"))
    assert [case["title"] for case in library(cadre)] == ["水管裂了"]
    cadre.apply(act(matter_id, "withdraw"))
    assert library(cadre) == []
    assert leader.call("DELETE", f"/api/cases/{matter_id}").status_code == 200, "it can still be withdrawn"


def test_a_phone_fetches_it_again_only_when_something_changed(sign_in: SignIn, leader: Caller, matter_id: str):
    cadre = sign_in(cast.CADRE)

    def ask(tag: str | None) -> tuple[int, str]:
        answer = cadre.call("GET", "/api/cases", headers={"If-None-Match": tag} if tag else {})
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.status_code == 200 or not answer.data
        return answer.status_code, answer.headers["ETag"]

    _, tag = ask(None)
    other = settled(sign_in)

    def changes() -> Iterator[str]:
        put(leader, matter_id)
        yield "marked"
        put(leader, matter_id, title="改了标题")
        yield "changed"
        cadre.apply(act(matter_id, "reopen"))
        yield "hidden"
        put(leader, other)
        yield "another in its place"
        leader.call("DELETE", f"/api/cases/{other}")
        yield "withdrawn"

    for what in changes():
        status, newer = ask(tag)
        assert (status, newer != tag) == (200, True), what
        assert ask(newer) == (304, newer), what
        tag = newer


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_nobody_but_a_leader_of_its_area_marks_a_matter_or_learns_that_it_is_there(
    app: Flask, sign_in: SignIn, leader: Caller, matter_id: str, method: str
):
    put(leader, matter_id)
    before = contents(app)

    def ask(caller: Caller, of: str) -> tuple[int, str]:
        path = f"/api/matters/{of}/case-draft" if method == "GET" else f"/api/cases/{of}"
        answer = caller.call(method, path, **({"json": TEXTS} if method == "PUT" else {}))
        return answer.status_code, answer.get_json()["code"]

    for person in cast.EVERYBODY:
        if person not in (cast.LEADER, cast.COUNTY_LEADER):
            refused = ask(sign_in(person), matter_id)
            leads = person is cast.NEIGHBOUR_LEADER
            assert refused == ((404, "matter_not_found") if leads else (403, "not_allowed")), person.username
    assert ask(sign_in(cast.NEIGHBOUR_LEADER), new_id()) == (404, "matter_not_found")
    assert ask(leader, new_id()) == (404, "matter_not_found")
    assert contents(app) == before


def test_without_a_session_nothing_is_read(nobody: Caller):
    assert nobody.get("/api/cases").status_code == 401


def test_what_is_not_settled_teaches_nothing_yet(app: Flask, sign_in: SignIn, leader: Caller):
    matter = new_matter()
    sign_in(cast.CADRE).apply(visit(matter))
    before = contents(app)
    for method, path in (("GET", f"/api/matters/{matter['id']}/case-draft"), ("PUT", f"/api/cases/{matter['id']}")):
        answer = leader.call(method, path, **({"json": TEXTS} if method == "PUT" else {}))
        assert (answer.status_code, answer.get_json()["code"]) == (409, "case_not_settled")
    assert contents(app) == before


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": ""}, "field_required"),
        ({"title": "\u200d"}, "field_required"),
        ({"title": "水" * (LIMITS["title"] + 1)}, "text_too_long"),
        ({"title": "两\n行"}, "text_bad_character"),
        ({"problem": None}, "field_required"),
        ({"deed": "水" * (LIMITS["case_text"] + 1)}, "text_too_long"),
        ({"deed": "藏\u202e着"}, "text_bad_character"),
        ({"category": "roads"}, "choice_invalid"),
        ({"made_by": "我"}, "field_unknown"),
    ],
)
def test_a_bad_text_is_refused_by_its_field_and_changes_nothing(
    app: Flask, leader: Caller, matter_id: str, wrong: Json, code: str
):
    before = contents(app)
    answer = leader.call("PUT", f"/api/cases/{matter_id}", json={**TEXTS, **wrong})
    assert (answer.status_code, answer.get_json()["code"], answer.get_json()["field"]) == (422, code, *wrong)
    assert contents(app) == before


def test_spoiled_texts_get_an_answer_in_order(leader: Caller, matter_id: str):
    for_many(spoiled_body(lambda: dict(TEXTS)), sending(leader, "PUT", f"/api/cases/{matter_id}"), examples=60)
    for case in library(leader):
        assert all(case[name].strip() for name in ("title", "problem", "deed"))


def test_what_looks_like_markup_or_a_formula_is_kept_as_the_text_that_it_is(leader: Caller, matter_id: str):
    put(
        leader, matter_id, title="<img src=x onerror=alert(1)>", deed='=HYPERLINK("http://x")\n\'; DROP TABLE cases; --'
    )
    (case,) = library(leader)
    assert case["title"] == "<img src=x onerror=alert(1)>"
    assert case["deed"] == '=HYPERLINK("http://x")\n\'; DROP TABLE cases; --'


@pytest.mark.parametrize("name", ["龙桂芳", None])
def test_a_name_that_was_corrected_or_taken_away_is_told_nowhere(leader: Caller, sign_in: SignIn, name: str | None):
    """Whoever asked to be taken out is not published by it."""
    matter_id, cadre = settled(sign_in), sign_in(cast.CADRE)
    cadre.apply(correct(matter_id, resident_name=name, resident_phone=None))
    told = json.dumps(draft(leader, matter_id), ensure_ascii=False)
    days = {"from": "2025-01-01", "to": "2199-01-01", "measure": "resolved"}
    told += json.dumps(leader.get("/api/tallies/matters", **days).get_json(), ensure_ascii=False)
    told += leader.get("/api/tallies/matters/export.csv", **days).get_data(as_text=True)
    assert "水管" in told
    for secret in (NAME, "桂香", PHONE, "139-0739"):
        assert secret not in told
