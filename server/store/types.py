"""Column types: UTC times, and text that is encrypted with a key outside the database."""

from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.fernet import Fernet, MultiFernet
from flask import current_app
from sqlalchemy import DateTime, Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python on both databases, naive UTC inside SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def cipher_of(keys: str) -> MultiFernet:
    """The cipher for the comma-separated Fernet `keys`: the first encrypts, all decrypt."""
    return MultiFernet([Fernet(key.strip()) for key in keys.split(",")])


class Encrypted(TypeDecorator[Any]):
    """JSON-ready data, encrypted at rest (P6). The keys are in the setting RESIDENT_KEYS, and
    the cipher in `app.extensions["resident_cipher"]`."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        cipher: MultiFernet = current_app.extensions["resident_cipher"]
        return cipher.encrypt(orjson.dumps(value))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        cipher: MultiFernet = current_app.extensions["resident_cipher"]
        return orjson.loads(cipher.decrypt(value))
