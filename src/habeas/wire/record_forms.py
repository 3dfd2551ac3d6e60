"""The forms of a record: events, coverage and setting as they are written, `habeas/record/1`."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct

from habeas.custody.facts import Collection
from habeas.wire.instants import (
    OPEN,
    Exact,
    InstantText,
    IntervalForm,
    NotKnownTerm,
    Uncertain,
    WhenForm,
)

SCHEMA: Final = "habeas/record/1"

TermForm: TypeAlias = bool | int | str | list[str] | Exact | Uncertain | NotKnownTerm
"""A fact that an event states: a list is a set of codes, an object says what it is."""


class RefForm(Struct, frozen=True, forbid_unknown_fields=True):
    """What an event is about."""

    collection: Collection
    id: str


class SourceForm(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where something was read."""

    name: str
    file_digest: str
    row: int | None = None
    recipe_digest: str | None = None


class EventForm(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One thing that happened to one person, as one source says it did."""

    event: str
    """Its kind: a name of the glossary such as ``DetainerServed``."""
    id: str
    person: str
    at: WhenForm
    known_at: InstantText
    about: RefForm | None = None
    terms: dict[str, TermForm] = {}
    source: SourceForm | None = None
    raw_text: dict[str, str] = {}
    supersedes: str | None = None


class CoverageForm(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Of what a source is complete, so that absence means no."""

    facts: list[str]
    places: list[str]
    """Places and all that lies in them; the empty text is everywhere."""
    interval: IntervalForm = IntervalForm(start=OPEN, end=OPEN)
    known_at: InstantText = OPEN
    source: SourceForm | None = None
    id: str = ""
    supersedes: str | None = None


class SettingForm(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One dated fact about a place."""

    fact: str
    place: str
    value: bool | int | str
    interval: IntervalForm
    known_at: InstantText
    cite: str = ""


class RecordDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What sources say of some people, whenever they said it."""

    schema: Literal["habeas/record/1"] = SCHEMA
    zone: str = "UTC"
    """Whose offsets the instants are written with; it changes no instant."""
    events: list[EventForm] = []
    coverage: list[CoverageForm] = []
    setting: list[SettingForm] = []


class RecordHead(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The first line of a record in JSON Lines; the events follow, one a line."""

    schema: Literal["habeas/record/1"] = SCHEMA
    zone: str = "UTC"
    coverage: list[CoverageForm] = []
    setting: list[SettingForm] = []
