"""The decision of a lot: what supports custody in every segment, and what that makes of it.

Each step is that of :mod:`habeas.authority.derive`, taken for all custodies at once. False, not
known and true are 0, 1 and 2, so a conjunction is the least of several and a disjunction the
greatest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from habeas.bulk.clocks import (
    Releases,
    broken,
    dated,
    deadlines_of,
    inside_from_fact,
    inside_release,
    is_on_release,
    joins_papers,
)
from habeas.bulk.cutting import cut
from habeas.bulk.lot import Lot
from habeas.bulk.seen import NO, OPEN, YES, Seen, shifts_burden
from habeas.bulk.standings import Memory, Segments, Standings, standings
from habeas.bulk.told import Flags, Ints
from habeas.kernel.instants import FOREVER
from habeas.law.enactments import Stratum
from habeas.law.program import Rule

LAWFUL, UNLAWFUL, UNDETERMINED = 0, 1, 2
MISSING_BECAUSE, CONTESTED_BECAUSE = 1, 2


@dataclass(slots=True)
class Grounds:
    """Every ground of every subject in every segment, of one collection, in order of segment."""

    collection: str
    standing: Ints
    """Its place among the standings."""
    segment: Ints
    row: Ints
    number: Ints
    """Its number in the book of grounds."""
    value: Ints
    """Whether it supports custody, after every limit."""


@dataclass(slots=True)
class Decided:
    """What was decided of a lot."""

    segments: Segments
    verdict: Ints
    because: Ints
    open_facts: Flags
    """Segments whose verdict might be settled by supposing what is not known."""
    grounds: Sequence[Grounds]


class Book:
    """What the definition said, as arrays: one entry for each state met, and for each ground in it."""

    def __init__(self, said: Sequence[Seen], duties: Sequence[Rule], caps: Sequence[Rule]) -> None:
        """Write down what was said so far."""
        grounds = [ground for each in said for ground in each.grounds]
        self.grounds = grounds
        self.counts = np.array([len(each.grounds) for each in said], np.int64)
        self.first = np.cumsum(self.counts) - self.counts
        self.assured = np.array([each.assured for each in said], np.bool_)
        self.because = np.array([each.because for each in said], np.int64)
        self.encoded = np.array([each.encoded for each in said], np.bool_)
        self.value = np.array([ground.value for ground in grounds], np.int64)
        self.requires = np.array([ground.requires for ground in grounds], np.bool_)
        self.strata = [ground.stratum for ground in grounds]
        self.ended_by = [np.array([d in g.ended_by for g in grounds], np.bool_) for d in range(len(duties))]
        self.ended_by_own = [
            np.array([d in g.ended_by_own for g in grounds], np.bool_) for d in range(len(duties))
        ]
        self.duties = [
            np.array([dict(s.duties).get(d, NO) for s in said], np.int64) for d in range(len(duties))
        ]
        self.caps = [
            np.array([_applying(g.caps, cap) for g in grounds], np.int64) for cap in range(len(caps))
        ]
        self.ceilings = [
            np.array([_applying(s.ceilings, cap) for s in said], np.int64) for cap in range(len(caps))
        ]

    def of_strata(self, strata: Sequence[Stratum]) -> tuple[Flags, Flags]:
        """The grounds of some strata, and the states of which some ground may be of them."""
        names = {each.value for each in strata}
        grounds = np.array([each in names for each in self.strata], np.bool_)
        states = np.array(
            [
                not self.encoded[place] if not count else bool(grounds[first : first + count].any())
                for place, (first, count) in enumerate(
                    zip(self.first.tolist(), self.counts.tolist(), strict=True)
                )
            ],
            np.bool_,
        )
        return grounds, states


def _applying(caps: Sequence[tuple[int, int]], cap: int) -> int:
    return max((applies for applies, number in caps if number == cap), default=NO)


def decide(lot: Lot, memory: Memory) -> Iterator[tuple[Lot, Flags, Decided, Book]]:
    """Decide every custody of a lot.

    Returns:
        Parts of it, with the custodies of each that it decides; those that columns cannot decide are
        named in the ``refused`` of their part.
    """
    first = _Deciding(lot, memory, {}, [])
    first.run()
    waiting = first.waiting()
    if not waiting.any():
        yield lot, ~waiting, first.decided(), first.book
        return
    strata = {
        clock.strata for rule in lot.plan.caps if is_on_release(rule) and (clock := rule.provision.clock)
    }
    found = {each: first.releases(each, waiting) for each in strata}
    yield lot, ~waiting, first.decided(), first.book
    again = lot.only(waiting)
    again.refused |= _moved(lot.refused, waiting)
    releases = {each: made.only(waiting) for each, made in found.items()}
    cuts = [
        (made.custody, at)
        for rule in lot.plan.caps
        if is_on_release(rule) and (clock := rule.provision.clock)
        for made in (releases[clock.strata],)
        for at in (made.at, deadlines_of(again, rule, made))
    ]
    second = _Deciding(again, memory, releases, cuts)
    second.run()
    yield again, np.ones(len(again.custodies), np.bool_), second.decided(), second.book


def _moved(refused: Mapping[int, str], these: Flags) -> dict[int, str]:
    place = np.cumsum(these) - 1
    return {int(place[custody]): reason for custody, reason in refused.items() if these[custody]}


class _Deciding:
    """One pass over a lot: without the caps that wait for release, or with them."""

    def __init__(
        self,
        lot: Lot,
        memory: Memory,
        releases: Mapping[tuple[Stratum, ...], Releases],
        cuts: Sequence[tuple[Ints, Ints]],
    ) -> None:
        self.lot, self.memory, self.releases_of = lot, memory, releases
        self.duties = [dated(lot, rule) for rule in lot.plan.duties]
        self.caps = [None if is_on_release(rule) else dated(lot, rule) for rule in lot.plan.caps]
        self.segments = cut(lot, [*self.duties, *(cap for cap in self.caps if cap)], cuts)

    def run(self) -> None:
        """Decide every segment."""
        self.standings = standings(self.lot, self.segments, self.memory)
        self.book = Book(self.memory.said, self.lot.plan.duties, self.lot.plan.caps)
        limits = self._breaches()
        self.grounds = [self._supported(each, limits) for each in self.standings.values()]

    def _breaches(self) -> tuple[list[Ints], list[Ints | None]]:
        """By duty: what its breaches leave of grounds in each segment, and of the subject's own."""
        everywhere: list[Ints] = []
        own: list[Ints | None] = []
        for number, found in enumerate(self.duties):
            rule = found.rule
            made = self.standings[rule.provision.on]
            applies = self.book.duties[number][made.seen]
            left = np.full(len(self.segments.custody), YES, np.int64)
            limit: Ints | None = None
            if applies.any():
                is_broken = broken(self.lot, found, made, self.segments, applies)
                shifted = (is_broken == YES) & shifts_burden(rule)
                limit = np.where(shifted, OPEN, YES - is_broken)
                less = np.flatnonzero(limit < YES)
                np.minimum.at(left, made.segment[less], limit[less])
                if joins_papers(rule):
                    self._refuse_several(made, applies > NO, f"a clock of several papers: {rule.ref}")
            everywhere.append(left)
            own.append(limit)
        return everywhere, own

    def _refuse_several(self, made: Standings, these: Flags, reason: str) -> None:
        custody = np.unique(self.segments.custody[made.segment[these]])
        self.lot.refuse(custody[np.diff(self.lot.subjects["instrument"].first)[custody] > 1], reason)

    def _supported(self, made: Standings, limits: tuple[list[Ints], list[Ints | None]]) -> Grounds:
        book, (everywhere, own) = self.book, limits
        counts = book.counts[made.seen]
        standing = np.repeat(np.arange(len(made.seen)), counts)
        ends = np.cumsum(counts)
        inside = np.arange(len(standing)) - np.repeat(ends - counts, counts)
        number = book.first[made.seen][standing] + inside
        segment = made.segment[standing]
        limit = np.full(len(number), YES, np.int64)
        for duty, rule in enumerate(self.lot.plan.duties):
            ended = np.flatnonzero(book.ended_by[duty][number])
            limit[ended] = np.minimum(limit[ended], everywhere[duty][segment[ended]])
            mine = own[duty]
            if mine is not None and rule.provision.on == made.collection:
                ended = np.flatnonzero(book.ended_by_own[duty][number])
                limit[ended] = np.minimum(limit[ended], mine[standing[ended]])
        for cap in range(len(self.lot.plan.caps)):
            applies = book.caps[cap][number]
            limited = np.flatnonzero(applies)
            if len(limited):
                within = self._within(cap, made, standing[limited])
                limit[limited] = np.minimum(limit[limited], np.maximum(YES - applies[limited], within))
        value = np.minimum(book.value[number], limit)
        if book.assured.any():
            whole = np.full(len(made.seen), YES, np.int64)
            short = np.flatnonzero(limit < YES)
            np.minimum.at(whole, standing[short], limit[short])
            value = np.where(book.assured[made.seen][standing] & (whole == YES)[standing], YES, value)
        return Grounds(made.collection, standing, segment, made.row[standing], number, value)

    def _within(self, cap: int, made: Standings, places: Ints) -> Ints:
        """Whether the segments of some standings lie in a cap's window."""
        rule, found = self.lot.plan.caps[cap], self.caps[cap]
        some = Standings(
            made.collection, made.segment[places], made.subject[places], made.row[places], made.seen[places]
        )
        if found is not None:
            if joins_papers(rule):
                self._refuse_several(
                    some, np.ones(len(places), np.bool_), f"a clock of several papers: {rule.ref}"
                )
            return inside_from_fact(self.lot, found, some, self.segments)
        clock = rule.provision.clock
        assert clock is not None, "a cap that waits for release has a clock"
        if clock.strata not in self.releases_of:
            return np.full(len(places), YES, np.int64)
        segment = made.segment[places]
        custody, at = self.segments.custody[segment], self.segments.start[segment]
        return inside_release(self.lot, rule, self.releases_of[clock.strata], custody, at)

    def waiting(self) -> Flags:
        """By custody: whether some ground, or some hold that no text was read on, waits for release."""
        found = np.zeros(len(self.lot.custodies), np.bool_)
        for cap, rule in enumerate(self.lot.plan.caps):
            if not is_on_release(rule):
                continue
            for each in self.grounds:
                found[self.segments.custody[each.segment[self.book.caps[cap][each.number] > NO]]] = True
            for made in self.standings.values():
                ceiled = self.book.ceilings[cap][made.seen] > NO
                found[self.segments.custody[made.segment[ceiled]]] = True
        return found

    def releases(self, strata: tuple[Stratum, ...], waiting: Flags) -> Releases:
        """When everything of some strata had ended; custodies where that is not sure are refused."""
        segments = self.segments
        in_strata, may_be = self.book.of_strata(strata)
        stands = np.full(len(segments.custody), NO, np.int64)
        for grounds in self.grounds:
            mine = np.flatnonzero(in_strata[grounds.number] & (grounds.value > NO))
            np.maximum.at(stands, grounds.segment[mine], grounds.value[mine])
        for made in self.standings.values():
            perhaps = (self.book.because[made.seen] > 0) & may_be[made.seen]
            np.maximum.at(stands, made.segment[perhaps], OPEN)
        unsure = (stands == OPEN) & waiting[segments.custody]
        self.lot.refuse(segments.custody[unsure], "an end of custody on charges that nobody is sure of")
        same = np.zeros(len(stands), np.bool_)
        same[1:] = segments.custody[1:] == segments.custody[:-1]
        before = np.concatenate([np.zeros(1, np.int64), stands[:-1]]) if len(stands) else stands
        ended = np.flatnonzero(same & (before == YES) & (stands == NO))
        again = np.flatnonzero(same & (before == NO) & (stands == YES))
        custody, at = segments.custody[ended], segments.start[ended]
        following = np.searchsorted(again, ended)
        there = np.minimum(following, max(len(again) - 1, 0))
        stopped = np.full(len(ended), FOREVER, np.int64)
        if len(again):
            is_same = (following < len(again)) & (segments.custody[again[there]] == custody)
            stopped = np.where(is_same, segments.start[again[there]], FOREVER)
        first = np.searchsorted(custody, np.arange(len(self.lot.custodies) + 1))
        return Releases(custody, at, stopped, first)

    def decided(self) -> Decided:
        """What every segment comes to."""
        segments, book = self.segments, self.book
        count = len(segments.custody)
        held = np.full(count, NO, np.int64)
        reasons = np.zeros((3, count), np.bool_)
        gaps = np.zeros(count, np.bool_)
        for grounds, made in zip(self.grounds, self.standings.values(), strict=True):
            some = np.flatnonzero(grounds.value)
            np.maximum.at(held, grounds.segment[some], grounds.value[some])
            is_open = np.zeros(len(made.seen), np.bool_)
            is_open[grounds.standing[grounds.value == OPEN]] = True
            because = book.because[made.seen]
            grounded = (book.counts[made.seen] > 0) & book.encoded[made.seen]
            counted = is_open | (~grounded & ~self._closed(made))
            for reason in (MISSING_BECAUSE, CONTESTED_BECAUSE):
                reasons[reason, made.segment[counted & (because == reason)]] = True
            gaps[made.segment[(because == MISSING_BECAUSE) & ~book.encoded[made.seen]]] = True
        complete = self._complete()
        missing = reasons[MISSING_BECAUSE] | (held == OPEN) | ~complete
        because = np.where(
            held == YES, 0, np.where(reasons[CONTESTED_BECAUSE], CONTESTED_BECAUSE, missing.astype(np.int64))
        )
        lawless = np.where((held == NO) & (because == 0), UNLAWFUL, UNDETERMINED)
        verdict = np.where(held == YES, LAWFUL, lawless)
        open_facts = (verdict == UNDETERMINED) & (because == MISSING_BECAUSE) & complete & ~gaps
        return Decided(segments, verdict, because, open_facts, self.grounds)

    def _closed(self, made: Standings) -> Flags:
        """Subjects on which no hold can stand any more, whatever text was not read."""
        found = np.zeros(len(made.seen), np.bool_)
        for cap in range(len(self.lot.plan.caps)):
            places = np.flatnonzero(self.book.ceilings[cap][made.seen] == YES)
            if len(places):
                found[places] |= self._within(cap, made, places) == NO
        return found

    def _complete(self) -> Flags:
        line = self.lot.line
        by_number = np.zeros(len(line.edges) + 1, np.bool_)
        for number in self.lot.plan.numbers:
            lists = line.footing(number).common.complete
            by_number[number] = lists["charge"] and lists["instrument"]
        return by_number[self.segments.number]
