"""What all subjects held in one place have in common, cut along time: law, setting, coverage.

Law is resolved here once for each place and kind of custodian, not for each person.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from habeas.authority.aspects import Common, Footing
from habeas.authority.inquiry import Regimen, fact_kinds
from habeas.authority.situations import program_at
from habeas.custody.coverage import Completeness, Coverage, standing
from habeas.custody.facts import COLLECTIONS, INHERENT, FactKinds, Value
from habeas.custody.setting import Setting
from habeas.kernel.instants import BEGINNING, FOREVER, Instant
from habeas.kernel.places import PlaceId
from habeas.kernel.timelines import Timeline
from habeas.law.compile import Compiled
from habeas.law.conditions import TypedLimb, TypedQuantified, facts_of, walk
from habeas.law.enactments import Consequence, Effect
from habeas.law.kinds import DUTIES
from habeas.law.program import Program, Rule
from habeas.law.questions import Reading

ENDING = frozenset({Consequence.BASIS_ENDS, Consequence.BURDEN_SHIFTS})
"""What of a breach bears on a basis."""
HELD = ("kind", "booking", "charge", "lodged_at", "withdrawn_at", "ended_at")
"""Facts that are read of every paper, whatever the law."""
SUMMED = (
    "term_days",
    "term_months",
    "term_years",
    "issued_at",
    "lodged_at",
    "jail_credit_days",
    "minimum_days",
    "conduct_days",
    "trim_days",
    "charging_document",
    "runs_after",
    "runs_with_others",
    "excepted_because",
    "expires_at",
)
"""Facts of a sentence that a sum of sentences reads."""


@dataclass(frozen=True)
class Asked:
    """What many people are asked under: the law as known, one reading, what sources cover."""

    regimen: Regimen
    setting: Setting
    facts_known_at: Instant
    law_known_at: Instant
    reading: Reading
    coverage: tuple[Coverage, ...]
    settle: bool = True
    """Whether a verdict that an unknown fact leaves open is settled where every value of it agrees, as
    :func:`habeas.authority.unknowns.settled` does; left out, each unknown is left unknown."""

    @property
    def kinds(self) -> FactKinds:
        """The kind of every fact."""
        return fact_kinds(self.regimen.rulebook.vocabulary)


class Line:
    """The footings at one place for one kind of custodian, in order of time."""

    def __init__(self, asked: Asked, place: PlaceId, custodian: str | None) -> None:
        """Find where anything changes; nothing is resolved yet."""
        self.asked, self.place, self.custodian = asked, place, custodian
        self.law, self._regimes = asked.regimen.under(asked.reading)
        rulebook = asked.regimen.rulebook
        known = standing(asked.coverage, asked.facts_known_at)
        self._completeness = Completeness(known, Timeline.of_changes(place, ()), asked.kinds)
        edges = {
            *self._regimes.edges(place, custodian, asked.law_known_at),
            *rulebook.complete_edges(place),
            *asked.setting.edges(),
            *self._completeness.names.changes(),
        }
        self.edges = sorted(edge for edge in edges if BEGINNING < edge < FOREVER)
        self._made: dict[int, Footing] = {}
        self._absent: dict[int, Mapping[str, Mapping[str, Value]]] = {}

    @cached_property
    def zone(self) -> Any:
        """The zone whose civil days are meant."""
        return self.law.places.zone_of(self.place)

    def number(self, at: int) -> int:
        """Which stretch between two edges an instant lies in."""
        return bisect_right(self.edges, at)

    def start(self, number: int) -> Instant:
        """The first instant of a stretch."""
        return Instant(self.edges[number - 1]) if number else BEGINNING

    def footing(self, number: int) -> Footing:
        """What is in common throughout a stretch."""
        if number not in self._made:
            self._made[number] = self._footing(self.start(number))
        return self._made[number]

    def absent(self, number: int) -> Mapping[str, Mapping[str, Value]]:
        """By collection: the value of each fact that sources would show, should no event state it."""
        if number not in self._absent:
            at = self.start(number)
            made: Mapping[str, Mapping[str, Value]]
            made = {name: self._completeness.absent(name).at(at) for name in COLLECTIONS}
            # One object where nothing differs, so that stretches can be told apart by it.
            alike = next((each for each in self._absent.values() if _same(each, made)), made)
            self._absent[number] = alike
        return self._absent[number]

    def _footing(self, at: Instant) -> Footing:
        asked, rulebook = self.asked, self.asked.regimen.rulebook
        setting = asked.setting.values_at(rulebook.lineage(self.place), at, asked.facts_known_at)
        complete = self._completeness.lists_at(at)
        begun, encoded = rulebook.complete_of(self.place, self.custodian, at)
        key = self.place, self.custodian, tuple(setting.items()), tuple(complete.values()), begun
        common = Common(self.place, self.custodian, setting, complete, encoded, key)
        regime = self._regimes.at(self.place, self.custodian, at, asked.law_known_at)
        program = program_at(self.law, regime, None, (at, asked.law_known_at))
        return Footing(common, program, (key, program))


def _same(one: Mapping[str, Mapping[str, Value]], other: Mapping[str, Mapping[str, Value]]) -> bool:
    return all(one[name] is other[name] or one[name] == other[name] for name in COLLECTIONS)


def reads_of(programs: Iterable[Program]) -> dict[str, list[str]]:
    """By collection: every fact that some rule of some programs reads, and what is always read."""
    found: dict[str, set[str]] = {name: set() for name in COLLECTIONS}
    for program in programs:
        for name in COLLECTIONS:
            found[name].update(program.read_of(name))
        if program.computes:
            found["instrument"].update(SUMMED)
            found["charge"].add("charging_document")
    found["instrument"].update(HELD)
    found["charge"].add("booking")
    return {name: sorted(facts) for name, facts in found.items()}


def unsaid(program: Program) -> str | None:
    """Why columns cannot say what a program says; None where they can."""
    defined = {
        f"{rule.provision.on}.{rule.provision.defines}"
        for rule in program.defining
        if rule.provision.effect is not Effect.COMPUTES
    }
    for rule in program.defining:
        if rule.collections:
            return f"a definition that asks other rows: {rule.ref}"
        if rule.provision.on == "person":
            return f"a definition about the person: {rule.ref}"
        if rule.provision.effect is Effect.COMPUTES and rule.provision.computes != "expires_at":
            return f"a sum of another fact than the end: {rule.ref}"
    for rule in program.rules:
        if reason := _unsaid_of(rule, defined):
            return f"{reason}: {rule.ref}"
    if any(rule.provision.consequence in ENDING for rule in program.duties_on_release):
        return "a duty on release whose breach ends a basis"
    return None


def _unsaid_of(rule: Rule, defined: set[str]) -> str | None:
    ends = {ref for part in rule.parts if part.collections for ref in part.reads}
    if rule.provision.effect in DUTIES and rule.provision.consequence in ENDING:
        ends |= rule.reads
    if any(str(ref) == "instrument.expires_at" for ref in ends):
        return "rows asked for the end of a sentence"
    for part in rule.parts:
        for node in quantified(part):
            reads = {
                ref
                for _, limb in walk(node.part)
                if isinstance(limb, TypedLimb)
                for ref in facts_of(limb.test)
            }
            owners = {ref.owner for ref in reads} - {"at", "person", "setting", node.collection}
            # A custody that columns decide has one booking, which is read beside the subject.
            if owners and node.collection != "booking":
                return "rows of one kind compared with one of another"
            if any(
                f"{node.collection}.{ref.name}" in defined for ref in reads if ref.owner == node.collection
            ):
                return "rows asked for what is defined"
    if rule.provision.effect is not Effect.CAP and rule.provision.consequence not in ENDING:
        return None
    clock = rule.provision.clock
    if clock is not None and (clock.pause is not None or clock.reset):
        return "a clock with a pause or a reset"
    return None


def quantified(part: Compiled) -> Sequence[TypedQuantified]:
    """The quantifiers of a condition."""
    return [node for _, node in walk(part.tree) if isinstance(node, TypedQuantified)]


def inherent(collection: str, fact: str) -> bool:
    """Whether every row of a collection has a fact, shown or not."""
    return f"{collection}.{fact}" in INHERENT
