"""Sign in, slowly for those who guess."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from server.domain.lockout import PER_ADDRESS, PER_USER, Limit, failures_after, is_locked
from server.domain.refusals import Refusal
from server.store.tables import User
from server.store.users import find_user, forget_failures, lock_failures, save_failures

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")
_KEEP_COUNTERS = timedelta(days=1)


def hash_password(password: str) -> str:
    """The argon2id hash of a password (RFC 9106, argon2-cffi's defaults)."""
    return _hasher.hash(password)


def check_sign_in(
    session: Session, secret: str, username: str, password: str, address: str, knows_device: bool, now: datetime
) -> User:
    """The user, if the password is right and no lock-out holds.

    Refusals: wrong_password (also for an unknown or disabled user, after the same work),
    locked_out. The caller commits in either case: the counters must stay.
    """
    counters: list[tuple[str, Limit]] = [(_key(secret, username, address), PER_ADDRESS)]
    if not knows_device:
        counters.append((_key(secret, username, "*"), PER_USER))
    counted = [(key, limit, lock_failures(session, key)) for key, limit in sorted(counters)]
    for _, limit, row in counted:
        if row is not None and is_locked(limit, row.failures, row.last_failure_at, now):
            raise Refusal("locked_out")
    user = _user_with(session, username, password)
    if user is None:
        for key, limit, row in counted:
            failures = failures_after(row.failures if row else 0, row.last_failure_at if row else None, limit, now)
            save_failures(session, key, failures, now)
        raise Refusal("wrong_password", "password")
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(password)
    forget_failures(session, [key for key, _, _ in counted], now - _KEEP_COUNTERS)
    return user


def _user_with(session: Session, username: str, password: str) -> User | None:
    """The active user with this password; as much work is done where there is none."""
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
