"""The embedded store: one SQLite file in WAL mode, durable at every commit.

`synchronous=FULL` is not optional: in simulated power failures NORMAL lost acknowledged events and FULL lost
none (docs/explanation/ledger.md). The statements are plain SQL; SQLAlchemy is not loaded here.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final, cast

from habeas.ledger.connections import Connect, Connection, Cursor, Mode, connect, failures_named
from habeas.ledger.errors import Closed, Damaged, NotALedger, ReadOnly, StorageFailed, WrongSchema
from habeas.ledger.guards import standing
from habeas.ledger.statements import (
    EMPTY_ENTRY,
    EMPTY_PAYLOAD,
    INSERT,
    INSERT_HOLE,
    SELECT_BY_EVENT,
    SELECT_BY_KEY,
    SELECT_HEAD,
    SELECT_HEADS,
    SELECT_HOLES,
    SELECT_RECORDED_AT,
    SELECT_ROW,
    SELECT_ROWS,
    SELECT_STREAM,
    SELECT_VERSION,
    UPDATE_HEAD,
)
from habeas.ledger.store import SCHEMA, CommitUnknown, DuplicateRow, Head, HoleRow, Row, head_digest

_MOST_ROWS: Final = 64
# One statement for many rows: between two statements another thread may take the interpreter, and with many
# clients getting it back costs more than the row.
_INSERTS: Final = {
    count: INSERT + ", (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" * (count - 1)
    for count in (1 << power for power in range(_MOST_ROWS.bit_length()))
}

_TABLES: Final = frozenset({"alembic_version", "entry", "head", "hole"})
_INDEXES: Final = frozenset({"entry_stream", "entry_event", "entry_key"})


class SqliteWriter:
    """The connection that appends; the file's write lock keeps a second one waiting."""

    def __init__(self, path: Path, connection: Connection, synchronous: str) -> None:
        self._path = path
        self._connection = connection
        with failures_named(path):
            for pragma in (
                "journal_mode = WAL",
                f"synchronous = {synchronous}",
                # On macOS fsync alone leaves the bytes in the drive's cache.
                "fullfsync = ON",
                "checkpoint_fullfsync = ON",
                "trusted_schema = OFF",
            ):
                connection.execute(f"PRAGMA {pragma}").fetchall()

    def begin(self) -> Head:
        """Take the write lock and read the head."""
        with failures_named(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            return _head(self._connection)

    def insert(self, rows: Sequence[Row]) -> None:
        """Add rows."""
        try:
            with failures_named(self._path):
                start = 0
                while start < len(rows):
                    # The largest power of two that is left, so that few different statements are prepared.
                    count = min(_MOST_ROWS, 1 << (len(rows) - start).bit_length() - 1)
                    values = tuple(chain.from_iterable(rows[start : start + count]))
                    self._connection.execute(_INSERTS[count], values)
                    start += count
        except StorageFailed as error:
            cause = error.__cause__
            if getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CONSTRAINT:
                raise DuplicateRow(str(cause)) from cause
            raise

    def open_hole(self, hole: HoleRow) -> None:
        """Remove the bytes that a hole names, and overwrite them in the file."""
        with failures_named(self._path):
            self._connection.execute("PRAGMA secure_delete = ON").fetchall()
            self._connection.execute(INSERT_HOLE, hole)
            self._connection.execute(EMPTY_ENTRY if hole.what == "entry" else EMPTY_PAYLOAD, (hole.seq,))

    def commit(self, head: Head) -> None:
        """Write the head and commit; the file is synchronised before this returns."""
        with failures_named(self._path):
            self._connection.execute(
                UPDATE_HEAD,
                (
                    head.size,
                    head.recorded_at,
                    head.settled_at,
                    head.chain,
                    head.frontier,
                    head_digest(head),
                ),
            )
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise CommitUnknown(str(error)) from error

    def rollback(self) -> None:
        """Undo the transaction if one is open."""
        if self._connection.in_transaction:
            try:
                self._connection.execute("ROLLBACK")
            except sqlite3.Error:
                # The engine has rolled back by itself, or the next `begin` says what is wrong.
                return

    def purge(self) -> None:
        """Move the write-ahead log into the file and empty it: bytes removed by a hole stay in it else."""
        with failures_named(self._path):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def seq_of_key(self, actor: str, idem: str) -> int | None:
        """Which entry was recorded under an idempotency key."""
        with failures_named(self._path):
            return _seq(self._connection.execute(SELECT_BY_KEY, (actor, idem)))

    def seq_of_event(self, event_id: str) -> int | None:
        """Which entry an event is."""
        with failures_named(self._path):
            return _seq(self._connection.execute(SELECT_BY_EVENT, (event_id,)))

    def row(self, seq: int) -> Row | None:
        """One row."""
        with failures_named(self._path):
            return cast("Row | None", self._connection.execute(SELECT_ROW, (seq,)).fetchone())

    def close(self) -> None:
        """Undo what is open and close."""
        self.rollback()
        self._connection.close()


def _head(connection: Connection) -> Head:
    """The head row."""
    found = connection.execute(SELECT_HEAD).fetchone()
    if found is None:
        raise Damaged("the head is missing")
    size, recorded_at, settled_at, chain, frontier, epoch = cast(
        "tuple[int, int | None, int | None, bytes, bytes, int]", found
    )
    return Head(size, recorded_at, settled_at, chain, frontier, epoch)


def _seq(cursor: Cursor) -> int | None:
    """The one number a cursor gives."""
    found = cursor.fetchone()
    return None if found is None else cast("int", found[0])


class SqliteStore:
    """A ledger in one SQLite file."""

    def __init__(self, path: Path, *, writable: bool = True, opened: Connect = connect) -> None:
        """Open a ledger that is there.

        Args:
            path: The file.
            writable: False to read only; nothing is then written, not even by a read.
            opened: How to open a connection.

        Raises:
            NotALedger: if there is no file, or it holds no ledger.
            WrongSchema: if its tables are of another version.
        """
        if not path.is_file():
            raise NotALedger(f"{path}: no such file")
        self.path = path
        self._writable = writable
        self._connect = opened
        self._local = threading.local()
        self._connections: list[Connection] = []
        self._guard = threading.Lock()
        self._closed = False
        self._mode: Mode = "rw" if writable else "ro"
        found = self._version()
        if found != SCHEMA:
            self.close()
            raise WrongSchema(found, SCHEMA)

    @property
    def writable(self) -> bool:
        """Whether it was opened to append."""
        return self._writable

    def reopener(self) -> Callable[[], SqliteStore]:
        """What opens the same file again for reading, also in another process."""
        return partial(SqliteStore, self.path, writable=False, opened=self._connect)

    def _version(self) -> str | None:
        """The version of the tables; a file that only an administrator can write is read as it lies."""
        try:
            return self._read_version()
        except ReadOnly:
            log = self.path.with_name(self.path.name + "-wal")
            if self._writable or (log.exists() and log.stat().st_size):
                raise
            self._mode = "immutable"
            self._local = threading.local()
            return self._read_version()

    def _read_version(self) -> str | None:
        try:
            found = self._reader().execute(SELECT_VERSION).fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                raise NotALedger(f"{self.path}: a database, but no ledger") from error
            with failures_named(self.path):
                raise
        except UnicodeDecodeError as error:
            raise Damaged(f"{self.path}: the schema cannot be read") from error
        except sqlite3.DatabaseError as error:
            raise NotALedger(f"{self.path}: {error}") from error
        return None if found is None else cast("str", found[0])

    def _reader(self) -> Connection:
        """This thread's own connection."""
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            with self._guard:
                if self._closed:
                    raise Closed(f"{self.path}: closed")
                with failures_named(self.path):
                    connection = self._connect(self.path, self._mode)
                self._connections.append(connection)
            self._local.connection = connection
        return connection

    def writer(self) -> SqliteWriter:
        """The connection that appends."""
        return self._writer("FULL")

    def _writer(self, synchronous: str) -> SqliteWriter:
        if not self._writable:
            raise ReadOnly(f"{self.path}: opened for reading only")
        with failures_named(self.path):
            connection = self._connect(self.path, "rw")
        return SqliteWriter(self.path, connection, synchronous)

    def head(self) -> Head:
        """Where the ledger ends, as last committed."""
        with failures_named(self.path):
            return _head(self._reader())

    def row(self, seq: int) -> Row | None:
        """One row."""
        with failures_named(self.path):
            return cast("Row | None", self._reader().execute(SELECT_ROW, (seq,)).fetchone())

    def recorded_at(self, seq: int) -> int:
        """Recorded time of an entry that is there."""
        with failures_named(self.path):
            found = self._reader().execute(SELECT_RECORDED_AT, (seq,)).fetchone()
        if found is None:
            raise Damaged(f"{self.path}: entry {seq} is missing")
        return cast("int", found[0])

    def seq_of_event(self, event_id: str) -> int | None:
        """Which entry an event is."""
        with failures_named(self.path):
            return _seq(self._reader().execute(SELECT_BY_EVENT, (event_id,)))

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Rows in order, of one snapshot."""
        with failures_named(self.path):
            cursor = self._reader().execute(SELECT_ROWS, (start, stop))
            yield from cast("Iterator[Row]", cursor)

    def rows_of(self, stream: str, stop: int) -> list[Row]:
        """Rows of a stream, in order."""
        with failures_named(self.path):
            return cast("list[Row]", self._reader().execute(SELECT_STREAM, (stream, stop)).fetchall())

    def holes(self) -> list[HoleRow]:
        """Every hole, in order."""
        with failures_named(self.path):
            found = self._reader().execute(SELECT_HOLES).fetchall()
        return [HoleRow(*cast("HoleRow", row)) for row in found]

    def heads(self) -> list[tuple[object, ...]]:
        """Every row of `head`, every column."""
        with failures_named(self.path):
            return self._reader().execute(SELECT_HEADS).fetchall()

    def strangers(self) -> list[str]:
        """What of the schema is missing, added or not as the migrations wrote it."""
        with failures_named(self.path):
            found = self._reader().execute("SELECT type, name, sql FROM sqlite_master").fetchall()
            version = self._reader().execute(SELECT_VERSION).fetchall()
        there = {(str(kind), str(name)): str(sql) for kind, name, sql in found if sql is not None}
        guards = standing("sqlite")
        expected = (
            {("table", name) for name in _TABLES}
            | {("index", name) for name in _INDEXES}
            | {("trigger", name) for name in guards}
        )
        changed = [
            f"trigger {name}: not as it was made"
            for name, sql in guards.items()
            if there.get(("trigger", name), sql) != sql
        ]
        return [
            *(f"{kind} {name}: missing" for kind, name in sorted(expected - there.keys())),
            *(f"{kind} {name}: not of a ledger" for kind, name in sorted(there.keys() - expected)),
            *changed,
            *([] if version == [(SCHEMA,)] else [f"table alembic_version: expected {SCHEMA}"]),
        ]

    def engine_faults(self) -> list[str]:
        """What `PRAGMA integrity_check` says: pages, and indexes against their table."""
        with failures_named(self.path):
            said = self._reader().execute("PRAGMA integrity_check").fetchall()
        return [str(line[0]) for line in said if line[0] != "ok"]

    def close(self) -> None:
        """Close every reading connection."""
        with self._guard:
            self._closed = True
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._local = threading.local()
