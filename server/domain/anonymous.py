"""A text told without the people in it (P6): names, telephone numbers, identity numbers, accounts.

What is looked for is known (the resident's own name and number) or has a shape (numbers). Everything is replaced in
one pass by a word that says what stood there, so that a second pass finds nothing more.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

A_RESIDENT, AN_OFFICIAL, A_NUMBER = "群众", "干部", "某号码"

KINDS = ("number", "person", "place", "resident")
"""What can be hidden: a number, somebody who handled the matter, where it was, the resident."""

_SURNAMES_OF_TWO = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "夏侯",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "端木",
    "东方",
)
_TITLES = (
    "大爷|大妈|大娘|大叔|大伯|大婶|大姐|大哥|大嫂|奶奶|爷爷|婆婆|公公|伯伯|伯父|伯母|叔叔|阿姨|嫂子|嫂|娭毑|爹爹"
    "|老人|老伯|老汉|老太|师傅|先生|女士|小姐|同志|某某|某"
)
_GAP = r"[ \t\u3000\u00a0·.\-‐‑–—_/]?"
"""What people put between the digits of a number. Lines are not joined."""
_NUMBERS = (
    rf"\d{{6}}{_GAP}(?:19|20|１９|２０)\d{{2}}{_GAP}\d{{4}}{_GAP}\d{{3}}[\dXxＸｘ]",  # identity card
    r"\d{11,}[XxＸｘ]?",
    rf"\d{{4}}(?:{_GAP}\d{{4}}){{2,}}(?:{_GAP}\d{{1,4}})?",  # account, written in groups
    rf"[1１][3-9３-９](?:{_GAP}\d){{9}}",  # mobile
    r"[(（]?[0０]\d{2,3}[)）]?[ \-–—]?\d{7,8}",  # landline
    r"(?<=电话|手机|座机|微信|热线|号码|机号|话号|ＱＱ|QQ)[:：是为 ]{0,2}\d[\d\- ]{3,}\d",
    r"[零〇○一二三四五六七八九幺]{7,}",
    r"[A-Za-z0-9.+_-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]*[A-Za-z]",
)
_SHORTEST_NUMBER = 5
"""Whoever left 110 as his number left none."""

_TITLE = re.compile(_TITLES)
_ANY_NUMBER = re.compile("|".join(_NUMBERS))
_DIGIT = re.compile(r"[\d@零〇○一二三四五六七八九幺]")


class Called(NamedTuple):
    """What a resident is called or once was, and his number; None: not known, or not changed."""

    name: str | None
    phone: str | None


class Hidden(NamedTuple):
    """What is looked for (a regular expression without groups), what stands there instead, and its kind. Of
    two that begin at the same place the first counts."""

    pattern: str
    becomes: str
    kind: str


@dataclass(frozen=True)
class Told:
    """A text with everything hidden, and how often something of each kind was."""

    text: str
    replaced: Counter[str]


class Anonymiser:
    """Takes what is `hidden`, and every number that may lead to a person, out of texts."""

    def __init__(self, hidden: Iterable[Hidden]) -> None:
        self._hidden = [*hidden, *(Hidden(pattern, A_NUMBER, "number") for pattern in _NUMBERS)]
        parts = (f"(?P<h{at}>{one.pattern})" for at, one in enumerate(self._hidden))
        self._pattern = re.compile("|".join(parts), re.IGNORECASE)

    def tell(self, text: str) -> Told:
        """The text without what is hidden."""
        replaced: Counter[str] = Counter()

        def instead(found: re.Match[str]) -> str:
            one = self._hidden[int(str(found.lastgroup)[1:])]
            replaced[one.kind] += 1
            return one.becomes

        return Told(self._pattern.sub(instead, text), replaced)


def of_resident(name: str | None, phone: str | None) -> list[Hidden]:
    """A resident's name in the ways that people write it, and his number however it is spaced.

    `name`: a full name; 刘桂香 is found as 刘 桂 香, 桂香 and 刘大爷 too.
    """
    return [
        *(Hidden(form, A_RESIDENT, "resident") for form in _forms_of_name(name or "")),
        *(Hidden(form, A_NUMBER, "number") for form in _forms_of_number(phone or "")),
    ]


def of_officials(names: Iterable[str]) -> list[Hidden]:
    """Names of people who handled something: as they are written in full."""
    longest_first = sorted({name.strip() for name in names}, key=lambda name: (-len(name), name))
    return [Hidden(_spaced(name), AN_OFFICIAL, "person") for name in longest_first if len(name) > 1]


def without_resident(text: str, name: str | None, phone: str | None) -> str:
    """The text without this resident, and without any number that may lead to a person.

    It is asked for every row of an export, and most texts name nobody: looking whether one may takes
    microseconds, making the expressions that find it milliseconds.
    """
    if name and _may_name(text, name):
        for form in _forms_of_name(name):
            text = re.sub(form, A_RESIDENT, text, flags=re.IGNORECASE)
    if not _DIGIT.search(text):
        return text
    digits = _digits_of(phone or "")
    if len(digits) >= _SHORTEST_NUMBER and digits in _digits_of(text):
        for form in _forms_of_number(digits):
            text = re.sub(form, A_NUMBER, text)
    return _ANY_NUMBER.sub(A_NUMBER, text)


def without_residents(text: str, ever: Iterable[Called]) -> str:
    """The text without a resident, by all that he was ever called."""
    for called in ever:
        text = without_resident(text, called.name, called.phone)
    return text


def _may_name(text: str, name: str) -> bool:
    letters, said = "".join(name.split()).lower(), "".join(text.split()).lower()
    surname, given = _parts_of(letters)
    return letters in said or (len(given) > 1 and given in said) or (surname in said and bool(_TITLE.search(said)))


def _parts_of(letters: str) -> tuple[str, str]:
    """Surname and given name of a Chinese name."""
    length = 2 if letters.startswith(_SURNAMES_OF_TWO) and len(letters) > 2 else 1
    return letters[:length], letters[length:]


def _digits_of(text: str) -> str:
    """Its digits alone, whatever stands between them and in whatever script."""
    return "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdecimal())


def _forms_of_name(name: str) -> list[str]:
    letters = "".join(name.split())
    if not letters:
        return []
    surname, given = _parts_of(letters)
    han = re.fullmatch(r"[\u3400-\u9fff\U00020000-\U0003ffff]+", letters) is not None
    forms = [_spaced(name.strip())] if len(letters) > 1 else []
    if han:
        forms.append(f"{surname}(?:{_TITLES})")
        forms += [_spaced(given)] if len(given) > 1 else []
    return forms


def _spaced(name: str) -> str:
    """A name, with or without spaces between its characters."""
    return r"[ \t\u3000]*".join(re.escape(letter) for letter in name if not letter.isspace())


def _forms_of_number(phone: str) -> list[str]:
    digits = _digits_of(phone)
    if len(digits) < _SHORTEST_NUMBER:
        return []
    return [_GAP.join(f"[{digit}{chr(ord(digit) + 0xFEE0)}]" for digit in digits)]
