"""A limb's expression against the vocabulary: what it asks, or why it cannot be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from habeas.kernel.instants import (
    BEGINNING,
    DAY,
    FOREVER,
    AmbiguousLocalTime,
    MissingLocalTime,
    UnreadableInstant,
    parse_civil_date,
    parse_instant,
    start_of_day,
)
from habeas.law.conditions import (
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
    duration_text,
)
from habeas.law.limbs import Call, Duration, Expression, LimbError, Listed, Name, Operand, Written, parsed
from habeas.law.vocabulary import FactSpec, FactType, UnknownFact, Vocabulary

_ORDERS: Final = frozenset({Comparison.LESS, Comparison.AT_MOST, Comparison.MORE, Comparison.AT_LEAST})
_BOOL: Final = frozenset({FactType.BOOL})
_INSTANT: Final = frozenset({FactType.INSTANT})
_NUMBER: Final = frozenset({FactType.NUMBER})
_SET: Final = frozenset({FactType.SET})
_WORDS: Final = frozenset({FactType.CODE, FactType.TEXT})

LONGEST: Final = 36_525 * DAY
"""The longest duration in a limb, a hundred years: far above any text, far below an overflow."""
LARGEST: Final = 10**15
"""The largest number in a limb, either way from zero."""

_ASKED: Final = FactSpec("at", FactType.INSTANT, (), "The instant that is asked about.")
_DAY_LENGTH: Final = len("2017-03-04")

_USES: Final = {
    FactType.BOOL: "the fact by itself, or under `not:`",
    FactType.INSTANT: "a comparison with an instant, as in `at >= {name}`",
    FactType.CODE: 'a comparison with a code, as in `{name} == "..."` or `{name} in ["..."]`',
    FactType.TEXT: 'a comparison with a text, as in `{name} == "..."`',
    FactType.NUMBER: "a comparison with a number, as in `{name} >= 100`",
    FactType.SET: 'a membership, as in `"..." in {name}`',
}

_CALLS_OF_CEL: Final = {
    "timestamp": "an instant such as 2017-03-04T15:00Z, without `timestamp(...)`",
    "duration": "an instant and a duration such as 48h, without `duration(...)`",
}

Looked: TypeAlias = FactSpec | FixedInstant | str | int
"""What an operand turned out to be; a str or int is a literal."""


@dataclass(frozen=True, slots=True)
class _Side:
    """An operand and what it turned out to be."""

    operand: Operand
    looked: Looked

    @property
    def fact(self) -> FactSpec | None:
        return self.looked if isinstance(self.looked, FactSpec) else None

    @property
    def is_instant(self) -> bool:
        if isinstance(self.looked, FactSpec):
            return self.looked.type is FactType.INSTANT
        return isinstance(self.looked, FixedInstant)

    def __str__(self) -> str:
        fact, shown = self.fact, f"[{self.operand.shown}]"
        if fact is None or fact is _ASKED or self.operand.shifts:
            return shown
        return f"{shown}, {'an' if fact.type is FactType.INSTANT else 'a'} {fact.type}"


def limb_test(text: str, vocabulary: Vocabulary, zone: ZoneInfo | None = None) -> LimbTest:
    """What a limb asks.

    Args:
        text: One limb.
        vocabulary: The facts it may name.
        zone: For a civil day or local time in the limb: the zone of the enactment's place.

    Raises:
        LimbError: The text is not a limb, names an unknown fact or code, or compares what
            cannot be compared.
    """
    return _Limb(parsed(text), vocabulary, zone).test()


class _Limb:
    """One limb being looked up."""

    def __init__(self, expression: Expression, vocabulary: Vocabulary, zone: ZoneInfo | None) -> None:
        self._expression = expression
        self._vocabulary = vocabulary
        self._zone = zone

    def test(self) -> LimbTest:
        left, right = self._expression.left, self._expression.right
        if right is None:
            return self._call(left, left.base) if isinstance(left.base, Call) else self._bare(left)
        if isinstance(right, Listed):
            return self._one_of(left, right)
        if self._expression.op == "in":
            return self._contains(left, right)
        return self._comparison(self._side(left), Comparison(self._expression.op), self._side(right))

    def _bare(self, operand: Operand) -> Holds:
        side = self._side(operand)
        fact = side.fact
        if fact is None:
            raise self._wrong(operand, "a fact or a comparison", str(side))
        if fact.type is not FactType.BOOL:
            name = "instrument.served_at" if fact is _ASKED else fact.name
            raise self._wrong(operand, _USES[fact.type].format(name=name), f"{side} by itself")
        return Holds(_ref(self._unshifted(side, fact)))

    def _call(self, operand: Operand, call: Call) -> InForce:
        named = call.name == "in_force" and len(call.arguments) == 1 and call.arguments[0]
        if not named or operand.shifts:
            expected = 'one enactment, as in in_force("us/zz/2019-custody-act")'
            raise self._wrong(operand, expected, f"[{operand.shown}]")
        return InForce(call.arguments[0])

    def _one_of(self, left: Operand, listed: Listed) -> OneOf:
        fact = self._fact(left, _WORDS | _NUMBER, "a code, text or number fact before `in [...]`")
        if not listed.values:
            raise self._wrong_at(listed.column, "at least one value", "an empty list")
        numbers = fact.type is FactType.NUMBER
        for index, value in enumerate(listed.values):
            if isinstance(value, int) is not numbers:
                expected = "numbers" if numbers else "texts in quotes"
                raise self._wrong_at(listed.column, f"{expected} for [{fact.name}]", f"[{value}]")
            if value in listed.values[:index]:
                raise self._wrong_at(listed.column, "each value once", f"[{value}] again")
            if isinstance(value, int):
                self._small(value, listed.column)
            self._check_code(fact, value, listed.column)
        return OneOf(_ref(fact), listed.values)

    def _contains(self, left: Operand, right: Operand) -> Contains:
        expected = 'a set fact, or a list such as ["I-247A"], after `in`'
        holder = self._fact(right, _SET, expected)
        if isinstance(left.base, str) and not left.shifts:
            self._check_code(holder, left.base, left.column)
            return Contains(_ref(holder), left.base)
        member = self._fact(left, _WORDS, "a text in quotes or a code fact before `in`")
        return Contains(_ref(holder), _ref(member))

    def _comparison(self, left: _Side, op: Comparison, right: _Side) -> LimbTest:
        if left.fact is None and right.fact is None:
            raise self._wrong(left.operand, "a fact on at least one side", str(left))
        if left.is_instant or right.is_instant:
            return self._instants(left, op, right)
        if left.fact is None:
            left, op, right = right, op.turned, left
        assert left.fact is not None, "one of the sides is a fact"
        fact = self._unshifted(left, left.fact)
        if right.fact is not None:
            self._unshifted(right, right.fact)
        if fact == right.fact:
            raise self._wrong(right.operand, "two different facts", f"[{fact.name}] on both sides")
        if fact.type is FactType.NUMBER:
            return NumberTest(_ref(fact), op, self._number(right))
        if fact.type not in _WORDS:
            raise self._wrong(left.operand, _USES[fact.type].format(name=fact.name), f"{left} compared")
        if op in _ORDERS:
            raise self._wrong_at(self._expression.op_column, f"== or != for a {fact.type}", f"[{op}]")
        return CodeTest(_ref(fact), op, self._word(fact, right))

    def _instants(self, left: _Side, op: Comparison, right: _Side) -> InstantTest:
        for side in (left, right):
            if not side.is_instant:
                raise self._wrong(side.operand, "an instant on both sides", str(side))
        if op not in _ORDERS:
            expected = "one of < <= > >= between instants"
            raise self._wrong_at(self._expression.op_column, expected, f"[{op}]")
        if left.fact == right.fact:
            raise self._wrong(right.operand, "two different instants", f"{right} on both sides")
        self._check_day(left.operand, op.turned)
        self._check_day(right.operand, op)
        return InstantTest(self._moment(left), op, self._moment(right))

    def _moment(self, side: _Side) -> Moment | FixedInstant:
        shift = sum(side.operand.shifts)
        if abs(shift) > LONGEST:
            expected = f"at most {duration_text(LONGEST)} of elapsed time"
            raise self._wrong(side.operand, expected, f"[{side.operand.shown}]")
        if side.fact is not None:
            return Moment(_ref(side.fact), shift)
        assert isinstance(side.looked, FixedInstant), "asked of instants only"
        instant = side.looked.at + shift
        if not BEGINNING < instant < FOREVER:
            raise self._wrong(side.operand, "a year from 1 to 9999", f"[{side.operand.shown}]")
        return FixedInstant(instant)

    def _check_day(self, operand: Operand, op: Comparison) -> None:
        """A day is no point: after, or up to, its first instant is never what is meant."""
        day = isinstance(operand.base, Written) and len(operand.base.text) == _DAY_LENGTH
        if day and op in {Comparison.MORE, Comparison.AT_MOST}:
            expected = "the day from which on (>=) or before which (<), or an instant with its time"
            raise self._wrong(operand, expected, f"[{operand.shown}] as if a day were a point")

    def _number(self, side: _Side) -> FactRef | int:
        if side.fact is not None and side.fact.type is FactType.NUMBER:
            return _ref(side.fact)
        if not isinstance(side.looked, int):
            raise self._wrong(side.operand, "a whole number", str(side))
        return self._small(side.looked, side.operand.column)

    def _small(self, number: int, column: int) -> int:
        if abs(number) > LARGEST:
            raise self._wrong_at(column, f"a number of at most {LARGEST}", f"[{number}]")
        return number

    def _word(self, fact: FactSpec, side: _Side) -> FactRef | str:
        if side.fact is not None and side.fact.type in _WORDS:
            return _ref(side.fact)
        if not isinstance(side.looked, str):
            raise self._wrong(side.operand, "a text in quotes or a code fact", str(side))
        self._check_code(fact, side.looked, side.operand.column)
        return side.looked

    def _check_code(self, fact: FactSpec, value: str | int, column: int) -> None:
        if isinstance(value, str) and not fact.lists(value):
            expected = f"for [{fact.name}] one of {', '.join(fact.values)}"
            raise self._wrong_at(column, expected, f"[{value}]")

    def _fact(self, operand: Operand, types: frozenset[FactType], expected: str) -> FactSpec:
        side = self._side(operand)
        if side.fact is None or side.fact.type not in types:
            raise self._wrong(operand, expected, str(side))
        return self._unshifted(side, side.fact)

    def _unshifted(self, side: _Side, fact: FactSpec) -> FactSpec:
        if side.operand.shifts:
            raise self._wrong(side.operand, "a duration added to an instant only", str(side))
        return fact

    def _side(self, operand: Operand) -> _Side:
        base = operand.base
        if isinstance(base, Duration):
            expected = "an instant first, as in instrument.lodged_at + 48h"
            raise self._wrong(operand, expected, f"[{operand.shown}], a duration")
        if isinstance(base, Call):
            expected = _CALLS_OF_CEL.get(base.name, "in_force(...) as a limb by itself")
            raise self._wrong(operand, expected, f"[{operand.shown}]")
        if isinstance(base, Name):
            return _Side(operand, self._named(operand, base.text))
        looked = self._written(operand, base.text) if isinstance(base, Written) else base
        if operand.shifts and not isinstance(looked, FixedInstant):
            raise self._wrong(operand, "a duration added to an instant only", f"[{operand.shown}]")
        return _Side(operand, looked)

    def _named(self, operand: Operand, name: str) -> FactSpec:
        if name == "at":
            return _ASKED
        if name in {"true", "false"}:
            raise self._wrong(operand, _USES[FactType.BOOL], f"[{name}]")
        if name in {"now", "today"}:
            raise self._wrong(operand, "`at`: no rule reads a clock", f"[{name}]")
        try:
            return self._vocabulary.fact(name)
        except UnknownFact as error:
            hint = f" (did you mean {' or '.join(error.nearest)}?)" if error.nearest else ""
            raise self._wrong(operand, "a fact of the vocabulary", f"[{name}]{hint}") from error

    def _written(self, operand: Operand, text: str) -> FixedInstant:
        try:
            if len(text) > _DAY_LENGTH:
                return FixedInstant(parse_instant(text, self._zone))
            if self._zone is not None:
                return FixedInstant(start_of_day(parse_civil_date(text), self._zone))
        except (UnreadableInstant, AmbiguousLocalTime, MissingLocalTime) as error:
            raise self._wrong(operand, f"one point in time: {error}", f"[{text}]") from error
        expected = "an instant with its offset, such as 2024-12-01T00:00Z, as no zone is known here"
        raise self._wrong(operand, expected, f"[{text}]")

    def _wrong(self, operand: Operand, expected: str, found: str) -> LimbError:
        return self._wrong_at(operand.column, expected, found)

    def _wrong_at(self, column: int, expected: str, found: str) -> LimbError:
        return LimbError(self._expression.text, column, expected, found)


def _ref(fact: FactSpec) -> FactRef:
    owner, _, name = fact.name.partition(".")
    return FactRef(owner, name)
