"""One person, booking, charge or instrument, and what is known of it at each instant."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeGuard, TypeVar

from habeas.custody.claims import Claim, Resolved, disputes, edges_of, resolve, stated
from habeas.custody.coverage import Completeness
from habeas.custody.events import Event, Ref, TollingBegan, TollingEnded
from habeas.custody.facts import Collection, PartialSet, Value
from habeas.kernel.evidence import NotKnown
from habeas.kernel.instants import BEGINNING, FOREVER, Instant, UncertainInstant, When

E = TypeVar("E", bound=Event)


class Stretch(NamedTuple):
    """From one event to another; `end` is `FOREVER` while the second has not come."""

    start: When
    end: When


class Row:
    """One person, booking, charge or instrument of a record; immutable.

    Facts are constant between `edges`, and within each piece every call returns the same mapping.
    """

    __slots__ = ("_breaks", "_claims", "_completeness", "_events", "_pieces", "_supposed", "ref")

    def __init__(
        self,
        ref: Ref,
        claims: Mapping[str, Sequence[Claim]],
        completeness: Completeness,
        supposed: Mapping[str, Value] | None = None,
    ) -> None:
        """Prepare the row; facts are computed when first asked for.

        Args:
            ref: Which row it is.
            claims: What events claim of it, by fact, in the order of the record.
            completeness: What is complete when, so that absence says something.
            supposed: Values assumed at every instant, whatever the events claim.
        """
        self.ref = ref
        self._claims = {fact: stated(of_fact) for fact, of_fact in claims.items()}
        self._completeness = completeness
        self._supposed = dict(supposed or {})
        edges = {edge for of_fact in self._claims.values() for edge in edges_of(of_fact)}
        edges.update(completeness.absent(ref.collection).changes())
        self._breaks = tuple(sorted(edge for edge in edges if BEGINNING < edge < FOREVER))
        self._pieces: list[Mapping[str, Value] | None] = [None] * (len(self._breaks) + 1)
        self._events: tuple[Event, ...] | None = None

    @property
    def collection(self) -> Collection:
        """Which collection it belongs to."""
        return self.ref.collection

    @property
    def id(self) -> str:
        """Its identity within the collection."""
        return self.ref.id

    def __repr__(self) -> str:
        """Collection and identity."""
        return f"Row({self.collection}, {self.id})"

    def facts_at(self, instant: Instant) -> Mapping[str, Value]:
        """Every fact of the row at an instant, by its name within the collection.

        A fact that is not there, or is None, is not known: `missing` says why. ``id`` is always
        there. The mapping is shared between calls and must not be changed.
        """
        index = bisect_right(self._breaks, instant) if self._breaks else 0
        piece = self._pieces[index]
        return piece if piece is not None else self._made_piece(index)

    def missing(self, fact: str, at: Instant | None = None) -> NotKnown | None:
        """Why a fact has no value; None when it has one.

        Args:
            fact: Its name within the collection.
            at: The instant asked about; left out, after everything recorded.
        """
        if self.facts_at(_or_last(at)).get(fact) is not None:
            return None
        resolved = self._resolved(fact, _or_last(at))
        return NotKnown.UNSTATED if resolved is None else resolved.why_not or NotKnown.UNSTATED

    def source_of(self, fact: str, at: Instant | None = None) -> Event | None:
        """The event that gives a fact its value, or that leaves it unknown.

        Args:
            fact: Its name within the collection.
            at: The instant asked about; left out, after everything recorded.

        Returns:
            None when no event speaks of the fact: it is absent, supposed, or the identity.
        """
        if fact in self._supposed:
            return None
        resolved = self._resolved(fact, _or_last(at))
        return None if resolved is None else resolved.event

    def edges(self) -> tuple[Instant, ...]:
        """The instants at which some fact's value can change, earliest first."""
        return self._breaks

    @property
    def events(self) -> tuple[Event, ...]:
        """The events that speak of this row, in the order of the record."""
        if self._events is None:
            found = {id(c.event): c for of_fact in self._claims.values() for c in of_fact}
            ordered = sorted(found.values(), key=lambda claim: claim.event.order)
            self._events = tuple(claim.event for claim in ordered)
        return self._events

    def occurrences(self, kind: type[E]) -> tuple[E, ...]:
        """Every event of one kind that speaks of this row, in the order of the record."""
        return tuple(event for event in self.events if isinstance(event, kind))

    def instants_of(self, fact: str) -> tuple[When, ...]:
        """Every instant that events state of a fact, in the order of the record, each once.

        A fact comes again when the same thing happens again, such as a second service.
        """
        if fact in self._supposed:
            return ()
        found = (claim.term for claim in self._claims.get(fact, ()))
        return tuple(dict.fromkeys(term for term in found if _is_instant(term)))

    def tollings(self, clock: str) -> tuple[Stretch, ...]:
        """When a named clock was suspended, by events that speak of this row."""
        return tuple(_stretches(self.events, clock))

    def disputes(self) -> Iterator[tuple[str, Claim, Claim]]:
        """Each fact with two claims at one instant that differ."""
        for fact, of_fact in self._claims.items():
            if len(of_fact) > 1:
                yield from ((fact, *pair) for pair in disputes(of_fact))

    def supposing(self, facts: Mapping[str, Value]) -> "Row":
        """This row with values assumed at every instant."""
        return Row(self.ref, self._claims, self._completeness, {**self._supposed, **facts})

    def _made_piece(self, index: int) -> Mapping[str, Value]:
        start = self._breaks[index - 1] if index else BEGINNING
        facts: dict[str, Value] = {"id": self.ref.id}
        facts.update(self._completeness.absent(self.collection).at(start))
        for fact, claims in self._claims.items():
            resolved = resolve(claims, start)
            if resolved is not None:
                facts[fact] = self._whole(fact, resolved, start)
        facts.update(self._supposed)
        self._pieces[index] = facts
        return facts

    def _whole(self, fact: str, resolved: Resolved, at: Instant) -> Value:
        """A set that is partial only for want of coverage is whole under coverage."""
        value = resolved.value
        complete = isinstance(value, PartialSet) and self._completeness.covers(
            f"{self.collection}.{fact}", at
        )
        return frozenset(value) if complete and isinstance(value, PartialSet) else value

    def _resolved(self, fact: str, at: Instant) -> Resolved | None:
        claims = self._claims.get(fact)
        return None if claims is None else resolve(claims, at)


def _is_instant(term: object) -> TypeGuard[When]:
    return isinstance(term, UncertainInstant) or (isinstance(term, int) and not isinstance(term, bool))


def _or_last(instant: Instant | None) -> Instant:
    return Instant(FOREVER - 1) if instant is None else instant


def _stretches(events: Iterable[Event], clock: str) -> Iterator[Stretch]:
    began: When | None = None
    for event in events:
        if event.terms.get("clock") != clock:
            continue
        if isinstance(event, TollingBegan) and began is None:
            began = event.at
        elif isinstance(event, TollingEnded) and began is not None:
            yield Stretch(began, event.at)
            began = None
    if began is not None:
        yield Stretch(began, FOREVER)
