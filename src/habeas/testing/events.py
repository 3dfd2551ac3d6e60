"""Strategies for events, histories, coverage and records; every person in them is invented."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from hypothesis import strategies as st

from habeas.custody.coverage import EVERYTHING, Coverage
from habeas.custody.events import (
    EVENTS,
    Admitted,
    Arrested,
    BailSet,
    BondPosted,
    ChargeDisposed,
    DetainerLodged,
    DetainerServed,
    Event,
    Ref,
    Released,
    ReleaseOrdered,
    Retracted,
    Term,
)
from habeas.custody.facts import COLLECTIONS, FACTS, Collection, FactKind
from habeas.custody.record import CustodyRecord, fold
from habeas.kernel.evidence import NotKnown
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import BEGINNING, HOUR, Instant, When, latest_of, shifted
from habeas.kernel.intervals import ALWAYS, Interval
from habeas.kernel.places import EVERYWHERE, PlaceId
from habeas.testing.times import instants, open_intervals, uncertain_instants, whens

PERSON: Final = PersonId("person-1")
"""Whose events are generated unless told otherwise."""

_KEEPERS = ("sheriff", "city", "prison")
_PLACES = ("us/zz/juniper", "us/zz/juniper/alder", "us/zz/willow")


def terms_of(collection: Collection) -> st.SearchStrategy[dict[str, Term]]:
    """A few terms that fit the facts of a collection, not knowing among them."""
    names = sorted(name for name in FACTS if name.startswith(f"{collection}."))

    def of(chosen: Sequence[str]) -> st.SearchStrategy[dict[str, Term]]:
        return st.fixed_dictionaries({n.partition(".")[2]: _terms(FACTS[n]) for n in chosen})

    return st.lists(st.sampled_from(names), max_size=3, unique=True).flatmap(of)


@st.composite
def events(
    draw: st.DrawFn, person: PersonId = PERSON, kinds: Sequence[type[Event]] = tuple(EVENTS.values())
) -> Event:
    """One event of any kind, known when it happened or later, about one of a few rows."""
    kind = draw(st.sampled_from(list(kinds)))
    collection = draw(st.sampled_from((kind.collection, *COLLECTIONS)))
    row = person if collection == "person" else f"{collection}-{draw(st.integers(1, 2))}"
    at = draw(whens())
    terms = draw(terms_of(collection))
    if "custodian" in kind.own:
        terms |= draw(_keeping())
    return kind(
        id=EventId(f"event-{draw(st.integers(0, 10**9))}"),
        person=person,
        at=at,
        known_at=draw(_later(latest_of(at))),
        about=Ref(collection, row),
        terms=terms,
    )


@st.composite
def histories(draw: st.DrawFn, person: PersonId = PERSON, max_size: int = 8) -> list[Event]:
    """Events of one person in no order, contradictions among them, some corrected or retracted."""
    told = draw(st.lists(events(person), max_size=max_size, unique_by=lambda event: event.id))
    corrected: list[Event] = []
    for number, event in enumerate(told):
        change = draw(st.sampled_from(("none", "none", "corrected", "retracted")))
        if change == "none":
            continue
        known_at = draw(_later(event.known_at))
        new_id = EventId(f"{event.id}-{number}")
        if change == "corrected":
            at = draw(whens())
            corrected.append(replace(event, id=new_id, at=at, known_at=known_at, supersedes=event.id))
        else:
            corrected.append(
                Retracted(id=new_id, person=person, at=event.at, known_at=known_at, supersedes=event.id)
            )
    return draw(st.permutations([*told, *corrected]))


@st.composite
def orderly_histories(draw: st.DrawFn, person: PersonId = PERSON) -> list[Event]:
    """One custody episode without contradiction.

    Arrest and admission on one charge; perhaps bail, a detainer, an end of the charge, a release.
    """
    steps = iter(draw(st.lists(st.integers(1, 72), min_size=9, max_size=9)))
    now: When = draw(instants())
    told: list[Event] = []

    def happens(what: type[Event], ref: Ref, /, **terms: Term) -> None:
        nonlocal now
        now = shifted(now, next(steps) * HOUR)
        told.append(
            what(
                id=EventId(f"event-{len(told)}"),
                person=person,
                at=now,
                known_at=latest_of(now),
                about=ref,
                terms=terms,
            )
        )

    booking, charge, detainer = Ref("booking", "b1"), Ref("charge", "c1"), Ref("instrument", "d1")
    keeper = draw(_keeping())
    happens(Arrested, booking, charge="c1", **keeper)
    happens(Admitted, booking, **keeper)
    if draw(st.booleans()):
        happens(BailSet, charge, bail_kind="money", bail_cents=draw(st.integers(1, 10**7)))
    if draw(st.booleans()):
        form = draw(st.sampled_from(("I-247D", "I-247N", "I-247A")))
        happens(DetainerLodged, detainer, kind="immigration-detainer", form=form)
        if draw(st.booleans()):
            happens(DetainerServed, detainer)
    end = draw(st.sampled_from((None, BondPosted, ReleaseOrdered, ChargeDisposed)))
    if end is not None:
        happens(end, charge)
        if draw(st.booleans()):
            happens(Released, booking)
    return told


@st.composite
def coverages(draw: st.DrawFn) -> Coverage:
    """Declarations of completeness: of everything or of a few facts, with or without limits."""
    few = st.lists(st.sampled_from(sorted(FACTS)), min_size=1, max_size=4).map(frozenset)
    places = st.sampled_from((EVERYWHERE, *map(PlaceId, _PLACES)))
    return Coverage(
        facts=draw(st.one_of(st.just(EVERYTHING), few)),
        places=frozenset({draw(places)}),
        interval=draw(st.one_of(st.just(ALWAYS), open_intervals().filter(_lasts))),
        known_at=draw(st.one_of(st.just(BEGINNING), instants())),
    )


def _lasts(interval: Interval) -> bool:
    return interval.start < interval.end


@st.composite
def records(draw: st.DrawFn) -> CustodyRecord:
    """Records folded from any history, with any coverage."""
    told = draw(histories())
    return fold(told, coverage=draw(st.lists(coverages(), max_size=2)), person=PERSON)


def _terms(kind: FactKind) -> st.SearchStrategy[Term]:
    not_known: st.SearchStrategy[Term] = st.sampled_from(list(NotKnown))
    known: st.SearchStrategy[Term]
    match kind:
        case FactKind.BOOL:
            known = st.booleans()
        case FactKind.NUMBER:
            known = st.integers(0, 400)
        case FactKind.CODE:
            known = st.sampled_from(("none", "one", "other"))
        case FactKind.SET:
            known = st.frozensets(st.sampled_from(("one", "other", "third")))
        case FactKind.INSTANT:
            known = st.one_of(instants(), uncertain_instants())
    return st.one_of(known, known, known, not_known)


def _keeping() -> st.SearchStrategy[dict[str, Term]]:
    return st.fixed_dictionaries(
        {}, optional={"custodian": st.sampled_from(_KEEPERS), "place": st.sampled_from(_PLACES)}
    )


def _later(instant: Instant) -> st.SearchStrategy[Instant]:
    return st.sampled_from((0, 0, 1, 24, 240)).map(lambda hours: Instant(instant + hours * HOUR))
