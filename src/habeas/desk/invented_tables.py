"""Invented people as plain tables: one row for each person, booking, charge, order and instrument.

Times are local to the fictional state with their offset, money is in cents, terms are in days. The
last column of every table says that its rows are invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from habeas.custody.events import Event, Ref, Retracted
from habeas.custody.facts import FACTS, FactKind, Term
from habeas.invented.key import KeyRow
from habeas.invented.marker import MARK
from habeas.invented.population import InventedPerson
from habeas.kernel.evidence import NotKnown
from habeas.kernel.instants import Instant, UncertainInstant
from habeas.wire.instants import instant_text

PEOPLE: Final = ("person", "home_county", "convicted_felony", "invented")
BOOKINGS: Final = (
    "booking",
    "person",
    "place",
    "custodian",
    "arrested_at",
    "arrested_on_warrant",
    "admitted_at",
    "booked_at",
    "facility",
    "first_appearance_at",
    "probable_cause_at",
    "transferred_at",
    "released_at",
    "turned_over_at",
    "invented",
)
CHARGES: Final = (
    "charge",
    "booking",
    "person",
    "class",
    "offence",
    "arrested_at",
    "filed_at",
    "bail_set_at",
    "bail_kind",
    "bail_cents",
    "bail_denied_at",
    "bail_revoked_at",
    "tendered_at",
    "refused_at",
    "refused_because",
    "posted_at",
    "release_ordered_at",
    "disposed_at",
    "disposition",
    "sentenced_at",
    "term_days",
    "jail_credit_days",
    "invented",
)
ORDERS: Final = (
    "order",
    "person",
    "about",
    "charges",
    "what",
    "ordered_at",
    "recorded_at",
    "readable",
    "clarified_at",
    "invented",
)
INSTRUMENTS: Final = (
    "instrument",
    "booking",
    "person",
    "kind",
    "form",
    "issuer",
    "attached_warrant",
    "complete",
    "written",
    "charge",
    "issued_at",
    "lodged_at",
    "recorded_at",
    "served_at",
    "declined_at",
    "hearing_at",
    "posted_at",
    "release_ordered_at",
    "withdrawn_at",
    "withdrawal_recorded_at",
    "ended_at",
    "term_days",
    "jail_credit_days",
    "runs_after",
    "projected_release_at",
    "projected_credit_days",
    "order_readable",
    "invented",
)
KEY: Final = ("person", "booking", "county", "side", "start", "end", "minutes", "cause", "basis", "invented")

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table's name and columns."""

    name: str
    columns: Sequence[str]


TABLES: Final = (
    Table("people", PEOPLE),
    Table("bookings", BOOKINGS),
    Table("charges", CHARGES),
    Table("orders", ORDERS),
    Table("instruments", INSTRUMENTS),
)
"""The tables that `rows_of` fills."""

KEY_TABLE: Final = Table("key", KEY)
"""The table that `key_rows` fills."""

_ORDERS: Final = frozenset({"ReleaseOrdered", "ChargeDisposed", "BailDenied", "BondPosted", "Sentenced"})


def rows_of(person: InventedPerson, zone: ZoneInfo) -> Iterator[tuple[str, Row]]:
    """Every row of one person, with the name of its table; what was corrected is left out."""
    live = _live(person.events)
    facts: dict[Ref, dict[str, str]] = {}
    for event in live:
        _add(facts, event, zone)
    about = facts.get(Ref("person", person.person), {})
    yield "people", {**about, "person": person.person, "home_county": person.county.place, "invented": MARK}
    names = {"booking": "bookings", "charge": "charges", "instrument": "instruments"}
    for ref, row in facts.items():
        if ref.collection in names:
            own = {ref.collection: ref.id, "person": str(person.person), "invented": MARK}
            yield names[ref.collection], {**row, **own}
    for event in live:
        if event.kind in _ORDERS:
            yield "orders", _order(event, live, zone)


def key_rows(rows: Iterable[KeyRow], zone: ZoneInfo) -> Iterator[Row]:
    """The key as rows of its table; the end of an early release is when the obligation would have ended."""
    for row in rows:
        yield {
            "person": row.person,
            "booking": row.booking,
            "county": row.county,
            "side": row.side.value,
            "start": instant_text(row.start_at, zone),
            "end": instant_text(row.end_at, zone),
            "minutes": str(row.end - row.start),
            "cause": row.cause,
            "basis": row.basis,
            "invented": MARK,
        }


def _live(events: Sequence[Event]) -> list[Event]:
    every = {event.id: event for event in events}
    gone = {event.supersedes for event in every.values()}
    left = [e for e in every.values() if e.id not in gone and not isinstance(e, Retracted)]
    return sorted(left, key=lambda event: event.order)


def _add(facts: dict[Ref, dict[str, str]], event: Event, zone: ZoneInfo) -> None:
    own = facts.setdefault(event.subject, {})
    when = _when(event, zone)
    for ref in (event.subject, *event.linked):
        if event.fact is not None:
            facts.setdefault(ref, {}).setdefault(event.fact, when)
    known = instant_text(event.known_at, zone)
    if event.fact == "lodged_at":
        own["recorded_at"] = known
    if event.fact == "withdrawn_at":
        own["withdrawal_recorded_at"] = known
    for name, term in event.terms.items():
        own[name] = _text(term, FACTS.get(f"{event.subject.collection}.{name}"), zone)


def _order(event: Event, live: Sequence[Event], zone: ZoneInfo) -> Row:
    cleared = [e for e in live if e.kind == "OrderClarified" and e.subject == event.subject]
    named = event.terms.get("charge")
    charges = sorted(named) if isinstance(named, frozenset) else []
    return {
        "order": event.id,
        "person": event.person,
        "about": event.subject.id,
        "charges": " ".join(charges or [event.subject.id]),
        "what": event.kind,
        "ordered_at": _when(event, zone),
        "recorded_at": instant_text(event.known_at, zone),
        "readable": "no" if event.terms.get("order_readable") is False else "yes",
        "clarified_at": _when(cleared[0], zone) if cleared else "",
        "invented": MARK,
    }


def _text(term: Term, kind: FactKind | None, zone: ZoneInfo) -> str:
    if isinstance(term, (NotKnown, UncertainInstant)):
        # The generator states minutes only; what a source does not state is an empty cell.
        return ""
    if isinstance(term, bool):
        return "yes" if term else "no"
    if isinstance(term, frozenset):
        return " ".join(sorted(term))
    if isinstance(term, int) and kind is FactKind.INSTANT:
        return instant_text(Instant(term), zone)
    return str(term)


def _when(event: Event, zone: ZoneInfo) -> str:
    return "" if isinstance(event.at, UncertainInstant) else instant_text(event.at, zone)
