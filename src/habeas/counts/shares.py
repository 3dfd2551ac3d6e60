"""Time in custody by what stands behind it: alone, beside others, or nothing; with its cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from habeas.counts.held import Held, Marks, Population, pieces_of
from habeas.kernel.instants import DAY, FOREVER, earliest_of, latest_of
from habeas.kernel.intervals import Interval


@dataclass(frozen=True, slots=True)
class TimeBy:
    """Time in custody within an interval, partitioned by the set of labels that stand behind it."""

    within: Interval
    by_set: Mapping[Marks, int]
    """Microseconds by exact set of labels; the sets partition the total."""
    people_by_label: Mapping[str, int]
    """People with any time under a label."""

    @property
    def total(self) -> int:
        """All time, in microseconds."""
        return sum(self.by_set.values())

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label met, in order."""
        return tuple(sorted({label for labels in self.by_set for label in labels}))

    def sole(self, label: str) -> int:
        """Time that one label alone stands behind, in microseconds."""
        return self.by_set.get(frozenset({label}), 0)

    def shared(self, label: str) -> int:
        """Time that a label and at least one other stand behind; never apportioned."""
        return sum(time for labels, time in self.by_set.items() if label in labels and len(labels) > 1)

    @property
    def unlabelled(self) -> int:
        """Time behind which no label stands."""
        return self.by_set.get(frozenset(), 0)


def time_by(population: Population, within: Interval, prefix: str) -> TimeBy:
    """Time in custody by the set of labels behind it.

    Uncertain instants are refused rather than placed: a partition of bounds would not add up.

    Args:
        population: Custody episodes; the labels are the marks that begin with the prefix.
        within: The interval; both ends finite.
        prefix: What the marks that are labels begin with; it is not shown.

    Raises:
        UncertainLabels: an instant at which labels change is known only within bounds.
    """
    by_set: Counter[Marks] = Counter()
    people: defaultdict[str, set[str]] = defaultdict(set)
    for person, episodes in population.people():
        for held in pieces_of(episodes):
            time = _exact(held, within)
            labels = frozenset(m.removeprefix(prefix) for m in held.marks if m.startswith(prefix))
            if time:
                by_set[labels] += time
            for label in labels if time else ():
                people[label].add(person)
    return TimeBy(within, dict(by_set), {label: len(who) for label, who in sorted(people.items())})


class UncertainLabels(ValueError):
    """Labels change at an instant that is known only within bounds, so no partition of time adds up."""


def _exact(held: Held, within: Interval) -> int:
    if earliest_of(held.start) != latest_of(held.start) or earliest_of(held.end) != latest_of(held.end):
        raise UncertainLabels("expected exact instants; of records made from snapshots ask for daily counts")
    start, end = max(earliest_of(held.start), within.start), min(earliest_of(held.end), within.end, FOREVER)
    return max(end - start, 0)


def cost_cents(microseconds: int, cents_per_day: int) -> int:
    """What time in custody costs at a rate, in whole cents, rounded half to even once.

    Args:
        microseconds: Time in custody.
        cents_per_day: The rate for 24 hours.
    """
    return round(Fraction(microseconds * cents_per_day, DAY))


def dollars(cents: int) -> str:
    """An amount in words: ``$1,234.50``."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
