"""The account of what became of every row: nothing is dropped, nothing is counted twice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a row was set aside, in one word that a program can count."""

    SHAPE = "shape"
    """It has not the fields of a row: too few, too many, no object, cells merged with others."""

    CELL = "cell"
    """A cell is not what the recipe says it is, or is blank where it may not be."""

    CONTRADICTION = "contradiction"
    """It bears the identity of another row and says something else."""

    REFERENCE = "reference"
    """It names a row of another table that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A row set aside, unread, with what was expected of it."""

    file: str
    """Name of the file, without its folder."""
    row: int
    """One-based row within the file, the header not counted."""
    field: str
    """The column at fault; empty where the whole row is."""
    expected: str
    found: str
    """What stood there, cut to a few dozen characters."""
    reason: Reason = Reason.CELL

    def __str__(self) -> str:
        where = f"{self.file}, row {self.row}" + (f", {self.field}" if self.field else "")
        return f"{where}: expected {self.expected}, found [{self.found}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAccount:
    """What became of the rows of one file."""

    name: str
    digest: str
    """Of the bytes read, as `kernel.identifiers.digest_of` writes it."""
    rows: int
    accepted: int
    duplicate: int
    quarantined: int
    silent: int = 0
    """Of the accepted: rows that tell of no event by themselves."""
    corrected: int = 0
    """Of the accepted: rows that replace one of the same identity from an earlier import."""
    table: str = ""

    @property
    def balances(self) -> bool:
        """Whether every row ended accepted, duplicate or quarantined, once."""
        return self.rows == self.accepted + self.duplicate + self.quarantined
