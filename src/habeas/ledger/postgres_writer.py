"""The one who appends to a ledger in PostgreSQL: elected, fenced, one round trip for each batch.

Three fences keep a second writer out. A session's advisory lock elects one. The epoch in `head` is raised by
whoever is elected and compared in every transaction, together with the size: a writer that lost the lock and
does not know it yet is refused. The primary key of `entry` is the last.

The place is held on a lease: whoever wants it may end a session of the same role that holds it and has been
silent for `LEASE` seconds. So a writer that was stopped loses its place to another, and one that is idle
takes it again with its next batch.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

import psycopg
from psycopg import errors as engine
from psycopg.pq import TransactionStatus

from habeas.ledger import postgres_connections as connections
from habeas.ledger import statements
from habeas.ledger.errors import Damaged, Fenced, LedgerError, Locked, OutcomeUnknown, StorageFailed
from habeas.ledger.postgres_connections import Cursor, Link, asked, connect, failures_named, is_lost, named
from habeas.ledger.postgres_functions import OVERTAKEN
from habeas.ledger.store import DuplicateRow, Head, HoleRow, Row, head_digest

SELECT_HEAD: Final = asked(statements.SELECT_HEAD)
_SELECT_ROW: Final = asked(statements.SELECT_ROW)
_SELECT_BY_KEY: Final = asked(statements.SELECT_BY_KEY)
_SELECT_BY_EVENT: Final = asked(statements.SELECT_BY_EVENT)
_SELECT_HOLES: Final = asked(statements.SELECT_HOLES)
_NUMBER: Final = b"hashtextextended('habeas ledger ' || current_schema(), 0)"
_ELECT: Final = b"SELECT pg_advisory_lock(" + _NUMBER + b")"
# The number of the lock stands in two columns, its upper half first.
_END_SILENT: Final = (
    b"SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    b" WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND datname = current_database()"
    b" AND database = datid AND (classid::bigint << 32 | objid::bigint) = " + _NUMBER + b""
    b" AND state LIKE 'idle%%' AND state_change < clock_timestamp() - %s * interval '1 second'"
)
_LEAVE: Final = b"SELECT pg_advisory_unlock_all()"
_WHO: Final = b"SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
# A number may be given to another process later; with its beginning it is never another session.
_END: Final = b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s AND backend_start = %s"
_TAKE_OVER: Final = b"SELECT habeas_take_over(%b::bigint, %b::bigint, %b::bigint, %b::bigint, %b::bytea)"
_MOVE_HEAD: Final = (
    b"SELECT habeas_move_head(%b::bigint, %b::bigint, %b::bigint, %b::bigint, %b::bigint, %b::bigint,"
    b" %b::bytea, %b::bytea, %b::bytea)"
)
_OPEN_HOLE: Final = b"SELECT habeas_open_hole(%b::bigint, %b::text, %b::bigint, %b::bytea)"
# One statement for all rows of a batch, a column at a time: each value costs a third of what it costs alone.
_INSERT: Final = (
    b"INSERT INTO entry (seq, recorded_at, stream, event_id, actor, idem, header, sealed, leaf, chain)"
    b" SELECT * FROM unnest(%b::bigint[], %b::bigint[], %b::text[], %b::text[], %b::text[], %b::text[],"
    b" %b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[])"
)
_TOGETHER: Final = 1_000
"""Rows in one statement."""


def head_of(found: tuple[object, ...] | None) -> Head:
    """The head from its row.

    Raises:
        Damaged: if there is none.
    """
    if found is None:
        raise Damaged("the head is missing")
    size, recorded_at, settled_at, chain, frontier, epoch = cast(
        "tuple[int, int | None, int | None, bytes, bytes, int]", found
    )
    return Head(size, recorded_at, settled_at, chain, frontier, epoch)


def _one(link: Link, statement: bytes, *parameters: object) -> tuple[object, ...] | None:
    """The first row of a statement."""
    return link.execute(statement, parameters, binary=True).fetchone()


def _raised(link: Link, head: Head) -> Head | None:
    """The head with an epoch of ours; None if it is no longer the head."""
    own = replace(head, epoch=head.epoch + 1)
    found = _one(link, _TAKE_OVER, head.epoch, head.size, head.settled_at, own.epoch, head_digest(own))
    return own if found == (True,) else None


class PostgresWriter:
    """The elected writer. What it is given is kept until `commit`, and then sent in one piece."""

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
        self._rows: list[Row] = []
        self._holes: list[HoleRow] = []
        self._elect()

    def _elect(self) -> None:
        """Take the lock and raise the epoch; whoever wrote before is refused from now on."""
        with failures_named(self._name):
            self._link = connect(self._url, writable=True)
            # A statement whose preparation was left out with a failed batch would be taken for prepared.
            self._link.prepare_threshold = None
            try:
                self._head = self._elected()
                found = _one(self._link, _WHO)
            except BaseException:
                self._link.close()
                raise
        assert found is not None  # a session sees itself
        self._session = found

    def _elected(self) -> Head:
        self._lock()
        while True:
            found = head_of(_one(self._link, SELECT_HEAD))
            # One that was elected before us may be in the middle of its last transaction.
            if (own := _raised(self._link, found)) is not None:
                return own

    def _lock(self) -> None:
        """Take the place of the one who writes, from a silent one if need be."""
        self._link.execute("SET lock_timeout TO '1s'")
        for left in reversed(range(connections.WAIT)):
            try:
                self._link.execute(_ELECT)
            except engine.LockNotAvailable as error:
                if not left:
                    raise Locked(f"{self._name}: another sequencer is writing") from error
                self._link.execute(_END_SILENT, (connections.LEASE,))
            else:
                break
        self._link.execute(b"SET lock_timeout TO '%ds'" % connections.WAIT)

    def _stands(self) -> bool:
        """Whether the session is there, as far as can be seen without asking the server."""
        if self._link.closed:
            return False
        # A server that ends a session says so first; else it has nothing to say between two batches.
        return not select.select([self._link.fileno()], [], [], 0)[0]

    def begin(self) -> Head:
        """Where the ledger ends. Nobody else can move it without being noticed by `commit`."""
        self._rows.clear()
        self._holes.clear()
        if not self._stands():
            self._link.close()
            self._elect()
        return self._head

    def insert(self, rows: Sequence[Row]) -> None:
        """Add rows to what `commit` sends."""
        self._rows.extend(rows)

    def open_hole(self, hole: HoleRow) -> None:
        """Add to what `commit` sends that the bytes which a hole names are removed."""
        self._holes.append(hole)

    def commit(self, head: Head) -> None:
        """Send all of it, and the head if it is still the one that `begin` gave; durable when this returns.

        Raises:
            DuplicateRow: if a row is there already; nothing was recorded.
            Fenced: if another sequencer has taken over; nothing was recorded.
            OutcomeUnknown: if the connection was lost while committing and nobody can be asked.
            Unavailable: if it surely did not happen.
        """
        try:
            said = self._sent(head)
        except engine.UniqueViolation as error:
            raise DuplicateRow(str(error)) from error
        except psycopg.Error as error:
            if error.sqlstate == OVERTAKEN:
                self._link.close()
                raise Fenced(
                    f"{self._name}: another sequencer has taken over; nothing was recorded"
                ) from error
            if not self._link.closed and not is_lost(error):
                raise named(self._name, error) from error
            self._settle(head, error)
        else:
            # The engine answers COMMIT with ROLLBACK where the transaction had failed.
            if said != "COMMIT":
                raise StorageFailed(f"{self._name}: not recorded: the server answered {said}")
            self._head = head

    def _sent(self, head: Head) -> str | None:
        """Send the transaction in one round trip and give the answer to COMMIT."""
        before = self._head
        moved = (
            *(before.epoch, before.size, before.settled_at),
            *(head.size, head.recorded_at, head.settled_at),
            *(head.chain, head.frontier, head_digest(head)),
        )
        # The head first: its lock makes whoever asks what became of us wait.
        steps: list[tuple[bytes, Sequence[object]]] = [(b"BEGIN", ()), (_MOVE_HEAD, moved)]
        for start in range(0, len(self._rows), _TOGETHER):
            columns = zip(*self._rows[start : start + _TOGETHER], strict=True)
            steps.append((_INSERT, [list(column) for column in columns]))
        steps += [(_OPEN_HOLE, hole) for hole in self._holes]
        return self._sent_together([*steps, (b"COMMIT", ())])

    def _sent_together(self, steps: Sequence[tuple[bytes, Sequence[object]]]) -> str | None:
        """Send statements without waiting for the answers between, and give the answer to the last."""
        failed: psycopg.Error | None = None
        said: Cursor | None = None
        try:
            with self._link.pipeline():
                try:
                    for statement, parameters in steps:
                        said = self._link.execute(statement, parameters)
                except psycopg.Error as error:
                    failed = error
        except psycopg.Error as error:
            # What failed first says what is wrong; what came after it was only left out.
            raise failed or error from None
        if failed is not None:
            raise failed
        return None if said is None else said.statusmessage

    def _overtaken(self) -> Fenced:
        return Fenced(f"{self._name}: another sequencer has taken over; nothing was recorded")

    def _settle(self, head: Head, error: psycopg.Error) -> None:
        """Find out what became of a batch whose answer was lost; returns if it was recorded.

        The old session may still be committing, or its bytes still be on their way. The epoch is raised,
        which waits for the one and refuses the other, so that what is answered can no longer change.
        """
        self._link.close()
        try:
            with failures_named(self._name):
                link = connect(self._url, writable=True)
                try:
                    recorded, found = self._looked(link, head)
                finally:
                    link.close()
        except LedgerError as second:
            raise OutcomeUnknown(f"{self._name}: {error}; then {second}") from error
        if recorded:
            return
        if found.epoch != head.epoch:
            raise self._overtaken() from error
        raise StorageFailed(f"{self._name}: not recorded: {error}") from error

    def _looked(self, link: Link, head: Head) -> tuple[bool, Head]:
        """Whether the batch stands, and the head found."""
        link.execute(_END, self._session)
        while True:
            found = head_of(_one(link, SELECT_HEAD))
            if found.epoch != head.epoch or _raised(link, found) is not None:
                return self._recorded(link, head, found), found

    def _recorded(self, link: Link, head: Head, found: Head) -> bool:
        """Whether a part of the batch is there; then all of it is."""
        if self._rows:
            row = cast("Row | None", _one(link, _SELECT_ROW, head.size - 1))
            # The chain value of an entry stands for all entries up to it.
            return row is not None and row[9] == head.chain
        if self._holes:
            opened = link.execute(_SELECT_HOLES, binary=True).fetchall()
            return set(self._holes) <= {HoleRow(*cast("HoleRow", row)) for row in opened}
        assert head.settled is not None  # a batch of nothing is never committed
        return found.settled is not None and found.settled >= head.settled

    def rollback(self) -> None:
        """Forget what was kept, and undo the transaction if one is open."""
        self._rows.clear()
        self._holes.clear()
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
