"""Python written for conditions: what the scalar and the traced evaluator have in common.

A limb is one expression over local names, the same text in both, so they cannot differ. Whole
instants are compared as integers on the spot; only an uncertain one calls the kernel.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final, assert_never

from habeas.kernel.instants import at_or_before, before, shifted
from habeas.law.conditions import (
    AT,
    CodeTest,
    Comparison,
    Contains,
    FactRef,
    FixedInstant,
    Holds,
    InForce,
    InstantTest,
    LimbTest,
    Moment,
    NumberTest,
    OneOf,
    TypedCondition,
    collections,
    enactments,
    reads,
)
from habeas.law.facts import LimbValue
from habeas.law.vocabulary import OWNERS

NAMESPACE: Final[dict[str, Any]] = {
    "at_or_before": at_or_before,
    "before": before,
    "shifted": shifted,
    "LimbValue": LimbValue,
}
"""What written code may call."""

_KERNEL: Final = {
    Comparison.LESS: "before({left}, {right})",
    Comparison.AT_MOST: "at_or_before({left}, {right})",
    Comparison.MORE: "before({right}, {left})",
    Comparison.AT_LEAST: "at_or_before({right}, {left})",
}
_FACT_NAME: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


class Source:
    """Lines of a function being written, and the names in it."""

    def __init__(self, tree: TypedCondition | None, subject: str) -> None:
        """Begin ``def evaluate(facts)`` with what the whole tree needs at hand."""
        self.subject = subject
        self.row = ""
        """The collection whose row is being asked, inside a quantifier."""
        self._depth = 1
        self._made = 0
        self._lines = ["def evaluate(facts):"]
        self._begin(tree)

    @property
    def text(self) -> str:
        """The function's source."""
        return "\n".join(self._lines) + "\n"

    def line(self, text: str) -> None:
        """Write one line at the present depth."""
        self._lines.append(" " * self._depth + text)

    @contextmanager
    def block(self, head: str) -> Generator[None, None, None]:
        """Write a head, then what is written inside one step deeper."""
        self.line(head)
        self._depth += 1
        yield
        self._depth -= 1

    @contextmanager
    def each_row(self, collection: str) -> Generator[None, None, None]:
        """Write a loop over a collection's rows; inside, its facts are those of the row."""
        with self.block(f"for row in rows_of({collection!r}, ()):"):
            self.row = collection
            self.line("get_row = row.get")
            yield
            self.row = ""

    def fresh(self) -> str:
        """A local name not used before."""
        self._made += 1
        return f"t{self._made}"

    def local(self, fact: FactRef) -> str:
        """The local name that holds a fact.

        Raises:
            ValueError: The reference is not to a fact, as in a damaged artefact.
        """
        if fact == AT:
            return "at"
        if fact.owner not in OWNERS or _FACT_NAME.fullmatch(fact.name) is None:
            raise ValueError(f"expected a fact, found [{fact}]")
        return f"row_{fact.name}" if fact.owner == self.row else f"{fact.owner}_{fact.name}"

    def read(self, fact: FactRef) -> None:
        """Write the reading of a fact into its local name."""
        if fact != AT:
            holder = "row" if fact.owner == self.row else fact.owner
            self.line(f"{self.local(fact)} = get_{holder}({fact.name!r})")

    def _begin(self, tree: TypedCondition | None) -> None:
        owners = {fact.owner for fact in reads(tree)}
        if "at" in owners:
            self.line("at = facts.at")
        if self.subject in owners and self.subject != "person":
            self.line(f"get_{self.subject} = facts.subject.get")
        for owner in ("person", "setting"):
            if owner in owners:
                self.line(f"get_{owner} = facts.{owner}.get")
        if collections(tree):
            self.line("rows_of = facts.rows.get")
            self.line("complete = facts.complete.get")
        if enactments(tree):
            self.line("in_force = facts.in_force")


def limb_expression(test: LimbTest, source: Source) -> str:
    """An expression for a limb, over facts already read: True, False or None."""
    name = source.local
    match test:
        case Holds(fact):
            return name(fact)
        case InForce(enactment):
            return f"in_force({enactment!r})"
        case InstantTest():
            return _instants(test, source)
        case NumberTest(fact, op, other) | CodeTest(fact, op, other):
            return _known([fact, other], f"{name(fact)} {op.value} {_shown(other, source)}", source)
        case OneOf(fact, values):
            listed = ", ".join(map(repr, values))
            return _known([fact], f"{name(fact)} in {{{listed}}}", source)
        case Contains(fact, member):
            # A set that may lack something (PartialSet) shows what is in it, never what is not.
            found = f"True if {_shown(member, source)} in {name(fact)}"
            whole = f"False if {name(fact)}.__class__ is frozenset else None"
            return _known([member, fact], f"{found} else {whole}", source)
        case _:
            assert_never(test)


def _known(operands: list[FactRef | str | int], expression: str, source: Source) -> str:
    """An expression that is None when one of its facts is."""
    unknown = [f"{source.local(each)} is None" for each in operands if isinstance(each, FactRef)]
    return f"None if {' or '.join(unknown)} else {expression}"


def _shown(value: FactRef | str | int, source: Source) -> str:
    return source.local(value) if isinstance(value, FactRef) else repr(value)


def _instants(test: InstantTest, source: Source) -> str:
    """Compare ``left`` with ``right + offset``; what is added on the left is taken from the right.

    ``at`` and written instants are whole and finite, so beside them one addition is exact. Of two
    facts both may be open ends, to which nothing can be added: those go through the kernel.
    """
    left, op, right = test.left, test.op, test.right
    if isinstance(left, FixedInstant) or (isinstance(right, Moment) and right.fact == AT):
        left, op, right = right, op.turned, left
    assert isinstance(left, Moment), "two written instants are not compared"
    name = source.local(left.fact)
    if isinstance(right, FixedInstant):
        fixed = right.at - left.offset
        whole, kernel = f"{name} {op.value} {fixed}", _KERNEL[op].format(left=name, right=fixed)
        return whole if left.fact == AT else _whole_or(whole, kernel, [name])
    offset, other = right.offset - left.offset, source.local(right.fact)
    moved = f"shifted({other}, {offset})" if offset else other
    kernel = _KERNEL[op].format(left=name, right=moved)
    if left.fact == AT:
        sum_of = f"{other} {'+' if offset > 0 else '-'} {abs(offset)}" if offset else other
        # Turned where `at` stood on the right: see above.
        return _whole_or(f"{name} {op.value} {sum_of}", kernel, [other])
    if offset:
        return f"None if {name} is None or {other} is None else {kernel}"
    return _whole_or(f"{name} {op.value} {other}", kernel, [name, other])


def _whole_or(whole: str, kernel: str, names: list[str]) -> str:
    """Integers on the spot, None for what is not known, the kernel for the uncertain."""
    are_whole = " and ".join(f"{name}.__class__ is int" for name in names)
    unknown = " or ".join(f"{name} is None" for name in names)
    return f"{whole} if {are_whole} else None if {unknown} else {kernel}"
