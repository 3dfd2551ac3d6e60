"""The store for deployments: a PostgreSQL database (14 or later) with one fenced sequencer.

Three fences keep a second writer out. A session's advisory lock elects one; the epoch in `head`, raised by
whoever is elected and compared in every transaction, refuses a writer that lost the lock and does not know it
yet; the primary key of `entry` is the last. One schema of one database holds one ledger.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Final, cast

import psycopg
from psycopg import errors as engine
from psycopg.pq import TransactionStatus

from habeas.ledger import statements
from habeas.ledger.errors import (
    Damaged,
    Fenced,
    LedgerError,
    Locked,
    OutcomeUnknown,
    ReadOnly,
    StorageFailed,
    WrongSchema,
)
from habeas.ledger.postgres_connections import Link, closed, connect, failures_named, is_lost, named
from habeas.ledger.postgres_schema import described, strangers_in
from habeas.ledger.store import SCHEMA, DuplicateRow, Head, HoleRow, Row, head_digest


def _asked(statement: str) -> bytes:
    """A statement with this driver's sign for a parameter."""
    return statement.replace("?", "%s").encode()


_INSERT: Final = _asked(statements.INSERT)
_SELECT_HEAD: Final = _asked(statements.SELECT_HEAD)
_LOCK_HEAD: Final = _SELECT_HEAD + b" FOR UPDATE"
_UPDATE_HEAD: Final = _asked(statements.UPDATE_HEAD) + b" AND epoch = %s"
_RAISE_EPOCH: Final = b"UPDATE head SET epoch = %s, digest = %s WHERE id = 1"
_SELECT_ROW: Final = _asked(statements.SELECT_ROW)
_SELECT_ROWS: Final = _asked(statements.SELECT_ROWS) + b" LIMIT 1000"
_SELECT_STREAM: Final = _asked(statements.SELECT_STREAM)
_SELECT_RECORDED_AT: Final = _asked(statements.SELECT_RECORDED_AT)
_SELECT_BY_KEY: Final = _asked(statements.SELECT_BY_KEY)
_SELECT_BY_EVENT: Final = _asked(statements.SELECT_BY_EVENT)
_SELECT_HEADS: Final = _asked(statements.SELECT_HEADS)
_SELECT_HOLES: Final = _asked(statements.SELECT_HOLES)
_SELECT_VERSION: Final = _asked(statements.SELECT_VERSION)
_INSERT_HOLE: Final = _asked(statements.INSERT_HOLE)
_EMPTY_ENTRY: Final = _asked(statements.EMPTY_ENTRY)
_EMPTY_PAYLOAD: Final = _asked(statements.EMPTY_PAYLOAD)
_ELECT: Final = b"SELECT pg_advisory_lock(hashtextextended('habeas ledger ' || current_schema(), 0))"
_LEAVE: Final = b"SELECT pg_advisory_unlock_all()"
_SNAPSHOT: Final = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# Settings of the server with which an acknowledged commit may be lost or a page torn.
_UNSAFE: Final = (
    b"SELECT name || ' is off' FROM pg_settings WHERE name IN ('fsync', 'full_page_writes')"
    b" AND setting = 'off' ORDER BY name"
)


def _head_of(found: tuple[object, ...] | None) -> Head:
    """The head from its row."""
    if found is None:
        raise Damaged("the head is missing")
    size, recorded_at, settled_at, chain, frontier, epoch = cast(
        "tuple[int, int | None, int | None, bytes, bytes, int]", found
    )
    return Head(size, recorded_at, settled_at, chain, frontier, epoch)


def _one(link: Link, statement: bytes, *parameters: object) -> tuple[object, ...] | None:
    """The first row of a statement."""
    return link.execute(statement, parameters, binary=True).fetchone()


class PostgresWriter:
    """The elected writer: a session with the advisory lock and an epoch of its own."""

    def __init__(self, url: str, name: str) -> None:
        """Be elected.

        Args:
            url: The database.
            name: Its name in messages.

        Raises:
            Locked: if another sequencer is there, and was for as long as we waited.
            Unavailable: if the database cannot be written.
        """
        self._url = url
        self._name = name
        with failures_named(name):
            self._link = connect(url, writable=True)
        try:
            self._epoch = self._elected()
        except BaseException:
            self._link.close()
            raise

    def _elected(self) -> int:
        """Take the lock and raise the epoch; whoever wrote before is refused from now on."""
        try:
            with failures_named(self._name):
                self._link.execute(_ELECT)
        except Locked as error:
            raise Locked(f"{self._name}: another sequencer is writing") from error
        with failures_named(self._name), self._link.transaction():
            head = _head_of(_one(self._link, _LOCK_HEAD))
            raised = replace(head, epoch=head.epoch + 1)
            self._link.execute(_RAISE_EPOCH, (raised.epoch, head_digest(raised)))
        return raised.epoch

    def begin(self) -> Head:
        """Start the transaction, lock the head and read it."""
        with failures_named(self._name):
            self._link.execute("BEGIN")
            head = _head_of(_one(self._link, _LOCK_HEAD))
        if head.epoch != self._epoch:
            raise self._fenced(head.epoch)
        return head

    def _fenced(self, epoch: int | None = None) -> Fenced:
        found = "" if epoch is None else f"; the epoch is {epoch}, ours was {self._epoch}"
        return Fenced(f"{self._name}: another sequencer has taken over{found}")

    def insert(self, rows: Sequence[Row]) -> None:
        """Add rows."""
        try:
            with self._link.cursor() as cursor:
                cursor.executemany(_INSERT, rows)
        except engine.UniqueViolation as error:
            raise DuplicateRow(str(error)) from error
        except psycopg.Error as error:
            raise named(self._name, error) from error

    def open_hole(self, hole: HoleRow) -> None:
        """Remove the bytes that a hole names from what anybody can select."""
        with failures_named(self._name):
            self._link.execute(_INSERT_HOLE, hole)
            self._link.execute(_EMPTY_ENTRY if hole.what == "entry" else _EMPTY_PAYLOAD, (hole.seq,))

    def commit(self, head: Head) -> None:
        """Write the head if the epoch is still ours, and commit.

        Raises:
            Fenced: if another sequencer has taken over; nothing was recorded.
            OutcomeUnknown: if the connection was lost while committing and nobody can be asked.
            Unavailable: if it surely did not happen.
        """
        with failures_named(self._name):
            changed = self._link.execute(
                _UPDATE_HEAD,
                (
                    head.size,
                    head.recorded_at,
                    head.settled_at,
                    head.chain,
                    head.frontier,
                    head_digest(head),
                    self._epoch,
                ),
            ).rowcount
        if not changed:
            raise self._fenced()
        try:
            said = self._link.execute("COMMIT").statusmessage
        except psycopg.Error as error:
            self._settle(head, error)
        else:
            # The engine answers COMMIT with ROLLBACK where the transaction had failed.
            if said != "COMMIT":
                raise StorageFailed(f"{self._name}: not recorded: the server answered {said}")

    def _settle(self, head: Head, error: psycopg.Error) -> None:
        """Find out what became of a commit whose answer was lost; returns if it happened.

        The old session may still be committing. Its row lock on the head is waited for, so that what is
        read can no longer change.
        """
        self._link.close()
        try:
            with failures_named(self._name):
                link = connect(self._url, writable=True)
                try:
                    found = _head_of(_one(link, _LOCK_HEAD))
                finally:
                    link.close()
        except LedgerError as second:
            raise OutcomeUnknown(f"{self._name}: {error}; then {second}") from error
        if replace(found, epoch=head.epoch) == head:
            return
        if found.epoch != head.epoch:
            # Somebody else has written since: ours may lie below.
            raise OutcomeUnknown(f"{self._name}: {error}; then {self._fenced(found.epoch)}") from error
        raise StorageFailed(f"{self._name}: not recorded: {error}") from error

    def rollback(self) -> None:
        """Undo the transaction if one is open."""
        if self._link.closed or self._link.info.transaction_status == TransactionStatus.IDLE:
            return
        try:
            self._link.execute("ROLLBACK")
        except psycopg.Error:
            # The session has ended, and its transaction with it; the next `begin` says what is wrong.
            self._link.close()

    def purge(self) -> None:
        """Nothing more can be done from here: old row versions go with VACUUM, logs with their retention."""

    def seq_of_key(self, actor: str, idem: str) -> int | None:
        """Which entry was recorded under an idempotency key."""
        with failures_named(self._name):
            found = _one(self._link, _SELECT_BY_KEY, actor, idem)
        return None if found is None else cast("int", found[0])

    def seq_of_event(self, event_id: str) -> int | None:
        """Which entry an event is."""
        with failures_named(self._name):
            found = _one(self._link, _SELECT_BY_EVENT, event_id)
        return None if found is None else cast("int", found[0])

    def row(self, seq: int) -> Row | None:
        """One row."""
        with failures_named(self._name):
            return cast("Row | None", _one(self._link, _SELECT_ROW, seq))

    def close(self) -> None:
        """Undo what is open, leave the lock to another and close."""
        self.rollback()
        if not self._link.closed:
            try:
                self._link.execute(_LEAVE)
            except psycopg.Error:
                # A session that ended holds no lock.
                pass
            finally:
                self._link.close()


class PostgresStore:
    """A ledger in one schema of a PostgreSQL database."""

    def __init__(self, url: str, *, writable: bool = True) -> None:
        """Open a ledger that is there.

        Args:
            url: The database, as libpq reads it.
            writable: False to read only.

        Raises:
            NotALedger: if there is no such database, or it holds no ledger.
            WrongSchema: if its tables are of another version.
            Unavailable: if the server cannot be reached.
        """
        self.name = described(url)
        self._url = url
        self._writable = writable
        self._idle: list[Link] = []
        self._guard = threading.Lock()
        self._closed = False
        try:
            found = self._first(_SELECT_VERSION)
        except LedgerError:
            self.close()
            raise
        version = None if found is None else cast("str", found[0])
        if version != SCHEMA:
            self.close()
            raise WrongSchema(version, SCHEMA)

    @property
    def writable(self) -> bool:
        """Whether it was opened to append."""
        return self._writable

    def reopener(self) -> Callable[[], PostgresStore]:
        """What opens the same database again for reading, also in another process."""
        return partial(PostgresStore, self._url, writable=False)

    def writer(self) -> PostgresWriter:
        """Be elected as the one who appends."""
        if not self._writable:
            raise ReadOnly(f"{self.name}: opened for reading only")
        return PostgresWriter(self._url, self.name)

    @contextmanager
    def _lent(self) -> Generator[Link]:
        """A reading connection for the time of a question; several threads have several."""
        with self._guard:
            if self._closed:
                raise closed(self.name)
            link = self._idle.pop() if self._idle else None
        link = connect(self._url, writable=False) if link is None else link
        try:
            yield link
        finally:
            self._take_back(link)

    def _take_back(self, link: Link) -> None:
        """Keep a connection for the next question, if it is still of use."""
        with self._guard:
            if not self._closed and link.info.transaction_status == TransactionStatus.IDLE:
                self._idle.append(link)
                return
        link.close()

    def _all(self, statement: bytes, *parameters: object) -> list[tuple[object, ...]]:
        """Every row of a question; asked once more where the connection had been lost since the last."""
        with failures_named(self.name):
            try:
                return self._asked_once(statement, parameters)
            except psycopg.OperationalError as error:
                if not is_lost(error):
                    raise
                with self._guard:
                    lost, self._idle = self._idle, []
                for link in lost:
                    link.close()
                return self._asked_once(statement, parameters)

    def _asked_once(self, statement: bytes, parameters: Sequence[object]) -> list[tuple[object, ...]]:
        with self._lent() as link:
            return link.execute(statement, parameters, binary=True).fetchall()

    def _first(self, statement: bytes, *parameters: object) -> tuple[object, ...] | None:
        found = self._all(statement, *parameters)
        return found[0] if found else None

    def head(self) -> Head:
        """Where the ledger ends, as last committed."""
        return _head_of(self._first(_SELECT_HEAD))

    def row(self, seq: int) -> Row | None:
        """One row."""
        return cast("Row | None", self._first(_SELECT_ROW, seq))

    def recorded_at(self, seq: int) -> int:
        """Recorded time of an entry that is there."""
        found = self._first(_SELECT_RECORDED_AT, seq)
        if found is None:
            raise Damaged(f"{self.name}: entry {seq} is missing")
        return cast("int", found[0])

    def seq_of_event(self, event_id: str) -> int | None:
        """Which entry an event is."""
        found = self._first(_SELECT_BY_EVENT, event_id)
        return None if found is None else cast("int", found[0])

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Rows in order, of one snapshot."""
        with failures_named(self.name), self._lent() as link:
            link.execute(_SNAPSHOT)
            try:
                while page := link.execute(_SELECT_ROWS, (start, stop), binary=True).fetchall():
                    yield from cast("list[Row]", page)
                    start = cast("list[Row]", page)[-1][0] + 1
            finally:
                if not link.closed:
                    link.execute("ROLLBACK")

    def rows_of(self, stream: str, stop: int) -> list[Row]:
        """Rows of a stream, in order."""
        return cast("list[Row]", self._all(_SELECT_STREAM, stream, stop))

    def holes(self) -> list[HoleRow]:
        """Every hole, in order."""
        return [HoleRow(*cast("HoleRow", row)) for row in self._all(_SELECT_HOLES)]

    def heads(self) -> list[tuple[object, ...]]:
        """Every row of `head`, every column."""
        return self._all(_SELECT_HEADS)

    def strangers(self) -> Sequence[str]:
        """What of the schema is missing, added or not as the migrations made it."""
        with failures_named(self.name), self._lent() as link:
            return strangers_in(link, SCHEMA)

    def engine_faults(self) -> list[str]:
        """Settings of the server with which a commit that was acknowledged may be lost."""
        return [str(row[0]) for row in self._all(_UNSAFE)]

    def close(self) -> None:
        """Close every reading connection."""
        with self._guard:
            self._closed = True
            for link in self._idle:
                link.close()
            self._idle.clear()
