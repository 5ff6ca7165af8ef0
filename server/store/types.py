"""Column types: UTC times, and text that is encrypted with a key outside the database."""

import hmac
import os
from base64 import urlsafe_b64decode
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy import DateTime, Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

_NONCE = 12


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python on both databases, naive UTC inside SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment as the database holds it."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Cipher(MultiFernet):
    """Fernet `keys`: the first encrypts, all decrypt. What is only to be recognised again is kept
    as a fingerprint, keyed as well: a plain hash would give a telephone number away to who tries all."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__([Fernet(key) for key in keys])
        self._fingerprint_keys = [_derived(key, b"shishibu fingerprints") for key in keys]
        self._sealing = [AESGCM(_derived(key, b"shishibu seals")) for key in keys]
        self.key_ids = frozenset(_derived(key, b"shishibu key id").hex() for key in keys)
        """What names each key without giving it away."""
        self._oldest = keys[-1]

    def fingerprint(self, contents: bytes) -> str:
        """Made with the first key."""
        return _fingerprint(self._fingerprint_keys[0], contents)

    def recognises(self, fingerprint: str, contents: bytes) -> bool:
        """True if `fingerprint` was made of these contents, with any of the keys."""
        made = [_fingerprint(key, contents) for key in self._fingerprint_keys]
        return any(hmac.compare_digest(one, fingerprint) for one in made)

    def seal(self, contents: bytes) -> bytes:
        """Encrypt what can be made again, by the thousand: a tenth of what Fernet takes."""
        nonce = os.urandom(_NONCE)
        return nonce + self._sealing[0].encrypt(nonce, contents, None)

    def unseal(self, sealed: bytes) -> bytes | None:
        """What `seal` was given; None if it was under a key that is no longer there."""
        for key in self._sealing:
            with suppress(InvalidTag):
                return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        return None

    def user_key(self, user_id: UUID) -> bytes:
        """The key for what this user's phones seal, from the oldest of the keys, which stays the last when new ones
        are put in front: it comes out the same when a backup from before it was made is restored."""
        return _derived(self._oldest, b"shishibu user key " + user_id.bytes)


def _derived(key: str, purpose: bytes) -> bytes:
    """32 bytes for one purpose, from the key that encrypts: nobody finds his way back from them."""
    return HKDF(SHA256(), 32, salt=None, info=purpose).derive(urlsafe_b64decode(key))


def _fingerprint(key: bytes, contents: bytes) -> str:
    return hmac.digest(key, contents, "sha256").hex()


def cipher_of(keys: str) -> Cipher:
    """The cipher for comma-separated Fernet keys."""
    return Cipher([key.strip() for key in keys.split(",")])


def current_cipher() -> Cipher:
    """The running server's cipher, for the setting RESIDENT_KEYS."""
    cipher: Cipher = current_app.extensions["resident_cipher"]
    return cipher


class Encrypted(TypeDecorator[Any]):
    """JSON-ready data, encrypted at rest (P6)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """The data, encrypted."""
        if value is None:
            return None
        return current_cipher().encrypt(orjson.dumps(value))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        """The data, decrypted."""
        if value is None:
            return None
        return orjson.loads(current_cipher().decrypt(value))
