"""Sessions: one sign-in in one browser."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.store.db import Row
from server.store.types import UtcDateTime


class UserSession(Row):
    """A sign-in (domain/sessions.py). `id` is a hash of the key in the cookie: who reads the database
    cannot use it. `known_device`: this user had signed in from the browser before. `browser` says in a few
    words what it is, so that a person knows his devices by it. `device_id`: the phone that it was bound to."""

    __tablename__ = "sessions"
    __table_args__ = (ForeignKeyConstraint(["device_id", "user_id"], ["devices.id", "devices.user_id"]),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    device_id: Mapped[UUID | None]
    known_device: Mapped[bool]
    browser: Mapped[str] = mapped_column(Text(), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime())
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime())
