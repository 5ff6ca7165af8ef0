"""The sentences of refusals, where they are read."""

import pytest

from server.domain.refusals import REFUSALS

NOTES = ("state_forbids", "resident_answered", "no_longer_yours", "nothing_changed")
"""Why an entry is kept as a note (`refused_because`): everybody who reads the matter's history reads it,
after the words 已作备注保留."""


@pytest.mark.parametrize("code", NOTES)
def test_why_something_is_a_note_is_said_to_every_reader_and_not_that_it_is_one_a_second_time(code: str):
    _, sentence = REFUSALS[code]
    assert sentence.endswith("。")
    assert not any(word in sentence for word in ("您", "备注"))
