"""The keys for residents' names and phones, and that none which the database needs is lost unnoticed."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import inspect, select

from server.store.db import inserting, reading, writing
from server.store.tables import ResidentKey
from server.store.types import Cipher, cipher_of

_LOST = (
    "{place} 里没有这个数据库用过的那把密钥（resident.keys）。没有启动，也没有另造密钥："
    "请先放回原来的密钥，见 docs/operation.md。"
    " / {place} does not have the key (resident.keys) that this database was used with. Nothing was started and no key"
    " was made: put the original key back, see docs/operation.md."
)
_NO_KEY = (
    "{place} 里的不是密钥，没有启动：请放回原来的密钥，见 docs/operation.md。"
    " / {place} holds no key, nothing was started: put the original key back, see docs/operation.md."
)


class KeysUnusable(ValueError):
    """The server must not run with these keys. The message says why and where they are looked for, in two
    languages, and quotes no key."""


class ResidentKeys:
    """The keys from the setting RESIDENT_KEYS, else from `file`. A new key is made only for a database
    that was never used with any."""

    def __init__(self, app: Flask, setting: str, file: Path) -> None:
        self._app = app
        self._setting = setting
        self._file = file
        self._place = "SHISHIBU_RESIDENT_KEYS" if setting else str(file)
        self.settled = False
        """True once the database has been asked, and told."""

    def settle(self) -> None:
        """Take the keys into use, and hold them against those that the database knows.

        Raises KeysUnusable, and DBAPIError while the database cannot be asked: then keys that are there
        are in use, none is made, and this is to be called again.
        """
        if self._setting or self._file.exists():
            self._use(self._read())
        known = _known()
        if known and not self._in_use():
            raise KeysUnusable(_LOST.format(place=self._place))
        if not self._in_use():
            kept(self._file)
            self._use(self._read())
        if known is None:
            return  # before `db upgrade`: the next start tells the database
        ids = self._app.extensions["resident_cipher"].key_ids
        if known - ids:
            raise KeysUnusable(_LOST.format(place=self._place))
        if ids - known:
            _note(ids)
        self.settled = True

    def _read(self) -> Cipher:
        try:
            return cipher_of(self._setting or self._file.read_text())
        except ValueError as error:
            raise KeysUnusable(_NO_KEY.format(place=self._place)) from error

    def _use(self, cipher: Cipher) -> None:
        self._app.extensions["resident_cipher"] = cipher

    def _in_use(self) -> bool:
        return "resident_cipher" in self._app.extensions


def kept(path: Path) -> str:
    """A key that is made once, readable by its owner only. Two processes that start together agree on one."""
    if not path.exists():
        made = path.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(Fernet.generate_key().decode())
        with suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_text().strip()


def _known() -> frozenset[str] | None:
    """The keys that the database was used with; None while it has no tables."""
    session = reading()
    try:
        if not inspect(session.connection()).has_table(ResidentKey.__tablename__):
            return None
        return frozenset(session.scalars(select(ResidentKey.id)))
    finally:
        session.rollback()


def _note(ids: frozenset[str]) -> None:
    now = datetime.now(UTC)
    with writing() as session:
        rows = [{"id": key_id, "first_used_at": now} for key_id in sorted(ids)]
        session.execute(inserting(session, ResidentKey).values(rows).on_conflict_do_nothing())
