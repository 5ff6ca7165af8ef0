"""Progress bars for long work."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")


def progress(rows: Sequence[T], what: str) -> Iterator[T]:
    """Go through `rows`, showing how far on a terminal (and nothing in a pipe)."""
    yield from tqdm(rows, desc=what, disable=None, unit="条")
