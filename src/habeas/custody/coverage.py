"""Where, when and of what a source is complete, so that absence means no."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from habeas.custody.facts import COLLECTIONS, Collection, FactKinds, Value
from habeas.kernel.evidence import SourceRef
from habeas.kernel.instants import BEGINNING, Instant
from habeas.kernel.intervals import ALWAYS, Interval
from habeas.kernel.places import EVERYWHERE, PlaceId, lies_within
from habeas.kernel.timelines import Timeline

EVERYTHING = frozenset(f"{collection}.*" for collection in COLLECTIONS)
"""Every collection and every fact in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """A source's declaration that it shows all there is of some facts.

    At an instant within it, a fact that no event states is false, never, ``none`` or empty, and a
    collection has no rows but those shown. Outside it, absence says nothing; nor does it ever of a
    number, or of what every such row has (`INHERENT`).
    """

    facts: frozenset[str]
    """``instrument.served_at`` for one fact, ``instrument`` for the list of rows itself,
    ``instrument.*`` for both the list and every fact."""

    places: frozenset[PlaceId]
    """Where: these places and all that lies in them; `EVERYWHERE` for no limit."""

    interval: Interval = ALWAYS
    """When, in effective time."""

    known_at: Instant = BEGINNING
    """When the declaration was made."""

    source: SourceRef | None = None
    """Where it was made; None when a person entered it."""

    id: str = ""
    """Its identity, needed only where it may be corrected."""

    supersedes: str | None = None
    """The declaration this one corrects."""

    def __post_init__(self) -> None:
        """Refuse a declaration that covers nothing or names no collection.

        Raises:
            ValueError: No fact, no place, no time, or a name of no collection.
        """
        if not self.facts or not self.places:
            raise ValueError("coverage must name its facts and its places")
        if self.interval.end <= self.interval.start:
            raise ValueError("coverage must end after it starts")
        for name in sorted(self.facts):
            if name.partition(".")[0] not in COLLECTIONS:
                raise ValueError(f"coverage names [{name}]; expected one of {list(COLLECTIONS)}")

    def covers(self, place: PlaceId | None, instant: Instant) -> bool:
        """Whether it speaks of a place at an instant; an unknown place only if it has no limit."""
        if not self.interval.covers(instant):
            return False
        if place is None:
            return EVERYWHERE in self.places
        return any(lies_within(place, within) for within in self.places)


class Completeness:
    """What is complete at each instant, for a person who is in a known place at each instant."""

    def __init__(
        self,
        coverage: Iterable[Coverage],
        whereabouts: Timeline[PlaceId | None],
        kinds: FactKinds,
    ) -> None:
        """Combine declarations that are known and not corrected with where the person is."""
        self._coverage = tuple(coverage)
        self._whereabouts = whereabouts
        self._kinds = kinds
        self._lists: dict[frozenset[str], Mapping[str, bool]] = {}

    @cached_property
    def names(self) -> Timeline[frozenset[str]]:
        """The names declared complete at each instant, wildcards as they are written."""
        edges = {edge for each in self._coverage for edge in each.interval}
        edges.update(self._whereabouts.changes())
        changes = [(edge, self._names_at(edge)) for edge in sorted(edges) if ALWAYS.covers(edge)]
        return Timeline.of_changes(self._names_at(BEGINNING), changes)

    def covers(self, name: str, instant: Instant) -> bool:
        """Whether a fact, or with a bare collection its list of rows, is complete then."""
        declared = self.names.at(instant)
        return name in declared or f"{name.partition('.')[0]}.*" in declared

    def lists_at(self, instant: Instant) -> Mapping[str, bool]:
        """For each collection, whether its list of rows is complete then."""
        declared = self.names.at(instant)
        made = self._lists.get(declared)
        if made is None:
            made = self._lists[declared] = {
                name: name in declared or f"{name}.*" in declared for name in COLLECTIONS
            }
        return made

    def absent(self, collection: Collection) -> Timeline[Mapping[str, Value]]:
        """The value of each fact of a collection that is complete, should no event state it."""
        return self._absent[collection]

    @cached_property
    def _absent(self) -> Mapping[Collection, Timeline[Mapping[str, Value]]]:
        return {
            collection: self.names.map(partial(self._kinds.absent, collection)) for collection in COLLECTIONS
        }

    def _names_at(self, instant: Instant) -> frozenset[str]:
        if not self._coverage:
            return frozenset()
        place = self._whereabouts.at(instant)
        covering = (each.facts for each in self._coverage if each.covers(place, instant))
        return frozenset[str]().union(*covering)


def standing(coverage: Iterable[Coverage], known_at: Instant) -> tuple[Coverage, ...]:
    """The declarations known by an instant and not corrected by then."""
    known = [each for each in coverage if each.known_at <= known_at]
    corrected = {each.supersedes for each in known if each.supersedes}
    return tuple(each for each in known if each.id not in corrected)
