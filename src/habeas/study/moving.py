"""The same records elsewhere and at another time: what is put under other law is moved and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from habeas.custody.coverage import Coverage
from habeas.custody.events import Event
from habeas.custody.facts import FactKind, Term
from habeas.intake.people import PersonRows
from habeas.kernel.instants import BEGINNING, FOREVER, Instant, UncertainInstant, shifted
from habeas.kernel.intervals import Interval
from habeas.kernel.places import EVERYWHERE, PlaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where records are put, with whom, and by how much they are moved in time."""

    place: PlaceId
    custodian: str
    """The kind of custodian; as told where empty."""
    by: int
    """Microseconds that every instant is moved by."""
    within: Interval
    """The days compared, before the move."""
    law_known_at: Instant


def moved_rows(rows: PersonRows, move: Move, kinds: Mapping[str, FactKind]) -> PersonRows:
    """One person's events at another place and time.

    Args:
        rows: The person's rows.
        move: Where to.
        kinds: The kind of each fact, by which an instant among the terms is told from a count.
    """
    return replace(
        rows,
        events={name: moved_event(event, move, kinds) for name, event in rows.events.items()},
        declared=tuple(moved_coverage(each, move) for each in rows.declared),
    )


def moved_event(event: Event, move: Move, kinds: Mapping[str, FactKind]) -> Event:
    """One event at another place and time."""
    collection = event.subject.collection
    terms = {
        name: _moved_term(term, move.by) if kinds.get(f"{collection}.{name}") is FactKind.INSTANT else term
        for name, term in event.terms.items()
    }
    if "place" in terms:
        terms["place"] = str(move.place)
    if move.custodian and "custodian_kind" in terms:
        terms["custodian_kind"] = move.custodian
    return replace(
        event, at=shifted(event.at, move.by), known_at=_moved(event.known_at, move.by), terms=terms
    )


def moved_coverage(coverage: Coverage, move: Move) -> Coverage:
    """What a source shows all there is of, wherever and whenever its people are put."""
    interval = Interval(_moved(coverage.interval.start, move.by), _moved(coverage.interval.end, move.by))
    return replace(
        coverage,
        places=frozenset({EVERYWHERE}),
        interval=interval,
        known_at=_moved(coverage.known_at, move.by),
    )


def _moved_term(term: Term, by: int) -> Term:
    if isinstance(term, UncertainInstant) or (isinstance(term, int) and not isinstance(term, bool)):
        return shifted(term if isinstance(term, UncertainInstant) else Instant(term), by)
    return term


def _moved(instant: Instant, by: int) -> Instant:
    return instant if instant in (BEGINNING, FOREVER) else Instant(instant + by)
