"""(a) Three visits with five matters recorded with no signal, the app killed: nothing is lost, nothing twice."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.cast import CADRE
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands

TITLES = ("三组水渠堵了", "路灯坏了", "低保申请", "医保缴费不会操作", "两家争地界")


@pytest.mark.killed
def test_what_was_recorded_offline_survives_a_kill_and_reaches_the_server_once(
    phone: Phone, live_server: LiveServer
) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    phone.go_offline()
    hands.record_visit(
        "现场办公", "扶峰村", [(TITLES[0], "饮水水利", "水渠通了，十二户能浇地"), (TITLES[1], "用电通信", None)]
    )
    hands.record_visit("信访接待", "黄塘村", [(TITLES[2], "低保救助", None)])
    hands.record_visit(
        "政策宣传", "黄塘村", [(TITLES[3], "医疗医保", "教会了，当场缴上"), (TITLES[4], "矛盾纠纷", None)]
    )
    expect(hands.sync_bar()).to_contain_text("3 条待上传")

    phone.restart()
    hands.open("/")

    expect(hands.sync_bar()).to_contain_text("3 条待上传")
    hands.choose("全部")
    for title in TITLES:
        expect(hands.matter(title)).to_be_visible()

    hands.come_back_online()
    hands.wait_until_synced()
    server = Caller(live_server.url, CADRE)
    assert sorted(matter["title"] for matter in server.matters()) == sorted(TITLES)
    assert len(server.visits()) == 3
    on_the_spot = {matter["title"] for matter in server.matters() if matter["on_the_spot"]}
    assert on_the_spot == {TITLES[0], TITLES[3]}


def test_a_lost_answer_does_not_make_a_matter_twice(phone: Phone, live_server: LiveServer) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    phone.go_offline()
    hands.record_visit("现场办公", "扶峰村", [(TITLES[0], "饮水水利", "水渠通了")])

    lost: list[int] = []

    def lose_the_answer(route: Route) -> None:
        answer = route.fetch()
        route.abort()
        lost.append(answer.status)

    hands.page.route("**/api/sync/push", lose_the_answer, times=1)
    phone.go_online()
    server = Caller(live_server.url, CADRE)
    _wait_for(hands.page, lambda: lost == [200])
    assert len(server.matters()) == 1

    hands.page.reload()
    hands.wait_until_synced()
    assert len(server.matters()) == 1
    assert len(server.matters()[0]["events"]) == 2


@pytest.mark.killed
def test_a_half_typed_form_survives_a_kill(phone: Phone) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    phone.go_offline()
    hands.record_visit("调查研究", "黄塘村", [("桥面塌了半边", "道路交通", "先围起来，车改道走")], save=False)
    hands.wait_until_drafted("先围起来，车改道走")

    phone.restart()
    hands.open("/visits/new")

    expect(hands.page.get_by_text("已恢复未保存的内容")).to_be_visible()
    expect(hands.page.get_by_label("什么事")).to_have_value("桥面塌了半边")
    expect(hands.page.get_by_label("群众的什么变了")).to_have_value("先围起来，车改道走")
    hands.save()
    expect(hands.sync_bar()).to_contain_text("1 条待上传")


def _wait_for(page: Page, done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not done():
        assert time.monotonic() < deadline, "it did not happen within 30 s"
        page.wait_for_timeout(200)
