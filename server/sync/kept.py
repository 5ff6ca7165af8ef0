"""How much of what is refused is kept (CONTRACT rule 4)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.store.mutations import bytes_kept

KEPT_PER_DAY = 10 * 1024 * 1024
"""Bytes of refused contents, encrypted, that are kept for one user in 24 hours: dozens of visits as large as a
form lets through, where nearly everything has one or two thousand bytes. Without it an account could fill the disk."""


class RoomForRefused:
    """What is left of one user's day; the database is asked at the first refusal in a push."""

    def __init__(self, session: Session, user_id: UUID, now: datetime) -> None:
        self._session = session
        self._user_id = user_id
        self._since = now - timedelta(days=1)
        self._used: int | None = None

    def take(self, size: int) -> bool:
        """True if there is room for contents of `size` bytes, which is taken then."""
        if self._used is None:
            self._used = bytes_kept(self._session, self._user_id, self._since)
        encrypted = size * 4 // 3  # written in base64
        if self._used + encrypted > KEPT_PER_DAY:
            return False
        self._used += encrypted
        return True
