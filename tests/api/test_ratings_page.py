"""The page that a resident opens: light, without script, without names, and never a trace of its address."""

import gzip
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from server.domain.times import shanghai_day
from tests import cast
from tests.api.mutations import PERSONAL, RESIDENT, act, new_matter, visit
from tests.api.people import SignIn
from tests.api.residents import Resident, new_code, settled, text_of

LIGHT = 30_000
"""Bytes of everything that the page loads, not compressed."""


def test_the_page_says_what_was_raised_what_was_done_and_in_which_village_and_names_nobody(app: Flask, sign_in: SignIn):
    cadre, handler, code = sign_in(cast.CADRE), sign_in(cast.HANDLER), new_code()
    matter = new_matter(title="三组路灯不亮", detail="晚上看不见", resident=RESIDENT)
    cadre.apply(visit(matter))
    sign_in(cast.COORDINATOR).apply(act(matter["id"], "assign", unit_id=cast.unit_id(app, cast.BUREAU)))
    handler.apply(act(matter["id"], "resolve", rating_code=code, text="换了三盏灯"))
    page = text_of(Resident(app).open(code))
    for shown in ("三组路灯不亮", "换了三盏灯", "邓家铺镇", "扶峰村", "满意", "基本满意", "不满意"):
        assert shown in page
    people = [person.name for person in cast.EVERYBODY]
    for hidden in (*PERSONAL, *people, "晚上看不见", cast.BUREAU, matter["id"], cast.VILLAGE):
        assert hidden not in page


def test_a_refusal_that_was_explained_is_not_called_a_result(app: Flask, sign_in: SignIn):
    _, code = settled(sign_in(cast.CADRE), "explain")
    page = text_of(Resident(app).open(code))
    assert "解释答复" in page
    assert "办理结果" not in page


def test_whatever_was_typed_stands_on_the_page_as_text(app: Flask, sign_in: SignIn):
    resident = Resident(app)
    _, code = settled(sign_in(cast.CADRE), title="<script>alert(1)</script>")
    resident.rate(code, "partly", "</textarea><img src=x onerror=alert(1)>")
    page = resident.open(code).get_data(as_text=True)
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("value", ["", "unsatisfied"])
def test_the_page_and_all_that_it_loads_weigh_less_than_thirty_kilobytes(app: Flask, sign_in: SignIn, value: str):
    resident = Resident(app)
    _, code = settled(sign_in(cast.CADRE), title="路" * 60)
    if value:
        resident.rate(code, value, "水" * 200)
    page = resident.open(code)
    html = page.get_data(as_text=True)
    assert "<script" not in html
    assert "style=" not in html
    loaded = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert loaded == ["data:,", "/r/style.css"]  # no icon: a browser would ask for one unbidden
    style = resident.http.get(loaded[1], buffered=True)
    assert (style.status_code, style.mimetype) == (200, "text/css")
    assert "url(" not in style.get_data(as_text=True)
    whole = len(page.get_data()) + len(style.get_data())
    assert whole < LIGHT
    assert len(gzip.compress(page.get_data())) + len(gzip.compress(style.get_data())) < LIGHT / 5


def test_the_address_of_the_page_goes_nowhere(app: Flask, sign_in: SignIn):
    resident = Resident(app)
    _, code = settled(sign_in(cast.CADRE))
    for answer in (resident.open(code), resident.open("x" * 22), resident.send(code, value="satisfied")):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in resident.open(code).headers


def test_neither_code_nor_sentence_nor_address_gets_into_the_log(
    app: Flask, sign_in: SignIn, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    caplog.set_level(logging.INFO)
    resident = Resident(app, "198.51.100.23")
    _, code = settled(sign_in(cast.CADRE))
    resident.rate(code, "unsatisfied", "龙桂香家还没有水")
    resident.open(code)

    quoted = f"{code} 龙桂香"

    def explode(*_: object) -> None:
        raise ValueError(quoted)

    monkeypatch.setattr("server.api.rating_page.read_asked", explode)
    answer = resident.open(code)
    assert answer.status_code == 500
    assert "服务器出了问题" in text_of(answer)
    assert "ValueError" in caplog.text
    for words in (code, "龙桂香", "198.51.100.23"):
        assert words not in caplog.text


def test_a_button_works_from_any_page_state_without_a_token_because_only_the_code_gives_the_right(
    app: Flask, sign_in: SignIn
):
    cadre = sign_in(cast.CADRE)
    matter, code = settled(cadre)
    Resident(app).rate(code, "satisfied")  # no page was opened before, no cookie, no token
    assert cadre.matter(matter["id"])["state"] == "confirmed"


@pytest.mark.parametrize(
    "form", [{}, {"value": ""}, {"value": "excellent"}, {"value": "satisfied", "more": "x"}, {"comment": "水还是黄的"}]
)
def test_a_form_that_no_button_sends_changes_nothing(app: Flask, sign_in: SignIn, form: dict[str, str]):
    cadre = sign_in(cast.CADRE)
    matter, code = settled(cadre)
    answer = Resident(app).send(code, **form)
    assert answer.status_code == 422
    assert "满意" in text_of(answer)
    assert cadre.matter(matter["id"])["state"] == "resolved"


def test_a_sentence_that_is_too_long_is_not_lost(app: Flask, sign_in: SignIn):
    resident = Resident(app)
    _, code = settled(sign_in(cast.CADRE))
    resident.rate(code, "partly")
    long = "水" * 201
    answer = resident.send(code, value="partly", comment=long)
    assert answer.status_code == 422
    assert long in text_of(answer)
    assert "文字太长" in text_of(answer)


def test_two_hundred_characters_fit_also_with_the_line_breaks_and_unseen_marks_of_a_browser(
    app: Flask, sign_in: SignIn
):
    resident = Resident(app)
    matter, code = settled(sign_in(cast.CADRE))
    typed = "水\r\n" * 100
    resident.rate(code, "partly", typed + "\u200b\ufeff")
    (rating,) = sign_in(cast.LEADER).matter(matter["id"])["ratings"]
    assert rating["comment"] == ("水\n" * 100).strip()


def test_after_the_tap_the_page_says_what_was_kept_and_until_when_it_may_be_changed(app: Flask, sign_in: SignIn):
    resident = Resident(app)
    _, code = settled(sign_in(cast.CADRE))
    resident.rate(code, "partly")
    page = text_of(resident.open(code))
    until = shanghai_day(datetime.now(UTC) + timedelta(days=7))
    assert "已记下：基本满意" in page
    assert f"{until.month} 月 {until.day} 日" in page
    assert 'value="partly">记下这句话' in page


def test_who_opens_links_too_fast_is_asked_to_wait(app: Flask):
    resident = Resident(app)
    statuses = [resident.send("x" * 22, value="satisfied").status_code for _ in range(21)]
    assert (set(statuses[:20]), statuses[20]) == ({404}, 429)
    answer = resident.send("x" * 22, value="satisfied")
    assert (answer.mimetype, "请稍等一分钟" in text_of(answer)) == ("text/html", True)
    assert [resident.open("x" * 22).status_code for _ in range(61)][-2:] == [404, 429]
    assert Resident(app).open("x" * 22).status_code == 404  # another address


def test_what_was_typed_comes_back_with_every_refusal(app: Flask, sign_in: SignIn):
    _, code = settled(sign_in(cast.CADRE))
    Resident(app).rate(code, "satisfied")
    assert "灯又坏了" in text_of(Resident(app).send(code, value="unsatisfied", comment="灯又坏了"))


def test_an_address_that_was_mistyped_says_so_on_a_page(app: Flask):
    resident = Resident(app)
    for path, method in (("", "GET"), ("a/b", "GET"), ("a/b", "POST"), (new_code(), "PUT"), ("x", "DELETE")):
        answer = resident.open(path, method)
        assert (answer.status_code, answer.mimetype) == (404, "text/html")
