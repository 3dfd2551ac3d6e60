"""What commands on a ledger print, as documents."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from habeas.wire.instants import InstantText

LEDGER_SCHEMA: Final = "habeas/ledger/1"
RECEIPTS_SCHEMA: Final = "habeas/receipts/1"
WITHHELD_SCHEMA: Final = "habeas/withheld/1"
DUE_SCHEMA: Final = "habeas/due/1"
ORDER_SCHEMA: Final = "habeas/order/1"
MERGE_SCHEMA: Final = "habeas/merge/1"
SHEET_SCHEMA: Final = "habeas/checked-sheet/1"
CHECKED_SCHEMA: Final = "habeas/checked-proof/1"


class LedgerDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a ledger is, and what was found when all of it was read again."""

    schema: Literal["habeas/ledger/1"] = LEDGER_SCHEMA
    origin: str
    """Its name."""
    size: int
    root: str
    """Of the tree over all entries, hexadecimal; empty where entries are missing."""
    chain: str
    holes: int
    trusted: int
    """Up to which size a published root was found."""
    witnessed: int
    """The largest size that was signed and is kept here."""
    problems: list[str]
    """What is not as it was recorded, the first bad record first."""
    more: int
    """Problems beyond those named."""


class ReceiptForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What became of one event."""

    event: str
    outcome: Literal["accepted", "already", "corrected"]
    seq: int
    entry: str
    """Event id of its entry."""
    recorded_at: InstantText


class FileForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What became of the rows of one file: rows = accepted + duplicate + quarantined."""

    name: str
    digest: str
    rows: int
    accepted: int
    duplicate: int
    quarantined: int


class ReceiptsDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What became of a source that was recorded or imported."""

    schema: Literal["habeas/receipts/1"] = RECEIPTS_SCHEMA
    position: int
    """How many entries the ledger has now."""
    entries: int
    """How many were added."""
    new_people: int
    accepted: int
    already: int
    corrected: int
    files: list[FileForm]
    receipts: list[ReceiptForm]


class WithheldDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The answer about a record that an order destroyed or sealed."""

    schema: Literal["habeas/withheld/1"] = WITHHELD_SCHEMA
    asked: str
    answer: Literal["EXPUNGED", "SEALED"]
    order: str
    """The order's citation."""


class DueForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that has to be done about one person."""

    person: str
    what: str
    by: InstantText
    left_seconds: int
    """Negative once it is overdue."""
    bearer: str
    cite: str
    verdict: str
    place: str


class DueDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who has to be let go or presented by when, the least time left first."""

    schema: Literal["habeas/due/1"] = DUE_SCHEMA
    at: InstantText
    within_seconds: int
    people: int
    """How many were looked at."""
    withheld: int
    """How many could not be answered about."""
    due: list[DueForm]


class OrderForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An order that takes two people, and what became of it."""

    order: str
    action: str
    citation: str
    rule: str
    proposed_by: str
    approved_by: list[str]
    effective: bool
    carried_out: bool
    streams: list[str]


class OrderDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Orders proposed in a ledger."""

    schema: Literal["habeas/order/1"] = ORDER_SCHEMA
    orders: list[OrderForm]
    done: list[str]
    """What was done just now, in words."""


class AnswerOf(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is answered about somebody, in short."""

    person: str
    verdict: str
    bases: list[str]
    until: InstantText | None


class MergeDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a merge or split of persons changes, shown before it is made."""

    schema: Literal["habeas/merge/1"] = MERGE_SCHEMA
    at: InstantText
    before: list[AnswerOf]
    after: list[AnswerOf]
    made: str | None
    """Event id of the entry; null where it was only shown."""


class ShownForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry that a bundle proves."""

    seq: int
    kind: str | None
    recorded_at: InstantText | None
    opened: bool


class CheckedDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a good bundle shows."""

    schema: Literal["habeas/checked-proof/1"] = CHECKED_SCHEMA
    origin: str
    size: int
    known_at: InstantText
    whole: bool
    earlier: list[int]
    entries: list[ShownForm]


class SheetDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A deadline sheet that is the one its ledger signed."""

    schema: Literal["habeas/checked-sheet/1"] = SHEET_SCHEMA
    origin: str
    written_at: InstantText
    sha256: str
    age_seconds: int
    """Since it was written, by the clock of whoever checks; 0 where that clock stands before it."""
