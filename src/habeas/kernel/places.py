"""Places as a tree of paths, with zones, and territories of courts across it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, NewType
from zoneinfo import ZoneInfo

from habeas.kernel.instants import zone as zone_named

PlaceId = NewType("PlaceId", str)
"""A path of lower-case words from nation to facility, joined by slashes."""

EVERYWHERE: Final = PlaceId("")
"""The root above every nation, within which every place lies."""


class PlaceKind(StrEnum):
    """What sort of node a place is."""

    NATION = "nation"
    """A sovereign nation."""

    STATE = "state"
    """A state, district or territory of a nation."""

    COUNTY = "county"
    """A county or what a state has in its stead."""

    CITY = "city"
    """A city, town or village with officers of its own."""

    FACILITY = "facility"
    """A building or campus in which people are held."""


@dataclass(frozen=True, slots=True)
class Place:
    """A node in the tree of places."""

    id: PlaceId
    """Its path; the path without the last word is the place it lies in."""

    name: str
    """What people call it."""

    kind: PlaceKind
    """What sort of place it is."""

    zone: str | None = None
    """IANA name of its time zone; None when it has that of the place it lies in, or several."""

    fips: str | None = None
    """Its FIPS or ANSI code, digits only; None where it has none."""

    fictional: bool = False
    """Whether it is nowhere: it, and all that lies in it, exist only here."""


class UnknownPlace(LookupError):
    """A place that is not in the tree.

    Attributes:
        place: The path or territory that was asked for.
        nearest: Names in the tree that look like it, best first.
    """

    def __init__(self, place: str, known: Iterable[str] = ()) -> None:
        """Name what is missing and what is nearest to it."""
        self.place = place
        self.nearest = tuple(get_close_matches(place, sorted(known), n=3, cutoff=0.5))
        hint = f"; did you mean [{', '.join(self.nearest)}]?" if self.nearest else ""
        super().__init__(f"unknown place [{place}]{hint}")


class ZoneNotStated(LookupError):
    """A place has no zone of its own and none of the places it lies in has one."""

    def __init__(self, place: PlaceId) -> None:
        """Name the place."""
        self.place = place
        super().__init__(f"place [{place}] has no time zone, nor has any place it lies in")


def lies_within(place: PlaceId, ancestor: PlaceId) -> bool:
    """Whether one path is the other or continues it; asks no tree."""
    return ancestor in {EVERYWHERE, place} or place.startswith(f"{ancestor}/")


def parent_of(place: PlaceId) -> PlaceId:
    """The path a place lies in; `EVERYWHERE` for a nation."""
    return PlaceId(place.rpartition("/")[0])


class PlaceTree:
    """The places a rulebook knows, and the territories of courts and offices over them."""

    __slots__ = ("_places", "_territories")

    def __init__(
        self, places: Iterable[Place], territories: Mapping[str, Iterable[PlaceId]] | None = None
    ) -> None:
        """Build the tree.

        Args:
            places: Every place, in any order.
            territories: For each court or office, the places that make up its territory.

        Raises:
            ValueError: Two places have one path.
            UnknownPlace: A place or territory names a place that is not given.
        """
        self._places: dict[PlaceId, Place] = {}
        for place in places:
            if place.id in self._places:
                raise ValueError(f"two places have the path [{place.id}]")
            self._places[place.id] = place
        self._territories = {name: frozenset(within) for name, within in (territories or {}).items()}
        for place_id in self._places:
            self._known(parent_of(place_id))
        for territory in self._territories.values():
            for place_id in sorted(territory):
                self._known(place_id)

    def __contains__(self, place: object) -> bool:
        """Whether a path is in the tree."""
        return place in self._places

    def __getitem__(self, place: PlaceId) -> Place:
        """The place with this path.

        Raises:
            UnknownPlace: It is not in the tree.
        """
        self._known(place)
        return self._places[place]

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place, ordered by path."""
        return tuple(self._places[place_id] for place_id in sorted(self._places))

    @property
    def territories(self) -> tuple[str, ...]:
        """The name of every territory, in order."""
        return tuple(sorted(self._territories))

    def within(self, place: PlaceId, ancestor: PlaceId) -> bool:
        """Whether a place is another or lies in it.

        Raises:
            UnknownPlace: Either is not in the tree.
        """
        self._known(place)
        self._known(ancestor)
        return lies_within(place, ancestor)

    def ancestors(self, place: PlaceId) -> tuple[Place, ...]:
        """The places a place lies in, nearest first, without itself.

        Raises:
            UnknownPlace: It is not in the tree.
        """
        self._known(place)
        found: list[Place] = []
        above = parent_of(place)
        while above != EVERYWHERE:
            found.append(self._places[above])
            above = parent_of(above)
        return tuple(found)

    def territory(self, name: str) -> frozenset[PlaceId]:
        """The places that make up a court's or office's territory.

        Raises:
            UnknownPlace: No territory has this name.
        """
        if name not in self._territories:
            raise UnknownPlace(name, self._territories)
        return self._territories[name]

    def within_territory(self, place: PlaceId, name: str) -> bool:
        """Whether a place lies in a court's or office's territory.

        Raises:
            UnknownPlace: The place or the territory is not known.
        """
        self._known(place)
        return any(lies_within(place, part) for part in self.territory(name))

    def zone_of(self, place: PlaceId) -> ZoneInfo:
        """The time zone of a place, its own or that of the nearest place it lies in.

        Raises:
            UnknownPlace: It is not in the tree.
            ZoneNotStated: Neither it nor any place it lies in has a zone.
        """
        for candidate in (self[place], *self.ancestors(place)):
            if candidate.zone is not None:
                return zone_named(candidate.zone)
        raise ZoneNotStated(place)

    def is_fictional(self, place: PlaceId) -> bool:
        """Whether a place, or one that it lies in, exists only here.

        Raises:
            UnknownPlace: It is not in the tree.
        """
        return any(each.fictional for each in (self[place], *self.ancestors(place)))

    def _known(self, place: PlaceId) -> None:
        if place != EVERYWHERE and place not in self._places:
            raise UnknownPlace(place, self._places)
