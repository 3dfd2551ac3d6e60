"""What was known when, over all streams: projections that can be thrown away and made again.

A `Projection` says which facts a stream's entries amount to, each with a label (a facility, say) and an
effective interval. A `Projector` keeps, for every fact, from which position to which it was known. So a
roster is asked at an effective instant and a position, exactly, and the projector's file holds nothing that
the ledger does not: delete it and it comes back the same.

Facts are kept by the length of their intervals. Those that can cover an instant lie then in a few short
ranges, and a roster of the past costs what its rows cost, however long the ledger is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, Protocol, cast

from habeas.ledger.connections import Connect, Connection, connect, failures_named
from habeas.ledger.entries import LARGEST, Entry, Header, decode_header
from habeas.ledger.errors import Expunged, PositionBeyondEnd


class Known(NamedTuple):
    """An entry as a projection sees it."""

    header: Header
    payload: bytes | None
    """None where the payload was expunged."""


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """Something that holds of a stream over an effective interval."""

    label: str
    valid_from: int = -LARGEST
    """Microseconds of UTC; the smallest integer of the format for no beginning."""

    valid_to: int = LARGEST
    """First instant at which it no longer holds; the largest integer of the format while open."""


FactsOf = Callable[[Sequence[Known]], Iterable[Fact]]
"""The facts that a stream's entries amount to; given those not superseded, in order."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A named way to read facts off streams."""

    name: str
    version: int
    """Raised whenever `facts_of` changes; facts of another version are thrown away."""

    facts_of: FactsOf


class Placed(NamedTuple):
    """A fact of a roster, and the entry that made it known."""

    stream: str
    valid_from: int
    valid_to: int
    seq: int


class Source(Protocol):
    """What a projector reads; a ledger is one."""

    def position(self) -> int:
        """How many entries there are."""
        ...

    def entries(self, start: int = 0, stop: int | None = None) -> Iterable[Entry]:
        """Entries by position."""
        ...

    def stream(self, stream: str, position: int | None = None) -> Sequence[Entry]:
        """Entries of a stream."""
        ...

    def payload(self, entry: Entry) -> bytes:
        """The payload of an entry."""
        ...


_OPEN: Final = 2**62
"""Known until further notice."""

# The axis on which a fact has an end: effective time; else recorded positions; else it has none.
_VALID, _KNOWN, _CURRENT = 0, 1, 2

_FACT: Final = (
    "CREATE TABLE IF NOT EXISTS fact (projection TEXT NOT NULL, label TEXT NOT NULL, axis INTEGER NOT NULL,"
    " span INTEGER NOT NULL, start BIGINT NOT NULL, stream TEXT NOT NULL, valid_from BIGINT NOT NULL,"
    " valid_to BIGINT NOT NULL, known_from BIGINT NOT NULL, known_to BIGINT NOT NULL,"
    " PRIMARY KEY (projection, label, axis, span, start, stream, valid_from, valid_to, known_from))"
)
_FACT_STREAM: Final = "CREATE INDEX IF NOT EXISTS fact_stream ON fact (projection, stream, known_to)"
_PROJECTED: Final = (
    "CREATE TABLE IF NOT EXISTS projected (projection TEXT PRIMARY KEY, version INTEGER NOT NULL,"
    " position BIGINT NOT NULL)"
)
# In SQLite the rows then lie in the order of that key, so that a range is read without a second look-up.
_CLUSTERED: Final = " WITHOUT ROWID"


def _span_of(length: int) -> int:
    """The class of an interval's length: it is greater than 4^(n-1) and at most 4^n."""
    return ((length - 1).bit_length() + 1) // 2


_SPANS: Final = ", ".join(f"({n}, {4**n})" for n in range(_span_of(2 * LARGEST) + 1))
# `?1` and its like are not known to both engines, so each value is given as often as it is used.
_ROSTER: Final = (
    "WITH spans (n, width) AS (VALUES SPANS)"
    " SELECT stream, valid_from, valid_to, known_from FROM spans JOIN fact ON fact.span = spans.n"
    " WHERE projection = ? AND label = ? AND axis = 0 AND start > ? - width AND start <= ?"
    " AND valid_to > ? AND known_from < ? AND known_to >= ?"
    " UNION ALL"
    " SELECT stream, valid_from, valid_to, known_from FROM spans JOIN fact ON fact.span = spans.n"
    " WHERE projection = ? AND label = ? AND axis = 1 AND start >= ? - width AND start < ?"
    " AND known_to >= ? AND valid_from <= ? AND valid_to > ?"
    " UNION ALL"
    " SELECT stream, valid_from, valid_to, known_from FROM fact"
    " WHERE projection = ? AND label = ? AND axis = 2 AND span = 0 AND start <= ? AND known_from < ?"
).replace("SPANS", _SPANS)
_OF_STREAM: Final = (
    "SELECT label, valid_from, valid_to, known_from, known_to FROM fact"
    " WHERE projection = ? AND stream = ? AND known_to >= ?"
)
_INSERT: Final = "INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DELETE: Final = (
    "DELETE FROM fact WHERE projection = ? AND label = ? AND axis = ? AND span = ? AND start = ?"
    " AND stream = ? AND valid_from = ? AND valid_to = ? AND known_from = ?"
)
_EVERYTHING: Final = (
    "SELECT projection, label, stream, valid_from, valid_to, known_from, known_to FROM fact"
    " ORDER BY projection, label, stream, valid_from, valid_to, known_from"
)


def _row(projection: str, stream: str, fact: Fact, known_from: int, known_to: int) -> tuple[object, ...]:
    """A row of `fact`, in its place."""
    if fact.valid_to < LARGEST:
        place = (_VALID, _span_of(fact.valid_to - fact.valid_from), fact.valid_from)
    elif known_to < _OPEN:
        place = (_KNOWN, _span_of(known_to - known_from), known_from)
    else:
        place = (_CURRENT, 0, fact.valid_from)
    return (projection, fact.label, *place, stream, fact.valid_from, fact.valid_to, known_from, known_to)


class Projector:
    """The facts of some projections, as far as they have been followed; safe from one thread at a time."""

    def __init__(
        self, path: Path | None, projections: Iterable[Projection], *, opened: Connect = connect
    ) -> None:
        """Open the facts in a file, or make them anew there.

        Args:
            path: The file; None to keep them in memory.
            projections: What is projected. Facts of any other projection or version are thrown away.
            opened: How to open a connection.
        """
        self.projections: Mapping[str, Projection] = {item.name: item for item in projections}
        self._path = path or Path(":memory:")
        with self._named():
            self._connection: Connection = opened(self._path, "rwc" if path else "memory")
            # After a power failure the file may be older than it was; it follows again from there.
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "secure_delete = ON"):
                self._connection.execute(f"PRAGMA {pragma}").fetchall()
            for statement in (_FACT + _CLUSTERED, _FACT_STREAM, _PROJECTED):
                self._connection.execute(statement)
            self._discard_strangers()

    def _named(self) -> AbstractContextManager[None]:
        return failures_named(self._path)

    def _discard_strangers(self) -> None:
        """Throw away what another version projected."""
        found = self._connection.execute("SELECT projection, version FROM projected").fetchall()
        known = {(item.name, item.version) for item in self.projections.values()}
        for name, version in found:
            if (name, version) not in known:
                self._connection.execute("DELETE FROM fact WHERE projection = ?", (name,))
                self._connection.execute("DELETE FROM projected WHERE projection = ?", (name,))
        for item in self.projections.values():
            self._connection.execute(
                "INSERT INTO projected VALUES (?, ?, 0) ON CONFLICT DO NOTHING", (item.name, item.version)
            )

    def position(self, projection: str) -> int:
        """How far a projection has been followed."""
        with self._named():
            found = self._connection.execute(
                "SELECT position FROM projected WHERE projection = ?", (projection,)
            ).fetchone()
        assert found is not None  # made when the projector was opened
        return cast("int", found[0])

    def follow(self, ledger: Source) -> int:
        """Take in every entry that is new, and return the position reached; all of it or nothing."""
        target = ledger.position()
        with self._named():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                for projection in self.projections.values():
                    self._follow(ledger, projection, target)
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        return target

    def _follow(self, ledger: Source, projection: Projection, target: int) -> None:
        start = self.position(projection.name)
        if start >= target:
            return
        streams: dict[str, None] = {}
        for entry in ledger.entries(start, target):
            if entry.header is not None:
                streams[decode_header(entry.header).stream] = None
        for stream in streams:
            self._follow_stream(ledger, projection, stream, (start, target))
        self._connection.execute(
            "UPDATE projected SET position = ? WHERE projection = ?", (target, projection.name)
        )

    def _follow_stream(
        self, ledger: Source, projection: Projection, stream: str, new: tuple[int, int]
    ) -> None:
        """Take in the new entries of one stream."""
        name = projection.name
        found = self._connection.execute(_OF_STREAM, (name, stream, _OPEN)).fetchall()
        standing: dict[Fact, int] = {}
        for label, valid_from, valid_to, known_from, _ in cast("list[tuple[str, int, int, int, int]]", found):
            standing[Fact(label, valid_from, valid_to)] = known_from
        removed: list[tuple[object, ...]] = []
        added: list[tuple[object, ...]] = []
        for seq, facts in _history(ledger, projection, stream, new):
            for fact in [fact for fact in standing if fact not in facts]:
                known_from = standing.pop(fact)
                if known_from < new[0]:
                    removed.append(_row(name, stream, fact, known_from, _OPEN)[:9])
                added.append(_row(name, stream, fact, known_from, seq))
            for fact in facts:
                standing.setdefault(fact, seq)
        added += [
            _row(name, stream, fact, known_from, _OPEN)
            for fact, known_from in standing.items()
            if known_from >= new[0]
        ]
        self._connection.executemany(_DELETE, removed)
        self._connection.executemany(_INSERT, added)

    def forget(self, ledger: Source, stream: str) -> None:
        """Make the facts of one stream anew: what was expunged is gone from every position."""
        with self._named():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                for projection in self.projections.values():
                    self._connection.execute(
                        "DELETE FROM fact WHERE projection = ? AND stream = ?", (projection.name, stream)
                    )
                    reached = self.position(projection.name)
                    self._follow_stream(ledger, projection, stream, (0, reached))
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def roster(self, projection: str, label: str, effective_at: int, position: int) -> tuple[Placed, ...]:
        """Who had a fact of this label at an effective instant, as known at a position; by stream.

        Raises:
            PositionBeyondEnd: if the projection has not been followed so far.
        """
        self._reached(projection, position)
        t, k = effective_at, position
        with self._named():
            found = self._connection.execute(
                _ROSTER,
                (projection, label, t, t, t, k, k, projection, label, k, k, k, t, t, projection, label, t, k),
            ).fetchall()
        return tuple(sorted(Placed(*cast("Placed", row)) for row in found))

    def facts(self, projection: str, stream: str, position: int) -> tuple[Fact, ...]:
        """The facts of a stream as known at a position.

        Raises:
            PositionBeyondEnd: if the projection has not been followed so far.
        """
        self._reached(projection, position)
        with self._named():
            found = self._connection.execute(_OF_STREAM, (projection, stream, position)).fetchall()
        rows = cast("list[tuple[str, int, int, int, int]]", found)
        return tuple(sorted(Fact(*row[:3]) for row in rows if row[3] < position))

    def _reached(self, projection: str, position: int) -> None:
        if not 0 <= position <= (reached := self.position(projection)):
            raise PositionBeyondEnd(position, reached)

    def everything(self) -> list[tuple[object, ...]]:
        """Every fact with its positions, in a fixed order."""
        with self._named():
            return self._connection.execute(_EVERYTHING).fetchall()

    def digest(self) -> bytes:
        """SHA-256 over everything: equal for equal facts, whatever the order they came in."""
        state = sha256()
        for row in self.everything():
            state.update(repr(row).encode())
        return state.digest()

    def differences(self, ledger: Source) -> list[tuple[object, ...]]:
        """Facts that are here and not in projections made anew from the ledger, or the other way round."""
        self.follow(ledger)
        fresh = Projector(None, self.projections.values())
        try:
            fresh.follow(ledger)
            return sorted(set(self.everything()) ^ set(fresh.everything()), key=repr)
        finally:
            fresh.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _history(
    ledger: Source, projection: Projection, stream: str, new: tuple[int, int]
) -> Iterable[tuple[int, frozenset[Fact]]]:
    """The facts of a stream after each of its new entries."""
    known: list[Known] = []
    superseded: set[str | None] = set()
    for entry in ledger.stream(stream, new[1]):
        assert entry.header is not None  # it is found by its stream, which an entry hole empties too
        header = decode_header(entry.header)
        try:
            payload = ledger.payload(entry)
        except Expunged:
            payload = None
        known.append(Known(header, payload))
        superseded.add(header.supersedes)
        if entry.seq >= new[0]:
            in_force = [item for item in known if item.header.event_id not in superseded]
            yield entry.seq, frozenset(projection.facts_of(in_force))
