"""Reading every byte of a ledger again, and naming the first record that is not what it was.

A verifier that does not read a column vouches for nothing in it, so every column of every table is read, and
the engine checks its own files too: indexes that disagree with their table would hide rows while all digests
agree. Somebody who rewrites everything from one entry on leaves a ledger that agrees with itself; only roots
that have left the building show that, so `verify` takes as many of them as there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Final, NamedTuple, cast

from habeas.kernel.instants import Instant
from habeas.ledger.chain import EMPTY_ROOT, Frontier, root_of_subtrees
from habeas.ledger.entries import LARGEST
from habeas.ledger.errors import LedgerError
from habeas.ledger.keys import KeyStore
from habeas.ledger.reading import MOST, SEGMENT, Problem, Segment, Span, read_span, shown
from habeas.ledger.store import Head, HoleRow, Reopen, Store, head_digest, hole_digest


class TrustedRoot(NamedTuple):
    """A root that was published when the ledger had that many entries; its signature is checked elsewhere."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Verification:
    """What was read and found."""

    size: int
    """Entries read."""

    root: bytes
    """Root of the tree over them; empty if the entries are not one run."""

    chain: bytes
    """Chain value of the last."""

    holes: int
    """Entries whose bytes were removed by an order."""

    trusted: int
    """The largest size whose published root was found; entries beyond it rest on the ledger's word alone."""

    problems: tuple[Problem, ...]
    """Problems of records, first record first, then those of the ledger as a whole."""

    more: int = 0
    """Problems beyond those named."""

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def verify(  # noqa: PLR0913 - by keyword, and each can be left out by itself
    store: Store,
    *,
    trusted: Iterable[TrustedRoot] = (),
    now: Instant | None = None,
    engine: bool = True,
    reopen: Reopen | None = None,
    workers: int = 1,
    keys: KeyStore | None = None,
    tell: Callable[[int], object] | None = None,
) -> Verification:
    """Read every column of every row again.

    Args:
        store: The store.
        trusted: Roots that were published. Without them nothing can be said against somebody who rewrote the
            end of the ledger with all its digests.
        now: No entry can have been recorded later; None to leave that out.
        engine: Whether the schema is compared and the engine checks its own files and indexes too.
        reopen: Opens the same store again in a worker process; needed for more than one worker.
        workers: Processes that read at the same time.
        keys: The keys of the payloads: whether each is there, whole and bound to its person. None to leave
            that out, as who does not hold the secrets must.
        tell: Is told how many entries have been read so far, each time that a run of them has been.
    """
    roots = sorted(trusted)
    heads = _Heads(store)
    holes, odd = _holes(store, heads.size)
    latest = LARGEST if now is None else now
    spans = list(_spans(_end(store, heads.size), roots, holes, latest))
    segments = _read_all(store, spans, reopen if workers > 1 else None, workers, tell)
    whole = _joined(spans, segments)
    kept, failed = _compared(roots, whole)
    problems = [
        *(problem for segment in segments for problem in segment.problems),
        *_outside(store, heads.size),
        *odd,
        *heads.problems(whole, latest),
        *failed,
        *(_of_engine(store) if engine else ()),
        *(() if keys is None else _of_keys(keys, segments)),
    ]
    return Verification(
        size=sum(segment.size for segment in segments),
        root=whole.root(),
        chain=whole.chain,
        holes=sum(segment.holes for segment in segments),
        trusted=kept,
        problems=tuple(problems),
        more=sum(segment.more for segment in segments),
    )


def _end(store: Store, claimed: int) -> int:
    """How far to read: to where the head says, or to the first entry missing before that.

    One changed byte of the head may claim more entries than anybody could look for.
    """
    if not claimed or _any_from(store, claimed - 1, claimed):
        return claimed
    there, missing = 0, claimed
    while there < missing:
        middle = (there + missing) // 2
        if _any_from(store, middle, claimed):
            there = middle + 1
        else:
            missing = middle
    return min(claimed, there + 1)


def _any_from(store: Store, start: int, stop: int) -> bool:
    """Whether there is an entry in a run of positions; one that cannot be read is there."""
    try:
        return next(iter(store.rows(start, stop)), None) is not None
    except (LedgerError, TypeError, ValueError):
        return True


def _spans(size: int, roots: Sequence[TrustedRoot], holes: Sequence[HoleRow], latest: int) -> Iterator[Span]:
    """The ledger in runs that are complete subtrees."""
    for start in range(0, size, SEGMENT):
        stop = min(start + SEGMENT, size)
        marks = sorted({root.size for root in roots if start < root.size <= stop})
        within = {hole.seq: hole for hole in holes if start <= hole.seq < stop}
        yield Span(start, stop, tuple(marks), within, latest)


def _read_elsewhere(reopen: Reopen, span: Span) -> Segment:
    """Read one span in a worker process."""
    store = reopen()
    try:
        return read_span(store, span)
    finally:
        store.close()


def _read_all(
    store: Store,
    spans: Sequence[Span],
    reopen: Reopen | None,
    workers: int,
    tell: Callable[[int], object] | None,
) -> list[Segment]:
    """Read every span, here or in workers."""
    if reopen is None or len(spans) < 2:
        return _told((read_span(store, span) for span in spans), tell)
    # A new interpreter each: a fork would copy the threads' locks of this one without the threads.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return _told(pool.map(_read_elsewhere, [reopen] * len(spans), spans), tell)


def _told(segments: Iterable[Segment], tell: Callable[[int], object] | None) -> list[Segment]:
    """The segments, telling after each how much has been read."""
    found: list[Segment] = []
    count = 0
    for segment in segments:
        found.append(segment)
        count += segment.size
        if tell is not None:
            tell(count)
    return found


class _Whole:
    """The runs put together: one tree, and that tree as it stood at the sizes asked for."""

    def __init__(self) -> None:
        self.runs = Frontier()
        self.subtrees: list[bytes] = []
        self.size = 0
        self.chain = bytes(32)
        self.recorded_at: int | None = None
        self.marks: dict[int, bytes] = {0: EMPTY_ROOT}
        self.broken = False

    def add(self, span: Span, segment: Segment) -> None:
        """Add the next run."""
        self.broken = self.broken or segment.size != span.stop - span.start
        for size, subtrees in segment.marks.items():
            self.marks[size] = root_of_subtrees([*self.runs.subtrees, *subtrees])
        self.size += segment.size
        self.chain, self.recorded_at = segment.chain, segment.recorded_at
        self.subtrees = [*self.runs.subtrees, *segment.subtrees]
        if segment.size == SEGMENT and not self.broken:
            self.runs.push(segment.subtrees[0])
            self.subtrees = list(self.runs.subtrees)

    def root(self) -> bytes:
        """The root, or nothing where rows are missing."""
        return b"" if self.broken else root_of_subtrees(self.subtrees)


def _joined(spans: Sequence[Span], segments: Sequence[Segment]) -> _Whole:
    whole = _Whole()
    for span, segment in zip(spans, segments, strict=True):
        whole.add(span, segment)
    return whole


def _compared(roots: Sequence[TrustedRoot], whole: _Whole) -> tuple[int, list[Problem]]:
    """How far published roots are confirmed, and those that are not."""
    kept = 0
    failed: list[Problem] = []
    for size, root in roots:
        found = None if whole.broken else whole.marks.get(size)
        if found == root:
            kept = size if not failed else kept
        elif size > whole.size:
            failed.append(
                Problem(whole.size, "entry", "seq", f"{size} entries, as published", f"{whole.size} entries")
            )
        else:
            said = f"root {shown(root)} of the first {size} entries, as published"
            failed.append(Problem(kept, "entry", "header", said, f"root {shown(found)}"))
    return kept, failed


class _Heads:
    """The rows of `head`: one, and it says where the ledger ends."""

    def __init__(self, store: Store) -> None:
        self.failure = ""
        self.found: Sequence[tuple[object, ...]] = ()
        try:
            self.found = store.heads()
        except LedgerError as error:
            self.failure = str(error)
        claimed = self.found[0][1] if self.found else 0
        self.size = claimed if isinstance(claimed, int) and claimed >= 0 else 0

    def problems(self, whole: _Whole, latest: int) -> Iterator[Problem]:
        """What the head says that the entries do not."""
        if len(self.found) != 1:
            yield Problem(0, "head", "id", "one row", self.failure or f"{len(self.found)} rows")
        for row in self.found:
            yield from self._of_row(row, whole, latest)

    def _of_row(self, row: tuple[object, ...], whole: _Whole, latest: int) -> Iterator[Problem]:
        expected: dict[str, object] = {
            "id": 1,
            "size": whole.size,
            "recorded_at": whole.recorded_at,
            "chain": whole.chain,
            "frontier": b"".join(whole.subtrees),
        }
        said: dict[str, object] = dict(zip(_HEAD_COLUMNS, row, strict=True))
        for column, value in expected.items():
            if said[column] != value and not (whole.broken and column == "frontier"):
                yield Problem(whole.size, "head", column, shown(value), shown(said[column]))
        settled = said["settled_at"]
        if settled is not None and not (isinstance(settled, int) and settled <= latest):
            yield Problem(whole.size, "head", "settled_at", f"at most {latest}", shown(settled))
        try:
            # What is stored may be of any type; then it has no digest.
            digest = head_digest(Head(*cast("tuple[int, int, int, bytes, bytes, int]", row[1:7])))
        except (TypeError, AttributeError, ValueError):
            digest = b""
        if said["digest"] != digest:
            yield Problem(whole.size, "head", "digest", shown(digest), shown(said["digest"]))


_HEAD_COLUMNS: Final = (
    "id",
    "size",
    "recorded_at",
    "settled_at",
    "chain",
    "frontier",
    "epoch",
    "digest",
)


def _holes(store: Store, size: int) -> tuple[list[HoleRow], list[Problem]]:
    """The holes, and what is wrong with them."""
    try:
        found = store.holes()
    except (LedgerError, TypeError, ValueError) as error:
        return [], [Problem(0, "hole", "seq", "rows that can be read", str(error))]
    problems: list[Problem] = []
    for hole in found:
        if hole.digest != hole_digest(hole.seq, hole.what, hole.ordered_by):
            problems.append(Problem(hole.seq, "hole", "digest", "the digest of this row", shown(hole.digest)))
        elif not 0 <= hole.seq < hole.ordered_by < size:
            problems.append(Problem(hole.seq, "hole", "ordered_by", "a later entry", shown(hole.ordered_by)))
    return list(found), problems


def _outside(store: Store, size: int) -> Iterator[Problem]:
    """Rows where there should be none."""
    for start, stop in ((-LARGEST, 0), (size, LARGEST)):
        try:
            for count, row in enumerate(store.rows(start, stop)):
                if count == MOST:
                    break
                yield Problem(row[0], "entry", "seq", f"0 to {size - 1}", shown(row[0]))
        except LedgerError as error:
            yield Problem(size, "entry", "seq", "rows that can be read", str(error))


def _of_engine(store: Store) -> Iterator[Problem]:
    """What the schema and the engine's own check say."""
    for table, ask in (("schema", store.strangers), ("engine", store.engine_faults)):
        try:
            said = ask()
        except LedgerError as error:
            said = [str(error)]
        for line in said:
            yield Problem(0, table, "check", "as it was made", line)


def _of_keys(keys: KeyStore, segments: Sequence[Segment]) -> Iterator[Problem]:
    """What is wrong with the keys."""
    used: dict[tuple[str, str], int] = {}
    for segment in segments:
        used = segment.keys | used
    try:
        for seq, fault in keys.faults(used):
            yield Problem(seq, "key", "check", "a key of its person and episode", fault)
    except LedgerError as error:
        yield Problem(0, "key", "check", "a key store that can be read", str(error))
