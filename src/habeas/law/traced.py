"""The explaining evaluator: the same limbs, each asked and each recorded."""

from __future__ import annotations

from typing import assert_never

from habeas.law.conditions import (
    AT,
    InForce,
    Quantifier,
    TypedAll,
    TypedAny,
    TypedCondition,
    TypedGap,
    TypedLimb,
    TypedNot,
    TypedQuantified,
    children,
    collections,
    facts_of,
    uses,
)
from habeas.law.emission import Source, limb_expression
from habeas.law.facts import COMPLETE


def traced_source(tree: TypedCondition | None, subject: str, root: str) -> str:
    """Source of ``evaluate(facts) -> (Kleene, tuple[LimbValue, ...])``.

    Args:
        tree: The condition; none holds always and has no limbs.
        subject: The kind of subject whose facts are ``facts.subject``.
        root: The first word of every path.
    """
    if tree is None:
        return "def evaluate(facts):\n return True, ()\n"
    writer = _Traced(tree, subject)
    value = writer.write(tree, root)
    writer.source.line(f"return {value}, {writer.trace}")
    return writer.source.text


class _Traced:
    """One function being written. Every fact is read beforehand, as every limb is asked.

    Without quantifiers the trace is one tuple of known length; with them, a list that grows.
    """

    def __init__(self, tree: TypedCondition, subject: str) -> None:
        self.source = Source(tree, subject)
        self._values: list[str] | None = None if collections(tree) else []
        read = dict.fromkeys(fact for fact, of_row in uses(tree) if not of_row)
        for fact in read:
            self.source.read(fact)
        owners = {fact.owner for fact in read}
        for owner in sorted(owners & {subject, "person"}):
            self.source.line(f"id_{owner} = get_{owner}('id', '')")
        if self._values is None:
            self.source.line("trace = []")
            self.source.line("record = trace.append")

    @property
    def trace(self) -> str:
        """The expression for the whole trace."""
        if self._values is None:
            return "tuple(trace)"
        return f"({''.join(f'{value}, ' for value in self._values)})"

    def write(self, node: TypedCondition, path: str) -> str:
        """Write lines that work the node out; the name that then holds its value."""
        name = self.source.fresh()
        match node:
            case TypedLimb():
                self.source.line(f"{name} = {limb_expression(node.test, self.source)}")
                self._record(path, node.text, node.cite, name, self._facts(node, name), "limb")
            case TypedGap(missing, cite):
                self.source.line(f"{name} = None")
                self._record(path, missing, cite, name, "()", "gap")
            case TypedAll() | TypedAny():
                inner = [self.write(part, at) for at, part in children(node, path)]
                self.source.line(f"{name} = {_joined(inner, every=isinstance(node, TypedAll))}")
            case TypedNot():
                ((at, part),) = children(node, path)
                inner_name = self.write(part, at)
                self.source.line(f"{name} = None if {inner_name} is None else not {inner_name}")
            case TypedQuantified():
                self._quantified(node, path, name)
            case _:
                assert_never(node)
        return name

    def _quantified(self, node: TypedQuantified, path: str, name: str) -> None:
        yes, no, unsure = (self.source.fresh() for _ in range(3))
        self.source.line(f"{yes} = {no} = {unsure} = 0")
        with self.source.each_row(node.collection):
            for fact in dict.fromkeys(fact for fact, of_row in uses(node) if of_row):
                self.source.read(fact)
            self.source.line("id_row = get_row('id', '')")
            ((at, part),) = children(node, path)
            inner = self.write(part, at)
            for count, value in ((yes, "True"), (no, "False"), (unsure, "None")):
                self.source.line(f"{count} += {inner} is {value}")
        whole = self.source.fresh()
        self.source.line(f"{whole} = complete({node.collection!r}) is True")
        self.source.line(f"{name} = {_settled(node, yes, no, unsure, whole)}")
        absent = f"(({node.collection!r}, '', {COMPLETE!r}, False), )"
        facts = f"() if {whole} else {absent}"
        self._record(path, node.text, node.cite, name, facts, "quantified")

    def _record(self, path: str, text: str, cite: str, value: str, facts: str, node: str) -> None:
        row = "id_row" if self.source.row else "''"
        made = f"LimbValue({path!r}, {text!r}, {cite!r}, {value}, {facts}, {row}, {node!r})"
        if self._values is None:
            self.source.line(f"record({made})")
        else:
            self._values.append(made)

    def _facts(self, limb: TypedLimb, value: str) -> str:
        if isinstance(limb.test, InForce):
            return f"(('enactment', {limb.test.enactment!r}, 'in_force', {value}), )"
        read: list[str] = []
        for fact in facts_of(limb.test):
            if fact != AT:
                row = "''" if fact.owner == "setting" else f"id_{self._holder(fact.owner)}"
                read.append(f"({fact.owner!r}, {row}, {fact.name!r}, {self.source.local(fact)}), ")
        return f"({''.join(read)})"

    def _holder(self, owner: str) -> str:
        return "row" if owner == self.source.row else owner


def _joined(values: list[str], *, every: bool) -> str:
    stop, go = ("False", "True") if every else ("True", "False")
    if not values:
        return go
    stopped = " or ".join(f"{value} is {stop}" for value in values)
    unsure = " or ".join(f"{value} is None" for value in values)
    return f"{stop} if {stopped} else None if {unsure} else {go}"


def _settled(node: TypedQuantified, yes: str, no: str, unsure: str, whole: str) -> str:
    """The quantifier's value from how many rows said yes, no and neither."""
    match node.quantifier:
        case Quantifier.SOME:
            return f"True if {yes} else None if {unsure} or not {whole} else False"
        case Quantifier.NO:
            return f"False if {yes} else None if {unsure} or not {whole} else True"
        case Quantifier.EVERY:
            return f"False if {no} else None if {unsure} or not {whole} else True"
        case Quantifier.COUNT:
            open_ = f"{yes} + {unsure} >= {node.at_least} or not {whole}"
            return f"True if {yes} >= {node.at_least} else None if {open_} else False"
        case _:
            assert_never(node.quantifier)
