"""A real file system of a few MB, in memory, that can be filled to the last byte."""

import errno
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PIECES = (1 << 20, 1 << 12, 1)


class SmallDisk:
    """It is mounted at `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave no room."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in _PIECES:
                try:
                    while file.write(bytes(size)) == size:
                        pass
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def free(self) -> None:
        """Give the room back."""
        self._ballast.unlink()


def may_mount() -> bool:
    """True for root, where the machine lets root mount."""
    return os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], check=False).returncode == 0


needs_mount = pytest.mark.skipif(
    not may_mount(), reason="only root may mount a small disk; tests/sync/test_full_disk.py holds what needs none"
)


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """Mount one for as long as this lasts; only root may."""
    # PostgreSQL, another user, does not come into pytest's folders.
    folder = Path(tempfile.mkdtemp(prefix="shishibu-disk-"))
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)], check=True)
    folder.chmod(0o755)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()
