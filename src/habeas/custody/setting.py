"""The setting: bitemporal facts about places and agencies, not about a person."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from habeas.kernel.instants import BEGINNING, FOREVER, Instant
from habeas.kernel.places import PlaceId


@dataclass(frozen=True, slots=True)
class SettingFact:
    """One dated fact about a place: a population, an agreement to pay, trained officers."""

    fact: str
    """Name in the vocabulary, such as ``setting.population``."""
    place: PlaceId
    value: bool | int | str
    starts_at: Instant
    ends_at: Instant
    """First instant at which it no longer holds; ``FOREVER`` while open."""
    known_at: Instant
    cite: str = ""

    def __post_init__(self) -> None:
        """Refuse a fact that never holds.

        Raises:
            ValueError: It ends at or before its start.
        """
        if self.ends_at <= self.starts_at:
            raise ValueError(f"{self.fact} of {self.place} must end after it starts")


class Setting:
    """The facts about places as known at an instant; a nearer place's fact wins.

    Absence is unknown: nothing about a place is false because nobody wrote it down.
    """

    def __init__(self, facts: Iterable[SettingFact] = ()) -> None:
        self.facts = tuple(facts)
        self._values = lru_cache(maxsize=4096)(self._read)
        edges = {fact.starts_at for fact in self.facts} | {fact.ends_at for fact in self.facts}
        self._breaks = [BEGINNING, *sorted(edge for edge in edges if edge < FOREVER)]

    def values_at(
        self, places: tuple[PlaceId, ...], at: Instant, known_at: Instant
    ) -> Mapping[str, bool | int | str]:
        """Values by bare fact name for a place and its ancestors, nearest first.

        Between two neighbouring edges every call gives the same mapping; it must not be changed.
        """
        return self._values(places, self._breaks[bisect_right(self._breaks, at) - 1], known_at)

    def edges(self) -> frozenset[Instant]:
        """Every instant at which some fact begins or ends."""
        return frozenset(self._breaks[1:])

    def and_(self, more: Iterable[SettingFact]) -> Setting:
        """This setting with further facts; later-known facts win."""
        return Setting((*self.facts, *more))

    def _read(
        self, places: tuple[PlaceId, ...], at: Instant, known_at: Instant
    ) -> dict[str, bool | int | str]:
        values: dict[str, bool | int | str] = {}
        for place in reversed(places):
            live = [
                fact
                for fact in self.facts
                if fact.place == place and fact.known_at <= known_at and fact.starts_at <= at < fact.ends_at
            ]
            for fact in sorted(live, key=lambda each: each.known_at):
                values[fact.fact.removeprefix("setting.")] = fact.value
        return values
