"""One thread that gives every entry its place: position, recorded time, digests, and durability.

A chain is one hot row. Requests of many clients are therefore gathered and committed together, so that a
hundred of them share one synchronisation of the disk (docs/explanation/ledger.md has the figures). Nothing is
acknowledged before its commit has returned.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue
from typing import Final

import msgspec

from habeas.kernel.instants import Instant
from habeas.ledger.chain import Frontier, leaf_hash, next_chain
from habeas.ledger.entries import (
    LARGEST,
    Header,
    Outcome,
    Receipt,
    encode_header,
)
from habeas.ledger.errors import (
    Closed,
    KeyGone,
    LedgerError,
    OutcomeUnknown,
    StorageFailed,
)
from habeas.ledger.keys import KeyStore
from habeas.ledger.requests import Lookup, Opener, RefusedRequest, Request
from habeas.ledger.store import CommitUnknown, DuplicateRow, Head, Row, Store, Writer

BATCH: Final = 256
"""Entries that are committed together, unless one request alone has more."""


class _Place:
    """Where the next entry goes, while a batch is put together."""

    __slots__ = ("chain", "clock_behind", "epoch", "last", "now", "recorded_at", "settled_at", "tree")

    def __init__(self, head: Head, now: int) -> None:
        self.tree: Frontier = head.tree()
        self.chain = head.chain
        self.recorded_at = head.recorded_at
        self.settled_at = head.settled_at
        self.epoch = head.epoch
        self.now = now
        self.last = head.settled
        self.clock_behind = 0 if self.last is None else max(0, self.last - now)

    def row(self, header: Header, sealed: bytes) -> Row:
        """The next row: this header with its position and recorded time filled in."""
        seq = self.tree.size
        recorded_at = self.now if self.last is None else max(self.now, self.last + 1)
        # The header is ours alone until it is written; making it anew costs more than its digests.
        msgspec.structs.force_setattr(header, "seq", seq)
        msgspec.structs.force_setattr(header, "recorded_at", recorded_at)
        data = encode_header(header)
        leaf = leaf_hash(data)
        self.chain = next_chain(self.chain, leaf)
        self.tree.push(leaf)
        self.last = self.recorded_at = recorded_at
        return (
            seq,
            recorded_at,
            header.stream,
            header.event_id,
            header.actor,
            header.idem,
            data,
            sealed,
            leaf,
            self.chain,
        )

    def settle(self, instant: int) -> None:
        """Give every instant up to this one its position for good."""
        if self.last is None or instant > self.last:
            self.settled_at = self.last = instant

    def head(self) -> Head:
        """The head after this batch."""
        return Head(
            self.tree.size, self.recorded_at, self.settled_at, self.chain, self.tree.written(), self.epoch
        )


def _receipt(outcome: Outcome, row: Row, clock_behind: int = 0) -> Receipt:
    """What to answer for a row with its header still there."""
    assert row[3] is not None  # only rows of entries that are no holes come here
    return Receipt(outcome, row[0], row[3], Instant(row[1]), row[8], clock_behind)


class Sequencer:
    """The writing thread of one ledger."""

    def __init__(self, store: Store, now: Callable[[], Instant], opener: Opener, keys: KeyStore) -> None:
        """Take the writer's place and start.

        Args:
            store: Where to write.
            now: The clock, in UTC microseconds.
            opener: Opens payloads that were recorded before.
            keys: Says whether a key was destroyed since a payload was sealed with it.

        Raises:
            Unavailable: if the store cannot be written.
        """
        self._store = store
        self._now = now
        self._opener = opener
        self._keys = keys
        self._queue: SimpleQueue[Request | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._writer: Writer | None = store.writer()
        self._thread = threading.Thread(target=self._run, name="habeas-ledger", daemon=True)
        self._thread.start()

    def submit(self, request: Request) -> Request:
        """Have a request recorded, and wait for it.

        Raises:
            LedgerError: why it was not.
        """
        with self._gate:
            if self._closed:
                raise Closed("the ledger is closed")
            self._queue.put(request)
        return request.wait()

    def close(self) -> None:
        """Finish what was submitted and stop."""
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        """Gather, record, acknowledge, until closed."""
        going = True
        while going:
            batch, going = self._gather()
            if batch:
                self._record(batch)
        if self._writer is not None:
            self._writer.close()

    def _gather(self) -> tuple[list[Request], bool]:
        """What is waiting, up to a batch; the last value is False once closed."""
        batch: list[Request] = []
        count = 0
        request = self._queue.get()
        while True:
            if request is None:
                return batch, False
            batch.append(request)
            count += len(request.entries)
            if count >= BATCH or self._queue.empty():
                return batch, True
            request = self._queue.get()

    def _record(self, batch: list[Request]) -> None:
        """Record a batch and wake everybody who waits for it."""
        try:
            self._attempt(batch)
        # Whatever it is, it belongs to those who wait, not to this thread.
        except BaseException as error:  # noqa: BLE001 - handed to every waiting caller
            self._fail(batch, error)
        for request in batch:
            request.answer()

    def _fail(self, batch: list[Request], error: BaseException) -> None:
        """Give a failure to all that have no answer yet, and start afresh next time."""
        if self._writer is not None:
            self._writer.rollback()
            self._writer.close()
            self._writer = None
        for request in batch:
            if request.failure is None and request.head is None:
                request.failure = error

    def _attempt(self, batch: list[Request]) -> None:
        """Record a batch; requests that cannot be recorded keep their failure, the others go on."""
        if self._writer is None:
            self._writer = self._store.writer()
        waiting = batch
        carefully = False
        while waiting:
            try:
                self._transact(self._writer, waiting, carefully=carefully)
            except DuplicateRow:
                if carefully:
                    raise StorageFailed("a row is there that no key or event identifier names") from None
                # Somebody tries again: look each key up this time.
                self._writer.rollback()
                carefully = True
            except RefusedRequest as refusal:
                self._writer.rollback()
                refusal.request.failure = refusal.failure
                waiting = [request for request in waiting if request is not refusal.request]
            else:
                return

    def _transact(self, writer: Writer, batch: list[Request], *, carefully: bool) -> None:
        """One transaction over a batch."""
        before = writer.begin()
        self._refuse_dead_keys(batch)
        now = self._now()
        if not 0 <= now <= LARGEST:
            raise StorageFailed(f"the clock says {now}, which is no instant the format can hold")
        place = _Place(before, now)
        rows: list[Row] = []
        look = Lookup(writer, self._opener) if carefully else None
        answers = [(request, self._place_all(request, place, rows, look)) for request in batch]
        if rows:
            writer.insert(rows)
        for request in batch:
            if request.hole is not None:
                writer.open_hole(request.hole)
        head = place.head()
        holes = any(request.hole is not None for request in batch)
        self._commit(writer, head, changed=holes or head != before)
        if holes:
            writer.purge()
        for request, receipts in answers:
            request.receipts = receipts
            request.head = head

    def _refuse_dead_keys(self, batch: list[Request]) -> None:
        """An entry sealed with a key that has just been destroyed could never be opened."""
        generation = self._keys.refresh()
        for request in batch:
            if request.generation != generation:
                for prepared in request.entries:
                    try:
                        self._keys.sealer(prepared.header.key_id)
                    except LedgerError as error:
                        raise RefusedRequest(
                            request, KeyGone(f"sealed anew if tried again: {error}")
                        ) from error

    def _place_all(
        self, request: Request, place: _Place, rows: list[Row], look: Lookup | None
    ) -> tuple[Receipt, ...]:
        """Give the entries of a request their places."""
        receipts: list[Receipt] = []
        for prepared in request.entries:
            before = None if look is None else look.earlier(request, prepared)
            if before is not None:
                receipts.append(_receipt(Outcome.REPLAYED, before))
                continue
            row = place.row(prepared.header, prepared.sealed)
            rows.append(row)
            if look is not None:
                look.note(row)
            receipts.append(_receipt(Outcome.ACCEPTED, row, place.clock_behind))
        if request.settle is not None:
            place.settle(request.settle)
        return tuple(receipts)

    def _commit(self, writer: Writer, head: Head, *, changed: bool) -> None:
        """Commit; if the engine does not say whether it did, look."""
        if not changed:
            writer.rollback()
            return
        try:
            writer.commit(head)
        except CommitUnknown as error:
            writer.rollback()
            self._writer = None
            writer.close()
            try:
                found = self._store.head()
            except LedgerError as second:
                raise OutcomeUnknown(f"{error}; then {second}") from error
            if replace(found, epoch=head.epoch) != head:
                raise StorageFailed(f"not recorded: {error}") from error
