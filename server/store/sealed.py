"""What a phone seals on itself: the one format, which pwa/src/store/ knows too (tests/contract/sealed.json).

`nonce(24) || XChaCha20-Poly1305(JSON in UTF-8)`, under the key of its user. What it was sealed as (whose, which table,
which row) is authenticated with it: nobody can put a row in the place of another.
"""

from typing import Any
from uuid import UUID

import orjson
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.exceptions import CryptoError

KEY_BYTES: int = crypto_aead_xchacha20poly1305_ietf_KEYBYTES
NONCE_BYTES: int = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_FORMAT = "shishibu/1"


class NotOpened(Exception):
    """It was not sealed with this key, as this row; or it is no JSON."""


def sealed_as(user_id: UUID, table: str, primary_key: str) -> bytes:
    """What is authenticated beside the contents."""
    return f"{_FORMAT}/{user_id}/{table}/{primary_key}".encode()


def seal(key: bytes, name: bytes, contents: str, nonce: bytes) -> bytes:
    """Seal a JSON text as `name` (sealed_as). No nonce may come twice: phones take 24 random bytes."""
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(contents.encode(), name, nonce, key)


def opened(key: bytes, name: bytes, sealed: bytes) -> Any:
    """The JSON that was sealed as `name`. Raises NotOpened."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return orjson.loads(crypto_aead_xchacha20poly1305_ietf_decrypt(rest, name, nonce, key))
    except (CryptoError, TypeError, ValueError) as error:
        raise NotOpened from error
