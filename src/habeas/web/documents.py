"""The desk's own documents, beside those of `habeas.wire`."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from habeas.authority.findings import Because, Verdict
from habeas.wire.instants import InstantText


class LineForm(Struct, frozen=True, kw_only=True):
    """One line of the worklist."""

    person: str
    """The pseudonym by which pages know the person."""
    place: str
    verdict: Verdict
    because: Because | None
    band: str
    by: InstantText
    """When what is most pressing has to be done; `open` if never."""
    left_seconds: int | None
    why: str
    says: str
    cite: str
    until: InstantText | None
    unread: int
    facts: str
    law: str


class BoardDocument(Struct, frozen=True, kw_only=True):
    """The worklist, `habeas/worklist/1`."""

    schema: Literal["habeas/worklist/1"] = "habeas/worklist/1"
    at: InstantText
    position: int
    """Entries of the ledger that it takes into account."""
    made: int
    people: int
    withheld: int
    counts: dict[str, int]
    total: int
    """Lines that the filters leave, on all pages."""
    lines: list[LineForm]


class StatementDocument(Struct, frozen=True, kw_only=True):
    """The statement for the person held, `habeas/statement/1`."""

    schema: Literal["habeas/statement/1"] = "habeas/statement/1"
    language: Literal["en", "es"]
    at: InstantText
    title: str
    paragraphs: list[str]
    law: str
    facts: str


class ReleaseForm(Struct, frozen=True, kw_only=True):
    """A release under way."""

    person: str
    id: str
    stage: str
    began_by: str
    began_at: InstantText
    approved_by: str
    escalated: bool
    emergency: bool
    ground: str


class ReleasesDocument(Struct, frozen=True, kw_only=True):
    """Releases under way, `habeas/releases/1`."""

    schema: Literal["habeas/releases/1"] = "habeas/releases/1"
    at: InstantText
    releases: list[ReleaseForm]


class TicketForm(Struct, frozen=True, kw_only=True):
    """Something that waits for an answer."""

    person: str
    number: int
    sort: str
    says: str
    opened_at: InstantText
    due_at: InstantText
    late: bool


class TicketsDocument(Struct, frozen=True, kw_only=True):
    """What waits for an answer, `habeas/tickets/1`."""

    schema: Literal["habeas/tickets/1"] = "habeas/tickets/1"
    at: InstantText
    tickets: list[TicketForm]


class EntryForm(Struct, frozen=True, kw_only=True):
    """An entry of the ledger: who recorded what kind of thing when, and no word of its content."""

    seq: int
    recorded_at: InstantText
    kind: str
    stream: str
    actor: str
    role: str


class ReadingForm(Struct, frozen=True, kw_only=True):
    """That somebody looked at a record."""

    at: InstantText
    account: str
    role: str
    person: str
    page: str


class LogDocument(Struct, frozen=True, kw_only=True):
    """The log, `habeas/log/1`: the latest first."""

    schema: Literal["habeas/log/1"] = "habeas/log/1"
    size: int
    """Entries of the ledger."""
    entries: list[EntryForm]
    readings: list[ReadingForm]
