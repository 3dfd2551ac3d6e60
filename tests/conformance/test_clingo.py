"""Acts resolved a second time by an answer-set solver, over laws nobody would enact.

The oracle (`acts.lp`) states the verbs as an argumentation framework and lets clingo find its
complete labellings; what is common to them is the grounded one. It shares no code with the
resolver: it reads the acts as they stand in a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import clingo
from hypothesis import given
from hypothesis import strategies as st

from act_strategies import FROM_START, Point, date, instant, laws, points
from habeas.kernel.instants import DAY
from habeas.kernel.kleene import Kleene, any_of
from habeas.law.acts import Guard, Regimes, evaluate
from habeas.law.enactments import Act, Enactment, Limb, Scope, Verb
from small_laws import SmallLaw

PROGRAM = (Path(__file__).parent / "acts.lp").read_text(encoding="utf-8")
ONLY_END = {Verb.REPEALS, Verb.SUPERSEDES, Verb.RESCINDS}
guard_values = st.fixed_dictionaries(
    {"g": st.sampled_from([True, False, None]), "h": st.sampled_from([True, False, None])}
)


def scope_of(scope: Scope, point: Point, values: dict[str, Kleene]) -> str:
    """Whether the generated scopes, which have one limit each, cover a point."""
    juniper = point.place == "us/zz/juniper"
    if (scope.places and not juniper) or (scope.except_places and juniper):
        return "no"
    if scope.custodians and point.custodian not in {*scope.custodians, None}:
        return "no"
    bound: Kleene = True
    if isinstance(scope.condition, Limb):
        bound = values[scope.condition.text]
    if bound is False:
        return "no"
    unsure = (scope.unsure_places and juniper) or (scope.custodians and point.custodian is None)
    return "unsure" if unsure or bound is None else "yes"


def facts(law: SmallLaw, point: Point, values: dict[str, Kleene]) -> Iterator[str]:
    yield f"now({number(point.at)}). knowledge({number(point.known)})."
    for each in law.enactments.values():
        for clause in [provision.id for provision in each.provisions] or [""]:
            yield f'text("{each.id}", "{clause}").'
        for act in each.acts:
            yield from act_facts(each, act)
            yield f'scope("{each.id}!{act.id}", {scope_of(act.scope, point, values)}).'


def act_facts(enactment: Enactment, act: Act) -> Iterator[str]:
    ref = f'"{enactment.id}!{act.id}"'
    yield f'in({ref}, "{enactment.id}"). does({ref}, {act.does.value}). known({ref}, {day(act.known)}).'
    if act.begins == "start" and act.does in FROM_START:
        yield f"from_start({ref})."
    else:
        yield f"day({ref}, {day(act.begins)})."
    yield from (f'named({ref}, "{clause}").' for clause in act.clauses)
    for target in act.targets:
        if "#" in target:
            name, _, clause = target.partition("#")
            yield f'target_clause({ref}, "{name}", "{clause}").'
        elif "!" in target:
            yield f'target_act({ref}, "{target.partition("!")[0]}", "{target}").'
        else:
            yield f'target({ref}, "{target}").'
    if act.reaches is not None:
        yield f"reach({ref}, {act.reaches.value})."
    if act.proceeding:
        yield f"waits({ref}, {act.proceeding})."
    if act.disposes:
        yield f"disposes({ref}, {act.disposes})."


def day(text: object) -> int:
    assert isinstance(text, str)
    return next(number for number in range(1, 32) if date(number) == text)


def number(at: int) -> int:
    return (at - instant(1)) // DAY + 1


class Oracle:
    """What clingo makes of a law at a point: the label on which all complete labellings agree."""

    def __init__(self, law: SmallLaw, point: Point, values: dict[str, Kleene]) -> None:
        control = clingo.Control(["--enum-mode=cautious", "--warn=none"])
        control.add("base", [], PROGRAM + "\n".join(facts(law, point, values)))
        control.ground([("base", [])])
        agreed: list[clingo.Symbol] = []
        with control.solve(yield_=True) as handle:
            for model in handle:
                agreed = list(model.symbols(shown=True))
        atoms = control.symbolic_atoms.by_signature("arg", 1)
        self._labels = dict.fromkeys((str(atom.symbol.arguments[0]) for atom in atoms), "undec")
        self._labels.update((str(each.arguments[0]), str(each.arguments[1])) for each in agreed)

    def value(self, argument: str) -> Kleene:
        """In, out or undecided; an argument nobody can make is out."""
        return {"in": True, "out": False, "undec": None}[self._labels.get(argument, "out")]

    def text(self, ref: str) -> Kleene:
        """Whether any beginning of a clause still holds."""
        name, _, clause = ref.partition("#")
        tail = f',"{name}","{clause}")'
        return any_of(
            self.value(each) for each in self._labels if each.startswith("force(") and each.endswith(tail)
        )

    def act(self, ref: str, does: Verb) -> Kleene:
        """Whether an act that begins no text works, or has ended what it ends."""
        return self.value(f'{"ended" if does in ONLY_END else "works"}("{ref}")')


@given(laws(), points, guard_values)
def test_the_resolver_agrees_with_clingo(law: SmallLaw, point: Point, values: dict[str, Kleene]) -> None:
    regime = Regimes(law).at(*point)
    oracle = Oracle(law, point, values)

    def guard_value(guard: Guard) -> Kleene:
        assert isinstance(guard.condition, Limb)
        return values[guard.condition.text]

    for each in law.enactments.values():
        for provision in each.provisions:
            ref = f"{each.id}#{provision.id}"
            assert evaluate(regime.in_force(ref), guard_value) is oracle.text(ref), ref
        for act in each.acts:
            if act.does not in {Verb.ENACTS, Verb.AMENDS}:
                ref = f"{each.id}!{act.id}"
                assert evaluate(regime.in_force(ref), guard_value) is oracle.act(ref, act.does), ref
