"""Counts in words: the numbers of a document as every report shows them."""

from __future__ import annotations

from fractions import Fraction

from habeas.counts.bounds import decimal
from habeas.counts.shares import dollars
from habeas.wire.count_forms import AmountForm, ReturnForm, WholeForm

_DAY = 86_400


def whole(found: WholeForm) -> str:
    """A whole number, or both its ends."""
    return f"{found.least:,}" if found.least == found.most else f"{found.least:,} to {found.most:,}"


def amount(found: AmountForm | None, places: int = 1) -> str:
    """A decimal number, or both its ends; a dash where there is none."""
    if found is None:
        return "-"
    low, high = (decimal(Fraction(end), places) for end in (found.least, found.most))
    return low if low == high else f"{low} to {high}"


def days(seconds: int) -> str:
    """Time as days of 24 hours, one decimal."""
    return decimal(Fraction(seconds, _DAY), 1)


def money(cents: int | None) -> str:
    """An amount of money; a dash where no rate was given."""
    return "-" if cents is None else dollars(cents)


def per_cent(share: str) -> str:
    """A share as a percentage, one decimal; a dash where nothing was observed."""
    return f"{decimal(Fraction(share) * 100, 1)} %" if share else "-"


def returned(found: ReturnForm) -> str:
    """How many returned, of how many, with the interval."""
    between = f"{per_cent(found.share_low)} to {per_cent(found.share_high)}"
    return f"{found.returned:,} of {found.of:,}: {per_cent(found.share)} ({between})"


def signed(least: int, most: int) -> str:
    """A change, with its sign."""
    low, high = f"{least:+,}", f"{most:+,}"
    return low if low == high else f"{low} / {high}"
