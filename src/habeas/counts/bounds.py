"""A quantity that uncertain instants leave between a least and a most; a midpoint is never made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Bounds", "Shares", "total"]


@dataclass(frozen=True, slots=True, order=True)
class Bounds:
    """A whole number between a least and a most, both possible; of people, custodies or microseconds."""

    least: int
    most: int

    def __add__(self, other: Bounds) -> Bounds:
        """Both together, end by end."""
        return Bounds(self.least + other.least, self.most + other.most)

    @property
    def is_exact(self) -> bool:
        """Whether nothing is left open."""
        return self.least == self.most

    def __str__(self) -> str:
        """The number, or both ends."""
        return f"{self.least:,}" if self.is_exact else f"{self.least:,} to {self.most:,}"

    def per(self, parts: int) -> Shares:
        """Each end divided by a number of parts, exactly."""
        return Shares(Fraction(self.least, parts), Fraction(self.most, parts))


@dataclass(frozen=True, slots=True)
class Shares:
    """A quotient between a least and a most, both exact fractions."""

    least: Fraction
    most: Fraction

    @property
    def is_exact(self) -> bool:
        """Whether nothing is left open."""
        return self.least == self.most

    def shown(self, places: int = 1) -> str:
        """Both ends rounded half to even, or one number where they are equal.

        Args:
            places: Decimal places.
        """
        low, high = decimal(self.least, places), decimal(self.most, places)
        return low if self.is_exact else f"{low} to {high}"


def decimal(value: Fraction, places: int) -> str:
    """A fraction as a decimal number, rounded half to even and never by way of a float."""
    whole = round(value * 10**places)
    sign, digits = ("-" if whole < 0 else ""), f"{abs(whole):0{places + 1}d}"
    front = f"{int(digits[: len(digits) - places]):,}"
    return f"{sign}{front}.{digits[len(digits) - places :]}" if places else f"{sign}{front}"


def total(parts: Iterable[Bounds]) -> Bounds:
    """All parts together."""
    return sum(parts, start=Bounds(0, 0))
