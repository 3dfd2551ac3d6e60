"""The shape of a recipe: every key that may stand in its file, and what it means."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from habeas.intake.recipes.figures import PublishedFigure
from habeas.intake.recipes.parts import (
    CodeTable,
    CodeTerm,
    EventBy,
    EventRule,
    Facilities,
    Facility,
    Fold,
    Lookup,
    Matches,
    Period,
    Spans,
    Table,
    Term,
    Time,
)
from habeas.kernel.identifiers import digest_of

__all__ = [
    "DECLARED_COLUMNS",
    "SPAN_COLUMNS",
    "Claim",
    "CodeTable",
    "CodeTerm",
    "Completeness",
    "Disagreement",
    "EventBy",
    "EventRule",
    "Facilities",
    "Facility",
    "Fold",
    "Lookup",
    "Matches",
    "Period",
    "PublishedFigure",
    "Recipe",
    "Spans",
    "Table",
    "Term",
    "Time",
    "columns_of",
]

SPAN_COLUMNS = ("span.first", "span.last", "span.nth")
"""What a rule told of spans finds besides the columns of the table."""
DECLARED_COLUMNS = ("facts", "place", "from", "until", "known_at", "says")
"""The columns of a table that declares coverage."""


class Claim(StrEnum):
    """Who says that a source is complete."""

    DECLARED = "declared"
    """The source itself, in words that are cited."""
    SUPPOSED = "supposed"
    """Nobody: the recipe's author supposes it, and no verdict that rests on it is a fact."""


class Completeness(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Of which facts the source shows all there is."""

    facts: tuple[str, ...]
    """Names of coverage: ``charge.posted_at``, ``instrument``, ``instrument.*``."""
    claim: Claim
    """Who says so: ``declared`` or ``supposed``."""
    says: str
    """In words; printed with every result."""
    cite: str = ""
    """Where the source says it."""
    where_told: tuple[str, ...] = ()
    """Only of people of whom the rows tell one of these events; of everybody where empty."""


class Disagreement(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Two columns that ought to agree; where they do not, both are carried."""

    name: str
    """In a few words."""
    says: str
    """In a sentence."""
    first: str
    """A column."""
    second: str
    """The column that ought to agree with it."""
    wrong: Literal["second-before-first", "last-differs"]
    """``last-differs``: the latest second of a booking is not its first."""


class Recipe(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one source is read.

    A source of one table has its `person`, `identity`, `event` and `paths` at the top; one of
    several has a `table` each.
    """

    name: str
    """By which `--recipe` names it."""
    title: str
    """What a report of it is called."""
    says: str
    """What the source is, where it is from and what it shows."""
    licence: str
    """Of the source: who may do what with it."""
    zone: str
    """IANA name of the zone of every wall time in it; empty where the place asked for decides."""
    kind: Literal["custody", "requests", "counts"]
    """Whether it tells of custody, only of requests that custodians received, or of no whole custody
    (one day's roster, payments): then it gives counts and never a finding."""
    invented: bool = False
    """Whether its people are invented, so that no figure made of it speaks of anybody."""
    encoding: str = "utf-8"
    """Of its text files."""
    place: str = ""
    """The place whose custodian it is of; empty where the place asked for decides, or facilities."""
    custodian: str = ""
    """The kind of custodian: ``county-jail``, ``city-lockup``, ``state-prison``, ``federal``."""
    facilities: Facilities | None = None
    """Where the rows name their own facilities."""
    person: tuple[str, ...] = ()
    """Columns that together name a person, as far as the source tells people apart."""
    identity: tuple[str, ...] = ()
    """Columns that name a row; rows that share it are duplicates, or contradict each other. Empty
    where the source numbers nothing: then equal rows are different facts."""
    events: tuple[EventRule, ...] = field(name="event", default=())
    """What each row tells, where there is one table."""
    tables: tuple[Table, ...] = field(name="table", default=())
    """The tables of a source that has several, those first that others look up."""
    aliases: dict[str, tuple[str, ...]] = {}
    """Column -> other names that files give it."""
    dictionaries: dict[str, tuple[CodeTable, ...]] = {}
    """What the source's codes mean, by edition of its own dictionary."""
    row_end: Time | None = None
    """Where each row of custody has an end of its own."""
    lift_reason: str = ""
    """Column with the source's own words on how a request ended."""
    form: str = ""
    """Column with the source's own words for the form of a request."""
    complete: tuple[Completeness, ...] = ()
    """Of what the source shows all there is, so that absence means no."""
    disagreements: tuple[Disagreement, ...] = field(default=(), name="disagreement")
    """Pairs of columns that ought to agree."""
    figures: tuple[PublishedFigure, ...] = field(default=(), name="figure")
    """Numbers that others published of it, counted again."""
    limits: tuple[str, ...] = ()
    """What the source does not say; printed with every result."""
    compared: Time | None = None
    """The jail's own date of release, to be set beside the one that law and record come to."""
    unsure: tuple[str, ...] = ()
    """What whoever wrote the recipe, or the sketch of it, could not tell; printed with every result."""
    paths: tuple[str, ...] = ()
    """Names of the source's files, by which a recipe is recognised."""
    text: str = ""
    """The recipe's own text; its digest names it."""

    @property
    def digest(self) -> str:
        """Digest of the recipe's text."""
        return digest_of(self.text.encode())

    def at_place(self, place: str, zone: str) -> Recipe:
        """The recipe for the records of a place, where it leaves the place to whoever asks.

        Args:
            place: The place asked for.
            zone: IANA name of its zone, for a recipe that names none.
        """
        if self.facilities is not None:
            return self
        return replace(self, place=place, zone=self.zone or zone)

    def comparing(self, column: str) -> Recipe:
        """The recipe that also reads the jail's own date of release from a column."""
        return replace(self, compared=Time(column=column, blank="skip"))

    def compares(self, table: Table) -> bool:
        """Whether the jail's own date is in a table: the first that tells of bookings."""
        tells = (each for each in self.all_tables if any(rule.about == "booking" for rule in each.events))
        return self.compared is not None and table == next(tells, None)

    def with_query(self, query: str) -> Recipe:
        """The recipe with a query for the rows of its only table."""
        (table,) = self.all_tables
        asked = replace(table, query=query)
        return replace(self, tables=(asked,), person=(), identity=(), events=(), row_end=None)

    @property
    def all_tables(self) -> tuple[Table, ...]:
        """Its tables; what stands at the top is the only one where it names none."""
        if self.tables:
            return self.tables
        return (
            Table(
                name="rows",
                paths=self.paths,
                person=self.person,
                identity=self.identity,
                events=self.events,
                row_end=self.row_end,
            ),
        )

    @property
    def rules(self) -> tuple[EventRule, ...]:
        """Every rule of every table."""
        return tuple(rule for table in self.all_tables for rule in table.events)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the recipe reads of any table, each once, in the order in which it names them."""
        found = (name for table in self.all_tables for name in columns_of(self, table))
        return tuple(dict.fromkeys(found))

    @property
    def known_paths(self) -> tuple[str, ...]:
        """Names of files of any of its tables."""
        return tuple(dict.fromkeys([*self.paths, *(path for table in self.tables for path in table.paths)]))

    def knows(self, file: str) -> bool:
        """Whether a file of that name is one of its source's."""
        return any(fnmatchcase(file, path) for path in self.known_paths)

    def table_of(self, file: str) -> Table | None:
        """The table that a file of that name holds; the only one there is takes every file."""
        if len(self.all_tables) == 1:
            return self.all_tables[0]
        return next((t for t in self.tables if any(fnmatchcase(file, path) for path in t.paths)), None)


def columns_of(recipe: Recipe, table: Table) -> tuple[str, ...]:
    """Every column that is read of a table's files, each once."""
    if table.declares:
        return DECLARED_COLUMNS
    found = [*table.person, *table.identity, *table.snapshots]
    if recipe.facilities is not None:
        found += recipe.facilities.columns
    for rule in table.events:
        found += _columns_of_rule(rule)
    for spans in table.spans:
        found += [*spans.key, spans.first, spans.last]
    if not recipe.tables:
        for each in recipe.disagreements:
            found += [each.first, each.second]
        found += [recipe.lift_reason, recipe.form]
    if table.row_end is not None:
        found += _times(table.row_end)
    if recipe.compared is not None and recipe.compares(table):
        found += _times(recipe.compared)
    looked_up = () if table.lookup is None else tuple(table.lookup.columns)
    found += [] if table.lookup is None else table.lookup.by
    return tuple(name for name in dict.fromkeys(found) if name and name not in {*looked_up, *SPAN_COLUMNS})


def _columns_of_rule(rule: EventRule) -> Iterator[str]:
    yield from (*rule.id, rule.label, *_times(rule.at))
    if rule.known is not None:
        yield from _times(rule.known)
    if rule.event_by is not None:
        yield rule.event_by.column
    for each in (*rule.when, *rule.unless):
        yield from (each.column, each.same)
    for term in rule.terms.values():
        yield from (term.column, *term.join, term.dated_by)
        if term.time is not None:
            yield from _times(term.time)


def _times(time: Time) -> tuple[str, ...]:
    stated = (time.column, *time.otherwise, *time.between)
    return (*stated, time.after, time.before, time.not_before, *time.point)
