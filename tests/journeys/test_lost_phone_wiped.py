"""A phone is reported lost: whoever holds it finds nothing, and what was not sent reaches the coordinator."""

import pytest
from playwright.sync_api import expect

from tests.cast import CADRE, COORDINATOR
from tests.harness.caller import Caller
from tests.harness.live_server import LiveServer
from tests.harness.phone import Phone
from tests.journeys.hands import Hands

TITLE = "三组水渠堵了"
DATABASES = "indexedDB.databases().then((all) => all.map(({ name }) => name).sort().join())"


@pytest.mark.killed
def test_a_locked_phone_that_was_lost_hands_in_and_forgets(phone: Phone, live_server: LiveServer) -> None:
    hands = Hands(phone)
    hands.sign_in(CADRE)
    hands.wait_until_usable_offline()
    phone.go_offline()
    hands.record_visit("现场办公", "扶峰村", [(TITLE, "饮水水利", None)])
    owner = Caller(live_server.url, CADRE)
    [lost] = owner.call("GET", "/api/account/devices")["phones"]
    owner.call("POST", f"/api/account/phones/{lost['id']}/loss")

    phone.restart()
    phone.open("/")
    expect(hands.page.get_by_label("PIN码", exact=True)).to_be_visible()
    phone.go_online()
    expect(hands.page.get_by_text("里面的内容已清空，没上传的会交给协调员")).to_be_visible(timeout=30_000)
    hands.until(f"{DATABASES}.then((names) => names === 'shishibu')")
    [entry] = Caller(live_server.url, COORDINATOR).call("GET", "/api/handed-in")["entries"]
    assert entry["visit"]["matters"][0]["title"] == TITLE

    # Found again, it is a new phone.
    hands.sign_in(CADRE)
    hands.wait_until_synced()
