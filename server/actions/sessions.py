"""Sign in, slowly for those who guess."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from server.domain.lockout import PER_ADDRESS, PER_USER, failures_after, is_locked
from server.domain.refusals import Refusal
from server.store.tables import User
from server.store.users import find_user, forget_failures, lock_failures, save_failures

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")
_KEEP_COUNTERS = timedelta(days=1)


def hash_password(password: str) -> str:
    """The argon2id hash of a password (RFC 9106, argon2-cffi's defaults)."""
    return _hasher.hash(password)


def count_try(
    session: Session, secret: str, username: str, address: str, knows_device: bool, now: datetime
) -> list[str]:
    """Count a sign-in as failed before its password is looked at, so that tries sent all at once are
    counted too; answer the counters' keys, to be forgotten when it succeeds.

    Refusal: locked_out.
    """
    counters = [(_key(secret, username, address), PER_ADDRESS)]
    if not knows_device:
        counters.append((_key(secret, username, "*"), PER_USER))
    for key, limit in sorted(counters):
        row = lock_failures(session, key)
        failures, last = (row.failures, row.last_failure_at) if row else (0, None)
        if is_locked(limit, failures, last, now):
            raise Refusal("locked_out")
        save_failures(session, key, failures_after(failures, last, limit, now), now)
    return [key for key, _ in counters]


def welcome(session: Session, user: User, password: str, counters: list[str], now: datetime) -> None:
    """Note a sign-in that succeeded: its counters are forgotten, an old hash is renewed."""
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(password)
    forget_failures(session, counters, now - _KEEP_COUNTERS)


def user_with(session: Session, username: str, password: str) -> User | None:
    """The active user with this password, else None; as much work is done where there is no such user."""
    user = find_user(session, username)
    if user is not None and not user.is_active:
        user = None
    try:
        _hasher.verify(user.password_hash if user else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    return user


def _key(secret: str, username: str, address: str) -> str:
    return hmac.new(secret.encode(), f"{username}\0{address}".encode(), sha256).hexdigest()
