"""Who has no business there sees nothing and changes nothing, whatever address he types or link he guesses."""

from collections.abc import Callable
from secrets import token_urlsafe

import pytest
from playwright.sync_api import expect

from tests.cast import CADRE, HANDLER, NEIGHBOUR, NEIGHBOUR_LEADER, OTHER_HANDLER, TOWNSHIP, Person
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.given import act, give, push
from tests.journeys.hands import Hands, Json
from tests.journeys.test_desk import at_the_desk, lying

TITLE, DONE = "通村公路弯道没有护栏", "装好四十米护栏"
MANY = 100
YEAR = "from=2026-01-01&to=2026-12-31"


def settled(server: LiveServer) -> tuple[Json, str]:
    """A matter that the bureau's handler resolved, and the code of its rating link."""
    matter, code = give(server, TITLE), token_urlsafe(16)
    push(server, HANDLER, act(matter, "resolve", text=DONE, rating_code=code))
    return matter, code


@pytest.mark.parametrize("person", [OTHER_HANDLER, NEIGHBOUR, NEIGHBOUR_LEADER], ids=lambda person: person.username)
def test_another_units_handler_and_the_neighbours_find_nothing_at_a_matters_address(
    phone: Phone, live_server: LiveServer, person: Person
) -> None:
    matter = give(live_server, TITLE)
    hands = Hands(phone)
    hands.sign_in(person)
    phone.open(f"/matters/{matter['id']}")
    expect(hands.page.get_by_text("没有找到这件事项")).to_be_visible()
    expect(hands.page.locator("body")).not_to_contain_text(TITLE)
    expect(hands.page.locator("main").get_by_role("button", name="再试一次")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        f"/tallies?area={TOWNSHIP}",
        f"/tallies/matters?area={TOWNSHIP}&{YEAR}&measure=raised",
        f"/tallies/changes?area={TOWNSHIP}&{YEAR}",
        f"/tallies/print?area={TOWNSHIP}",
        f"/callbacks/draws?area={TOWNSHIP}",
        f"/ratings?area={TOWNSHIP}&which=all",
    ],
    ids=lambda path: path.partition("?")[0],
)
def test_the_leader_next_door_is_shown_no_number_and_no_matter(
    phone: Phone, live_server: LiveServer, path: str
) -> None:
    settled(live_server)
    hands = Hands(phone)
    hands.sign_in(NEIGHBOUR_LEADER)
    phone.open(path)
    expect(hands.page.get_by_text("没有找到这个地方")).to_be_visible()
    for secret in (TITLE, DONE, "邓家铺镇"):
        expect(hands.page.locator("body")).not_to_contain_text(secret)


def test_who_guesses_a_code_learns_nothing_and_is_soon_turned_away(phone: Phone, live_server: LiveServer) -> None:
    matter, _ = settled(live_server)
    phone.open(f"/r/{token_urlsafe(16)}")
    expect(phone.page.get_by_text("请联系村干部")).to_be_visible()
    expect(phone.page.get_by_role("button")).to_have_count(0)
    expect(phone.page.locator("body")).not_to_contain_text(TITLE)
    # As fast as a script guesses.
    post = phone.context.request.post
    said: dict[str, str | float | bool] = {"value": "satisfied"}
    assert 429 in (post(f"/r/{token_urlsafe(16)}", form=said).status for _ in range(MANY))
    [held] = Caller(live_server.url, CADRE).matters()
    assert (held["id"], held["state"]) == (matter["id"], "resolved")


def test_a_handler_cannot_rate_his_own_work_in_any_way_that_his_phone_offers(
    make_phone: Callable[..., Phone], live_server: LiveServer
) -> None:
    give(live_server, TITLE)
    hands = at_the_desk(make_phone(), HANDLER)
    hands.tap(lying(hands, TITLE).get_by_role("link", name=TITLE))
    hands.act("办结", DONE)
    address = hands.page.locator(".address").inner_text()
    hands.wait_until_synced()
    path = "/r/" + address.rpartition("/r/")[2]
    hands.phone.open(path)
    expect(hands.page.get_by_text("要由群众自己评价")).to_be_visible()
    expect(hands.page.get_by_role("button")).to_have_count(0)

    # Signed out, it is still the phone from which he worked.
    hands.phone.open("/account")
    hands.tap(hands.page.get_by_role("button", name="退出登录"))
    expect(hands.page.get_by_label("用户名")).to_be_visible()
    hands.phone.open(path)
    expect(hands.page.get_by_text("要由群众自己评价")).to_be_visible()
    expect(hands.page.get_by_role("button")).to_have_count(0)
    [held] = Caller(live_server.url, CADRE).matters()
    assert held["state"] == "resolved"

    # Another phone is asked as any resident's.
    other = make_phone()
    other.open(path)
    expect(other.page.get_by_role("button", name="满意", exact=True)).to_be_visible()
