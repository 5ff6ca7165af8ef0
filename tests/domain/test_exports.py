"""What goes into a spreadsheet is text, and comes back as it was."""

import pytest

from server.domain.exports import as_written, neutralised

FORMULAS = ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1", "'=1", "''=1"]
PLAIN = ["", "'", "'引", "公路法", "1=1", " =1", "甲-乙"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_program_would_run_is_marked_as_text(text: str):
    assert neutralised(text) == "'" + text


@pytest.mark.parametrize("text", PLAIN)
def test_everything_else_stays_as_it_is(text: str):
    assert neutralised(text) == text


@pytest.mark.parametrize("text", FORMULAS + PLAIN)
def test_what_comes_back_is_what_went_out(text: str):
    assert as_written(neutralised(text)) == text
