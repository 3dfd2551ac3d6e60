"""Events of one invented person, each written in one line, for tests of the facts."""

from __future__ import annotations

from habeas.custody.events import Event, Ref, Term
from habeas.custody.facts import Collection
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import Instant, When, earliest_of, parse_when, zone

WHERE = zone("America/New_York")
PERSON = PersonId("person-1")

BOOKING = Ref("booking", "b1")
CHARGE = Ref("charge", "c1")
DETAINER = Ref("instrument", "d1")


def when(text: str, key: str = "") -> When:
    """A local instant of March 2017 (``04 10:00``), or an uncertain day of it (``04``)."""
    full = text if text[4:5] == "-" else f"2017-03-{text}"
    return parse_when(full, WHERE, key or full)


def at(text: str) -> Instant:
    """A local instant of March 2017: ``04 10:00``."""
    return earliest_of(when(text))


def told(
    kind: type[Event],
    moment: str | When,
    about: Ref | None = None,
    /,
    *,
    event_id: str = "",
    known: str = "",
    corrects: str | None = None,
    **terms: Term,
) -> Event:
    """One event; its identity is its kind and moment unless given, known when it happened."""
    happened = when(moment) if isinstance(moment, str) else moment
    return kind(
        id=EventId(event_id or f"{kind.__name__} {moment}"),
        person=PERSON,
        at=happened,
        known_at=at(known) if known else earliest_of(happened),
        about=about,
        terms=terms,
        supersedes=None if corrects is None else EventId(corrects),
    )


def ref(name: str) -> Ref:
    """A row by one letter and a number: ``b1``, ``c2``, ``d1``, or the person."""
    letters: dict[str, Collection] = {"b": "booking", "c": "charge", "d": "instrument"}
    return Ref(letters[name[0]], name)
