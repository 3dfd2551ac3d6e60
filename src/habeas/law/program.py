"""The provisions in force at one point of law, compiled and put in order of evaluation.

A regime says which clauses are effective, and for whom where that turns on a person; a
program is those clauses ready to be asked of a record: what defines things first, then what
gives papers force, then duties, then what supports custody and what caps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from weakref import WeakKeyDictionary

from habeas.kernel.instants import BEGINNING, Instant, earliest_of
from habeas.kernel.kleene import Kleene
from habeas.kernel.places import PlaceId
from habeas.law.bearings import DEFINING, FORCING, Bearing, Subject
from habeas.law.compile import Compiled, compile_condition
from habeas.law.conditions import FixedInstant, InstantTest, LimbTest, TypedLimb, walk
from habeas.law.enactments import (
    COMMANDS,
    DUTIES,
    HOLDING,
    Condition,
    Effect,
    Enactment,
    Provision,
    Verb,
)
from habeas.law.formulas import Doubt, Formula, Guard, assumed, evaluate, leaves
from habeas.law.regimes import Regime, UnknownRef
from habeas.law.rulebook import Law
from habeas.law.rules import RELEASABLE, Rule

__all__ = ["RELEASABLE", "CircularDefinitions", "Program", "Rule", "provision_of"]

_BEGINNINGS = frozenset({Verb.ENACTS, Verb.AMENDS})


class Program:
    """A regime's clauses, compiled once, sorted by what they do."""

    def __init__(self, law: Law, regime: Regime, sides: Mapping[Doubt, bool] | None = None) -> None:
        """Compile the clauses of a regime, with each doubt of law in ``sides`` settled so."""
        self.law = law
        self.regime = regime
        self._sides = sides or {}
        self._sentences: dict[tuple[str, tuple[Kleene, ...]], str] = {}
        self._bearings: dict[Subject, Bearing] = {}
        self._several: dict[tuple[Subject, ...], tuple[Bearing, ...]] = {}
        self._row_by_row: dict[frozenset[Bearing], bool] = {}
        clauses = ((ref, assumed(formula, self._sides)) for ref, formula in regime.clauses.items())
        self.rules = tuple(self._rule(ref, formula) for ref, formula in clauses if formula is not False)

    @cached_property
    def defining(self) -> tuple[Rule, ...]:
        """``defines``, ``counts-as`` and ``computes``, each after what it reads."""
        found = self._with(DEFINING)
        return tuple(_in_order(found))

    @cached_property
    def forcing(self) -> tuple[Rule, ...]:
        """``in-force-when`` and ``invalid-when``."""
        return self._with(FORCING)

    @cached_property
    def duties(self) -> tuple[Rule, ...]:
        """Everything that somebody must do by some time, but for :attr:`duties_on_release`."""
        return tuple(rule for rule in self._with(DUTIES) if not rule.waits_for_release)

    @cached_property
    def duties_on_release(self) -> tuple[Rule, ...]:
        """Duties whose clocks start when all bases of some strata have ended."""
        return tuple(rule for rule in self._with(DUTIES) if rule.waits_for_release)

    @cached_property
    def duty_numbers(self) -> Mapping[Rule, int]:
        """The place of each among :attr:`duties`."""
        return {rule: number for number, rule in enumerate(self.duties)}

    @cached_property
    def release_duty_numbers(self) -> Mapping[Rule, int]:
        """The place of each among :attr:`duties_on_release`."""
        return {rule: number for number, rule in enumerate(self.duties_on_release)}

    @cached_property
    def holding(self) -> tuple[Rule, ...]:
        """What may, must or must not be held."""
        return self._with(HOLDING)

    @cached_property
    def holding_on(self) -> Mapping[str, tuple[Rule, ...]]:
        """The same, by the kind of subject."""
        return _by_subject(self.holding)

    @cached_property
    def commands(self) -> tuple[Rule, ...]:
        """What agencies must do or not do, whoever is held."""
        return self._with(COMMANDS)

    @cached_property
    def caps(self) -> tuple[Rule, ...]:
        """What limits bases in time."""
        return self._with({Effect.CAP})

    @cached_property
    def counted_as(self) -> frozenset[str]:
        """The kinds of paper that another paper can count as."""
        return frozenset(
            rule.provision.defines for rule in self.rules if rule.provision.effect is Effect.COUNTS_AS
        )

    def bearing(self, collection: str, kind: str | None) -> Bearing:
        """What of it bears on one kind of subject.

        One object for one content: where two programs give the same one, the same is decided.
        """
        subject = collection, kind
        found = self._bearings.get(subject)
        if found is None:
            found = self._bearings[subject] = self._made_bearing(subject)
        return found

    def bearings(self, subjects: tuple[Subject, ...]) -> tuple[Bearing, ...]:
        """What of it bears on several kinds of subject, in their order."""
        found = self._several.get(subjects)
        if found is None:
            found = self._several[subjects] = tuple(self.bearing(*subject) for subject in subjects)
        return found

    def _made_bearing(self, subject: Subject) -> Bearing:
        defining = set(self.defining)
        ordered = (*self.defining, *(rule for rule in self.rules if rule not in defining))
        rules = tuple(rule for rule in ordered if self._may_speak_of(rule, subject))
        place, kept = self.regime.place, self.law.rulebook.bearings
        named = sorted({name for rule in rules for name in rule.enactments})
        asked = tuple((name, self._in_force_if_known(name)) for name in named)
        key = place, subject, rules, asked
        if (made := kept.get(key)) is None:
            made = kept[key] = Bearing(place, subject, rules, self.law.order(place), asked)
        return made

    def _may_speak_of(self, rule: Rule, subject: Subject) -> bool:
        collection, kind = subject
        provision = rule.provision
        if provision.on != collection:
            return False
        if collection != "instrument" or not provision.kinds or kind is None:
            return True
        return kind in provision.kinds or not self.counted_as.isdisjoint(provision.kinds)

    def _in_force_if_known(self, name: str) -> object:
        """Whether an enactment is in force, or its name where the rulebook has no such enactment."""
        try:
            return self.in_force(name)
        except UnknownRef:
            return name

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

    def reads_like(self, other: Program) -> bool:
        """Whether another program reads the same facts."""
        found = self._reading_like.get(other)
        if found is None:
            found = self._reading_like[other] = self.reads == other.reads and self.computes is other.computes
        return found

    @cached_property
    def _reading_like(self) -> WeakKeyDictionary[Program, bool]:
        return WeakKeyDictionary()

    def read_of(self, owner: str) -> tuple[str, ...]:
        """The facts of one owner that some rule reads, in order."""
        return self._read_in_order.get(owner, ())

    @cached_property
    def _read_in_order(self) -> Mapping[str, tuple[str, ...]]:
        return {owner: tuple(sorted(facts)) for owner, facts in self.reads.items()}

    def is_row_by_row(self, bearings: frozenset[Bearing]) -> bool:
        """Whether what law defines of these subjects can be worked out for each by itself.

        Not where sentences are summed up, where a definition is about the person or asks other
        rows, or where a rule asks other rows for what is defined.
        """
        found = self._row_by_row.get(bearings)
        if found is None:
            found = self._row_by_row[bearings] = _is_row_by_row(bearings)
        return found

    @cached_property
    def computes(self) -> bool:
        """Whether some rule sums sentences, and so reads every fact of a sentence."""
        return any(rule.provision.effect is Effect.COMPUTES for rule in self.rules)

    def sentence(self, ref: str, guards: Mapping[Guard, Kleene] | None = None) -> str:
        """Whether a clause is in force and why, in a sentence.

        Args:
            ref: ``enactment#clause``.
            guards: Whether each guard that the clause hangs on holds of a subject; without any,
                whomever it binds is left open.
        """
        key = ref, tuple(guards.values()) if guards else ()
        if key not in self._sentences:
            self._sentences[key] = self.regime.sentence(ref, guards.get if guards else None)
        return self._sentences[key]

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

        guards = {
            leaf: compiled(leaf.condition, "for") for leaf in leaves(formula) if isinstance(leaf, Guard)
        }
        made = Rule(
            ref=ref,
            provision=provision,
            enactment=enactment,
            formula=formula,
            begun_at=self._begun_at(enactment, clause),
            when=compiled(provision.when),
            only_if=compiled(provision.only_if, "only_if") if provision.only_if else None,
            guards=guards,
            extensions={
                each.clock: compiled(each.when, "extension")
                for each in (provision.clock.extensions if provision.clock else ())
                if each.when is not None
            },
        )
        return self._shared(made)

    def _shared(self, rule: Rule) -> Rule:
        """The rule of this content that the rulebook has already, if it has one.

        Equal provisions are one object (see `Rulebook`), and so are their compiled conditions.
        """
        enactment = rule.enactment
        named = enactment.title, enactment.cite, enactment.kind, enactment.body
        key = (
            rule.ref,
            id(rule.provision),
            rule.formula,
            rule.begun_at,
            named,
            rule.parts,
            tuple(rule.extensions.items()),
        )
        # The rule keeps its provision, so that the provision's id stays its own while it is shared.
        return self.law.rulebook.rules.setdefault(key, rule)

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


def _is_row_by_row(bearings: frozenset[Bearing]) -> bool:
    defining = [(bearing, rule) for bearing in bearings for rule in bearing.defining]
    for bearing, rule in defining:
        summed = rule.provision.effect is Effect.COMPUTES
        if summed or rule.collections or bearing.collection == "person":
            return False
    defined = {_makes(rule) for _, rule in defining}
    asking = [rule for bearing in bearings for rule in bearing.rules if rule.collections]
    return not any(
        ref.owner in rule.collections and f"{ref.owner}.{ref.name}" in defined
        for rule in asking
        for ref in rule.reads
    )


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
