"""Invented people as files in the plain format, and the key.

The plain format is that of recipe `plain` (docs/how-to/send-plain-files.md). Times are local to the
fictional state with their offset, money is in cents, terms are in days. What one row of a booking, a
charge or a paper cannot say, such as when the jail learned of it, is a row of the orders. The last column
of every table says that its rows are invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from habeas.custody.coverage import Coverage
from habeas.custody.events import CustodyEffect, Event, Ref, Retracted
from habeas.custody.facts import FACTS, FactKind, Term
from habeas.invented.key import KeyRow
from habeas.invented.marker import MARK
from habeas.invented.population import InventedPerson
from habeas.kernel.evidence import NotKnown
from habeas.kernel.instants import BEGINNING, Instant, UncertainInstant, When
from habeas.wire.instants import instant_text

_HELD: Final = ("place", "custodian_kind")
_BOOKED: Final = {
    "Arrested": "arrested_at",
    "Booked": "booked_at",
    "Admitted": "admitted_at",
    "Released": "released_at",
    "TurnedOver": "turned_over_at",
}
_LODGED: Final = (
    "kind",
    "form",
    "issuer",
    "issuer_office",
    "attached_warrant",
    "complete",
    "written",
    "issued_at",
    "charge",
)
_STATED: Final = (
    "disposition",
    "bail_kind",
    "bail_cents",
    "term_days",
    "jail_credit_days",
    "runs_after",
    "ended_at",
    "projected_release_at",
    "projected_credit_days",
    "declined_because",
    "withdrawn_because",
    "left_for",
    "facility",
)

PEOPLE: Final = ("person", "shown_at", "convicted_felony", "invented")
BOOKINGS: Final = (
    "booking",
    "person",
    *_HELD,
    "arrested_at",
    "arrested_on_warrant",
    "booked_at",
    "admitted_at",
    "released_at",
    "turned_over_at",
    "invented",
)
CHARGES: Final = ("charge", "booking", "offence", "class", "arrested_at", "known_at", "invented")
INSTRUMENTS: Final = ("instrument", "booking", *_LODGED, "lodged_at", "known_at", "readable", "invented")
ORDERS: Final = (
    "order",
    "booking",
    "kind",
    "at",
    "known_at",
    "charge",
    "instrument",
    "charges",
    "readable",
    *_STATED,
    "invented",
)
COVERAGE: Final = ("facts", "place", "from", "until", "says", "invented")
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
    Table("instruments", INSTRUMENTS),
    Table("orders", ORDERS),
)
"""The tables that `rows_of` fills."""

COVERAGE_TABLE: Final = Table("coverage", COVERAGE)
"""The table that `coverage_row` fills."""

KEY_TABLE: Final = Table("key", KEY)
"""The table that `key_rows` fills."""


def rows_of(person: InventedPerson, zone: ZoneInfo) -> Iterator[tuple[str, Row]]:
    """Every row of one person, with the name of its table; what was corrected is left out."""
    sheets = _Sheets(person, zone)
    for event in _live(person.events):
        sheets.take(event)
    yield from sheets.rows()


def coverage_row(coverage: Coverage, zone: ZoneInfo) -> Row:
    """A declaration of completeness as the one row of its table."""
    told = coverage.interval
    return {
        "facts": " ".join(sorted(coverage.facts)),
        "place": " ".join(sorted(coverage.places)),
        "from": "" if told.start == BEGINNING else instant_text(told.start, zone),
        "until": instant_text(told.end, zone),
        "says": MARK,
        "invented": MARK,
    }


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


class _Sheets:
    """The rows of one person under way."""

    def __init__(self, person: InventedPerson, zone: ZoneInfo) -> None:
        self._person, self._zone = person, zone
        self._bookings: dict[str, dict[str, str]] = {}
        self._charges: dict[str, dict[str, str]] = {}
        self._papers: dict[str, dict[str, str]] = {}
        self._orders: list[dict[str, str]] = []
        self._shown: dict[str, str] = {}
        self._home: dict[Ref, str] = {}
        """The booking of each charge and paper."""

    def take(self, event: Event) -> None:
        """Put an event where the plain format has a place for it, or else among the orders."""
        kind, about = event.kind, event.subject
        if kind == "HistoryShown":
            self._shown = {"shown_at": self._when(event.at), **self._said(event, ("convicted_felony",))}
        elif about.collection == "booking" and kind in _BOOKED and self._is_first(event):
            self._book(event)
        elif about.collection == "charge" and kind == "Stated" and about.id not in self._charges:
            self._charge(event)
        elif about.collection == "instrument" and "booking" in event.terms:
            self._paper(event)
        else:
            self._orders.append(self._order(event))

    def rows(self) -> Iterator[tuple[str, Row]]:
        """The rows taken together, tables in order."""
        yield "people", {"person": str(self._person.person), **self._shown, "invented": MARK}
        of = {"bookings": self._bookings, "charges": self._charges, "instruments": self._papers}
        for name, rows in of.items():
            for row in rows.values():
                yield name, {**row, "invented": MARK}
        for order in self._orders:
            yield "orders", {**order, "invented": MARK}

    def _is_first(self, event: Event) -> bool:
        return _BOOKED[event.kind] not in self._bookings.get(event.subject.id, {})

    def _book(self, event: Event) -> None:
        named = {"booking": event.subject.id, "person": str(self._person.person)}
        row = self._bookings.setdefault(event.subject.id, named)
        row[_BOOKED[event.kind]] = self._when(event.at)
        if event.effect is CustodyEffect.BEGINS:
            row.update(self._said(event, (*_HELD, "arrested_on_warrant")))
        for charge in _named(event):
            self._arrested(charge, event)

    def _arrested(self, charge: str, event: Event) -> None:
        self._home[Ref("charge", charge)] = event.subject.id
        if charge in self._charges:
            self._charges[charge]["arrested_at"] = self._when(event.at)

    def _charge(self, event: Event) -> None:
        booking = str(event.terms["booking"])
        arrested = self._bookings.get(booking, {}).get("arrested_at", "")
        self._home[event.subject] = booking
        self._charges[event.subject.id] = {
            "charge": event.subject.id,
            "booking": booking,
            **self._said(event, ("offence", "class")),
            "arrested_at": arrested,
            "known_at": self._known(event),
        }

    def _paper(self, event: Event) -> None:
        booking = str(event.terms["booking"])
        self._home[event.subject] = booking
        self._papers[event.subject.id] = {
            "instrument": event.subject.id,
            "booking": booking,
            "kind": "writ",
            **self._said(event, _LODGED),
            "lodged_at": self._when(event.at),
            "known_at": self._known(event),
        }

    def _order(self, event: Event) -> dict[str, str]:
        about = event.subject
        is_booking = about.collection == "booking"
        return {
            "order": str(event.id),
            "booking": about.id if is_booking else self._home[about],
            **({} if is_booking else {about.collection: about.id}),
            "kind": event.kind,
            "at": self._when(event.at),
            "known_at": self._known(event),
            "charges": ";".join(_named(event)) if is_booking else "",
            **self._said(event, _STATED),
        }

    def _said(self, event: Event, names: Iterable[str]) -> dict[str, str]:
        """The cells for what an event states of some facts; what it does not speak of has none."""
        about = event.subject.collection
        found = {
            name: _text(event.terms[name], FACTS.get(f"{about}.{name}"), self._zone)
            for name in names
            if name in event.terms
        }
        readable = event.terms.get("order_readable")
        return (
            found if readable is None else {**found, "readable": _text(readable, FactKind.BOOL, self._zone)}
        )

    def _known(self, event: Event) -> str:
        return "" if event.known_at == event.at else instant_text(event.known_at, self._zone)

    def _when(self, at: When) -> str:
        return "" if isinstance(at, UncertainInstant) else instant_text(at, self._zone)


def _named(event: Event) -> list[str]:
    """The charges that an event about a booking names."""
    named = event.terms.get("charge")
    return sorted(str(each) for each in named) if isinstance(named, frozenset) else []


def _text(term: Term, kind: FactKind | None, zone: ZoneInfo) -> str:
    if isinstance(term, (NotKnown, UncertainInstant)):
        return "unknown"
    if isinstance(term, bool):
        return "true" if term else "false"
    if isinstance(term, frozenset):
        return ";".join(sorted(str(each) for each in term))
    if isinstance(term, int) and kind is FactKind.INSTANT:
        return instant_text(Instant(term), zone)
    return str(term)
