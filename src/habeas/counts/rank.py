"""Rank among jurisdictions, with year, unit, ties and missing competitors; refused where it misleads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Entry:
    """One jurisdiction's figure in one year."""

    name: str
    year: int
    value: Fraction | None
    """None where the jurisdiction is known to exist and its figure is missing."""
    unit: str
    """What is counted, such as ``average daily population``."""
    definition: str
    """Whose definition it is counted under."""
    breaks: tuple[str, ...] = ()
    """Breaks in its series, in words: a facility opened, another way of counting."""


@dataclass(frozen=True, slots=True)
class Rank:
    """Where one jurisdiction stands, or why that is not said."""

    name: str
    year: int
    unit: str
    definition: str
    value: Fraction | None
    best: int
    """The first place it can have, if every missing figure is smaller."""
    worst: int
    """The last place it can have, if every missing figure is larger; ties count against it."""
    of: int
    """How many jurisdictions are compared, those without a figure too."""
    ties: tuple[str, ...]
    missing: tuple[str, ...]
    breaks: tuple[str, ...]
    refused: tuple[str, ...]
    """Why no rank is given; empty where one is."""


def rank(entries: Iterable[Entry], name: str, year: int, *, expected: int | None = None) -> Rank:
    """The place of one jurisdiction among all of one year, the largest first.

    Args:
        entries: Figures of any years; only those of the year are compared.
        name: Whose rank.
        year: Of which year.
        expected: How many jurisdictions the comparison claims to cover ("of the nation"); where fewer are
            here, the rest are missing and the rank has bounds only.
    """
    here = [each for each in entries if each.year == year]
    own = next((each for each in here if each.name == name), None)
    known = [each for each in here if each.value is not None]
    missing = [each.name for each in here if each.value is None]
    unnamed = max((expected or 0) - len(here), 0)
    value = own.value if own is not None else None
    larger = sum(value is not None and each.value is not None and each.value > value for each in known)
    ties = [e.name for e in known if value is not None and e.value == value and e.name != name]
    others_missing = [each for each in missing if each != name]
    return Rank(
        name=name,
        year=year,
        unit=own.unit if own is not None else "",
        definition=own.definition if own is not None else "",
        value=value,
        best=larger + 1,
        worst=larger + 1 + len(ties) + len(others_missing) + unnamed,
        of=max(len(here), expected or 0),
        ties=tuple(ties),
        missing=(*others_missing, *([f"{unnamed} more that are not in the data"] if unnamed else [])),
        breaks=own.breaks if own is not None else (),
        refused=tuple(_refusals(here, own, name, year)),
    )


def _refusals(here: Sequence[Entry], own: Entry | None, name: str, year: int) -> list[str]:
    found: list[str] = []
    if own is None:
        found.append(f"no figure of [{name}] for {year} is in the data")
    elif own.value is None:
        found.append(f"the figure of [{name}] for {year} is missing")
    names = [each.name for each in here]
    if twice := sorted({each for each in names if names.count(each) > 1}):
        found.append(f"named twice for {year}: {', '.join(twice)}")
    for what, values in (("unit", {e.unit for e in here}), ("definition", {e.definition for e in here})):
        if len(values) > 1:
            named = "; ".join(sorted(values))
            found.append(f"figures of more than one {what} cannot be ranked together: {named}")
    if len(here) == 1 and own is not None:
        found.append("nothing to compare with: one jurisdiction is in the data")
    return found
