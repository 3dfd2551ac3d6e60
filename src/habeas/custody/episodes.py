"""Custody episodes and spans: who held the person where, folded from the events of keeping."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from habeas.custody.anomalies import Anomaly, AnomalyKind
from habeas.custody.events import UNNUMBERED, Admitted, CustodyEffect, Died, Event, TemporaryAbsence
from habeas.kernel.identifiers import AgencyId
from habeas.kernel.instants import (
    FOREVER,
    Instant,
    Precision,
    UncertainInstant,
    When,
    at_or_before,
    before,
    earliest_of,
    latest_of,
)
from habeas.kernel.kleene import Kleene, both
from habeas.kernel.places import PlaceId

T = TypeVar("T")


class Whereabouts(NamedTuple):
    """Who holds the person, and where; None is not known."""

    custodian: AgencyId | None = None
    custodian_kind: str | None = None
    place: PlaceId | None = None
    facility: str | None = None
    away: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of custody throughout which one custodian holds the person in one place."""

    start: When
    """The first instant of it."""

    end: When
    """The first instant after it; `FOREVER` while it lasts."""

    whereabouts: Whereabouts
    """Who holds the person, and where."""

    @property
    def custodian(self) -> AgencyId | None:
        """Whose bed it is; None when not known."""
        return self.whereabouts.custodian

    @property
    def custodian_kind(self) -> str | None:
        """What kind of custodian that is; None when not known."""
        return self.whereabouts.custodian_kind

    @property
    def place(self) -> PlaceId | None:
        """The place whose law governs the custodian; None when not known."""
        return self.whereabouts.place

    @property
    def facility(self) -> str | None:
        """The building or campus; None when not known."""
        return self.whereabouts.facility

    @property
    def away(self) -> bool:
        """Whether the person is out to court, hospital or furlough."""
        return self.whereabouts.away

    def covers(self, instant: Instant) -> Kleene:
        """Whether the person is so held at an instant; None where bounds leave it open."""
        return both(at_or_before(self.start, instant), before(instant, self.end))


@dataclass(frozen=True, slots=True)
class CustodyEpisode:
    """Unbroken custody by one custodian, whatever beds and bases change within."""

    custodian: AgencyId | None
    """Whose custody it is; None when no event says."""

    custodian_kind: str | None
    """What kind of custodian; None when no event says."""

    place: PlaceId | None
    """The place in which it began, as soon as an event names one."""

    start: When
    """Arrest, admission or delivery, whichever came first."""

    end: When
    """Release, escape, death or delivery to another; `FOREVER` while none is known."""

    ended_by: str | None
    """The kind of event that ended it; None while none did."""

    spans: tuple[Span, ...]
    """Its pieces, earliest first."""

    bookings: frozenset[str]
    """The numbered bookings whose events began it."""

    def covers(self, instant: Instant) -> Kleene:
        """Whether the person is in this custody at an instant; None where bounds leave it open."""
        return both(at_or_before(self.start, instant), before(instant, self.end))


@dataclass(slots=True)
class _Open:
    """Custody under way while events are folded."""

    begun_by: list[Event]
    pieces: list[tuple[When, Whereabouts]]
    bookings: set[str]
    end: When = FOREVER
    ended_by: Event | None = None

    @property
    def now(self) -> Whereabouts:
        return self.pieces[-1][1]

    @property
    def is_admitted(self) -> bool:
        return any(isinstance(event, Admitted) for event in self.begun_by)

    def moves(self, at: When, whereabouts: Whereabouts) -> None:
        if whereabouts != self.now:
            self.pieces.append((at, whereabouts))

    def made(self) -> CustodyEpisode:
        starts = [start for start, _ in self.pieces]
        ends = [*starts[1:], self.end]
        held = [where for _, where in self.pieces]
        return CustodyEpisode(
            custodian=_first(where.custodian for where in held),
            custodian_kind=_first(where.custodian_kind for where in held),
            place=_first(where.place for where in held),
            start=starts[0],
            end=self.end,
            ended_by=self.ended_by.kind if self.ended_by else None,
            spans=tuple(map(Span, starts, ends, held)),
            bookings=frozenset(self.bookings - {UNNUMBERED.id}),
        )


class Custody(NamedTuple):
    """Every episode of a person, and what is wrong with the events it was folded from."""

    episodes: tuple[CustodyEpisode, ...]
    anomalies: tuple[Anomaly, ...]


def custody_of(events: Sequence[Event]) -> Custody:
    """Fold the events of keeping into episodes, in whatever order they are given."""
    folding = _Folding()
    for event in in_order_of_custody(events):
        folding.take(event)
    return folding.made()


def in_order_of_custody(events: Iterable[Event]) -> list[Event]:
    """Events of keeping in the order in which custody can have gone through them.

    A day-precise release comes after the minute-precise admission of its own booking on that day.
    At one instant a release comes before the admission of another booking.
    """
    keeping = [event for event in events if event.effect is not CustodyEffect.NONE]
    begun: dict[str, list[Instant]] = {}
    for event in keeping:
        if event.effect is CustodyEffect.BEGINS:
            begun.setdefault(_booking(event), []).append(earliest_of(event.at))

    def key(event: Event) -> tuple[Instant, int, Instant, str, str]:
        own = earliest_of(event.at)
        if event.effect is CustodyEffect.BEGINS:
            return (own, 1, latest_of(event.at), event.kind, event.id)
        starts = begun.get(_booking(event), [])
        feasible = max((s for s in starts if s <= latest_of(event.at)), default=own)
        leaves = event.effect in {CustodyEffect.ENDS, CustodyEffect.DELIVERS}
        rank = 2 if not leaves else 0 if feasible < own else 3
        return (max(own, feasible), rank, latest_of(event.at), event.kind, event.id)

    return sorted(keeping, key=key)


class _Folding:
    """The state of the fold: custody under way, custody over, and what went wrong."""

    def __init__(self) -> None:
        self._under_way: list[_Open] = []
        self._over: list[_Open] = []
        self._orphans: list[Event] = []
        self._anomalies: list[Anomaly] = []

    def take(self, event: Event) -> None:
        match event.effect:
            case CustodyEffect.BEGINS:
                self._begin(event)
            case CustodyEffect.MOVES:
                self._move(event)
            case CustodyEffect.DELIVERS:
                self._deliver(event)
            case CustodyEffect.ENDS:
                self._end(event)
            case CustodyEffect.NONE:
                return

    def made(self) -> Custody:
        for orphan in self._orphans:
            self._explain(orphan)
        every = sorted((*self._over, *self._under_way), key=_start_key)
        return Custody(tuple(each.made() for each in every), tuple(self._anomalies))

    def _begin(self, event: Event) -> None:
        held = self._held_by(_custodian(event))
        if held is not None:
            held.begun_by.append(event)
            held.bookings.add(_booking(event))
            held.moves(event.at, _updated(held.now, event))
            return
        if self._under_way:
            last = self._under_way[-1]
            if last.is_admitted:
                self._report(AnomalyKind.OVERLAPPING_CUSTODY, *last.begun_by[-1:], event)
            else:
                # Arrested by one body and admitted by another: the delivery is the admission.
                self._close(last, event)
        self._under_way.append(
            _Open([event], [(event.at, _updated(Whereabouts(), event))], {_booking(event)})
        )

    def _move(self, event: Event) -> None:
        if not self._under_way:
            self._report(AnomalyKind.AFTER_RELEASE, event)
            return
        held = self._held_by(_custodian(event))
        if held is None:
            held = self._under_way[-1]
            self._report(AnomalyKind.ANOTHER_CUSTODIAN, *held.begun_by[-1:], event)
            return
        held.moves(event.at, _updated(held.now, event))

    def _deliver(self, event: Event) -> None:
        self._end(event)
        receiver = event.terms.get("to")
        if type(receiver) is not str:
            return
        kind, place = event.terms.get("to_kind"), event.terms.get("to_place")
        where = Whereabouts(
            custodian=AgencyId(receiver),
            custodian_kind=kind if type(kind) is str else None,
            place=PlaceId(place) if type(place) is str else None,
        )
        self._under_way.append(_Open([event], [(event.at, where)], set()))

    def _end(self, event: Event) -> None:
        ending = self._ended_by(event)
        for each in ending:
            self._close(each, event)
        if ending or isinstance(event, Died):
            return
        if self._under_way:
            self._report(AnomalyKind.ANOTHER_CUSTODIAN, *self._under_way[-1].begun_by[-1:], event)
        else:
            self._orphans.append(event)

    def _explain(self, orphan: Event) -> None:
        """Say why an end found no custody to end; later custody of its booking has no known end."""
        booking = _booking(orphan)
        for each in self._under_way:
            if booking != UNNUMBERED.id and booking in each.bookings:
                each.end = _not_known(each.pieces[-1][0], orphan)
                each.ended_by = orphan
                self._report(AnomalyKind.END_BEFORE_START, *each.begun_by[:1], orphan)
                return
        before_it = [each for each in self._over if before(each.end, orphan.at) is not False]
        if before_it:
            last = before_it[-1].ended_by
            self._report(AnomalyKind.AFTER_RELEASE, *([last] if last else []), orphan)
        else:
            self._report(AnomalyKind.RELEASE_WITHOUT_ADMISSION, orphan)

    def _ended_by(self, event: Event) -> list[_Open]:
        """The custody an end can mean: of its booking if that is known, else of its custodian."""
        booking = _booking(event)
        if booking != UNNUMBERED.id:
            of_booking = [each for each in self._under_way if booking in each.bookings]
            if of_booking or any(booking in each.bookings for each in self._over):
                return of_booking
        return [each for each in self._under_way if _may_be(each, _custodian(event))]

    def _held_by(self, custodian: str | None) -> _Open | None:
        return next((e for e in reversed(self._under_way) if _may_be(e, custodian)), None)

    def _close(self, held: _Open, event: Event) -> None:
        held.end, held.ended_by = event.at, event
        self._under_way.remove(held)
        self._over.append(held)

    def _report(self, kind: AnomalyKind, *events: Event) -> None:
        self._anomalies.append(Anomaly(kind, events))


def _may_be(held: _Open, custodian: str | None) -> bool:
    return custodian is None or held.now.custodian in {None, custodian}


def _custodian(event: Event) -> str | None:
    named = event.terms.get("custodian")
    return named if type(named) is str else None


def _booking(event: Event) -> str:
    if event.subject.collection == "booking":
        return event.subject.id
    named = event.terms.get("booking")
    return named if type(named) is str else UNNUMBERED.id


def _updated(now: Whereabouts, event: Event) -> Whereabouts:
    """Whereabouts after an event: what it does not say has not changed."""
    words = {name: value for name, value in event.terms.items() if type(value) is str}
    place = words.get("place")
    return Whereabouts(
        custodian=AgencyId(words["custodian"]) if "custodian" in words else now.custodian,
        custodian_kind=words.get("custodian_kind", now.custodian_kind),
        place=now.place if place is None else PlaceId(place),
        facility=words.get("facility", now.facility),
        away=isinstance(event, TemporaryAbsence),
    )


def _not_known(start: When, orphan: Event) -> UncertainInstant:
    """An end that lies somewhere after the start."""
    first = earliest_of(start)
    return UncertainInstant(first, FOREVER, Precision.RANGE, f"end:{orphan.id}")


def _start_key(held: _Open) -> tuple[Instant, Instant, str]:
    at = held.pieces[0][0]
    return (earliest_of(at), latest_of(at), held.begun_by[0].id)


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)
