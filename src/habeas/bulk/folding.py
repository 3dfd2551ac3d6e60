"""The fold over columns: what is known of each person, booking, charge and paper, a row each.

Equal to :mod:`habeas.custody.claims` for facts that were stated once, or the same each time. Who
has a fact that a rule reads stated in two ways is marked, and goes to the definition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from habeas.bulk.told import BOUNDED, KIND_TYPES, MISSING, NUMBER, TEXT, TEXTS, Flags, Ints, Told
from habeas.custody.facts import COLLECTIONS, FACTS
from habeas.kernel.instants import BEGINNING

TIMELESS: Final = int(BEGINNING)
"""Since when a fact holds that holds of the thing itself."""


@dataclass(slots=True)
class Rows:
    """The rows of one collection, those of a person together; facts by row and place in `facts`."""

    collection: str
    facts: tuple[str, ...]
    person: Ints
    name: Ints
    """The number of the row's id."""
    sort: Ints
    """What sort of value each fact has; 0 where none is stated, MISSING where it is said not to be known."""
    value: Ints
    since: Ints
    """From when on the fact has it: `TIMELESS`, or the instant of the event that states it."""

    def place(self, fact: str) -> int:
        """Where a fact stands."""
        return self.facts.index(fact)


@dataclass(slots=True)
class Folded:
    """Every row of some people, and which events speak of it."""

    told: Told
    rows: Mapping[str, Rows]
    spoken: Mapping[str, tuple[Ints, Ints]]
    """By collection: row and event, wherever an event says something of a row."""
    refused: dict[int, str]
    """Person -> why columns cannot fold what was told of them."""


@dataclass(slots=True)
class _Claims:
    row: Ints
    fact: Ints
    sort: Ints
    value: Ints
    since: Ints
    event: Ints


def fold(told: Told, reads: Mapping[str, Sequence[str]], refused: dict[int, str]) -> Folded:
    """Fold what was told.

    Args:
        told: The live events.
        reads: By collection: the facts that matter.
        refused: Person -> why columns cannot decide them; more are written in.
    """
    _refuse(refused, told.doubled, "one identity for two events")
    _refuse(refused, told.bounded, "an instant known only within bounds")
    linked = _linked(told)
    refs = _Refs.of(told, linked)
    _refuse_kinds(refused, told)
    rows: dict[str, Rows] = {}
    spoken: dict[str, tuple[Ints, Ints]] = {}
    claims = _claims(told, refs, reads)
    for place, collection in enumerate(COLLECTIONS):
        here = refs.collection == place
        first = int(np.searchsorted(refs.collection, place))
        made = _rows(collection, tuple(reads[collection]), refs.person[here], refs.name[here])
        mine = claims[place]
        _fill(made, mine, first, refused)
        rows[collection] = made
        spoken[collection] = refs.spoken(place, first)
    counts = np.bincount(rows["person"].person, minlength=len(told.people))
    _refuse(refused, counts > 1, "events about another person")
    return Folded(told, rows, spoken, refused)


def _refuse(refused: dict[int, str], people: Flags, reason: str) -> None:
    for person in np.flatnonzero(people).tolist():
        refused.setdefault(person, reason)


_TROUBLING: Final = np.array(
    [kind.__name__ in {"ExtensionGranted", "TollingBegan", "TollingEnded"} for kind in KIND_TYPES]
)


def _refuse_kinds(refused: dict[int, str], told: Told) -> None:
    people = np.zeros(len(told.people), np.bool_)
    people[told.person[_TROUBLING[told.kind]]] = True
    _refuse(refused, people, "a clock tolled or extended")


def _linked(told: Told) -> tuple[Ints, Ints, Ints]:
    """Event, collection and name of every other row that an event's instant reaches."""
    events: list[Ints] = []
    places: list[Ints] = []
    names: list[Ints] = []
    for place, collection in enumerate(COLLECTIONS):
        reaches = np.array([collection in kind.reaches for kind in KIND_TYPES])
        naming = told.term_name == told.number_of[collection]
        event = told.term_event
        there = naming & reaches[told.kind[event]] & (told.collection[event] != place)
        one = np.flatnonzero(there & (told.term_sort == TEXT))
        events.append(event[one])
        names.append(told.term_value[one])
        several = np.flatnonzero(there & (told.term_sort == TEXTS))
        sets: list[tuple[int, ...]] = [told.sets[each] for each in told.term_value[several].tolist()]
        events.append(np.repeat(event[several], np.array([len(each) for each in sets], np.int64)))
        names.append(np.array([name for each in sets for name in each], np.int64))
        places.append(np.full(len(events[-2]) + len(events[-1]), place, np.int64))
    return np.concatenate(events), np.concatenate(places), np.concatenate(names)


@dataclass(slots=True)
class _Refs:
    """Every row that events speak of, ordered by collection and person, and who speaks of which."""

    collection: Ints
    person: Ints
    name: Ints
    subject: Ints
    """By event: its row."""
    linked: Ints
    """By link: its row."""
    link_event: Ints
    speaks: Flags
    """By event: whether it says something of what it is about."""
    dates: Flags
    """By event: whether its instant is a fact."""

    @staticmethod
    def of(told: Told, linked: tuple[Ints, Ints, Ints]) -> _Refs:
        """The rows of some people."""
        event, place, name = linked
        everyone = np.arange(len(told.people))
        persons = (np.zeros(len(everyone), np.int64), everyone, told.people)
        collection = np.concatenate([told.collection, place, persons[0]])
        person = np.concatenate([told.person, told.person[event], persons[1]])
        names = np.concatenate([told.about, name, persons[2]])
        order = np.lexsort((names, person, collection))
        ordered = collection[order], person[order], names[order]
        new = np.ones(len(order), np.bool_)
        new[1:] = np.logical_or.reduce([each[1:] != each[:-1] for each in ordered])
        number = np.empty(len(order), np.int64)
        number[order] = np.cumsum(new) - 1
        first = [each[new] for each in ordered]
        count = len(told.person)
        dates = _DATES[told.kind]
        stated = np.zeros(count, np.bool_)
        stated[told.term_event[~_own_terms(told)]] = True
        return _Refs(
            first[0],
            first[1],
            first[2],
            number[:count],
            number[count : count + len(event)],
            event,
            stated | dates | _LODGES[told.kind],
            dates,
        )

    def spoken(self, place: int, first: int) -> tuple[Ints, Ints]:
        """Row of one collection and event, wherever an event says something of a row."""
        events = np.flatnonzero(self.speaks & (self.collection[self.subject] == place))
        links = np.flatnonzero(self.dates[self.link_event] & (self.collection[self.linked] == place))
        row = np.concatenate([self.subject[events], self.linked[links]]) - first
        return row, np.concatenate([events, self.link_event[links]])


_DATES: Final = np.array([kind.fact is not None for kind in KIND_TYPES])
_LODGES: Final = np.array([kind.lodges is not None for kind in KIND_TYPES])


def _own_terms(told: Told) -> Flags:
    """The terms that qualify their event and state no fact."""
    return _marked(told, "own")


def _marked(told: Told, which: str) -> Flags:
    """The terms that their kind of event lists under ``own``, ``dated`` or ``gathered``."""
    names = {name for kind in KIND_TYPES for name in getattr(kind, which)}
    found = np.zeros(len(told.term_name), np.bool_)
    for name in sorted(names & set(told.number_of)):
        those = np.array([name in getattr(kind, which) for kind in KIND_TYPES])
        found |= (told.term_name == told.number_of[name]) & those[told.kind[told.term_event]]
    return found


def _claims(told: Told, refs: _Refs, reads: Mapping[str, Sequence[str]]) -> list[_Claims]:
    """By collection: every claim of a fact that matters; those of a set gathered come as bounded."""
    made: list[list[_Claims]] = [[] for _ in COLLECTIONS]
    own, dated, gathered = (_marked(told, which) for which in ("own", "dated", "gathered"))
    event = told.term_event
    term_place = told.collection[event]
    sort = np.where(gathered, BOUNDED, told.term_sort)
    for place, collection in enumerate(COLLECTIONS):
        for fact, name in enumerate(reads[collection]):
            these = np.flatnonzero((told.term_name == told.number_of[name]) & (term_place == place) & ~own)
            since = np.where(dated[these] | gathered[these], told.at[event[these]], TIMELESS)
            made[place].append(
                _Claims(
                    refs.subject[event[these]],
                    np.full(len(these), fact, np.int64),
                    sort[these],
                    told.term_value[these],
                    since,
                    event[these],
                )
            )
    for place, collection in enumerate(COLLECTIONS):
        made[place] += list(_dates(told, refs, place, reads[collection]))
        if "kind" in reads[collection]:
            made[place] += list(_implied(told, refs, place, list(reads[collection]).index("kind")))
    return [_joined(each) for each in made]


def _dates(told: Told, refs: _Refs, place: int, facts: Sequence[str]) -> list[_Claims]:
    """The instants of events, as facts of what they are about and of what they reach."""
    found: list[_Claims] = []
    events = np.concatenate([np.arange(len(told.kind)), refs.link_event])
    rows = np.concatenate([refs.subject, refs.linked])
    here = refs.collection[rows] == place
    events, rows = events[here], rows[here]
    collection = COLLECTIONS[place]
    for fact, name in enumerate(facts):
        sets = np.array(
            [
                kind.fact is not None
                and (kind.fact == name or (name in kind.also and f"{collection}.{name}" in FACTS))
                for kind in KIND_TYPES
            ]
        )
        these = np.flatnonzero(sets[told.kind[events]])
        if len(these):
            event = events[these]
            shape = np.ones(len(these), np.int64)
            found.append(
                _Claims(rows[these], shape * fact, shape * NUMBER, told.at[event], shape * TIMELESS, event)
            )
    return found


def _implied(told: Told, refs: _Refs, place: int, fact: int) -> list[_Claims]:
    """The kind of a paper that its coming implies, where no event states one."""
    stated = np.zeros(len(refs.collection), np.bool_)
    naming = told.term_name == told.number_of["kind"]
    stated[refs.subject[told.term_event[naming]]] = True
    events = np.flatnonzero(_LODGES[told.kind] & (told.collection == place) & ~stated[refs.subject])
    if not len(events):
        return []
    value = np.array(
        [-1 if kind.lodges is None else told.number_of[kind.lodges.value] for kind in KIND_TYPES], np.int64
    )[told.kind[events]]
    shape = np.ones(len(events), np.int64)
    return [_Claims(refs.subject[events], shape * fact, shape * TEXT, value, shape * TIMELESS, events)]


def _joined(claims: Sequence[_Claims]) -> _Claims:
    def together(name: str) -> Ints:
        arrays: list[Ints] = [getattr(each, name) for each in claims]
        return np.concatenate([np.zeros(0, np.int64), *arrays])

    return _Claims(*(together(name) for name in ("row", "fact", "sort", "value", "since", "event")))


def _rows(collection: str, facts: tuple[str, ...], person: Ints, name: Ints) -> Rows:
    shape = (len(person), len(facts))
    return Rows(
        collection,
        facts,
        person,
        name,
        np.zeros(shape, np.int64),
        np.zeros(shape, np.int64),
        np.full(shape, TIMELESS, np.int64),
    )


def _fill(rows: Rows, claims: _Claims, first: int, refused: dict[int, str]) -> None:
    """Write the claims into their rows; a fact stated in two ways refuses its person."""
    row = claims.row - first
    sort, value = claims.sort, np.where(claims.sort == MISSING, 0, claims.value)
    rows.sort[row, claims.fact] = sort
    rows.value[row, claims.fact] = value
    rows.since[row, claims.fact] = claims.since
    # Whatever was overwritten by something else was stated in two ways.
    odd = (
        (rows.sort[row, claims.fact] != sort)
        | (rows.value[row, claims.fact] != value)
        | (rows.since[row, claims.fact] != claims.since)
    )
    for place in np.flatnonzero(odd).tolist():
        fact = f"{rows.collection}.{rows.facts[int(claims.fact[place])]}"
        refused.setdefault(int(rows.person[row[place]]), f"stated in two ways: {fact}")
    gathered = np.flatnonzero(sort == BOUNDED)
    for place in gathered.tolist():
        fact = f"{rows.collection}.{rows.facts[int(claims.fact[place])]}"
        refused.setdefault(int(rows.person[row[place]]), f"gathered or within bounds: {fact}")
