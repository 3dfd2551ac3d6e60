"""The facts a condition may name: each with a type, its codes and its meaning.

A fact that is not listed cannot be tested, so a misspelt name is an error when a rulebook is
loaded and never a condition that is quietly unknown for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, TypeAlias

from msgspec import Struct

from habeas.kernel.instants import UncertainInstant
from habeas.law.documents import Tree

Value: TypeAlias = bool | int | str | frozenset[str] | UncertainInstant | None
"""What a fact can be at an instant; an int is a number or an instant, as its type says, and None
is not known."""

SUBJECTS: Final = ("person", "charge", "instrument", "booking")
"""Kinds of subject a provision speaks of."""

COLLECTIONS: Final = ("charge", "instrument", "booking")
"""Kinds of which one person may have several, so that `some` or `every` can be asked."""

OWNERS: Final = ("person", "charge", "instrument", "booking", "setting")
"""What a fact can belong to: the part of its name before the dot."""

_NAME = re.compile(rf"(?:{'|'.join(OWNERS)})\.[a-z][a-z0-9_]*", re.ASCII)
_KEYS = frozenset({"type", "values", "means"})


class FactType(StrEnum):
    """What a fact can be, besides not known."""

    BOOL = "bool"
    """True or false."""
    INSTANT = "instant"
    """A point in time, perhaps known only within bounds."""
    CODE = "code"
    """One of a list of codes; open where the vocabulary lists none."""
    NUMBER = "number"
    """A whole number, in the unit its meaning states."""
    SET = "set"
    """Any number of codes."""
    TEXT = "text"
    """Words of a paper, compared letter by letter."""


class FactSpec(Struct, frozen=True):
    """One fact that conditions may name."""

    name: str
    """Owner and fact: ``instrument.served_at``."""
    type: FactType
    values: tuple[str, ...]
    """For codes and sets: the closed list, in the order of the vocabulary; empty when open."""
    meaning: str

    @property
    def owner(self) -> str:
        """What it is a fact of: ``instrument``."""
        return self.name.partition(".")[0]

    def accepts(self, value: Value) -> bool:
        """Whether the fact can have this value; None, not known, always."""
        if value is None:
            return True
        if self.type in {FactType.CODE, FactType.TEXT}:
            return isinstance(value, str) and self.lists(value)
        if self.type is FactType.SET:
            return isinstance(value, frozenset) and all(map(self.lists, value))
        if self.type is FactType.BOOL:
            return isinstance(value, bool)
        if isinstance(value, UncertainInstant):
            return self.type is FactType.INSTANT
        return isinstance(value, int) and not isinstance(value, bool)

    def lists(self, code: str) -> bool:
        """Whether a code may occur: it is listed, or the list is open."""
        return not self.values or code in self.values


class VocabularyError(ValueError):
    """A vocabulary that cannot be used; carries every problem, not only the first.

    Attributes:
        problems: For each, the fact's name as written and what was expected.
    """

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"fact [{name}]: {expected}" for name, expected in self.problems))


class UnknownFact(LookupError):
    """No fact of this name is in the vocabulary.

    Attributes:
        name: The name that was asked for.
        nearest: Names in the vocabulary that look like it, best first.
    """

    def __init__(self, name: str, nearest: tuple[str, ...] = ()) -> None:
        self.name = name
        self.nearest = nearest
        hint = f"; did you mean [{', '.join(nearest)}]?" if nearest else ""
        super().__init__(f"no fact [{name}] in the vocabulary{hint}")


class Vocabulary:
    """Every fact that conditions may name."""

    def __init__(self, facts: Iterable[FactSpec]) -> None:
        """Take the facts.

        Raises:
            VocabularyError: A name is not ``owner.fact``, is given twice, or a fact that is
                neither a code nor a set lists values.
        """
        self._facts: dict[str, FactSpec] = {}
        problems: list[tuple[str, str]] = []
        for each in facts:
            problems.extend((each.name, expected) for expected in _problems_of(each, self._facts))
            self._facts[each.name] = each
        if problems:
            raise VocabularyError(problems)

    @classmethod
    def from_tree(cls, tree: Mapping[str, Tree]) -> Vocabulary:
        """The vocabulary of a file: ``facts: {instrument.served_at: {type: instant, means: ...}}``.

        Raises:
            VocabularyError: With every fact that has a wrong name, type, key or list of values.
        """
        entries = tree.get("facts", {})
        if not isinstance(entries, dict):
            raise VocabularyError([("facts", "a mapping from fact name to its type and meaning")])
        problems: list[tuple[str, str]] = []
        facts = [
            fact for name, entry in entries.items() if (fact := _fact(name, entry, problems)) is not None
        ]
        try:
            made = cls(facts)
        except VocabularyError as error:
            raise VocabularyError([*problems, *error.problems]) from error
        if problems:
            raise VocabularyError(problems)
        return made

    def fact(self, name: str) -> FactSpec:
        """What is said of a fact.

        Raises:
            UnknownFact: No such fact; with the nearest names.
        """
        try:
            return self._facts[name]
        except KeyError:
            raise UnknownFact(name, self._nearest(name)) from None

    def of(self, owner: str) -> tuple[FactSpec, ...]:
        """Every fact of one owner, in the order of the file."""
        return tuple(each for each in self._facts.values() if each.owner == owner)

    def __contains__(self, name: object) -> bool:
        return name in self._facts

    def __iter__(self) -> Iterator[FactSpec]:
        return iter(self._facts.values())

    def __len__(self) -> int:
        return len(self._facts)

    def _nearest(self, name: str) -> tuple[str, ...]:
        """Names that look alike, then facts of that last name elsewhere."""
        alike = get_close_matches(name, self._facts, n=2, cutoff=0.8)
        last = name.rpartition(".")[2]
        elsewhere = [each for each in self._facts if each.partition(".")[2] == last]
        return tuple(dict.fromkeys([*alike, *elsewhere]))[:2]


def _problems_of(fact: FactSpec, known: Mapping[str, FactSpec]) -> Iterator[str]:
    if _NAME.fullmatch(fact.name) is None:
        yield f"expected a name such as instrument.served_at, of one of {', '.join(OWNERS)}"
    if fact.name in known:
        yield "expected each fact once"
    if fact.values and fact.type not in {FactType.CODE, FactType.SET}:
        yield f"expected no list of values for type [{fact.type}]"
    if len(set(fact.values)) != len(fact.values):
        yield "expected each value once"


def _fact(name: str, entry: Tree, problems: list[tuple[str, str]]) -> FactSpec | None:
    if not isinstance(entry, dict) or not _KEYS.issuperset(entry):
        problems.append((name, f"expected a mapping with keys {', '.join(sorted(_KEYS))} only"))
        return None
    kind, meaning, values = entry.get("type"), entry.get("means"), entry.get("values", [])
    types = [each.value for each in FactType]
    if not isinstance(kind, str) or kind not in types:
        problems.append((name, f"expected a type of {', '.join(types)}, found [{kind}]"))
        return None
    if not isinstance(meaning, str) or not meaning:
        problems.append((name, "expected its meaning under `means`"))
        return None
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        problems.append((name, "expected a list of codes under `values`"))
        return None
    return FactSpec(name, FactType(kind), tuple(map(str, values)), meaning)
