"""A ledger: append, read, ask what was known when.

The ledger keeps bytes for the floors above, which say what they mean. It reads no clock of its own: `now` is
given to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import TracebackType
from typing import Final, Self

from msgspec.structs import force_setattr

from habeas.kernel.instants import DAY, Instant
from habeas.ledger.entries import (
    LARGEST,
    LONGEST_TEXT,
    Draft,
    Entry,
    Header,
    Receipt,
    decode_header,
    header_of,
    identity_of,
    is_event_id,
)
from habeas.ledger.errors import (
    Expunged,
    FutureKnownTime,
    MalformedDraft,
    NotSettled,
    PositionBeyondEnd,
    ReadOnly,
    UnknownEvent,
    UnknownKind,
    UnknownVersion,
)
from habeas.ledger.keys import KeyStore
from habeas.ledger.requests import Prepared, Request
from habeas.ledger.sealing import Sealer, fresh_event_bits, payload_digest
from habeas.ledger.sequencer import Sequencer
from habeas.ledger.store import HoleRow, Store, What, entry_of, hole_digest

Kinds = Mapping[str, frozenset[int]]
"""Kinds of events that may be recorded, with the schema versions of each."""

EPOCH_LENGTH: Final = 28 * DAY
"""Microseconds after which new keys are wrapped by a new epoch's key."""


def new_event_id(now: Instant) -> str:
    """A UUIDv7 (RFC 9562, section 5.7): milliseconds of the clock, then 74 random bits."""
    random = int.from_bytes(fresh_event_bits(), "big")
    time = f"{now // 1000 & (1 << 48) - 1:012x}"
    rest = f"{random & (1 << 62) - 1 | 2 << 62:016x}"
    return f"{time[:8]}-{time[8:]}-7{random >> 68:03x}-{rest[:4]}-{rest[4:]}"


class Ledger:
    """One agency's ledger in a store, with the keys of its payloads. Safe from any thread.

    `clock_behind` is the most by which the clock lagged behind the last recorded time at any append through
    this object, in microseconds; 0 as a rule.
    """

    def __init__(
        self,
        store: Store,
        keys: KeyStore,
        now: Callable[[], Instant],
        *,
        kinds: Kinds | None = None,
    ) -> None:
        """Open a ledger.

        Args:
            store: An open store; the ledger closes it.
            keys: The key store; the ledger closes it too.
            now: The clock, in UTC microseconds.
            kinds: What may be recorded; None for any kind and version.

        Raises:
            Unavailable: if the store was opened to append and cannot be.
        """
        self.store = store
        self.keys = keys
        self._now = now
        self._kinds = kinds
        self.clock_behind = 0
        # What was recorded stays as it is, a hole included.
        self._recorded_at = lru_cache(maxsize=1 << 16)(store.recorded_at)
        self._sequencer = Sequencer(store, now, self._opened, keys) if store.writable else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Finish what was submitted, then close store and keys."""
        if self._sequencer is not None:
            self._sequencer.close()
        self.store.close()
        self.keys.close()

    # ------------------------------------------------------------------ appending

    def append(self, draft: Draft) -> Receipt:
        """Record one event; it is durable when this returns.

        The same actor and idempotency key with the same request is recorded once and answered each time.

        Raises:
            Refused: nothing was recorded and the same request would be refused again.
            Unavailable: nothing was recorded; try again with the same key.
            OutcomeUnknown: it may have been recorded; try again with the same key to know.
        """
        return self.append_all((draft,))[0]

    def append_all(self, drafts: Sequence[Draft]) -> tuple[Receipt, ...]:
        """Record several events, all or none, with neighbouring positions.

        Raises:
            LedgerError: as `append`.
        """
        sequencer = self._writing()
        if not drafts:
            return ()
        now = self._now()
        generation = self.keys.generation
        # Everything that can be refused is, before a key is made for it.
        headers = self._headers(drafts, now)
        sealers = self.keys.sealers_for(
            [(draft.stream, draft.episode) for draft in drafts], now // EPOCH_LENGTH
        )
        prepared = list(map(_prepared, drafts, headers, sealers))
        receipts = sequencer.submit(Request(prepared, generation)).receipts
        behind = max(receipt.clock_behind for receipt in receipts)
        self.clock_behind = max(self.clock_behind, behind)
        return receipts

    def _writing(self) -> Sequencer:
        if self._sequencer is None:
            raise ReadOnly("the ledger was opened for reading only")
        return self._sequencer

    def _headers(self, drafts: Sequence[Draft], now: Instant) -> list[Header]:
        """The headers of drafts that the format and this ledger allow."""
        headers: list[Header] = []
        own: dict[str, str] = {}
        for draft in drafts:
            header = header_of(draft, draft.event_id or new_event_id(now))
            if not 0 < len(draft.episode) <= LONGEST_TEXT:
                raise MalformedDraft("episode", f"1 to {LONGEST_TEXT} characters", draft.episode)
            self._check_kind(draft)
            self._check_references(draft, own)
            own[header.event_id] = draft.stream
            headers.append(header)
        return headers

    def _check_kind(self, draft: Draft) -> None:
        if self._kinds is None:
            return
        if draft.kind not in self._kinds:
            raise UnknownKind(draft.kind)
        if draft.schema_version not in self._kinds[draft.kind]:
            raise UnknownVersion(draft.kind, draft.schema_version, self._kinds[draft.kind])

    def _check_references(self, draft: Draft, own: Mapping[str, str]) -> None:
        """A correction names an event of its own stream, an approval any event; both must be there."""
        if draft.supersedes is not None:
            stream = own.get(draft.supersedes) or self._stream_of(draft.supersedes)
            if stream != draft.stream:
                raise UnknownEvent("supersedes", draft.supersedes, f"an event of stream {draft.stream!r}")
        approved = draft.approval_of
        if approved is not None and approved not in own and self.store.seq_of_event(approved) is None:
            raise UnknownEvent("approval_of", approved, "an event of this ledger")

    def _stream_of(self, event_id: str) -> str | None:
        seq = self.store.seq_of_event(event_id)
        row = None if seq is None else self.store.row(seq)
        return None if row is None else row[2]

    def open_hole(self, seq: int, what: What, ordered_by: int) -> None:
        """Remove the bytes of an entry because a later entry orders it. Proofs still hold.

        Raises:
            MalformedDraft: if there is no such entry, or the order is not a later one.
            Unavailable: if it cannot be done now.
        """
        if not 0 <= seq < ordered_by < self.position():
            raise MalformedDraft("ordered_by", "a later entry of this ledger", ordered_by)
        self._writing().submit(
            Request(hole=HoleRow(seq, what, ordered_by, hole_digest(seq, what, ordered_by)))
        )

    # -------------------------------------------------------------------- reading

    def position(self) -> int:
        """How many entries there are now; a position stands for what was known when there were so many."""
        return self.store.head().size

    def position_at(self, known_at: Instant) -> int:
        """How many entries were known at an instant, exactly and for good.

        Asked beyond the last entry, the instant is settled first: whatever is recorded afterwards gets a
        later recorded time, even if the clock is set back.

        Raises:
            FutureKnownTime: if the instant has not come.
            NotSettled: if the ledger was opened for reading only and the instant is not settled yet.
        """
        now = self._now()
        if known_at > now:
            raise FutureKnownTime(known_at, now)
        head = self.store.head()
        if head.settled is None or known_at > head.settled:
            if self._sequencer is None:
                raise NotSettled(known_at, None if head.settled is None else Instant(head.settled))
            self._sequencer.submit(Request(settle=max(known_at, -LARGEST)))
            head = self.store.head()
        # A binary search whose probes do not move when the ledger grows, so that most are remembered.
        position = 0
        for power in reversed(range(head.size.bit_length())):
            step = 1 << power
            if position + step <= head.size and self._recorded_at(position + step - 1) <= known_at:
                position += step
        return position

    def entry(self, event_id: str) -> Entry:
        """The entry of an event.

        Raises:
            UnknownEvent: if it is not in the ledger.
        """
        seq = self.store.seq_of_event(event_id) if is_event_id(event_id) else None
        row = None if seq is None else self.store.row(seq)
        if row is None:
            raise UnknownEvent("event_id", event_id, "an event of this ledger")
        return entry_of(row)

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[Entry]:
        """Entries by position, in order.

        Raises:
            PositionBeyondEnd: if `stop` is beyond the end.
        """
        return map(entry_of, self.store.rows(start, self._within(stop)))

    def stream(self, stream: str, position: int | None = None) -> tuple[Entry, ...]:
        """All entries of a stream that were known at a position, in order; corrections and corrected alike.

        Raises:
            PositionBeyondEnd: if the position is beyond the end.
        """
        return tuple(map(entry_of, self.store.rows_of(stream, self._within(position))))

    def as_known(self, stream: str, position: int | None = None) -> tuple[Entry, ...]:
        """What was known of a stream at a position: its entries without those superseded by then.

        What supersedes an entry takes its place for good: superseding that again revives nothing.

        Raises:
            PositionBeyondEnd: if the position is beyond the end.
        """
        found = [
            (entry, decode_header(entry.header))
            for entry in self.stream(stream, position)
            if entry.header is not None
        ]
        superseded = {header.supersedes for _, header in found}
        return tuple(entry for entry, header in found if header.event_id not in superseded)

    def _within(self, position: int | None) -> int:
        size = self.position()
        if position is None:
            return size
        if not 0 <= position <= size:
            raise PositionBeyondEnd(position, size)
        return position

    def payload(self, entry: Entry) -> bytes:
        """The payload of an entry.

        Raises:
            Expunged: if its key was destroyed or its bytes were removed, naming the order.
            CannotOpen: if header and payload do not belong together.
            UnknownKey: if its key is lost.
        """
        if entry.header is None or entry.sealed is None:
            raise Expunged(f"entry {entry.seq}", self._order_of_hole(entry.seq))
        return self._opened(decode_header(entry.header), entry.sealed)

    def _order_of_hole(self, seq: int) -> str:
        orders = [hole.ordered_by for hole in self.store.holes() if hole.seq == seq]
        return f"entry {orders[0]}" if orders else "nobody: the bytes are missing without a hole"

    def _opened(self, header: Header, sealed: bytes) -> bytes:
        return self.keys.sealer(header.key_id).open(sealed, identity_of(header))


def _prepared(draft: Draft, header: Header, sealer: Sealer) -> Prepared:
    """A draft sealed; its header lacks only position and recorded time."""
    # The header was made by `_headers` and nobody else holds it.
    force_setattr(header, "key_id", sealer.key_id)
    sealed = sealer.seal(draft.payload, identity_of(header))
    force_setattr(header, "payload", payload_digest(sealed))
    return Prepared(header, sealed, draft.payload, draft.event_id is not None)
