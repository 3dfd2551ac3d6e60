"""One thing that happened to one person, as one source says it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, NamedTuple

from habeas.custody.facts import COLLECTIONS, FACTS, Collection, Term, fits
from habeas.custody.instruments import InstrumentKind
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import Instant, When, earliest_of, latest_of


class Ref(NamedTuple):
    """The thing an event is about: a booking, a charge, an instrument, or the person."""

    collection: Collection
    id: str


UNNUMBERED = Ref("booking", "unnumbered")
"""The booking of events whose source does not number bookings."""


class CustodyEffect(StrEnum):
    """What an event does to physical custody."""

    NONE = "none"
    """Nothing."""

    BEGINS = "begins"
    """Someone holds the person from here on, if nobody did."""

    MOVES = "moves"
    """The person stays in custody, elsewhere."""

    DELIVERS = "delivers"
    """One custodian gives the person to another."""

    ENDS = "ends"
    """Nobody holds the person from here on."""


class WrongTerm(TypeError):
    """An event states of a fact what no fact of its kind can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to one person, as one source says it did; never edited.

    A correction is another event that supersedes it. Subclasses add no fields: they say which
    facts the event sets.
    """

    id: EventId
    """Its own identity, never used twice."""

    person: PersonId
    """To whom it happened."""

    at: When
    """When it happened in the world (effective time)."""

    known_at: Instant
    """When the record learned of it."""

    about: Ref | None = None
    """What it is about; None is the person, or for events of a booking the unnumbered one."""

    terms: Mapping[str, Term] = field(default_factory=dict[str, Term], hash=False)
    """What else it states, by the name of the fact it sets on what it is about."""

    source: SourceRef | None = None
    """Where it was read; None when a person entered it."""

    raw_text: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """The source's own words, beside every code read from them."""

    supersedes: EventId | None = None
    """The event this one corrects, which then no longer counts once this one is known."""

    collection: ClassVar[Collection] = "person"
    """What it is about unless it says otherwise."""

    fact: ClassVar[str | None] = None
    """The fact that is the instant at which it happened."""

    also: ClassVar[tuple[str, ...]] = ()
    """Further facts that are that same instant."""

    reaches: ClassVar[frozenset[str]] = frozenset()
    """Collections of which a row named by the terms gets that instant as well."""

    dated: ClassVar[frozenset[str]] = frozenset()
    """Terms that hold only from the event on; the others hold of the thing itself."""

    gathered: ClassVar[frozenset[str]] = frozenset()
    """Set-valued terms that add to what earlier events stated; they hold from the event on."""

    own: ClassVar[frozenset[str]] = frozenset()
    """Terms that qualify the event and set no fact, all of them codes unless said otherwise."""

    lodges: ClassVar[InstrumentKind | None] = None
    """The kind of instrument it is about, unless some event states another."""

    effect: ClassVar[CustodyEffect] = CustodyEffect.NONE
    """What it does to physical custody."""

    def __post_init__(self) -> None:
        """Refuse what no source can mean.

        Raises:
            ValueError: It is about something of no known collection, or supersedes itself.
            WrongTerm: A term does not fit the kind of the fact it sets.
        """
        if self.about is not None and self.about.collection not in COLLECTIONS:
            raise ValueError(f"event [{self.id}] is about an unknown sort [{self.about.collection}]")
        if self.supersedes == self.id:
            raise ValueError(f"event [{self.id}] supersedes itself")
        collection = self.subject.collection
        for name, term in self.terms.items():
            kind = FACTS.get(f"{collection}.{name}")
            if kind is not None and not fits(kind, term):
                raise WrongTerm(f"event [{self.id}] states [{name}] as [{term!r}]; it is a {kind}")

    @property
    def kind(self) -> str:
        """What happened, in one word: the name of the class."""
        return type(self).__name__

    @property
    def order(self) -> tuple[Instant, Instant, str, str]:
        """A total order of events that agrees with time wherever time decides."""
        return (earliest_of(self.at), latest_of(self.at), self.kind, self.id)

    @property
    def subject(self) -> Ref:
        """What it is about, made explicit."""
        if self.about is not None:
            return self.about
        return UNNUMBERED if self.collection == "booking" else Ref("person", self.person)

    @property
    def linked(self) -> tuple[Ref, ...]:
        """Other rows its terms name that the instant of the event reaches."""
        return tuple(
            Ref(collection, row)
            for collection in COLLECTIONS
            if collection in self.reaches and collection != self.subject.collection
            for row in _names(self.terms.get(collection))
        )


def _names(term: Term | None) -> tuple[str, ...]:
    if isinstance(term, frozenset):
        return tuple(sorted(term))
    return (str(term),) if type(term) is str else ()
