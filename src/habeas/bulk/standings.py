"""How every subject of a lot stands in every segment, by asking once for each different state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from habeas.bulk.groups import together
from habeas.bulk.lot import Lot
from habeas.bulk.plan import Plan
from habeas.bulk.seen import OPEN, YES, Seen, View
from habeas.bulk.subjects import UNKNOWN
from habeas.bulk.told import Flags, Ints
from habeas.custody.facts import COLLECTIONS
from habeas.kernel.instants import BEGINNING, FOREVER, Instant
from habeas.law.conditions import AT, Comparison, FactRef, FixedInstant, InstantTest, Moment, Quantifier

_WORD = 60
"""Comparisons in one number."""


@dataclass(slots=True)
class Segments:
    """Custody cut wherever an answer can change, in order of custody and time."""

    custody: Ints
    start: Ints
    end: Ints
    door: Flags
    """Whether it is the instant of release, asked as if nobody had opened the door."""
    number: Ints
    """The stretch of the line."""
    first: Ints
    """By custody: where its segments begin; one more at the end."""


@dataclass(slots=True)
class Standings:
    """The subjects of one collection in every segment, in order of segment."""

    collection: str
    segment: Ints
    subject: Ints
    row: Ints
    seen: Ints
    """The number of what the definition says in its state."""

    def of(self, segments: Segments) -> tuple[Ints, Ints, Ints, Ints]:
        """For reading instants: rows, places among the subjects, instants, stretches."""
        at, number = segments.start[self.segment], segments.number[self.segment]
        return self.row, self.subject, at, number


class Memory:
    """What the definition said of each state met so far on one line."""

    def __init__(self, plan: Plan) -> None:
        """Begin with none."""
        self.plan = plan
        self.answers: dict[tuple[int, ...], tuple[int, ...]] = {}
        self.seen: dict[tuple[int, ...], int] = {}
        self.said: list[Seen] = []
        self._footings: dict[tuple[object, ...], int] = {}

    def footing(self, number: int) -> int:
        """A number for a stretch, the same for stretches in which everything is the same."""
        footing = self.plan.line.footing(number)
        absent = self.plan.line.absent(number)
        key = footing.program, footing.common.key, *(tuple(absent[name].items()) for name in COLLECTIONS)
        return self._footings.setdefault(key, len(self._footings))


def standings(lot: Lot, segments: Segments, memory: Memory) -> Mapping[str, Standings]:
    """How every subject stands in every segment."""
    made: dict[str, Standings] = {name: _placed(lot, segments, name) for name in COLLECTIONS}
    asking = _Asking(lot, segments, memory)
    keys = {name: asking.states(each) for name, each in made.items()}
    answers = {
        name: asking.answers(each, keys[name]) for name, each in made.items() if lot.plan.on[name].parts
    }
    outcomes = {
        (id(node), column): values
        for name, columns in answers.items()
        for (node, _), found in zip(lot.plan.on[name].parts, columns, strict=True)
        for column, values in enumerate(
            _outcomes(node.quantifier, node.at_least, found, made[name], segments)
        )
    }
    for name, each in made.items():
        key = list(keys[name])
        for node in lot.plan.on[name].asks:
            key += [outcomes[id(node), column][each.segment] for column in range(2)]
        each.seen = asking.seen(each, key)
    return made


def _placed(lot: Lot, segments: Segments, name: str) -> Standings:
    of, subject = lot.subjects[name].at(segments.custody)
    return Standings(name, of, subject, lot.subjects[name].row[subject], np.zeros(len(of), np.int64))


def _outcomes(
    quantifier: Quantifier, at_least: int, answers: Ints, made: Standings, segments: Segments
) -> tuple[Ints, Ints]:
    """By segment: how many rows surely and perhaps satisfy a part, as far as it matters."""
    count = len(segments.custody)
    sure = np.bincount(made.segment[answers == YES], minlength=count)
    unsure = np.bincount(made.segment[answers == OPEN], minlength=count)
    if quantifier is Quantifier.COUNT:
        return np.minimum(sure, at_least), np.minimum(sure + unsure, at_least)
    if quantifier is Quantifier.EVERY:
        not_so = np.bincount(made.segment[answers == 0], minlength=count)
        return np.minimum(not_so, 1), np.minimum(unsure, 1)
    return np.minimum(sure, 1), np.minimum(unsure, 1)


class _Asking:
    """Asks the definition of one row for each state not met before."""

    def __init__(self, lot: Lot, segments: Segments, memory: Memory) -> None:
        self._lot, self._segments, self._memory = lot, segments, memory
        self._views: dict[int, View] = {}
        line = lot.line
        numbers = np.zeros(len(line.edges) + 1, np.int64)
        for number in lot.plan.numbers:
            numbers[number] = memory.footing(number)
        self._footing = numbers

    def states(self, made: Standings) -> list[Ints]:
        """The columns of each subject's state in each segment, but for what quantifiers come to."""
        lot, name = self._lot, made.collection
        of = made.of(self._segments)
        columns = [self._footing[of[3]], lot.signatures[name][made.row]]
        columns += [lot.signatures[other][self._single(made, other)] for other in self._beside(name)]
        bits = [*self._tests(made, of), *self._known(made, of)]
        for start in range(0, len(bits), _WORD):
            word = np.zeros(len(made.row), np.int64)
            for place, bit in enumerate(bits[start : start + _WORD]):
                word |= bit.astype(np.int64) << place
            columns.append(word)
        return columns

    def _beside(self, name: str) -> list[str]:
        return sorted(self._lot.plan.on[name].beside - {name})

    def _single(self, made: Standings, other: str) -> Ints:
        """The one row of another collection in each subject's custody."""
        those = self._lot.subjects[other]
        return those.row[those.first[self._segments.custody[made.segment]]]

    def _known(self, made: Standings, of: tuple[Ints, Ints, Ints, Ints]) -> list[Flags]:
        """What has begun to be stated, whether a paper is in hand, and whether a sum has an end."""
        lot, name = self._lot, made.collection
        rows = lot.rows(name)
        found = [rows.since[made.row, rows.place(fact)] <= of[2] for fact in lot.dated_facts(name)]
        for other in self._beside(name):
            those, row = lot.rows(other), self._single(made, other)
            found += [those.since[row, those.place(fact)] <= of[2] for fact in lot.dated_facts(other)]
        if name == "instrument":
            for fact in ("lodged_at", "withdrawn_at", "ended_at"):
                found.append(lot.instants(name, fact, of) <= of[2])
            if "expires_at" in rows.facts:
                end = lot.instants(name, "expires_at", of)
                found += [end == UNKNOWN, end >= FOREVER]
        return found

    def _tests(self, made: Standings, of: tuple[Ints, Ints, Ints, Ints]) -> list[Flags]:
        return [self._compared(made, of, test) for test in self._lot.plan.on[made.collection].tests]

    def _compared(self, made: Standings, of: tuple[Ints, Ints, Ints, Ints], test: InstantTest) -> Flags:
        left, right = (self._side(made, of, side) for side in (test.left, test.right))
        return _COMPARED[test.op](left, right)

    def _side(self, made: Standings, of: tuple[Ints, Ints, Ints, Ints], side: Moment | FixedInstant) -> Ints:
        if isinstance(side, FixedInstant):
            return np.full(len(made.row), side.at, np.int64)
        found = of[2] if side.fact == AT else self._fact(made, of, side.fact)
        if not side.offset:
            return found
        # As `kernel.instants.shifted`: an open end stays open.
        moved = np.clip(found + side.offset, BEGINNING, FOREVER)
        return np.where((found >= FOREVER) | (found <= BEGINNING), found, moved)

    def _fact(self, made: Standings, of: tuple[Ints, Ints, Ints, Ints], fact: FactRef) -> Ints:
        if fact.owner == made.collection:
            return self._lot.instants(fact.owner, fact.name, of)
        row = self._single(made, fact.owner)
        return self._lot.instants(fact.owner, fact.name, (row, np.full(len(row), -1, np.int64), of[2], of[3]))

    def answers(self, made: Standings, key: Sequence[Ints]) -> list[Ints]:
        """By quantifier: what its part comes to of each row in each segment."""
        parts = len(self._lot.plan.on[made.collection].parts)
        number, first = _together(key)
        kept = self._memory.answers
        found = np.zeros((len(first), parts), np.int64)
        for place, row in enumerate(first.tolist()):
            state = COLLECTIONS.index(made.collection), *(int(column[row]) for column in key)
            if state not in kept:
                kept[state] = self._view(made, row).answers(made.collection, self._place(made, row))
            found[place] = kept[state]
        return [found[number, column] for column in range(parts)]

    def seen(self, made: Standings, key: Sequence[Ints]) -> Ints:
        """The number of what the definition says of each row in each segment."""
        number, first = _together(key)
        kept, said = self._memory.seen, self._memory.said
        found = np.zeros(len(first), np.int64)
        for place, row in enumerate(first.tolist()):
            state = COLLECTIONS.index(made.collection), *(int(column[row]) for column in key)
            if state not in kept:
                said.append(self._view(made, row).seen(made.collection, self._place(made, row)))
                kept[state] = len(said) - 1
            found[place] = kept[state]
        return found[number] if len(number) else number

    def _view(self, made: Standings, row: int) -> View:
        segment = int(made.segment[row])
        if segment not in self._views:
            lot, at = self._lot, int(self._segments.start[segment])
            plain = lot.plain(int(self._segments.custody[segment]), at)
            footing = lot.line.footing(int(self._segments.number[segment]))
            self._views[segment] = View(lot.plan, footing, Instant(at), plain)
        return self._views[segment]

    def _place(self, made: Standings, row: int) -> int:
        subjects = self._lot.subjects[made.collection]
        return int(made.subject[row] - subjects.first[self._segments.custody[int(made.segment[row])]])


def _together(key: Sequence[Ints]) -> tuple[Ints, Ints]:
    if not len(key[0]):
        return key[0], key[0]
    return together(key)


_COMPARED = {
    Comparison.LESS: np.less,
    Comparison.AT_MOST: np.less_equal,
    Comparison.MORE: np.greater,
    Comparison.AT_LEAST: np.greater_equal,
}
