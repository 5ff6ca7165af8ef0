"""What people may type, and what is refused because nobody can see it."""

import pytest

from server.domain.text import is_phone, refusal_of_text


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
    assert refusal_of_text(text, 500) is None


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
    ],
)
def test_what_nobody_can_see_is_refused(what: str, character: str):
    assert refusal_of_text(f"路{character}灯", 60) == "text_bad_character"


def test_text_may_fill_its_limit_and_not_pass_it():
    assert refusal_of_text("字" * 60, 60) is None
    assert refusal_of_text("字" * 61, 60) == "text_too_long"


def test_a_character_outside_the_basic_plane_counts_once():
    assert refusal_of_text("😀" * 60, 60) is None


def test_a_hundred_thousand_characters_are_refused_as_too_long():
    assert refusal_of_text("\0" * 100_000, 2000) == "text_too_long"


@pytest.mark.parametrize("phone", ["13800000001", "+86 138-0000-0001", "0739-4222222", ""])
def test_a_telephone_number_is_taken_as_people_write_it(phone: str):
    assert is_phone(phone)


@pytest.mark.parametrize("phone", ["十三八", "138x", "(0739)4222222", "13800000001\n", "１３８"])
def test_what_is_no_telephone_number_is_refused(phone: str):
    assert not is_phone(phone)
