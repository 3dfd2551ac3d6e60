"""The record: the fold of one person's events as known at an instant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from habeas.custody.anomalies import Anomaly, AnomalyKind
from habeas.custody.canonical import coverage_form, event_form, term_form, text_of
from habeas.custody.claims import Claim, claims_of
from habeas.custody.coverage import Completeness, Coverage, standing
from habeas.custody.episodes import Custody, CustodyEpisode, Span, custody_of
from habeas.custody.events import Event, Ref, Retracted
from habeas.custody.facts import FACTS, Collection, FactKind, FactKinds, Value
from habeas.custody.papers import paper_anomalies
from habeas.custody.rows import Row, Stretch
from habeas.kernel.identifiers import PersonId, digest_of
from habeas.kernel.instants import (
    FOREVER,
    Instant,
    UncertainInstant,
    at_or_before,
    before,
    earliest_of,
    placed,
    same_instant,
)
from habeas.kernel.kleene import Kleene, any_of, both
from habeas.kernel.places import PlaceId
from habeas.kernel.timelines import Timeline

Assumed = tuple[Collection, str, str]
"""Collection, row and fact that an assumption is about."""

__all__ = ["CustodyRecord", "MixedPersons", "Row", "Stretch", "fold"]


class MixedPersons(ValueError):
    """Events of more than one person were folded into one record."""


@dataclass(frozen=True)
class CustodyRecord:
    """What is known of one person's custody at an instant of knowledge; immutable.

    Made by `fold`. The order in which events are given never matters.
    """

    person: PersonId
    """Whose record it is."""

    known_at: Instant
    """What was recorded later is not in it."""

    told: tuple[Event, ...]
    """Every event it was folded from, in order; those not yet known and those corrected too."""

    declared: tuple[Coverage, ...]
    """Every declaration of coverage it was folded with."""

    kinds: FactKinds = field(hash=False)
    """The kind of each fact that coverage can show absent."""

    placements: Mapping[str, Instant] = field(hash=False)
    """Where uncertain instants are assumed to lie, by key."""

    assumptions: Mapping[Assumed, Value] = field(hash=False)
    """Values assumed of facts at every instant."""

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The events known and not corrected by `known_at`, in order."""
        known = [event for event in self.told if event.known_at <= self.known_at]
        corrected = {event.supersedes for event in known}
        live = [e for e in known if e.id not in corrected and not isinstance(e, Retracted)]
        if not self.placements:
            return tuple(live)
        return tuple(sorted((_placed(e, self.placements) for e in live), key=lambda e: e.order))

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """The declarations known and not corrected by `known_at`."""
        return standing(self.declared, self.known_at)

    @property
    def episodes(self) -> tuple[CustodyEpisode, ...]:
        """Every custody episode, earliest first; overlapping ones are an anomaly and stay."""
        return self._custody.episodes

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The pieces of every episode, earliest first: who holds the person where."""
        every = [span for episode in self.episodes for span in episode.spans]
        return tuple(sorted(every, key=lambda span: earliest_of(span.start)))

    def spans_at(self, instant: Instant) -> tuple[Span, ...]:
        """The spans that cover an instant, or may.

        More than one where bounds or sources leave it open who holds the person.
        """
        return tuple(span for span in self.spans if span.covers(instant) is not False)

    def in_custody(self, instant: Instant) -> Kleene:
        """Whether anyone holds the person at an instant; None where bounds leave it open."""
        held = (both(at_or_before(s, instant), before(instant, e)) for s, e in self._held)
        return any_of(held)

    def rows(self, collection: Collection) -> tuple[Row, ...]:
        """The rows of a collection, ordered by identity; of the person always exactly one."""
        return self._rows[collection]

    def row(self, collection: Collection, row_id: str) -> Row:
        """One row.

        Raises:
            KeyError: The record has no such row.
        """
        return self._by_ref[Ref(collection, row_id)]

    def covers(self, name: str, instant: Instant) -> bool:
        """Whether sources are complete at an instant.

        Args:
            name: A fact (``instrument.served_at``), or a collection (``instrument``) for the list
                of its rows.
            instant: When, in effective time.
        """
        return self._completeness.covers(name, instant)

    def lists_at(self, instant: Instant) -> Mapping[str, bool]:
        """For each collection, whether sources show all its rows at an instant."""
        return self._completeness.lists_at(instant)

    @cached_property
    def uncertain(self) -> Mapping[str, UncertainInstant]:
        """Every uncertain instant of the live events, by key."""
        found: dict[str, UncertainInstant] = {}
        for event in self.events:
            for value in (event.at, *event.terms.values()):
                if isinstance(value, UncertainInstant):
                    found[value.key] = value
        return MappingProxyType(found)

    @cached_property
    def anomalies(self) -> tuple[Anomaly, ...]:
        """Whatever in the live events cannot all be true; carried, never repaired."""
        every = [*self._custody.anomalies, *self._disputes(), *self._papers(), *self._identities()]
        return tuple(sorted(every, key=lambda each: (each.kind, [e.order for e in each.events])))

    @cached_property
    def digest(self) -> str:
        """Digest of what is known: live events, coverage and assumptions, in one canonical text.

        Two instants of knowledge between which nothing was learned give one digest.
        """
        form = {
            "schema": "habeas.facts/1",
            "person": self.person,
            "events": [event_form(event) for event in self.events],
            "coverage": sorted(text_of(coverage_form(each)) for each in self.coverage),
            "assumptions": sorted(text_of([*of, term_form(value)]) for of, value in self.assumptions.items()),
        }
        return digest_of(text_of(form).encode())

    def placing(self, points: Mapping[str, Instant]) -> "CustodyRecord":
        """This record with uncertain instants assumed to lie at given points, by key.

        Raises:
            ValueError: When the events are next read, if a point lies outside its bounds.
        """
        return replace(self, placements=MappingProxyType({**self.placements, **points}))

    def supposing(self, facts: Mapping[Assumed, Value]) -> "CustodyRecord":
        """This record with values assumed of facts at every instant; a row not there is made."""
        return replace(self, assumptions=MappingProxyType({**self.assumptions, **facts}))

    def with_event(self, event: Event) -> "CustodyRecord":
        """This record with one more event; one known later than `known_at` does not show.

        Raises:
            MixedPersons: It happened to someone else.
        """
        _refuse_others(self.person, (event,))
        return replace(self, told=_once((*self.told, event)))

    def as_known_at(self, instant: Instant) -> "CustodyRecord":
        """What was known at another instant, from the same events."""
        return replace(self, known_at=instant)

    @cached_property
    def _held(self) -> tuple[Stretch, ...]:
        """Custody by anyone: one custodian's end and the next one's start are one instant."""
        joined: list[Stretch] = []
        for episode in self.episodes:
            if joined and same_instant(joined[-1].end, episode.start) is True:
                joined[-1] = Stretch(joined[-1].start, episode.end)
            else:
                joined.append(Stretch(episode.start, episode.end))
        return tuple(joined)

    @cached_property
    def _custody(self) -> Custody:
        return custody_of(self.events)

    @cached_property
    def _completeness(self) -> Completeness:
        return Completeness(self.coverage, self._places(), self.kinds)

    def _places(self) -> Timeline[PlaceId | None]:
        """The place at each instant; before custody its first, between two the earlier."""
        known = [span for span in self.spans if span.place is not None]
        changes = [(earliest_of(span.start), span.place) for span in known]
        return Timeline.of_changes(known[0].place if known else None, changes)

    @cached_property
    def _by_ref(self) -> Mapping[Ref, Row]:
        claims: dict[Ref, dict[str, list[Claim]]] = {Ref("person", self.person): {}}
        for event in self.events:
            claims.setdefault(event.subject, {})
            for ref, claim in claims_of(event):
                claims.setdefault(ref, {}).setdefault(claim.fact, []).append(claim)
        supposed: dict[Ref, dict[str, Value]] = {}
        for (collection, row_id, fact), value in self.assumptions.items():
            supposed.setdefault(Ref(collection, row_id), {})[fact] = value
        return {
            ref: Row(ref, claims.get(ref, {}), self._completeness, supposed.get(ref))
            for ref in sorted({*claims, *supposed})
        }

    @cached_property
    def _rows(self) -> Mapping[Collection, tuple[Row, ...]]:
        found: dict[Collection, tuple[Row, ...]] = {
            "person": (),
            "booking": (),
            "charge": (),
            "instrument": (),
        }
        for ref, row in self._by_ref.items():
            found[ref.collection] = (*found[ref.collection], row)
        return found

    def _disputes(self) -> Iterable[Anomaly]:
        for ref, row in self._by_ref.items():
            for fact, first, second in row.disputes():
                events = (first.event, second.event)
                yield Anomaly(AnomalyKind.DISPUTED_VALUE, events, ref, fact)

    def _papers(self) -> Iterable[Anomaly]:
        for row in self.rows("instrument"):
            yield from paper_anomalies(row)

    def _identities(self) -> Iterable[Anomaly]:
        known = [event for event in self.told if event.known_at <= self.known_at]
        by_id: dict[str, list[Event]] = {}
        for event in known:
            by_id.setdefault(event.id, []).append(event)
        for same in by_id.values():
            if len(same) > 1:
                yield Anomaly(AnomalyKind.ONE_ID_TWO_EVENTS, tuple(sorted(same, key=lambda e: e.order)))
        for event in known:
            if event.supersedes is not None and event.supersedes not in by_id:
                yield Anomaly(AnomalyKind.CORRECTS_NOTHING, (event,))


def fold(
    events: Iterable[Event],
    *,
    known_at: Instant = FOREVER,
    coverage: Iterable[Coverage] = (),
    person: PersonId | None = None,
    kinds: Mapping[str, FactKind] = FACTS,
) -> CustodyRecord:
    """One person's record, from all events ever told of them, in any order.

    Args:
        events: Told twice, the same event counts once.
        known_at: Nothing recorded later shows, nor any correction made later.
        coverage: What sources declare to be complete.
        person: Whose record it is, should there be no event.
        kinds: The kind of each fact, so that its absence has a value.

    Raises:
        MixedPersons: The events happened to more than one person.
        ValueError: There is no event and no person.
    """
    told = _once(events)
    if person is None:
        if not told:
            raise ValueError("a record needs an event, or to be told whose it is")
        person = told[0].person
    _refuse_others(person, told)
    return CustodyRecord(
        person=person,
        known_at=known_at,
        told=told,
        declared=tuple(coverage),
        kinds=kinds if isinstance(kinds, FactKinds) else FactKinds(kinds),
        placements=MappingProxyType({}),
        assumptions=MappingProxyType({}),
    )


def _once(events: Iterable[Event]) -> tuple[Event, ...]:
    """Each event once; two that share an identity and differ both stay."""
    by_id: dict[str, list[Event]] = {}
    for event in events:
        same = by_id.setdefault(event.id, [])
        if event not in same:
            same.append(event)
    every = [event for same in by_id.values() for event in same]
    if len(every) == len(by_id):
        return tuple(sorted(every, key=lambda event: event.order))
    # Only events that share an identity need their whole text to be put in order.
    return tuple(sorted(every, key=lambda event: (event.order, text_of(event_form(event)))))


def _refuse_others(person: PersonId, events: Iterable[Event]) -> None:
    others = {event.person for event in events} - {person}
    if others:
        raise MixedPersons(f"a record is of one person; [{len(others)}] other persons have events here")


def _placed(event: Event, points: Mapping[str, Instant]) -> Event:
    at = placed(event.at, points)
    moved = {
        name: placed(term, points)
        for name, term in event.terms.items()
        if isinstance(term, UncertainInstant) and term.key in points
    }
    if at == event.at and not moved:
        return event
    return replace(event, at=at, terms={**event.terms, **moved})
