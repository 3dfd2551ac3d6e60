"""Two findings on one custody laid over one another, and many of them added up.

The same hours stand on both sides, so every sum of cells is the sum of custody.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from habeas.authority.findings import Verdict
from habeas.desk.audit_findings import CustodyFinding, Stretch
from habeas.kernel.instants import Instant
from habeas.kernel.intervals import Interval

_NUMBERED = re.compile(
    r"(\b(?:sentence|charge|booking|paper|instrument|detainer|warrant)) [^\s,;:]*\d[^\s,;:]*"
)
"""A paper or charge with its number: no word of law has a digit right after these."""


class Incomparable(ValueError):
    """The two sides cannot be laid over one another."""


@dataclass(slots=True)
class Sums:
    """Time and people of one kind."""

    time: int = 0
    people: set[str] = field(default_factory=set[str])

    def add(self, time: int, person: str) -> None:
        """Add somebody's time."""
        self.time += time
        self.people.add(person)


class OneSide:
    """What is added up of one side alone."""

    def __init__(self) -> None:
        self.verdicts: Counter[Verdict] = Counter()
        self.facts: Counter[str] = Counter()
        self.questions: Counter[str] = Counter()
        self.past = 0
        self.past_time = 0
        self.early = 0

    def add(self, found: CustodyFinding, stretches: Sequence[Stretch], within: Interval) -> None:
        """Add one custody, already clipped to the days compared."""
        for each in stretches:
            time = each.end - each.start
            self.verdicts[each.verdict] += time
            if each.verdict is Verdict.UNDETERMINED:
                self.facts.update(dict.fromkeys(map(unnamed, each.unsettled), time))
                self.questions.update(dict.fromkeys(each.questions, time))
        tail = past_at_end(stretches)
        self.past += bool(tail)
        self.past_time += tail
        self.early += bool(found.early is not None and found.early.certain and _ended(stretches, within))


class Laid:
    """Both sides' findings laid over one another, added up."""

    def __init__(self) -> None:
        self.sides = OneSide(), OneSide()
        self.cells: defaultdict[tuple[Verdict, Verdict], Sums] = defaultdict(Sums)
        self.grounds: defaultdict[tuple[str, str, tuple[str, ...], Verdict], Sums] = defaultdict(Sums)
        self.people: set[str] = set()
        self.custodies = 0
        self.doors: Counter[str] = Counter()
        self.earlier: Counter[str] = Counter()

    def add(self, one: CustodyFinding, other: CustodyFinding, within: Interval) -> None:
        """Add one custody as both sides see it.

        Raises:
            Incomparable: one side has custody where the other has none.
        """
        pair = _clipped(one, within), _clipped(other, within)
        if not pair[0] and not pair[1]:
            return
        self.people.add(one.person)
        self.custodies += 1
        for side, found, stretches in zip(self.sides, (one, other), pair, strict=True):
            side.add(found, stretches, within)
        for a, b, time in overlaps(*pair):
            self.cells[a.verdict, b.verdict].add(time, one.person)
            for name, held, against in (("a", a, b), ("b", b, a)):
                if held.verdict is Verdict.LAWFUL and against.verdict is not Verdict.LAWFUL:
                    rests_on, cites = ground_of(held)
                    self.grounds[name, rests_on, cites, against.verdict].add(time, one.person)
        self._door(*pair)

    def _door(self, one: Sequence[Stretch], other: Sequence[Stretch]) -> None:
        ends = [supported_until(each) for each in (one, other)]
        if ends[0] is None or ends[1] is None:
            self.doors["open"] += 1
        elif ends[0] == ends[1]:
            self.doors["same"] += 1
        else:
            first = "a" if ends[0] < ends[1] else "b"
            self.doors[first] += 1
            self.earlier[first] += abs(ends[0] - ends[1])


def unnamed(fact: str) -> str:
    """What would settle something, without the number of anybody's paper: a report of many names nobody's."""
    return _NUMBERED.sub(r"\1", fact)


def _clipped(found: CustodyFinding, within: Interval) -> list[Stretch]:
    clipped = [
        replace(s, start=max(s.start, within.start), end=min(s.end, within.end)) for s in found.stretches
    ]
    return [s for s in clipped if s.start < s.end and s.verdict is not Verdict.NOT_IN_CUSTODY]


def _ended(stretches: Sequence[Stretch], within: Interval) -> bool:
    return bool(stretches) and stretches[-1].end < within.end


def overlaps(one: Sequence[Stretch], other: Sequence[Stretch]) -> Iterator[tuple[Stretch, Stretch, int]]:
    """Each pair of stretches that share time, with how much, in microseconds.

    Raises:
        Incomparable: one side has custody where the other has none: they are not of the same records.
    """
    here = there = 0
    shared = 0
    while here < len(one) and there < len(other):
        start = max(one[here].start, other[there].start)
        end = min(one[here].end, other[there].end)
        if start < end:
            shared += end - start
            yield one[here], other[there], end - start
        if one[here].end <= other[there].end:
            here += 1
        else:
            there += 1
    for side in (one, other):
        if sum(each.end - each.start for each in side) != shared:
            raise Incomparable("expected the same custody on both sides, found more on one")


def past_at_end(stretches: Sequence[Stretch]) -> int:
    """How long the last part of custody, up to the door, surely had no basis; in microseconds."""
    tail = 0
    for each in reversed(stretches):
        if each.verdict is not Verdict.UNLAWFUL:
            break
        tail += each.end - each.start
    return tail


def supported_until(stretches: Sequence[Stretch]) -> Instant | None:
    """The last instant to which custody was supported; None where law or facts leave it open.

    Custody without basis in between, followed by a basis, moves it not: somebody came under a basis again.
    """
    if not stretches:
        return None
    for each in reversed(stretches):
        if each.verdict is Verdict.LAWFUL:
            return each.end
        if each.verdict is Verdict.UNDETERMINED:
            return None
    return stretches[0].start


def ground_of(stretch: Stretch) -> tuple[str, tuple[str, ...]]:
    """What custody rests on: kinds of subject in words, and the citations, each once in order."""
    kinds = sorted({_kind(each.subject[0], each.label) for each in stretch.supports})
    cites = sorted({each.cite for each in stretch.supports})
    return " and ".join(kinds) or "one of several bases, which one is not settled", tuple(cites)


def _kind(collection: str, label: str) -> str:
    if collection != "instrument":
        return collection
    return "immigration detainer" if label.startswith("I-247") else label
