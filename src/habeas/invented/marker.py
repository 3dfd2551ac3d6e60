"""The mark that all invented records carry, so that no figure on them can lose it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from habeas.custody.coverage import EVERYTHING, Coverage
from habeas.custody.events import Event
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import PersonId, digest_of
from habeas.kernel.instants import BEGINNING, Instant
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId

STATE: Final = PlaceId("us/zz")
"""The fictional state in which every invented person is held."""

MARK: Final = "invented people of the fictional state us/zz"
"""What the name of the source of every invented event and declaration begins with."""

PREFIX: Final = "invented-"
"""What the identifier of every invented person begins with."""


def source_of(seed: str, made_of: str) -> SourceRef:
    """The source that every event of one population names; its digest is of all it was made from.

    Args:
        seed: The seed in words.
        made_of: Size, days, first instant and part planted, in words.
    """
    return SourceRef(file_digest=digest_of(f"{seed}, {made_of}".encode()), name=f"{MARK} ({seed})")


def coverage_of(source: SourceRef, until: Instant) -> Coverage:
    """The declaration that a population's records show everything, in all the state, until then."""
    told = Interval(BEGINNING, until)
    return Coverage(facts=EVERYTHING, places=frozenset({STATE}), interval=told, source=source, id="invented")


def is_invented(person: str) -> bool:
    """Whether a person is named as an invented one, in whatever table the name came."""
    return person.startswith(PREFIX)


def is_marked(name: str) -> bool:
    """Whether the name of a source carries the mark."""
    return name.startswith(MARK)


def invented_people(events: Iterable[Event]) -> frozenset[PersonId]:
    """The people of whom some event comes from an invented source, or who are named as invented."""
    return frozenset(
        event.person
        for event in events
        if is_invented(event.person) or (event.source is not None and is_marked(event.source.name))
    )
