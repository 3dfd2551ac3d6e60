"""Who governs when enactments in force say different things of one subject.

Silence conflicts with nothing, different instruments never conflict, and every ground used
is returned as a sentence: nothing here prefers the specific to the general, or the later to
the earlier, unless a place's order says so and cites it.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from habeas.kernel.instants import Instant
from habeas.kernel.kleene import Kleene
from habeas.law.enactments import Effect

_MOST_UNKNOWN = 6


class Above(Struct, frozen=True, forbid_unknown_fields=True):
    """One step of an order: kind ``above`` prevails over kind ``below``."""

    above: str
    below: str
    cite: str


class Unordered(Struct, frozen=True, forbid_unknown_fields=True):
    """Two kinds between which this place's law names no winner."""

    kinds: tuple[str, str]
    cite: str
    owner: str = ""
    """Who is asked to answer where the two meet; contested cells without one fail the gate."""


class LaterInTime(Struct, frozen=True, forbid_unknown_fields=True):
    """Between enactments of one body the later prevails, for the cited reason."""

    body: str
    cite: str


class PrecedenceOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """A place's own part of the order of enactment kinds; the rest is inherited."""

    place: str
    schema: str = "1"
    steps: tuple[Above, ...] = ()
    unordered: tuple[Unordered, ...] = ()
    later_in_time: tuple[LaterInTime, ...] = ()


class Rank(StrEnum):
    """How one enactment kind stands to another in a place."""

    ABOVE = "above"
    BELOW = "below"
    UNORDERED = "unordered"


class Ranking(NamedTuple):
    """A rank with the citations it rests on."""

    rank: Rank
    cites: tuple[str, ...]


class Outcome(StrEnum):
    """What the enactments in force, taken together, say of holding on one subject."""

    MUST_HOLD = "must-hold"
    MAY_HOLD = "may-hold"
    BARRED = "barred"
    SILENT = "silent"
    CONTESTED = "contested"
    UNKNOWN = "unknown"

    @property
    def holds(self) -> bool:
        """Whether custody is supported."""
        return self in {Outcome.MUST_HOLD, Outcome.MAY_HOLD}


class Saying(Struct, frozen=True, eq=False):
    """What one provision says of one subject at one instant, and whether it applies.

    Compared by identity, so that combinations of sayings can be looked up at once.
    """

    ref: str
    effect: Effect
    value: Kleene
    kind: str
    body: str
    begun_at: Instant
    cite: str
    protected: bool = False
    exception_to: str = ""


class Settled(Struct, frozen=True):
    """The outcome for one subject, with each ground used."""

    outcome: Outcome
    by: tuple[str, ...]
    """Refs of the provisions that decide, or that are contested or unknown."""
    grounds: tuple[str, ...]


class Order:
    """The order in force for one place: its own steps and those of every place above it."""

    def __init__(self, orders: Sequence[PrecedenceOrder]) -> None:
        """Take the orders of a place and its ancestors, nearest first."""
        self._steps = [step for order in orders for step in order.steps]
        self._unordered = {frozenset(u.kinds): u.cite for o in reversed(orders) for u in o.unordered}
        self._owners = {frozenset(u.kinds): u.owner for o in reversed(orders) for u in o.unordered}
        self._later = {later.body: later.cite for o in reversed(orders) for later in o.later_in_time}
        self._ranked: dict[tuple[str, str], Ranking] = {}

    def compare(self, one: str, other: str) -> Ranking:
        """How kind ``one`` stands to kind ``other``; no path between them is unordered."""
        if (one, other) not in self._ranked:
            self._ranked[one, other] = self._compare(one, other)
        return self._ranked[one, other]

    def later_prevails(self, body: str) -> str | None:
        """The citation by which a body's later enactment prevails over its earlier ones."""
        return self._later.get(body)

    def owner_of(self, one: str, other: str) -> str:
        """Who answers for two kinds that the order marks as unordered; empty where nobody is named."""
        return self._owners.get(frozenset((one, other)), "")

    def _compare(self, one: str, other: str) -> Ranking:
        cited = self._unordered.get(frozenset((one, other)))
        if cited is not None:
            return Ranking(Rank.UNORDERED, (cited,))
        if (down := self._path(one, other)) is not None:
            return Ranking(Rank.ABOVE, down)
        if (up := self._path(other, one)) is not None:
            return Ranking(Rank.BELOW, up)
        return Ranking(Rank.UNORDERED, ())

    def _path(self, top: str, bottom: str) -> tuple[str, ...] | None:
        reached: dict[str, tuple[str, ...]] = {top: ()}
        frontier = [top]
        while frontier:
            here = frontier.pop(0)
            for step in self._steps:
                if step.above == here and step.below not in reached:
                    reached[step.below] = (*reached[here], step.cite)
                    frontier.append(step.below)
        return reached.get(bottom) if top != bottom else None


def settle(sayings: Sequence[Saying], order: Order) -> Settled:
    """What the sayings about one subject amount to.

    An unknown saying matters only where it would change the outcome: every way of settling
    up to six unknown ones is tried, and beyond that the outcome is unknown.
    """
    live = [saying for saying in sayings if saying.value is not False]
    unknown = [saying for saying in live if saying.value is None]
    if not unknown:
        return _settle(live, order)
    refs = tuple(saying.ref for saying in unknown)
    if len(unknown) > _MOST_UNKNOWN:
        return Settled(Outcome.UNKNOWN, refs, ())
    certain = [saying for saying in live if saying.value is True]
    settled = [
        _settle([*certain, *itertools.compress(unknown, chosen)], order)
        for chosen in itertools.product((True, False), repeat=len(unknown))
    ]
    outcomes = {each.outcome for each in settled}
    if len(outcomes) == 1:
        return settled[-1]
    if all(outcome.holds for outcome in outcomes):
        return next(each for each in settled if each.outcome is Outcome.MAY_HOLD)
    if outcomes <= {Outcome.BARRED, Outcome.SILENT}:
        return next(each for each in settled if each.outcome is Outcome.SILENT)
    return Settled(Outcome.UNKNOWN, refs, ())


def _settle(sayings: Sequence[Saying], order: Order) -> Settled:
    displaced = {saying.exception_to for saying in sayings if saying.exception_to}
    standing = [saying for saying in sayings if saying.ref not in displaced]
    grounds = [
        f"{saying.ref} is an exception to {saying.exception_to} [{saying.cite}]"
        for saying in standing
        if saying.exception_to
    ]
    bans = [saying for saying in standing if saying.effect is Effect.MUST_NOT_HOLD]
    grants = [saying for saying in standing if saying.effect is not Effect.MUST_NOT_HOLD]
    if not standing:
        return Settled(Outcome.SILENT, (), tuple(grounds))
    if not bans:
        return _held(grants, grounds)
    strong = [grant for grant in grants if grant.protected or grant.effect is Effect.MUST_HOLD]
    if not strong:
        grounds += [f"{grant.ref} removes a bar only, and yields to {bans[0].ref}" for grant in grants]
        return Settled(Outcome.BARRED, _refs(bans), tuple(grounds))
    return _clash(strong, bans, order, grounds)


def _clash(strong: Sequence[Saying], bans: Sequence[Saying], order: Order, grounds: list[str]) -> Settled:
    verdicts: Mapping[tuple[str, str], Ranking] = {
        (grant.ref, ban.ref): _pairwise(grant, ban, order) for grant in strong for ban in bans
    }
    for (grant_ref, ban_ref), ranking in verdicts.items():
        grounds.append(_ground(grant_ref, ban_ref, ranking))
    left_bans = [ban for ban in bans if all(verdicts[g.ref, ban.ref].rank is not Rank.ABOVE for g in strong)]
    left_grants = [g for g in strong if all(verdicts[g.ref, ban.ref].rank is not Rank.BELOW for ban in bans)]
    if left_grants and not left_bans:
        return _held(left_grants, grounds)
    if left_bans and not left_grants:
        return Settled(Outcome.BARRED, _refs(left_bans), tuple(grounds))
    return Settled(Outcome.CONTESTED, _refs([*strong, *bans]), tuple(grounds))


def _pairwise(grant: Saying, ban: Saying, order: Order) -> Ranking:
    if grant.body and grant.body == ban.body and grant.begun_at != ban.begun_at:
        cited = order.later_prevails(grant.body)
        if cited is not None:
            rank = Rank.ABOVE if grant.begun_at > ban.begun_at else Rank.BELOW
            return Ranking(rank, (cited,))
    return order.compare(grant.kind, ban.kind)


def _ground(grant: str, ban: str, ranking: Ranking) -> str:
    cites = f" [{'; '.join(ranking.cites)}]" if ranking.cites else ""
    if ranking.rank is Rank.ABOVE:
        return f"{grant} prevails over {ban}{cites}"
    if ranking.rank is Rank.BELOW:
        return f"{ban} prevails over {grant}{cites}"
    return f"no rule says whether {grant} or {ban} prevails{cites}"


def _held(grants: Sequence[Saying], grounds: Sequence[str]) -> Settled:
    musts = [grant for grant in grants if grant.effect is Effect.MUST_HOLD]
    outcome = Outcome.MUST_HOLD if musts else Outcome.MAY_HOLD
    return Settled(outcome, _refs(grants), tuple(grounds))


def _refs(sayings: Sequence[Saying]) -> tuple[str, ...]:
    return tuple(saying.ref for saying in sayings)
