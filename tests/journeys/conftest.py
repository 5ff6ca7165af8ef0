"""A journey drives a real browser on a machine that may be busy: it may fail once, and is then told again."""

from pathlib import Path

import pytest

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whether it failed once is in pytest's last lines (rerun): what often fails once is wrong, too."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.flaky(reruns=1))
