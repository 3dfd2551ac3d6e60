"""An event as somebody at the desk enters it: which kinds there are, what each states, what it changes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from habeas.authority.answer import Answer, answer
from habeas.authority.inquiry import Inquiry
from habeas.custody.events import EVENTS, Ref
from habeas.custody.events.event import Event, WrongTerm
from habeas.custody.facts import FACTS, Collection, FactKind, Term
from habeas.custody.record import CustodyRecord, fold
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import Instant, parse_instant


class BadEntry(ValueError):
    """What was entered cannot be an event; says which field, what was expected and what was found."""

    def __init__(self, field: str, message: str) -> None:
        """Name the field, so that a form can show the message beside it."""
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind of event that the desk enters, with the terms that a form asks for."""

    kind: str
    says: str
    terms: tuple[str, ...] = ()
    given: tuple[tuple[str, str], ...] = ()
    """Terms that the choice itself states."""

    @property
    def name(self) -> str:
        """How a form names the choice."""
        return "-".join((self.kind, *(value for _, value in self.given)))

    @property
    def collection(self) -> Collection:
        """What such an event is about."""
        return EVENTS[self.kind].collection

    @property
    def makes_new(self) -> bool:
        """Whether it is about a paper or charge that need not be in the record yet."""
        return self.kind == "Charged" or EVENTS[self.kind].lodges is not None


CHOICES: Final = (
    Choice("BondPosted", "Bond posted"),
    Choice("BondTendered", "Bond offered, not yet taken"),
    Choice("BondRefused", "Bond refused", ("refused_because",)),
    Choice("ReleaseOrdered", "Court ordered release", ("released_because",)),
    Choice("ChargeDisposed", "Charge ended", ("disposition",)),
    Choice("ProbableCauseFound", "Probable cause found"),
    Choice("ProbableCauseNotFound", "No probable cause found"),
    Choice("FirstAppearance", "First appearance held"),
    Choice("BailSet", "Bail set", ("bail_kind", "bail_cents")),
    Choice("BailDenied", "Release before trial denied"),
    Choice("BailRevoked", "Bail revoked"),
    Choice("Charged", "Formal charge filed", ("charging_document", "class")),
    Choice("Sentenced", "Sentence imposed", ("term_days", "jail_credit_days", "starts_at")),
    Choice(
        "DetainerLodged",
        "Immigration detainer received",
        ("form", "attached_warrant", "boxes", "issuer_office", "complete"),
        (("kind", "immigration-detainer"),),
    ),
    Choice("DetainerServed", "Detainer served on the person", ("served_by",)),
    Choice("DetainerWithdrawn", "Detainer withdrawn", ("withdrawn_because",)),
    Choice("DetainerDeclined", "Detainer declined by us", ("declined_because",)),
    Choice("WarrantLodged", "Warrant received", ("issuer", "signed_by_judge"), (("kind", "warrant"),)),
    Choice("WarrantServed", "Warrant served"),
    Choice("WarrantWithdrawn", "Warrant withdrawn", ("withdrawn_because",)),
    Choice("HoldLodged", "Hold for another agency received", ("issuer",), (("kind", "hold"),)),
    Choice("HoldLodged", "Violation hold received", ("issuer",), (("kind", "violation-hold"),)),
    Choice("HoldLifted", "Hold lifted", ("withdrawn_because",)),
    Choice("HearingHeld", "Hearing held"),
    Choice("NoticeGiven", "Notice given to an agency", ("notice",)),
    Choice("WritReceived", "Writ received", ("issuer",)),
    Choice("WritReturned", "Writ returned"),
)
"""What a form offers, the most frequent first."""

_ONCE: Final = re.compile(r"[0-9a-f]{16}")
BY_NAME: Final[Mapping[str, Choice]] = {each.name: each for each in CHOICES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event as a form states it."""

    choice: Choice
    about: str
    """Id of what it is about; empty for the only one there is."""
    at: Instant
    terms: Mapping[str, str]
    once: str
    """Hexadecimal digits of the form: sent twice, it is one event."""
    note: str = ""


def once() -> str:
    """What a new form carries."""
    return os.urandom(8).hex()


def rows_of(record: CustodyRecord, collection: Collection) -> tuple[str, ...]:
    """What an event can be about, by id."""
    return tuple(row.id for row in record.rows(collection))


def event_of(
    entry: Entry, record: CustodyRecord, known_at: Instant, source: SourceRef | None = None
) -> Event:
    """The event.

    Raises:
        BadEntry: a field cannot mean what it has to.
    """
    if not _ONCE.fullmatch(entry.once):
        raise BadEntry("once", "this form is not one of the desk's; open it anew")
    kind = EVENTS[entry.choice.kind]
    terms: dict[str, Term] = dict(_terms(entry))
    try:
        return kind(
            id=EventId(f"desk-{entry.once}"),
            person=PersonId(record.person),
            at=entry.at,
            known_at=known_at,
            about=_about(entry, record),
            terms=terms,
            source=source,
            raw_text={"note": entry.note} if entry.note else {},
        )
    except (WrongTerm, ValueError) as error:
        raise BadEntry("terms", str(error)) from error


def _about(entry: Entry, record: CustodyRecord) -> Ref | None:
    collection = entry.choice.collection
    if collection == "person":
        return None
    there = rows_of(record, collection)
    name = entry.about.strip() or (there[0] if len(there) == 1 else "")
    if not name:
        known = ", ".join(there) or "none yet"
        raise BadEntry("about", f"say which {collection} it is about ({known})")
    if len(name) > 80 or (name not in there and not entry.choice.makes_new):
        raise BadEntry(
            "about", f"expected a {collection} of this record ({', '.join(there)}), found [{name}]"
        )
    return Ref(collection, name)


def _terms(entry: Entry) -> Iterator[tuple[str, Term]]:
    yield from entry.choice.given
    for name in entry.choice.terms:
        text = entry.terms.get(name, "").strip()
        if text:
            yield name, _term(name, text, entry.choice.collection)


def _term(name: str, text: str, collection: Collection) -> Term:
    kind = FACTS.get(f"{collection}.{name}")
    match kind:
        case FactKind.BOOL:
            if text not in {"yes", "no"}:
                raise BadEntry(name, f"expected yes or no for {plain(name)}, found [{text}]")
            return text == "yes"
        case FactKind.NUMBER:
            if not text.isascii() or not text.isdigit() or len(text) > 12:
                raise BadEntry(name, f"expected a whole number for {plain(name)}, found [{text}]")
            return int(text)
        case FactKind.SET:
            return frozenset(each.strip() for each in text.split(";") if each.strip())
        case FactKind.INSTANT:
            try:
                return parse_instant(text)
            except ValueError as error:
                raise BadEntry(name, str(error)) from error
        case _:
            return text


def kind_of(name: str, collection: Collection) -> FactKind:
    """What sort of value a term has; a code where nothing else is known of it."""
    return FACTS.get(f"{collection}.{name}") or FactKind.CODE


def plain(name: str) -> str:
    """A fact's name as words."""
    return name.removesuffix("_at").replace("_", " ").replace("-", " ")


def tried(inquiry: Inquiry, events: Sequence[Event], at: Instant) -> Answer:
    """The answer as it would be if some events were recorded; nothing is.

    Args:
        inquiry: What is known.
        events: What is supposed to have happened.
        at: The instant asked about.
    """
    record = inquiry.record
    known = max([record.known_at, *(each.known_at for each in events)])
    supposed = fold(
        (*record.told, *events),
        known_at=known,
        coverage=record.declared,
        person=record.person,
        kinds=record.kinds,
    )
    return answer(inquiry.of(supposed), at, proof=False, vary=False)
