"""The parts of a recipe: how a cell becomes a time, a code, a number, and a row an event."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, TypeAlias

from msgspec import Struct, field

from habeas.custody.facts import Collection


class Fold(StrEnum):
    """What a wall time means that clocks showed twice, or never."""

    REFUSE = "refuse"
    """The row is quarantined with both choices; nothing is guessed."""
    EARLIER = "earlier"
    LATER = "later"
    EITHER = "either"
    """It is kept as uncertain between the two."""


class Time(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A point in time: as one column states it, between two, or between two snapshots."""

    column: str = ""
    """The column that states it."""
    otherwise: tuple[str, ...] = ()
    """Columns tried in turn where the first is blank."""
    between: tuple[str, ...] = ()
    """Two columns: it happened at some unknown instant from the first up to the second."""
    after: str = ""
    """Column of the last snapshot that showed a thing: it ended after that and before the next one.
    Not told where no later snapshot was taken."""
    before: str = ""
    """Column of the first snapshot that showed a thing: it began after the snapshot before that."""
    anew: bool = False
    """With `before`: it was seen earlier and ended, so it began anew after the whole day of the
    snapshot before, whose hour is not known; otherwise it could begin before it had ended."""
    not_before: str = ""
    """With `after` and `before`: a column whose time it cannot precede."""
    point: tuple[str, ...] = ()
    """Columns that name whose point it is: what is only known to lie within the same bounds of one
    of these (the same day, the same two snapshots) is one unknown instant."""
    precision: Literal["stated", "day"] = "stated"
    """``day``: only the civil day is meant, whatever else stands in the cell."""
    format: str = ""
    """How the cell writes it, in the words of ``strptime``: ``%m/%d/%y``. A format without an hour
    states a day. Left out: 2017-03-04, or 2017-03-04 10:00 with or without seconds and offset."""
    zone: str = ""
    """IANA name, where this column is in another zone than the rest."""
    fold: Fold = Fold.REFUSE
    """What a wall time means that clocks showed twice, or never: ``refuse``, ``earlier``, ``later`` or
    ``either``."""
    blank: Literal["refuse", "skip"] = "refuse"
    """Whether an empty cell puts the row in quarantine or means that it did not happen."""


class Matches(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A condition on a row: a column holds one of these texts, starts with one, or is as another."""

    column: str
    """The column."""
    texts: tuple[str, ...] = field(name="is", default=())
    """An empty text is an empty cell."""
    starts: tuple[str, ...] = ()
    """It starts with one of these."""
    same: str = ""
    """A column whose text must be the same."""


class Period(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a blank means in rows dated before a civil day."""

    before: str
    """The civil day."""
    code: str
    """What a blank means then."""


class CodeTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What codes meant while one edition of a source's dictionary was in use."""

    cite: str
    """Who says so, and where it was read."""
    codes: dict[str, str]
    """Source text -> code."""
    since: str = ""
    """The first civil day of the edition; no limit where empty."""
    before: str = ""
    """The first civil day after it; no limit where empty."""


class CodeTerm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an event states of one fact, read from a column."""

    column: str = ""
    """The column it is read from."""
    codes: dict[str, str] = {}
    """Source text -> code. A text that is not here is unmapped: kept, and not known."""
    dictionary: str = ""
    """A dictionary of the recipe, instead of `codes`; `dated_by` chooses its edition."""
    raw: bool = False
    """The text itself is the code."""
    number: bool = False
    """The text is a whole number."""
    money: bool = False
    """The text is an amount such as $1,234.50, stated in cents."""
    pattern: str = ""
    """Only what the one group of this regular expression finds in the text is read."""
    split: str = ""
    """For a set: what stands between its codes."""
    join: tuple[str, ...] = ()
    """The identity of another row, made from these columns."""
    suffix: str = ""
    """With `join`: what tells that row apart from another of the same name."""
    time: Time | None = None
    """For a fact that is an instant."""
    is_: str | bool | int | None = field(default=None, name="is")
    """The same in every row."""
    unknown: bool = False
    """The source does not say it of any row, whatever it is supposed to be complete of."""
    blank: Literal["unstated", "skip"] = "unstated"
    """Whether an empty cell says that the source does not know, or says nothing at all, so that
    declared coverage decides."""
    unstated: tuple[str, ...] = ()
    """Texts with which the source says that it does not know."""
    blank_before: tuple[Period, ...] = ()
    """What a blank stands for by the date of the row; else a blank is unstated."""
    dated_by: str = ""
    """Column of the date that chooses the edition of a dictionary, or the meaning of a blank."""


Term: TypeAlias = CodeTerm


class EventBy(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which event a row tells of, read from a column."""

    column: str
    """The column."""
    codes: dict[str, str] = {}
    """Source text -> name of an event; left out, the text is that name."""
    otherwise: str = ""
    """The event where the text is none of these; left out, the row is set aside."""


class EventRule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One event that a row tells of."""

    event: str = ""
    """Name of the event, as in the glossary."""
    event_by: EventBy | None = None
    """Where a column says which event it is."""
    at: Time
    """When it happened."""
    known: Time | None = None
    """When the custodian learned of it; left out or blank: when it happened."""
    about: Collection
    """What it is about."""
    id: tuple[str, ...]
    """Columns that together name what the event is about."""
    suffix: str = ""
    """Told apart from another row of the same name: ``sentence`` beside the charge it is on."""
    of: str = ""
    """The spans it is told of, by name; left out, it is told of every row."""
    by_label: str = ""
    """Where it rests on nothing but a label of the source: which, in words."""
    supposed: str = ""
    """Where no row tells it and the recipe's author supposes it: the supposition, in words."""
    label: str = ""
    """Column with the source's own words for what the event is about."""
    when: tuple[Matches, ...] = ()
    """All must hold."""
    unless: tuple[Matches, ...] = ()
    """None may hold."""
    terms: dict[str, Term] = {}
    """What it states of facts, by their names."""


class Facility(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One facility as the source names it, and where and whose it is."""

    named: tuple[str, ...]
    """Its texts in the columns, in their order."""
    place: str
    """The most particular place whose law the rulebook may hold."""
    custodian: str
    """The kind of custodian."""
    whose: str = ""
    """Whose facility it is, in words: ``Orange County, Florida``."""


class Facilities(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the source names facilities."""

    columns: tuple[str, ...]
    """The columns that name a facility."""
    are: tuple[Facility, ...]
    """The facilities."""


class Spans(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Rows that show one thing at neighbouring snapshots, taken together.

    A rule told `of` them sees the first such row, and besides its columns ``span.first`` and
    ``span.last`` (the snapshots that bound it) and ``span.nth`` (1, 2, ...: how often it was seen
    anew). A snapshot at which no row shows the thing ends the span.
    """

    name: str
    """By which rules are told of them."""
    key: tuple[str, ...]
    """Columns that must agree."""
    first: str
    """Column of the snapshot at which a row was first seen."""
    last: str = ""
    """Column of the snapshot at which it was last seen; left out where a row is one snapshot's."""


class Lookup(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Columns taken from the row of another table that this row names."""

    table: str
    """Name of a table that stands before this one."""
    by: tuple[str, ...]
    """Columns here that hold the identity of the row there."""
    columns: dict[str, str]
    """Name of the column here -> column there."""


class Table(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One table of a source: the files that hold it and what their rows tell."""

    name: str
    """By which other tables look it up."""
    paths: tuple[str, ...] = ()
    """Names of its files, by which they are recognised; an asterisk stands for anything."""
    sheet: str = ""
    """Of a workbook: the sheet; left out, its first."""
    query: str = ""
    """Of a database: the SELECT whose rows it is."""
    person: tuple[str, ...] = ()
    """Columns that together name a person, as far as the source tells people apart."""
    identity: tuple[str, ...] = ()
    """Columns that name a row."""
    optional: tuple[str, ...] = ()
    """Columns that a file may lack; then they are blank."""
    lookup: Lookup | None = None
    """Columns taken from another table."""
    spans: tuple[Spans, ...] = ()
    """Rows of neighbouring snapshots taken together."""
    snapshots: tuple[str, ...] = ()
    """Columns that hold snapshots: what stands in any row of them is a snapshot that was taken."""
    declares: bool = False
    """Whether its rows declare coverage: ``facts place from until known_at says``."""
    events: tuple[EventRule, ...] = field(name="event", default=())
    """What each row, or each span of rows, tells."""
    row_end: Time | None = None
    """Where each row of custody has an end of its own."""
