"""What a population of invented people came to, as a document."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

SCHEMA: Final = "habeas/invention/1"


class RowsForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many rows the key has of one side and cause."""

    side: str
    """``late``, ``early`` or ``open``."""
    cause: str
    """A cause of the glossary; empty for ``open``."""
    rows: int


class InventionDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Figures on invented people; `invented` says so, and none is of anybody real."""

    schema: Literal["habeas/invention/1"] = SCHEMA
    invented: str
    seed: int
    people: int
    custodies: int
    events: int
    minutes_late: int
    """Minutes of custody without authority, of everybody together."""
    key: list[RowsForm]
    files: list[str]
