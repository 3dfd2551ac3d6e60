"""Chance, seeded: what the generator draws, in minutes and in plain weights.

`random.Random` promises the same numbers from the same seed on every machine for the draws used
here; the seed is a text, so each person's course is its own and does not move when others change.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log
from typing import Final, TypeVar

HOUR: Final = 60
"""Minutes in an hour."""
DAY: Final = 1440
"""Minutes in a day of 24 hours."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Spread:
    """A heavy-tailed time: log-normal around a median, kept within bounds, in minutes."""

    median: float
    sigma: float
    least: int
    most: int


class Dice:
    """One person's chance."""

    def __init__(self, seed: str) -> None:
        """Seed it with a text."""
        self._random = random.Random(seed)  # noqa: S311 - repeatable people are wanted, not secrets

    def chance(self, part: float) -> bool:
        """True in a part of all draws."""
        return self._random.random() < part

    def whole(self, least: int, most: int) -> int:
        """A whole number, each as likely."""
        return least + int(self._random.random() * (most - least + 1))

    def minutes(self, spread: Spread) -> int:
        """A time of a spread, in whole minutes."""
        drawn = exp(log(spread.median) + spread.sigma * self._random.gauss(0.0, 1.0))
        return int(min(max(drawn, spread.least), spread.most))

    def one_of(self, weights: Mapping[T, float]) -> T:
        """One of some things, as likely as its weight."""
        left = self._random.random() * sum(weights.values())
        for thing, weight in weights.items():
            left -= weight
            if left < 0:
                return thing
        return next(reversed(list(weights)))


TRANSIT: Final = Spread(35, 0.8, 4, 9 * HOUR)
"""From a judge's order to the jail's reading it."""
QUEUE: Final = Spread(150, 0.75, 15, 21 * HOUR)
"""From there to the cell door: every release waits."""
TO_BOND: Final = Spread(15 * HOUR, 1.6, 20, 60 * DAY)
"""From bail set to bail posted."""
TO_DISMISSAL: Final = Spread(9 * DAY, 1.2, 30 * HOUR, 280 * DAY)
"""From arrest to the end of a case that fails."""
TO_PLEA: Final = Spread(16 * DAY, 1.1, 2 * DAY, 250 * DAY)
"""From arrest to a county sentence."""
TO_PRISON: Final = Spread(75 * DAY, 0.9, 10 * DAY, 420 * DAY)
"""From arrest to a state sentence."""
