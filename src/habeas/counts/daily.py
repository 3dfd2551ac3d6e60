"""Daily population and its average: who is in custody at the count instant of each day, under a rule."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from habeas.counts.bounds import Bounds, Shares, total
from habeas.counts.held import Held, Marks, Population, pieces_of
from habeas.counts.rules import OTHER, CountingRule, Unit
from habeas.kernel.instants import CivilDate, Instant, When, earliest_of, latest_of
from habeas.kernel.intervals import Interval


class Side(StrEnum):
    """Which end of the bounds is counted."""

    SURELY = "surely"
    PERHAPS = "perhaps"


@dataclass(frozen=True, slots=True)
class DayCount:
    """The people in custody at one count instant."""

    day: CivilDate
    at: Instant
    found: Bounds
    lines: Mapping[str, Bounds]
    """By line of the rule, those beside the sum too; exact instants make those of the sum add up to it."""


def daily_population(
    population: Population, rule: CountingRule, when: Sequence[tuple[CivilDate, Instant]]
) -> list[DayCount]:
    """People in custody at each count instant under a rule.

    Args:
        population: Custody episodes with their marks.
        rule: Who is counted, and whether people or custodies are.
        when: The days with their count instants, in order.

    Raises:
        NotEncoded: the rule's words were not read.
    """
    rule.needs()
    instants = [at for _, at in when]
    beside = [line for line in rule.lines if line.beside]
    names = [line.name for line in rule.lines if not line.beside]
    sums = {name: _Sums(len(instants)) for name in ("", OTHER, *names, *(line.name for line in beside))}
    for counted in counted_units(population, rule.unit):
        taken = [held for held in counted if rule.why_out(held.marks) is None]
        by_line: dict[str, list[Held]] = {"": taken}
        for held in taken:
            by_line.setdefault(rule.line_of(held.marks), []).append(held)
        for line in beside:
            by_line[line.name] = [held for held in taken if line.match.takes(held.marks)]
        for name, theirs in by_line.items():
            sums[name].add(theirs, instants)
    found = {name: each.counts() for name, each in sums.items()}
    return [
        DayCount(day, at, found[""][n], {name: counts[n] for name, counts in found.items() if name})
        for n, (day, at) in enumerate(when)
    ]


def average_daily_population(counts: Iterable[DayCount]) -> Shares:
    """The sum of daily populations divided by their number.

    Raises:
        ValueError: there is no day.
    """
    each = [day.found for day in counts]
    if not each:
        raise ValueError("expected at least one day to average over, found none")
    return total(each).per(len(each))


def counted_units(population: Population, unit: Unit) -> Iterator[list[Held]]:
    """The intervals of each unit that a rule counts once: of each person, or of each custody."""
    if unit is Unit.CUSTODIES:
        yield from (list(each.held) for each in population.episodes)
        return
    for _, episodes in population.people():
        yield pieces_of(episodes)


def time_held(population: Population, within: Interval, takes: Callable[[Marks], bool]) -> Bounds:
    """Time in custody of all people within an interval, in microseconds; each person's time counts once.

    Args:
        population: Custody episodes with their marks.
        within: The interval; both ends finite.
        takes: Which marks count.
    """
    least = most = 0
    for _, episodes in population.people():
        runs = list(runs_of([held for held in pieces_of(episodes) if takes(held.marks)]))
        least += _covered((span_of(start, end, Side.SURELY) for start, end in runs), within)
        most += _covered((span_of(start, end, Side.PERHAPS) for start, end in runs), within)
    return Bounds(least, most)


def runs_of(held: Iterable[Held]) -> Iterator[tuple[When, When]]:
    """Intervals that follow on one another at one instant, made one."""
    run: tuple[When, When] | None = None
    for each in held:
        if run is not None and run[1] == each.start:
            run = run[0], each.end
            continue
        if run is not None:
            yield run
        run = each.start, each.end
    if run is not None:
        yield run


def span_of(start: When, end: When, side: Side) -> Interval:
    """The instants surely, or perhaps, covered from a start to an end that may both be uncertain."""
    if side is Side.SURELY:
        first, last = latest_of(start), earliest_of(end)
    else:
        first, last = earliest_of(start), latest_of(end)
    return Interval(Instant(first), Instant(max(first, last)))


class _Sums:
    """How many are counted at each of some instants: once each, whatever intervals overlap."""

    def __init__(self, days: int) -> None:
        self._steps = {side: [0] * (days + 1) for side in Side}

    def add(self, held: Sequence[Held], instants: Sequence[Instant]) -> None:
        if not held:
            return
        runs = list(runs_of(held))
        for side, steps in self._steps.items():
            reached = 0
            for span in sorted(span_of(start, end, side) for start, end in runs):
                first = max(bisect_left(instants, span.start), reached)
                last = bisect_left(instants, span.end)
                if first < last:
                    steps[first] += 1
                    steps[last] -= 1
                    reached = last

    def counts(self) -> list[Bounds]:
        sides = [list(accumulate(self._steps[side]))[:-1] for side in (Side.SURELY, Side.PERHAPS)]
        return [Bounds(*pair) for pair in zip(*sides, strict=True)]


def _covered(spans: Iterable[Interval], within: Interval) -> int:
    held, reached = 0, within.start
    for span in sorted(spans):
        start, end = max(span.start, reached), min(span.end, within.end)
        if start < end:
            held += end - start
            reached = end
    return held
