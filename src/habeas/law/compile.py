"""One checked condition, asked in three ways: for its value, with its reasons, for its edges.

Python is written for each condition and compiled when it is first asked, so that a rulebook with
hundreds of provisions costs only what a question meets.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from habeas.kernel.instants import Instant
from habeas.kernel.kleene import Kleene
from habeas.law.checking import ConditionError, LimbProblem, LimbTable, checked
from habeas.law.conditions import FactRef, TypedCondition, collections, enactments, reads
from habeas.law.edges import Threshold, edges_of, thresholds
from habeas.law.emission import NAMESPACE
from habeas.law.enactments import Condition
from habeas.law.facts import COMPLETE, Facts, LimbValue
from habeas.law.scalar import scalar_source
from habeas.law.traced import traced_source
from habeas.law.vocabulary import Vocabulary

__all__ = [
    "COMPLETE",
    "Compiled",
    "ConditionError",
    "Facts",
    "LimbProblem",
    "LimbTable",
    "LimbValue",
    "compile_condition",
]


class Compiled:
    """A condition ready to be asked of facts."""

    def __init__(self, tree: TypedCondition | None, *, subject: str, root: str = "when") -> None:
        """Take a checked condition; none holds always."""
        self.tree = tree
        self.subject = subject
        self.root = root

    @cached_property
    def evaluate(self) -> Callable[[Facts], Kleene]:
        """Its value; no limb is asked once the others have settled it."""
        made: Callable[[Facts], Kleene] = _function(self.scalar_source, f"<{self.root}>")
        return made

    @cached_property
    def trace(self) -> Callable[[Facts], tuple[Kleene, tuple[LimbValue, ...]]]:
        """Its value with that of every limb, gap and quantifier, in the order written."""
        made: Callable[[Facts], tuple[Kleene, tuple[LimbValue, ...]]]
        made = _function(self.traced_source, f"<{self.root}, traced>")
        return made

    def edges(self, facts: Facts) -> list[Instant]:
        """Every instant at which a comparison with `at` can flip, in order, each once.

        Between two of them the value is the same as long as the facts are: it is enough to ask
        at each edge. Of an uncertain instant both ends are edges.
        """
        return sorted(edges_of(self.thresholds, facts))

    @cached_property
    def reads(self) -> frozenset[FactRef]:
        """Every fact it reads; `at` is among them when the value can change by itself."""
        return reads(self.tree)

    @cached_property
    def collections(self) -> frozenset[str]:
        """Collections whose rows it asks."""
        return collections(self.tree)

    @cached_property
    def enactments(self) -> frozenset[str]:
        """Enactments that it asks to be in force."""
        return enactments(self.tree)

    @cached_property
    def scalar_source(self) -> str:
        """The Python that `evaluate` runs."""
        return scalar_source(self.tree, self.subject)

    @cached_property
    def traced_source(self) -> str:
        """The Python that `trace` runs."""
        return traced_source(self.tree, self.subject, self.root)

    @cached_property
    def thresholds(self) -> tuple[Threshold, ...]:
        """What it compares the moment asked with."""
        return thresholds(self.tree)


def compile_condition(
    condition: Condition | None,
    vocabulary: Vocabulary,
    *,
    subject: str,
    zone: ZoneInfo | None = None,
    root: str = "when",
    limbs: LimbTable | None = None,
) -> Compiled:
    """A condition of a file, checked and ready to be asked; arguments as for `checked`.

    Raises:
        ConditionError: With every problem in the condition.
        ValueError: `subject` is not a kind of subject.
    """
    tree = checked(condition, vocabulary, subject=subject, zone=zone, root=root, limbs=limbs)
    return Compiled(tree, subject=subject, root=root)


def _function(source: str, name: str) -> Any:
    made: dict[str, Any] = dict(NAMESPACE)
    # The source is written above from checked nodes: names match a pattern, texts are quoted.
    exec(compile(source, name, "exec"), made)  # noqa: S102 - our own text, as said above
    return made["evaluate"]
