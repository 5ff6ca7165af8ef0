"""What people may type, and what is refused because nobody can see it."""

import sys
import unicodedata

import pytest

from server.domain.text import is_blank, is_phone, refusal_of_text


@pytest.mark.parametrize(
    "text",
    [
        "修好了三组的机耕路，拖拉机可以进田。",
        "第一行\n第二行\r\n\t缩进",
        "谢谢👍",
        "一家人👨\u200d👩\u200d👧\u200d👦高兴",
        "❤\ufe0f",
        "𠮷野家（扩展 B 区的字）",
        "ᠮᠣᠩᠭᠣᠯ བོད་ཡིག ئۇيغۇر",
        "<script>alert(1)</script>'; DROP TABLE matters;--",
        "",
    ],
)
def test_everything_people_type_is_kept(text: str):
    assert refusal_of_text(text, "text") is None


@pytest.mark.parametrize(
    ("what", "character"),
    [
        ("NUL", "\0"),
        ("escape", "\x1b"),
        ("vertical tab", "\x0b"),
        ("delete", "\x7f"),
        ("C1 control", "\x85"),
        ("zero width space", "\u200b"),
        ("left-to-right mark", "\u200e"),
        ("right-to-left mark", "\u200f"),
        ("right-to-left override", "\u202e"),
        ("right-to-left isolate", "\u2067"),
        ("word joiner", "\u2060"),
        ("byte order mark", "\ufeff"),
        ("first half of a pair", "\ud83d"),
        ("second half of a pair", "\ude00"),
        ("non-character", "\uffff"),
        ("Arabic letter mark", "\u061c"),
        ("soft hyphen", "\u00ad"),
        ("combining grapheme joiner", "\u034f"),
        ("Hangul filler", "\u3164"),
        ("first half of a Hangul filler", "\u115f"),
        ("line separator", "\u2028"),
        ("blank braille pattern", "\u2800"),
        ("tag", "\U000e0041"),
    ],
)
def test_what_nobody_can_see_is_refused(what: str, character: str):
    assert refusal_of_text(f"路{character}灯", "text") == "text_bad_character"


def test_every_control_and_format_character_is_refused_but_those_that_writing_needs():
    needed = {"\t", "\n", "\r", "\u180e", "\u200c", "\u200d"}
    drawn = {
        *map(chr, range(0x600, 0x606)),
        "\u06dd",
        "\u070f",
        "\u0890",
        "\u0891",
        "\u08e2",
        "\U000110bd",
        "\U000110cd",
    }
    egyptian = {*map(chr, range(0x13430, 0x13440))}
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            kept = character in needed | drawn | egyptian
            assert (refusal_of_text(character, "text") is None) == kept, hex(code)


@pytest.mark.parametrize("kind", ["title", "resident_name", "username", "user_name", "unit_name"])
def test_what_stands_in_a_list_is_one_line(kind: str):
    assert refusal_of_text("三组 路灯", kind) is None
    for line_break in "\t\r\n":
        assert refusal_of_text(f"三组{line_break}路灯", kind) == "text_bad_character"


@pytest.mark.parametrize("text", ["", " \u3000\t", "\u200d", "\ufe0f", "\u180e\u200c", "\u0301"])
def test_text_in_which_nothing_can_be_seen_is_blank(text: str):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["路", "7", "。", "👍", "❤\ufe0f", "ᠮᠣᠩᠭᠣᠯ", "𠮷"])
def test_text_in_which_something_can_be_seen_is_not_blank(text: str):
    assert not is_blank(text)


def test_text_may_fill_its_limit_and_not_pass_it():
    assert refusal_of_text("字" * 60, "title") is None
    assert refusal_of_text("字" * 61, "title") == "text_too_long"


def test_a_character_outside_the_basic_plane_counts_once():
    assert refusal_of_text("😀" * 60, "title") is None


def test_a_hundred_thousand_characters_are_refused_as_too_long():
    assert refusal_of_text("\0" * 100_000, "detail") == "text_too_long"


@pytest.mark.parametrize("phone", ["13800000001", "+86 138-0000-0001", "0739-4222222", ""])
def test_a_telephone_number_is_taken_as_people_write_it(phone: str):
    assert is_phone(phone)


@pytest.mark.parametrize("phone", ["十三八", "138x", "(0739)4222222", "13800000001\n", "１３８"])
def test_what_is_no_telephone_number_is_refused(phone: str):
    assert not is_phone(phone)
