"""What text the product keeps: everything people type, nothing invisible that misleads."""

import re

from server.domain.words import FORBIDDEN_CHARACTERS, PHONE_PATTERN

_FORBIDDEN = re.compile(f"[{FORBIDDEN_CHARACTERS}]")
_PHONE = re.compile(PHONE_PATTERN)


def refusal_of_text(text: str, longest: int) -> str | None:
    """Say why `text` is refused (`text_bad_character`, `text_too_long`), or None."""
    if len(text) > longest:
        return "text_too_long"
    if _FORBIDDEN.search(text):
        return "text_bad_character"
    return None


def is_phone(text: str) -> bool:
    """True for what may be a telephone number: digits, spaces, `+` and `-`."""
    return _PHONE.fullmatch(text) is not None
