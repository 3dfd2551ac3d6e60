"""The engine: rows of events in, answers for everybody out; by columns where they say it exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from habeas.bulk.deciding import Book, Decided, decide
from habeas.bulk.folding import Folded, fold
from habeas.bulk.footings import Asked, Line, reads_of
from habeas.bulk.keeping import Custodies, custodies, seated
from habeas.bulk.lot import Lot, Words
from habeas.bulk.plan import Plan
from habeas.bulk.standings import Memory
from habeas.bulk.subjects import subjects_of
from habeas.bulk.told import KIND_TYPES, Flags, Ints, Told, told
from habeas.custody.coverage import standing
from habeas.custody.facts import COLLECTIONS
from habeas.custody.instruments import InstrumentKind
from habeas.kernel.instants import FOREVER
from habeas.kernel.places import PlaceId, lies_within

_TERMS: Final = frozenset(
    name for kind in KIND_TYPES for which in (kind.own, kind.dated, kind.gathered) for name in which
)
_WORDS: Final = frozenset({"none", "to", "booking", "kind", *COLLECTIONS, *InstrumentKind, *_TERMS})


@dataclass(slots=True)
class Part:
    """What was decided by columns of the custodies of one line."""

    lot: Lot
    decided: Decided
    book: Book
    keep: Flags
    """By custody: whether the columns' answer counts."""


@dataclass(slots=True)
class Answered:
    """What came of one lot of people."""

    told: Told
    parts: list[Part]
    refused: dict[int, str]
    """Person -> why the definition decides them."""


@dataclass
class Engine:
    """Decides people by columns, and remembers what the definition said of each state met."""

    asked: Asked
    reasons: Counter[str] = field(default_factory=Counter[str])
    """Why custodies went to the definition, counted by person."""
    people: int = 0
    _lines: dict[tuple[str, str | None], Line] = field(default_factory=dict[tuple[str, "str | None"], Line])
    _plans: dict[tuple[str, str | None], tuple[Plan, Memory]] = field(
        default_factory=dict[tuple[str, "str | None"], tuple[Plan, Memory]]
    )
    _words: Words = field(default_factory=Words)

    def answer(self, table: Any) -> Answered:
        """Decide whoever some rows of ``habeas/columns/events/1`` tell of.

        Args:
            table: All rows of a person together.
        """
        facts = {name for lists in self._all_reads.values() for name in lists}
        found = told(table, self.asked.facts_known_at, _WORDS | facts)
        refused: dict[int, str] = {}
        held = custodies(found, refused)
        self._refuse_places(found, held, refused)
        lines = self._lines_of(found, held, refused)
        plans = {key: self._plan(key, held.only(these)) for key, these in lines.items()}
        reads = _reads([plan for plan, _ in plans.values()])
        folded = fold(found, reads, refused)
        seated(folded, held)
        parts = [
            part for key, these in lines.items() for part in self._parts(folded, held, these, plans[key])
        ]
        for part in parts:
            part.keep &= ~_of(part.lot.custodies.person, refused, len(found.people))
        self.people += len(found.people)
        self.reasons.update(refused.values())
        return Answered(found, parts, refused)

    @property
    def _all_reads(self) -> Mapping[str, Sequence[str]]:
        """Every fact that the vocabulary knows, by collection."""
        made: dict[str, list[str]] = {name: [] for name in COLLECTIONS}
        for name in self.asked.kinds:
            collection, _, fact = name.partition(".")
            if collection in made:
                made[collection].append(fact)
        return made

    def _refuse_places(self, found: Told, held: Custodies, refused: dict[int, str]) -> None:
        """A person held in places that are covered differently: what is absent is not told by one alone."""
        known = standing(self.asked.coverage, self.asked.facts_known_at)
        places, number = np.unique(held.place, return_inverse=True)
        covered = [
            tuple(any(lies_within(PlaceId(found.text(int(place))), each) for each in c.places) for c in known)
            for place in places.tolist()
        ]
        sort = np.array([covered.index(each) for each in covered], np.int64)[number] if covered else number
        same = held.person[1:] == held.person[:-1]
        for person in held.person[1:][same & (sort[1:] != sort[:-1])].tolist():
            refused.setdefault(person, "held in several places, covered differently")

    def _lines_of(
        self, found: Told, held: Custodies, refused: dict[int, str]
    ) -> dict[tuple[str, str | None], Flags]:
        """The custodies on each line, those of refused people left out."""
        plain = ~_of(held.person, refused, len(found.people))
        made: dict[tuple[str, str | None], Flags] = {}
        pairs = np.unique(np.stack([held.place[plain], held.kind[plain]]), axis=1).T.tolist()
        for place, kind in pairs:
            key = found.text(place), None if kind < 0 else found.text(kind)
            made[key] = plain & (held.place == place) & (held.kind == kind)
        return made

    def _plan(self, key: tuple[str, str | None], held: Custodies) -> tuple[Plan, Memory]:
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = Line(self.asked, PlaceId(key[0]), key[1])
        numbers = range(line.number(int(held.start.min())), line.number(int(held.end.max())) + 1)
        known = self._plans.get(key)
        if known is not None and {*numbers} <= {*known[0].numbers}:
            return known
        if known is not None:
            numbers = range(min(numbers[0], *known[0].numbers), max(numbers[-1], *known[0].numbers) + 1)
        plan = Plan(line, numbers)
        made = self._plans[key] = plan, Memory(plan)
        return made

    def _parts(
        self, folded: Folded, held: Custodies, these: Flags, planned: tuple[Plan, Memory]
    ) -> Iterator[Part]:
        plan, memory = planned
        for custody in np.flatnonzero(these).tolist() if plan.unsaid else ():
            if reason := plan.refused(int(held.start[custody]), int(held.end[custody])):
                folded.refused.setdefault(int(held.person[custody]), reason)
        refused = _of(held.person, folded.refused, len(folded.told.people))
        mine = held.only(these & ~refused)
        lot = Lot(folded, mine, subjects_of(folded, mine, plan.line), plan, self._words)
        for part, keep, made, book in decide(lot, memory):
            segments = made.segments
            if self.asked.settle:
                part.refuse(segments.custody[made.open_facts & ~segments.door], _OPEN)
            for custody, reason in part.refused.items():
                keep[custody] = False
                folded.refused.setdefault(int(part.custodies.person[custody]), reason)
            yield Part(part, made, book, keep)


_OPEN = "an unknown fact that may settle it"


def _of(people: Ints, refused: Mapping[int, str], count: int) -> Flags:
    found = np.zeros(count, np.bool_)
    found[list(refused)] = True
    return found[people]


def _reads(plans: Sequence[Plan]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {name: set() for name in COLLECTIONS}
    for plan in plans:
        for name, facts in plan.reads.items():
            found[name].update(facts)
    for name, facts in reads_of(()).items():
        found[name].update(facts)
    return {name: sorted(facts) for name, facts in found.items()}


def segments_of(part: Part) -> Iterator[tuple[int, int, int, int, int, tuple[tuple[str, str, str], ...]]]:
    """Custody, start, end, verdict, reason and bases of every segment, doors left out."""
    made, lot = part.decided, part.lot
    bases: dict[int, list[tuple[str, str, str]]] = {}
    for grounds in made.grounds:
        rows = lot.rows(grounds.collection)
        for place in np.flatnonzero(grounds.value == 2).tolist():
            ref = part.book.grounds[int(grounds.number[place])].ref
            name = lot.folded.told.text(int(rows.name[grounds.row[place]]))
            bases.setdefault(int(grounds.segment[place]), []).append((ref, grounds.collection, name))
    segments = made.segments
    for place in np.flatnonzero(~segments.door & part.keep[segments.custody]).tolist():
        yield (
            int(segments.custody[place]),
            int(segments.start[place]),
            int(min(segments.end[place], FOREVER)),
            int(made.verdict[place]),
            int(made.because[place]),
            tuple(sorted(bases.get(place, ()))),
        )
