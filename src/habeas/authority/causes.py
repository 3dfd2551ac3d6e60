"""Why custody went on without a basis, or ended before one: what the record shows stood between.

A cause is a function of the record and an instant. So causes cut an over-detention into parts that
add up to it, and nobody has to choose one cause for a night on which several followed one another.
The words are those of the glossary (*Causes*), taken in its order; none says what anyone intended.

Source of the classes: the causes that recur in settled cases and audits (orders that never reached
the jail, release queues, holds relied on without force, credit and arithmetic, unwatched clocks).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from habeas.authority.derive import Derivation, Piece, Support
from habeas.authority.duties import breaches
from habeas.authority.findings import SubjectKey, Verdict
from habeas.authority.situations import FactRow, lodged
from habeas.custody.events import (
    CreditStated,
    Event,
    OrderClarified,
    ReleaseProjected,
    Sentenced,
    Stated,
)
from habeas.custody.events.event import CustodyEffect
from habeas.custody.instruments import InstrumentKind
from habeas.kernel.instants import FOREVER, Instant, earliest_of, latest_of
from habeas.kernel.intervals import Interval


class Cause(StrEnum):
    """What stood between a person and the door, or opened it too soon."""

    HOLD_LAPSED = "hold-lapsed"
    """A hold supported custody until its own time ran out."""
    HOLD_STALE = "hold-stale"
    """A hold supported custody until its issuer withdrew or lifted it."""
    CLOCK = "clock"
    """A deadline passed whose consequence ends the basis."""
    ARITHMETIC = "arithmetic"
    """A sentence had ended, and the custodian's own projection was still to come."""
    CREDIT = "credit"
    """As `ARITHMETIC`, and the projection counted other credit than was stated."""
    ORDER_UNSEEN = "order-unseen"
    """What ended the last basis had happened, and the custodian had not recorded it yet."""
    ORDER_UNCLEAR = "order-unclear"
    """The order could not be read or acted on as it stood, and was not clarified yet."""
    HOLD_VOID = "hold-void"
    """Nothing was left but a paper that never supported custody."""
    QUEUE = "queue"
    """What ended the last basis was recorded and clear; the release was still to be done."""
    NO_AUTHORITY = "no-authority"
    """No basis ever supported this custody."""
    UNKNOWN = "unknown"
    """The record shows none of these."""


@dataclass(frozen=True, slots=True)
class CausePart:
    """A part of an over-detention with one cause."""

    interval: Interval
    cause: Cause


_HOLDS: Final = frozenset(
    {
        InstrumentKind.IMMIGRATION_DETAINER,
        InstrumentKind.DETAINER,
        InstrumentKind.HOLD,
        InstrumentKind.VIOLATION_HOLD,
        InstrumentKind.OUT_OF_COUNTY_WARRANT,
    }
)
"""Papers by which one agency asks another not to free a person: holds, as the glossary has it."""
_NO_ACTS: Final = (ReleaseProjected, OrderClarified, Stated, CreditStated)
"""Events that end no basis by themselves."""


def causes_of_late(derivation: Derivation, late: Interval) -> tuple[CausePart, ...]:
    """The causes of one over-detention, earliest first, together exactly its interval.

    Args:
        derivation: The custody that it lies in.
        late: A maximal interval of the custody with no basis in force, in UTC microseconds.
    """
    parts = _parts(_Ending(derivation, late), late)
    return tuple(_joined(part for part in parts if part.interval.start < part.interval.end))


def cause_of_early(derivation: Derivation, door: Instant, standing: Sequence[Support]) -> Cause:
    """Why a person left while something still required custody.

    Args:
        derivation: The custody that ended.
        door: When it ended, in UTC microseconds.
        standing: The commitments and must-holds in force at the door.
    """
    events = derivation.situations.record.events
    for support in standing:
        papers = [each for each in events if each.subject == support.subject]
        if _known(derivation, support, door, papers) > door:
            return Cause.ORDER_UNSEEN
        unread = any(each.terms.get("order_readable") is False for each in papers)
        if unread and _clarified(papers) > door:
            return Cause.ORDER_UNCLEAR
        projected = _projection(papers, door)
        if projected is not None and projected[0] <= door:
            return _miscounted(projected[1], _credit(papers))
    return Cause.UNKNOWN


def _known(derivation: Derivation, support: Support, door: Instant, papers: Sequence[Event]) -> Instant:
    """When the custodian had recorded what gave a basis: the last of the events at which it began."""
    begun = door
    for piece in reversed([each for each in derivation.pieces if each.start < door]):
        if not any(each.key == support.key and each.value is True for each in piece.supports):
            break
        begun = piece.start
    acts = [each for each in papers if not isinstance(each, _NO_ACTS)]
    gave = [each for each in acts if earliest_of(each.at) <= begun <= latest_of(each.at)]
    if gave:
        return max(each.known_at for each in gave)
    return min((each.known_at for each in acts), default=begun)


class _Ending:
    """How the last basis before an over-detention ended."""

    def __init__(self, derivation: Derivation, late: Interval) -> None:
        self.derivation, self.at = derivation, late.start
        pieces = derivation.pieces
        before = [each for each in pieces if each.end <= late.start]
        self._stood = {s.subject for each in before for s in each.supports if s.value is True}
        self._before = before[-1].verdict if before else None
        self.after = next(each for each in pieces if each.start >= late.start)
        self.last = [s for s in before[-1].supports if s.value is not False] if before else []
        """What supported custody to the last, or may have."""
        unread = before[-1].standings if before else []
        self.closed = [s.row for s in unread if not s.grounds and s.subject in self.after.closed]
        """Papers on which no text here speaks, and beyond whose time none could."""
        related = {ref for support in self.last for ref in _related(support.subject, before[-1])}
        self.papers = [each for each in derivation.situations.record.events if each.subject in related]
        self.acts = [each for each in self.papers if _ends_at(each, late.start)]

    @property
    def hold(self) -> FactRow | None:
        """The hold that supported custody to the last, as it stands afterwards."""
        rows = self.after.situation.rows["instrument"]
        held = {s.subject[1] for s in self.last if s.subject[0] == "instrument"}
        held |= {row["id"] for row in self.closed}
        return next((row for row in rows if row["id"] in held and row.get("kind") in _HOLDS), None)

    @property
    def by_a_clock(self) -> bool:
        """Whether a breached duty ended a basis that stood to the last."""
        broken = [duty for duty, value in breaches(self.after.duties, self.at) if value is True]
        rows = {
            (collection, row["id"]): row
            for collection, those in self.after.situation.rows.items()
            for row in those
        }
        return any(duty.ends(s.ground.rule, rows[s.subject]) for duty in broken for s in self.last)

    @property
    def is_sentence(self) -> bool:
        """Whether what ended was a sentence."""
        return any(isinstance(each, Sentenced) or _is_sentence(each) for each in self.papers)

    @property
    def void_paper(self) -> bool:
        """Whether a hold is lodged, and was not declined, that never supported this custody."""
        rows = self.after.situation.rows["instrument"]
        never = [row for row in rows if ("instrument", row["id"]) not in self._stood]
        return any(
            row.get("kind") in _HOLDS and lodged(row, self.at) is True and not _declined(row, self.at)
            for row in never
        )

    @property
    def is_open_before(self) -> bool:
        """Whether custody before it was undetermined, so that a basis may have ended here."""
        return self._before is Verdict.UNDETERMINED


def _parts(ending: _Ending, late: Interval) -> Iterator[CausePart]:
    """The parts in order; a part may be empty."""
    hold = ending.hold
    if hold is not None and lodged(hold, ending.at) is False:
        yield CausePart(late, Cause.HOLD_STALE)
    elif ending.acts:
        yield from _after_acts(ending, late)
    elif hold is not None:
        yield CausePart(late, Cause.HOLD_LAPSED)
    elif ending.by_a_clock:
        yield CausePart(late, Cause.CLOCK)
    elif ending.is_sentence:
        yield from _after_sentence(ending, late)
    elif ending.last or ending.is_open_before:
        yield CausePart(late, Cause.UNKNOWN)
    else:
        yield CausePart(late, Cause.HOLD_VOID if ending.void_paper else Cause.NO_AUTHORITY)


def _after_acts(ending: _Ending, late: Interval) -> Iterator[CausePart]:
    """An order or other act ended it: unseen, then unclear, then waiting to be carried out."""
    seen = _within(late, max(each.known_at for each in ending.acts))
    unread = any(each.terms.get("order_readable") is False for each in ending.acts)
    clear = _within(late, max(seen, _clarified(ending.papers))) if unread else seen
    yield CausePart(Interval(late.start, seen), Cause.ORDER_UNSEEN)
    yield CausePart(Interval(seen, clear), Cause.ORDER_UNCLEAR)
    yield CausePart(Interval(clear, late.end), _waiting(ending))


def _after_sentence(ending: _Ending, late: Interval) -> Iterator[CausePart]:
    """A sentence ran out: until the custodian's own date, its count; afterwards the queue."""
    projected = _projection(ending.papers, late.start)
    if projected is None:
        yield CausePart(late, Cause.UNKNOWN)
        return
    due, counted = projected
    until = _within(late, due)
    yield CausePart(Interval(late.start, until), _miscounted(counted, _credit(ending.papers)))
    yield CausePart(Interval(until, late.end), _waiting(ending))


def _waiting(ending: _Ending) -> Cause:
    return Cause.HOLD_VOID if ending.void_paper else Cause.QUEUE


def _miscounted(counted: object, stated: object) -> Cause:
    return Cause.ARITHMETIC if counted is None or counted == stated else Cause.CREDIT


def _within(late: Interval, at: Instant) -> Instant:
    return min(max(at, late.start), late.end)


def _related(subject: SubjectKey, piece: Piece) -> Iterator[SubjectKey]:
    """What a basis rests on, and the booking and charge it names."""
    yield subject
    collection, name = subject
    for row in piece.situation.rows[collection]:
        if row["id"] == name:
            for other in ("booking", "charge"):
                if isinstance(row.get(other), str) and row[other] != "none":
                    yield other, row[other]
            if collection == "booking":
                yield from (("charge", r["id"]) for r in piece.situation.rows["charge"])
    yield from (("booking", row["id"]) for row in piece.situation.rows["booking"])


def _ends_at(event: Event, at: Instant) -> bool:
    """Whether an event that can end a basis may have happened at an instant; a paper that comes ends none."""
    begins = event.effect is not CustodyEffect.NONE or event.fact == "lodged_at"
    return (
        not begins and not isinstance(event, _NO_ACTS) and earliest_of(event.at) <= at <= latest_of(event.at)
    )


def _is_sentence(event: Event) -> bool:
    return event.terms.get("kind") == InstrumentKind.SENTENCE


def _declined(row: FactRow, at: Instant) -> bool:
    declined = row.get("declined_at")
    return isinstance(declined, int) and declined <= at


def _clarified(papers: Iterable[Event]) -> Instant:
    told = [latest_of(each.at) for each in papers if isinstance(each, OrderClarified)]
    return min(told, default=FOREVER)


def _projection(papers: Iterable[Event], at: Instant) -> tuple[Instant, object] | None:
    """The custodian's own date in use at an instant, and the credit it counted."""
    made: list[tuple[tuple[Instant, Instant, str], Instant, object]] = []
    for each in papers:
        due = each.terms.get("projected_release_at")
        if isinstance(each, ReleaseProjected) and earliest_of(each.at) <= at and isinstance(due, int):
            order = (latest_of(each.at), each.known_at, each.id)
            made.append((order, Instant(due), each.terms.get("projected_credit_days")))
    return max(made, key=lambda each: each[0])[1:] if made else None


def _credit(papers: Iterable[Event]) -> object:
    """The credit last stated by the court or the custodian; None where nobody stated any."""
    stated = [each for each in papers if "jail_credit_days" in each.terms]
    if not stated:
        return None
    return max(stated, key=lambda each: (latest_of(each.at), each.known_at)).terms["jail_credit_days"]


def _joined(parts: Iterable[CausePart]) -> Iterator[CausePart]:
    held: CausePart | None = None
    for part in parts:
        if held is not None and held.cause is part.cause:
            held = CausePart(Interval(held.interval.start, part.interval.end), part.cause)
            continue
        if held is not None:
            yield held
        held = part
    if held is not None:
        yield held
