"""What records cannot show, said and sized: short custody between two looks, and both ends of the records.

A daily average is not biased by looking once a day: whoever is in is seen with the chance of their time in.
Admissions, releases and lengths are: custody that begins and ends between two looks is never seen.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from habeas.counts.daily import Side, span_of
from habeas.counts.flows import began_before
from habeas.counts.held import Population
from habeas.kernel.instants import Instant, earliest_of, latest_of
from habeas.kernel.intervals import Interval

_FEWEST = 30
"""Custodies seen twice below which no rate is read off them."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """How many custodies a look a day misses."""

    seen: int
    """Custodies seen at some look."""
    by_looks: Mapping[int, int]
    """Custodies by the number of looks at which they were seen."""
    missed: int | None
    """Custodies the records tell of and no look would see; None where the records are looks themselves."""
    if_evenly: float
    """Missed, if lengths under two days are spread evenly: half of those seen once."""
    if_falling: float | None
    """Missed, if lengths under three days fall off at one rate, read off those seen once and twice; None
    where these are too few or do not fall. Short custody is commoner still, so it is the better guess."""


def unseen_between(population: Population, instants: Sequence[Instant], *, is_looked_at: bool) -> Unseen:
    """How many custodies begin and end between two looks.

    Args:
        population: Custody episodes.
        instants: The looks, a day apart, in order.
        is_looked_at: Whether the records come from such looks themselves, and so hold no missed custody.
    """
    looks: Counter[int] = Counter()
    for each in population.episodes:
        if earliest_of(each.start) < instants[0] or latest_of(each.end) >= instants[-1]:
            continue
        span = span_of(each.start, each.end, Side.PERHAPS if is_looked_at else Side.SURELY)
        looks[bisect_left(instants, span.end) - bisect_left(instants, span.start)] += 1
    missed = looks.pop(0, 0)
    once, twice = looks[1], looks[2]
    return Unseen(
        seen=looks.total(),
        by_looks=dict(sorted((number, count) for number, count in looks.items() if count)),
        missed=None if is_looked_at else missed,
        if_evenly=once / 2,
        if_falling=_falling(once, twice),
    )


def _falling(once: int, twice: int) -> float | None:
    """Missed custodies if lengths fall off at one rate r a day and begin at any hour.

    Seen k times: e^(-rk) (e^r + e^-r - 2) / r of all, for k from 1; never: 1 - (1 - e^-r) / r. The ratio of
    those seen twice to those seen once is e^-r.
    """
    if twice < _FEWEST or twice >= once:
        return None
    rate = math.log(once / twice)
    seen_once = math.exp(-rate) * (math.exp(rate) + math.exp(-rate) - 2) / rate
    return once / seen_once * (1 - (1 - math.exp(-rate)) / rate)


@dataclass(frozen=True, slots=True)
class Censored:
    """Custody that both ends of the records cut off."""

    custodies: int
    began_before: int
    """Under way when the records begin: how long before is not known."""
    not_ended: int
    """Under way when the records end: how much longer is not known."""
    uncertain: int
    """Custodies of which an end is known only within bounds."""


def censored(population: Population) -> Censored:
    """How much of a population either end of the records cuts off."""
    return Censored(
        custodies=len(population.episodes),
        began_before=sum(began_before(each, population) for each in population.episodes),
        not_ended=sum(each.is_open for each in population.episodes),
        uncertain=sum(
            not (isinstance(each.start, int) and isinstance(each.end, int)) for each in population.episodes
        ),
    )


def warm(population: Population, within: Interval) -> tuple[str, ...]:
    """Why counts near an end of an interval may be too small, in words; empty where they are not.

    Args:
        population: Custody episodes, with the interval the records tell of.
        within: The interval to be counted.
    """
    found: list[str] = []
    if within.start < population.observed.start:
        found.append("the interval begins before the records do: who left before that is not in them")
    if within.end > population.observed.end:
        found.append("the interval ends after the records do: nobody admitted since is in them")
    return tuple(found)
