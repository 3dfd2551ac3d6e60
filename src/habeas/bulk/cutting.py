"""Custody cut wherever an answer can change: every segment is then decided at its first instant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from habeas.bulk.clocks import Dated, edges
from habeas.bulk.folding import TIMELESS
from habeas.bulk.lot import Lot
from habeas.bulk.standings import Segments
from habeas.bulk.told import NUMBER, Ints
from habeas.custody.facts import COLLECTIONS
from habeas.kernel.instants import FOREVER


def cut(lot: Lot, clocks: Sequence[Dated], cuts: Sequence[tuple[Ints, Ints]]) -> Segments:
    """Cut every custody wherever something about it can change."""
    custodies = lot.custodies
    everyone = np.arange(len(custodies))
    released = custodies.end < FOREVER
    found: list[tuple[Ints, Ints]] = [
        (everyone, custodies.start),
        (everyone[released], custodies.end[released]),
        *_line_cuts(lot),
        *(pair for name in COLLECTIONS for pair in _fact_cuts(lot, name)),
        *(pair for clock in clocks for pair in edges(lot, clock)),
        *_sum_cuts(lot),
        *cuts,
    ]
    custody = np.concatenate([each for each, _ in found])
    at = np.concatenate([each for _, each in found])
    keep = (at >= custodies.start[custody]) & (at <= custodies.end[custody]) & (at < FOREVER)
    custody, at = custody[keep], at[keep]
    order = np.lexsort((at, custody))
    custody, at = custody[order], at[order]
    new = np.ones(len(custody), np.bool_)
    new[1:] = (custody[1:] != custody[:-1]) | (at[1:] != at[:-1])
    custody, at = custody[new], at[new]
    end = custodies.end[custody]
    following = np.append(custody[1:] == custody[:-1], False) if len(custody) else np.zeros(0, np.bool_)
    if len(custody):
        end[following] = at[np.flatnonzero(following) + 1]
    door = at == custodies.end[custody]
    end[door] = at[door] + 1
    number = np.searchsorted(np.array(lot.line.edges, np.int64), at, "right")
    first = np.searchsorted(custody, np.arange(len(custodies) + 1))
    return Segments(custody, at, end, door, number, first)


def _line_cuts(lot: Lot) -> list[tuple[Ints, Ints]]:
    """Edges of law, setting and coverage, and instants that limbs write out, inside each custody."""
    times = np.array(sorted({*lot.line.edges, *lot.plan.fixed}), np.int64)
    low = np.searchsorted(times, lot.custodies.start, "right")
    high = np.maximum(np.searchsorted(times, lot.custodies.end, "left"), low)
    counts = high - low
    custody = np.repeat(np.arange(len(counts)), counts)
    ends = np.cumsum(counts)
    inside = np.arange(len(custody)) - np.repeat(ends - counts, counts)
    return [(custody, times[low[custody] + inside])]


def _fact_cuts(lot: Lot, name: str) -> list[tuple[Ints, Ints]]:
    """Where a comparison with the moment asked flips, a paper comes or goes, or a fact begins to hold."""
    subjects, rows = lot.subjects[name], lot.rows(name)
    found: list[tuple[Ints, Ints]] = []
    timed = list(lot.plan.on[name].timed)
    if name == "instrument":
        timed += [(name, fact, 0) for fact in ("lodged_at", "withdrawn_at", "ended_at")]
    for owner, fact, shift in timed:
        row = subjects.row if owner == name else _persons(lot, subjects.custody)
        those = rows if owner == name else lot.rows("person")
        place = those.place(fact)
        known = (those.sort[row, place] == NUMBER) & (those.value[row, place] < FOREVER)
        found.append((subjects.custody[known], those.value[row, place][known] + shift))
    since = rows.since[subjects.row]
    later = since > TIMELESS
    found.append((subjects.custody[np.nonzero(later)[0]], since[later]))
    return found


def _persons(lot: Lot, custody: Ints) -> Ints:
    people = lot.subjects["person"]
    return people.row[people.first[custody]]


def _sum_cuts(lot: Lot) -> list[tuple[Ints, Ints]]:
    """Where law sums sentences up: where they end, and where what is summed changes."""
    subjects = lot.subjects["instrument"]
    pairs = [
        (int(subjects.custody[place]), at)
        for place, ends in lot.ends.items()
        for end in ends
        for at in (end.since, end.at)
        if at > TIMELESS
    ]
    custody = np.array([each for each, _ in pairs], np.int64)
    return [(custody, np.array([at for _, at in pairs], np.int64))]
