"""Published tables that are read as they are: each declared by a TOML file, no row interpreted in code.

``kind = "listed"`` is a table of who stood on daily lists from a first to a last day; ``kind = "series"`` a
table of figures by name, year and perhaps month.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

import msgspec


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A column of figures."""

    name: str
    column: str
    """Empty: each row counts as one."""
    unit: str
    definition: str = ""
    decimals: int = 0
    summed: bool = True
    """Whether the figures of rows may be added up; else they are averaged."""


class Published(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number that somebody printed of this table."""

    says: str
    value: str
    source: str
    explains: str
    measure: str = ""
    names: list[str] = msgspec.field(default_factory=list[str])
    first: str = ""
    last: str = ""
    rule: str = ""
    """Of a listed table: the counting rule, and the average over the days."""


class Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one published table is read."""

    name: str
    title: str
    says: str
    licence: str
    kind: Literal["listed", "series"]
    paths: list[str]
    limits: list[str] = msgspec.field(default_factory=list[str])
    published: list[Published] = msgspec.field(default_factory=list[Published])
    # listed
    zone: str = ""
    person: str = ""
    custody: list[str] = msgspec.field(default_factory=list[str])
    first: str = ""
    last: str = ""
    label: str = ""
    place: str = ""
    # series
    names: str = ""
    """The column of the names; empty where the table has none."""
    group: str = ""
    """A second column to add up by, such as a reason."""
    sets: Mapping[str, list[str]] = msgspec.field(default_factory=dict[str, list[str]])
    """Names that stand for several names of the table."""
    year: str = ""
    month: str = ""
    date: str = ""
    """A column of dates or of ``YYYY-MM`` instead of year and month."""
    months: list[str] = msgspec.field(default_factory=list[str])
    """The twelve words for months, where they are words."""
    measures: list[Measure] = msgspec.field(default_factory=list[Measure])
    breaks: Mapping[str, list[str]] = msgspec.field(default_factory=dict[str, list[str]])
    """Name -> breaks in its series, in words."""
    aggregates: list[str] = msgspec.field(default_factory=list[str])
    """Names that are sums of other names, left out of totals and ranks."""
    whole: int = 0
    """How many jurisdictions a claim of rank would be about; 0 where the table is all there is."""


class UnreadableTable(ValueError):
    """A table, or its declaration, is not what was expected; says the file, and what was found."""


SUFFIX: Final = ".toml"


@cache
def bundled_tables() -> Mapping[str, Declared]:
    """Every table that habeas knows by file name, by name.

    Raises:
        UnreadableTable: a declaration is none.
    """
    folder = files("habeas.study") / "tables"
    found = [
        read_declared(each.read_text(encoding="utf-8"), each.name)
        for each in folder.iterdir()
        if each.name.endswith(SUFFIX)
    ]
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}


def read_declared(text: str, name: str) -> Declared:
    """The declaration of a table.

    Raises:
        UnreadableTable: it is none.
    """
    try:
        return msgspec.convert(tomllib.loads(text), Declared)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UnreadableTable(f"{name}: expected the declaration of a table, found: {error}") from error


def declared_for(paths: Sequence[Path]) -> Declared | None:
    """The table that files are, by their names; None where none is known."""
    for each in bundled_tables().values():
        if paths and all(path.name in each.paths for path in paths):
            return each
    return None


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month, or a whole year where the table has no months."""

    year: int
    month: int
    """0 where the figure is of the whole year."""

    def __str__(self) -> str:
        """``2016-04``, or ``2016``."""
        return f"{self.year:04d}-{self.month:02d}" if self.month else f"{self.year:04d}"
