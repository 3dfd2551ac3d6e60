"""The quick evaluator: straight-line Python that stops asking once the answer is settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Generator
from contextlib import contextmanager
from typing import assert_never

from habeas.law.conditions import (
    FactRef,
    Quantifier,
    TypedAll,
    TypedAny,
    TypedCondition,
    TypedGap,
    TypedLimb,
    TypedNot,
    TypedQuantified,
    facts_of,
    uses,
    walk,
)
from habeas.law.emission import Source, limb_expression


def scalar_source(tree: TypedCondition | None, subject: str) -> str:
    """Source of ``evaluate(facts) -> Kleene``.

    Args:
        tree: The condition; none holds always.
        subject: The kind of subject whose facts are ``facts.subject``.
    """
    if tree is None:
        return "def evaluate(facts):\n return True\n"
    writer = _Scalar(tree, subject)
    writer.write(tree, "t")
    writer.source.line("return t")
    return writer.source.text


class _Scalar:
    """One function being written. A fact that several limbs read is read once, beforehand."""

    def __init__(self, tree: TypedCondition, subject: str) -> None:
        self.source = Source(tree, subject)
        self._beforehand: set[tuple[FactRef, bool]] = set()
        looped = {
            use
            for _, node in walk(tree)
            if isinstance(node, TypedQuantified)
            for use in uses(node)
            if not use[1]
        }
        self._read_beforehand(tree, of_rows=False, always=looped)

    def _read_beforehand(
        self, tree: TypedCondition, *, of_rows: bool, always: Collection[tuple[FactRef, bool]] = ()
    ) -> None:
        counts = Counter(use for use in uses(tree, self.source.row) if use[1] is of_rows)
        for use, count in counts.items():
            if count > 1 or use in always:
                self.source.read(use[0])
                self._beforehand.add(use)

    def write(self, node: TypedCondition, target: str) -> None:
        """Write lines that leave the node's value in the target."""
        match node:
            case TypedLimb(test):
                for fact in facts_of(test):
                    if (fact, fact.owner == self.source.row) not in self._beforehand:
                        self.source.read(fact)
                self.source.line(f"{target} = {limb_expression(test, self.source)}")
            case TypedGap():
                self.source.line(f"{target} = None")
            case TypedAll(parts):
                self._joined(parts, target, stop="False", go="True")
            case TypedAny(parts):
                self._joined(parts, target, stop="True", go="False")
            case TypedNot(part):
                self.write(part, target)
                self.source.line(f"{target} = None if {target} is None else not {target}")
            case TypedQuantified():
                self._quantified(node, target)
            case _:
                assert_never(node)

    def _joined(self, parts: tuple[TypedCondition, ...], target: str, *, stop: str, go: str) -> None:
        """The target is ``go`` or None until a part is ``stop``; after that no part is asked."""
        if not parts:
            self.source.line(f"{target} = {go}")
            return
        self.write(parts[0], target)
        for part in parts[1:]:
            inner = self.source.fresh()
            with self.source.block(f"if {target} is not {stop}:"):
                self.write(part, inner)
                with self.source.block(f"if {inner} is not {go}:"):
                    self.source.line(f"{target} = {inner}")

    def _quantified(self, node: TypedQuantified, target: str) -> None:
        if node.quantifier is Quantifier.COUNT:
            self._counted(node, target)
            return
        # `no` is the opposite of `some`; of the others, one row can settle the answer.
        every = node.quantifier is Quantifier.EVERY
        stop, go = ("False", "True") if every else ("True", "False")
        self.source.line(f"{target} = {go} if complete({node.collection!r}) is True else None")
        with self._each_row(node) as inner:
            with self.source.block(f"if {inner} is {stop}:"):
                self.source.line(f"{target} = {stop}")
                self.source.line("break")
            with self.source.block(f"if {inner} is None:"):
                self.source.line(f"{target} = None")
        if node.quantifier is Quantifier.NO:
            self.source.line(f"{target} = None if {target} is None else not {target}")

    def _counted(self, node: TypedQuantified, target: str) -> None:
        sure, unsure = self.source.fresh(), self.source.fresh()
        self.source.line(f"{sure} = {unsure} = 0")
        with self._each_row(node) as inner:
            with self.source.block(f"if {inner} is True:"):
                self.source.line(f"{sure} += 1")
                with self.source.block(f"if {sure} >= {node.at_least}:"):
                    self.source.line("break")
            with self.source.block(f"elif {inner} is None:"):
                self.source.line(f"{unsure} += 1")
        short = f"{sure} + {unsure} < {node.at_least}"
        settled = f"False if {short} and complete({node.collection!r}) is True else None"
        self.source.line(f"{target} = True if {sure} >= {node.at_least} else {settled}")

    @contextmanager
    def _each_row(self, node: TypedQuantified) -> Generator[str, None, None]:
        """A loop over the rows, in which the name yielded holds what the part came to."""
        inner, outside = self.source.fresh(), self._beforehand
        with self.source.each_row(node.collection):
            self._beforehand = {use for use in outside if not use[1]}
            self._read_beforehand(node.part, of_rows=True)
            self.write(node.part, inner)
            yield inner
        self._beforehand = outside
