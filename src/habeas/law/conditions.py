"""Conditions after checking: a small typed tree that every evaluator is made from.

The nodes are plain data (they go into the rulebook artefact as JSON), and every name in them has
been looked up in the vocabulary. What a file says is in :mod:`habeas.law.enactments`; how text
becomes these nodes, in :mod:`habeas.law.limbs` and :mod:`habeas.law.checking`.

A *path* names a node within its provision: ``when.all[1].any[0]`` is the first part of the
``any`` that is the second part of the ``all`` of ``when``. A part of ``not`` is ``.not``; what is
asked of each row of ``some``, ``every``, ``no`` or ``count`` is ``.some`` and so on.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, TypeAlias, assert_never

import msgspec
from msgspec import Struct

from habeas.kernel.instants import DAY, HOUR, MINUTE, SECOND, Instant, rfc3339

DEEPEST: Final = 32
"""How deep a condition may nest; far beyond any text, well below what Python can indent."""


class Comparison(StrEnum):
    """The six ways to compare."""

    EQUAL = "=="
    DIFFERENT = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="

    @property
    def turned(self) -> Comparison:
        """The same comparison with its sides exchanged."""
        return _TURNED.get(self, self)


_TURNED: Final = {
    Comparison.LESS: Comparison.MORE,
    Comparison.MORE: Comparison.LESS,
    Comparison.AT_MOST: Comparison.AT_LEAST,
    Comparison.AT_LEAST: Comparison.AT_MOST,
}


class Quantifier(StrEnum):
    """How many rows of a collection must satisfy the part."""

    SOME = "some"
    """At least one; of an empty collection false."""
    EVERY = "every"
    """Each one; of an empty collection true."""
    NO = "no"
    """Not one."""
    COUNT = "count"
    """At least as many as stated."""


class FactRef(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="fact"):
    """A fact that a limb reads, or ``at``, the instant that is asked about."""

    owner: str
    """``at``, ``person``, ``setting``, ``charge``, ``instrument`` or ``booking``."""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.owner}.{self.name}" if self.name else self.owner


AT: Final = FactRef("at")
"""The instant that is asked about."""


class Moment(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="moment"):
    """An instant fact, or ``at``, perhaps shifted."""

    fact: FactRef
    offset: int = 0
    """Microseconds of elapsed time added to it."""


class FixedInstant(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="instant"):
    """An instant written in the limb."""

    at: int
    """Microseconds of UTC, as :class:`habeas.kernel.instants.Instant`."""


class Holds(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="holds"):
    """A true-or-false fact."""

    fact: FactRef


class InForce(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="in-force"):
    """Whether another enactment is in force for this custodian at this instant."""

    enactment: str


class InstantTest(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="instants"):
    """One instant against another: ``<``, ``<=``, ``>`` or ``>=``."""

    left: Moment | FixedInstant
    op: Comparison
    right: Moment | FixedInstant


class NumberTest(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="numbers"):
    """A number against another."""

    fact: FactRef
    op: Comparison
    other: FactRef | int


class CodeTest(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="codes"):
    """A code or text against another: ``==`` or ``!=``."""

    fact: FactRef
    op: Comparison
    other: FactRef | str


class OneOf(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="one-of"):
    """Whether a code, text or number is one of those listed."""

    fact: FactRef
    values: tuple[str | int, ...]


class Contains(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="contains"):
    """Whether a set has a member."""

    fact: FactRef
    member: FactRef | str


LimbTest: TypeAlias = Holds | InForce | InstantTest | NumberTest | CodeTest | OneOf | Contains
"""What one limb asks."""


class TypedLimb(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="limb"):
    """One line of a condition, as written and as understood."""

    test: LimbTest
    text: str
    cite: str = ""


class TypedGap(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="gap"):
    """A text that was looked for and not found: always unknown."""

    missing: str
    cite: str = ""


class TypedAll(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="all"):
    """Every part holds; true of no parts."""

    parts: tuple[TypedCondition, ...]


class TypedAny(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="any"):
    """At least one part holds; false of no parts."""

    parts: tuple[TypedCondition, ...]


class TypedNot(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="not"):
    """The part does not hold."""

    part: TypedCondition
    cite: str = ""


class TypedQuantified(Struct, frozen=True, forbid_unknown_fields=True, tag_field="node", tag="quantified"):
    """A condition over the rows of one collection, all limbs on the same row."""

    quantifier: Quantifier
    collection: str
    part: TypedCondition
    at_least: int = 1
    """For ``count``: how many rows must satisfy the part."""
    cite: str = ""

    @property
    def text(self) -> str:
        """Its first line as written: ``some charge``, ``count booking at least 3``."""
        least = f" at least {self.at_least}" if self.quantifier is Quantifier.COUNT else ""
        return f"{self.quantifier} {self.collection}{least}"


TypedCondition: TypeAlias = TypedLimb | TypedGap | TypedAll | TypedAny | TypedNot | TypedQuantified
"""A checked condition."""


def children(tree: TypedCondition, path: str) -> tuple[tuple[str, TypedCondition], ...]:
    """The parts of a node with their paths, in the order of the file."""
    match tree:
        case TypedAll(parts):
            return tuple((f"{path}.all[{i}]", part) for i, part in enumerate(parts))
        case TypedAny(parts):
            return tuple((f"{path}.any[{i}]", part) for i, part in enumerate(parts))
        case TypedNot(part):
            return ((f"{path}.not", part),)
        case TypedQuantified():
            return ((f"{path}.{tree.quantifier}", tree.part),)
        case TypedLimb() | TypedGap():
            return ()
        case _:
            assert_never(tree)


def walk(tree: TypedCondition | None, path: str = "when") -> Iterator[tuple[str, TypedCondition]]:
    """Every node of a condition with its path, parents first; of none, nothing."""
    if tree is None:
        return
    yield path, tree
    for inner, part in children(tree, path):
        yield from walk(part, inner)


def facts_of(test: LimbTest) -> tuple[FactRef, ...]:
    """The facts a limb reads, ``at`` included, each once, in the order written."""
    found: tuple[FactRef, ...]
    match test:
        case Holds(fact) | OneOf(fact):
            found = (fact,)
        case InForce():
            found = ()
        case InstantTest(left, _, right):
            found = tuple(side.fact for side in (left, right) if isinstance(side, Moment))
        case NumberTest(fact, _, other) | CodeTest(fact, _, other):
            found = (fact, other) if isinstance(other, FactRef) else (fact,)
        case Contains(fact, member):
            found = (member, fact) if isinstance(member, FactRef) else (fact,)
        case _:
            assert_never(test)
    return tuple(dict.fromkeys(found))


def uses(tree: TypedCondition, row: str = "") -> Iterator[tuple[FactRef, bool]]:
    """Every reading of a fact by a limb, and whether the fact is that of a quantifier's row.

    Inside a quantifier over the subject's own kind, a fact of that kind is the row's.
    """
    if isinstance(tree, TypedLimb):
        for fact in facts_of(tree.test):
            yield fact, fact.owner == row
    inner = tree.collection if isinstance(tree, TypedQuantified) else row
    for _, part in children(tree, ""):
        yield from uses(part, inner)


def reads(tree: TypedCondition | None) -> frozenset[FactRef]:
    """Every fact that a condition reads, ``at`` included."""
    limbs = (node for _, node in walk(tree) if isinstance(node, TypedLimb))
    return frozenset(fact for limb in limbs for fact in facts_of(limb.test))


def collections(tree: TypedCondition | None) -> frozenset[str]:
    """The collections over which a condition quantifies."""
    return frozenset(node.collection for _, node in walk(tree) if isinstance(node, TypedQuantified))


def enactments(tree: TypedCondition | None) -> frozenset[str]:
    """The enactments that a condition asks to be in force."""
    limbs = (node.test for _, node in walk(tree) if isinstance(node, TypedLimb))
    return frozenset(test.enactment for test in limbs if isinstance(test, InForce))


def text_of(test: LimbTest) -> str:
    """A limb in its canonical spelling, which reads back as the same limb."""
    match test:
        case Holds(fact):
            return str(fact)
        case InForce(enactment):
            return f'in_force("{enactment}")'
        case InstantTest(left, op, right):
            return f"{_moment(left)} {op} {_moment(right)}"
        case NumberTest(fact, op, other) | CodeTest(fact, op, other):
            return f"{fact} {op} {_literal(other)}"
        case OneOf(fact, values):
            return f"{fact} in [{', '.join(map(_literal, values))}]"
        case Contains(fact, member):
            return f"{_literal(member)} in {fact}"
        case _:
            assert_never(test)


def duration_text(microseconds: int) -> str:
    """A positive duration of whole seconds as limbs write it: ``2d 3h``; zero is ``0s``."""
    words: list[str] = []
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND)):
        count, microseconds = divmod(microseconds, size)
        if count:
            words.append(f"{count}{unit}")
    return " ".join(words) or "0s"


def encoded(tree: TypedCondition) -> bytes:
    """A condition as canonical JSON."""
    return msgspec.json.encode(tree, order="deterministic")


def decoded(data: bytes) -> TypedCondition:
    """The condition of `encoded`.

    Raises:
        msgspec.ValidationError: The bytes are JSON of another shape.
        msgspec.DecodeError: The bytes are not JSON.
    """
    return _DECODER.decode(data)


def _moment(side: Moment | FixedInstant) -> str:
    if isinstance(side, FixedInstant):
        return rfc3339(Instant(side.at))
    if side.offset == 0:
        return str(side.fact)
    sign = "+" if side.offset > 0 else "-"
    return f"{side.fact} {sign} {duration_text(abs(side.offset))}"


def _literal(value: FactRef | str | int) -> str:
    if isinstance(value, str):
        return f"'{value}'" if '"' in value else f'"{value}"'
    return str(value)


_DECODER: Final[msgspec.json.Decoder[TypedCondition]] = msgspec.json.Decoder(TypedCondition)
