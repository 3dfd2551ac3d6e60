"""Rows of events as arrays of numbers: what was told of many people, ready to be folded at once.

Texts become numbers of one dictionary for the whole lot. Only what was known at an instant and not
corrected by then is kept, as in :attr:`habeas.custody.record.CustodyRecord.events`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from habeas.custody.events import EVENTS, UNNUMBERED
from habeas.custody.facts import COLLECTIONS
from habeas.kernel.instants import Instant

pa: Any = import_module("pyarrow")
pc: Any = import_module("pyarrow.compute")

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

KIND_NAMES: Final = tuple(EVENTS)
KIND_TYPES: Final = tuple(EVENTS.values())

TRUTH, NUMBER, TEXT, TEXTS, MISSING, BOUNDED = 1, 2, 3, 4, 5, 6
"""What sort of value a term has; 0 is none."""


@dataclass(slots=True)
class Told:
    """What was told of some people; all arrays of one group have one length."""

    people: Ints
    """By person: the number of the name."""
    person: Ints
    """By event: the person's number in this lot."""
    kind: Ints
    at: Ints
    collection: Ints
    about: Ints
    """By event: what it is about, as the number of its name."""
    term_event: Ints
    """By term: the event that states it."""
    term_name: Ints
    term_sort: Ints
    term_value: Ints
    """By term: 0 or 1, the number, the number of the text, or the place of the set in `sets`."""
    sets: list[tuple[int, ...]]
    texts: Any
    """The dictionary: an Arrow array of texts."""
    number_of: dict[str, int]
    """Of the texts that matter by themselves: their numbers."""
    bounded: Flags
    """By person: whether some instant is known only within bounds."""
    doubled: Flags
    """By person: whether two events share an identity and differ."""

    def text(self, number: int) -> str:
        """A text by its number."""
        return str(self.texts[number].as_py())


def told(table: Any, known_at: Instant, words: frozenset[str]) -> Told:
    """The live events of some people.

    Args:
        table: Rows of ``habeas/columns/events/1``, all rows of a person together.
        known_at: Nothing recorded later shows.
        words: Texts whose numbers are asked for: names of facts, of kinds and of collections.
    """
    table = table.combine_chunks()
    known = np.asarray(_numbers(table["known_at"]) <= known_at)
    if not known.all():
        table = table.filter(pa.array(known))
    people, person = _first_come(table["person"])
    doubled = np.zeros(len(people), np.bool_)
    table, person = _live(table, person, doubled)
    terms = _one(table["terms"]).flatten()
    own = pc.struct_field(terms, "texts")
    texts, codes = _dictionary(
        [
            *(pa.array(sorted({*words, UNNUMBERED.id, *COLLECTIONS})),),
            pa.array(people),
            _plain(table["about"]),
            _plain(pc.struct_field(terms, "name")),
            _plain(pc.struct_field(terms, "text")),
            own.flatten(),
        ]
    )
    fixed = sorted({*words, UNNUMBERED.id, *COLLECTIONS})
    number_of = {text: int(code) for text, code in zip(fixed, codes[0], strict=True)}
    kind = _kinds(table["event"])
    collection = _collections(table["collection"], kind)
    about = _subjects(codes[2], collection, codes[1][person], number_of[UNNUMBERED.id])
    bounded = np.zeros(len(people), np.bool_)
    bounded[person[~_nulls(table["latest"])]] = True
    term_event = np.repeat(np.arange(len(person)), _lengths(table["terms"]))
    sort, value, sets = _values(terms, codes[4], own, codes[5])
    bounded[person[term_event[sort == BOUNDED]]] = True
    return Told(
        people=codes[1],
        person=person,
        kind=kind,
        at=_numbers(table["at"]),
        collection=collection,
        about=about,
        term_event=term_event,
        term_name=codes[3],
        term_sort=sort,
        term_value=value,
        sets=sets,
        texts=texts,
        number_of=number_of,
        bounded=bounded,
        doubled=doubled,
    )


def _live(table: Any, person: Ints, doubled: Flags) -> tuple[Any, Ints]:
    """Without what was corrected or taken back; who has one identity twice is marked."""
    keep = np.ones(len(person), np.bool_)
    _, (ids, superseded) = _dictionary([_plain(table["id"]), _plain(table["supersedes"])])
    own = person * (int(ids.max(initial=0)) + 2) + ids
    correcting = np.flatnonzero(superseded >= 0)
    if len(correcting):
        gone = person[correcting] * (int(ids.max(initial=0)) + 2) + superseded[correcting]
        keep &= ~np.isin(own, gone)
        keep &= ~_bools(pc.equal(_plain(table["event"]), "Retracted"))
    different, number = np.unique(own, return_inverse=True)
    if len(different) < len(own):
        counts = np.bincount(number)
        _once(table, number, np.flatnonzero(counts[number] > 1), (keep, doubled, person))
    if keep.all():
        return table, person
    return table.filter(pa.array(keep)), person[keep]


def _once(table: Any, number: Ints, places: Ints, into: tuple[Flags, Flags, Ints]) -> None:
    """Told twice, the same event counts once; who has one identity for two events is marked."""
    keep, doubled, person = into
    rows = table.take(pa.array(places)).cast(_without_instants(table.schema)).to_pylist()
    first: dict[int, dict[str, Any]] = {}
    for place, row in zip(places.tolist(), rows, strict=True):
        same = first.setdefault(int(number[place]), row)
        if same is row:
            continue
        if same == row:
            keep[place] = False
        else:
            doubled[person[place]] = True


def _without_instants(schema: Any) -> Any:
    """The same columns with instants as numbers: Python's own dates end before an open end does."""
    return pa.schema(
        [pa.field(f.name, pa.int64() if pa.types.is_timestamp(f.type) else f.type) for f in schema]
    )


def _first_come(column: Any) -> tuple[Any, Ints]:
    """The different texts of a column, and each row's place among them."""
    made = _one(column).dictionary_encode()
    return made.dictionary, np.asarray(made.indices).astype(np.int64)


def _dictionary(columns: list[Any]) -> tuple[Any, list[Ints]]:
    """Several columns of text in the numbers of one dictionary; -1 for none."""
    made = pa.concat_arrays([column.cast(pa.string()) for column in columns]).dictionary_encode()
    codes = np.asarray(made.indices.fill_null(-1)).astype(np.int64)
    ends = np.cumsum([len(column) for column in columns])
    return made.dictionary, np.split(codes, ends[:-1])


def _plain(column: Any) -> Any:
    """A column as one array of plain text."""
    return _one(column).cast(pa.string())


def _one(column: Any) -> Any:
    """A column as one array."""
    if not hasattr(column, "chunks"):
        return column
    made = column.combine_chunks()
    if not hasattr(made, "chunks"):
        return made
    return pa.concat_arrays(made.chunks) if made.num_chunks else pa.array([], made.type)


def _lengths(column: Any) -> Ints:
    return np.asarray(pc.fill_null(pc.list_value_length(column), 0)).astype(np.int64)


def _numbers(column: Any) -> Ints:
    return np.asarray(pc.fill_null(pc.cast(column, pa.int64()), 0)).astype(np.int64)


def _nulls(column: Any) -> Flags:
    return _bools(pc.is_null(column))


def _bools(column: Any) -> Flags:
    return np.asarray(column).astype(np.bool_)


def _kinds(column: Any) -> Ints:
    names, number = _first_come(_plain(column))
    place = np.array(
        [KIND_NAMES.index(name) if name in EVENTS else -1 for name in names.to_pylist()], np.int64
    )
    if (place < 0).any():
        strange = names[int(np.flatnonzero(place < 0)[0])].as_py()
        raise ValueError(f"expected a kind of event, found [{strange}]")
    return place[number]


_OWN_COLLECTION: Final = np.array([COLLECTIONS.index(kind.collection) for kind in KIND_TYPES], np.int64)


def _collections(column: Any, kind: Ints) -> Ints:
    names, number = _first_come(pc.fill_null(_plain(column), ""))
    stated = np.array(
        [COLLECTIONS.index(name) if name in COLLECTIONS else -1 for name in names.to_pylist()], np.int64
    )[number]
    return np.where(stated < 0, _OWN_COLLECTION[kind], stated)


def _subjects(about: Ints, collection: Ints, person: Ints, unnumbered: int) -> Ints:
    """What is about nothing is about the person, or of a booking the unnumbered one."""
    booking = COLLECTIONS.index("booking")
    return np.where(about >= 0, about, np.where(collection == booking, unnumbered, person))


def _values(terms: Any, text: Ints, own: Any, members: Ints) -> tuple[Ints, Ints, list[tuple[int, ...]]]:
    truth, number = pc.struct_field(terms, "truth"), pc.struct_field(terms, "number")
    sort = np.zeros(len(text), np.int64)
    value = np.zeros(len(text), np.int64)
    for name, found, these in (
        (TRUTH, ~_nulls(truth), _numbers(truth)),
        (NUMBER, ~_nulls(number), _numbers(number)),
        (TEXT, text >= 0, text),
    ):
        sort[found], value[found] = name, these[found]
    sort[~_nulls(pc.struct_field(terms, "missing"))] = MISSING
    sort[~_nulls(pc.struct_field(terms, "latest"))] = BOUNDED
    listed = np.flatnonzero(~_nulls(own))
    sort[listed] = TEXTS
    starts, ends = _bounds(own)
    sets: dict[tuple[int, ...], int] = {}
    for place in listed.tolist():
        those = tuple(sorted(members[starts[place] : ends[place]].tolist()))
        value[place] = sets.setdefault(those, len(sets))
    return sort, value, list(sets)


def _bounds(lists: Any) -> tuple[Ints, Ints]:
    """Where each list's members begin and end, among the members of all."""
    ends = np.cumsum(_lengths(lists))
    return ends - _lengths(lists), ends
