"""Custody over columns: who was held by whom, where, from when until when.

Only plain custody is folded here: one booking at a time, begun by an event of it and ended by an
event of it, by one custodian in one place. Whoever was held otherwise goes to the definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from habeas.bulk.folding import Folded
from habeas.bulk.told import KIND_TYPES, TEXT, Flags, Ints, Told
from habeas.custody.events import UNNUMBERED, CustodyEffect
from habeas.custody.facts import COLLECTIONS
from habeas.kernel.instants import FOREVER

_NONE, _BEGINS, _MOVES, _ENDS = 0, 1, 2, 3
_EFFECT: Final = np.array(
    [
        {
            CustodyEffect.NONE: _NONE,
            CustodyEffect.BEGINS: _BEGINS,
            CustodyEffect.MOVES: _MOVES,
            CustodyEffect.DELIVERS: _ENDS,
            CustodyEffect.ENDS: _ENDS,
        }[kind.effect]
        for kind in KIND_TYPES
    ],
    np.int64,
)
_BOOKING: Final = COLLECTIONS.index("booking")


@dataclass(slots=True)
class Custodies:
    """Every unbroken custody, those of a person together and in order."""

    person: Ints
    booking: Ints
    """The number of the booking's id."""
    row: Ints
    """Its row among the bookings."""
    kind: Ints
    """The number of the custodian's kind; -1 where none is stated."""
    place: Ints
    start: Ints
    end: Ints
    """`FOREVER` while it lasts."""
    ended_by: Ints
    """The place of the kind of event among all; -1 while it lasts."""

    def __len__(self) -> int:
        """How many."""
        return len(self.person)

    def only(self, these: Flags) -> Custodies:
        """Some of them."""
        return Custodies(*(getattr(self, name)[these] for name in self.__slots__))


@dataclass(slots=True)
class _Keeping:
    """The events of keeping, in the order in which custody can have gone through them."""

    event: Ints
    person: Ints
    effect: Ints
    booking: Ints
    at: Ints


def custodies(told: Told, refused: dict[int, str]) -> Custodies:
    """The custody of everybody who was held plainly; others are marked as refused."""
    kept = _keeping(told)
    words = {name: _words(told, kept.event, name) for name in ("custodian", "custodian_kind", "place")}
    new_person = _changes(kept.person)
    ends = kept.effect == _ENDS
    # A custody begins with the first event of a person, and with the first after each end.
    opens = new_person.copy()
    opens[1:] |= ends[:-1]
    number = np.cumsum(opens) - 1
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(opens)) - 1 if len(first) else first
    odd = np.zeros(len(kept.event), np.bool_)
    if len(first):
        odd |= kept.booking != kept.booking[first][number]
        odd |= opens & (kept.effect != _BEGINS)
        odd |= _moved(words, first, number)
        odd |= _named(told, kept.event, "to") & ends
        odd |= kept.booking == told.number_of[UNNUMBERED.id]
        odd |= words["place"][first][number] < 0
    odd |= _tied(kept)
    _mark(refused, kept.person[odd], "custody that is not plain")
    _mark(refused, kept.person[_named(told, kept.event, "booking")], "custody of a booking named as a term")
    over = ends[last] if len(first) else np.zeros(0, np.bool_)
    end = np.where(over, kept.at[last], FOREVER) if len(first) else np.zeros(0, np.int64)
    made = Custodies(
        person=kept.person[first],
        booking=kept.booking[first],
        row=np.zeros(len(first), np.int64),
        kind=words["custodian_kind"][first],
        place=words["place"][first],
        start=kept.at[first],
        end=end,
        ended_by=np.where(over, told.kind[kept.event[last]], -1) if len(first) else np.zeros(0, np.int64),
    )
    _mark(refused, made.person[made.end <= made.start], "custody that is not plain")
    joined = np.zeros(len(made), np.bool_)
    joined[1:] = (made.person[1:] == made.person[:-1]) & (made.start[1:] <= made.end[:-1])
    _mark(refused, made.person[joined], "custody joined to the one before")
    _twice(refused, made)
    return made


def _keeping(told: Told) -> _Keeping:
    event = np.flatnonzero(_EFFECT[told.kind] != _NONE)
    effect = _EFFECT[told.kind[event]]
    order = np.lexsort((effect, told.at[event], told.person[event]))
    event, effect = event[order], effect[order]
    booking = np.where(told.collection[event] == _BOOKING, told.about[event], told.number_of[UNNUMBERED.id])
    return _Keeping(event, told.person[event], effect, booking, told.at[event])


def _changes(values: Ints) -> Flags:
    found = np.ones(len(values), np.bool_)
    found[1:] = values[1:] != values[:-1]
    return found


def _tied(kept: _Keeping) -> Flags:
    """Events at one instant with an end among them: their order is for the definition to say."""
    found = np.zeros(len(kept.event), np.bool_)
    same = (kept.person[1:] == kept.person[:-1]) & (kept.at[1:] == kept.at[:-1])
    found[1:] = same & ((kept.effect[1:] == _ENDS) | (kept.effect[:-1] == _ENDS))
    return found


def _words(told: Told, events: Ints, name: str) -> Ints:
    """By event: the text of a term; -1 where it states none."""
    found = np.full(len(told.kind), -1, np.int64)
    these = (told.term_name == told.number_of[name]) & (told.term_sort == TEXT)
    found[told.term_event[these]] = told.term_value[these]
    return found[events]


def _named(told: Told, events: Ints, name: str) -> Flags:
    found = np.zeros(len(told.kind), np.bool_)
    found[told.term_event[told.term_name == told.number_of[name]]] = True
    return found[events]


def _moved(words: dict[str, Ints], first: Ints, number: Ints) -> Flags:
    """Events that name another custodian, kind or place than the one that began the custody."""
    found = np.zeros(len(number), np.bool_)
    for these in words.values():
        found |= (these >= 0) & (these != these[first][number])
    return found


def _twice(refused: dict[int, str], made: Custodies) -> None:
    """One booking in two custodies: which rows bear on which is for the definition to say."""
    order = np.lexsort((made.booking, made.person))
    person, booking = made.person[order], made.booking[order]
    same = (person[1:] == person[:-1]) & (booking[1:] == booking[:-1])
    _mark(refused, person[1:][same], "one booking in two custodies")


def seated(folded: Folded, made: Custodies) -> None:
    """Find which row of the bookings each custody's is."""
    rows = folded.rows["booking"]
    keys = (rows.person << 32) | rows.name
    made.row = np.searchsorted(keys, (made.person << 32) | made.booking)


def _mark(refused: dict[int, str], people: Ints, reason: str) -> None:
    for person in np.unique(people).tolist():
        refused.setdefault(person, reason)
