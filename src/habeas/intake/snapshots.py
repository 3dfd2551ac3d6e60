"""Snapshots: when a source was looked at, and what must have happened between two looks."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from habeas.kernel.instants import (
    BEGINNING,
    Instant,
    Precision,
    UncertainInstant,
    end_of_day,
    instant_of_datetime,
    start_of_day,
)

Look: TypeAlias = dt.date | dt.datetime
"""A snapshot as a source dates it: a civil day whose hour is not stated, or an instant."""


class Snapshots:
    """The snapshots that some rows name, in order.

    A snapshot that was taken but of which no row speaks is not among them: what happened is then
    only known within wider bounds, which holds all the same.
    """

    def __init__(self, looks: Iterable[Look], zone: ZoneInfo) -> None:
        """Take the snapshots, in any order; a civil day is one of the zone."""
        self._zone = zone
        self._looks = sorted({_instants(each, zone) for each in looks})

    @classmethod
    def of_table(cls, own: Iterable[Look], every: Iterable[Iterable[Look]], zone: ZoneInfo) -> Snapshots:
        """The snapshots of one table: those that any table names, from its own first to its own last.

        What one table shows between two snapshots another may have looked at in between; but before
        its own first row a table shows nothing, whatever others show.

        Args:
            own: The snapshots that rows of the table name.
            every: Those of each table.
            zone: Whose civil days are meant.
        """
        bounds = cls(own, zone)
        found = cls((look for looks in every for look in looks), zone)
        if bounds._looks:
            first, last = bounds._looks[0], bounds._looks[-1]
            found._looks = [each for each in found._looks if first <= each <= last]
        return found

    def __len__(self) -> int:
        """How many there are."""
        return len(self._looks)

    def neighbours(self, earlier: Look, later: Look) -> bool:
        """Whether no snapshot lies between two."""
        first, second = _instants(earlier, self._zone), _instants(later, self._zone)
        return bisect_left(self._looks, second) - bisect_left(self._looks, first) <= 1

    def after(self, look: Look, key: str) -> UncertainInstant | None:
        """The instant at which a thing last seen then ended; None where no later snapshot is known."""
        seen = _instants(look, self._zone)
        index = bisect_right(self._looks, seen)
        if index == len(self._looks):
            return None
        return _between(seen, self._looks[index], key)

    def before(self, look: Look, key: str, *, anew: bool = False) -> UncertainInstant:
        """The instant at which a thing first seen then began, or began anew."""
        seen = _instants(look, self._zone)
        index = bisect_left(self._looks, seen)
        earlier = self._looks[index - 1] if index else (BEGINNING, BEGINNING)
        if anew and earlier[1] + 1 < seen[1]:
            earlier = (Instant(earlier[1] + 1), earlier[1])
        return _between(earlier, seen, key)


@lru_cache(maxsize=8192)
def _instants(look: Look, zone: ZoneInfo) -> tuple[Instant, Instant]:
    """The first and last instant that a snapshot may have been taken at."""
    if isinstance(look, dt.datetime):
        taken = instant_of_datetime(look)
        return taken, taken
    return start_of_day(look, zone), Instant(end_of_day(look, zone) - 1)


def _between(earlier: tuple[Instant, Instant], later: tuple[Instant, Instant], key: str) -> UncertainInstant:
    """An unknown point from one snapshot, at the earliest, to another, at the latest."""
    start, end = earlier[0], Instant(later[1] + 1)
    return UncertainInstant(start, end, Precision.SNAPSHOT, f"{key}:{start}..{end}")
