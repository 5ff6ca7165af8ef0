"""The counters of wrong passwords, kept in the database (domain/lockout.py has the rule)."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.actions.sessions import count_try, proven_hash, welcome
from server.domain.lockout import PER_ADDRESS, PER_DEVICE, PER_USER
from server.domain.refusals import Refusal
from server.domain.sessions import Lasting
from server.store.db import reading, writing
from server.store.tables import SignInFailure
from tests import cast

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OWNER, STRANGER = "10.0.0.1", "10.0.0.2"


def try_once(address: str, *, device: str | None = None, now: datetime = NOW) -> list[str]:
    """One try to sign in as the cadre, counted as failed; raises Refusal when locked out."""
    with writing() as session:
        return count_try(session, "secret", cast.CADRE.username, address, device, now)


def sign_in(counters: list[str]) -> None:
    """Sign in as the cadre with the right password."""
    username, password = cast.CADRE.username, cast.PASSWORD
    proven = proven_hash(reading(), username, password)
    assert proven is not None
    days = timedelta(days=30)
    with writing() as session:
        welcome(
            session, username, password, proven, counters, known_device=False, browser="",
            lasting=Lasting(days, days), now=NOW,
        )  # fmt: skip


def tries_until_locked(address: str, *, device: str | None = None, now: datetime = NOW) -> int:
    for count in range(100):
        try:
            try_once(address, device=device, now=now)
        except Refusal:
            return count
    return 100


def test_one_address_is_held_up_after_five_wrong_passwords(app: Flask):
    with app.app_context():
        assert tries_until_locked(STRANGER) == PER_ADDRESS.failures
        assert try_once(OWNER)


def test_many_addresses_together_are_held_up_too(app: Flask):
    with app.app_context():
        tried = sum(tries_until_locked(f"10.1.0.{last}") for last in range(30))
        assert tried == PER_USER.failures


def test_a_stranger_who_keeps_guessing_does_not_shut_the_owner_out_of_his_phone(app: Flask):
    with app.app_context():
        for last in range(30):
            tries_until_locked(f"10.1.0.{last}")
        with pytest.raises(Refusal, match="locked_out"):
            try_once(OWNER)
        assert try_once(OWNER, device="phone")


def test_guessing_on_a_known_phone_is_held_up_as_well(app: Flask):
    with app.app_context():
        assert tries_until_locked(OWNER, device="phone") == PER_DEVICE.failures
        with pytest.raises(Refusal, match="locked_out"):
            try_once(STRANGER, device="phone")
        assert try_once(OWNER, device="another phone")


def test_a_refused_try_is_not_counted_so_that_the_pause_ends(app: Flask):
    with app.app_context():
        tries_until_locked(STRANGER)
        for minute in range(1, 5):
            assert tries_until_locked(STRANGER, now=NOW + timedelta(minutes=minute)) == 0
        assert try_once(STRANGER, now=NOW + timedelta(minutes=5))


def test_signing_in_forgets_what_was_mistyped(app: Flask):
    with app.app_context():
        for _ in range(PER_ADDRESS.failures):
            counters = try_once(OWNER)
        sign_in(counters)
        assert tries_until_locked(OWNER) == PER_ADDRESS.failures


def test_old_counters_are_cleared_away(app: Flask):
    with app.app_context():
        tries_until_locked(STRANGER, now=NOW - timedelta(days=2))
        sign_in([])
        assert reading().scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_neither_the_name_tried_nor_the_address_is_kept(app: Flask):
    with app.app_context():
        tries_until_locked(STRANGER)
        for row in reading().scalars(select(SignInFailure)):
            assert len(row.key) == 64
            assert cast.CADRE.username not in row.key
