"""What is counted: custody episodes as intervals with opaque marks, and a population of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from habeas.kernel.instants import FOREVER, Instant, When, earliest_of, latest_of
from habeas.kernel.intervals import Interval

Marks = frozenset[str]
"""What is so of somebody throughout an interval, in words that counting does not interpret."""


@dataclass(frozen=True, slots=True)
class Held:
    """An interval throughout which one person is in custody with the same marks."""

    start: When
    end: When
    """The first instant after it; `FOREVER` while it lasts."""
    marks: Marks


@dataclass(frozen=True, slots=True)
class Episode:
    """One custody episode: its intervals, earliest first, and how it began and ended."""

    person: str
    id: str
    held: tuple[Held, ...]
    began_by: str = ""
    """The kind of event that began it; empty where the records begin later."""
    ended_by: str = ""
    """The kind of event that ended it; empty while none did."""

    @property
    def start(self) -> When:
        """When custody began."""
        return self.held[0].start

    @property
    def end(self) -> When:
        """When custody ended; `FOREVER` while it lasts."""
        return self.held[-1].end

    @property
    def is_open(self) -> bool:
        """Whether no end of it is known."""
        return latest_of(self.end) >= FOREVER


class Looks(StrEnum):
    """How the records came to be, which decides what they can miss."""

    EVENTS = "events"
    """Every admission and release was written down."""
    SNAPSHOTS = "snapshots"
    """Somebody looked now and then: who came and went between two looks was not seen."""


@dataclass(frozen=True)
class Population:
    """Custody episodes, and the interval of which the records tell."""

    episodes: Sequence[Episode]
    observed: Interval
    """The records tell of custody within it, and may miss what lies outside."""
    zone: ZoneInfo
    looks: Looks = Looks.EVENTS
    agencies: frozenset[str] = field(default_factory=frozenset[str])
    """Issuers of papers that no table of agencies names, so that nobody knows whom they hold for."""

    def people(self) -> Iterator[tuple[str, list[Episode]]]:
        """Every person with their episodes, in order of identity."""
        ordered = sorted(self.episodes, key=lambda each: each.person)
        for person, theirs in groupby(ordered, key=lambda each: each.person):
            yield person, list(theirs)


def pieces_of(episodes: Iterable[Episode]) -> list[Held]:
    """One person's intervals without overlap: where two custodies overlap, the marks of both hold.

    Intervals with uncertain ends that may overlap are left as they are, and counted once all the same.
    """
    ordered = sorted(
        (held for each in episodes for held in each.held),
        key=lambda held: (earliest_of(held.start), latest_of(held.start)),
    )
    if all(_follow(one, other) for one, other in pairwise(ordered)):
        return ordered
    if any(not (isinstance(held.start, int) and isinstance(held.end, int)) for held in ordered):
        return ordered
    edges = sorted({Instant(earliest_of(edge)) for held in ordered for edge in (held.start, held.end)})
    found: list[Held] = []
    for start, end in pairwise(edges):
        here = [h.marks for h in ordered if earliest_of(h.start) <= start < earliest_of(h.end)]
        if here:
            found.append(Held(start, end, frozenset[str]().union(*here)))
    return found


def _follow(one: Held, other: Held) -> bool:
    return one.end == other.start or latest_of(one.end) <= earliest_of(other.start)
