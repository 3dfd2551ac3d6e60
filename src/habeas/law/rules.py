"""One clause in force, ready to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from habeas.custody.facts import COLLECTIONS
from habeas.kernel.instants import Instant
from habeas.kernel.kleene import Kleene
from habeas.law.bearings import Sayings
from habeas.law.compile import Compiled
from habeas.law.conditions import FactRef
from habeas.law.edges import Threshold, edges_of
from habeas.law.enactments import Enactment, Provision
from habeas.law.facts import Facts, LimbValue
from habeas.law.formulas import Formula, Guard, evaluate

RELEASABLE = "releasable_at"
"""What a clock names as its anchor to start when all bases of its strata have ended."""


class Rule(Struct, frozen=True, eq=False, dict=True, weakref=True):
    """One clause in force, with its conditions compiled.

    Compared by identity: a rulebook has one object for one content, whichever readings and regimes
    it is in force under.
    """

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

    def edges(self, facts: Facts) -> set[Instant]:
        """Instants at which one of its comparisons with the moment asked can flip."""
        return edges_of(self._thresholds, facts)

    @cached_property
    def _thresholds(self) -> tuple[Threshold, ...]:
        return tuple(dict.fromkeys(each for part in self.parts for each in part.thresholds))

    @cached_property
    def sayings(self) -> Sayings:
        """What it can say of holding a subject."""
        enactment = self.enactment
        return Sayings(self.ref, self.provision, (enactment.kind, enactment.body), self.begun_at)

    @cached_property
    def reads(self) -> frozenset[FactRef]:
        """Every fact its conditions read."""
        return frozenset(ref for part in (*self.parts, *self.extensions.values()) for ref in part.reads)

    @property
    def parts(self) -> tuple[Compiled, ...]:
        """Its condition, its ``only-if`` and the scopes of the acts it hangs on."""
        own = (self.when,) if self.only_if is None else (self.when, self.only_if)
        return (*own, *self.guards.values())

    @cached_property
    def clock_reads(self) -> tuple[str, ...]:
        """The collections whose rows its clock and what meets it are told from, tolling left aside."""
        named = {self.provision.on}
        clock = self.provision.clock
        if clock is not None:
            pause = (clock.pause.begins, clock.pause.ends) if clock.pause else ()
            named |= {name.partition(".")[0] for name in (clock.anchor, clock.reset, *pause)}
        named |= {name.partition(".")[0] for name in self.provision.discharges}
        return tuple(name for name in COLLECTIONS if name in named)

    @cached_property
    def collections(self) -> frozenset[str]:
        """The collections whose rows it asks."""
        return frozenset(name for part in self.parts for name in part.collections)

    @cached_property
    def enactments(self) -> frozenset[str]:
        """The enactments that it asks to be in force."""
        return frozenset(name for part in self.parts for name in part.enactments)

    @cached_property
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
