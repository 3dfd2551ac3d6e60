"""Everybody in custody, the least time left first: what a release desk looks at all night.

A line is made from one answer and kept as long as it holds: until the ledger says more of that person, or
until the next instant at which the answer, a duty or the seventy-two hours shown would be others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from habeas.authority.answer import Answer, answer, as_adopted
from habeas.authority.derive import Piece
from habeas.authority.findings import Because, SubjectKey, Verdict
from habeas.authority.inquiry import Inquiry
from habeas.authority.unknowns import settled
from habeas.desk.due import Due, due_of
from habeas.kernel.instants import DAY, FOREVER, HOUR, Instant, earliest_of
from habeas.kernel.places import PlaceId
from habeas.law.enactments import Bearer, Stratum

AHEAD: Final = 72 * HOUR
"""Microseconds to come that a strip shows."""
BEHIND: Final = 6 * HOUR
"""Microseconds past that a strip shows: what lacks authority lies there, and never in time to come."""
KEPT: Final = HOUR
"""Microseconds after which a line is made anew in any case: law may have become known."""


class Band(StrEnum):
    """How pressing a line is; the order is that of the worklist."""

    PAST = "no authority now"
    OPEN = "not known or contested"
    OVERDUE = "duty overdue"
    SOON = "next 4 hours"
    TODAY = "next 24 hours"
    DAYS = "next 72 hours"
    LATER = "later"
    UNSET = "no end set"


class Why(StrEnum):
    """What it is that runs out: a filter of the worklist."""

    NONE = "nothing supports custody"
    UNKNOWN = "a fact or law is open"
    DETAINER = "a hold's own time ends"
    SENTENCE = "a sentence ends"
    COURT = "a court or prosecutor must act"
    CUSTODIAN = "the custodian must act"
    END = "a basis ends"
    UNSET = "no end set"


@dataclass(frozen=True, slots=True)
class Reach:
    """A verdict over part of a strip."""

    start: Instant
    end: Instant
    verdict: Verdict
    because: Because | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person of the worklist."""

    stream: str
    """The pseudonym by which pages know the person."""
    person: str
    place: PlaceId
    custodian: str
    verdict: Verdict
    because: Because | None
    by: Instant
    """When what is most pressing has to be done; for what is open, the start of that; FOREVER if never."""
    why: Why
    says: str
    cite: str
    until: Instant | None
    """First instant at which custody is no longer supported as things stand."""
    strip: tuple[Reach, ...]
    made_at: Instant
    holds_until: Instant
    """First instant at which the line may be another."""
    facts: str
    law: str
    unread: int
    """Rows about the person that could not be read."""

    def band(self, at: Instant) -> Band:
        """How pressing it is at an instant."""
        if self.verdict is Verdict.UNLAWFUL:
            return Band.PAST
        if self.verdict is Verdict.UNDETERMINED:
            return Band.OPEN
        if self.by >= FOREVER:
            return Band.UNSET
        if self.by <= at:
            return Band.OVERDUE
        limits = ((4 * HOUR, Band.SOON), (DAY, Band.TODAY), (3 * DAY, Band.DAYS))
        return next((band for limit, band in limits if self.by <= at + limit), Band.LATER)


def line_of(stream: str, person: str, inquiry: Inquiry, at: Instant, *, unread: int = 0) -> Line | None:
    """The line of a person; None where nobody holds them.

    Args:
        stream: The pseudonym by which pages know the person.
        person: The identity by which sources know them.
        inquiry: What is known of them.
        at: The instant, in UTC microseconds.
        unread: Rows about them that could not be read.
    """
    said = answer(inquiry, at, proof=False, vary=False)
    if said.verdict is Verdict.NOT_IN_CUSTODY or said.place is None:
        return None
    adopted = as_adopted(inquiry, at)
    index = adopted.episode_at(at)
    pieces = () if index is None else adopted.derivation(index).pieces
    strip = tuple(_strip(adopted, pieces, at))
    first = _first(person, said, at)
    return Line(
        stream=stream,
        person=person,
        place=said.place,
        custodian=said.custodian or "",
        verdict=said.verdict,
        because=said.because,
        by=_since(pieces, said, at) if first is None or said.verdict is not Verdict.LAWFUL else first.by,
        why=_why(said, first),
        says="" if first is None else _says(first, _last(pieces, said, at), inquiry, at),
        cite="" if first is None else first.cite,
        until=said.latest_lawful,
        strip=strip,
        made_at=at,
        holds_until=_holds_until(said, strip, at),
        facts=said.facts,
        law=said.law,
        unread=unread,
    )


def ordered(lines: Iterable[Line], at: Instant) -> list[Line]:
    """The lines as they are worked off: without authority longest first, then open, then by time left."""
    bands = list(Band)
    return sorted(lines, key=lambda each: (bands.index(each.band(at)), each.by, each.person))


def counts(lines: Iterable[Line], at: Instant) -> Mapping[Band, int]:
    """How many lines are in each band, none left out."""
    found = dict.fromkeys(Band, 0)
    for each in lines:
        found[each.band(at)] += 1
    return found


def _first(person: str, said: Answer, at: Instant) -> Due | None:
    """What has to be done first: of two at one instant, what lets somebody go."""
    due = list(due_of(person, said, at))
    if said.verdict is not Verdict.LAWFUL:
        # What nobody may hold on for comes before any duty, even one long breached.
        return due[0] if due else None
    ahead = [each for each in due if each.by > at] or due
    return min(ahead, key=lambda each: (each.by, not each.what.startswith("let go"), each.what), default=None)


def _last(pieces: Iterable[Piece], said: Answer, at: Instant) -> SubjectKey | None:
    """What custody rests on last, or rested on last where it rests on nothing."""
    last = max(said.bases, key=lambda basis: basis.until, default=None)
    if last is not None:
        return last.subject
    gone = [each for each in pieces if each.start <= at and each.held_by is True]
    return next((each.subject for each in gone[-1].supports if each.value is True), None) if gone else None


def _says(first: Due, last: SubjectKey | None, inquiry: Inquiry, at: Instant) -> str:
    """What has to be done; of the end of custody also what ends or ended."""
    if last is None or not first.what.startswith("let go"):
        return first.what
    ends = "ended" if first.by <= at else "ends"
    return f"{named(inquiry, last, at)} {ends}: {first.what}"


def named(inquiry: Inquiry, subject: SubjectKey, at: Instant) -> str:
    """What a basis rests on, in a word or two: ``felony charge``, ``bench warrant``, ``booking``."""
    collection, name = subject
    for row in inquiry.record.rows("instrument" if collection == "instrument" else "charge"):
        if row.id == name and row.collection == collection:
            fact = row.facts_at(at).get("kind" if collection == "instrument" else "class")
            if isinstance(fact, str) and fact != "none":
                plain = fact.replace("-", " ")
                return plain if collection == "instrument" else f"{plain} charge"
    return {"booking": "arrest"}.get(collection, collection)


def _since(pieces: Iterable[Piece], said: Answer, at: Instant) -> Instant:
    """Since when the verdict has been what it is, where it is not LAWFUL; FOREVER where it is."""
    if said.verdict is Verdict.LAWFUL:
        return FOREVER
    if said.verdict is Verdict.UNLAWFUL:
        starts = [each.interval.start for each in said.over_detention if each.interval.covers(at)]
        return min(starts, default=at)
    since = at
    for piece in reversed([each for each in pieces if each.start <= at]):
        if piece.verdict is not Verdict.UNDETERMINED:
            break
        since = piece.start
    return since


def _why(said: Answer, first: Due | None) -> Why:
    if said.verdict is Verdict.UNLAWFUL:
        return Why.NONE
    if said.verdict is Verdict.UNDETERMINED:
        return Why.UNKNOWN
    if first is None:
        return Why.UNSET
    if not first.what.startswith("let go"):
        return Why.CUSTODIAN if first.bearer == Bearer.CUSTODIAN.value else Why.COURT
    if any(basis.stratum is Stratum.HOLD for basis in said.bases):
        return Why.DETAINER
    last = max(said.bases, key=lambda basis: basis.until, default=None)
    return Why.SENTENCE if last is not None and "sentence" in last.provision else Why.END


def _strip(inquiry: Inquiry, pieces: Iterable[Piece], at: Instant) -> Iterator[Reach]:
    start, end = Instant(at - BEHIND), Instant(at + AHEAD)
    last: Reach | None = None
    for piece in pieces:
        if piece.end <= start or piece.start >= end:
            continue
        verdict = piece.verdict
        if verdict is Verdict.UNDETERMINED:
            verdict = settled(inquiry, piece.start)
        because = piece.because if verdict is Verdict.UNDETERMINED else None
        here = Reach(Instant(max(piece.start, start)), Instant(min(piece.end, end)), verdict, because)
        if last is not None and (last.verdict, last.because) == (verdict, because):
            last = Reach(last.start, here.end, verdict, because)
            continue
        if last is not None:
            yield last
        last = here
    if last is not None:
        yield last


def _holds_until(said: Answer, strip: Iterable[Reach], at: Instant) -> Instant:
    edges = [Instant(at + KEPT), *(each.end for each in strip if each.end > at)]
    if said.changes_at is not None:
        edges.append(said.changes_at)
    edges += [earliest_of(each.due_at) for each in said.duties if each.due_at is not None]
    return min(each for each in edges if each > at)
