"""How much is done in tests/kills/: little with the other tests, in full by `make kills`; and what was measured."""

from collections.abc import Callable, Iterator

import pytest
from _pytest.terminal import TerminalReporter

_MEASURED = "measured"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The sizes that can be asked for."""
    sizes = parser.getgroup("kills", "how much tests/kills/ does")
    sizes.addoption("--kills", type=int, default=4, help="times that a server is killed on each database")
    sizes.addoption("--browser-kills", type=int, default=4, help="times that a browser is killed")
    sizes.addoption("--pushes", type=int, default=3, help="pushes of each of 16 writers")


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say what was measured, after the tests."""
    for said in _measured(terminalreporter):
        terminalreporter.write_line(said)


def _measured(reporter: TerminalReporter) -> Iterator[str]:
    for report in reporter.getreports("passed"):
        yield from (f"kills: {said}" for name, said in report.user_properties if name == _MEASURED)


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say a sentence with numbers in the summary."""
    return lambda sentence: record_property(_MEASURED, sentence)
