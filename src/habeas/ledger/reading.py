"""Reading a run of entries again: every column against its header, every digest against the bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple

import msgspec

from habeas.ledger.chain import CHAIN_START, DIGEST_SIZE, Frontier
from habeas.ledger.entries import FORMAT, LARGEST, Header, decode_header, encode_header
from habeas.ledger.errors import LedgerError
from habeas.ledger.store import HoleRow, Row, Store

SEGMENT: Final = 1 << 15
"""Entries read by one worker at a time; a power of two, so that each run is a complete subtree."""

MOST: Final = 100
"""Problems named for each run; beyond that they are only counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was recorded."""

    seq: int
    """The entry; for a problem of the whole ledger, the first entry that it can concern."""

    table: str
    column: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"entry {self.seq}: {self.table}.{self.column}: expected {self.expected}, found {self.found}"


class Span(NamedTuple):
    """What one worker is asked to read."""

    start: int
    stop: int
    marks: tuple[int, ...] = ()
    """Sizes within it at which the tree is wanted."""

    holes: Mapping[int, HoleRow] = {}
    latest: int = LARGEST
    """No entry can have been recorded after this instant."""


@dataclass(slots=True)
class Segment:
    """What was read of a span."""

    size: int = 0
    subtrees: list[bytes] = field(default_factory=list[bytes])
    chain: bytes = CHAIN_START
    recorded_at: int | None = None
    holes: int = 0
    problems: list[Problem] = field(default_factory=list[Problem])
    more: int = 0
    marks: dict[int, list[bytes]] = field(default_factory=dict[int, list[bytes]])
    """Subtrees of the segment as they stood at the sizes asked for."""
    keys: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    """For each key and stream of entries that have their payload, the first of them."""


def shown(value: object) -> str:
    """A value for a sentence: digests in hexadecimal, long ones cut."""
    text = value.hex() if isinstance(value, bytes) else repr(value)
    return text if len(text) <= 80 else f"{text[:72]}... ({len(text)} characters)"


class _Notes:
    """Names what is wrong. Only a row that is wrong comes here, so nothing here has to be fast."""

    def __init__(self, span: Span, segment: Segment) -> None:
        self.span = span
        self.segment = segment

    def note(self, seq: int, column: str, expected: object, found: object) -> None:
        """Name a problem of a row."""
        if len(self.segment.problems) >= MOST:
            self.segment.more += 1
            return
        said = expected if isinstance(expected, str) else shown(expected)
        self.segment.problems.append(Problem(seq, "entry", column, said, shown(found)))

    def columns(self, header: Header, row: Row) -> None:
        """Say which columns differ from the header."""
        if header.format != FORMAT:
            self.note(row[0], "header", f"format {FORMAT}", header.format)
        names = ("seq", "recorded_at", "stream", "event_id", "actor", "idem")
        for name, found in zip(names, row, strict=False):
            if getattr(header, name) != found:
                self.note(row[0], name, shown(getattr(header, name)), found)

    def unreadable(self, row: Row, error: Exception) -> None:
        """A header that is none."""
        self.note(row[0], "header", "a canonical header", str(error))

    def payload_hole(self, row: Row) -> None:
        """A payload that is missing, or should be."""
        self.segment.holes += 1
        if row[0] not in self.span.holes:
            self.note(row[0], "sealed", "the sealed payload, or a hole that names its order", None)

    def entry_hole(self, row: Row) -> bytes:
        """An entry without its header: nothing may be left but what a proof needs. Gives its leaf."""
        seq = row[0]
        self.segment.holes += 1
        hole = self.span.holes.get(seq)
        if hole is None or hole.what != "entry":
            self.note(seq, "header", "the header, or a hole that names its order", None)
        names = ("stream", "event_id", "actor", "idem", "header", "sealed")
        for name, found in zip(names, row[2:8], strict=True):
            if found is not None:
                self.note(seq, name, "nothing, in a hole", found)
        if len(row[8]) != DIGEST_SIZE:
            self.note(seq, "leaf", f"{DIGEST_SIZE} bytes", row[8])
        return row[8]


def _leaf_of(row: Row, notes: _Notes) -> bytes:
    """Hold a row against its header and its payload, and give the leaf of the header."""
    seq, recorded_at, stream, event_id, actor, idem, data, sealed, _, _ = row
    if data is None:
        return notes.entry_hole(row)
    try:
        header = decode_header(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        notes.unreadable(row, error)
        return sha256(b"\x00" + data).digest()
    if encode_header(header) != data:
        notes.note(seq, "header", "canonical bytes", data)
    if (
        header.seq != seq
        or header.recorded_at != recorded_at
        or header.stream != stream
        or header.event_id != event_id
        or header.actor != actor
        or header.idem != idem
        or header.format != FORMAT
    ):
        notes.columns(header, row)
    if sealed is None:
        notes.payload_hole(row)
        return sha256(b"\x00" + data).digest()
    notes.segment.keys.setdefault((header.key_id, header.stream), seq)
    if seq in notes.span.holes:
        notes.note(seq, "sealed", "nothing, in a hole", sealed)
    elif sha256(sealed).hexdigest() != header.payload:
        notes.note(seq, "sealed", f"SHA-256 {header.payload}", f"SHA-256 {sha256(sealed).hexdigest()}")
    return sha256(b"\x00" + data).digest()


def read_rows(rows: Iterator[Row], span: Span, before: Row | None) -> Segment:
    """Read the rows of a span.

    Args:
        rows: The rows, in order.
        span: What they should be.
        before: The row before the first; its own reader vouches for it.
    """
    segment = Segment()
    notes = _Notes(span, segment)
    tree = Frontier()
    marks = list(span.marks)
    expected = span.start
    chain, last = (CHAIN_START, -LARGEST) if before is None else (before[9], before[1])
    try:
        for row in rows:
            seq = row[0]
            if seq != expected:
                notes.note(expected, "seq", str(expected), seq)
                chain, last = row[9], -LARGEST
            leaf = _leaf_of(row, notes)
            if leaf != row[8]:
                notes.note(seq, "leaf", leaf, row[8])
            if seq == expected and sha256(b"\x02" + chain + leaf).digest() != row[9]:
                notes.note(seq, "chain", sha256(b"\x02" + chain + leaf).digest(), row[9])
            if not last < row[1] <= span.latest:
                notes.note(seq, "recorded_at", f"after {last}, at most {span.latest}", row[1])
            # What is stored leads on, so that one bad row is not reported again for every row behind it.
            chain, last = row[9], row[1]
            tree.push(leaf)
            expected = seq + 1
            if marks and marks[0] == expected:
                segment.marks[marks.pop(0)] = list(tree.subtrees)
    except (LedgerError, TypeError, ValueError) as error:
        # A value of another type than the column's, or a page that the engine cannot read.
        notes.note(expected, "seq", "a row that can be read", str(error))
    else:
        if expected != span.stop:
            notes.note(expected, "seq", str(expected), None)
    segment.size, segment.subtrees = tree.size, tree.subtrees
    segment.chain, segment.recorded_at = chain, None if last == -LARGEST else last
    return segment


def read_span(store: Store, span: Span) -> Segment:
    """Read the rows of a span from a store."""
    before = None
    if span.start:
        try:
            before = store.row(span.start - 1)
        except LedgerError:
            # Its own reader names it; without it the first row here has nothing to follow.
            before = None
    return read_rows(iter(store.rows(span.start, span.stop)), span, before)
