"""The language of limbs: a strict subset of CEL, one fact or one comparison a line.

::

    instrument.complete                             a true-or-false fact
    at >= instrument.served_at                      instants: < <= > >=
    at < instrument.lodged_at + 48h                 durations 30s, 45m, 48h, 7d, 1h 30m
    charge.offence_at >= 2024-12-01                 a civil day begins in the place's zone
    charge.class == "felony"                        codes and texts: == !=
    instrument.form in ["I-247A", "I-247D"]         codes, texts, numbers: one of
    setting.population >= 100000                    numbers: < <= > >= == !=
    "lacroix" in person.party_to                    a member of a set
    in_force("us/zz/2019-custody-act")              another enactment

``7d`` is 168 elapsed hours; civil days are a clock's business. There is no ``!``, ``&&`` or
``||``: a negation or a choice is a line of the condition, with its own citation.

Only this module needs the parser, and it is imported only when a limb's text is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol, TypeAlias

from lark import Lark, ParseTree, Token, Tree, UnexpectedCharacters, UnexpectedInput

from habeas.kernel.instants import DAY, HOUR, MINUTE, SECOND

GRAMMAR: Final = r"""
start: operand (COMPARES operand | IN (list | operand))?
operand: (NAME | call | TEXT | number | INSTANT | duration) shift*
shift: SIGN duration
call: NAME "(" [TEXT ("," TEXT)*] ")"
list: "[" [literal ("," literal)* ","?] "]"
literal: TEXT | number
number: SIGN? INTEGER
duration: DURATION+

IN.4: /in(?![\w.])/
INSTANT.3: /\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?(?![\w:])/
DURATION.2: /\d+[dhms](?![A-Za-z_])/
INTEGER: /\d+(?![\w.:])/
COMPARES: "<=" | ">=" | "==" | "!=" | "<" | ">"
SIGN: "+" | "-"
NAME: /[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*(?![\w.])/
TEXT: /"[^"\\\n]*"|'[^'\\\n]*'/
%ignore /\s+/
"""

_UNITS: Final = {"d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND}

_ADVICE: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), expected)
    for pattern, expected in (
        (r"&&|\band\b", "one comparison a limb, the others beside it under `all:`"),
        (r"\|\||\bor\b|\?", "one comparison a limb, the alternatives under `any:`"),
        (r"!(?!=)|\bnot\b", "the limb itself under `not:` or `unless:`"),
        (r"\bis\b", "== or !="),
        (r"(?:[<>]=?+|[=!]=)\s*[<>=!]|=[<>]|<>", "one of < <= > >= == !="),
        (r"(?<![<>=!])=(?!=)", "== for equality"),
        (r"[\u2018\u2019\u201c\u201d]", "straight quotes"),
        (r"\bduration\s*\(", "a duration such as 48h, without `duration(...)`"),
        (r"(?<![a-z_])\(", "one comparison without parentheses"),
        (r"(?!\d{4}-\d\d-\d\d(?!\d))\b\d{1,4}[-/]\d{1,2}[-/]\d{1,4}", "a date such as 2024-12-01"),
        (
            r"(?<![\w:-])\d+[dhms]\s*[+-]\s*[a-z_][\w.]*",
            "the instant first, as in instrument.lodged_at + 48h",
        ),
        (r"-\s*[a-z_][\w.]*", "two instants, as in `at < instrument.lodged_at + 48h`"),
        (
            r"(?<![\w:-])\d+(\.\d+)?(\s*(?!in\b)(?![dhms](?![a-z]))[a-z]+|\s+[dhms]\b)",
            "a duration such as 48h, in d, h, m or s",
        ),
        (r"\d+\.\d+", "a whole number"),
        (r"[*/%]", "a number or duration written out; limbs do not calculate"),
    )
)
"""Known slips, looked for outside quotes once a limb could not be read; the first found is told."""

_NAMED: Final = {
    "NAME": "a fact such as instrument.served_at, an instant, a number or a text in quotes",
    "COMPARES": "one of < <= > >= == !=",
    "IN": "`in`",
    "SIGN": "+ or - with a duration",
    "TEXT": "a text in quotes",
    "INTEGER": "a whole number",
    "DURATION": "a duration such as 48h",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "a list in [ ]",
    "RSQB": "]",
    "COMMA": "a comma",
    "$END": "the end of the limb",
}
_OF_AN_OPERAND: Final = frozenset({"SIGN", "TEXT", "INTEGER", "DURATION"})
"""Covered by what is said of NAME."""


class LimbError(ValueError):
    """A limb that cannot be read or does not fit the vocabulary.

    Attributes:
        text: The limb.
        column: Where in it, counted from 1.
        expected: What could have stood there.
        found: What stands there.
    """

    def __init__(self, text: str, column: int, expected: str, found: str) -> None:
        self.text, self.column, self.expected, self.found = text, column, expected, found
        super().__init__(f"expected {expected}, found {found} at column {column} of [{text}]")


@dataclass(frozen=True, slots=True)
class Name:
    """A fact's name, or ``at``, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A name with arguments in parentheses."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """An instant, local time or civil day as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Duration:
    """Microseconds of elapsed time."""

    microseconds: int


Base: TypeAlias = Name | Call | Written | Duration | str | int
"""What an operand starts from; a str is a text in quotes, an int a number."""


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison."""

    base: Base
    shifts: tuple[int, ...]
    """Durations added, in microseconds; those taken away are negative."""
    column: int
    shown: str
    """As written."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The literals after ``in``."""

    values: tuple[str | int, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Expression:
    """A limb read, not yet looked up."""

    text: str
    left: Operand
    op: str = ""
    """A comparison, ``in``, or nothing."""
    op_column: int = 1
    right: Operand | Listed | None = None


def parsed(text: str) -> Expression:
    """A limb's text as an expression.

    Raises:
        LimbError: The text is not a limb.
    """
    if not text.strip():
        raise LimbError(text, 1, "a fact or a comparison", "nothing")
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _explained(text, error) from error
    return _expression(text, tree)


class _Parses(Protocol):
    """What is used of the parser, typed."""

    def parse(self, text: str) -> ParseTree: ...


@cache
def _parser() -> _Parses:
    return Lark(GRAMMAR, parser="lalr", lexer="basic", propagate_positions=True, maybe_placeholders=False)


def _explained(text: str, error: UnexpectedInput) -> LimbError:
    """The error in the reader's words: advice for known slips, else what the grammar allows."""
    plain = re.sub(r"\"[^\"]*\"|'[^']*'", lambda quoted: " " * len(quoted[0]), text)
    for pattern, expected in _ADVICE:
        slip = pattern.search(plain)
        if slip is not None:
            return LimbError(text, slip.start() + 1, expected, f"[{slip[0].strip()}]")
    told = vars(error)  # lark declares no types for what its errors carry
    if isinstance(error, UnexpectedCharacters):
        return _unreadable(text, told["pos_in_stream"])
    token: Token = told["token"]
    accepts: set[str] = told["expected"]
    if "NAME" in accepts:
        accepts = accepts - _OF_AN_OPERAND
    expected = " or ".join(each for name, each in _NAMED.items() if name in accepts)
    if token.type == "$END":
        return LimbError(text, len(text) + 1, expected, "the end")
    return LimbError(text, (token.start_pos or 0) + 1, expected, f"[{token}]")


def _unreadable(text: str, place: int) -> LimbError:
    rest = text[place:]
    if rest[0] in {'"', "'"}:
        closed = rest.count(rest[0]) > 1
        expected = "a text without backslash or line break" if closed else "a closing quote"
        return LimbError(text, place + 1, expected, f"[{rest}]")
    word = re.match(r"[\w.:-]+", rest)
    if word is None:
        return LimbError(text, place + 1, "a fact or a comparison", f"[{rest[0]}]")
    expected = 'a fact in small letters, or a text in quotes such as "I-247A"'
    return LimbError(text, place + 1, expected, f"[{word[0]}]")


def _expression(text: str, tree: ParseTree) -> Expression:
    sides = tree.children
    left = _operand(text, _subtree(sides[0]))
    if len(sides) == 1:
        return Expression(text, left)
    op, side = _token(sides[1]), _subtree(sides[2])
    right = _listed(side) if side.data == "list" else _operand(text, side)
    return Expression(text, left, str(op), (op.start_pos or 0) + 1, right)


def _operand(text: str, tree: ParseTree) -> Operand:
    base, *rest = tree.children
    shifts: list[int] = []
    for each in rest:
        sign, duration = _subtree(each).children
        shifts.append(_microseconds(_subtree(duration)) * (-1 if str(sign) == "-" else 1))
    start, end = tree.meta.start_pos, tree.meta.end_pos
    return Operand(_base(base), tuple(shifts), start + 1, text[start:end])


def _base(node: ParseTree | Token) -> Base:
    if isinstance(node, Token):
        if node.type == "TEXT":
            return str(node)[1:-1]
        return Name(str(node)) if node.type == "NAME" else Written(str(node))
    if node.data == "call":
        name, *arguments = node.children
        return Call(str(name), tuple(str(each)[1:-1] for each in arguments))
    return _number(node) if node.data == "number" else Duration(_microseconds(node))


def _listed(tree: ParseTree) -> Listed:
    values: list[str | int] = []
    for literal in tree.children:
        inner = _subtree(literal).children[0]
        values.append(str(inner)[1:-1] if isinstance(inner, Token) else _number(inner))
    return Listed(tuple(values), tree.meta.start_pos + 1)


def _number(tree: ParseTree) -> int:
    return int("".join(_texts(tree.children)))


def _microseconds(tree: ParseTree) -> int:
    return sum(int(text[:-1]) * _UNITS[text[-1]] for text in _texts(tree.children))


def _texts(nodes: Sequence[ParseTree | Token]) -> list[str]:
    return [str(node) for node in nodes if isinstance(node, Token)]


def _subtree(node: ParseTree | Token) -> ParseTree:
    assert isinstance(node, Tree), "the grammar puts a rule here"
    return node


def _token(node: ParseTree | Token) -> Token:
    assert isinstance(node, Token), "the grammar puts a terminal here"
    return node
