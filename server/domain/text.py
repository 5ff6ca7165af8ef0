"""What text the product keeps: everything people type, nothing invisible that misleads."""

import re
import unicodedata

from server.domain.words import FORBIDDEN_CHARACTERS, LIMITS, ONE_LINE, PHONE_PATTERN

_FORBIDDEN = re.compile(f"[{FORBIDDEN_CHARACTERS}]")
_LINES = re.compile("[\\t\\r\\n]")
_PHONE = re.compile(PHONE_PATTERN)
_VISIBLE = frozenset("LNPS")
"""Letters, numbers, punctuation, symbols; not the marks, joiners and spaces between them."""


def refusal_of_text(text: str, kind: str) -> str | None:
    """Say why `text` is refused (`text_bad_character`, `text_too_long`), or None. `kind`: a text of LIMITS."""
    if len(text) > LIMITS[kind]:
        return "text_too_long"
    if _FORBIDDEN.search(text) or (kind in ONE_LINE and _LINES.search(text)):
        return "text_bad_character"
    return None


def without_invisible(text: str) -> str:
    """The text without what the product refuses to keep."""
    return _FORBIDDEN.sub("", text)


def is_blank(text: str) -> bool:
    """True for text in which nothing can be seen."""
    return not any(unicodedata.category(character)[0] in _VISIBLE for character in text)


def is_phone(text: str) -> bool:
    """True for what may be a telephone number: digits, spaces, `+` and `-`."""
    return _PHONE.fullmatch(text) is not None
