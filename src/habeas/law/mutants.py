"""Small wrongs done to a condition on purpose.

A test of law that passes on a mutant too has not tested that limb. Each mutant differs from the
condition in one way that a drafter's slip could make; a rulebook's tests must notice every one, or
say why it makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple, assert_never

from msgspec.structs import replace

from habeas.kernel.instants import DAY, HOUR
from habeas.law.conditions import (
    AT,
    Comparison,
    FixedInstant,
    InstantTest,
    LimbTest,
    Moment,
    NumberTest,
    Quantifier,
    TypedAll,
    TypedAny,
    TypedCondition,
    TypedGap,
    TypedLimb,
    TypedNot,
    TypedQuantified,
    children,
    text_of,
)


class Change(StrEnum):
    """What a mutant does wrong."""

    DROPPED = "dropped"
    """A part is missing."""
    NEGATED = "negated"
    """A part says the opposite."""
    JOINED = "joined"
    """All for any, or any for all."""
    BOUNDARY = "boundary"
    """``<`` for ``<=``, ``>`` for ``>=``, and the other way round."""
    SHIFTED = "shifted"
    """A time an hour or a day off, a number off by one."""
    QUANTIFIED = "quantified"
    """Some for every, every for some, one row more or fewer."""


class Mutant(NamedTuple):
    """A condition with one thing wrong."""

    path: str
    """Where: ``when.all[1].any[0]``."""
    change: Change
    description: str
    """What, for a reader: ``at < instrument.lodged_at + 2d 1h instead of ... + 48h``."""
    tree: TypedCondition | None
    """The condition; None, which always holds, where nothing is left of it."""


class _Wrong(NamedTuple):
    path: str
    change: Change
    description: str
    node: TypedCondition | None


_BOUNDARY: Final = {
    Comparison.LESS: Comparison.AT_MOST,
    Comparison.AT_MOST: Comparison.LESS,
    Comparison.MORE: Comparison.AT_LEAST,
    Comparison.AT_LEAST: Comparison.MORE,
}
_SHIFTS: Final = (HOUR, -HOUR, DAY, -DAY)


def mutants(tree: TypedCondition | None, root: str = "when") -> Iterator[Mutant]:
    """Every mutant of a condition, in the order of its paths; of none, which always holds, none."""
    if tree is None:
        return
    if not isinstance(tree, TypedAll | TypedAny):
        yield Mutant(root, Change.DROPPED, f"without [{_shown(tree)}]", None)
    for wrong in _wrongs(tree, root, negatable=True):
        yield Mutant(*wrong)


def _wrongs(node: TypedCondition, path: str, *, negatable: bool) -> Iterator[_Wrong]:
    """The node with one thing wrong in it or below it."""
    if negatable and isinstance(node, TypedLimb | TypedNot | TypedQuantified):
        opposite = node.part if isinstance(node, TypedNot) else TypedNot(node)
        yield _Wrong(path, Change.NEGATED, f"the opposite of [{_shown(node)}]", opposite)
    match node:
        case TypedLimb():
            yield from _limb(node, path)
        case TypedAll(parts) | TypedAny(parts):
            if len(parts) > 1:
                kind, word = (TypedAny, "any") if isinstance(node, TypedAll) else (TypedAll, "all")
                yield _Wrong(path, Change.JOINED, f"{word} of [{_shown(node)}]", kind(parts))
        case TypedQuantified():
            yield from _quantified(node, path)
        case TypedNot() | TypedGap():
            pass
        case _:
            assert_never(node)
    for index, (inner, part) in enumerate(children(node, path)):
        if isinstance(node, TypedAll | TypedAny):
            without = node.parts[:index] + node.parts[index + 1 :]
            dropped = replace(node, parts=without)
            yield _Wrong(inner, Change.DROPPED, f"without [{_shown(part)}]", dropped)
        # The opposite of what stands under `not` is the opposite of the `not` itself.
        for wrong in _wrongs(part, inner, negatable=not isinstance(node, TypedNot)):
            assert wrong.node is not None, "only a whole condition can be left out"
            yield wrong._replace(node=_with(node, index, wrong.node))


def _with(node: TypedCondition, index: int, part: TypedCondition) -> TypedCondition:
    if isinstance(node, TypedAll | TypedAny):
        return replace(node, parts=(*node.parts[:index], part, *node.parts[index + 1 :]))
    return replace(node, part=part)


def _limb(limb: TypedLimb, path: str) -> Iterator[_Wrong]:
    for change, test in _tests(limb.test):
        text = text_of(test)
        wrong = replace(limb, test=test, text=text)
        yield _Wrong(path, change, f"{text} instead of {limb.text}", wrong)


def _tests(test: LimbTest) -> Iterator[tuple[Change, LimbTest]]:
    if not isinstance(test, InstantTest | NumberTest):
        return
    if test.op in _BOUNDARY:
        yield Change.BOUNDARY, replace(test, op=_BOUNDARY[test.op])
    if isinstance(test, NumberTest):
        if isinstance(test.other, int):
            for step in (1, -1):
                yield Change.SHIFTED, replace(test, other=test.other + step)
        return
    asked_right = isinstance(test.right, Moment) and test.right.fact == AT
    for step in _SHIFTS:
        moved = _moved(test.left if asked_right else test.right, step)
        side = {"left": moved} if asked_right else {"right": moved}
        yield Change.SHIFTED, replace(test, **side)


def _moved(side: Moment | FixedInstant, microseconds: int) -> Moment | FixedInstant:
    if isinstance(side, FixedInstant):
        return FixedInstant(side.at + microseconds)
    return Moment(side.fact, side.offset + microseconds)


def _quantified(node: TypedQuantified, path: str) -> Iterator[_Wrong]:
    others: list[TypedQuantified] = []
    if node.quantifier is Quantifier.SOME:
        others.append(replace(node, quantifier=Quantifier.EVERY))
    elif node.quantifier is Quantifier.EVERY:
        others.append(replace(node, quantifier=Quantifier.SOME))
    elif node.quantifier is Quantifier.COUNT:
        counts = [node.at_least + 1, node.at_least - 1]
        others += [replace(node, at_least=count) for count in counts if count > 0]
    if isinstance(node.part, TypedLimb):
        others.append(replace(node, part=TypedAll(())))
    for other in others:
        said = other.text if other.text != node.text else f"{node.text} of any kind"
        yield _Wrong(path, Change.QUANTIFIED, f"{said} instead of {_shown(node)}", other)


def _shown(node: TypedCondition) -> str:
    match node:
        case TypedLimb():
            return node.text
        case TypedGap(missing):
            return f"missing: {missing}"
        case TypedNot(part):
            return f"not {_shown(part)}"
        case TypedAll(parts):
            return " and ".join(map(_shown, parts))
        case TypedAny(parts):
            return " or ".join(map(_shown, parts))
        case TypedQuantified():
            return f"{node.text} with {_shown(node.part)}"
        case _:
            assert_never(node)
