"""What the rules of one line ask of columns: comparisons of instants, quantifiers, duties, caps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from habeas.bulk.footings import ENDING, Line, quantified, reads_of, unsaid
from habeas.custody.facts import COLLECTIONS
from habeas.law.compile import Compiled
from habeas.law.conditions import InstantTest, Moment, TypedLimb, TypedQuantified, facts_of, walk
from habeas.law.edges import thresholds
from habeas.law.enactments import Effect
from habeas.law.kinds import DUTIES
from habeas.law.program import Program, Rule

T = TypeVar("T")


@dataclass(slots=True)
class Questions:
    """What is asked of the rows of one collection."""

    tests: list[InstantTest] = field(default_factory=list[InstantTest])
    """Every comparison of instants in a rule on it, or asked of its rows by a quantifier."""
    timed: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])
    """Owner, fact and shift of everything that the moment asked is compared with."""
    asks: list[TypedQuantified] = field(default_factory=list[TypedQuantified])
    """Quantifiers in rules on it."""
    parts: list[tuple[TypedQuantified, Compiled]] = field(
        default_factory=list[tuple[TypedQuantified, Compiled]]
    )
    """What quantifiers ask of each of its rows."""
    discrete: list[str] = field(default_factory=list[str])
    """Facts, other than instants, that some limb reads."""
    instants: list[str] = field(default_factory=list[str])
    beside: set[str] = field(default_factory=set[str])
    """Other collections, of which a custody has one row, whose facts rules on it read: person, booking."""


class Plan:
    """The questions of every program that is met on a line in some stretches of time."""

    def __init__(self, line: Line, numbers: Iterable[int]) -> None:
        """Collect what the programs of some stretches ask."""
        self.line = line
        self.numbers = tuple(numbers)
        self.on: dict[str, Questions] = {name: Questions() for name in COLLECTIONS}
        self.fixed: list[int] = []
        self.duties: list[Rule] = []
        self.caps: list[Rule] = []
        self.unsaid: dict[int, str] = {}
        programs: dict[int, Program] = {}
        for number in self.numbers:
            program = line.footing(number).program
            if reason := unsaid(program) or _strange(program):
                self.unsaid[number] = reason
            else:
                programs.setdefault(id(program), program)
        self.programs = tuple(programs.values())
        self.reads = reads_of(self.programs)
        for program in self.programs:
            for rule in program.rules:
                self._take(rule)
        kinds = line.asked.kinds
        for name, questions in self.on.items():
            read = {"kind"} if name == "instrument" else set[str]()
            for test_owner, fact in self._limb_facts():
                if test_owner == name:
                    read.add(fact)
            for fact in sorted(read):
                is_instant = kinds.get(f"{name}.{fact}") == "instant"
                (questions.instants if is_instant else questions.discrete).append(fact)
            extra = {fact for owner, fact, _ in questions.timed if owner == name} - set(questions.instants)
            questions.instants += sorted(extra)

    def refused(self, start: int, end: int) -> str | None:
        """Why columns cannot say what is in force somewhere in an interval; None where they can."""
        numbers = range(self.line.number(start), self.line.number(end) + 1)
        return next((self.unsaid[number] for number in numbers if number in self.unsaid), None)

    def _limb_facts(self) -> Iterator[tuple[str, str]]:
        for program in self.programs:
            for rule in program.rules:
                for ref in rule.reads:
                    if ref.owner in COLLECTIONS:
                        yield ref.owner, ref.name

    def _take(self, rule: Rule) -> None:
        effect, collection = rule.provision.effect, rule.provision.on
        if effect in DUTIES:
            if rule.provision.consequence not in ENDING or rule.waits_for_release:
                return
            _add(self.duties, rule)
        if effect is Effect.CAP:
            _add(self.caps, rule)
        questions = self.on[collection]
        for part in rule.parts:
            self._take_part(part, collection)
            for node in quantified(part):
                if _is_single(node, collection):
                    questions.beside.add(node.collection)
                    continue
                if not any(node is each for each in questions.asks):
                    questions.asks.append(node)
                asked = self.on[node.collection]
                if not any(node is each for each, _ in asked.parts):
                    asked.parts.append((node, Compiled(node.part, subject=node.collection)))

    def _take_part(self, part: Compiled, collection: str) -> None:
        for found in thresholds(part.tree):
            owner = found.collection or collection
            if isinstance(found.side, Moment):
                _add(self.on[owner].timed, (found.side.fact.owner, found.side.fact.name, found.shift))
            else:
                self.fixed.append(found.side.at + found.shift)
        inside = {
            id(limb): node.collection
            for node in quantified(part)
            if not _is_single(node, collection)
            for _, limb in walk(node.part)
            if isinstance(limb, TypedLimb)
        }
        for _, node in walk(part.tree):
            if isinstance(node, TypedLimb):
                owner = inside.get(id(node), collection)
                if isinstance(node.test, InstantTest):
                    _add(self.on[owner].tests, node.test)
                if any(ref.owner == "person" for ref in facts_of(node.test)):
                    self.on[owner].beside.add("person")


def _is_single(node: TypedQuantified, collection: str) -> bool:
    """Whether a quantifier asks the one booking of a custody, for a subject of another kind."""
    return node.collection == "booking" and collection != "booking"


def _strange(program: Program) -> str | None:
    """What columns do not compare."""
    if "sentence" in program.counted_as:
        return "another paper that counts as a sentence"
    for test in program.tests:
        if isinstance(test, InstantTest):
            for side in (test.left, test.right):
                if isinstance(side, Moment) and side.fact.owner == "setting":
                    return f"an instant of a place compared: {side.fact}"
    return None


def _add(known: list[T], new: T) -> None:
    if not any(new is each or new == each for each in known):
        known.append(new)
