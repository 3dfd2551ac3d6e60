"""Which custodies a report lists one by one, when there are more than anybody would read.

The totals are of all custodies whatever is kept here. Every choice depends only on the findings,
never on the order in which they come, so equal inputs keep equal custodies.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, TypeAlias

from habeas.authority.findings import Rung
from habeas.desk.audit_findings import CustodyFinding, Timeliness
from habeas.kernel.instants import earliest_of

ALL_UP_TO: Final = 1000
"""As many custodies are all listed."""
_EACH: Final = 250
"""Else so many of each sort."""

Weight: TypeAlias = Callable[[CustodyFinding], int | None]
_Place: TypeAlias = tuple[int, str, CustodyFinding]


@dataclass(slots=True)
class _Shelf:
    """The custodies that weigh most, as many as it holds."""

    weight: Weight
    most: int
    held: list[_Place] = field(default_factory=list[_Place])

    def add(self, found: CustodyFinding, name: str) -> None:
        weight = self.weight(found)
        if weight is None or self.most <= 0:
            return
        place = (weight, name, found)
        if len(self.held) < self.most:
            heapq.heappush(self.held, place)
        else:
            heapq.heappushpop(self.held, place)


class Kept:
    """The custodies that a report will list: all of a few, of many those that weigh most."""

    def __init__(self, sample: int = 0, seed: int = 0) -> None:
        """Take how many to draw at random for review by hand, and the seed of the draw."""
        self.sample = sample
        self._draw = _Shelf(lambda found: _drawn(found, seed), sample)
        self._shelves = (
            _Shelf(_certainly_late, _EACH),
            _Shelf(_possibly_late, _EACH),
            _Shelf(_early, _EACH),
            _Shelf(_tail, _EACH),
            self._draw,
        )
        self._all: list[tuple[str, CustodyFinding]] | None = []
        self._count = 0

    def add(self, found: CustodyFinding) -> None:
        """Consider one custody."""
        name = name_of(found)
        self._count += 1
        if self._all is not None:
            self._all.append((name, found))
            if len(self._all) > ALL_UP_TO:
                self._all = None
        for shelf in self._shelves:
            shelf.add(found, name)

    @property
    def custodies(self) -> tuple[CustodyFinding, ...]:
        """Those kept, in order of booking and start."""
        if self._all is not None:
            return tuple(found for _, found in sorted(self._all, key=lambda each: each[0]))
        kept = {name: found for shelf in self._shelves for _, name, found in shelf.held}
        return tuple(kept[name] for name in sorted(kept))

    @property
    def sampled(self) -> tuple[str, ...]:
        """The bookings drawn, in order."""
        return tuple(sorted({found.booking for _, _, found in self._draw.held}))

    @property
    def says(self) -> str:
        """What is listed, in words; empty where everything is."""
        if self._all is not None:
            return ""
        drawn = f", and {len(self._draw.held):,} drawn at random" if self.sample else ""
        return (
            f"Of {self._count:,} custodies are listed one by one: up to {_EACH} with the longest time "
            f"certainly without basis, {_EACH} with the longest possible, {_EACH} released early, {_EACH} "
            f"held longest on a hold alone{drawn}. The totals are of all; the findings file lists every one."
        )


def name_of(found: CustodyFinding) -> str:
    """One text for one custody of one audit, in the order of bookings and time."""
    return f"{found.person}\x00{found.booking}\x00{earliest_of(found.start):020d}"


def _drawn(found: CustodyFinding, seed: int) -> int:
    """A weight nobody chose: as good as random, and the same whoever draws it again."""
    return int.from_bytes(sha256(f"{seed}\x00{name_of(found)}".encode()).digest()[:8], "big")


def _certainly_late(found: CustodyFinding) -> int | None:
    return found.late.least if found.timeliness is Timeliness.CERTAINLY_LATE else None


def _possibly_late(found: CustodyFinding) -> int | None:
    return found.late.most if found.timeliness is Timeliness.POSSIBLY_LATE else None


def _early(found: CustodyFinding) -> int | None:
    if found.early is None:
        return None
    return found.early.required_until - earliest_of(found.early.released_at)


def _tail(found: CustodyFinding) -> int | None:
    if found.tail is None or found.tail.rung is not Rung.BEYOND:
        return None
    return found.tail.length
