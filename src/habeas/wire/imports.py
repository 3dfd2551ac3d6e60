"""The account of an import as it is written, `habeas/import/1`."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

SCHEMA: Final = "habeas/import/1"


class FileForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What became of the rows of one file: rows = accepted + duplicate + quarantined."""

    name: str
    table: str
    digest: str
    rows: int
    accepted: int
    duplicate: int
    quarantined: int
    corrected: int
    """Of the accepted: rows that replace one of an earlier import."""
    silent: int
    """Of the accepted: rows that tell of no event by themselves."""


class QuarantinedForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row set aside."""

    file: str
    row: int
    field: str
    reason: str
    """``shape``, ``cell``, ``contradiction`` or ``reference``."""
    expected: str
    found: str


class UnreadForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A code that the recipe has no word for; it is kept beside the event as unmapped."""

    column: str
    text: str
    rows: int


class FigureForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A published figure counted again."""

    name: str
    says: str
    found: str
    published: str
    source: str
    explains: str


class ImportDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The account of one import."""

    schema: Literal["habeas/import/1"] = SCHEMA
    recipe: str
    recipe_digest: str
    place: str
    run: int
    """Which import into its folder it is, from 1."""
    files: list[FileForm]
    people: int
    """Of whom something was read that may change what is told."""
    events: int
    """Events written, corrections among them."""
    corrected: int
    """Events that supersede one of an earlier import."""
    retracted: int
    """Events of earlier imports taken back, since no row says them any more."""
    record: str
    """Name of the file of events; empty where nothing is new."""
    quarantined: dict[str, int]
    """Rows set aside by reason."""
    first_quarantined: list[QuarantinedForm]
    """The first hundred; all are in the file ``quarantine-NNNN.csv``."""
    unread: list[UnreadForm]
    figures: list[FigureForm]
    suppositions: list[str]
    """What the recipe supposes and nobody declared; in the record its events bear the words."""
    labels: list[str]
    """What events rest on that nothing but a label of the source says."""
    declared: list[str]
    limits: list[str]
    unsure: list[str]
