"""Return to custody after release: cohorts with their denominators, and never a list of people.

How many come back says nothing of why, nor of any one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from habeas.counts.held import Episode, Population
from habeas.kernel.instants import Instant, earliest_of, latest_of
from habeas.kernel.intervals import Interval


@dataclass(frozen=True, slots=True)
class Followed:
    """One release, followed until the next admission of the same person or the end of the records."""

    group: str
    time: int
    """Microseconds from release to return, or to the end of what was seen."""
    returned: bool
    seen: int
    """Microseconds from release to the end of the records."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """The releases of one group."""

    group: str
    followed: tuple[Followed, ...]

    def whole_within(self, window: int) -> tuple[int, int]:
        """Returns within a window, of the releases that lie at least a window before the end of the records.

        Later releases are left out, those that returned too: else early returns alone would be counted.

        Args:
            window: Microseconds.

        Returns:
            How many returned, of how many.
        """
        seen = [each for each in self.followed if each.seen >= window]
        return sum(each.returned and each.time < window for each in seen), len(seen)


def cohorts(
    population: Population,
    released: Interval,
    group_of: Callable[[Episode], str],
    *,
    ends: frozenset[str] = frozenset({"Released"}),
) -> list[Cohort]:
    """The releases within an interval by group, each followed to the next admission.

    A release whose instant is uncertain is taken at its last possible instant and a return at its first, so
    that time at risk is never overstated.

    Args:
        population: Custody episodes; one identity is one person.
        released: When the release lies.
        group_of: The group of the custody that ended, such as its last kind of basis.
        ends: The kinds of event that count as release; delivery to another custodian is none.
    """
    horizon = population.observed.end
    found: dict[str, list[Followed]] = {}
    for _, episodes in population.people():
        ordered = sorted(episodes, key=lambda each: earliest_of(each.start))
        for number, episode in enumerate(ordered):
            at = latest_of(episode.end)
            if episode.is_open or episode.ended_by not in ends or not released.covers(at):
                continue
            back = _next(ordered[number + 1 :], at)
            until = horizon if back is None else back
            one = Followed(group_of(episode), max(until - at, 0), back is not None, max(horizon - at, 0))
            found.setdefault(one.group, []).append(one)
    return [Cohort(group, tuple(found[group])) for group in sorted(found)]


def _next(later: Iterable[Episode], after: Instant) -> Instant | None:
    return next((earliest_of(e.start) for e in later if earliest_of(e.start) >= after), None)
