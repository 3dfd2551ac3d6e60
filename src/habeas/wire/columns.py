"""The columns in which facts go in and answers come out in bulk, documented and versioned.

Plain data, so that no engine of columns is needed to read what a table means. Instants are
microseconds of UTC; an empty end is an open one. A table says its schema's name in its metadata
under ``habeas.schema``; a change of a column's name, type or meaning is a new version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from msgspec import Struct

METADATA_KEY: Final = "habeas.schema"
"""The key under which a table's metadata names its schema."""

Sort: TypeAlias = Literal[
    "text", "code", "instant", "number", "truth", "texts", "terms", "words", "source", "bases"
]
"""What a column holds: ``code`` is text of which few values occur, kept as a dictionary."""


class Column(Struct, frozen=True):
    """One column of a table."""

    name: str
    sort: Sort
    says: str
    required: bool = False
    """Whether every row has a value."""


class TableSchema(Struct, frozen=True):
    """The columns of one table, in order."""

    name: str
    """With its version, such as ``habeas/columns/events/1``."""
    says: str
    columns: tuple[Column, ...]


TERM_FIELDS: Final[tuple[Column, ...]] = (
    Column("name", "code", "the fact, without its collection", required=True),
    Column("truth", "truth", "its value, of a fact that is true or false"),
    Column("number", "number", "its value, of a number or a known instant (microseconds of UTC)"),
    Column("text", "text", "its value, of a code"),
    Column("texts", "texts", "its values, of a set of codes"),
    Column(
        "latest",
        "instant",
        "of an instant within bounds (number is the first): the first it can no longer be",
    ),
    Column("precision", "code", "of an instant within bounds: how finely the source states it"),
    Column("key", "text", "of an instant within bounds: which unknown point it is"),
    Column("missing", "code", "why there is no value: unmapped, unstated or disputed"),
)
"""What one member of ``terms`` holds: of the values exactly one."""

BASE_FIELDS: Final[tuple[Column, ...]] = (
    Column("provision", "code", "the provision that supports custody, ``enactment#clause``", required=True),
    Column(
        "collection", "code", "what it is a basis on: charge, instrument, booking or person", required=True
    ),
    Column("id", "text", "which one", required=True),
)
"""What one member of ``bases`` holds."""

EVENTS: Final = TableSchema(
    "habeas/columns/events/1",
    "One row for each thing that happened, as one source says it did; all rows of a person together.",
    (
        Column("person", "text", "to whom it happened", required=True),
        Column("id", "text", "the event's own identity, never used twice", required=True),
        Column(
            "event", "code", "what happened: a name of the glossary such as DetainerServed", required=True
        ),
        Column("at", "instant", "when, or the first instant at which it can have been", required=True),
        Column("latest", "instant", "where that is not known exactly: the first instant it can no longer be"),
        Column("precision", "code", "where that is not known exactly: how finely the source states it"),
        Column("key", "text", "where that is not known exactly: which unknown point it is"),
        Column("known_at", "instant", "when the record learned of it", required=True),
        Column("collection", "code", "what it is about; empty where the kind of event says it"),
        Column("about", "text", "which row of that collection"),
        Column("terms", "terms", "what else it states, each fact with its value"),
        Column("source", "source", "where it was read"),
        Column("raw_text", "words", "the source's own words beside every code"),
        Column("supersedes", "text", "the event that it corrects"),
    ),
)

BOOKINGS: Final = TableSchema(
    "habeas/columns/bookings/1",
    "One row for each unbroken custody of a person, and by which path it was decided.",
    (
        Column("person", "text", "who is held", required=True),
        Column("booking", "text", "the booking, or several with a comma", required=True),
        Column("custodian_kind", "code", "what kind of custodian"),
        Column("place", "code", "the place whose law governs the custodian"),
        Column(
            "start",
            "instant",
            "the first instant of it, or the first at which it can have begun",
            required=True,
        ),
        Column("end", "instant", "the first instant after it; empty while it lasts"),
        Column("ended_by", "code", "the kind of event that ended it"),
        Column("path", "code", "columns, or definition where columns cannot say it exactly", required=True),
        Column("reason", "code", "why the definition decided it"),
    ),
)

INSTRUMENTS: Final = TableSchema(
    "habeas/columns/instruments/1",
    "One row for each paper in each custody on which it bears, as known after everything recorded.",
    (
        Column("person", "text", "whose paper it is", required=True),
        Column("booking", "text", "the custody on which it bears, by its booking", required=True),
        Column("instrument", "text", "which paper", required=True),
        Column("kind", "code", "what sort of paper; empty where that is not known"),
        Column("lodged_at", "instant", "when the custodian received it; empty if never or not known"),
        Column("withdrawn_at", "instant", "when it was withdrawn; empty if never or not known"),
        Column("ended_at", "instant", "when it ended; empty if never or not known"),
    ),
)

SEGMENTS: Final = TableSchema(
    "habeas/columns/segments/1",
    "Maximal intervals of custody over which the answer is the same; those of a custody tile it.",
    (
        Column("person", "text", "who is held", required=True),
        Column("booking", "text", "the booking, or several with a comma", required=True),
        Column("start", "instant", "the first instant", required=True),
        Column("end", "instant", "the first instant after; empty while custody lasts"),
        Column("verdict", "code", "LAWFUL, UNLAWFUL, UNDETERMINED or NOT_IN_CUSTODY", required=True),
        Column("because", "code", "of UNDETERMINED: contested or missing"),
        Column("bases", "bases", "every basis that certainly supports custody, in order"),
    ),
)

FINDINGS: Final = TableSchema(
    "habeas/columns/findings/1",
    "One row for each interval of custody with no basis, and for each release before a basis had ended.",
    (
        Column("person", "text", "about whom", required=True),
        Column("booking", "text", "the booking, or several with a comma", required=True),
        Column("finding", "code", "late or early", required=True),
        Column("start", "instant", "late: the last lawful instant; early: the door", required=True),
        Column("end", "instant", "late: the first instant after; empty while it lasts; early: the door"),
        Column("rung", "code", "late: how far past it the door opened, on the risk ladder"),
        Column("bases", "bases", "early: what was still in force"),
    ),
)

TABLES: Final[Mapping[str, TableSchema]] = {
    each.name: each for each in (EVENTS, BOOKINGS, INSTRUMENTS, SEGMENTS, FINDINGS)
}
"""Every table by the name and version it carries."""
