"""What everybody does with his own account: look where he is signed in, sign a device out, change his password."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.actions.sessions import forget_tries, hash_password, still_right
from server.domain.access import Actor
from server.domain.refusals import Refusal
from server.domain.sessions import Lasting, is_over
from server.store.sessions import end_session_of, end_sessions, id_of, sessions_of

_ID = re.compile(r"^[0-9a-f]{64}\Z")


def read_devices(session: Session, actor: Actor, key: str, lasting: Lasting, now: datetime) -> list[dict[str, Any]]:
    """Where he is signed in, the device in use last first; `key` is that of the session that asks."""
    return [
        {
            "id": row.id,
            "phone_id": row.device_id,
            "browser": row.browser,
            "signed_in_at": row.created_at,
            "last_seen_at": row.last_seen_at,
            "this": row.id == id_of(key),
        }
        for row in sessions_of(session, actor.id)
        if not is_over(lasting, row.created_at, row.last_seen_at, row.ended_at, now)
    ]


def sign_out_device(session: Session, actor: Actor, device_id: str, now: datetime) -> None:
    """End his session on a device, at once; one that is not his stays."""
    if _ID.match(device_id):
        end_session_of(session, actor.id, device_id, now)


def change_password(
    session: Session, username: str, passwords: Mapping[str, str], proven: str, key: str, counters: list[str],
    now: datetime,
) -> None:  # fmt: skip
    """Take the new one of his `passwords` in place of the `old`, which was right for the hash `proven`. Every
    session but the one with this `key` ends.

    Refusals: password_unchanged; old_password_wrong, if meanwhile it was changed or the account closed.
    """
    if passwords["new"] == passwords["old"]:
        raise Refusal("password_unchanged", "new")
    user = still_right(session, username, passwords["old"], proven)
    if user is None:
        raise Refusal("old_password_wrong", "old")
    user.password_hash = hash_password(passwords["new"])
    end_sessions(session, user.id, now, but=id_of(key))
    forget_tries(session, counters, now)
