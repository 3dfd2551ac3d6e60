"""Generated vocabularies, conditions and facts, and what a condition must be worth by definition.

A condition is generated as a small tree of its own (`Node`). From it come the text that habeas
reads and, without any code of habeas, the value it must have: an uncertain instant is tried at
every microsecond it may be, an unseen row may satisfy or not.
"""

from __future__ import annotations

import datetime as dt
import itertools
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from habeas.kernel.instants import FOREVER, Instant, Precision, UncertainInstant
from habeas.kernel.kleene import Kleene
from habeas.law.enactments import All, AnyOf, Condition, Gap, Limb, Not, Quantified
from habeas.law.facts import Facts
from habeas.law.vocabulary import FactSpec, FactType, Vocabulary

SECOND = 1_000_000
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
START = 1_488_600_000 * SECOND
COLLECTIONS = ("charge", "instrument", "booking")
OWNERS = ("person", "setting", *COLLECTIONS)
CODES = ("x", "y", "z")
WORDS = (FactType.CODE, FactType.TEXT)
STATUTES: Mapping[str, Kleene] = {"us/zz/open": None, "us/zz/stands": True, "us/zz/fell": False}
ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
SAMENESS = {"==": operator.eq, "!=": operator.ne}


# ------------------------------------------------------------------ conditions
@dataclass(frozen=True)
class Ref:
    """A fact in a limb, or `at`; in a comparison of instants moved by whole seconds."""

    owner: str
    name: str = ""
    seconds: int = 0

    @property
    def text(self) -> str:
        name = f"{self.owner}.{self.name}" if self.name else self.owner
        sign = "+" if self.seconds > 0 else "-"
        return f"{name} {sign} {abs(self.seconds)}s" if self.seconds else name


@dataclass(frozen=True)
class Node:
    """A condition: ``limb``, ``gap``, ``not``, ``all``, ``any`` or ``quantified``."""

    kind: str
    text: str = ""
    """Of a limb: as habeas reads it."""
    asks: tuple[Any, ...] = ()
    """Of a limb: what is asked, then operands; a `Ref` is looked up, anything else is literal."""
    parts: tuple[Node, ...] = ()
    quantifier: str = ""
    collection: str = ""
    least: int = 1


def written(node: Node) -> Condition:
    """The condition as a file says it."""
    if node.kind == "limb":
        return Limb(node.text, cite="s. 1")
    if node.kind == "gap":
        return Gap("the annex")
    parts = tuple(written(part) for part in node.parts)
    if node.kind == "not":
        return Not(parts[0])
    if node.kind == "quantified":
        return Quantified(node.quantifier, node.collection, parts[0], node.least)
    return All(parts) if node.kind == "all" else AnyOf(parts)


# ------------------------------------------------------------------ facts
@dataclass(frozen=True)
class Moved:
    """An uncertain instant: a point, and microseconds from it."""

    key: str
    offset: int


@dataclass(frozen=True)
class World:
    """Facts about one subject, the first row of its kind."""

    at: int
    subject: str
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    complete: Mapping[str, bool]
    points: Mapping[str, tuple[int, int]]
    """Uncertain point -> the first and the last microsecond it may be."""

    @property
    def facts(self) -> Facts:
        """The same for habeas."""
        rows = {
            owner: tuple(
                {name: self._value(value) for name, value in row.items()} | {"id": f"{owner}{index}"}
                for index, row in enumerate(rows)
            )
            for owner, rows in self.rows.items()
        }
        return Facts(
            at=Instant(self.at),
            subject_kind=self.subject,
            subject=rows[self.subject][0],
            person=rows["person"][0],
            setting=rows["setting"][0],
            rows={name: rows[name] for name in COLLECTIONS},
            complete=self.complete,
            in_force=STATUTES.__getitem__,
        )

    def _value(self, value: Any) -> Any:
        if not isinstance(value, Moved):
            return value
        first, last = (Instant(end + value.offset) for end in self.points[value.key])
        return UncertainInstant(first, Instant(last + 1), Precision.RANGE, value.key, value.offset)


# ------------------------------------------------------------------ what it is worth
Row = tuple[str, Mapping[str, Any]]


def value_of(node: Node, world: World, row: Row | None = None) -> Kleene:
    """The value of a condition, by the definitions and nothing else."""
    if node.kind == "gap":
        return None
    if node.kind == "not":
        inner = value_of(node.parts[0], world, row)
        return None if inner is None else not inner
    if node.kind in {"all", "any"}:
        values = [value_of(part, world, row) for part in node.parts]
        settled = node.kind == "any"
        return settled if settled in values else None if None in values else not settled
    return _quantified(node, world) if node.kind == "quantified" else _limb(node, world, row)


def _quantified(node: Node, world: World) -> Kleene:
    """An incomplete collection may have any number of rows more, each yes or no."""
    rows = world.rows[node.collection]
    values = [value_of(node.parts[0], world, (node.collection, row)) for row in rows]
    unseen = 0 if world.complete.get(node.collection, False) else 10**6
    sure, failing, open_ = values.count(True), values.count(False), values.count(None) + unseen
    if node.quantifier == "every":
        return False if failing else None if open_ else True
    least = node.least if node.quantifier == "count" else 1
    reached = True if sure >= least else None if sure + open_ >= least else False
    return reached if node.quantifier != "no" or reached is None else not reached


def _limb(node: Node, world: World, row: Row | None) -> Kleene:
    """One value, if it is the same wherever each uncertain point lies."""
    kind, *asks = node.asks
    if kind == "in_force":
        return STATUTES[asks[0]]
    found = [_looked_up(ask, world, row) if isinstance(ask, Ref) else ask for ask in asks]
    if any(value is None for value in found):
        return None
    keys = sorted({value.key for value in found if isinstance(value, Moved)})
    spans = [range(world.points[key][0], world.points[key][1] + 1) for key in keys]
    seen = {
        _holds(
            kind,
            [_placed(*pair, dict(zip(keys, lie, strict=True))) for pair in zip(asks, found, strict=True)],
        )
        for lie in itertools.product(*spans)
    }
    return seen.pop() if len(seen) == 1 else None


def _looked_up(ref: Ref, world: World, row: Row | None) -> Any:
    if ref.owner == "at":
        return world.at
    about = row[1] if row is not None and row[0] == ref.owner else world.rows[ref.owner][0]
    return about.get(ref.name)


def _placed(ask: Any, value: Any, lie: Mapping[str, int]) -> Any:
    if isinstance(value, Moved):
        value = lie[value.key] + value.offset
    if isinstance(ask, Ref) and ask.seconds and value < FOREVER:
        return value + ask.seconds * SECOND
    return value


def _holds(kind: str, operands: Sequence[Any]) -> bool:
    if kind == "fact":
        return bool(operands[0])
    if kind == "in":
        return operands[0] in operands[1]
    return bool((ORDERS | SAMENESS)[kind](operands[0], operands[1]))


def trace_of(
    node: Node, world: World, path: str = "when", row: tuple[str, int] | None = None
) -> Iterator[tuple[tuple[str, str], Kleene]]:
    """What a trace must say: (path, row) -> value, of every limb, gap and quantifier."""
    about = None if row is None else (row[0], world.rows[row[0]][row[1]])
    if node.kind in {"limb", "gap"}:
        yield (path, "" if row is None else f"{row[0]}{row[1]}"), value_of(node, world, about)
    elif node.kind == "quantified":
        for index in range(len(world.rows[node.collection])):
            yield from trace_of(node.parts[0], world, f"{path}.{node.quantifier}", (node.collection, index))
        yield (path, ""), value_of(node, world)
    elif node.kind == "not":
        yield from trace_of(node.parts[0], world, f"{path}.not", row)
    else:
        for index, part in enumerate(node.parts):
            yield from trace_of(part, world, f"{path}.{node.kind}[{index}]", row)


# ------------------------------------------------------------------ generation
@dataclass
class Question:
    """A vocabulary, a condition over it, and a world to ask it in."""

    vocabulary: Vocabulary
    node: Node
    world: World


@st.composite
def questions(draw: st.DrawFn, *, for_cel: bool = False, timed: bool = False) -> Question:
    """Anything that can be asked; for CEL, without gaps, quantifiers and uncertain instants.

    Timed questions compare mostly with `at`, and most of their facts are known.
    """
    subject = draw(st.sampled_from(["person", *COLLECTIONS]))
    maker = _Maker(draw, subject, for_cel=for_cel, timed=timed)
    node = maker.tree(3, row="")
    return Question(Vocabulary(itertools.chain(*maker.specs.values())), node, maker.world())


_SMALL = st.integers(-2, 2)
_CODE = st.sampled_from(CODES)
_COIN = st.booleans()


@dataclass
class _Maker:
    """Draws one question."""

    draw: st.DrawFn
    subject: str
    for_cel: bool
    timed: bool
    specs: dict[str, list[FactSpec]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for owner in OWNERS:
            types = [FactType.INSTANT] if self.timed else list(FactType)
            kinds = [FactType.INSTANT, *(self.pick(types) for _ in range(3))]
            self.specs[owner] = [
                FactSpec(f"{owner}.f{i}_{kind}", kind, self._closed(kind), "generated")
                for i, kind in enumerate(kinds)
            ]

    def pick(self, options: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(options))

    def tree(self, depth: int, row: str) -> Node:
        """A condition; inside a quantifier, over the row too."""
        kinds = ["limb", "limb", "all", "any", "not"]
        if not self.for_cel and not self.timed:
            kinds.append("gap")
        if not self.for_cel and not row:
            kinds += ["quantified", "quantified"]
        kind = self.pick(kinds if depth else ["limb"])
        if kind == "limb":
            return self.limb(row)
        if kind == "gap":
            return Node("gap")
        if kind == "quantified":
            return self._quantified(depth - 1)
        count = 1 if kind == "not" else self.pick([1, 2, 3])
        return Node(kind, parts=tuple(self.tree(depth - 1, row) for _ in range(count)))

    def _quantified(self, depth: int) -> Node:
        collection = self.pick(COLLECTIONS)
        # One limb about the row itself is required; what stands beside it may be about anything.
        parts = [self.limb(collection, about_row=True)]
        if self.draw(_COIN):
            parts.append(self.tree(depth, collection))
        quantifier = self.pick(["some", "every", "no", "count"])
        return Node(
            "quantified",
            parts=(parts[0] if len(parts) == 1 else Node(self.pick(["all", "any"]), parts=tuple(parts)),),
            quantifier=quantifier,
            collection=collection,
            least=self.pick([1, 2, 3]) if quantifier == "count" else 1,
        )

    def limb(self, row: str, *, about_row: bool = False) -> Node:
        seen = tuple(dict.fromkeys(each for each in (row, self.subject, "person", "setting") if each))
        spec: FactSpec = self.pick(
            [s for owner in (seen[:1] if about_row else seen) for s in self.specs[owner]]
        )
        fact = _ref(spec)
        if not about_row and not self.timed and self.pick(range(8)) == 0:
            statute = self.pick(sorted(STATUTES))
            return _limb_node(f'in_force("{statute}")', "in_force", statute)
        if spec.type is FactType.BOOL:
            return _limb_node(fact.text, "fact", fact)
        if spec.type is FactType.INSTANT:
            return self._instants(fact, seen, about_row=about_row)
        if spec.type is FactType.SET:
            return self._member(fact, seen)
        literals: st.SearchStrategy[int | str] = _SMALL if spec.type is FactType.NUMBER else _CODE
        if self.draw(_COIN):
            values = self.draw(st.lists(literals, min_size=1, max_size=3, unique=True))
            return _limb_node(f"{fact.text} in {values}", "in", fact, values)
        literal = self.draw(literals)
        op = self.pick(sorted(SAMENESS if spec.type in WORDS else ORDERS | SAMENESS))
        return _limb_node(f"{fact.text} {op} {shown(literal)}", op, fact, literal)

    def _instants(self, fact: Ref, seen: Sequence[str], *, about_row: bool) -> Node:
        """Two instants; sometimes a date against a fact or against `at`."""
        moved = Ref(fact.owner, fact.name, self.draw(_SMALL))
        op, turned = self.pick(sorted(ORDERS)), self.pick([True, False])
        if self.pick(range(5)) == 0:
            dated = Ref("at", "", moved.seconds) if self.timed and not about_row else moved
            date = self._near()
            return _compared(dated, op, (dated.text, shown_instant(date)), date, turned=turned)
        others = [Ref("at"), Ref("at"), *self._refs(seen, (FactType.INSTANT,))]
        other = Ref("at") if self.timed else self.pick([each for each in others if each != fact])
        side = Ref(other.owner, other.name, self.draw(_SMALL))
        return _compared(moved, op, (moved.text, side.text), side, turned=turned)

    def _member(self, fact: Ref, seen: Sequence[str]) -> Node:
        coded = self._refs(seen, WORDS)
        if coded and self.pick([True, False]):
            member = self.pick(coded)
            return _limb_node(f"{member.text} in {fact.text}", "in", member, fact)
        code = self.draw(_CODE)
        return _limb_node(f"{shown(code)} in {fact.text}", "in", code, fact)

    def _refs(self, owners: Sequence[str], types: Sequence[FactType]) -> list[Ref]:
        return [_ref(spec) for owner in owners for spec in self.specs[owner] if spec.type in types]

    def _closed(self, kind: FactType) -> tuple[str, ...]:
        return CODES if kind is FactType.CODE and self.draw(_COIN) else ()

    def world(self) -> World:
        points = {key: (first, first + self.pick(range(4))) for key in "pq" for first in [self._near()]}
        rows = {owner: tuple(self._row(owner) for _ in range(self._count(owner))) for owner in OWNERS}
        complete = {
            name: self.timed or self.draw(_COIN) for name in COLLECTIONS if self.timed or self.draw(_COIN)
        }
        return World(self._near(), self.subject, rows, complete, points)

    def _count(self, owner: str) -> int:
        return self.draw(st.integers(1, 3)) if owner in COLLECTIONS else 1

    def _row(self, owner: str) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for spec in self.specs[owner]:
            known = ["known"] * (12 if self.timed else 3)
            how = self.pick([*known, "unknown", "missing"])
            if how != "missing":
                row[spec.name.partition(".")[2]] = self._value(spec.type) if how == "known" else None
        return row

    def _value(self, kind: FactType) -> Any:
        if kind is FactType.INSTANT:
            return self._instant()
        if kind is FactType.SET:
            return self.draw(st.frozensets(_CODE))
        by_kind = {FactType.BOOL: _COIN, FactType.NUMBER: _SMALL}
        return self.draw(by_kind.get(kind, _CODE))

    def _instant(self) -> Any:
        kind = "whole" if self.for_cel else self.pick(["whole", "whole", "uncertain", "uncertain", "never"])
        if kind == "whole":
            return self._near()
        return (
            Moved(self.pick("pq"), self.pick([0, SECOND, -SECOND, 1]))
            if kind == "uncertain"
            else int(FOREVER)
        )

    def _near(self) -> int:
        """Instants whole seconds apart, give or take a microsecond."""
        return START + self.draw(st.integers(0, 3)) * SECOND + self.draw(st.integers(-1, 1))


def shown_instant(instant: int) -> str:
    """An instant as limbs write it."""
    return (EPOCH + dt.timedelta(microseconds=instant)).isoformat().replace("+00:00", "Z")


def _compared(fact: Ref, op: str, texts: tuple[str, str], other: Any, *, turned: bool) -> Node:
    left, right = texts
    if turned:
        return _limb_node(f"{right} {op} {left}", op, other, fact)
    return _limb_node(f"{left} {op} {right}", op, fact, other)


def shown(literal: str | int) -> str:
    """A literal as limbs write it."""
    return f'"{literal}"' if isinstance(literal, str) else str(literal)


def _ref(spec: FactSpec) -> Ref:
    owner, _, name = spec.name.partition(".")
    return Ref(owner, name)


def _limb_node(text: str, *asks: Any) -> Node:
    return Node("limb", text, asks)
