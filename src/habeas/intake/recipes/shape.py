"""The shape of a recipe: every key that may stand in its file, and what it means."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, TypeAlias

from msgspec import Struct, field

from habeas.custody.facts import Collection
from habeas.kernel.identifiers import digest_of


class Fold(StrEnum):
    """What a wall time means that clocks showed twice, or never."""

    REFUSE = "refuse"
    """The row is quarantined with both choices; nothing is guessed."""
    EARLIER = "earlier"
    LATER = "later"
    EITHER = "either"
    """It is kept as uncertain between the two."""


class Claim(StrEnum):
    """Who says that a source is complete."""

    DECLARED = "declared"
    """The source itself, in words that are cited."""
    SUPPOSED = "supposed"
    """Nobody: the recipe's author supposes it, and no verdict that rests on it is a fact."""


class Time(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A point in time as one column states it, or as lying between two."""

    column: str = ""
    between: tuple[str, ...] = ()
    """Two columns: it happened at some unknown instant from the first up to the second."""
    precision: Literal["stated", "day"] = "stated"
    """``day``: only the civil day is meant, whatever else stands in the cell."""
    fold: Fold = Fold.REFUSE
    blank: Literal["refuse", "skip"] = "refuse"
    """Whether an empty cell puts the row in quarantine or means that it did not happen."""


class Matches(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A condition on a row: a column holds one of these texts."""

    column: str
    texts: tuple[str, ...] = field(name="is")


class Period(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a blank means in rows dated before a civil day."""

    before: str
    code: str


class CodeTerm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an event states of one fact, read from a column."""

    column: str = ""
    codes: dict[str, str] = {}
    """Source text -> code. A text that is not here is unmapped: kept, and not known."""
    raw: bool = False
    """The text itself is the code."""
    join: tuple[str, ...] = ()
    """The identity of another row, made from these columns."""
    time: Time | None = None
    """For a fact that is an instant."""
    is_: str | bool | int | None = field(default=None, name="is")
    """The same in every row."""
    blank_before: tuple[Period, ...] = ()
    """What a blank stands for by the date of the row; else a blank is unstated."""
    dated_by: str = ""


Term: TypeAlias = CodeTerm


class EventRule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One event that a row tells of."""

    event: str
    """Name of the event, as in the glossary."""
    at: Time
    about: Collection
    id: tuple[str, ...]
    """Columns that together name what the event is about."""
    suffix: str = ""
    """Told apart from another row of the same name: ``sentence`` beside the charge it is on."""
    supposed: str = ""
    """Where no row tells it and the recipe's author supposes it: the supposition, in words."""
    label: str = ""
    """Column with the source's own words for what the event is about."""
    when: tuple[Matches, ...] = ()
    """All must hold."""
    unless: tuple[Matches, ...] = ()
    """None may hold."""
    terms: dict[str, Term] = {}


class Facility(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One facility as the source names it, and where and whose it is."""

    named: tuple[str, ...]
    place: str
    """The most particular place whose law the rulebook may hold."""
    custodian: str
    whose: str = ""
    """Whose facility it is, in words: ``Orange County, Florida``."""


class Facilities(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the source names facilities."""

    columns: tuple[str, ...]
    are: tuple[Facility, ...]


class Completeness(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Of which facts the source shows all there is."""

    facts: tuple[str, ...]
    claim: Claim
    says: str
    cite: str = ""
    where_told: tuple[str, ...] = ()
    """Only of people of whom the rows tell one of these events; of everybody where empty."""


class Disagreement(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Two columns that ought to agree; where they do not, both are carried."""

    name: str
    says: str
    first: str
    second: str
    wrong: Literal["second-before-first", "last-differs"]
    """``last-differs``: the latest second of a booking is not its first."""


class PublishedFigure(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A number somebody published of this source, and how it is counted from the rows."""

    name: str
    says: str
    count: Literal["groups", "mean", "median", "percent", "after / equal / before"]
    group: str
    """Column of which each value is counted once."""
    where: dict[str, float] = {}
    """Column -> the least value that a group must reach in some row."""
    start: str = ""
    end: str = ""
    """Local times. For mean and median the length between them is in days of 24 hours by the clock;
    for after / equal / before, in how many rows the end is after the start, equal to it and before."""
    rows: Matches | None = None
    """Only rows that match count."""
    column: str = ""
    """For percent: the column."""
    equals: str = ""
    published: str = ""
    source: str = ""
    explains: str = ""


class Recipe(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How one source is read."""

    name: str
    title: str
    says: str
    """What the source is, where it is from and what it shows."""
    licence: str
    zone: str
    """IANA name of the zone of every wall time in it."""
    kind: Literal["custody", "requests"]
    """Whether it tells of custody, or only of requests that custodians received."""
    invented: bool = False
    """Whether its people are invented, so that no figure made of it speaks of anybody."""
    encoding: str = "utf-8"
    place: str = ""
    custodian: str = ""
    facilities: Facilities | None = None
    """Where the rows name their own facilities."""
    person: tuple[str, ...]
    """Columns that together name a person, as far as the source tells people apart."""
    identity: tuple[str, ...] = ()
    """Columns that name a row; rows that share it are duplicates, or contradict each other. Empty
    where the source numbers nothing: then equal rows are different facts."""
    events: tuple[EventRule, ...] = field(name="event")
    row_end: Time | None = None
    """Where each row of custody has an end of its own."""
    lift_reason: str = ""
    """Column with the source's own words on how a request ended."""
    form: str = ""
    """Column with the source's own words for the form of a request."""
    complete: tuple[Completeness, ...] = ()
    disagreements: tuple[Disagreement, ...] = field(default=(), name="disagreement")
    figures: tuple[PublishedFigure, ...] = field(default=(), name="figure")
    limits: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    """Names of the source's files, by which a recipe is recognised."""
    text: str = ""
    """The recipe's own text; its digest names it."""

    @property
    def digest(self) -> str:
        """Digest of the recipe's text."""
        return digest_of(self.text.encode())

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the recipe reads, each once, in the order in which it names them."""
        return tuple(dict.fromkeys(name for name in _columns(self) if name))


def _columns(recipe: Recipe) -> list[str]:
    found = [*recipe.person, *recipe.identity]
    if recipe.facilities is not None:
        found += recipe.facilities.columns
    for rule in recipe.events:
        found += [*rule.id, rule.label, *_times(rule.at)]
        found += [each.column for each in (*rule.when, *rule.unless)]
        for term in rule.terms.values():
            found += [term.column, *term.join, term.dated_by]
            if term.time is not None:
                found += _times(term.time)
    for each in recipe.disagreements:
        found += [each.first, each.second]
    if recipe.row_end is not None:
        found += _times(recipe.row_end)
    return [*found, recipe.lift_reason, recipe.form]


def _times(time: Time) -> list[str]:
    return [time.column, *time.between]
