"""Formulas of effectiveness: what is decided of an act or a clause, and on what the rest hangs.

Place, custodian, instant and what was known decide nearly everything once for everyone. What
they leave open is a guard, which turns on the person, instrument or charge, or a doubt, which
nobody's papers settle. Connectives are Kleene's: unknown never becomes true or false unless
the known parts decide alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from habeas.kernel.kleene import Kleene, all_of, any_of, negation
from habeas.law.enactments import Condition


class About(StrEnum):
    """What a doubt of law is about."""

    BEGINNING = "beginning"
    """An act's ``from`` is known only within bounds, and the instant lies between them."""
    KNOWLEDGE = "knowledge"
    """When an act became known is known only within bounds."""
    PLACE = "place"
    """The sources do not say whether an act covers the place."""
    CUSTODIAN = "custodian"
    """An act speaks of kinds of custodian, and the kind of this one is not known."""
    ORDER = "order"
    """Which of two acts came first is not known, and it matters."""
    REACH = "reach"
    """The file does not say whether an attack also undoes the endings its target has done."""


class Guard(Struct, frozen=True):
    """Whether an act's ``for`` holds of the subject in question."""

    condition: Condition
    act: str
    """Ref of the act whose scope it is: ``enactment!act``."""


class Doubt(Struct, frozen=True):
    """Something about law that is not known; one doubt keeps its identity wherever it occurs."""

    about: About
    key: str
    """The unknown point in time, or the ref of the act in doubt."""


class And(Struct, frozen=True):
    """Every part holds; at least two parts."""

    parts: tuple[Formula, ...]


class Or(Struct, frozen=True):
    """At least one part holds; at least two parts."""

    parts: tuple[Formula, ...]


class Not(Struct, frozen=True):
    """The part does not hold."""

    part: Formula


Formula: TypeAlias = bool | Guard | Doubt | And | Or | Not | None
"""True and false are decided for everyone; None is undecided because acts defeat one another."""


def conjunction(parts: Iterable[Formula]) -> Formula:
    """Every part holds, simplified: of none at all it is true, one false part makes it false."""
    kept: list[Formula] = []
    for part in parts:
        for each in part.parts if isinstance(part, And) else (part,):
            if each is False:
                return False
            if each is not True and each not in kept:
                kept.append(each)
    kept = _unabsorbed(kept, Or)
    if len(kept) < 2:
        return kept[0] if kept else True
    return And(tuple(kept))


def disjunction(parts: Iterable[Formula]) -> Formula:
    """At least one part holds, simplified: of none at all it is false, one true part suffices."""
    kept: list[Formula] = []
    for part in parts:
        for each in part.parts if isinstance(part, Or) else (part,):
            if each is True:
                return True
            if each is not False and each not in kept:
                kept.append(each)
    kept = _unabsorbed(kept, And)
    if len(kept) < 2:
        return kept[0] if kept else False
    return Or(tuple(kept))


def negated(formula: Formula) -> Formula:
    """The opposite, simplified; the opposite of None is None."""
    if formula is None or isinstance(formula, bool):
        return negation(formula)
    return formula.part if isinstance(formula, Not) else Not(formula)


def _unabsorbed(parts: list[Formula], inner: type[And | Or]) -> list[Formula]:
    """Drop a part that another implies: ``a and (a or b)`` is ``a`` in Kleene's logic too."""
    if len(parts) < 2:
        return parts
    return [
        part
        for part in parts
        if not (isinstance(part, inner) and any(other in part.parts for other in parts))
    ]


def evaluate(
    formula: Formula,
    guard_value: Callable[[Guard], Kleene],
    doubt_value: Callable[[Doubt], Kleene] | None = None,
) -> Kleene:
    """The value of a formula for one subject.

    Args:
        formula: What is asked.
        guard_value: Whether each guard's condition holds of the subject.
        doubt_value: An assumption about each doubt, for asking whether the doubt matters; left
            out, no doubt is settled.
    """
    if formula is None or isinstance(formula, bool):
        return formula
    if isinstance(formula, Guard):
        return guard_value(formula)
    if isinstance(formula, Doubt):
        return None if doubt_value is None else doubt_value(formula)
    if isinstance(formula, Not):
        return negation(evaluate(formula.part, guard_value, doubt_value))
    values = (evaluate(part, guard_value, doubt_value) for part in formula.parts)
    return all_of(values) if isinstance(formula, And) else any_of(values)


def assumed(formula: Formula, sides: Mapping[Doubt, bool]) -> Formula:
    """A formula with some doubts settled, simplified; what is not in ``sides`` stays a doubt."""
    if isinstance(formula, Doubt):
        return sides.get(formula, formula)
    if isinstance(formula, Not):
        return negated(assumed(formula.part, sides))
    if isinstance(formula, And | Or):
        join = conjunction if isinstance(formula, And) else disjunction
        return join(assumed(part, sides) for part in formula.parts)
    return formula


def leaves(formula: Formula) -> Iterator[Guard | Doubt]:
    """Every guard and doubt on which a formula hangs, in order, repeated where they recur."""
    if isinstance(formula, Guard | Doubt):
        yield formula
    elif isinstance(formula, Not):
        yield from leaves(formula.part)
    elif isinstance(formula, And | Or):
        for part in formula.parts:
            yield from leaves(part)


def decided(formula: Formula) -> bool:
    """Whether a formula is plainly true or plainly false, for everyone."""
    return isinstance(formula, bool)
