"""Clocks over columns: when duties and caps run out, for every subject of a lot.

Equal to :mod:`habeas.authority.clocks` where nothing disturbed a clock and its anchor came once;
where more bears on one, its custody goes to the definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from habeas.bulk.deadlines import NOT_LISTED, deadlines
from habeas.bulk.folding import TIMELESS
from habeas.bulk.lot import Lot
from habeas.bulk.seen import NO, OPEN, YES
from habeas.bulk.standings import Segments, Standings
from habeas.bulk.subjects import UNKNOWN
from habeas.bulk.told import NUMBER, Flags, Ints
from habeas.kernel.instants import FOREVER
from habeas.law.enactments import Clock, ClockKey, OnRepeat
from habeas.law.program import RELEASABLE, Rule

_NONE_STATED = -(1 << 61)
"""In the place of an instant: no event states it, and what that means depends on when."""


@dataclass(frozen=True, slots=True)
class Dated:
    """What a rule's clock comes to, for every subject of the rule's collection."""

    rule: Rule
    anchor: Ints
    """The instant, `UNKNOWN`, or `_NONE_STATED`."""
    due: Ints
    """`FOREVER` where nothing runs."""
    done: tuple[Ints, ...]
    """For each fact that discharges the duty: as the anchor."""


@dataclass(frozen=True, slots=True)
class Releases:
    """When everything of some strata had ended, for every custody of a lot; in order of time."""

    custody: Ints
    at: Ints
    stopped: Ints
    """When something stood again; `FOREVER` while nothing does."""
    first: Ints
    """By custody: where its releases begin; one more at the end."""

    def only(self, these: Flags) -> Releases:
        """Those of some custodies."""
        kept = these[self.custody]
        custody = (np.cumsum(these) - 1)[self.custody[kept]]
        first = np.searchsorted(custody, np.arange(int(these.sum()) + 1))
        return Releases(custody, self.at[kept], self.stopped[kept], first)


def dated(lot: Lot, rule: Rule) -> Dated:
    """What a rule whose clock starts from a fact, or that has none, comes to for each subject."""
    clock, collection = rule.provision.clock, rule.provision.on
    count = len(lot.subjects[collection].row)
    anchor, due = np.full(count, UNKNOWN, np.int64), np.full(count, FOREVER, np.int64)
    if clock is not None:
        anchor = _named(lot, rule, clock.anchor)
        came = np.where((anchor == UNKNOWN) | (anchor == _NONE_STATED), FOREVER, anchor)
        due = _due(lot, clock, came)
        _refuse(lot, rule, due == NOT_LISTED, f"a calendar does not list a day: {clock.holidays}")
    done = tuple(_named(lot, rule, name) for name in rule.provision.discharges)
    return Dated(rule, anchor, due, done)


def edges(lot: Lot, found: Dated) -> Iterator[tuple[Ints, Ints]]:
    """Custody and instant wherever what a rule's clock comes to may change."""
    custody = lot.subjects[found.rule.provision.on].custody
    for at in (found.anchor, found.due, *found.done):
        known = (at > NOT_LISTED) & (at != UNKNOWN) & (at != _NONE_STATED) & (at < FOREVER)
        yield custody[known], at[known]


def _due(lot: Lot, clock: Clock, anchors: Ints) -> Ints:
    calendar = lot.line.law.calendars.get(clock.holidays) if clock.holidays else None
    return deadlines(clock, anchors, lot.line.zone, calendar)


def _refuse(lot: Lot, rule: Rule, these: Sequence[bool] | np.typing.NDArray[np.bool_], reason: str) -> None:
    custody = lot.subjects[rule.provision.on].custody[np.asarray(these)]
    if len(custody):
        lot.refuse(custody, reason)


def _named(lot: Lot, rule: Rule, name: str) -> Ints:
    """An instant of each subject, or of the one row that it belongs to."""
    owner, _, fact = name.partition(".")
    collection = rule.provision.on
    subjects = lot.subjects[collection]
    if owner == collection:
        return _stated(lot, rule, owner, fact, subjects.row)
    others = lot.subjects[owner]
    counts = np.diff(others.first)[subjects.custody]
    _refuse(lot, rule, counts > 1, f"one of several rows meant: {name} of {rule.ref}")
    found = np.full(len(subjects.row), UNKNOWN, np.int64)
    there = np.flatnonzero(counts > 0)
    rows = others.row[others.first[subjects.custody[there]]]
    found[there] = _stated(lot, rule, owner, fact, rows, there)
    return found


def _stated(lot: Lot, rule: Rule, owner: str, fact: str, row: Ints, places: Ints | None = None) -> Ints:
    rows = lot.rows(owner)
    place = rows.place(fact)
    dated_ = rows.since[row, place] > TIMELESS
    if dated_.any():
        these = np.zeros(len(lot.subjects[rule.provision.on].row), np.bool_)
        these[np.flatnonzero(dated_) if places is None else places[dated_]] = True
        _refuse(lot, rule, these, f"a clock told by what holds from a day on: {owner}.{fact}")
    sort, value = rows.sort[row, place], rows.value[row, place]
    found = np.where(sort == NUMBER, value, UNKNOWN)
    return np.where(sort == 0, _NONE_STATED, found)


def broken(lot: Lot, found: Dated, made: Standings, segments: Segments, applies: Ints) -> Ints:
    """Whether a duty is broken, for every subject in every segment."""
    at = segments.start[made.segment]
    due = found.due[made.subject]
    met = np.full(len(at), NO, np.int64)
    if not found.done:
        met[:] = OPEN
    for name, done in zip(found.rule.provision.discharges, found.done, strict=True):
        owner, _, fact = name.partition(".")
        mine = _settled(lot, owner, fact, done[made.subject], segments.number[made.segment])
        met = np.maximum(met, np.where(mine == UNKNOWN, OPEN, np.where(mine < due, YES, NO)))
    passed = np.where(due <= at, YES, NO)
    return np.minimum(applies, np.minimum(passed, YES - met))


def _settled(lot: Lot, owner: str, fact: str, values: Ints, number: Ints) -> Ints:
    """Instants of which those that no event states are never, or not known."""
    none = values == _NONE_STATED
    return np.where(none, lot.absent(owner, fact)[number], values) if none.any() else values


def inside_from_fact(lot: Lot, found: Dated, made: Standings, segments: Segments) -> Ints:
    """Whether each segment lies in a cap's window, of caps whose clocks start from a fact."""
    clock = found.rule.provision.clock
    if clock is None:
        return np.full(len(made.segment), YES, np.int64)
    at = segments.start[made.segment]
    owner, _, fact = clock.anchor.partition(".")
    anchor = _settled(lot, owner, fact, found.anchor[made.subject], segments.number[made.segment])
    within = (anchor <= at) & (at < found.due[made.subject]) & (anchor < FOREVER)
    return np.where(anchor == UNKNOWN, OPEN, np.where(within, YES, NO))


def joins_papers(rule: Rule) -> bool:
    """Whether a clock counts the anchors of other papers as its own."""
    clock = rule.provision.clock
    return (
        clock is not None
        and rule.provision.on == "instrument"
        and clock.anchor.partition(".")[0] == "instrument"
        and clock.key is not ClockKey.INSTRUMENT
    )


def is_on_release(rule: Rule) -> bool:
    """Whether a clock starts when everything of some strata has ended."""
    return rule.provision.clock is not None and rule.provision.clock.anchor == RELEASABLE


def deadlines_of(lot: Lot, rule: Rule, releases: Releases) -> Ints:
    """For every release: when a clock that starts there has run out, were it the first or the only one."""
    clock = rule.provision.clock
    assert clock is not None, "asked of rules with a clock"
    due = _due(lot, clock, releases.at)
    if (due == NOT_LISTED).any():
        lot.refuse(releases.custody[due == NOT_LISTED], f"a calendar does not list a day: {clock.holidays}")
    counts = np.diff(releases.first)[releases.custody]
    if clock.on_repeat is OnRepeat.RESUME:
        lot.refuse(releases.custody[counts > 1], f"hours that resume: {rule.ref}")
    if clock.key is not ClockKey.EPISODE:
        again = (counts > 1) | (releases.stopped < FOREVER)
        lot.refuse(releases.custody[again], f"hours of one paper among several releases: {rule.ref}")
    return due


def inside_release(lot: Lot, rule: Rule, releases: Releases, custody: Ints, at: Ints) -> Ints:
    """Whether instants of custodies lie in a window that a release opens."""
    clock = rule.provision.clock
    assert clock is not None, "asked of rules with a clock"
    due = deadlines_of(lot, rule, releases)
    first, count = releases.first[custody], releases.first[custody + 1] - releases.first[custody]
    found = np.full(len(at), NO, np.int64)
    there = np.flatnonzero(count > 0)
    if not len(there):
        return found
    one, now = first[there], at[there]
    in_first = (releases.at[one] <= now) & (now < due[one])
    if clock.on_repeat is OnRepeat.ONCE or clock.on_repeat is OnRepeat.RESUME:
        found[there] = np.where(in_first, YES, NO)
        return found
    last = _latest(releases, custody[there], now)
    begun = last >= one
    again = begun & (now < due[np.maximum(last, 0)])
    sure = YES if clock.on_repeat is OnRepeat.RESTART else OPEN
    found[there] = np.where(in_first, YES, np.where(again, sure, NO))
    return found


def _latest(releases: Releases, custody: Ints, at: Ints) -> Ints:
    """The last release of each custody not after an instant; one before its first where there is none."""
    # Both sides put in one order: releases before the instants they equal.
    owners = np.concatenate([releases.custody, custody])
    times = np.concatenate([releases.at, at])
    asks = np.concatenate([np.zeros(len(releases.at), np.int64), np.ones(len(at), np.int64)])
    order = np.lexsort((asks, times, owners))
    passed = np.cumsum(asks[order] == 0)
    found = np.empty(len(order), np.int64)
    found[order] = passed - 1
    return found[len(releases.at) :]
