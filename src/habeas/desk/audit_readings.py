"""The joint readings that a whole custody turns on, each with its inquiry."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import TypeAlias

from habeas.authority.derive import Derivation, Piece
from habeas.authority.inquiry import Inquiry
from habeas.authority.readings import MOST_READINGS, varied
from habeas.kernel.instants import Instant

Joint: TypeAlias = Mapping[str, str]
"""One alternative for each question varied."""
Signature: TypeAlias = tuple[tuple[Instant, frozenset[object]], ...]
"""What is said of every subject from each edge of a custody on."""


class Readings:
    """One custody asked under other alternatives; each inquiry is made, and derived, once."""

    def __init__(self, inquiry: Inquiry, index: int) -> None:
        """Take the inquiry under the reading asked, and the number of the custody in it."""
        self.inquiry, self.index = inquiry, index
        self._made: dict[tuple[tuple[str, str], ...], Inquiry] = {}
        self._signatures: dict[tuple[tuple[str, str], ...], Signature] = {}
        self._said: dict[Derivation, Signature] = {}

    def joints(self) -> tuple[list[tuple[Joint, Inquiry]], bool]:
        """Every joint reading of the questions reached, and whether all of them were made.

        Beyond `MOST_READINGS` the questions are varied one at a time. Readings under which the same
        is said all along the custody share one inquiry.
        """
        questions = tuple(self._questions())
        asked = self.inquiry.rulebook.questions
        sides = [[each.id for each in asked[name].alternatives] for name in questions]
        count = 1
        for side in sides:
            count *= len(side)
        if count <= MOST_READINGS:
            every = [dict(zip(questions, chosen, strict=True)) for chosen in product(*sides)]
            return self._shared(every), True
        taken = {name: self.inquiry.law.reading[name] for name in questions}
        some = [taken]
        for name, side in zip(questions, sides, strict=True):
            some += [{**taken, name: each} for each in side if each != taken[name]]
        return self._shared(some), False

    def _shared(self, joints: list[dict[str, str]]) -> list[tuple[Joint, Inquiry]]:
        alike: dict[Signature, Inquiry] = {}
        return [(joint, alike.setdefault(self._signature(joint), self._under(joint))) for joint in joints]

    def _questions(self) -> Iterator[str]:
        """Questions that change what is said at some instant, alone or once another is answered."""
        found: set[str] = set()
        waiting: list[Joint] = [{}]
        while waiting:
            here = waiting.pop()
            for name in self._turning(here, {*found, *self.inquiry.reading}):
                found.add(name)
                others = self.inquiry.rulebook.questions[name].alternatives
                waiting += [{name: other.id} for other in others]
        yield from (name for name in self.inquiry.rulebook.questions if name in found)

    def _turning(self, here: Joint, known: Collection[str]) -> Iterator[str]:
        """Questions not known yet that change what is said, others answered as they are here."""
        inquiry = self._under(here)
        last = inquiry.decided(self.index).pieces[-1]
        for name in varied(inquiry, last):
            if name in known:
                continue
            alternatives = self.inquiry.rulebook.questions[name].alternatives
            others = [{**here, name: each.id} for each in alternatives]
            changed = [other for other in others if not inquiry.decides_like(self._under(other), self.index)]
            if any(self._signature(other) != self._signature(here) for other in changed):
                yield name

    def _under(self, joint: Joint) -> Inquiry:
        key = tuple(sorted(joint.items()))
        if key not in self._made:
            self._made[key] = self.inquiry.under(joint) if joint else self.inquiry
        return self._made[key]

    def _signature(self, joint: Joint) -> Signature:
        key = tuple(sorted(joint.items()))
        if key not in self._signatures:
            derivation = self._under(joint).decided(self.index)
            if derivation not in self._said:
                self._said[derivation] = tuple((piece.start, _said(piece)) for piece in derivation.pieces)
            self._signatures[key] = self._said[derivation]
        return self._signatures[key]


def _said(piece: Piece) -> frozenset[object]:
    """What is said of every subject over a piece, and what supports custody on it."""
    said: list[object] = [
        (standing.subject, standing.settled.outcome, heard.ref, heard.value)
        for standing in piece.standings
        for heard in standing.heard
    ]
    return frozenset(said + [(support.key, support.value) for support in piece.supports])
