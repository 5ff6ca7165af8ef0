"""Sign in, slowly for those who guess; stay signed in; sign out."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from server.domain.access import Actor
from server.domain.lockout import PER_ADDRESS, PER_DEVICE, PER_USER, failures_after, is_locked
from server.domain.refusals import Refusal
from server.domain.sessions import Lasting, is_over
from server.store.sessions import FoundSession, add_session, drop_sessions, end_session, find_session
from server.store.tables import User
from server.store.users import find_user, forget_failures, lock_failures, lock_user, save_failures

_hasher = PasswordHasher()
_NOBODY = _hasher.hash("nobody has this password")
_KEEP_COUNTERS = timedelta(days=1)


def hash_password(password: str) -> str:
    """The argon2id hash of a password (RFC 9106, argon2-cffi's defaults)."""
    return _hasher.hash(password)


def count_try(
    session: Session, secret: str, username: str, address: str, device: str | None, now: datetime
) -> list[str]:
    """Count a sign-in as failed before its password is looked at, so that tries sent all at once are
    counted too; answer the counters' keys, to be forgotten when it succeeds. `device` names a browser
    that this user has signed in from before.

    Refusal: locked_out.
    """
    if device:
        counters = [(_key(secret, "device", username, device), PER_DEVICE)]
    else:
        counters = [
            (_key(secret, "address", username, address), PER_ADDRESS),
            (_key(secret, "user", username), PER_USER),
        ]
    for key, limit in sorted(counters):
        row = lock_failures(session, key)
        failures, last = (row.failures, row.last_failure_at) if row else (0, None)
        if is_locked(limit, failures, last, now):
            raise Refusal("locked_out")
        save_failures(session, key, failures_after(failures, last, limit, now), now)
    return [key for key, _ in counters]


def proven_hash(session: Session, username: str, password: str) -> str | None:
    """The hash of the active user that this password was right for, else None; as much work is done
    where there is no such user."""
    user = find_user(session, username)
    stored = user.password_hash if user is not None and user.is_active else None
    return stored if _fits(stored or _NOBODY, password) else None


def welcome(
    session: Session, username: str, password: str, proven: str, counters: list[str], *, known_device: bool,
    browser: str, lasting: Lasting, now: datetime,
) -> tuple[Actor, str]:  # fmt: skip
    """Begin the session of a user whose password was right for the hash `proven`, and return who he is and its key;
    the counters are forgotten, an old hash is renewed.

    Refusal: wrong_password, if meanwhile the password was changed or the account disabled.
    """
    user = still_right(session, username, password, proven)
    if user is None:
        raise Refusal("wrong_password", "password")
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(password)
    forget_tries(session, counters, now)
    drop_sessions(session, user.id, now - lasting.longest)
    return user.actor(), add_session(session, user.id, now, known_device=known_device, browser=browser)


def still_right(session: Session, username: str, password: str, proven: str) -> User | None:
    """The user, locked, if the password that was right for the hash `proven` still is; None if meanwhile it
    was changed or the account closed."""
    user = lock_user(session, username)
    if user is None or not user.is_active:
        return None
    return user if user.password_hash == proven or _fits(user.password_hash, password) else None


def forget_tries(session: Session, counters: list[str], now: datetime) -> None:
    """Forget the counters of a try that succeeded (count_try)."""
    forget_failures(session, counters, now - _KEEP_COUNTERS)


def live_session(session: Session, key: str, lasting: Lasting, now: datetime) -> FoundSession | None:
    """The session with this key, None once it is over."""
    found = find_session(session, key)
    if found is None or found.closed:
        return None
    return None if is_over(lasting, found.created_at, found.last_seen_at, found.ended_at, now) else found


def close_session(session: Session, key: str, now: datetime) -> None:
    """End a session: its cookie is worth nothing from now on."""
    end_session(session, key, now)


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _key(secret: str, *what: str) -> str:
    return hmac.new(secret.encode(), "\0".join(what).encode(), sha256).hexdigest()
