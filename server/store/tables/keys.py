"""Which keys residents' names and phones were encrypted with."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.store.db import Row
from server.store.types import UtcDateTime


class ResidentKey(Row):
    """A key that the server was started with on this database. `id` names the key and does not give it
    away: what it encrypted is lost without it, so a start without it is noticed (store/keys.py)."""

    __tablename__ = "resident_keys"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    first_used_at: Mapped[datetime] = mapped_column(UtcDateTime())
