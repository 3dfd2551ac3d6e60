"""For which kinds of subject the texts of a place are all there, so that silence means no basis."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from habeas.kernel.instants import FOREVER, Instant
from habeas.kernel.places import PlaceId
from habeas.law.place_files import Complete

Dated: TypeAlias = tuple[Complete, Instant, Instant]
"""What a place file declares complete, from when and until when."""


class Completeness:
    """What each place's rulebook is complete of, by instant; its own entries and those above it."""

    def __init__(self, entries: Mapping[PlaceId, Iterable[Dated]]) -> None:
        """Take the entries that hold at each place."""
        self._entries = {place: tuple(dated) for place, dated in entries.items()}
        self._edges = {
            place: sorted({edge for _, *ends in dated for edge in ends if edge < FOREVER})
            for place, dated in self._entries.items()
        }
        self._found: dict[tuple[PlaceId, str | None, int], tuple[int, frozenset[str]]] = {}

    def edges(self, place: PlaceId) -> frozenset[Instant]:
        """The instants at which something begins or ceases to be complete at a place."""
        return frozenset(self._edges.get(place, ()))

    def of(self, place: PlaceId, custodian: str | None, at: Instant) -> tuple[int, frozenset[str]]:
        """How many of a place's edges are past, and every kind of subject it is complete of then."""
        past = bisect_right(self._edges.get(place, ()), at)
        key = place, custodian, past
        if key not in self._found:
            self._found[key] = (
                past,
                frozenset(
                    subject
                    for entry, begins, until in self._entries.get(place, ())
                    if begins <= at < until and (not entry.custodians or custodian in entry.custodians)
                    for subject in entry.on
                ),
            )
        return self._found[key]
