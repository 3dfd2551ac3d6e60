"""Why two counting rules give two numbers of one population: every difference by name, adding up exactly."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from habeas.counts.bounds import Bounds
from habeas.counts.daily import Side, counted_units, daily_population, runs_of, span_of
from habeas.counts.held import Held, Population
from habeas.counts.rules import CountingRule, Unit
from habeas.kernel.instants import CivilDate, Instant


@dataclass(frozen=True, slots=True)
class Difference:
    """One named step from one rule's number to the other's; whole people or custodies, summed over days."""

    says: str
    change: Bounds
    """What is added on each side of the bounds; a loss is negative, so `least` may exceed `most`."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Two totals over the same days, and the steps that lead from the first to the second."""

    first: str
    second: str
    days: int
    from_total: Bounds
    steps: tuple[Difference, ...]
    to_total: Bounds

    @property
    def adds_up(self) -> bool:
        """Whether the first total and the steps give the second, on both sides of the bounds."""
        reached = self.from_total
        for step in self.steps:
            reached += step.change
        return reached == self.to_total


def reconciled(
    population: Population,
    rules: tuple[CountingRule, CountingRule],
    when: tuple[Sequence[tuple[CivilDate, Instant]], Sequence[tuple[CivilDate, Instant]]],
) -> Reconciled:
    """The two totals of two rules over the same days, and every difference by name.

    The steps go in one order: another count instant, another unit, then each group that one rule leaves out
    and the other does not.

    Args:
        population: Custody episodes with their marks.
        rules: The two rules.
        when: The days with the count instants of each; the same days.

    Raises:
        NotEncoded: the words of a rule were not read.
    """
    first, second = rules
    here, there = ([at for _, at in each] for each in when)
    start = _summed(population, first, when[0])
    end = _summed(population, second, when[1])
    steps: list[Difference] = []
    moved = _counted(population, first, first.unit, there)
    if here != there:
        steps.append(Difference("counted at another instant of the day", _less(moved, start)))
    other = _counted(population, first, second.unit, there)
    if first.unit is not second.unit:
        says = f"counted as {second.unit}, not {first.unit}: two custodies of one person at one instant"
        steps.append(Difference(says, _less(other, moved)))
    steps += _groups(population, (first, second), there)
    told = tuple(step for step in steps if step.change != Bounds(0, 0))
    return Reconciled(first.name, second.name, len(here), start, told, end)


def _groups(
    population: Population, rules: tuple[CountingRule, CountingRule], instants: Sequence[Instant]
) -> list[Difference]:
    """Who is counted by one rule alone, by the first group for which the other leaves them out."""
    first, second = rules
    found: Counter[tuple[Side, str | None, str | None]] = Counter()
    for units in counted_units(population, second.unit):
        for side in Side:
            found.update(_days(units, rules, instants, side))
    steps: list[Difference] = []
    for group in (each.name for each in second.left_out):
        lost = Bounds(-found[Side.SURELY, None, group], -found[Side.PERHAPS, None, group])
        steps.append(Difference(f"left out by {second.name}: {group}", lost))
    for group in (each.name for each in first.left_out):
        won = Bounds(found[Side.SURELY, group, None], found[Side.PERHAPS, group, None])
        steps.append(Difference(f"left out by {first.name}: {group}", won))
    return steps


def _days(
    held: Sequence[Held],
    rules: tuple[CountingRule, CountingRule],
    instants: Sequence[Instant],
    side: Side,
) -> Counter[tuple[Side, str | None, str | None]]:
    """At how many instants one unit is counted by one rule and not by the other, and why not."""
    reasons = {each.marks: (rules[0].why_out(each.marks), rules[1].why_out(each.marks)) for each in held}
    reached: dict[int, tuple[str | None, str | None]] = {}
    for wanted in ((None, None), *sorted(set(reasons.values()), key=str)):
        theirs = [each for each in held if reasons[each.marks] == wanted]
        for start, end in runs_of(theirs):
            span = span_of(start, end, side)
            for number in range(bisect_left(instants, span.start), bisect_left(instants, span.end)):
                reached.setdefault(number, wanted)
    found: Counter[tuple[Side, str | None, str | None]] = Counter()
    for one, other in reached.values():
        if (one is None) != (other is None):
            found[side, one, other] += 1
    return found


def _counted(population: Population, rule: CountingRule, unit: Unit, instants: Sequence[Instant]) -> Bounds:
    found = Bounds(0, 0)
    for held in counted_units(population, unit):
        taken = [each for each in held if rule.why_out(each.marks) is None]
        found += Bounds(*(_instants(taken, instants, side) for side in (Side.SURELY, Side.PERHAPS)))
    return found


def _instants(held: Sequence[Held], instants: Sequence[Instant], side: Side) -> int:
    reached: set[int] = set()
    for start, end in runs_of(held):
        span = span_of(start, end, side)
        reached.update(range(bisect_left(instants, span.start), bisect_left(instants, span.end)))
    return len(reached)


def _summed(population: Population, rule: CountingRule, when: Sequence[tuple[CivilDate, Instant]]) -> Bounds:
    counts = daily_population(population, rule, when)
    return Bounds(sum(day.found.least for day in counts), sum(day.found.most for day in counts))


def _less(one: Bounds, other: Bounds) -> Bounds:
    return Bounds(one.least - other.least, one.most - other.most)
