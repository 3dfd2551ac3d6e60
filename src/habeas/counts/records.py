"""Custody records as what is counted: each episode with what its papers and moves say, and no law.

A mark is ``name=value``. ``custodian``, ``place`` and ``facility`` say who holds the person where; ``away``
that they are out to court or hospital; ``charge``, with the class stated, that a charge is open, and
``convicted`` that sentence was passed on it; ``paper``, with the kind, that a paper is lodged and neither
withdrawn nor ended; ``of``, with kind and agency, for whom a paper holds, as a table of agencies says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import TypeGuard

from habeas.counts.held import Episode, Held, Marks
from habeas.custody.episodes import CustodyEpisode, Span
from habeas.custody.record import CustodyRecord
from habeas.custody.rows import Row
from habeas.kernel.instants import (
    FOREVER,
    Instant,
    UncertainInstant,
    When,
    at_or_before,
    before,
    earliest_of,
    latest_of,
)

NOT_STATED = "not-stated"
_LAST = Instant(FOREVER - 1)
_ENDS_CHARGE = ("posted_at", "release_ordered_at", "disposed_at")
_ENDS_PAPER = ("withdrawn_at", "ended_at", "returned_at", "release_ordered_at")


def episodes_of(record: CustodyRecord, agencies: Mapping[str, str]) -> Iterator[Episode]:
    """A record's custody episodes with their marks.

    Args:
        record: One person's record.
        agencies: Issuer of a paper -> the kind of agency it is, such as ``federal``.
    """
    papers = [_Paper(row, agencies) for row in record.rows("instrument")]
    charges = [_Charge(row) for row in record.rows("charge")]
    for number, episode in enumerate(record.episodes, 1):
        bears: list[_Bearing] = [each for each in (*charges, *papers) if each.bears_on(episode)]
        yield Episode(
            person=record.person,
            id=", ".join(sorted(episode.bookings)) or f"{record.person}/{number}",
            held=tuple(_held(episode, bears)),
            began_by=_began_by(record, episode),
            ended_by=episode.ended_by or "",
        )


def issuers_of(record: CustodyRecord) -> frozenset[str]:
    """Every issuer that papers of a record name."""
    found = (row.facts_at(_LAST).get("issuer") for row in record.rows("instrument"))
    return frozenset(each for each in found if isinstance(each, str))


class _Bearing:
    """A charge or paper: what it marks, from when to when."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.facts = row.facts_at(_LAST)

    def bears_on(self, episode: CustodyEpisode) -> bool:
        booking = self.facts.get("booking")
        if isinstance(booking, str) and booking != "none":
            return booking in episode.bookings
        return any(_within(event.at, episode) for event in self.row.events)

    def parts(self) -> Iterable[tuple[When, When, Marks]]:
        raise NotImplementedError

    def _when(self, *names: str) -> list[When]:
        found = (self.facts.get(name) for name in names)
        return [each for each in found if _is_when(each)]

    def _text(self, name: str) -> str:
        found = self.facts.get(name)
        return found if isinstance(found, str) and found != "none" else NOT_STATED


class _Charge(_Bearing):
    def parts(self) -> Iterable[tuple[When, When, Marks]]:
        degree = self._text("class")
        begins = self._when("arrested_at", "filed_at") or [earliest_of(each.at) for each in self.row.events]
        ends = self._when(*_ENDS_CHARGE)
        sentenced = self._when("sentenced_at")
        start = min(begins, key=earliest_of)
        done = min(ends, key=earliest_of, default=FOREVER)
        if not sentenced:
            yield start, done, frozenset({f"charge={degree}"})
            return
        yield start, min(sentenced[0], done, key=earliest_of), frozenset({f"charge={degree}"})
        yield sentenced[0], FOREVER, frozenset({f"convicted={degree}"})


class _Paper(_Bearing):
    def __init__(self, row: Row, agencies: Mapping[str, str]) -> None:
        super().__init__(row)
        self.agency = agencies.get(self._text("issuer"), NOT_STATED)

    def parts(self) -> Iterable[tuple[When, When, Marks]]:
        kind = self._text("kind")
        marks = {f"paper={kind}", f"of={kind}/{self.agency}"}
        supervision = self._text("supervision")
        if supervision != NOT_STATED:
            marks.add(f"supervision={supervision}")
        to = self._text("committed_to")
        if to != NOT_STATED:
            marks.add(f"committed-to={to}")
        begins = self._when("lodged_at", "sentenced_at") or [earliest_of(each.at) for each in self.row.events]
        ends = self._when(*_ENDS_PAPER)
        yield min(begins, key=earliest_of), min(ends, key=earliest_of, default=FOREVER), frozenset(marks)


def _held(episode: CustodyEpisode, bears: Iterable[_Bearing]) -> Iterator[Held]:
    """An episode cut wherever a mark comes or goes; neighbours that say the same are one."""
    parts = [part for each in bears for part in each.parts()]
    cuts: dict[When, None] = dict.fromkeys([episode.start, episode.end])
    for edge in (*(s.start for s in episode.spans), *(edge for part in parts for edge in part[:2])):
        if before(episode.start, edge) is True and before(edge, episode.end) is True:
            cuts[edge] = None
    ordered = sorted(cuts, key=lambda edge: (earliest_of(edge), latest_of(edge)))
    last: Held | None = None
    for start, end in pairwise(ordered):
        marks = _marks(episode, parts, start, end)
        if last is not None and last.marks == marks:
            last = Held(last.start, end, marks)
            continue
        if last is not None:
            yield last
        last = Held(start, end, marks)
    if last is None:
        last = Held(episode.start, episode.end, _marks(episode, parts, episode.start, episode.end))
    yield last


def _marks(
    episode: CustodyEpisode, parts: Iterable[tuple[When, When, Marks]], start: When, end: When
) -> Marks:
    """What is so throughout a piece; a part that may or may not cover it counts, its bounds being wider."""
    found = {mark for begins, ends, marks in parts if _covers(begins, ends, start, end) for mark in marks}
    span = next((s for s in episode.spans if _covers(s.start, s.end, start, end)), None)
    return frozenset(found | set(_whereabouts(span)))


def _covers(begins: When, ends: When, start: When, end: When) -> bool:
    return at_or_before(begins, start) is not False and at_or_before(end, ends) is not False


def _whereabouts(span: Span | None) -> Iterator[str]:
    if span is None:
        return
    yield f"custodian={span.custodian_kind or NOT_STATED}"
    yield f"place={span.place or NOT_STATED}"
    if span.facility is not None:
        yield f"facility={span.facility}"
    if span.away:
        yield "away"


def _began_by(record: CustodyRecord, episode: CustodyEpisode) -> str:
    begun = [e.kind for e in record.events if e.at == episode.start and _may_begin(e.kind)]
    return begun[0] if begun else ""


def _may_begin(kind: str) -> bool:
    return kind in {"Arrested", "Booked", "Admitted", "TurnedOver", "Returned", "Transferred"}


def _within(at: When, episode: CustodyEpisode) -> bool:
    return at_or_before(episode.start, at) is not False and at_or_before(at, episode.end) is not False


def _is_when(found: object) -> TypeGuard[When]:
    if isinstance(found, UncertainInstant):
        return True
    return isinstance(found, int) and not isinstance(found, bool) and found < FOREVER
