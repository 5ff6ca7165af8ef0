"""A throw-away PostgreSQL cluster: its own folder and Unix socket, gone at the end."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from tests.harness.processes import kill_all, living

_SETTINGS = {"listen_addresses": "", "shared_buffers": "64MB", "max_connections": "100"}
_CARELESS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}


_MEMORY = Path("/dev/shm")
"""A file system in memory, where there is one: a test's database is copied there in 10 ms, on a disk in 70 to 270."""
_ROOM = 2 * 2**30


def _has_room(folder: Path) -> bool:
    return folder.is_dir() and shutil.disk_usage(folder).free > _ROOM


def find_binaries() -> Path:
    """The folder with initdb and pg_ctl: on the PATH, or where Debian puts the newest."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise RuntimeError("PostgreSQL's initdb is missing: run tools/system-packages.sh")
    return found[-1].parent


class Cluster:
    """One running cluster; `create` and `drop` databases in it. `durable`: it writes to the disk as a real one
    does, for measuring; tests need no more than a cluster that forgets everything when the power goes (not when it is
    killed: what is committed is in the kernel's hands)."""

    def __init__(self, *, durable: bool = False) -> None:
        self._settings = _SETTINGS if durable else _SETTINGS | _CARELESS
        self._binaries = find_binaries()
        self._in_memory = not durable and _has_room(_MEMORY)
        self._folder = Path(tempfile.mkdtemp(prefix="shishibu-pg-", dir=_MEMORY if self._in_memory else None))
        self._data = self._folder / "data"
        self._user = "postgres"
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            shutil.chown(self._folder, "postgres")

    def start(self) -> None:
        """Create the cluster, if there is none yet, and wait until it accepts connections."""
        if not self._data.exists():
            self._run(
                "initdb", "-D", self._data, "-U", self._user, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
            )
        settings = " ".join(f"-c {name}='{value}'" for name, value in self._settings.items())
        options = f"-k {self._folder} {settings}"
        self._run("pg_ctl", "-D", self._data, "-l", self._folder / "log", "-w", "-o", options, "start")

    def kill(self) -> None:
        """SIGKILL the server and every process of it; `start` recovers what was committed."""
        lock = self._data / "postmaster.pid"
        postmaster = int(lock.read_text().split()[0])
        kill_all(lambda: living(lambda pid, _: pid == postmaster))
        # In a container nobody may collect the dead, and they would count as running.
        for left in (lock, *self._folder.glob(".s.PGSQL.*.lock")):
            left.unlink()

    def stop(self) -> None:
        """Stop at once and remove every file."""
        try:
            self._run("pg_ctl", "-D", self._data, "-m", "immediate", "stop")
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of `database`."""
        return f"postgresql+psycopg://{self._user}@/{database}?host={self._folder}"

    def set(self, name: str, value: str) -> None:
        """Give every new connection another value of a setting."""
        self._execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
        self._execute(sql.SQL("SELECT pg_reload_conf()").format())

    def create(self, database: str, template: str | None = None) -> str:
        """Create `database`, as a copy of `template` if given, and return its URL."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}").format(
            sql.Identifier(database),
            sql.Identifier(template or "template0"),
            # Of files in memory a plain copy is the quickest; on a disk it waits for it.
            sql.SQL("FILE_COPY" if self._in_memory else "WAL_LOG"),
        )
        self._execute(statement)
        return self.url(database)

    def move(self, database: str, folder: Path) -> None:
        """Let a database's files lie in an empty folder, on whatever disk that is; nobody may be connected."""
        if os.geteuid() == 0:
            shutil.chown(folder, self._user)
        place = sql.Identifier(f"place_of_{database}")
        self._execute(sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(place, sql.Literal(str(folder))))
        self._execute(sql.SQL("ALTER DATABASE {} SET TABLESPACE {}").format(sql.Identifier(database), place))

    def forget_place(self, database: str) -> None:
        """After `drop`: the folder is no part of the cluster any more."""
        self._execute(sql.SQL("DROP TABLESPACE {}").format(sql.Identifier(f"place_of_{database}")))

    def drop(self, database: str) -> None:
        """Drop `database`, whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self._folder), user=self._user, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._binaries / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(
            command, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if done.returncode:
            log = self._folder / "log"
            said = done.stdout.decode(errors="replace") + (log.read_text(errors="replace") if log.exists() else "")
            raise RuntimeError(f"{program} failed:\n{said}")
