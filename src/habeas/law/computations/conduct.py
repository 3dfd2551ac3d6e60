"""Rates at which conduct shortens a term: how long must be served, and what has been earned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Blocks:
    """So many days off for each so many days served, whole blocks only: day for day is 1 for 1."""

    earns: int
    served: int

    def needed(self, term: int) -> int:
        """The fewest days of service that, with what they earn, make up the term."""
        block = self.served + self.earns
        return term // block * self.served + min(term % block, self.served)

    def accrued(self, days: int, term: int) -> int:
        """Days off earned by so many days of service."""
        return min(days // self.served * self.earns, term - self.needed(term))

    def __str__(self) -> str:
        """In words, for a line of arithmetic."""
        return f"{self.earns} for {self.served} served"


@dataclass(frozen=True, slots=True)
class Fraction:
    """At most a part of the term, rounded down to whole days, credited against it at once."""

    part: int
    whole: int

    def needed(self, term: int) -> int:
        """The days of service left when the whole part is taken off."""
        return term - term * self.part // self.whole

    def accrued(self, days: int, term: int) -> int:
        """The whole part, whenever it is asked."""
        del days
        return term * self.part // self.whole

    def __str__(self) -> str:
        """In words, for a line of arithmetic."""
        return f"at most {self.part}/{self.whole} of the term"


@dataclass(frozen=True, slots=True)
class Months:
    """Days off each month of the term, earned when service and days off together fill the month."""

    tiers: tuple[tuple[int | None, int], ...]
    """Through which month of the term, the last open, how many days a month."""
    month: int
    """Days in a month."""

    def needed(self, term: int) -> int:
        """The days of service for the term; a last month that is not whole earns nothing."""
        months, rest = divmod(term, self.month)
        return sum(self.month - self._rate(index) for index in range(months)) + rest

    def accrued(self, days: int, term: int) -> int:
        """Days off for the months that so many days of service have filled."""
        earned = 0
        for index in range(term // self.month):
            days -= self.month - self._rate(index)
            if days < 0:
                break
            earned += self._rate(index)
        return earned

    def _rate(self, index: int) -> int:
        return next(days for through, days in self.tiers if through is None or index < through)

    def __str__(self) -> str:
        """In words, for a line of arithmetic."""
        rates = ", ".join(
            f"{days} through month {through}" if through else f"{days} a month"
            for through, days in self.tiers
        )
        return f"{rates}, months of {self.month} days"


Rate: TypeAlias = Blocks | Fraction | Months
