"""When the sentences of a lot end, by the definition's arithmetic, asked once for each different sum."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from habeas.authority.belonging import lodged
from habeas.bulk.deadlines import days_of
from habeas.bulk.folding import TIMELESS
from habeas.bulk.footings import SUMMED
from habeas.bulk.groups import together
from habeas.bulk.subjects import UNKNOWN
from habeas.bulk.sums import CannotSum, end_of
from habeas.bulk.told import NUMBER, Ints
from habeas.kernel.instants import NEVER, Instant
from habeas.law.enactments import Effect
from habeas.law.program import Rule

if TYPE_CHECKING:
    from habeas.bulk.lot import Lot

_READ: Final = tuple(dict.fromkeys((*SUMMED, "charge", "lodged_at", "withdrawn_at", "ended_at")))


@dataclass(frozen=True, slots=True)
class End:
    """The end of a sentence, from some instant of a custody on; UNKNOWN where it is not known."""

    since: int
    at: int


def ends_of(lot: Lot) -> dict[int, tuple[End, ...]]:
    """The ends of every sentence that bears on a custody, by its place among the papers.

    A custody whose sentences columns cannot sum is refused.
    """
    made = _Summing(lot)
    made.run()
    return made.ends


class _Summing:
    """The sums of one lot under way."""

    def __init__(self, lot: Lot) -> None:
        self.lot, self.rows, self.subjects = lot, lot.rows, lot.subjects
        self.line, self.plan, self.custodies = lot.line, lot.plan, lot.custodies
        self.refused = lot.refused
        self.ends: dict[int, tuple[End, ...]] = {}

    def run(self) -> None:
        """Sum up the sentences of every custody that has any."""
        if not any(program.computes for program in self.plan.programs):
            return
        papers = self.subjects["instrument"]
        places = np.flatnonzero(self.lot.is_sentence[papers.row])
        by_custody: dict[int, list[int]] = {}
        for place in places.tolist():
            by_custody.setdefault(int(papers.custody[place]), []).append(place)
        alone = np.array([those[0] for those in by_custody.values() if len(those) == 1], np.int64)
        done = {int(papers.custody[place]) for place in self._sum_alone(alone).tolist()}
        for custody, those in by_custody.items():
            if custody in done:
                continue
            try:
                self._sum(custody, those)
            except CannotSum as refused:
                self.refused.setdefault(custody, str(refused))

    def _sum_alone(self, places: Ints) -> Ints:
        """The ends of sentences that are the only ones of their custodies; gives those that were summed.

        Only a sentence that is summed in one way throughout. Those of the same days and figures have
        one end.
        """
        papers, rows = self.subjects["instrument"], self.rows("instrument")
        custody, row = papers.custody[places], papers.row[places]
        ways = self._ways_of_summing
        numbers = [
            np.searchsorted(np.array(self.line.edges, np.int64), at[custody], "right")
            for at in (self.custodies.start, self.custodies.end)
        ]
        plain = (rows.since[row][:, self._summed_places] == TIMELESS).all(axis=1)
        kept = np.flatnonzero(plain & (ways[numbers[0]] == ways[numbers[1]]))
        if not len(kept):
            return places[kept]
        columns = [ways[numbers[0][kept]]]
        for fact, column in zip(SUMMED, self._summed_places, strict=True):
            sort, value = rows.sort[row[kept], column], rows.value[row[kept], column]
            columns += [sort, self._by_day(sort, value) if fact in {"issued_at", "lodged_at"} else value]
        number, first = together(columns)
        refused: dict[int, str] = {}
        ends = [
            self._end_alone(int(custody[kept[each]]), int(row[kept[each]]), refused, int(each))
            for each in first
        ]
        for at, group in zip(kept.tolist(), number.tolist(), strict=True):
            if int(first[group]) in refused:
                self.refused.setdefault(int(custody[at]), refused[int(first[group])])
            else:
                since = int(self.custodies.start[custody[at]])
                self.ends[int(places[at])] = (End(since, ends[int(group)]),)
        return places[kept]

    def _by_day(self, sort: Ints, value: Ints) -> Ints:
        """Instants of which a sum reads the civil day alone, as the first instant of that day."""
        days = days_of(self.line.zone)
        there = (sort == NUMBER) & (value >= days[0]) & (value < days[-1])
        return np.where(there, days[np.searchsorted(days, value, "right") - 1], value)

    def _end_alone(self, custody: int, row: int, refused: dict[int, str], place: int) -> int:
        rows, number = self.rows("instrument"), self.line.number(int(self.custodies.start[custody]))
        facts: dict[str, Any] = dict(zip(SUMMED, self._sums_in(number)[1], strict=True))
        for column in self._summed_places:
            if sort := int(rows.sort[row, column]):
                facts[rows.facts[column]] = self.lot.read(sort, int(rows.value[row, column]))
        try:
            summed = end_of(self.line, number, [("", facts)], facts, ())
        except CannotSum as why:
            refused[place] = str(why)
            return UNKNOWN
        return UNKNOWN if summed is None or summed == NEVER else int(summed)

    @cached_property
    def _ways_of_summing(self) -> Ints:
        """By stretch of the line: a number that changes wherever sums are made in another way."""
        found = np.zeros(len(self.line.edges) + 1, np.int64)
        for before, number in pairwise(sorted(self.plan.numbers)):
            found[number] = found[before] + (self._sums_in(before) != self._sums_in(number))
        return found

    @cached_property
    def _summed_places(self) -> list[int]:
        return [self.rows("instrument").place(fact) for fact in SUMMED]

    def _sums_in(self, number: int) -> tuple[tuple[Rule, ...], tuple[Any, ...]]:
        """The rule that sums in a stretch, and what each fact it reads is where no event states it."""
        if number not in self._sums_known:
            defining = self.line.footing(number).program.defining
            rules = tuple(rule for rule in defining if rule.provision.effect is Effect.COMPUTES)
            absent = self.line.absent(number)["instrument"]
            self._sums_known[number] = rules, tuple(absent.get(fact) for fact in SUMMED)
        return self._sums_known[number]

    @cached_property
    def _sums_known(self) -> dict[int, tuple[tuple[Rule, ...], tuple[Any, ...]]]:
        return {}

    def _sum(self, custody: int, places: Sequence[int]) -> None:
        """The ends of one custody's sentences, stretch by stretch of papers in hand and of law."""
        papers, rows = self.subjects["instrument"], self.rows("instrument")
        start, end = int(self.custodies.start[custody]), int(self.custodies.end[custody])
        breaks = {start, *(edge for edge in self.line.edges if start < edge < end)}
        for place in places:
            row = int(papers.row[place])
            for fact in ("lodged_at", "withdrawn_at", "ended_at"):
                column = rows.place(fact)
                if rows.sort[row, column] == NUMBER:
                    breaks.add(int(rows.value[row, column]))
            since = rows.since[row, self._summed_places]
            breaks |= set(since[since > TIMELESS].tolist())
        found: dict[int, list[End]] = {place: [] for place in places}
        told_in: dict[tuple[object, ...], Mapping[int, dict[str, Any]]] = {}
        known: dict[tuple[object, ...], int] = {}
        for at in sorted(each for each in breaks if start <= each <= end):
            number = self.line.number(at)
            held = tuple(
                (rows.since[papers.row[each], self._summed_places] <= at).tobytes() for each in places
            )
            stretch = int(self._ways_of_summing[number]), id(self.line.absent(number)), held
            if stretch not in told_in:
                told_in[stretch] = {place: self._sentence(custody, place, at, number) for place in places}
            told = told_in[stretch]
            in_hand = {place: lodged(told[place], Instant(at)) for place in places}
            there = [place for place in places if in_hand[place] is not False]
            for place in there:
                unsure = frozenset(p for p in there if in_hand[p] is None and p != place)
                stated = place if told[place].get("expires_at") not in {None, NEVER} else None
                key = stretch, tuple(there), unsure, stated
                if key not in known:
                    known[key] = self._end(number, there, told, (place, unsure))
                if not found[place] or found[place][-1].at != known[key]:
                    found[place].append(End(at, known[key]))
        self.ends |= {place: tuple(ends) for place, ends in found.items() if ends}

    def _sentence(self, custody: int, place: int, at: int, number: int) -> dict[str, Any]:
        """What a sum reads of a sentence, and whether the paper is in hand."""
        rows, row = self.rows("instrument"), int(self.subjects["instrument"].row[place])
        absent = self.line.absent(number)
        made: dict[str, Any] = {name: absent["instrument"].get(name) for name in _READ}
        for name, column in self._read_places.items():
            if rows.since[row, column] <= at and (sort := int(rows.sort[row, column])):
                made[name] = self.lot.read(sort, int(rows.value[row, column]))
        made["id"] = self.lot.folded.told.text(int(rows.name[row]))
        document = made["charging_document"]
        if self._asks_documents(number) and (not isinstance(document, str) or document == "none"):
            made["charging_document"] = self._document(custody, made["charge"], at, absent["charge"])
        return made

    def _end(
        self,
        number: int,
        there: Sequence[int],
        told: Mapping[int, Mapping[str, Any]],
        of: tuple[int, Collection[int]],
    ) -> int:
        """The end of one of the sentences that are there, some of which may not be in hand."""
        place, unsure = of
        given = [(str(told[each]["id"]), told[each]) for each in there]
        names = {str(told[each]["id"]) for each in unsure}
        summed = end_of(self.line, number, given, told[place], names)
        return UNKNOWN if summed is None or summed == NEVER else int(summed)

    @cached_property
    def _read_places(self) -> dict[str, int]:
        return {name: self.rows("instrument").place(name) for name in _READ}

    def _asks_documents(self, number: int) -> bool:
        """Whether some step asks which charging document a sentence rests on."""
        rules = self._sums_in(number)[0]
        return any(
            "by-document" in step.parameters.values() for rule in rules for step in rule.provision.steps
        )

    def _document(self, custody: int, charge: object, at: int, absent: Mapping[str, Any]) -> str | None:
        charges, rows = self.subjects["charge"], self.rows("charge")
        for place in range(int(charges.first[custody]), int(charges.first[custody + 1])):
            row = int(charges.row[place])
            if self.lot.folded.told.text(int(rows.name[row])) == charge:
                found = self.lot.plain_row("charge", row, at, absent).get("charging_document")
                return found if isinstance(found, str) and found != "none" else None
        return None
