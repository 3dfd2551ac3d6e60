"""Time in custody by the bases that law finds behind it: alone, with others, and what was held only for one.

Unlike counts by paper this asks the law of the place and of the time, as known at one instant.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Inquiry
from habeas.authority.pieces import Piece
from habeas.counts.held import Marks
from habeas.custody.facts import Collection
from habeas.desk.audit_custody import Bench
from habeas.desk.audit_people import people_of
from habeas.kernel.instants import BEGINNING, Instant
from habeas.kernel.intervals import Interval, IntervalSet
from habeas.study.populations import Wanted


@dataclass(slots=True)
class BasisTime:
    """Custody time within an interval by what supports it, in microseconds; each custody counts by itself."""

    by_set: Counter[Marks] = field(default_factory=Counter[Marks])
    """By exact set of kinds of basis; the empty set is custody that nothing surely supports."""
    people: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set[str]))
    but_for: Counter[str] = field(default_factory=Counter[str])
    """By kind: supported time that nothing would support, had no paper or charge of the kind been.

    A least: where bail was tendered and refused because of a hold, the replay without the hold leaves the
    tender open and the charge standing, though the tender would have been taken.
    """

    @property
    def total(self) -> int:
        """All time."""
        return sum(self.by_set.values())

    @property
    def labels(self) -> tuple[str, ...]:
        """Every kind met, in order."""
        return tuple(sorted({label for labels in self.by_set for label in labels}))

    def sole(self, label: str) -> int:
        """Time that one kind alone supports."""
        return self.by_set[frozenset({label})]

    def shared(self, label: str) -> int:
        """Time that a kind and at least one other support; never apportioned."""
        return sum(time for labels, time in self.by_set.items() if label in labels and len(labels) > 1)

    @property
    def unlabelled(self) -> int:
        """Time that nothing surely supports: without basis, or undetermined."""
        return self.by_set[frozenset()]

    @property
    def people_by_label(self) -> dict[str, int]:
        """People with any time on a kind."""
        return {label: len(who) for label, who in sorted(self.people.items())}


def basis_time(wanted: Wanted, within: Interval, watch: Callable[[int], None] = lambda _: None) -> BasisTime:
    """Everybody's custody by what the law of where they were held finds behind it.

    Published defaults are taken for questions of law.

    Args:
        wanted: Whom to count, under which rulebook, as known when.
        within: The interval; both ends finite.
        watch: Told now and then how many rows were read.

    Raises:
        UnreadableInput: a file cannot be read at all.
    """
    places = wanted.regimen.rulebook.places
    made = BasisTime()
    with people_of(
        wanted.paths, wanted.recipe, place=None, is_place=lambda name: name in places, watch=watch
    ) as people:
        bench = Bench(
            regimen=wanted.regimen,
            facts_known_at=wanted.known_at,
            law_known_at=wanted.known_at,
            reading={},
            roster=people.roster,
            setting=wanted.regimen.setting().and_(people.setting),
        )
        for rows in people.each():
            inquiry = bench.inquiry(rows, supposed=True)
            for index in range(len(inquiry.custody)):
                _add(made, inquiry, index, within)
    return made


def _add(made: BasisTime, inquiry: Inquiry, index: int, within: Interval) -> None:
    kinds: set[str] = set()
    for piece in inquiry.derivation(index).pieces:
        clipped = Interval(piece.start, piece.end).clip(within)
        time = clipped.end - clipped.start
        if time <= 0 or piece.custody is not True:
            continue
        labels = kinds_of(inquiry, piece)
        made.by_set[labels] += time
        kinds |= labels
        for label in labels:
            made.people[label].add(inquiry.record.person)
    supported = _supported(inquiry, index, within)
    for label in kinds:
        other = inquiry
        for subject in _subjects(inquiry, label):
            other = other.but_for(subject)
        made.but_for[label] += (supported - _supported(other, index, within)).duration


def kinds_of(inquiry: Inquiry, piece: Piece) -> Marks:
    """The kinds of paper or charge that surely support a piece; none unless it is LAWFUL."""
    if piece.verdict is not Verdict.LAWFUL:
        return frozenset()
    found = (each.subject for each in piece.supports if each.value is True)
    return frozenset(_kind(inquiry, subject) for subject in found) or frozenset({"one of several bases"})


def _kind(inquiry: Inquiry, subject: tuple[str, str]) -> str:
    collection, row = subject
    if collection != "instrument":
        return collection
    (found,) = (each for each in inquiry.record.rows("instrument") if each.id == row)
    kind = found.facts_at(BEGINNING).get("kind")
    return kind if isinstance(kind, str) else "paper of a kind not stated"


def _subjects(inquiry: Inquiry, label: str) -> Iterator[tuple[str, str]]:
    collections: tuple[Collection, ...] = ("booking", "charge")
    for collection in collections:
        if collection == label:
            yield from ((label, row.id) for row in inquiry.record.rows(collection))
            return
    for row in inquiry.record.rows("instrument"):
        if row.facts_at(BEGINNING).get("kind") == label:
            yield "instrument", row.id


def _supported(inquiry: Inquiry, index: int, within: Interval) -> IntervalSet:
    lawful = (p for p in inquiry.derivation(index).pieces if p.verdict is Verdict.LAWFUL)
    clipped = (Interval(p.start, p.end).clip(within) for p in lawful)
    return IntervalSet((Instant(each.start), Instant(each.end)) for each in clipped)
