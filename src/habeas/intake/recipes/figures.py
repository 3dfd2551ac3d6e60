"""Figures that others published of a source, and how each is counted from its rows."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from habeas.intake.recipes.parts import Matches


class Mark(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a row is called if it matches."""

    name: str
    """The mark."""
    when: tuple[Matches, ...] = ()
    """All must hold."""
    unless: tuple[Matches, ...] = ()
    """None may hold."""


class Grouping(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a group is called by the marks of its rows; the first that fits counts."""

    name: str
    """What the group is called."""
    has: tuple[str, ...] = ()
    """Marks that some row must have."""
    lacks: tuple[str, ...] = ()
    """Marks that no row may have."""


class PublishedFigure(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number somebody published of this source, and how it is counted from the rows."""

    name: str
    """In a few words."""
    says: str
    """What is counted, in a sentence."""
    count: Literal[
        "rows",
        "groups",
        "mean",
        "median",
        "percent",
        "after / equal / before",
        "rows of a day",
        "mean rows of a day",
        "groups by marks",
        "groups later by more than days",
        "groups by text",
    ]
    """How it is counted."""
    table: str = ""
    """Which table's rows; left out, those of the only table."""
    paths: tuple[str, ...] = ()
    """The files it was published of; of a part of them it is not counted. All where empty."""
    group: str = ""
    """Column of which each value is counted once."""
    groups: tuple[str, ...] = ()
    """Where several columns name a group."""
    where: dict[str, float] = {}
    """Column -> the least value that a group must reach in some row."""
    start: str = ""
    """Column of a beginning."""
    end: str = ""
    """Local times. For mean and median the length between them is in days of 24 hours by the clock;
    for after / equal / before, in how many rows the end is after the start, equal to it and before.
    For rows of a day, the first and last day a row stands for."""
    rows: Matches | None = None
    """Only rows that match count."""
    column: str = ""
    """For percent: the column."""
    equals: str = ""
    """For percent: the text that counts."""
    first_day: str = ""
    """For rows of a day: the day; for their mean: the first of the days."""
    last_day: str = ""
    """For the mean: the last of the days."""
    at_last: str = ""
    """For groups by marks: a column of snapshots; only rows of the group's last one count."""
    marks: tuple[Mark, ...] = ()
    """For groups by marks: what rows are called."""
    groupings: tuple[Grouping, ...] = ()
    """What groups are called, by the marks of their rows."""
    other: str = ""
    """For groups later by more than days: the table whose `end` is compared with this one's
    `start`; of the `start` texts of a group the one with the latest `at_last` counts."""
    format: str = ""
    """How `start` is written, in the words of ``strptime``; a text written otherwise does not count."""
    days: tuple[int, ...] = ()
    """How many days later; each gives a number."""
    published: str = ""
    """The number as published; empty where nobody published one."""
    source: str = ""
    """Who published it, and where."""
    explains: str = ""
    """Why it differs, where that is known."""

    @property
    def named_by(self) -> tuple[str, ...]:
        """The columns that name a group."""
        return self.groups or ((self.group,) if self.group else ())
