"""Findings added up one by one: people and time by class, always as bounds.

A tally holds no finding, so an audit of any size is added up in the memory of a small one. Tallies
of parts add to the tally of the whole, in any order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from habeas.authority.causes import Cause
from habeas.authority.findings import Because, Rung, Verdict
from habeas.desk.audit_findings import Agreement, Bounds, CustodyFinding, RequestFinding, Timeliness
from habeas.desk.audit_report import Count, Totals
from habeas.law.precedence import Outcome

_Named = TypeVar("_Named", bound=StrEnum)


def _counter() -> Counter[str]:
    return Counter()


@dataclass(slots=True)
class Waiting:
    """Undetermined time by what it waits for: at least what waits for nothing else, at most all."""

    least: Counter[str] = field(default_factory=_counter)
    most: Counter[str] = field(default_factory=_counter)

    def add(self, names: tuple[str, ...], time: int) -> None:
        """Count a stretch of some microseconds that waits for each of some names."""
        for name in names:
            self.most[name] += time
        if len(names) == 1:
            self.least[names[0]] += time

    def bounds(self) -> dict[str, Bounds]:
        """The longest first, names in order."""
        ordered = sorted(self.most, key=lambda name: (-self.most[name], name))
        return {name: Bounds(least=self.least[name], most=self.most[name]) for name in ordered}


class Tally:
    """A running total of findings."""

    def __init__(self) -> None:
        self.custodies = 0
        self.possibly_early = 0
        self.labels_alone = 0
        self.classes: Counter[Timeliness] = Counter()
        self.late_least: Counter[Timeliness] = Counter()
        self.late_most: Counter[Timeliness] = Counter()
        self.rungs: Counter[Rung] = Counter()
        self.tails: Counter[Rung] = Counter()
        self.times: Counter[Verdict] = Counter()
        self.unsupposed: Counter[Verdict] = Counter()
        self.outcomes: Counter[Outcome] = Counter()
        self.odd: Counter[str] = Counter()
        self.early: Counter[Cause] = Counter()
        self.cause_custodies: Counter[Cause] = Counter()
        self.cause_times: Counter[Cause] = Counter()
        self.because: Counter[Because] = Counter()
        self.agreement: Counter[Agreement] = Counter()
        self.hanging: Counter[str] = Counter()
        """Question -> findings that hang on it."""
        self.missing, self.questions = Waiting(), Waiting()

    def add(self, found: CustodyFinding) -> None:
        """Count one custody."""
        self.custodies += 1
        self.classes[found.timeliness] += 1
        self.late_least[found.timeliness] += found.late.least
        self.late_most[found.timeliness] += found.late.most
        if found.timeliness is Timeliness.CERTAINLY_LATE and found.rung is not None:
            self.rungs[found.rung] += 1
        if found.tail is not None:
            self.tails[found.tail.rung] += 1
        self.odd.update(str(odd.kind) for odd in found.odd)
        self.unsupposed.update(found.unsupposed)
        self.labels_alone += found.labels_alone
        self.hanging.update(found.questions)
        if found.compared is not None:
            self.agreement[found.compared.agreement] += 1
        self._add_stretches(found)
        self._add_causes(found)

    def add_request(self, found: RequestFinding) -> None:
        """Count one request."""
        self.outcomes.update(view.outcome for view in found.views[:1])
        self.hanging.update({asked for view in found.views for reading in view.readings for asked in reading})

    def totals(self) -> Totals:
        """The totals; every enumeration is in its own order, every name sorted."""
        return Totals(
            custodies=self.custodies,
            by_timeliness={kind: self.classes[kind] for kind in Timeliness},
            late={
                kind: Bounds(least=self.late_least[kind], most=self.late_most[kind]) for kind in Timeliness
            },
            by_rung={step: self.rungs[step] for step in Rung},
            time_by_verdict=_present(Verdict, self.times),
            tails={step: self.tails[step] for step in Rung},
            by_missing=self.missing.bounds(),
            by_question=self.questions.bounds(),
            by_outcome=_present(Outcome, self.outcomes),
            odd=dict(sorted(self.odd.items())),
            because=_present(Because, self.because),
            time_unsupposed=_present(Verdict, self.unsupposed),
            labels_alone=self.labels_alone,
            by_cause={
                cause: Count(custodies=self.cause_custodies[cause], time=self.cause_times[cause])
                for cause in Cause
                if self.cause_custodies[cause]
            },
            early=_present(Cause, self.early),
            agreement=_present(Agreement, self.agreement),
            possibly_early=self.possibly_early,
        )

    def _add_stretches(self, found: CustodyFinding) -> None:
        for stretch in found.stretches:
            time = stretch.end - stretch.start
            self.times[stretch.verdict] += time
            self.missing.add(stretch.unsettled, time)
            self.questions.add(stretch.questions, time)
        self.because.update({s.because for s in found.stretches if s.because is not None})

    def _add_causes(self, found: CustodyFinding) -> None:
        if found.timeliness is Timeliness.CERTAINLY_LATE:
            for part in found.causes:
                self.cause_times[part.cause] += part.end - part.start
            self.cause_custodies.update({part.cause for part in found.causes})
        if found.early is not None and found.early.certain:
            self.early[found.early.cause] += 1
        elif found.early is not None:
            self.possibly_early += 1


def _present(kinds: type[_Named], counts: Counter[_Named]) -> dict[_Named, int]:
    return {kind: counts[kind] for kind in kinds if counts[kind]}
