"""When the value of a condition can change although no fact does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, cast

from habeas.kernel.instants import BEGINNING, FOREVER, Instant, UncertainInstant
from habeas.law.conditions import (
    AT,
    Comparison,
    FixedInstant,
    InstantTest,
    Moment,
    TypedCondition,
    TypedLimb,
    TypedQuantified,
    children,
)
from habeas.law.facts import Facts, Row

_FROM = frozenset({Comparison.LESS, Comparison.AT_LEAST})
"""``at < x`` and ``at >= x`` change at x itself; ``at <= x`` and ``at > x`` just after it."""


class Threshold(NamedTuple):
    """What `at` is compared with in one limb."""

    collection: str
    """The collection whose rows are asked; empty outside a quantifier."""
    side: Moment | FixedInstant
    shift: int
    """Microseconds from the fact to the first instant of the new value."""


def thresholds(tree: TypedCondition | None, row: str = "") -> tuple[Threshold, ...]:
    """Every comparison of `at` in a condition, in the order of the file."""
    if tree is None:
        return ()
    if isinstance(tree, TypedLimb):
        found = _threshold(tree.test, row) if isinstance(tree.test, InstantTest) else None
        return () if found is None else (found,)
    inner = tree.collection if isinstance(tree, TypedQuantified) else row
    return tuple(found for _, part in children(tree, "") for found in thresholds(part, inner))


def edges_of(found: Iterable[Threshold], facts: Facts) -> set[Instant]:
    """Every instant at which one of the comparisons changes.

    Of an uncertain instant both the first instant at which the comparison becomes unknown and
    the first at which it is certain again. Of an open end and of what is not known, none.
    """
    edges: set[int] = set()
    for collection, side, shift in found:
        if isinstance(side, FixedInstant):
            edges.add(side.at + shift)
            continue
        for row in facts.rows.get(collection, ()) if collection else (_holder(side, facts),):
            value = row.get(side.fact.name)
            if isinstance(value, int):
                if BEGINNING < value < FOREVER:
                    edges.add(value + shift)
            elif isinstance(value, UncertainInstant):
                edges.update((value.earliest + shift, value.latest - 1 + shift))
    return cast("set[Instant]", edges)


def _threshold(test: InstantTest, row: str) -> Threshold | None:
    left, op, right = test.left, test.op, test.right
    if isinstance(right, Moment) and right.fact == AT:
        left, op, right = right, op.turned, left
    if not isinstance(left, Moment) or left.fact != AT:
        return None
    shift = (0 if op in _FROM else 1) - left.offset
    if isinstance(right, FixedInstant):
        return Threshold("", right, shift)
    return Threshold(row if right.fact.owner == row else "", right, shift + right.offset)


def _holder(side: Moment, facts: Facts) -> Row:
    if side.fact.owner == "person":
        return facts.person
    return facts.setting if side.fact.owner == "setting" else facts.subject
