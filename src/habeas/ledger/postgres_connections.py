"""Connections to PostgreSQL databases, and the engine's errors by our names."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg import errors as engine
from psycopg.conninfo import make_conninfo

from habeas.ledger.errors import (
    Closed,
    Damaged,
    DiskFull,
    LedgerError,
    Locked,
    NotALedger,
    ReadOnly,
    StorageFailed,
)

Link = psycopg.Connection[tuple[object, ...]]
"""A connection whose rows are plain tuples."""

Cursor = psycopg.Cursor[tuple[object, ...]]
"""What a statement answers."""

WAIT: Final = 10
"""Seconds to wait for a connection or for somebody else's lock."""

LEASE: Final = 5
"""Seconds of silence after which a writer's place is another's for the asking."""

# A server that vanished without a word is given up after about WAIT + 3 * 5 seconds.
_PATIENCE: Final = {
    "connect_timeout": WAIT,
    "keepalives_idle": WAIT,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}

_NAMES: Final[Sequence[tuple[type[psycopg.Error], type[LedgerError]]]] = (
    (engine.LockNotAvailable, Locked),
    (engine.DeadlockDetected, Locked),
    (engine.DiskFull, DiskFull),
    (engine.ReadOnlySqlTransaction, ReadOnly),
    (engine.InsufficientPrivilege, ReadOnly),
    (engine.DataCorrupted, Damaged),
    (engine.IndexCorrupted, Damaged),
    (engine.UndefinedTable, NotALedger),
    (engine.UndefinedColumn, Damaged),
    (engine.InvalidCatalogName, NotALedger),
)


def asked(statement: str) -> bytes:
    """A portable statement with this driver's sign for a parameter."""
    return statement.replace("?", "%s").encode()


def connect(url: str, *, writable: bool) -> Link:
    """A connection in autocommit mode.

    Args:
        url: As libpq reads it: `postgresql://...` or `host=... dbname=...`.
        writable: Whether its transactions may write.
    """
    link = psycopg.connect(make_conninfo(url, **_PATIENCE), autocommit=True)
    try:
        # An address may ask for another encoding or for sloppier commits; a ledger does not.
        settings = [b"SET client_encoding TO 'UTF8'", b"SET lock_timeout TO '%ds'" % WAIT]
        settings.append(b"SET default_transaction_read_only TO " + (b"off" if writable else b"on"))
        if writable:
            settings.append(b"SET synchronous_commit TO on")
            settings.append(b"SET idle_in_transaction_session_timeout TO '%ds'" % LEASE)
        link.execute(b"; ".join(settings))
    except BaseException:
        link.close()
        raise
    return link


def is_lost(error: psycopg.Error) -> bool:
    """Whether an error is that of a connection that ended or was never made, not of a statement."""
    return isinstance(error, engine.OperationalError) and (
        error.sqlstate is None or error.sqlstate[:2] in {"08", "57"} or error.sqlstate == "25P03"
    )


def named(name: str, error: psycopg.Error) -> LedgerError:
    """The engine's error as one of ours, naming the database."""
    for kind, ours in _NAMES:
        if isinstance(error, kind):
            return ours(f"{name}: {error}")
    return StorageFailed(f"{name}: {error}")


@contextmanager
def failures_named(name: str) -> Generator[None]:
    """Turn the engine's errors into ours, naming the database.

    Raises:
        LedgerError: whichever says it best; `StorageFailed` where none does.
    """
    try:
        yield
    except psycopg.Error as error:
        raise named(name, error) from error


def closed(name: str) -> Closed:
    """The error of a store that was closed."""
    return Closed(f"{name}: closed")
