"""What events claim of a fact, and which claim governs at an instant."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from habeas.custody.events import Event, Ref
from habeas.custody.facts import FACTS, PartialSet, Term, Value
from habeas.kernel.evidence import NotKnown
from habeas.kernel.instants import (
    Instant,
    When,
    at_or_before,
    before,
    earliest_of,
    latest_of,
    same_instant,
)


class Claim(NamedTuple):
    """One event's statement of one fact of one row."""

    fact: str
    term: Term
    at: When
    event: Event
    dated: bool = False
    gathered: bool = False
    implied: bool = False

    @property
    def is_timeless(self) -> bool:
        """Whether it holds of the thing itself, so also before it was stated."""
        return not (self.dated or self.gathered)


class Resolved(NamedTuple):
    """A fact's value at an instant, the event that gave it, and why it is not known if it is not."""

    value: Value
    event: Event
    why_not: NotKnown | None = None


def claims_of(event: Event) -> Iterator[tuple[Ref, Claim]]:
    """Every claim an event makes, with the row it is about."""
    subject = event.subject
    if event.lodges is not None and "kind" not in event.terms:
        yield subject, Claim("kind", event.lodges.value, event.at, event, implied=True)
    for fact, term in event.terms.items():
        if fact in event.own:
            continue
        gathered = fact in event.gathered
        yield subject, Claim(fact, term, event.at, event, fact in event.dated, gathered)
    if event.fact is None:
        return
    for ref in (subject, *event.linked):
        yield ref, Claim(event.fact, event.at, event.at, event)
        for fact in event.also:
            if f"{ref.collection}.{fact}" in FACTS:
                yield ref, Claim(fact, event.at, event.at, event)


def stated(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims that count, in the order given: an implied one only where nothing is stated."""
    return tuple([claim for claim in claims if not claim.implied] or claims)


def edges_of(claims: Sequence[Claim]) -> Iterator[Instant]:
    """Every instant at which what these claims of one fact amount to can change."""
    if len(claims) == 1 and claims[0].is_timeless:
        return
    for claim in claims:
        yield earliest_of(claim.at)
        yield latest_of(claim.at)


def resolve(claims: Sequence[Claim], instant: Instant) -> Resolved | None:
    """What claims of one fact amount to at an instant; None when nothing is claimed of it.

    The latest claim not after the instant governs; before all of them, the first after it, unless
    they hold only from their event on. Where bounds leave open which governs, the fact is known
    only if all that may govern agree.
    """
    if len(claims) == 1 and claims[0].is_timeless:
        return _of(claims[0])
    if any(claim.gathered for claim in claims):
        return _gathered(claims, instant)
    governing, perhaps_none = _governing(claims, instant)
    if not governing:
        return None
    if perhaps_none or any(claim.term != governing[0].term for claim in governing):
        why_not = NotKnown.UNSTATED if perhaps_none else _why_they_differ(governing)
        return Resolved(None, governing[0].event, why_not)
    return _of(governing[0])


def disputes(claims: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of claims of one fact at one instant that state different values."""
    for first, second in combinations(claims, 2):
        if first.gathered or first.term == second.term:
            continue
        if isinstance(first.term, NotKnown) or isinstance(second.term, NotKnown):
            continue
        if same_instant(first.at, second.at) is True:
            yield first, second


def _governing(claims: Sequence[Claim], instant: Instant) -> tuple[list[Claim], bool]:
    """Claims that may govern at an instant, and whether perhaps none does."""
    past: list[Claim] = []
    perhaps: list[Claim] = []
    future: list[Claim] = []
    for claim in claims:
        happened = at_or_before(claim.at, instant)
        group = past if happened else perhaps if happened is None else future
        group.append(claim)
    if past:
        running = [*past, *perhaps]
        return [c for c in running if not any(before(c.at, p.at) for p in past)], False
    ahead = [claim for claim in (*perhaps, *future) if claim.is_timeless]
    first = [c for c in ahead if not any(before(other.at, c.at) for other in ahead)]
    return list(dict.fromkeys((*perhaps, *first))), bool(perhaps) and not ahead


def _gathered(claims: Sequence[Claim], instant: Instant) -> Resolved | None:
    """The union of what was stated by an instant."""
    shown: frozenset[str] = frozenset()
    last: Event | None = None
    for claim in claims:
        happened = at_or_before(claim.at, instant)
        if happened is False:
            continue
        if not isinstance(claim.term, frozenset):
            return Resolved(None, claim.event, NotKnown.UNMAPPED)
        if happened is None and not claim.term <= shown:
            return Resolved(None, claim.event, NotKnown.UNSTATED)
        shown, last = shown | claim.term, claim.event
    return None if last is None else Resolved(PartialSet(shown), last)


def _why_they_differ(governing: Sequence[Claim]) -> NotKnown:
    """Two statements at one instant are a dispute; an open order of two is merely not stated."""
    if any(isinstance(claim.term, NotKnown) for claim in governing):
        return NotKnown.UNSTATED
    together = all(same_instant(governing[0].at, claim.at) is True for claim in governing)
    return NotKnown.DISPUTED if together else NotKnown.UNSTATED


def _of(claim: Claim) -> Resolved:
    if isinstance(claim.term, NotKnown):
        return Resolved(None, claim.event, claim.term)
    return Resolved(claim.term, claim.event)
