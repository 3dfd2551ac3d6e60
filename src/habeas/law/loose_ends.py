"""Loose ends in acts: what a drafter should look at again, for the linter.

None of them stops an answer: an act aimed at nothing does nothing, a reach left out is a doubt.
An act or a text may exist only under some readings, so that a loose end is one only where it is
loose under every reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from habeas.law.attacks import AttackGraph, attack_graph
from habeas.law.enactments import Verb
from habeas.law.formulas import About, Doubt
from habeas.law.targets import DatedAct, Law, Target, cover, target_of

_NEEDS_TARGET = frozenset(Verb) - {Verb.ENACTS}


@dataclass(frozen=True, slots=True)
class LooseEnd:
    """One thing about an act, or a clause, that its file leaves open."""

    ref: str
    """``enactment!act`` or ``enactment#clause``."""
    cite: str
    expected: str
    found: str

    def __str__(self) -> str:
        """``us/zz/a!x [cite]: expected ..., found ...``."""
        return f"{self.ref} [{self.cite}]: expected {self.expected}, found {self.found}"


def loose_ends(law: Law) -> tuple[LooseEnd, ...]:
    """Every loose end of a law under one reading, in the order of enactments."""
    graph = attack_graph(law)
    return (*(end for act in graph.acts for end in _of_act(act, graph)), *_unbegun(graph, law))


def _of_act(act: DatedAct, graph: AttackGraph) -> Iterator[LooseEnd]:
    if not act.act.targets and act.does in _NEEDS_TARGET:
        yield _loose(act, f"a target for [{act.does}]", "none")
    for text in act.act.targets:
        if not _exists(target_of(text), graph):
            yield _loose(act, "a target that is in the law", f"[{text}]")
    for clause in act.act.clauses:
        if f"{act.enactment.id}#{clause}" not in graph.texts:
            yield _loose(act, "a clause of its own enactment", f"[{clause}]")
    if act.does is Verb.LIFTS and act.act.targets and not _lifts_something(act, graph):
        yield _loose(act, "a target that suspends or stays", " ".join(act.act.targets))
    yield from _unstated(act, graph)


def _exists(target: Target, graph: AttackGraph) -> bool:
    if target.act:
        return f"{target.enactment}!{target.act}" in graph.by_ref
    if target.clause:
        return f"{target.enactment}#{target.clause}" in graph.texts
    return target.enactment in graph.clauses


def _lifts_something(act: DatedAct, graph: AttackGraph) -> bool:
    aims = tuple(map(target_of, act.act.targets))
    halting = (each for each in graph.acts if each.does in {Verb.SUSPENDS, Verb.STAYS})
    return any(cover(aims, each) for each in halting)


def _unstated(act: DatedAct, graph: AttackGraph) -> Iterator[LooseEnd]:
    """Endings of this act that some halting act undoes or not, its file does not say which."""
    for attack in graph.attacks[2 * act.index + 1]:
        if isinstance(attack.counts, Doubt) and attack.counts.about is About.REACH:
            if attack.by.act.reaches is None:
                yield _loose(attack.by, "[reaches]", f"none, though [{act.ref}] ended older text")
            else:
                several = f"one of the clauses that [{act.ref}] begins together"
                yield _loose(attack.by, "all clauses begun by the act whose ending it undoes", several)


def _unbegun(graph: AttackGraph, law: Law) -> Iterator[LooseEnd]:
    for name, refs in sorted(graph.clauses.items()):
        enactment = law.enactments[name]
        for ref in refs:
            if "#" in ref and not graph.texts[ref] and not enactment.inert:
                yield LooseEnd(ref, enactment.cite, "an act that begins it", "none")


def _loose(act: DatedAct, expected: str, found: str) -> LooseEnd:
    return LooseEnd(act.ref, act.act.cite, expected, found)
