"""What the papers of one person say, written out plainly for the oracle; nothing is decided here.

Minutes are whole minutes since 1970 in UTC. A sheet is what a clerk would write down who reads every
event once, keeps corrections and drops what they correct, and knows no law.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from habeas.custody.events import Event, Retracted
from habeas.kernel.evidence import NotKnown
from habeas.kernel.instants import MINUTE, Instant, earliest_of

NO_END: Final = 1 << 60
"""A minute after every other: what has not happened."""


class NotWholeMinute(ValueError):
    """An event at no whole minute, or at an uncertain one, which the oracle cannot walk."""


@dataclass(slots=True)
class ChargeSheet:
    """One charge: minutes at which things happened, ascending."""

    id: str
    offence_class: str | None = None
    """None where the source does not state it."""
    arrested: list[int] = field(default_factory=list[int])
    filed: list[int] = field(default_factory=list[int])
    bail_set: list[int] = field(default_factory=list[int])
    posted: list[int] = field(default_factory=list[int])
    refused_for_detainer: list[int] = field(default_factory=list[int])
    detained: list[int] = field(default_factory=list[int])
    revoked: list[int] = field(default_factory=list[int])
    disposed: list[int] = field(default_factory=list[int])
    sentenced: list[int] = field(default_factory=list[int])
    release_ordered: list[int] = field(default_factory=list[int])


@dataclass(slots=True)
class PaperSheet:
    """One instrument: what is on it, and when things happened to it."""

    id: str
    kind: str = ""
    form: str = ""
    warrant: str = "none"
    complete: bool = False
    written: bool = False
    bail_allowed: bool = False
    issued: int = NO_END
    lodged: int = NO_END
    served: int = NO_END
    withdrawn: int = NO_END
    declined: int = NO_END
    ended: int = NO_END
    expires: int = NO_END
    posted: list[int] = field(default_factory=list[int])
    hearings: list[int] = field(default_factory=list[int])
    release_ordered: list[int] = field(default_factory=list[int])
    term_days: int = 0
    credit_days: int | None = None
    """None where the source does not state it."""
    runs_after: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """One event as the causes ask about it."""

    at: int
    known: int
    name: str
    about: str
    terms: dict[str, object]
    touches: frozenset[str]
    """Rows it is about or names."""


@dataclass(slots=True)
class CustodySheet:
    """One custody: from the cell door in to the cell door out."""

    person: str
    booking: str
    county: str
    start: int
    end: int = NO_END
    freed: bool = False
    """Whether it ended in liberty rather than in another's custody."""
    arrested: int | None = None
    on_warrant: bool = False
    first_appearance: int = NO_END
    probable_cause: int = NO_END
    convicted_felony_shown: bool = False
    charges: dict[str, ChargeSheet] = field(default_factory=dict[str, ChargeSheet])
    papers: dict[str, PaperSheet] = field(default_factory=dict[str, PaperSheet])
    told: list[Told] = field(default_factory=list[Told])


def minute_of(at: Instant) -> int:
    """An instant as its minute.

    Raises:
        NotWholeMinute: It has seconds.
    """
    minute, rest = divmod(int(at), MINUTE)
    if rest:
        raise NotWholeMinute(f"[{at}] is no whole minute")
    return minute


def custodies(events: Iterable[Event]) -> tuple[CustodySheet, ...]:
    """The custodies of one person, earliest first, from all that was ever told.

    Raises:
        NotWholeMinute: An event is at no whole minute, or at an uncertain one.
    """
    live = _live(events)
    found: dict[str, CustodySheet] = {}
    for event in live:
        _keeping(event, found)
    sheets = tuple(sorted(found.values(), key=lambda each: each.start))
    for sheet in sheets:
        _fill(sheet, live)
    return sheets


def _live(events: Iterable[Event]) -> list[Event]:
    """Each event once, without those corrected or taken back, in order of time."""
    every = {event.id: event for event in events}
    gone = {event.supersedes for event in every.values() if event.supersedes is not None}
    left = [e for e in every.values() if e.id not in gone and not isinstance(e, Retracted)]
    return sorted(left, key=lambda event: (_at(event), event.id))


def _at(event: Event) -> int:
    if not isinstance(event.at, int):
        raise NotWholeMinute(f"event [{event.id}] is at an uncertain instant")
    return minute_of(earliest_of(event.at))


def _keeping(event: Event, found: dict[str, CustodySheet]) -> None:
    if event.subject.collection != "booking":
        return
    booking, minute = event.subject.id, _at(event)
    if event.kind in {"Arrested", "Admitted", "Booked"} and booking not in found:
        county = str(event.terms.get("place", "")).rpartition("/")[2]
        found[booking] = CustodySheet(str(event.person), booking, county, minute)
    if event.kind in {"Released", "TurnedOver", "Escaped"} and booking in found:
        found[booking].end = minute
        found[booking].freed = event.kind == "Released"


def _fill(sheet: CustodySheet, live: list[Event]) -> None:
    charges = _charges_of(sheet.booking, live)
    for event in live:
        minute = _at(event)
        if event.kind == "HistoryShown" and event.terms.get("convicted_felony") is True:
            sheet.convicted_felony_shown = True
        if event.subject.collection == "booking" and event.subject.id == sheet.booking:
            _booking_line(sheet, event, minute)
        for name in charges:
            if name in _touched(event, "charge"):
                _charge_line(sheet.charges.setdefault(name, ChargeSheet(name)), event, minute)
        if event.subject.collection == "instrument" and minute < sheet.end:
            _paper_line(
                sheet.papers.setdefault(event.subject.id, PaperSheet(event.subject.id)), event, minute
            )
        touches = frozenset({*_touched(event, "charge"), event.subject.id})
        known = minute_of(event.known_at)
        sheet.told.append(Told(minute, known, event.kind, event.subject.id, dict(event.terms), touches))
    gone = [p.id for p in sheet.papers.values() if min(p.withdrawn, p.ended) <= sheet.start]
    for name in gone:
        del sheet.papers[name]


def _charges_of(booking: str, live: list[Event]) -> frozenset[str]:
    return frozenset(
        event.subject.id
        for event in live
        if event.subject.collection == "charge" and event.terms.get("booking") == booking
    )


def _touched(event: Event, collection: str) -> Iterator[str]:
    if event.subject.collection == collection:
        yield event.subject.id
    named = event.terms.get(collection)
    if isinstance(named, str) and not isinstance(named, NotKnown):
        yield named
    elif isinstance(named, frozenset):
        yield from named


def _booking_line(sheet: CustodySheet, event: Event, minute: int) -> None:
    if event.kind == "Arrested":
        sheet.arrested = minute
    if event.terms.get("arrested_on_warrant") is True:
        sheet.on_warrant = True
    if event.kind == "FirstAppearance":
        sheet.first_appearance = min(sheet.first_appearance, minute)
    if event.kind == "ProbableCauseFound":
        sheet.probable_cause = min(sheet.probable_cause, minute)


_CHARGE_LISTS: Final[dict[str, Callable[[ChargeSheet], list[int]]]] = {
    "Arrested": lambda charge: charge.arrested,
    "Charged": lambda charge: charge.filed,
    "BailSet": lambda charge: charge.bail_set,
    "BondPosted": lambda charge: charge.posted,
    "BailDenied": lambda charge: charge.detained,
    "BailRevoked": lambda charge: charge.revoked,
    "ChargeDisposed": lambda charge: charge.disposed,
    "Sentenced": lambda charge: charge.sentenced,
    "ReleaseOrdered": lambda charge: charge.release_ordered,
}


def _charge_line(charge: ChargeSheet, event: Event, minute: int) -> None:
    if event.kind in _CHARGE_LISTS:
        _CHARGE_LISTS[event.kind](charge).append(minute)
    if event.kind == "BondRefused" and event.terms.get("refused_because") == "detainer":
        charge.refused_for_detainer.append(minute)
    if event.subject.collection == "charge" and "class" in event.terms:
        stated = event.terms["class"]
        charge.offence_class = None if isinstance(stated, NotKnown) else str(stated)


def _paper_line(paper: PaperSheet, event: Event, minute: int) -> None:
    _what_it_is(paper, event)
    match event.kind:
        case "WarrantLodged" | "CommitmentReceived" | "HoldLodged" | "DetainerLodged" | "WritReceived":
            paper.lodged = min(paper.lodged, minute)
        case "OrderReceived":
            paper.lodged = min(paper.lodged, minute)
        case "DetainerServed":
            paper.served = min(paper.served, minute)
        case "DetainerWithdrawn" | "HoldLifted" | "WarrantWithdrawn":
            paper.withdrawn = min(paper.withdrawn, minute)
        case "DetainerDeclined":
            paper.declined = min(paper.declined, minute)
        case "BondPosted":
            paper.posted.append(minute)
        case "HearingHeld":
            paper.hearings.append(minute)
        case "ReleaseOrdered":
            paper.release_ordered.append(minute)
        case "Sentenced":
            paper.issued = minute
        case _:
            pass


_IMPLIED: Final = {"WarrantLodged": "warrant", "WritReceived": "writ", "CommitmentReceived": "commitment"}


def _what_it_is(paper: PaperSheet, event: Event) -> None:
    terms = event.terms
    paper.kind = str(terms.get("kind", paper.kind or _IMPLIED.get(event.kind, "")))
    paper.form = str(terms.get("form", paper.form))
    paper.warrant = str(terms.get("attached_warrant", paper.warrant))
    paper.complete = terms.get("complete", paper.complete) is True
    paper.written = terms.get("written", paper.written) is True
    paper.bail_allowed = terms.get("bail_allowed", paper.bail_allowed) is True
    term, credit, after = terms.get("term_days"), terms.get("jail_credit_days"), terms.get("runs_after")
    if isinstance(term, int):
        paper.term_days = term
    if "jail_credit_days" in terms:
        paper.credit_days = credit if isinstance(credit, int) else None
    if isinstance(after, frozenset):
        paper.runs_after = after
    ended, expires, issued = terms.get("ended_at"), terms.get("expires_at"), terms.get("issued_at")
    if isinstance(ended, int):
        paper.ended = minute_of(Instant(ended))
    if isinstance(expires, int):
        paper.expires = minute_of(Instant(expires))
    if isinstance(issued, int):
        paper.issued = minute_of(Instant(issued))
