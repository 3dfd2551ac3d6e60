"""Which limbs the tests of law reach, which of them decide, and which mutants could be noticed there.

A test can notice a changed limb only where the changed condition comes to another value than the
right one, of some subject at some moment of the custody it asks about. Comparing the two values
is a thousand times cheaper than an answer, so an answer is made only there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from msgspec import structs

from habeas.authority.derive import Derivation, Piece
from habeas.authority.gate_mutants import LawMutant, LimbChange
from habeas.authority.situations import Situation
from habeas.kernel.instants import Instant
from habeas.kernel.places import PlaceId, lies_within
from habeas.law.compile import Compiled
from habeas.law.conditions import (
    TypedAll,
    TypedAny,
    TypedCondition,
    TypedGap,
    TypedLimb,
    TypedNot,
    TypedQuantified,
    children,
    walk,
)
from habeas.law.facts import Facts
from habeas.law.mutants import mutants
from habeas.law.program import Rule


@dataclass(slots=True)
class Limb:
    """One limb of the rulebook, with what the tests have shown of it."""

    ref: str
    part: str
    path: str
    text: str
    decided_true: bool = False
    """Some test has it true where the condition would fail were it false."""
    decided_false: bool = False
    reason: str = ""
    """Why the file says that its clause would come to the same without it, if it does."""

    @property
    def is_covered(self) -> bool:
        """Whether it has been shown to decide its condition alone, in both directions.

        Of a limb that could be left out, as its file says, one direction is all there is to show.
        """
        if self.reason:
            return self.decided_true or self.decided_false
        return self.decided_true and self.decided_false


@dataclass(slots=True)
class Condition:
    """One compiled condition of a rule, with its mutants still alive and its limbs forced both ways."""

    compiled: Compiled
    wrongs: list[tuple[LawMutant, Compiled]]
    read: list[Read]


@dataclass(slots=True)
class Read:
    """A condition in which what no source was found for is supposed one way or another."""

    compiled: Compiled
    forced: list[tuple[Limb, Compiled, Compiled]]
    """Each limb with the condition in which it is always true, and that in which it is always false."""


class Watch:
    """Asks every condition of a custody beside its mutants."""

    def __init__(self, wrongs: Sequence[LawMutant]) -> None:
        self._by_ref: dict[str, list[LawMutant]] = {}
        for mutant in wrongs:
            self._by_ref.setdefault(mutant.ref, []).append(mutant)
        self._places = frozenset(mutant.place for mutant in wrongs)
        self._conditions: dict[int, tuple[Compiled, Condition]] = {}
        self.limbs: dict[tuple[str, str, str], Limb] = {}

    def speaks_in(self, place: PlaceId) -> bool:
        """Whether some mutant, noticed or not, is of law that can speak in a place."""
        return any(lies_within(place, each) for each in self._places)

    def may_reach(self, place: PlaceId) -> bool:
        """Whether some mutant still watched is of law that can speak in a place."""
        return any(lies_within(place, of[0].place) for of in self._by_ref.values() if of)

    def forget(self, mutant: LawMutant) -> None:
        """Leave a mutant out from now on: it has been noticed."""
        self._by_ref[mutant.ref].remove(mutant)
        for _, condition in self._conditions.values():
            condition.wrongs = [each for each in condition.wrongs if each[0] is not mutant]

    def reached_in(self, derivation: Derivation) -> dict[LawMutant, None]:
        """The mutants that come to something else somewhere in a custody."""
        found: dict[LawMutant, None] = {}
        for situation, start, end in _stretches(derivation.pieces):
            for rule in situation.program.rules:
                for row in situation.rows[rule.provision.on]:
                    if situation.concerns(rule, row) is not False:
                        facts = situation.facts(rule.provision.on, row)
                        self._look(rule, facts, start, end, found)
        return found

    def _look(
        self, rule: Rule, facts: Facts, start: Instant, end: Instant, found: dict[LawMutant, None]
    ) -> None:
        parts: list[tuple[str, str, Compiled]] = [(rule.ref, "when", rule.when)]
        if rule.only_if is not None:
            parts.append((rule.ref, "only_if", rule.only_if))
        parts += [(guard.act, "for", compiled) for guard, compiled in rule.guards.items()]
        for ref, part, compiled in parts:
            if compiled.tree is not None:
                self._compare(self._condition(ref, part, compiled), facts, start, end, found)
        if rule.applies(facts) is not False:
            for mutant in self._by_ref.get(rule.ref, ()):
                if not isinstance(mutant.change, LimbChange):
                    found[mutant] = None

    def _compare(
        self, condition: Condition, facts: Facts, start: Instant, end: Instant, found: dict[LawMutant, None]
    ) -> None:
        right = condition.compiled
        value = right.evaluate(facts)
        for read in condition.read:
            read.forced = [each for each in read.forced if not _is_shown(each[0])]
            if read.forced:
                _decide(read, facts)
                for edge in read.compiled.edges(facts):
                    if start < edge < end:
                        _decide(read, structs.replace(facts, at=edge))
        for mutant, wrong in condition.wrongs:
            if mutant in found:
                continue
            if wrong.evaluate(facts) is not value or _differs_later(right, wrong, facts, start, end):
                found[mutant] = None

    def _condition(self, ref: str, part: str, compiled: Compiled) -> Condition:
        kept = self._conditions.get(id(compiled))
        if kept is None:
            assert compiled.tree is not None, "asked only where there is a condition"
            suppositions = (None, True, False) if _has_gap(compiled.tree) else (None,)
            read = [self._read(ref, part, compiled, supposed=each) for each in suppositions]
            made = Condition(compiled, list(self._wrongs(ref, part, compiled)), read)
            # The compiled condition is kept beside what was made of it, so that its id stays its own.
            kept = self._conditions[id(compiled)] = (compiled, made)
        return kept[1]

    def _read(self, ref: str, part: str, compiled: Compiled, *, supposed: bool | None) -> Read:
        assert compiled.tree is not None, "asked only where there is a condition"
        tree = _supposing(compiled.tree, gaps=supposed)
        limbs = {path: node for path, node in walk(tree, part) if isinstance(node, TypedLimb)}
        forced: list[tuple[Limb, Compiled, Compiled]] = []
        for path, if_true, if_false in _forced(tree, part):
            limb = self.limbs.setdefault((ref, part, path), Limb(ref, part, path, limbs[path].text))
            forced.append((limb, _like(compiled, if_true), _like(compiled, if_false)))
        return Read(_like(compiled, tree), forced)

    def _wrongs(self, ref: str, part: str, compiled: Compiled) -> Iterator[tuple[LawMutant, Compiled]]:
        made = list(mutants(compiled.tree, part))
        for mutant in self._by_ref.get(ref, ()):
            change = mutant.change
            if isinstance(change, LimbChange) and change.part == part and change.number < len(made):
                there = made[change.number]
                # Readings may write the limb otherwise; then another mutant is theirs.
                if mutant.says == f"{there.path}: {there.description}":
                    yield mutant, _like(compiled, there.tree)


def spared(limb: Limb, reasons: Mapping[tuple[str, str], str]) -> str:
    """The reason that the limb's file gives for a clause that would be the same without it; none if none."""
    enactment = re.split("[#!]", limb.ref)[0]
    where = f"{limb.ref.removeprefix(enactment)} {limb.path.removesuffix('.not')}: without ["
    return next(
        (
            reason
            for (name, label), reason in reasons.items()
            if name == enactment and label.startswith(where)
        ),
        "",
    )


def _is_shown(limb: Limb) -> bool:
    return limb.decided_true and limb.decided_false


def _decide(read: Read, facts: Facts) -> None:
    """Note which limbs alone make the condition what it is at one moment."""
    value = read.compiled.evaluate(facts)
    if value is None:
        return
    for limb, if_true, if_false in read.forced:
        one, other = if_true.evaluate(facts), if_false.evaluate(facts)
        if one is None or other is None or one is other:
            continue
        limb.decided_true = limb.decided_true or value is one
        limb.decided_false = limb.decided_false or value is other


def _has_gap(tree: TypedCondition) -> bool:
    return any(isinstance(node, TypedGap) for _, node in walk(tree))


def _supposing(node: TypedCondition, *, gaps: bool | None, neutral: bool = True) -> TypedCondition:
    """The condition with every text that was not found supposed to hold, or not to.

    With None each is supposed to decide nothing where it stands: to hold in an ``all``, not in an ``any``.
    """
    if isinstance(node, TypedGap):
        return TypedAll(()) if (neutral if gaps is None else gaps) else TypedAny(())
    if isinstance(node, TypedAll | TypedAny):
        here = isinstance(node, TypedAll)
        return structs.replace(
            node, parts=tuple(_supposing(each, gaps=gaps, neutral=here) for each in node.parts)
        )
    if isinstance(node, TypedNot):
        return structs.replace(node, part=_supposing(node.part, gaps=gaps, neutral=not neutral))
    if isinstance(node, TypedQuantified):
        return structs.replace(node, part=_supposing(node.part, gaps=gaps))
    return node


def _like(compiled: Compiled, tree: TypedCondition | None) -> Compiled:
    return Compiled(tree, subject=compiled.subject, root=compiled.root)


def _stretches(pieces: Sequence[Piece]) -> Iterator[tuple[Situation, Instant, Instant]]:
    """Each situation of a custody with the time over which it lasts."""
    if not pieces:
        return
    changes = [0] + [i + 1 for i, (a, b) in enumerate(pairwise(pieces)) if a.situation is not b.situation]
    for first, following in pairwise([*changes, len(pieces)]):
        yield pieces[first].situation, pieces[first].start, pieces[following - 1].end


def _differs_later(right: Compiled, wrong: Compiled, facts: Facts, start: Instant, end: Instant) -> bool:
    """Whether the two part where a comparison with the moment asked flips inside a stretch."""
    edges = {*right.edges(facts), *wrong.edges(facts)}
    for edge in edges:
        if start < edge < end:
            later = structs.replace(facts, at=edge)
            if right.evaluate(later) is not wrong.evaluate(later):
                return True
    return False


def _forced(tree: TypedCondition, path: str) -> Iterator[tuple[str, TypedCondition, TypedCondition]]:
    """Every limb's path, with the tree in which it is always true and that in which it is always false."""
    if isinstance(tree, TypedLimb):
        yield path, TypedAll(()), TypedAny(())
        return
    for index, (inner, part) in enumerate(children(tree, path)):
        for where, if_true, if_false in _forced(part, inner):
            yield where, _put(tree, index, if_true), _put(tree, index, if_false)


def _put(tree: TypedCondition, index: int, part: TypedCondition) -> TypedCondition:
    if isinstance(tree, TypedAll | TypedAny):
        return structs.replace(tree, parts=(*tree.parts[:index], part, *tree.parts[index + 1 :]))
    assert not isinstance(tree, TypedLimb), "a limb has no parts"
    if isinstance(tree, TypedQuantified):
        return structs.replace(tree, part=part)
    return structs.replace(tree, part=part)
