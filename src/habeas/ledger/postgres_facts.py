"""Projections kept in PostgreSQL instead of a file, where several machines ask for rosters.

`asof` speaks to a connection in the SQL that both engines accept. What only one of them knows is translated
here: pragmas mean nothing to a server, a transaction that writes takes a lock of the schema's own, and texts
are compared byte by byte, so that everything comes in the same order from both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from psycopg import sql
from psycopg.pq import TransactionStatus

from habeas.ledger.connections import Connect, Connection, Cursor, Mode
from habeas.ledger.postgres_connections import connect, failures_named
from habeas.ledger.postgres_schema import described

SCHEMA: Final = "habeas_facts"
"""The schema of the facts: never that of the ledger, which holds nothing that may be thrown away."""

_ONE_WRITER: Final = b"SELECT pg_advisory_xact_lock(hashtextextended('habeas facts ' || current_schema(), 0))"


class _Nothing:
    """The answer to what means nothing here."""

    def fetchone(self) -> None:
        return None

    def fetchall(self) -> list[tuple[object, ...]]:
        return []

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        return iter(())


class _Facts:
    """A connection that is asked as the SQLite driver is."""

    def __init__(self, url: str, schema: str) -> None:
        self._name = described(url)
        with failures_named(self._name):
            self._link = connect(url, writable=True)
            # Projecting works between two statements, at times for longer than a writer's lease.
            self._link.execute("SET idle_in_transaction_session_timeout TO 0")
            # A statement whose preparation was left out with a failed one would be taken for prepared.
            self._link.prepare_threshold = None
            named = sql.Identifier(schema)
            self._link.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(named))
            self._link.execute(sql.SQL("SET search_path TO {}").format(named))

    def execute(self, statement: str, parameters: Sequence[object] = (), /) -> Cursor:
        if statement.startswith("PRAGMA"):
            return _Nothing()
        with failures_named(self._name):
            if statement == "BEGIN IMMEDIATE":
                self._link.execute("BEGIN")
                return self._link.execute(_ONE_WRITER)
            return self._link.execute(_said(statement), parameters)

    def executemany(self, statement: str, parameters: Sequence[Sequence[object]], /) -> object:
        if parameters:
            with failures_named(self._name), self._link.cursor() as cursor:
                cursor.executemany(_said(statement), parameters)
        return None

    @property
    def in_transaction(self) -> bool:
        return self._link.info.transaction_status != TransactionStatus.IDLE

    def close(self) -> None:
        self._link.close()


def _said(statement: str) -> bytes:
    """A statement of `asof` in the words of this engine."""
    return (
        statement.replace("?", "%s")
        .replace(" WITHOUT ROWID", "")
        .replace("TEXT NOT NULL", 'TEXT COLLATE "C" NOT NULL')
        .replace("TEXT PRIMARY KEY", 'TEXT COLLATE "C" PRIMARY KEY')
        .encode()
    )


def facts_in(url: str, schema: str = SCHEMA) -> Connect:
    """How a `Projector` opens its facts in a database.

    Args:
        url: The database; whoever asks may make a schema in it, or owns the one named.
        schema: Where the facts are.
    """
    return partial(_opened, url, schema)


def _opened(url: str, schema: str, _path: Path, _mode: Mode) -> Connection:
    return _Facts(url, schema)
