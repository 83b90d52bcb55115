"""Real database servers for the tests: started from Debian's packages, on sockets and in folders of their own.

Where a package is missing, its tests are skipped with a sentence; with MXSYNC_REQUIRE_SERVICES=1 they fail.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

_PATIENCE = 60.0


def missing(what: str, package: str) -> None:
    """Skips, or fails where services are required."""
    sentence = f"{what} is not installed: apt install {package}"
    if os.environ.get("MXSYNC_REQUIRE_SERVICES") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


def _found(name: str, *folders: str) -> Path | None:
    path = os.pathsep.join([*folders, os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    found = shutil.which(name, path=path)
    return Path(found) if found else None


def _wait(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    began = time.monotonic()
    while not ready():
        if process.poll() is not None or time.monotonic() - began > _PATIENCE:
            raise AssertionError(f"the server does not start:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.05)


class Server:
    """A server that runs. `url(name)` is the address of one of its databases, for the one who may do everything."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, name: str, user: str = "") -> str:
        socket = quote(str(self.folder), safe="")
        if self.kind == "postgresql":
            return f"postgresql+psycopg://{user or 'postgres'}@/{name}?host={socket}"
        return f"mysql+pymysql://{user or 'root'}@localhost/{name}?unix_socket={socket}%2Fsql.sock"

    def start(self) -> None:
        log = self.folder / "server.log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(self._command(), stdout=output, stderr=output, cwd=self.folder)
        _wait(self._ready, self.process, log)

    def stop(self, *, kill: bool = False) -> None:
        if self.process is None:
            return
        if kill:
            self.process.kill()
        else:
            # To PostgreSQL SIGTERM means to wait until all have left; SIGINT ends their transactions.
            self.process.send_signal(signal.SIGINT if self.kind == "postgresql" else signal.SIGTERM)
        self.process.wait(_PATIENCE)
        self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def _command(self) -> list[str]:
        if self.kind == "postgresql":
            return [
                *_as_postgres(), str(_postgresql("postgres")), "-D", str(self.folder / "data"), "-k", str(self.folder),
                "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off",
                "-c", "max_connections=200",
            ]  # fmt: skip
        return [
            str(_mariadb("mariadbd")), "--no-defaults", f"--datadir={self.folder / 'data'}",
            f"--socket={self.folder / 'sql.sock'}", f"--pid-file={self.folder / 'pid'}",
            "--skip-networking",
            f"--tmpdir={self.folder}",  # another server that starts clears what it finds in a common one
            "--user=" + ("root" if os.geteuid() == 0 else os.environ.get("USER", "")), "--innodb-flush-log-at-trx-commit=2",
            "--innodb-buffer-pool-size=64M", "--skip-log-bin", "--performance-schema=OFF", "--max-connections=200",
        ]  # fmt: skip

    def _ready(self) -> bool:
        if self.kind == "postgresql":
            command = [str(_postgresql("pg_isready")), "-q", "-h", str(self.folder)]
        else:
            command = [str(_mariadb("mariadb-admin")), "--no-defaults", f"--socket={self.folder / 'sql.sock'}", "ping"]
        return subprocess.run(command, capture_output=True).returncode == 0


def _postgresql(name: str) -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return _found(name, *map(str, versions))


def _mariadb(name: str) -> Path | None:
    return _found(name)


def _as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] if os.geteuid() == 0 else []


@contextmanager
def running(kind: str) -> Iterator[Server]:
    """A fresh server of that kind, gone afterwards."""
    if kind == "postgresql" and _postgresql("initdb") is None:
        missing("PostgreSQL", "postgresql")
    if kind == "mariadb" and (_mariadb("mariadbd") is None or _mariadb("mariadb-install-db") is None):
        missing("MariaDB", "mariadb-server")
    folder = Path(tempfile.mkdtemp(prefix="mxsync-sql-"))
    try:
        if kind == "postgresql":
            if os.geteuid() == 0:
                shutil.chown(folder, "postgres", "postgres")
            make = [*_as_postgres(), str(_postgresql("initdb")), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust",
                    "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]  # fmt: skip
        else:
            make = [str(_mariadb("mariadb-install-db")), "--no-defaults", f"--datadir={folder / 'data'}", "--skip-test-db",
                    f"--tmpdir={folder}", "--auth-root-authentication-method=normal", "--skip-name-resolve",
                    "--user=" + ("root" if os.geteuid() == 0 else os.environ.get("USER", ""))]  # fmt: skip
        done = subprocess.run(make, capture_output=True, text=True, cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr
        server = Server(kind, folder)
        server.start()
        try:
            yield server
        finally:
            server.stop(kill=True)  # nothing of it is wanted any more, and an orderly end takes MariaDB ten seconds
    finally:
        shutil.rmtree(folder, ignore_errors=True)
