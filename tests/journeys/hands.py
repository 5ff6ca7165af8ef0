"""What a person does on the screen, said once: journeys are told with these.

Everything goes through what he can see or hear (roles and names), with a finger or a keyboard.
"""

import json
import re
import time
from base64 import b64decode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from playwright.sync_api import Locator, Page, expect
from uuid6 import uuid7

from server.domain.times import shanghai_day
from server.store.sealed import opened, sealed_as
from tests.cast import PASSWORD, Person
from tests.harness.caller import mutation
from tests.harness.phone import Phone

Json = dict[str, Any]

ROWS = """async (table) => {
  const users = (await indexedDB.databases()).map(({ name }) => name).filter((name) => name.startsWith('shishibu-'))
  const done = (request) => new Promise((resolve, reject) => Object.assign(request, {
    onsuccess: () => resolve(request.result), onerror: () => reject(request.error),
  }))
  const db = await done(indexedDB.open(users[0]))
  const rows = await done(db.transaction(table).objectStore(table).getAll())
  db.close()
  const base64 = (bytes) => btoa(String.fromCharCode(...bytes))
  return [users[0].slice('shishibu-'.length), JSON.stringify(rows.map((row) =>
    row.sealed ? { ...row, sealed: base64(row.sealed) } : row))]
}"""
"""Whose is this phone, and what lies in a table on its disk, as it lies there."""

_KEYS = """(async () => {
  const done = (request) => new Promise((resolve, reject) => Object.assign(request, {
    onsuccess: () => resolve(request.result), onerror: () => reject(request.error),
  }))
  const db = await done(indexedDB.open('shishibu'))
  const keys = await done(db.transaction('keys').objectStore('keys').getAll())
  db.close()
  return %s
})()"""
PIN_KEPT = _KEYS % "keys.some((key) => key.pin)"
"""Whether this phone opens with a PIN: it is kept a moment after it was typed."""
SEALED = _KEYS % "keys.some((key) => key.pin && key.swept)"
"""Whether everything on this phone's disk is sealed and opens with a PIN."""

PIN = "274913"
"""What everybody's phone is opened with."""

PULLS = "performance.getEntriesByName(location.origin + '/api/sync/pull').length"


def new_matter(title: str, category: str, resolved: str | None = None) -> Json:
    """A matter for `new_visit`; with `resolved`, 现场办结 with that sentence."""
    matter: Json = {"id": str(uuid7()), "raised_event_id": str(uuid7()), "title": title, "category": category}
    if resolved:
        matter["resolved"] = {"event_id": str(uuid7()), "text": resolved}
    return matter


def new_visit(village_code: str, happened_at: datetime, matters: Sequence[Json]) -> Json:
    """The mutation that records a visit, for `Caller.push`."""
    args = {"id": str(uuid7()), "kind": "onsite", "village_code": village_code}
    return mutation("visit.record", {**args, "happened_at": happened_at.isoformat(), "matters": list(matters)})


def new_act(matter: Json, act: str, text: str, happened_at: datetime) -> Json:
    """The mutation for an act on a matter, for `Caller.push`."""
    args = {"event_id": str(uuid7()), "matter_id": matter["id"], "act": act, "text": text}
    return mutation("matter.act", {**args, "happened_at": happened_at.isoformat()})


class Hands:
    """One person's hands on one phone (or desktop). `taps` counts what his finger did."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone
        self.taps = 0
        self.key = b""
        """What his phone seals under, as the server said it when he signed in."""

    @property
    def page(self) -> Page:
        """The phone's page; another one after a restart."""
        return self.phone.page

    def tap(self, target: Locator) -> None:
        """Touch it once where it is; what is out of sight is scrolled to first."""
        expect(target).to_be_visible()
        if self.phone.page.evaluate("navigator.maxTouchPoints > 0"):
            target.tap()
        else:
            target.click()
        self.taps += 1

    def type(self, text: str) -> None:
        """Type into what has the focus, as an input method hands over whole words."""
        self.page.keyboard.insert_text(text)

    def sign_in(self, person: Person, password: str = PASSWORD) -> None:
        """Open the app for the first time, sign in, and set the phone's PIN."""
        self.begin(person, password)
        self.set_pin()
        expect(self.page.get_by_role("navigation", name="主要页面")).to_be_visible()

    def begin(self, person: Person, password: str = PASSWORD) -> None:
        """Open the app for the first time and sign in; the phone asks for a PIN then."""
        self.phone.open("/")
        self.page.get_by_label("用户名").fill(person.username)
        self.page.get_by_label("密码", exact=True).fill(password)
        with self.page.expect_response("**/api/session/device") as answer:
            self.tap(self.page.get_by_role("button", name="登录"))
        self.key = b64decode(answer.value.json()["key"])

    def set_pin(self, pin: str = PIN) -> None:
        """Answer the question that comes once on each phone."""
        self.page.get_by_label("PIN码").fill(pin)
        self.tap(self.page.get_by_role("button", name="设好了"))
        self.until(PIN_KEPT)

    def open(self, path: str = "/") -> None:
        """Start the app again where somebody is signed in: with a network it opens by itself, else by the PIN, also
        where the session's cookie is gone with a killed browser (come_back_online)."""
        self.phone.open(path)
        expect(self.page.get_by_role("main")).to_be_visible(timeout=30_000)
        if not self.phone.offline:
            self.until("location.pathname !== '/unlock' || document.body.innerText.includes('登录已过期')")
        if self.phone.offline or "/unlock" in self.page.url:
            self.give_pin()

    def give_pin(self, pin: str = PIN) -> None:
        """Type the PIN that a start without a network asks for; the last figure opens."""
        self.page.get_by_label("PIN码", exact=True).fill(pin)

    def wait_until_usable_offline(self) -> None:
        """Wait for the service worker, the first fetch and the PIN's seal: from then on no network is needed."""
        self.until("navigator.serviceWorker.controller !== null")
        self.wait_until_synced()
        self.until(SEALED)

    def wait_until_synced(self) -> None:
        """Wait until the sync bar says that everything is sent and fetched."""
        expect(self.sync_bar()).to_contain_text("已同步", timeout=30_000)

    def give_password(self, password: str = PASSWORD) -> None:
        """Tap 需要密码 and give it, as somebody does whose session has ended."""
        self.tap(self.page.get_by_role("banner").get_by_role("button", name="需要密码"))
        question = self.page.get_by_role("dialog", name="请再输一次密码")
        question.get_by_label("的密码").fill(password)
        self.tap(question.get_by_role("button", name="登录并上传"))

    def come_back_online(self) -> None:
        """The network is back after a kill. Chromium writes cookies every 30 s, so one that is younger is
        gone with the process: the phone then asks for the password, and is given it."""
        self.phone.go_online()
        expect(self.sync_bar()).to_contain_text(re.compile("需要密码|已同步"), timeout=30_000)
        if "需要密码" in self.sync_bar().inner_text():
            self.give_password()

    def sync_bar(self) -> Locator:
        """The quiet line about the server."""
        return self.page.get_by_role("banner").get_by_role("button", name="同步")

    def go_to(self, name: str) -> None:
        """Tap an entry of the navigation."""
        self.tap(self.page.get_by_role("navigation", name="主要页面").get_by_role("link", name=name))

    def choose(self, name: str, within: Locator | None = None) -> None:
        """Tap a radio button's label."""
        self.tap((within or self.page.locator("main")).locator("label.choice", has_text=name).first)

    def record_visit(
        self, kind: str, village: str, matters: Sequence[tuple[str, str, str | None]], *, save: bool = True
    ) -> None:
        """Fill in a visit: each matter is (title, category, sentence or None for 待办); save it, and go from its
        record to the list of matters."""
        self.go_to("记下访")
        self.fill_visit(kind, village, matters)
        if save:
            self.save()
            expect(self.page.get_by_role("heading", name="下访记录")).to_be_visible()
            self.go_to("事项")

    def fill_visit(self, kind: str, village: str, matters: Sequence[tuple[str, str, str | None]]) -> None:
        """Fill in the form of a visit, which is open."""
        self.choose(kind)
        self.choose(village)
        for number, (title, category, sentence) in enumerate(matters, start=1):
            if number > 1:
                self.tap(self.page.get_by_role("button", name="再加一件"))
            card = self.page.get_by_role("region", name=f"第 {number} 件事项")
            card.get_by_label("什么事").fill(title)
            self.choose(category, card)
            self.choose("现场办结" if sentence else "待办", card)
            if sentence:
                card.get_by_label("群众的什么变了").fill(sentence)

    def save(self) -> None:
        """Tap 保存 and wait until the phone says that it is kept."""
        button = self.page.get_by_role("button", name="保存")
        self.tap(button)
        # The form goes when it is kept; 已保存 alone may still be the word about the record before.
        expect(button).to_have_count(0)
        expect(self.page.get_by_text("已保存")).to_be_visible()

    def matter(self, title: str) -> Locator:
        """A matter in a list."""
        return self.page.get_by_role("link", name=title)

    def wait_until_drafted(self, text: str) -> None:
        """Wait until what is half typed is on the disk with this in it: it is written a moment after each change."""
        deadline = time.monotonic() + 30
        while not any(text in json.dumps(draft, ensure_ascii=False) for draft in self.drafts()):
            assert time.monotonic() < deadline, f"not on the disk within 30 s: {text}"
            self.page.wait_for_timeout(100)

    def drafts(self) -> list[Json]:
        """The half-typed forms on this phone's disk, opened with its user's key."""
        return self.rows("drafts", "key")

    def rows(self, table: str, name: str = "id") -> list[Json]:
        """A table on this phone's disk, opened with its user's key; `name`: the column that each row was sealed as."""
        user, rows = self.page.evaluate(ROWS, table)

        def plain(row: Json) -> Json:
            if "sealed" not in row:
                return row
            contents: Json = opened(self.key, sealed_as(user, table, row[name]), b64decode(row.pop("sealed")))
            return row | contents

        return [plain(row) for row in json.loads(rows)]

    def act(self, name: str, text: str) -> None:
        """On a matter's page: choose an act, at hand or under 更多, say it and save it."""
        expect(self.page.get_by_role("region", name="办理记录")).to_be_visible()
        at_hand = self.page.get_by_role("button", name=name, exact=True)
        if at_hand.count() == 0:
            self.tap(self.page.get_by_role("button", name="更多"))
        self.tap(at_hand)
        self.page.get_by_role("dialog", name=name).get_by_role("textbox").first.fill(text)
        self.save()

    def sync_now(self) -> None:
        """Tap the sync bar, and wait until everything is sent and fetched."""
        before = self.page.evaluate(PULLS)
        self.tap(self.page.get_by_role("banner").get_by_role("button", name="同步"))
        self.until(f"{PULLS} > {before}")
        self.wait_until_synced()

    def until(self, condition: str) -> None:
        """Wait until an expression holds in the page. (Playwright's own way needs eval, which our CSP forbids.)"""
        self.until_true(lambda: bool(self.page.evaluate(condition)), condition)

    def until_true(self, done: Callable[[], bool], what: str = "") -> None:
        """Wait until something outside the page is so, while the page goes on."""
        deadline = time.monotonic() + 30
        while not done():
            assert time.monotonic() < deadline, f"not within 30 s: {what}"
            self.page.wait_for_timeout(100)

    def choose_free_period(self, first: datetime, last: datetime) -> None:
        """On the tally page: a period of one's own."""
        self.choose("自选")
        self.page.get_by_label("从", exact=True).fill(shanghai_day(first).isoformat())
        self.page.get_by_label("到", exact=True).fill(shanghai_day(last).isoformat())
