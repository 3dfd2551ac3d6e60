"""Conditions: one evaluation of a five-limb hold rule, quick, explained, and by Rust CEL.

A year of a jail's custody timelines asks conditions some million times; a proof asks each once.
"""

from __future__ import annotations

from collections.abc import Iterator

import cel
from benchmarks.measuring import Measured, shortest

from habeas.kernel.instants import HOUR, Instant, Precision, UncertainInstant
from habeas.law.checking import LimbTable, checked
from habeas.law.compile import Compiled, Facts, compile_condition
from habeas.law.enactments import All, AnyOf, Limb, Quantified
from habeas.law.mutants import mutants
from habeas.law.vocabulary import FactSpec, FactType, Value, Vocabulary

NOON = Instant(1_488_628_800_000_000)
VOCABULARY = Vocabulary(
    FactSpec(name, kind, (), "for the benchmark")
    for name, kind in (
        ("instrument.complete", FactType.BOOL),
        ("instrument.lodged_at", FactType.INSTANT),
        ("instrument.attached_warrant", FactType.CODE),
        ("person.convicted_felony", FactType.BOOL),
        ("charge.class", FactType.CODE),
    )
)
RULE = All(
    (
        Limb("instrument.complete"),
        Limb("at >= instrument.lodged_at"),
        Limb("at < instrument.lodged_at + 48h"),
        AnyOf((Limb('instrument.attached_warrant in ["I-200", "I-205"]'), Limb("person.convicted_felony"))),
    )
)
PAPER: dict[str, Value] = {"id": "d1", "complete": True, "lodged_at": NOON - HOUR, "attached_warrant": "none"}
FACTS = Facts(
    at=NOON, subject_kind="instrument", subject=PAPER, person={"id": "p1", "convicted_felony": True}
)
IN_CEL = (
    "instrument.complete && at >= instrument.lodged_at && at < instrument.lodged_at + 172800000000"
    ' && (instrument.attached_warrant in ["I-200", "I-205"] || person.convicted_felony)'
)


def measure() -> Iterator[Measured]:
    """The same rule and facts throughout; every limb is asked, since the last one settles it."""
    rule = compile_condition(RULE, VOCABULARY, subject="instrument")
    yield shortest("five limbs, value only", lambda: rule.evaluate(FACTS), aim=0.5e-6)
    yield shortest("five limbs, with every limb's value and facts", lambda: rule.trace(FACTS), aim=1.5e-6)
    yield shortest("five limbs, the instants at which they flip", lambda: rule.edges(FACTS))
    day = UncertainInstant(NOON, Instant(NOON + 24 * HOUR), Precision.DAY, "d1")
    unsure = Facts(
        at=NOON, subject_kind="instrument", subject={**PAPER, "lodged_at": day}, person=FACTS.person
    )
    yield shortest("five limbs, an uncertain day", lambda: rule.evaluate(unsure))
    yield from _over_rows()
    program, context = cel.compile(IN_CEL), cel.Context()
    for name, value in (("at", NOON), ("instrument", PAPER), ("person", dict(FACTS.person))):
        context.add_variable(name, value)
    yield shortest("five limbs, Rust CEL, program and context ready", lambda: program.execute(context))
    yield from _making()


def _over_rows() -> Iterator[Measured]:
    some = Quantified("some", "charge", Limb('charge.class == "felony"'))
    rows = [{"id": f"c{index}", "class": "misdemeanor"} for index in range(5)]
    facts = Facts(at=NOON, subject_kind="person", rows={"charge": rows}, complete={"charge": True})
    asked = compile_condition(some, VOCABULARY, subject="person")
    yield shortest("some charge, five rows", lambda: asked.evaluate(facts))


def _making() -> Iterator[Measured]:
    table: LimbTable = {}
    tree = checked(RULE, VOCABULARY, subject="instrument", limbs=table)

    def ready(limbs: LimbTable) -> None:
        made = checked(RULE, VOCABULARY, subject="instrument", limbs=limbs)
        assert Compiled(made, subject="instrument").evaluate(FACTS)

    yield shortest("from text to a first value", lambda: ready({}))
    yield shortest("from limbs already read to a first value", lambda: ready(table))
    yield shortest("every mutant of it", lambda: list(mutants(tree)))
