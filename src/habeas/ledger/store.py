"""What an engine offers a ledger: rows in, rows out, one writer at a time.

A store does no cryptography and knows no meaning. `tests/contracts` holds every store to the same suite; the
tables and their bytes are those of docs/reference/ledger-format.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal, NamedTuple, Protocol

import msgspec

from habeas.kernel.instants import Instant
from habeas.ledger.chain import CHAIN_START, Frontier
from habeas.ledger.entries import Entry

SCHEMA: Final = "0003"
"""The version of the tables that stores read and write; the newest revision in `migrations`."""


Row = tuple[
    int, int, str | None, str | None, str | None, str | None, bytes | None, bytes | None, bytes, bytes
]
"""A row of `entry`: seq, recorded_at, stream, event_id, actor, idem, header, sealed, leaf, chain.

A plain tuple, as the drivers give and take it: a ledger is read by the million rows.
"""


def entry_of(row: Row) -> Entry:
    """The entry of a row, without the columns that repeat its header."""
    return Entry(row[0], Instant(row[1]), row[6], row[7], row[8], row[9])


@dataclass(frozen=True, slots=True)
class Head:
    """Where the ledger ends."""

    size: int = 0
    """Number of entries; the next one's `seq`."""

    recorded_at: int | None = None
    """Of the last entry; None when there is none."""

    settled_at: int | None = None
    """Instants up to it have their position for good; None when nobody asked beyond the last entry."""

    chain: bytes = CHAIN_START
    frontier: bytes = b""
    epoch: int = 0

    def tree(self) -> Frontier:
        """The tree, ready to grow."""
        return Frontier.read(self.size, self.frontier)

    @property
    def settled(self) -> int | None:
        """The last instant whose position can no longer change."""
        if self.recorded_at is None or self.settled_at is None:
            return self.settled_at if self.recorded_at is None else self.recorded_at
        return max(self.recorded_at, self.settled_at)


What = Literal["payload", "entry"]
"""What an order removed: the sealed payload, or the header too."""


class HoleRow(NamedTuple):
    """A row of `hole`."""

    seq: int
    what: What
    ordered_by: int
    digest: bytes


def hole_digest(seq: int, what: str, ordered_by: int) -> bytes:
    """The digest of a hole's other columns. No proof covers them; this shows a slip, not a forger."""
    return _digest_of([seq, what, ordered_by])


def head_digest(head: Head) -> bytes:
    """The digest of the head's other columns."""
    return _digest_of(
        [
            1,
            head.size,
            head.recorded_at,
            head.settled_at,
            head.chain.hex(),
            head.frontier.hex(),
            head.epoch,
        ]
    )


def _digest_of(values: list[object]) -> bytes:
    """SHA-256 of values as a JSON array without spaces."""
    return sha256(msgspec.json.encode(values)).digest()


class DuplicateRow(Exception):
    """A row's key, event identifier or position is there already; the transaction can only be undone."""


class CommitUnknown(Exception):
    """The engine failed while committing and did not say whether it had."""


class Writer(Protocol):
    """The one who may append. Used by a single thread."""

    def begin(self) -> Head:
        """Start the writing transaction and read where the ledger ends.

        Raises:
            Unavailable: if it cannot be started; there is nothing to undo then.
        """
        ...

    def insert(self, rows: Sequence[Row]) -> None:
        """Add rows.

        Raises:
            DuplicateRow: if one of them is there already.
            Unavailable: if the engine refuses.
        """
        ...

    def open_hole(self, hole: HoleRow) -> None:
        """Remove the bytes that a hole names, for good as far as the engine can."""
        ...

    def commit(self, head: Head) -> None:
        """Write the head and make all of it durable before returning.

        Raises:
            CommitUnknown: if it failed and may have happened nevertheless.
            Unavailable: if it surely did not happen.
        """
        ...

    def rollback(self) -> None:
        """Undo the transaction, if there is one; never raises."""
        ...

    def purge(self) -> None:
        """Remove what a hole emptied from the engine's logs too, as far as it can."""
        ...

    def seq_of_key(self, actor: str, idem: str) -> int | None:
        """Which entry was recorded under an idempotency key."""
        ...

    def seq_of_event(self, event_id: str) -> int | None:
        """Which entry an event is."""
        ...

    def row(self, seq: int) -> Row | None:
        """One row."""
        ...

    def close(self) -> None:
        """Give the writer's place up."""
        ...


class Store(Protocol):
    """An engine holding one ledger. Reading is safe from any thread."""

    @property
    def writable(self) -> bool:
        """Whether it was opened to append."""
        ...

    def reopener(self) -> Callable[[], Store]:
        """What opens the same store again for reading, in another process if need be."""
        ...

    def writer(self) -> Writer:
        """Become the one who may append.

        Raises:
            Unavailable: if the store cannot be written.
        """
        ...

    def head(self) -> Head:
        """Where the ledger ends, as last committed."""
        ...

    def row(self, seq: int) -> Row | None:
        """One row."""
        ...

    def recorded_at(self, seq: int) -> int:
        """Recorded time of an entry that is there."""
        ...

    def seq_of_event(self, event_id: str) -> int | None:
        """Which entry an event is."""
        ...

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Rows with `start <= seq < stop`, in order, as of one moment."""
        ...

    def rows_of(self, stream: str, stop: int) -> Sequence[Row]:
        """Rows of a stream with `seq < stop`, in order."""
        ...

    def holes(self) -> Sequence[HoleRow]:
        """Every hole, in order."""
        ...

    def heads(self) -> Sequence[tuple[object, ...]]:
        """Every row of `head` with every column as in the format: a verifier reads what is there."""
        ...

    def strangers(self) -> Sequence[str]:
        """Tables, triggers and indexes that should be there and are not, or the other way round."""
        ...

    def engine_faults(self) -> Sequence[str]:
        """What the engine's own check of its files finds; empty when all is well."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


Reopen = Callable[[], Store]
"""Opens the same store again for reading, in another process if need be (so it can be pickled)."""
