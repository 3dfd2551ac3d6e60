"""A lot: custodies of one line with their rows, and what of them columns can read at any instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from habeas.bulk.folding import TIMELESS, Folded, Rows
from habeas.bulk.groups import together
from habeas.bulk.keeping import Custodies
from habeas.bulk.plan import Plan
from habeas.bulk.subjects import UNKNOWN, Subjects, absent_instant
from habeas.bulk.summing import End, ends_of
from habeas.bulk.told import MISSING, NUMBER, TEXT, TEXTS, TRUTH, Flags, Ints
from habeas.custody.facts import COLLECTIONS
from habeas.kernel.instants import FOREVER, Instant


class Words:
    """Numbers of texts that stay the same from lot to lot."""

    def __init__(self) -> None:
        """Begin with none."""
        self._number: dict[object, int] = {}

    def of(self, word: object) -> int:
        """The number of a text, or of a set of them."""
        return self._number.setdefault(word, len(self._number))


class Lot:
    """Custodies of one line, with the rows that bear on them."""

    def __init__(
        self,
        folded: Folded,
        custodies: Custodies,
        subjects: Mapping[str, Subjects],
        plan: Plan,
        words: Words,
        ends: Mapping[int, tuple[End, ...]] | None = None,
    ) -> None:
        """Take what was folded, what of it bears on which custody, and the ends of sentences if known."""
        self.folded, self.custodies, self.subjects, self.plan = folded, custodies, subjects, plan
        self.line = plan.line
        self._words = words
        self.refused: dict[int, str] = {}
        """Custody -> why columns cannot decide it."""
        self.ends: dict[int, tuple[End, ...]] = dict(ends or {})
        """Place of a sentence among the papers that bear on custodies -> its ends."""
        if ends is None:
            self.ends |= ends_of(self)

    def only(self, these: Flags) -> Lot:
        """Some of its custodies as a lot."""
        place = np.cumsum(these) - 1
        subjects: dict[str, Subjects] = {}
        for name, each in self.subjects.items():
            kept = these[each.custody]
            subjects[name] = Subjects.of(place[each.custody[kept]], each.row[kept], int(these.sum()))
        papers = self.subjects["instrument"]
        moved = np.cumsum(these[papers.custody]) - 1
        ends = {int(moved[n]): end for n, end in self.ends.items() if these[papers.custody[n]]}
        made = Lot(self.folded, self.custodies.only(these), subjects, self.plan, self._words, ends)
        made.__dict__["signatures"] = self.signatures
        return made

    def rows(self, collection: str) -> Rows:
        """The rows of a collection."""
        return self.folded.rows[collection]

    def refuse(self, custodies: Ints, reason: str) -> None:
        """Leave some custodies to the definition."""
        for each in np.unique(custodies).tolist():
            self.refused.setdefault(each, reason)

    @cached_property
    def signatures(self) -> Mapping[str, Ints]:
        """By collection: for each row a number that stays the same from lot to lot.

        Equal where every fact that is no instant is, and instants are stated, missing or never alike.
        """
        return {name: self._signature(name) for name in COLLECTIONS}

    def _signature(self, collection: str) -> Ints:
        rows, questions = self.rows(collection), self.plan.on[collection]
        columns: list[Ints] = [np.zeros(len(rows.person), np.int64)]
        for fact in questions.discrete:
            place = rows.place(fact)
            columns += [rows.sort[:, place], self._stable(rows.sort[:, place], rows.value[:, place])]
        dates = ("lodged_at", "withdrawn_at", "ended_at") if collection == "instrument" else ()
        for fact in dict.fromkeys((*questions.instants, *dates)):
            place = rows.place(fact)
            never = (rows.sort[:, place] == NUMBER) & (rows.value[:, place] >= FOREVER)
            columns.append(rows.sort[:, place] * 2 + never)
        number, first = together(columns)
        stable = np.array(
            [
                self._words.of((collection, *(int(column[each]) for column in columns)))
                for each in first.tolist()
            ],
            np.int64,
        )
        return stable[number] if len(number) else number

    def _stable(self, sort: Ints, value: Ints) -> Ints:
        """Values of which those that are texts have numbers that outlive the lot."""
        found = value.copy()
        for kind in (TEXT, TEXTS):
            these = np.flatnonzero(sort == kind)
            if len(these):
                different, places = np.unique(value[these], return_inverse=True)
                numbers = [self._words.of(self.read(kind, each)) for each in different.tolist()]
                found[these] = np.array(numbers, np.int64)[places]
        return found

    def read(self, sort: int, value: int) -> Any:
        """A value as the definition has it."""
        told = self.folded.told
        if sort == TEXT:
            return told.text(value)
        if sort == TEXTS:
            return frozenset(told.text(each) for each in told.sets[value])
        if sort == TRUTH:
            return bool(value)
        return None if sort == MISSING else Instant(value)

    def plain(self, custody: int, at: int) -> dict[str, list[dict[str, Any]]]:
        """The rows of one custody at an instant, as the definition sees them."""
        absent = self.line.absent(self.line.number(at))
        found: dict[str, list[dict[str, Any]]] = {}
        for name, those in self.subjects.items():
            found[name] = []
            for place in range(int(those.first[custody]), int(those.first[custody + 1])):
                row = self.plain_row(name, int(those.row[place]), at, absent[name])
                end = self.end_at(place, at) if name == "instrument" else None
                if end is not None:
                    row["expires_at"] = None if end == UNKNOWN else Instant(end)
                found[name].append(row)
        return found

    def plain_row(self, name: str, row: int, at: int, absent: Mapping[str, Any]) -> dict[str, Any]:
        """One row at an instant, as the definition sees it."""
        rows = self.rows(name)
        made: dict[str, Any] = dict(absent)
        for place in np.flatnonzero(rows.sort[row]).tolist():
            if rows.since[row, place] <= at:
                made[rows.facts[place]] = self.read(int(rows.sort[row, place]), int(rows.value[row, place]))
        return {**made, "id": self.folded.told.text(int(rows.name[row])), "ref": name}

    def end_at(self, place: int, at: int) -> int | None:
        """The end of a sentence as law sums it, at an instant; None where it sums none."""
        ends = self.ends.get(place)
        if not ends:
            return None
        return next((each.at for each in reversed(ends) if each.since <= at), ends[0].at)

    def instants(self, collection: str, fact: str, of: tuple[Ints, Ints, Ints, Ints]) -> Ints:
        """An instant fact of some rows at some instants; NEVER as FOREVER, UNKNOWN where it is not known.

        Args:
            collection: Of which rows.
            fact: Which.
            of: For each: the row, its place among the subjects (-1 for none), the instant, the stretch.
        """
        row, _, at, number = of
        rows = self.rows(collection)
        place = rows.place(fact)
        sort: Ints = rows.sort[row, place]
        found: Ints = rows.value[row, place]
        unstated = sort == 0
        if self.dated(collection, fact):
            unstated = unstated | (rows.since[row, place] > at)
        if unstated.any():
            found = np.where(unstated, self.absent(collection, fact)[number], found)
        missing = ~unstated & (sort != NUMBER)
        if missing.any():
            found = np.where(missing, UNKNOWN, found)
        if collection == "instrument" and fact == "expires_at":
            found = self._ended(found, of)
        return found

    def _ended(self, found: Ints, of: tuple[Ints, Ints, Ints, Ints]) -> Ints:
        """The same with what law says of the ends of sentences: summed, or not for ever."""
        row, subject, at, _ = of
        sentence = self.is_sentence[row]
        found = np.where(sentence & (found >= FOREVER), UNKNOWN, found)
        if self.ends:
            single, several = self._ends_by_subject
            summed = single[subject]
            found = np.where((subject >= 0) & (summed != _NO_SUM), summed, found)
            for each in np.flatnonzero(several[subject] & (subject >= 0)).tolist():
                end = self.end_at(int(subject[each]), int(at[each]))
                found[each] = UNKNOWN if end is None else end
        return found

    @cached_property
    def _ends_by_subject(self) -> tuple[Ints, Flags]:
        count = len(self.subjects["instrument"].row)
        single = np.full(count + 1, _NO_SUM, np.int64)
        several = np.zeros(count + 1, np.bool_)
        for place, ends in self.ends.items():
            if len(ends) == 1:
                single[place] = ends[0].at
            else:
                several[place] = True
        return single, several

    @cached_property
    def is_sentence(self) -> Flags:
        """By paper: whether it is a sentence."""
        rows = self.rows("instrument")
        place = rows.place("kind")
        code = self.folded.told.number_of["sentence"]
        found: Flags = (rows.sort[:, place] == TEXT) & (rows.value[:, place] == code)
        return found

    def dated(self, collection: str, fact: str) -> bool:
        """Whether some row has the fact only from an instant on."""
        return fact in self._dated[collection]

    @cached_property
    def _dated(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for name in COLLECTIONS:
            rows = self.rows(name)
            some = np.flatnonzero((rows.since > TIMELESS).sum(axis=0))
            found[name] = frozenset(rows.facts[place] for place in some.tolist())
        return found

    def dated_facts(self, collection: str) -> Sequence[str]:
        """The facts that some row has only from an instant on, in order."""
        return sorted(self._dated[collection])

    def absent(self, collection: str, fact: str) -> Ints:
        """By stretch of the line: what the instant is where no event states it."""
        key = collection, fact
        made = self._absents.get(key)
        if made is None:
            made = np.full(len(self.line.edges) + 1, UNKNOWN, np.int64)
            for number in self.plan.numbers:
                made[number] = absent_instant(self.line, number, collection, fact)
            self._absents[key] = made
        return made

    @cached_property
    def _absents(self) -> dict[tuple[str, str], Ints]:
        return {}


_NO_SUM = UNKNOWN - 1
"""In the place of an end: law sums none."""
