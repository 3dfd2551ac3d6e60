"""What is asked of a sequencer, and whether it was asked before."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from habeas.ledger.entries import Header, Receipt, decode_header
from habeas.ledger.errors import EventConflict, KeyConflict, LedgerError
from habeas.ledger.store import Head, HoleRow, Row, Writer


@dataclass(slots=True)
class Prepared:
    """An entry that lacks only its place."""

    header: Header
    sealed: bytes
    payload: bytes
    """What was sealed, to compare with if the key was used before; forgotten with the request."""

    chosen: bool
    """Whether the caller chose the event identifier."""


Opener = Callable[[Header, bytes], bytes]
"""Opens a sealed payload, to compare a request with the one first recorded under its key."""


class Request:
    """Entries to be recorded all or none, an instant to settle, or a hole to open.

    `generation` is that of the keys before the entries were sealed.
    """

    __slots__ = ("_done", "entries", "failure", "generation", "head", "hole", "receipts", "settle")

    def __init__(
        self,
        entries: Sequence[Prepared] = (),
        generation: int = 0,
        *,
        settle: int | None = None,
        hole: HoleRow | None = None,
    ) -> None:
        self.entries = entries
        self.generation = generation
        self.settle = settle
        self.hole = hole
        self.receipts: tuple[Receipt, ...] = ()
        self.head: Head | None = None
        self.failure: BaseException | None = None
        # A bare lock is the cheapest thing one thread can wait on for another.
        self._done = threading.Lock()
        self._done.acquire()

    def answer(self) -> None:
        """Wake whoever waits."""
        self._done.release()

    def wait(self) -> Request:
        """Wait until it is durable or refused.

        Raises:
            LedgerError: why it was not recorded.
        """
        self._done.acquire()
        if self.failure is not None:
            raise self.failure
        return self


class RefusedRequest(Exception):
    """One request of a batch cannot be recorded; the others can."""

    def __init__(self, request: Request, failure: LedgerError) -> None:
        super().__init__(str(failure))
        self.request = request
        self.failure = failure


class Lookup:
    """Finds what was recorded before under the same key, in the store or earlier in this batch."""

    def __init__(self, writer: Writer, opener: Opener) -> None:
        self._writer = writer
        self._opener = opener
        self._keys: dict[tuple[str | None, str | None], Row] = {}
        self._events: dict[str | None, int] = {}

    def note(self, row: Row) -> None:
        """Remember a row of this batch."""
        self._keys[row[4], row[5]] = row
        self._events[row[3]] = row[0]

    def earlier(self, request: Request, prepared: Prepared) -> Row | None:
        """The row that the same request was recorded as, if it was.

        Raises:
            RefusedRequest: if the key stands for another request, or the event identifier for another event.
        """
        header = prepared.header
        row = self._by_key(header.actor, header.idem)
        if row is None:
            if (seq := self._event(header.event_id)) is not None:
                raise RefusedRequest(request, EventConflict(header.event_id, seq))
            return None
        try:
            fields = self._differences(prepared, row)
        except LedgerError as failure:
            raise RefusedRequest(request, failure) from failure
        if fields:
            raise RefusedRequest(request, KeyConflict(header.actor, header.idem, row[0], fields))
        return row

    def _by_key(self, actor: str, idem: str) -> Row | None:
        if (row := self._keys.get((actor, idem))) is not None:
            return row
        seq = self._writer.seq_of_key(actor, idem)
        return None if seq is None else self._writer.row(seq)

    def _event(self, event_id: str) -> int | None:
        if (seq := self._events.get(event_id)) is not None:
            return seq
        return self._writer.seq_of_event(event_id)

    def _differences(self, prepared: Prepared, row: Row) -> tuple[str, ...]:
        """Which fields of the request are not those first recorded; a removed payload cannot differ."""
        data, sealed = row[6], row[7]
        assert data is not None  # a row is found by columns that an entry hole empties with the header
        first = decode_header(data)
        asked = prepared.header
        names = [name for name in Header.__struct_fields__ if name not in PLACED]
        if prepared.chosen:
            names.append("event_id")
        differing = [name for name in names if getattr(first, name) != getattr(asked, name)]
        if sealed is not None and self._opener(first, sealed) != prepared.payload:
            differing.append("payload")
        return tuple(differing)


# What the ledger fills in, so that the same request has it otherwise the second time. The key may have been
# made anew meanwhile, which the comparison of payloads finds.
PLACED: Final = frozenset({"event_id", "key_id", "payload", "recorded_at", "seq"})
