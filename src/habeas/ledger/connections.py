"""Connections to SQLite files, and its errors by our names."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, Protocol, cast
from urllib.parse import quote

from habeas.ledger.errors import (
    Closed,
    Damaged,
    DiskFull,
    LedgerError,
    Locked,
    ReadOnly,
    StorageFailed,
)

Mode = Literal["rwc", "rw", "ro", "immutable", "memory"]
"""Make or open to write; open to write; open to read; read a file that nobody can be writing; no file."""


class Cursor(Protocol):
    """What is read of a statement's rows."""

    def fetchone(self) -> tuple[object, ...] | None:
        """The next row."""
        ...

    def fetchall(self) -> list[tuple[object, ...]]:
        """The rows left."""
        ...

    def __iter__(self) -> Iterator[tuple[object, ...]]: ...


class Connection(Protocol):
    """What the store asks of a driver, in autocommit mode; `sqlite3` and `apsw` both give it."""

    def execute(self, sql: str, parameters: Sequence[object] = ..., /) -> Cursor:
        """Run one statement."""
        ...

    def executemany(self, sql: str, parameters: Sequence[Sequence[object]], /) -> object:
        """Run one statement for each row."""
        ...

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


Connect = Callable[[Path, Mode], Connection]
"""How a file is opened; tests put a file layer of their own under it."""

WAIT: Final = 10.0
"""Seconds to wait for somebody else's lock."""


def connect(path: Path, mode: Mode, *, wait: float = WAIT) -> Connection:
    """A connection of the standard library's driver, in autocommit mode."""
    query = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    address = ":memory:" if mode == "memory" else f"file:{quote(str(path.absolute()))}?{query}"
    opened = sqlite3.connect(address, timeout=wait, isolation_level=None, check_same_thread=False, uri=True)
    return cast("Connection", opened)


_FAMILIES: Final[Mapping[int, type[LedgerError]]] = {
    sqlite3.SQLITE_BUSY: Locked,
    sqlite3.SQLITE_LOCKED: Locked,
    sqlite3.SQLITE_PROTOCOL: Locked,
    sqlite3.SQLITE_READONLY: ReadOnly,
    sqlite3.SQLITE_PERM: ReadOnly,
    sqlite3.SQLITE_CANTOPEN: ReadOnly,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_CORRUPT: Damaged,
    sqlite3.SQLITE_NOTADB: Damaged,
}


@contextmanager
def failures_named(path: Path) -> Generator[None]:
    """Turn the driver's errors into ours, naming the file."""
    try:
        yield
    except sqlite3.ProgrammingError as error:
        raise Closed(f"{path}: {error}") from error
    except UnicodeDecodeError as error:
        # The engine's message quotes a damaged schema, and the driver stumbles over it.
        raise Damaged(f"{path}: the schema cannot be read") from error
    except sqlite3.Error as error:
        # The lower byte is the family, the upper ones say which call failed.
        code: int = getattr(error, "sqlite_errorcode", 0) & 0xFF
        named = _FAMILIES.get(code, StorageFailed)
        raise named(f"{path}: {error}") from error
