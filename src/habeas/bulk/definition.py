"""The definition asked of one person, in the form in which columns answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from habeas.authority.derive import Derivation, Piece
from habeas.authority.findings import Because, Rung, Verdict
from habeas.authority.inquiry import Inquiry
from habeas.authority.overdetention import early_bases, rung
from habeas.authority.unknowns import settled
from habeas.bulk.footings import Asked
from habeas.custody.events import Event
from habeas.custody.record import fold
from habeas.custody.rows import Row
from habeas.kernel.instants import FOREVER, Instant, earliest_of, latest_of

Base = tuple[str, str, str]
"""Provision, collection and id."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A maximal interval of a custody over which the answer is the same."""

    start: int
    end: int
    verdict: Verdict
    because: Because | None
    bases: tuple[Base, ...]


@dataclass(frozen=True, slots=True)
class Late:
    """An interval of custody with no basis."""

    start: int
    end: int
    rung: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that bears on a custody, as known after everything recorded; None is never or not known."""

    id: str
    kind: str | None
    lodged_at: int | None
    withdrawn_at: int | None
    ended_at: int | None


@dataclass(frozen=True, slots=True)
class Custody:
    """One unbroken custody, decided."""

    booking: str
    place: str | None
    custodian_kind: str | None
    start: int
    end: int
    ended_by: str | None
    segments: tuple[Segment, ...]
    late: tuple[Late, ...]
    early: tuple[Base, ...]
    """What was still in force at the door; empty where nothing was, or nobody was released."""
    papers: tuple[Paper, ...] = ()


def decided(asked: Asked, events: Iterable[Event]) -> tuple[Custody, ...]:
    """Every custody of one person, by the definition.

    Raises:
        PlaceNotStated: Nobody said where the person was held.
    """
    record = fold(events, known_at=asked.facts_known_at, coverage=asked.coverage, kinds=asked.kinds)
    inquiry = Inquiry(record, asked.setting, asked.regimen, asked.law_known_at, asked.reading)
    return tuple(_custody(asked, inquiry, index) for index in range(len(inquiry.custody)))


def _custody(asked: Asked, inquiry: Inquiry, index: int) -> Custody:
    episode, derivation = inquiry.custody[index], inquiry.derivation(index)
    place = next((span.place for span in episode.spans if span.place is not None), None)
    segments = tuple(merged(_segment(asked, inquiry, piece) for piece in derivation.pieces))
    late = () if place is None else tuple(_late(segments, inquiry, derivation))
    return Custody(
        booking=", ".join(sorted(episode.bookings)),
        place=place,
        custodian_kind=episode.spans[0].custodian_kind,
        start=earliest_of(episode.start),
        end=latest_of(episode.end),
        ended_by=episode.ended_by,
        segments=segments,
        late=late,
        early=tuple(sorted((s.ground.rule.ref, *s.subject) for s in early_bases(derivation))),
        papers=tuple(map(_paper, derivation.situations.rows["instrument"])),
    )


def _paper(row: Row) -> Paper:
    facts = row.facts_at(Instant(FOREVER - 1))
    kind = facts.get("kind")
    dates = (facts.get(name) for name in ("lodged_at", "withdrawn_at", "ended_at"))
    known = [int(at) if isinstance(at, int) and at < FOREVER else None for at in dates]
    return Paper(row.id, kind if isinstance(kind, str) else None, *known)


def _segment(asked: Asked, inquiry: Inquiry, piece: Piece) -> Segment:
    verdict = settled(inquiry, piece.start) if asked.settle else piece.verdict
    because = piece.because if verdict is Verdict.UNDETERMINED else None
    bases = sorted((s.ground.rule.ref, *s.subject) for s in piece.supports if s.value is True)
    return Segment(piece.start, piece.end, verdict, because, tuple(bases))


def merged(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Neighbours that say the same made one."""
    for _, run in groupby(segments, key=lambda each: (each.verdict, each.because, each.bases)):
        those = list(run)
        first = those[0]
        yield Segment(first.start, those[-1].end, first.verdict, first.because, first.bases)


def _late(segments: Sequence[Segment], inquiry: Inquiry, derivation: Derivation) -> Iterator[Late]:
    place = next(span.place for span in derivation.episode.spans if span.place is not None)
    zone = inquiry.law.places.zone_of(place)
    for is_late, run in groupby(segments, key=lambda each: each.verdict is Verdict.UNLAWFUL):
        those = list(run)
        if is_late:
            start, end = those[0].start, those[-1].end
            step = Rung.BEYOND.value if end >= FOREVER else rung(Instant(start), Instant(end), zone).value
            yield Late(start, end, step)
