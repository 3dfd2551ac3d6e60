"""What was decided as tables: segments, findings, and the account of every custody.

Columns and definition write into the same tables; which decided a custody stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from habeas.authority.findings import Because, Rung, Verdict
from habeas.bulk.deadlines import days_of
from habeas.bulk.deciding import LAWFUL, UNDETERMINED, UNLAWFUL
from habeas.bulk.definition import Custody
from habeas.bulk.engine import Answered, Part
from habeas.bulk.groups import together
from habeas.bulk.seen import YES
from habeas.bulk.subjects import spread
from habeas.bulk.tables import arrow_schema
from habeas.bulk.told import KIND_NAMES, NUMBER, TEXT, Flags, Ints
from habeas.custody.facts import COLLECTIONS
from habeas.kernel.instants import FOREVER, HOUR
from habeas.wire.columns import BASE_FIELDS, BOOKINGS, FINDINGS, INSTRUMENTS, SEGMENTS

pa: Any = import_module("pyarrow")

_VERDICTS: Final = {LAWFUL: Verdict.LAWFUL, UNLAWFUL: Verdict.UNLAWFUL, UNDETERMINED: Verdict.UNDETERMINED}
_BECAUSE: Final = (None, Because.MISSING, Because.CONTESTED)
_RUNGS: Final = tuple(Rung)
_RELEASED: Final = KIND_NAMES.index("Released")
_DATES: Final = ("lodged_at", "withdrawn_at", "ended_at")


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables that answer for some people."""

    bookings: Any
    instruments: Any
    segments: Any
    findings: Any


def joined(made: Iterable[Tables]) -> Tables:
    """Several as one, in order."""
    those = list(made)
    return Tables(
        pa.concat_tables([arrow_schema(BOOKINGS).empty_table(), *(each.bookings for each in those)]),
        pa.concat_tables([arrow_schema(INSTRUMENTS).empty_table(), *(each.instruments for each in those)]),
        pa.concat_tables([arrow_schema(SEGMENTS).empty_table(), *(each.segments for each in those)]),
        pa.concat_tables([arrow_schema(FINDINGS).empty_table(), *(each.findings for each in those)]),
    )


def tables_of(answered: Answered) -> Tables:
    """What columns decided of some people."""
    return joined(_of_part(answered, part) for part in answered.parts)


@dataclass(slots=True)
class _Spans:
    """Maximal segments of custodies that count, each with its bases."""

    custody: Ints
    start: Ints
    end: Ints
    verdict: Ints
    because: Ints
    first: Ints
    """Where its bases begin; one more at the end."""
    bases: _Bases


@dataclass(slots=True)
class _Bases:
    """Bases by segment: the ground's number, the collection and the row."""

    segment: Ints
    ground: Ints
    collection: Ints
    row: Ints


def _of_part(answered: Answered, part: Part) -> Tables:
    spans = _spans(part)
    held = part.lot.custodies
    kept = np.flatnonzero(part.keep)
    texts = answered.told.texts
    bookings = pa.table(
        [
            _taken(texts, answered.told.people[held.person[kept]]),
            _taken(texts, held.booking[kept]),
            _coded(part.lot.line.custodian, len(kept)),
            _coded(str(part.lot.line.place), len(kept)),
            _instants(held.start[kept]),
            _instants(held.end[kept]),
            _codes(held.ended_by[kept], KIND_NAMES),
            _coded("columns", len(kept)),
            _coded(None, len(kept)),
        ],
        schema=arrow_schema(BOOKINGS),
    )
    segments = pa.table(
        [
            _taken(texts, answered.told.people[held.person[spans.custody]]),
            _taken(texts, held.booking[spans.custody]),
            _instants(spans.start),
            _instants(spans.end),
            _codes(spans.verdict, [_VERDICTS[each].value for each in sorted(_VERDICTS)]),
            _codes(spans.because - 1, [each.value for each in _BECAUSE if each]),
            _listed(answered, part, spans.first, spans.bases),
        ],
        schema=arrow_schema(SEGMENTS),
    )
    return Tables(bookings, _papers(answered, part), segments, _findings(answered, part, spans))


def _papers(answered: Answered, part: Part) -> Any:
    """The papers that bear on custodies that count, as known after everything recorded."""
    lot, told = part.lot, answered.told
    papers, rows = lot.subjects["instrument"], lot.rows("instrument")
    those = np.flatnonzero(part.keep[papers.custody])
    custody, row = papers.custody[those], papers.row[those]
    kind = rows.place("kind")
    named = rows.sort[row, kind] == TEXT
    kinds = pa.array(np.where(named, rows.value[row, kind], 0), pa.int64(), mask=~named)
    dates = [
        np.where(rows.sort[row, n] == NUMBER, rows.value[row, n], FOREVER) for n in map(rows.place, _DATES)
    ]
    return pa.table(
        [
            _taken(told.texts, told.people[lot.custodies.person[custody]]),
            _taken(told.texts, lot.custodies.booking[custody]),
            _taken(told.texts, rows.name[row]),
            told.texts.take(kinds).dictionary_encode(),
            *map(_instants, dates),
        ],
        schema=arrow_schema(INSTRUMENTS),
    )


def _spans(part: Part) -> _Spans:
    """Segments that count, neighbours that say the same made one."""
    made, segments = part.decided, part.decided.segments
    bases = _bases(part, YES)
    counts = np.bincount(bases.segment, minlength=len(segments.custody))
    counted = np.flatnonzero(part.keep[segments.custody] & ~segments.door)
    said = _fingerprints(bases, counts, _refs(part)[0])
    custody = segments.custody[counted]
    same = np.zeros(len(counted), np.bool_)
    columns = (custody, made.verdict[counted], made.because[counted], said[counted])
    same[1:] = np.logical_and.reduce([column[1:] == column[:-1] for column in columns])
    heads = np.flatnonzero(~same)
    lasts = np.append(heads[1:], len(counted)) - 1 if len(heads) else heads
    first = np.cumsum(counts) - counts
    chosen = counted[heads]
    of, place = spread(np.append(first, len(bases.segment)), chosen)
    return _Spans(
        custody[heads],
        segments.start[chosen],
        np.minimum(segments.end[counted[lasts]], FOREVER),
        made.verdict[chosen],
        made.because[chosen],
        np.append(np.cumsum(counts[chosen]) - counts[chosen], len(of)),
        _Bases(of, bases.ground[place], bases.collection[place], bases.row[place]),
    )


def _bases(part: Part, value: int, *, required: bool = False) -> _Bases:
    """What has a value in each segment, in the order in which answers list bases."""
    found: list[tuple[Ints, Ints, Ints, Ints]] = []
    for number, grounds in enumerate(part.decided.grounds):
        wanted = grounds.value == value
        if required:
            wanted &= part.book.requires[grounds.number]
        those = np.flatnonzero(wanted)
        shape = np.full(len(those), number, np.int64)
        found.append((grounds.segment[those], grounds.number[those], shape, grounds.row[those]))
    segment, ground, collection, row = (np.concatenate([each[n] for each in found]) for n in range(4))
    ranks, _ = _refs(part)
    order = np.lexsort((row, collection, ranks[ground] if len(ground) else ground, segment))
    return _Bases(segment[order], ground[order], collection[order], row[order])


def _refs(part: Part) -> tuple[Ints, Sequence[str]]:
    """For each ground the rank of its provision among all, and the provisions in order."""
    refs = sorted({ground.ref for ground in part.book.grounds})
    rank = {ref: number for number, ref in enumerate(refs)}
    return np.array([rank[ground.ref] for ground in part.book.grounds], np.int64), refs


def _fingerprints(bases: _Bases, counts: Ints, ranks: Ints) -> Ints:
    """A number for each segment, equal where the bases are."""
    # Of two segments with as many bases, the n-th of one is compared with the n-th of the other.
    number = np.zeros(len(counts), np.int64)
    ends = np.cumsum(counts)
    inside = np.arange(len(bases.segment)) - np.repeat(ends - counts, counts)
    provision = ranks[bases.ground] if len(bases.ground) else bases.ground
    for place in range(int(counts.max(initial=0))):
        here = np.flatnonzero(inside == place)
        columns = [number, *(np.full(len(counts), -1, np.int64) for _ in range(3))]
        for column, values in zip(columns[1:], (provision, bases.collection, bases.row), strict=True):
            column[bases.segment[here]] = values[here]
        number, _ = together(columns)
    return number


def _listed(answered: Answered, part: Part, first: Ints, bases: _Bases) -> Any:
    ranks, refs = _refs(part)
    told = answered.told
    name = np.zeros(len(bases.row), np.int64)
    for number, collection in enumerate(COLLECTIONS):
        those = bases.collection == number
        name[those] = part.lot.rows(collection).name[bases.row[those]]
    provision = ranks[bases.ground] if len(bases.ground) else bases.ground
    fields = [_field(each.name) for each in BASE_FIELDS]
    columns = [
        _codes(provision, refs).dictionary_decode(),
        _codes(bases.collection, COLLECTIONS).dictionary_decode(),
        _taken(told.texts, name),
    ]
    return pa.ListArray.from_arrays(
        pa.array(first, pa.int32()), pa.StructArray.from_arrays(columns, fields=fields)
    )


def _field(name: str) -> Any:
    return arrow_schema(SEGMENTS).field("bases").type.value_type.field(name)


def _findings(answered: Answered, part: Part, spans: _Spans) -> Any:
    told, held = answered.told, part.lot.custodies
    late = spans.verdict == UNLAWFUL
    places = np.flatnonzero(late)
    joined_ = np.zeros(len(places), np.bool_)
    joined_[1:] = (np.diff(places) == 1) & (spans.custody[places[1:]] == spans.custody[places[:-1]])
    heads = np.flatnonzero(~joined_)
    lasts = np.append(heads[1:], len(places)) - 1 if len(heads) else heads
    custody, start, end = spans.custody[places[heads]], spans.start[places[heads]], spans.end[places[lasts]]
    steps = rungs(start, end, part.lot.line.zone)
    early = _early(part)
    doors = np.unique(early.segment)
    closed = part.decided.segments.custody[doors]
    counts = np.bincount(np.searchsorted(doors, early.segment), minlength=len(doors))
    first = np.concatenate([np.zeros(len(custody), np.int64), np.zeros(1, np.int64), np.cumsum(counts)])
    every = np.concatenate([custody, closed])
    nothing = np.full(len(closed), -1, np.int64)
    return pa.table(
        [
            _taken(told.texts, told.people[held.person[every]]),
            _taken(told.texts, held.booking[every]),
            _codes(np.repeat(np.array([0, 1]), [len(custody), len(closed)]), ["late", "early"]),
            _instants(np.concatenate([start, held.end[closed]])),
            _instants(np.concatenate([end, held.end[closed]])),
            _codes(np.concatenate([steps, nothing]), [each.value for each in _RUNGS]),
            _listed(answered, part, first, early),
        ],
        schema=arrow_schema(FINDINGS),
    )


def _early(part: Part) -> _Bases:
    """What still required custody at the instant of release, of people who were let go."""
    segments, held = part.decided.segments, part.lot.custodies
    required = _bases(part, YES, required=True)
    some = np.zeros(len(segments.custody), np.bool_)
    some[required.segment] = True
    door = segments.door & part.keep[segments.custody] & (held.ended_by[segments.custody] == _RELEASED)
    door[1:] &= some[:-1]
    keep = door[required.segment]
    return _Bases(
        required.segment[keep], required.ground[keep], required.collection[keep], required.row[keep]
    )


def rungs(start: Ints, end: Ints, zone: ZoneInfo) -> Ints:
    """How far past the last lawful instant the door opened, as a place among the rungs."""
    late = end - start
    days = days_of(zone)
    day = np.clip(np.searchsorted(days, start, "right"), 0, len(days) - 1)
    midnight = end <= days[day]
    steps = np.select(
        [
            late <= 2 * HOUR,
            late <= 6 * HOUR,
            late <= 12 * HOUR,
            midnight,
            late <= 24 * HOUR,
            late <= 39 * HOUR,
        ],
        [_place(each) for each in (Rung.PROCESSING, Rung.SIX_HOURS, Rung.TWELVE_HOURS, Rung.MIDNIGHT)]
        + [_place(Rung.DAY), _place(Rung.THIRTY_NINE_HOURS)],
        _place(Rung.BEYOND),
    )
    return np.where(end >= FOREVER, _place(Rung.BEYOND), steps)


def _place(rung: Rung) -> int:
    return _RUNGS.index(rung)


def of_definition(person: str, custodies: Sequence[Custody], reason: str) -> Tables:
    """What the definition decided of one person, in the same tables."""
    bookings = [
        {
            "person": person,
            "booking": each.booking,
            "custodian_kind": each.custodian_kind,
            "place": each.place,
            "start": each.start,
            "end": _open(each.end),
            "ended_by": each.ended_by,
            "path": "definition",
            "reason": reason,
        }
        for each in custodies
    ]
    segments = [
        {
            "person": person,
            "booking": each.booking,
            "start": segment.start,
            "end": _open(segment.end),
            "verdict": segment.verdict.value,
            "because": segment.because.value if segment.because else None,
            "bases": [_base(base) for base in segment.bases],
        }
        for each in custodies
        for segment in each.segments
    ]
    papers = [
        {
            "person": person,
            "booking": each.booking,
            "instrument": paper.id,
            "kind": paper.kind,
            "lodged_at": paper.lodged_at,
            "withdrawn_at": paper.withdrawn_at,
            "ended_at": paper.ended_at,
        }
        for each in custodies
        for paper in each.papers
    ]
    return Tables(
        pa.Table.from_pylist(bookings, schema=arrow_schema(BOOKINGS)),
        pa.Table.from_pylist(papers, schema=arrow_schema(INSTRUMENTS)),
        pa.Table.from_pylist(segments, schema=arrow_schema(SEGMENTS)),
        pa.Table.from_pylist(list(_told(person, custodies)), schema=arrow_schema(FINDINGS)),
    )


def _told(person: str, custodies: Sequence[Custody]) -> Iterable[dict[str, Any]]:
    for each in custodies:
        whose = {"person": person, "booking": each.booking}
        for late in each.late:
            ends = {"start": late.start, "end": _open(late.end), "rung": late.rung}
            yield {**whose, "finding": "late", **ends, "bases": []}
        if each.early:
            bases = [_base(base) for base in each.early]
            yield {**whose, "finding": "early", "start": each.end, "end": each.end, "bases": bases}


def _base(base: tuple[str, str, str]) -> dict[str, str]:
    return {"provision": base[0], "collection": base[1], "id": base[2]}


def _open(end: int) -> int | None:
    return None if end >= FOREVER else end


def _taken(texts: Any, numbers: Ints) -> Any:
    return texts.take(pa.array(numbers))


def _instants(values: Ints) -> Any:
    empty: Flags = values >= FOREVER
    return pa.array(values, pa.int64(), mask=empty).cast(pa.timestamp("us", "UTC"))


def _codes(numbers: Ints, words: Sequence[str]) -> Any:
    """Texts by number; none where it is negative."""
    made = pa.array(numbers.astype(np.int32), pa.int32(), mask=numbers < 0)
    return pa.DictionaryArray.from_arrays(made, pa.array(list(words), pa.string()))


def _coded(word: str | None, count: int) -> Any:
    return _codes(np.full(count, -1 if word is None else 0, np.int64), [word or ""])
