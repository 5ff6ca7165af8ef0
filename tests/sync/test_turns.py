"""Many first syncs at once: each waits for its turn, and nobody else for any of them."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from server.sync import push, turns
from tests import cast
from tests.api.mutations import new_matter, visit
from tests.api.people import Caller, SignIn


@pytest.fixture
def cadre(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """Of a township with four matters, which are many."""
    monkeypatch.setattr(turns, "MANY", 4)
    cadre = sign_in(cast.CADRE)
    cadre.apply(visit(*(new_matter() for _ in range(4))))
    return cadre


@pytest.fixture
def another_is_served() -> Iterator[None]:
    """While the test runs, another phone's page is being made."""
    with turns.turn(turns.MANY):
        yield


def pull(caller: Caller, cursors: dict[str, int]) -> tuple[int, str | None, str | None]:
    """Status, refusal and what is said of when to come again."""
    body = {
        "device_id": caller.device_id,
        "access_version": caller.access_version,
        "cursors": [{"scope": scope, "version": version} for scope, version in cursors.items()],
    }
    answer = caller.post("/api/sync/pull", body)
    return answer.status_code, answer.get_json().get("code"), answer.headers.get("Retry-After")


def test_a_first_sync_is_told_at_once_to_wait_and_when_to_come_again(cadre: Caller, another_is_served: None):
    assert pull(cadre, {}) == (503, "first_sync_waiting", "5")


def test_it_has_its_turn_when_the_other_is_done_or_failed(cadre: Caller):
    with pytest.raises(ValueError, match="broken"), turns.turn(turns.MANY):
        assert pull(cadre, {})[0] == 503
        raise ValueError("broken")
    assert [pull(cadre, {})[0] for _ in range(2)] == [200, 200]


def test_who_sends_or_fetches_a_little_waits_for_no_turn(cadre: Caller, request: pytest.FixtureRequest):
    newest = {scope["scope"]: scope["version"] for scope in cadre.pull()["scopes"]}
    request.getfixturevalue("another_is_served")
    cadre.apply(visit(new_matter()))
    assert pull(cadre, newest)[0] == 200


def test_a_page_with_many_waits_until_nobody_pushes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turns, "GIVE_WAY_S", 30.0)
    begun, began = [], threading.Event()

    def make_a_page() -> None:
        began.set()
        with turns.turn(turns.MANY):
            begun.append("page")

    with ThreadPoolExecutor(1) as pool:
        with turns.before_pages(), turns.before_pages():
            page = pool.submit(make_a_page)
            began.wait()
            with pytest.raises(TimeoutError):
                page.result(0.2)
            with turns.turn(turns.MANY - 1):
                begun.append("a few")
        page.result(30)
    assert begun == ["a few", "page"]


def test_who_pushes_is_known_to_while_he_does(cadre: Caller, monkeypatch: pytest.MonkeyPatch):
    seen: list[int] = []
    monkeypatch.setattr(push, "lock_device", lambda *_: seen.append(turns._pushing))
    cadre.apply(visit(new_matter()))
    assert (seen, turns._pushing) == ([1], 0)


def test_where_somebody_always_pushes_a_page_is_made_all_the_same(cadre: Caller, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turns, "GIVE_WAY_S", 0.05)
    with turns.before_pages():
        assert pull(cadre, {})[0] == 200
