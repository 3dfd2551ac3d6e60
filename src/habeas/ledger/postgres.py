"""The store for deployments: one schema of a PostgreSQL database (14 or later) holds one ledger."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final, cast

import psycopg
from psycopg.pq import TransactionStatus

from habeas.ledger import statements
from habeas.ledger.errors import Damaged, LedgerError, ReadOnly, WrongSchema
from habeas.ledger.postgres_connections import Link, asked, closed, connect, failures_named, is_lost
from habeas.ledger.postgres_schema import described, strangers_in
from habeas.ledger.postgres_writer import SELECT_HEAD, PostgresWriter, head_of
from habeas.ledger.store import SCHEMA, Head, HoleRow, Row

_SELECT_ROW: Final = asked(statements.SELECT_ROW)
_SELECT_ROWS: Final = asked(statements.SELECT_ROWS) + b" LIMIT 1000"
_SELECT_STREAM: Final = asked(statements.SELECT_STREAM)
_SELECT_RECORDED_AT: Final = asked(statements.SELECT_RECORDED_AT)
_SELECT_BY_EVENT: Final = asked(statements.SELECT_BY_EVENT)
_SELECT_HEADS: Final = asked(statements.SELECT_HEADS)
_SELECT_HOLES: Final = asked(statements.SELECT_HOLES)
_SELECT_VERSION: Final = asked(statements.SELECT_VERSION)
_SNAPSHOT: Final = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# Settings of the server with which an acknowledged commit may be lost or a page torn.
_UNSAFE: Final = (
    b"SELECT name || ' is off' FROM pg_settings WHERE name IN ('fsync', 'full_page_writes')"
    b" AND setting = 'off' ORDER BY name"
)


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
        return head_of(self._first(SELECT_HEAD))

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
