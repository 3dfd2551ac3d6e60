"""Conditions of a file against the vocabulary: a typed tree, or every reason why not.

Reading a limb's text needs a parser; a rulebook that was read once keeps what its limbs came to
(:data:`LimbTable`), and then nothing here imports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableMapping
from typing import TypeAlias, assert_never
from zoneinfo import ZoneInfo

from msgspec import Struct

from habeas.law.conditions import (
    DEEPEST,
    LimbTest,
    Quantifier,
    TypedAll,
    TypedAny,
    TypedCondition,
    TypedGap,
    TypedLimb,
    TypedNot,
    TypedQuantified,
    facts_of,
    walk,
)
from habeas.law.enactments import All, AnyOf, Condition, Gap, Limb, Not, Quantified
from habeas.law.vocabulary import COLLECTIONS, SUBJECTS, Vocabulary

LimbTable: TypeAlias = MutableMapping[str, LimbTest]
"""What each limb asks, by its text; by ``text @ zone`` where the text holds a date, since it takes
a zone to make a civil day an instant."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class LimbProblem(Struct, frozen=True):
    """One thing wrong in a condition."""

    path: str
    """Where: ``when.all[1].any[0]``."""
    text: str
    """The limb, or empty when it is not one limb's fault."""
    column: int
    """Where in the limb, from 1."""
    expected: str
    found: str

    def __str__(self) -> str:
        limb = f" at column {self.column} of [{self.text}]" if self.text else ""
        return f"{self.path}: expected {self.expected}, found {self.found}{limb}"


class ConditionError(ValueError):
    """A condition that cannot be asked; carries every problem, not only the first."""

    def __init__(self, problems: Iterable[LimbProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def checked(
    condition: Condition | None,
    vocabulary: Vocabulary,
    *,
    subject: str,
    zone: ZoneInfo | None = None,
    root: str = "when",
    limbs: LimbTable | None = None,
) -> TypedCondition | None:
    """The typed tree of a condition; None, which always holds, stays None.

    Args:
        condition: As read from a file.
        vocabulary: The facts it may name.
        subject: The kind of subject it is asked of; facts of other kinds are seen only through
            a quantifier.
        zone: The zone of the enactment's place, for civil days and local times in limbs.
        root: Name of the field, the first word of every path.
        limbs: What limbs came to when they were read before; limbs read now are added.

    Raises:
        ConditionError: With every problem in the condition.
        ValueError: `subject` is not a kind of subject.
    """
    if subject not in SUBJECTS:
        raise ValueError(f"expected a subject of {', '.join(SUBJECTS)}, found [{subject}]")
    if condition is None:
        return None
    check = _Check(vocabulary, subject, zone, {} if limbs is None else limbs)
    tree = check.typed(condition, root, row="", depth=1)
    if check.problems:
        raise ConditionError(check.problems)
    return tree


class _Check:
    """One condition being checked; a part that fails stands as a gap until the end."""

    def __init__(self, vocabulary: Vocabulary, subject: str, zone: ZoneInfo | None, limbs: LimbTable) -> None:
        self.problems: list[LimbProblem] = []
        self._vocabulary = vocabulary
        self._subject = subject
        self._zone = zone
        self._limbs = limbs

    def typed(self, node: Condition, path: str, row: str, depth: int) -> TypedCondition:
        if depth > DEEPEST:
            self._note(path, f"at most {DEEPEST} levels", "more")
            return TypedGap("")
        match node:
            case Limb():
                return self._limb(node, path, row)
            case Gap(missing, cite):
                if not missing.strip():
                    self._note(path, "what is missing", "nothing")
                return TypedGap(missing, cite)
            case All(parts):
                return TypedAll(self._parts(parts, path, "all", row, depth))
            case AnyOf(parts):
                return TypedAny(self._parts(parts, path, "any", row, depth))
            case Not(part, cite):
                return TypedNot(self.typed(part, f"{path}.not", row, depth + 1), cite)
            case Quantified():
                return self._quantified(node, path, row, depth)
            case _:
                assert_never(node)

    def _parts(
        self, parts: tuple[Condition, ...], path: str, word: str, row: str, depth: int
    ) -> tuple[TypedCondition, ...]:
        if not parts:
            self._note(f"{path}.{word}", "at least one condition", "none")
        return tuple(
            self.typed(part, f"{path}.{word}[{index}]", row, depth + 1) for index, part in enumerate(parts)
        )

    def _quantified(self, node: Quantified, path: str, row: str, depth: int) -> TypedCondition:
        quantifiers = [each.value for each in Quantifier]
        if node.quantifier not in quantifiers:
            self._note(path, f"one of {', '.join(quantifiers)}", f"[{node.quantifier}]")
            return TypedGap("")
        if node.collection not in COLLECTIONS:
            self._note(path, f"one of {', '.join(COLLECTIONS)}", f"[{node.collection}]")
            return TypedGap("")
        if row:
            expected = f"no quantifier inside `{row}`: they go one level deep"
            self._note(path, expected, f"[{node.quantifier} {node.collection}]")
            return TypedGap("")
        quantifier = Quantifier(node.quantifier)
        if node.at_least < 1 or (node.at_least > 1 and quantifier is not Quantifier.COUNT):
            expected = "at_least of 1 or more, and only for `count`"
            self._note(path, expected, f"[{node.at_least}] for `{quantifier}`")
        before = len(self.problems)
        part = self.typed(node.part, f"{path}.{quantifier}", node.collection, depth + 1)
        if len(self.problems) == before and not _asks_of_row(part, node.collection):
            expected = f"a limb about the {node.collection} that is looked for"
            self._note(path, expected, "none")
        return TypedQuantified(quantifier, node.collection, part, node.at_least, node.cite)

    def _limb(self, node: Limb, path: str, row: str) -> TypedCondition:
        test = self._test(node.text, path)
        if test is None:
            return TypedGap("")
        seen = {"at", "person", "setting", self._subject, row}
        for fact in facts_of(test):
            if fact.owner not in seen:
                expected = f"a fact of {', '.join(sorted(seen - {'', 'at'}))}"
                found = f"[{fact}]; other {fact.owner} facts need some, every, no or count {fact.owner}"
                self._note(path, expected, found, node.text, node.text.find(str(fact)) + 1)
        return TypedLimb(test, node.text, node.cite)

    def _test(self, text: str, path: str) -> LimbTest | None:
        dated = self._zone is not None and _DATE.search(text) is not None
        key = f"{text} @ {self._zone}" if dated else text
        if key in self._limbs:
            return self._limbs[key]
        # The parser costs more to import than most questions to answer; a rulebook that was
        # compiled never needs it.
        from habeas.law.limb_types import limb_test  # noqa: PLC0415 - as the comment says
        from habeas.law.limbs import LimbError  # noqa: PLC0415 - as above

        try:
            test = limb_test(text, self._vocabulary, self._zone)
        except LimbError as error:
            self._note(path, error.expected, error.found, text, error.column)
            return None
        self._limbs[key] = test
        return test

    def _note(self, path: str, expected: str, found: str, text: str = "", column: int = 0) -> None:
        self.problems.append(LimbProblem(path, text, column, expected, found))


def _asks_of_row(part: TypedCondition, collection: str) -> bool:
    """Whether a part has a limb about the row, or a gap that might be one."""
    return any(
        isinstance(node, TypedGap)
        or (isinstance(node, TypedLimb) and any(f.owner == collection for f in facts_of(node.test)))
        for _, node in walk(part)
    )
