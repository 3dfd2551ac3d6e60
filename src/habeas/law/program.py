"""The provisions in force at one point of law, compiled and put in order of evaluation.

A regime says which clauses are effective, and for whom where that turns on a person; a
program is those clauses ready to be asked of a record: what defines things first, then what
gives papers force, then duties, then what supports custody and what caps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from habeas.kernel.instants import BEGINNING, Instant, earliest_of
from habeas.kernel.kleene import Kleene
from habeas.kernel.places import PlaceId
from habeas.law.compile import Compiled, compile_condition
from habeas.law.conditions import FactRef, FixedInstant, InstantTest, LimbTest, TypedLimb, walk
from habeas.law.enactments import (
    DUTIES,
    HOLDING,
    Condition,
    Effect,
    Enactment,
    Provision,
    Verb,
)
from habeas.law.facts import Facts, LimbValue
from habeas.law.formulas import Doubt, Formula, Guard, assumed, evaluate, leaves
from habeas.law.regimes import Regime
from habeas.law.rulebook import Law

RELEASABLE = "releasable_at"
"""What a clock names as its anchor to start when all bases of its strata have ended."""
_BEGINNINGS = frozenset({Verb.ENACTS, Verb.AMENDS})


@dataclass(frozen=True, slots=True)
class Rule:
    """One clause in force, with its conditions compiled."""

    ref: str
    """``enactment#clause``."""
    provision: Provision
    enactment: Enactment
    formula: Formula
    begun_at: Instant
    when: Compiled
    only_if: Compiled | None
    guards: Mapping[Guard, Compiled]
    extensions: Mapping[str, Compiled]
    """By extension of its clock: the condition under which that may be granted, if it has one."""

    def applies(self, facts: Facts) -> Kleene:
        """Whether the clause is effective for the subject and its condition holds."""
        formula = self.formula
        if formula is True:
            return self.when.evaluate(facts)
        effective = evaluate(formula, lambda guard: self.guards[guard].evaluate(facts))
        if effective is False:
            return False
        holds = self.when.evaluate(facts)
        if holds is False:
            return False
        return True if effective is True and holds is True else None

    def edges(self, facts: Facts) -> Iterator[Instant]:
        """Instants at which one of its comparisons with the moment asked can flip."""
        yield from self.when.edges(facts)
        if self.only_if is not None:
            yield from self.only_if.edges(facts)
        for compiled in self.guards.values():
            yield from compiled.edges(facts)

    @property
    def reads(self) -> frozenset[FactRef]:
        """Every fact its conditions read."""
        parts = (self.when, self.only_if, *self.guards.values(), *self.extensions.values())
        return frozenset(ref for part in parts if part is not None for ref in part.reads)

    @property
    def is_timed(self) -> bool:
        """Whether some comparison in it is with the moment asked."""
        return any(ref.owner == "at" for ref in self.reads)

    @property
    def waits_for_release(self) -> bool:
        """Whether its clock starts when a person is otherwise releasable."""
        clock = self.provision.clock
        return clock is not None and clock.anchor == RELEASABLE

    def speaks_of(self, kind: str) -> bool:
        """Whether it speaks of instruments of this kind."""
        return not self.provision.kinds or kind in self.provision.kinds

    def limbs(self, facts: Facts) -> tuple[tuple[str, LimbValue], ...]:
        """Every limb with its value, in the order written: scope, condition, only-if."""
        found: list[tuple[str, LimbValue]] = []
        for guard, compiled in self.guards.items():
            found += [(f"for [{guard.act}]", limb) for limb in compiled.trace(facts)[1]]
        found += [("when", limb) for limb in self.when.trace(facts)[1]]
        if self.only_if is not None:
            found += [("only if", limb) for limb in self.only_if.trace(facts)[1]]
        return tuple(found)


class Program:
    """A regime's clauses, compiled once, sorted by what they do."""

    def __init__(self, law: Law, regime: Regime, sides: Mapping[Doubt, bool] | None = None) -> None:
        """Compile the clauses of a regime, with each doubt of law in ``sides`` settled so."""
        self.law = law
        self.regime = regime
        self._sides = sides or {}
        self._sentences: dict[str, str] = {}
        clauses = ((ref, assumed(formula, self._sides)) for ref, formula in regime.clauses.items())
        self.rules = tuple(self._rule(ref, formula) for ref, formula in clauses if formula is not False)

    @cached_property
    def defining(self) -> tuple[Rule, ...]:
        """``defines``, ``counts-as`` and ``computes``, each after what it reads."""
        found = self._with({Effect.DEFINES, Effect.COUNTS_AS, Effect.COMPUTES})
        return tuple(_in_order(found))

    @cached_property
    def forcing(self) -> tuple[Rule, ...]:
        """``in-force-when`` and ``invalid-when``."""
        return self._with({Effect.IN_FORCE_WHEN, Effect.INVALID_WHEN})

    @cached_property
    def duties(self) -> tuple[Rule, ...]:
        """Everything that somebody must do by some time, but for :attr:`duties_on_release`."""
        return tuple(rule for rule in self._with(DUTIES) if not rule.waits_for_release)

    @cached_property
    def duties_on_release(self) -> tuple[Rule, ...]:
        """Duties whose clocks start when all bases of some strata have ended."""
        return tuple(rule for rule in self._with(DUTIES) if rule.waits_for_release)

    @cached_property
    def holding(self) -> tuple[Rule, ...]:
        """What may, must or must not be held."""
        return self._with(HOLDING)

    @cached_property
    def holding_on(self) -> Mapping[str, tuple[Rule, ...]]:
        """The same, by the kind of subject."""
        return _by_subject(self.holding)

    @cached_property
    def caps(self) -> tuple[Rule, ...]:
        """What limits bases in time."""
        return self._with({Effect.CAP})

    @cached_property
    def timed(self) -> tuple[Rule, ...]:
        """Rules of which some comparison with the moment asked can flip."""
        return tuple(rule for rule in self.rules if rule.is_timed)

    @cached_property
    def reads(self) -> Mapping[str, frozenset[str]]:
        """Owner -> the facts that some rule reads, in a limb, as a clock's anchor or to be met.

        What changes no fact of these changes no answer.
        """
        named = {f"{ref.owner}.{ref.name}" for rule in self.rules for ref in rule.reads}
        for rule in self.rules:
            named |= {*rule.provision.discharges}
            clock = rule.provision.clock
            if clock is not None:
                named |= {clock.anchor, clock.reset}
                named |= {clock.pause.begins, clock.pause.ends} if clock.pause else set()
        found: dict[str, set[str]] = {}
        for name in named:
            owner, _, fact = name.partition(".")
            found.setdefault(owner, set()).add(fact)
        return {owner: frozenset(facts) for owner, facts in found.items()}

    @cached_property
    def computes(self) -> bool:
        """Whether some rule sums sentences, and so reads every fact of a sentence."""
        return any(rule.provision.effect is Effect.COMPUTES for rule in self.rules)

    def sentence(self, ref: str) -> str:
        """Whether a clause is in force and why, in a sentence, whomever it binds left open."""
        if ref not in self._sentences:
            self._sentences[ref] = self.regime.sentence(ref)
        return self._sentences[ref]

    @cached_property
    def tests(self) -> tuple[LimbTest, ...]:
        """What every limb of every rule asks, scopes included."""
        return tuple(
            node.test
            for rule in self.rules
            for compiled in (rule.when, rule.only_if, *rule.guards.values(), *rule.extensions.values())
            if compiled is not None
            for _, node in walk(compiled.tree)
            if isinstance(node, TypedLimb)
        )

    @cached_property
    def fixed_instants(self) -> frozenset[Instant]:
        """Instants that some limb writes out, such as the day a form came into use."""
        return frozenset(
            Instant(side.at)
            for test in self.tests
            if isinstance(test, InstantTest)
            for side in (test.left, test.right)
            if isinstance(side, FixedInstant)
        )

    @cached_property
    def noted(self) -> tuple[Enactment, ...]:
        """Enactments in force that say what is practised or what is at risk."""
        speaking = [each for each in self.law.enactments.values() if each.practice or each.risk]
        return tuple(each for each in speaking if self.in_force(each.id) is True)

    def _with(self, effects: frozenset[Effect] | set[Effect]) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.provision.effect in effects)

    def _rule(self, ref: str, formula: Formula) -> Rule:
        name, _, clause = ref.partition("#")
        enactment = self.law.enactments[name]
        provision = provision_of(self.law, ref)

        def compiled(condition: Condition | None, root: str = "when") -> Compiled:
            return self._compiled(condition, provision.on, enactment.place, root)

        return Rule(
            ref=ref,
            provision=provision,
            enactment=enactment,
            formula=formula,
            begun_at=self._begun_at(enactment, clause),
            when=compiled(provision.when),
            only_if=compiled(provision.only_if, "only_if") if provision.only_if else None,
            guards={
                leaf: compiled(leaf.condition, "for") for leaf in leaves(formula) if isinstance(leaf, Guard)
            },
            extensions={
                each.clock: compiled(each.when, "extension")
                for each in (provision.clock.extensions if provision.clock else ())
                if each.when is not None
            },
        )

    def _compiled(self, condition: Condition | None, subject: str, place: str, root: str) -> Compiled:
        """A condition compiled once for the rulebook, whichever readings and regimes ask it."""
        kept = self.law.rulebook.compiled
        key = (id(condition), subject, place, root)
        if key not in kept:
            made = compile_condition(
                condition,
                self.law.vocabulary,
                subject=subject,
                zone=self.law.places.zone_of(PlaceId(place)),
                root=root,
                limbs=self.law.rulebook.limbs,
            )
            # The condition is kept beside what it became, so that its id stays its own.
            kept[key] = (condition, made)
        return kept[key][1]

    def in_force(self, enactment: str) -> Kleene:
        """Whether an enactment is in force here and now, whomever it binds left unknown."""
        return evaluate(self.regime.in_force(enactment), lambda _: None, self._sides.get)

    def _begun_at(self, enactment: Enactment, clause: str) -> Instant:
        begun = [
            earliest_of(self.law.instant(act.begins, enactment.place))
            for act in enactment.acts
            if act.does in _BEGINNINGS and (not act.clauses or clause in act.clauses)
        ]
        return min(begun, default=BEGINNING)


def provision_of(law: Law, ref: str) -> Provision:
    """The provision that ``enactment#clause`` names."""
    return law.provisions[ref]


def _by_subject(rules: Sequence[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        found[rule.provision.on] = (*found.get(rule.provision.on, ()), rule)
    return found


class CircularDefinitions(ValueError):
    """Definitions that read one another in a circle."""


def _in_order(rules: Sequence[Rule]) -> Iterator[Rule]:
    waiting = list(rules)
    while waiting:
        unmade = {f"{r.provision.on}.{r.provision.defines or r.provision.computes}" for r in waiting}
        ready = [rule for rule in waiting if not _reads(rule) & unmade - {_makes(rule)}]
        if not ready:
            names = ", ".join(sorted(rule.ref for rule in waiting))
            raise CircularDefinitions(f"expected definitions in some order, found a circle: {names}")
        yield from ready
        waiting = [rule for rule in waiting if rule not in ready]


def _makes(rule: Rule) -> str:
    return f"{rule.provision.on}.{rule.provision.defines or rule.provision.computes}"


def _reads(rule: Rule) -> set[str]:
    reads = {f"{ref.owner}.{ref.name}" for ref in rule.when.reads}
    for compiled in rule.guards.values():
        reads |= {f"{ref.owner}.{ref.name}" for ref in compiled.reads}
    return reads
