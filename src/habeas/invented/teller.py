"""Tells the events of one invented booking, as a jail's own system would have recorded them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from habeas.custody.coverage import Coverage
from habeas.custody.events import EVENTS, Event, Ref
from habeas.custody.facts import Collection, Term
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import MINUTE, Instant
from habeas.kernel.places import PlaceId

__all__ = ["COUNTIES", "County", "Coverage", "Teller", "at_minute"]


@dataclass(frozen=True, slots=True)
class County:
    """A county of the fictional state."""

    name: str
    place: PlaceId
    custodian: str
    facilities: tuple[str, ...]
    honours: bool
    """Whether its jail keeps anybody on a detainer."""


COUNTIES: Final = (
    County(
        "juniper",
        PlaceId("us/zz/juniper"),
        "juniper-corrections",
        ("juniper-intake", "juniper-main", "juniper-west"),
        honours=True,
    ),
    County(
        "sorrel",
        PlaceId("us/zz/sorrel"),
        "sorrel-corrections",
        ("sorrel-intake", "sorrel-tower", "sorrel-annex"),
        honours=False,
    ),
)
"""The two counties: one that honours some detainers, and its neighbour that honours none."""


def at_minute(minute: int) -> Instant:
    """A minute since 1970 in UTC as an instant."""
    return Instant(minute * MINUTE)


@dataclass(slots=True)
class Teller:
    """Collects the events of one booking, each with an identity of its own and the source's mark."""

    person: PersonId
    booking: str
    county: County
    source: SourceRef
    events: list[Event] = field(default_factory=list[Event])

    def say(
        self,
        kind: str,
        at: int,
        about: tuple[Collection, str] | None = None,
        terms: Mapping[str, Term] | None = None,
        *,
        known: int | None = None,
        corrects: EventId | None = None,
    ) -> EventId:
        """Tell one event; known at once unless said otherwise.

        Args:
            kind: A class of `habeas.custody.events` by name.
            at: The minute at which it happened.
            about: What it is about; left out, the booking.
            terms: What it states.
            known: The minute at which the jail recorded it.
            corrects: The event it corrects.
        """
        name = EventId(f"{self.booking}.{len(self.events) + 1}")
        self.events.append(
            EVENTS[kind](
                id=name,
                person=self.person,
                at=at_minute(at),
                known_at=at_minute(at if known is None else max(known, at)),
                about=Ref(*(about or ("booking", self.booking))),
                terms=dict(terms or {}),
                source=self.source,
                supersedes=corrects,
            )
        )
        return name

    def whereabouts(self, facility: str = "") -> dict[str, Term]:
        """Who holds the person and where, as terms of an event of keeping."""
        held: dict[str, Term] = {
            "custodian": self.county.custodian,
            "custodian_kind": "county-jail",
            "place": self.county.place,
        }
        return {**held, "facility": facility} if facility else held

    def charge(self, number: int) -> str:
        """The name of a charge of this booking."""
        return f"{self.booking}-c{number}"

    def paper(self, sort: str) -> str:
        """The name of a paper of this booking."""
        return f"{self.booking}-{sort}"
