"""One small rule beside peers: honour a detainer within 48 hours, on review or a felony.

The same rows, the same answers (checked), in one run: plain Python (two-valued), habeas (three-valued),
the Rust CEL package, and OpenFisca-core building and calculating one person's situation.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, cast

import cel
import numpy as np
from benchmarks.measuring import Measured, shortest

from habeas.kernel.instants import Instant
from habeas.law.compile import Facts, compile_condition
from habeas.law.enactments import All, AnyOf, Limb
from habeas.law.vocabulary import FactSpec, FactType, Vocabulary

HOUR = 3_600_000_000
START = 1_488_600_000_000_000
ROWS = 200
NAME = "one small rule, one person"
VOCABULARY = Vocabulary(
    FactSpec(name, kind, (), "for the benchmark")
    for name, kind in (
        ("instrument.lodged_at", FactType.INSTANT),
        ("instrument.complete", FactType.BOOL),
        ("instrument.neutral_review", FactType.BOOL),
        ("person.convicted_felony", FactType.BOOL),
    )
)
RULE = All(
    (
        Limb("instrument.complete"),
        Limb("at >= instrument.lodged_at"),
        Limb("at < instrument.lodged_at + 48h"),
        AnyOf((Limb("instrument.neutral_review"), Limb("person.convicted_felony"))),
    )
)
IN_CEL = (
    "complete && at >= lodged_at && at < lodged_at + 172800000000 && (neutral_review || convicted_felony)"
)

_FISCA = ("entities", "periods", "simulations", "taxbenefitsystems", "variables")

Row = dict[str, Any]


def measure() -> Iterator[Measured]:
    """Each engine answers the same two hundred rows; the figure is for one."""
    rows = _rows()
    expected = [_plain(row) for row in rows]
    engines: list[tuple[str, bool, Callable[[Row], bool]]] = [
        ("habeas, scalar", False, _habeas()),
        ("plain Python, two-valued", True, _plain),
        ("Rust CEL, program ready", True, _in_cel()),
        ("OpenFisca-core, build and calculate", True, _in_openfisca()),
    ]
    for name, is_peer, engine in engines:
        assert [engine(row) for row in rows] == expected, f"{name} answers otherwise"
        some = rows[:20] if "OpenFisca" in name else rows

        def all_of_them(engine: Callable[[Row], bool] = engine, some: list[Row] = some) -> None:
            for row in some:
                engine(row)

        whole = shortest(name, all_of_them, batches=10)
        yield Measured(name, whole.seconds / len(some), whole.runs, group=NAME, is_peer=is_peer)


def _rows() -> list[Row]:
    chance = random.Random(7)  # noqa: S311 - the same rows in every run, no secret
    return [
        {
            "at": START + chance.randrange(96) * HOUR,
            "lodged_at": START + chance.randrange(48) * HOUR,
            "complete": chance.random() < 0.8,
            "neutral_review": chance.random() < 0.5,
            "convicted_felony": chance.random() < 0.3,
        }
        for _ in range(ROWS)
    ]


def _plain(row: Row) -> bool:
    lodged = row["lodged_at"]
    inside = lodged <= row["at"] < lodged + 48 * HOUR
    return bool(row["complete"] and inside and (row["neutral_review"] or row["convicted_felony"]))


def _habeas() -> Callable[[Row], bool]:
    rule = compile_condition(RULE, VOCABULARY, subject="instrument")

    def decide(row: Row) -> bool:
        facts = Facts(at=Instant(row["at"]), subject_kind="instrument", subject=row, person=row)
        return rule.evaluate(facts) is True

    return decide


def _in_cel() -> Callable[[Row], bool]:
    program = cel.compile(IN_CEL)
    return lambda row: bool(program.execute(cel.Context(row)))


def _in_openfisca() -> Callable[[Row], bool]:
    fisca = {name: import_module(f"openfisca_core.{name}") for name in _FISCA}
    entities, periods, simulations, systems, variables = (cast("Any", fisca[name]) for name in _FISCA)
    person = entities.build_entity(key="person", plural="persons", label="p", is_person=True)
    role = {"key": "member", "plural": "members", "label": "m"}
    house = entities.build_entity(key="household", plural="households", label="h", roles=[role])
    system = systems.TaxBenefitSystem([person, house])
    day = "2017-04-01"

    def formula(persons: Any, period: Any, _parameters: Any = None) -> Any:
        at, lodged = persons("at", period), persons("lodged_at", period)
        ground = persons("neutral_review", period) + persons("convicted_felony", period)
        return persons("complete", period) * (at >= lodged) * (at < lodged + 48) * ground

    def variable(name: str, kind: type, rule: Any = None) -> Any:
        body = {
            "value_type": kind,
            "entity": person,
            "definition_period": periods.DateUnit.DAY,
            "label": name,
        }
        return type(name, (variables.Variable,), body | ({"formula": rule} if rule else {}))

    for name, kind in (("at", int), ("lodged_at", int), ("complete", bool), ("neutral_review", bool)):
        system.add_variable(variable(name, kind))
    system.add_variable(variable("convicted_felony", bool))
    system.add_variable(variable("may_hold", bool, formula))

    def decide(row: Row) -> bool:
        # Its integers are 32 bits wide, so instants are given in hours.
        facts = {k: {day: (v - START) // HOUR if k in {"at", "lodged_at"} else v} for k, v in row.items()}
        situation = {
            "persons": {"a": {**facts, "may_hold": {day: None}}},
            "households": {"h": {"members": ["a"]}},
        }
        built = simulations.SimulationBuilder().build_from_entities(system, situation)
        return bool(np.asarray(built.calculate("may_hold", day))[0])

    return decide
