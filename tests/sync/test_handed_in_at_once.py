"""What was handed in is applied once, whoever takes it in or sends it at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from flask import Flask

from tests import cast
from tests.api.lost_phone import HANDED_IN, LostPhone, outcomes, waiting
from tests.api.mutations import Json, act, new_matter, visit
from tests.api.people import Caller, SignIn

ROUNDS = 4
PATIENCE_S = 60


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same moment; what came of each."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], Any]) -> Any:
        start.wait(PATIENCE_S)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [done.result(PATIENCE_S) for done in [pool.submit(do, deed) for deed in deeds]]


def accepting(coordinator: Caller, entry: Json) -> Callable[[], int]:
    return lambda: coordinator.post(f"{HANDED_IN}/{entry['id']}/acceptance", None).status_code


def dropping(coordinator: Caller, entry: Json) -> Callable[[], int]:
    path = f"{HANDED_IN}/{entry['id']}/dropping"
    return lambda: coordinator.post(path, {"reason": "重复"}).status_code


def test_two_coordinators_who_take_it_in_at_once_apply_it_once(app: Flask, sign_in: SignIn):
    matter, coordinators = new_matter(), [sign_in(cast.COORDINATOR) for _ in range(2)]
    sign_in(cast.CADRE).apply(visit(matter))
    lost = LostPhone(app, sign_in)
    lost.hand_in(*(act(matter["id"], "progress") for _ in range(ROUNDS)))
    for entry in waiting(coordinators[0]):
        assert at_once(*(accepting(one, entry) for one in coordinators)) == [200, 200]
    assert outcomes(app) == ["accepted"] * ROUNDS
    events = coordinators[0].matter(matter["id"])["events"]
    assert [one["act"] for one in events] == ["raise"] + ["progress"] * ROUNDS


def test_one_who_takes_it_in_and_one_who_drops_it_at_once_do_one_of_the_two(app: Flask, sign_in: SignIn):
    coordinators = [sign_in(cast.COORDINATOR) for _ in range(2)]
    lost = LostPhone(app, sign_in)
    lost.hand_in(*(visit(new_matter()) for _ in range(ROUNDS)))
    for entry in waiting(coordinators[0]):
        deeds = accepting(coordinators[0], entry), dropping(coordinators[1], entry)
        assert sorted(at_once(*deeds)) == [200, 409]
    assert len(coordinators[0].matters()) == outcomes(app).count("accepted")


def test_it_is_applied_once_when_his_other_phone_sends_it_while_it_is_taken_in(app: Flask, sign_in: SignIn):
    coordinator, made = sign_in(cast.COORDINATOR), [visit(new_matter()) for _ in range(ROUNDS)]
    lost = LostPhone(app, sign_in)
    lost.hand_in(*made)
    other = sign_in(cast.CADRE)
    for entry, mutation in zip(waiting(coordinator), made, strict=True):
        accepted, (receipt,) = at_once(accepting(coordinator, entry), partial(other.push, mutation))
        assert (accepted, receipt["status"]) == (200, "applied")
    assert sorted(coordinator.matters()) == sorted(one["args"]["matters"][0]["id"] for one in made)


def test_a_phone_that_hands_in_twice_at_once_is_kept_once(app: Flask, sign_in: SignIn):
    lost, made = LostPhone(app, sign_in), [visit(new_matter()) for _ in range(ROUNDS)]
    twice = at_once(lambda: lost.hand_in(*made), lambda: lost.hand_in(*made))
    assert twice == [["kept"] * ROUNDS] * 2
    assert len(waiting(sign_in(cast.COORDINATOR))) == ROUNDS
