"""What a picture of one custody episode shows, before anybody draws it.

One bar of answers over lanes of bases over lanes of law, all on the same stretch of time. The
drawings in text and in SVG read nothing else, so both say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from habeas.authority.derive import Derivation, Piece
from habeas.authority.findings import Because, SubjectKey, Verdict
from habeas.authority.inquiry import Inquiry
from habeas.authority.unknowns import settled
from habeas.kernel.calendars import Calendar, OutsideCalendar
from habeas.kernel.instants import (
    DAY,
    FOREVER,
    HOUR,
    Instant,
    UncertainInstant,
    civil_date_of,
    earliest_of,
    end_of_day,
    latest_of,
    start_of_day,
)
from habeas.kernel.kleene import Kleene, any_of
from habeas.report.law_lanes import LawLane, law_lanes


class State(StrEnum):
    """What holds over a stretch of a bar, each drawn so that it can be told without colour."""

    HELD = "may be held"
    """Some basis supports custody: solid."""
    NO_AUTHORITY = "no authority"
    """Custody and nothing that supports it: hatched."""
    CONTESTED = "contested"
    """Law is unsettled and the answer turns on it: dotted."""
    NOT_KNOWN = "not known"
    """A fact or text is missing and the answer turns on it: dotted."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A state from one instant until another, in UTC microseconds, end not included."""

    start: Instant
    end: Instant
    state: State
    projected: bool
    """Whether it lies after what is recorded: as things stand, if nobody does anything."""
    on: tuple[str, ...] = ()
    """Labels of the bases that support custody then."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened to a paper: lodged, served."""

    at: Instant
    word: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One subject, and when custody rested on it."""

    subject: SubjectKey
    label: str
    cite: str
    stretches: tuple[Stretch, ...]
    marks: tuple[Mark, ...]
    note: str
    """Why it supports nothing, where it never does."""


@dataclass(frozen=True, slots=True)
class Band:
    """A day that clocks here may leave out: a weekend or a holiday."""

    start: Instant
    end: Instant
    name: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything a drawing of one custody episode shows."""

    place: str
    custodian: str
    zone: ZoneInfo
    start: Instant
    """First instant shown."""
    end: Instant
    """First instant no longer shown."""
    known_at: Instant
    law_known_at: Instant
    reading: Mapping[str, str]
    """The alternatives given; every other question stands at its published default."""
    answer: tuple[Stretch, ...]
    lanes: tuple[Lane, ...]
    law: tuple[LawLane, ...]
    bands: tuple[Band, ...]
    is_open: bool
    """Whether no end of the custody is recorded."""


def span_of(inquiry: Inquiry, index: int) -> tuple[Instant, Instant]:
    """The stretch of time a drawing of that custody shows by itself.

    Raises:
        IndexError: the record has no custody of that number.
    """
    derivation = inquiry.derivation(index)
    return _span(derivation, list(_states(inquiry, derivation.pieces, {})))


def picture(inquiry: Inquiry, index: int, *, span: tuple[Instant, Instant] | None = None) -> Picture:
    """What a drawing of the person's unbroken custody of that number shows.

    Args:
        inquiry: The record, the law as known and the reading asked.
        index: Which custody, the earliest being 0.
        span: First instant shown and first no longer shown, for drawings that share an axis.

    Raises:
        IndexError: the record has no custody of that number.
    """
    derivation = inquiry.derivation(index)
    pieces = derivation.pieces
    situation = pieces[0].situation
    place = inquiry.law.places[situation.place]
    zone = inquiry.law.places.zone_of(place.id)
    labels = {subject: _label(inquiry, subject) for subject in _subjects(pieces)}
    states = list(_states(inquiry, pieces, labels))
    start, end = span or _span(derivation, states)
    shown = [piece for piece in pieces if piece.start < end]
    lanes = tuple(_lanes(inquiry, shown, labels, end))
    return Picture(
        place=place.name,
        custodian=situation.custodian or "custodian not known",
        zone=zone,
        start=start,
        end=end,
        known_at=inquiry.record.known_at,
        law_known_at=inquiry.law_known_at,
        reading=dict(inquiry.reading),
        answer=tuple(_cut(states, inquiry.record.known_at, end)),
        lanes=lanes,
        law=law_lanes(inquiry, shown, start, end),
        bands=tuple(_bands(_holidays(inquiry, shown), start, end, zone)),
        is_open=latest_of(derivation.episode.end) >= FOREVER,
    )


def _states(inquiry: Inquiry, pieces: Iterable[Piece], labels: Mapping[SubjectKey, str]) -> Iterator[Stretch]:
    """The answer piece by piece, neighbours that say the same joined."""
    last: Stretch | None = None
    for piece in pieces:
        state = _state(inquiry, piece)
        if state is None:
            continue
        on = tuple(
            dict.fromkeys(labels.get(s.subject, s.subject[1]) for s in piece.supports if s.value is True)
        )
        here = Stretch(piece.start, piece.end, state, projected=False, on=on)
        if last is not None and (last.state, last.on, last.end) == (state, on, piece.start):
            last = replace(last, end=piece.end)
            continue
        if last is not None:
            yield last
        last = here
    if last is not None:
        yield last


def _state(inquiry: Inquiry, piece: Piece) -> State | None:
    verdict = piece.verdict
    if verdict is Verdict.UNDETERMINED:
        verdict = settled(inquiry, piece.start)
    if verdict is Verdict.UNDETERMINED:
        return State.CONTESTED if piece.because is Because.CONTESTED else State.NOT_KNOWN
    return {Verdict.LAWFUL: State.HELD, Verdict.UNLAWFUL: State.NO_AUTHORITY}.get(verdict)


def _span(derivation: Derivation, states: list[Stretch]) -> tuple[Instant, Instant]:
    """From shortly before custody until shortly after its end, or after the last change foreseen."""
    start = earliest_of(derivation.episode.start)
    end = latest_of(derivation.episode.end)
    if end >= FOREVER:
        changes = [stretch.end for stretch in states if stretch.end < FOREVER]
        heard = [earliest_of(event.at) for event in derivation.situations.record.events]
        end = max([Instant(start + DAY), *changes, *heard])
    margin = max((end - start) // 24, 2 * HOUR)
    return Instant(start - margin), Instant(end + 2 * margin)


def _cut(states: Iterable[Stretch], known_at: Instant, end: Instant) -> Iterator[Stretch]:
    """Stretches up to the last instant shown, split where the record ends."""
    for stretch in states:
        last = Instant(min(stretch.end, end))
        if stretch.start >= last:
            continue
        if stretch.start < known_at < last:
            yield replace(stretch, end=known_at)
            yield replace(stretch, start=known_at, end=last, projected=True)
        else:
            yield replace(stretch, end=last, projected=stretch.start >= known_at)


def _subjects(pieces: Iterable[Piece]) -> tuple[SubjectKey, ...]:
    """What custody rests on or might, in the order in which it first appears."""
    found: dict[SubjectKey, None] = {}
    for piece in pieces:
        for standing in piece.standings:
            bears = standing.heard or standing.because is not None or standing.subject[0] == "instrument"
            if bears and standing.subject[0] != "person":
                found[standing.subject] = None
    return tuple(sorted(found, key=lambda subject: _ORDER.index(subject[0])))


_LAST = Instant(FOREVER - 1)
"""After everything recorded."""
_ORDER = ("booking", "charge", "instrument", "person")


def _label(inquiry: Inquiry, subject: SubjectKey) -> str:
    collection, name = subject
    kind = _final(inquiry, subject).get("kind")
    words = str(kind).replace("-", " ") if isinstance(kind, str) else collection
    return f"{words[:1].upper()}{words[1:]} {name}"


def _final(inquiry: Inquiry, subject: SubjectKey) -> Mapping[str, object]:
    """What a paper's facts come to in the end; nothing for what is no paper."""
    collection, name = subject
    return inquiry.record.row("instrument", name).facts_at(_LAST) if collection == "instrument" else {}


def _form(inquiry: Inquiry, subject: SubjectKey) -> tuple[str, ...]:
    form = _final(inquiry, subject).get("form")
    return (f"form {form}",) if isinstance(form, str) and form != "none" else ()


def _lanes(
    inquiry: Inquiry, pieces: list[Piece], labels: Mapping[SubjectKey, str], end: Instant
) -> Iterator[Lane]:
    for subject in _subjects(pieces):
        stretches = list(_stretches_of(pieces, subject))
        cites = dict.fromkeys(
            support.ground.rule.provision.cite
            for piece in pieces
            for support in piece.supports
            if support.subject == subject and support.value is not False
        )
        yield Lane(
            subject=subject,
            label=labels[subject],
            cite="; ".join((*_form(inquiry, subject), *_shortened(tuple(cites)))),
            stretches=tuple(_cut(stretches, inquiry.record.known_at, end)),
            marks=tuple(_marks(inquiry, subject)),
            note="" if stretches else "supports nothing here",
        )


def _shortened(cites: tuple[str, ...]) -> tuple[str, ...]:
    more = f" and {len(cites) - 1} more" if len(cites) > 1 else ""
    return (cites[0] + more,) if cites else ()


def _stretches_of(pieces: Iterable[Piece], subject: SubjectKey) -> Iterator[Stretch]:
    last: Stretch | None = None
    for piece in pieces:
        value, because = _support(piece, subject)
        if value is False or piece.custody is False:
            continue
        state = State.HELD
        if value is None:
            state = State.CONTESTED if because is Because.CONTESTED else State.NOT_KNOWN
        if last is not None and last.state is state and last.end == piece.start:
            last = replace(last, end=piece.end)
            continue
        if last is not None:
            yield last
        last = Stretch(piece.start, piece.end, state, projected=False)
    if last is not None:
        yield last


def _support(piece: Piece, subject: SubjectKey) -> tuple[Kleene, Because | None]:
    standing = next((each for each in piece.standings if each.subject == subject), None)
    if standing is None:
        return False, None
    value = any_of(support.value for support in piece.supports if support.subject == subject)
    if value is False and not standing.grounds and standing.because is not None:
        value = None
    return value, standing.because


def _marks(inquiry: Inquiry, subject: SubjectKey) -> Iterator[Mark]:
    facts = _final(inquiry, subject)
    for fact, word in (("lodged_at", "lodged"), ("served_at", "served"), ("withdrawn_at", "withdrawn")):
        when = facts.get(fact)
        at = when.earliest if isinstance(when, UncertainInstant) else when
        if isinstance(at, int) and not isinstance(at, bool) and at < FOREVER:
            yield Mark(Instant(at), word)


def _holidays(inquiry: Inquiry, pieces: Iterable[Piece]) -> Callable[[dt.date], str]:
    """The name of a holiday in a calendar that some clock on a basis here goes by."""
    names = {
        cap.provision.clock.holidays
        for piece in pieces
        for standing in piece.standings
        for ground in standing.grounds
        for _, cap in ground.caps
        if cap.provision.clock is not None and cap.provision.clock.holidays
    }
    calendars: list[Calendar] = [inquiry.law.calendars[name] for name in sorted(names)]

    def name_of(day: dt.date) -> str:
        for calendar in calendars:
            try:
                if calendar.is_holiday(day):
                    return calendar.name_of(day)
            except OutsideCalendar:
                continue
        return ""

    return name_of


def _bands(holiday: Callable[[dt.date], str], start: Instant, end: Instant, zone: ZoneInfo) -> Iterator[Band]:
    day = civil_date_of(start, zone)
    while start_of_day(day, zone) < end:
        name = holiday(day) or ("weekend" if day.weekday() >= 5 else "")
        if name:
            yield Band(
                Instant(max(start, start_of_day(day, zone))),
                Instant(min(end, end_of_day(day, zone))),
                name,
            )
        day += dt.timedelta(days=1)
