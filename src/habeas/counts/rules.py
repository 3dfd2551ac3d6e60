"""Counting rules as data: who is counted, on which days, under which lines, and whose words ask for it.

One TOML file is one rule. A file without lines and without days is a rule whose words could not be read:
it is listed, and refuses to count.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final, TypeVar

from habeas.counts.held import Marks

_T = TypeVar("_T", str, bool, list[Any])
_WORDS: Final[Mapping[type[Any], str]] = {str: "a text", bool: "true or false", list: "a list"}

AGENCIES: Final = "agencies.toml"
"""The one file beside the rules that is none."""

OTHER: Final = "not told by the record"
"""The line of whoever no line of a rule takes in."""


class UnreadableRule(ValueError):
    """A file of a counting rule that is none; says the file, the field and what was expected."""


class UnknownRule(LookupError):
    """No rule has that name."""

    def __init__(self, name: str, known: Mapping[str, CountingRule]) -> None:
        """Show the name asked for and those there are."""
        super().__init__(f"expected a counting rule ({', '.join(sorted(known))}), found [{name}]")


class NotEncoded(ValueError):
    """A rule is asked to count whose words were not read."""


class Unit(StrEnum):
    """What one is one of."""

    PEOPLE = "people"
    CUSTODIES = "custodies"


class Days(StrEnum):
    """On which civil days a rule counts."""

    EVERY_DAY = "every day"
    FIRST_OF_MONTH = "first of the month"
    FIRST_OF_QUARTER = "first of the quarter"
    LAST_WEEKDAY_OF_JUNE = "last weekday of June"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule's words stand, and what of them was read."""

    at: str
    read: str
    """``excerpt``, ``full`` or ``secondary``."""
    on: str
    words: str
    digest: str
    """Of the words, as UTF-8."""


@dataclass(frozen=True, slots=True)
class Match:
    """A condition on marks: one of `any`, all of `all`, none of `none`."""

    any: Marks = frozenset()
    all: Marks = frozenset()
    none: Marks = frozenset()

    def takes(self, marks: Marks) -> bool:
        """Whether marks meet it."""
        return (not self.any or bool(self.any & marks)) and self.all <= marks and not self.none & marks


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a count."""

    name: str
    says: str
    match: Match
    beside: bool
    """Whether it counts people whom another line counts too, so that it is no part of the sum."""
    cite: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A group that a rule does not count."""

    name: str
    match: Match
    cite: str


@dataclass(frozen=True, slots=True)
class CountingRule:
    """A named list of who is included and excluded, with the source that asks for it."""

    name: str
    title: str
    says: str
    unit: Unit
    on: Days
    at: str
    """Local time of the count as ``HH:MM``; empty where the facility's own is taken."""
    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    unsaid: tuple[str, ...]
    """What the words read leave open, and what is done about it here."""
    returns: frozenset[str]
    """Kinds of event that begin an episode and are no admission under this rule."""
    sources: tuple[Source, ...]
    encoded: bool

    def why_out(self, marks: Marks) -> str | None:
        """The group for which somebody is not counted, the first that fits; None if counted."""
        return next((each.name for each in self.left_out if each.match.takes(marks)), None)

    def line_of(self, marks: Marks) -> str:
        """The one line of the sum on which somebody counted stands."""
        for line in self.lines:
            if not line.beside and line.match.takes(marks):
                return line.name
        return OTHER

    def needs(self) -> None:
        """Make sure that the rule can count.

        Raises:
            NotEncoded: its words were not read.
        """
        if not self.encoded:
            raise NotEncoded(f"the rule [{self.name}] cannot count: {'; '.join(self.unsaid)}")


@cache
def bundled_agencies() -> Mapping[str, str]:
    """Issuer of a paper -> the kind of agency it is, as the bundled table says."""
    tree = tomllib.loads((files("habeas.counts") / "definitions" / AGENCIES).read_text(encoding="utf-8"))
    fields = _Fields(tree, AGENCIES)
    return dict(pair.split("=", 1) for pair in fields.texts("agencies"))


@cache
def bundled_rules() -> Mapping[str, CountingRule]:
    """Every rule that comes with habeas, by name.

    Raises:
        UnreadableRule: a file is none.
    """
    folder = files("habeas.counts") / "definitions"
    found = [
        read_rule(each) for each in folder.iterdir() if each.name.endswith(".toml") and each.name != AGENCIES
    ]
    return {rule.name: rule for rule in sorted(found, key=lambda rule: rule.name)}


def rule_named(name: str) -> CountingRule:
    """A bundled rule, or the rule of a file.

    Raises:
        UnknownRule: there is no such rule and no such file.
        UnreadableRule: the file is none.
    """
    if name.endswith(".toml") and Path(name).is_file():
        return read_rule(Path(name))
    if name not in bundled_rules():
        raise UnknownRule(name, bundled_rules())
    return bundled_rules()[name]


def read_rule(path: Traversable | Path) -> CountingRule:
    """The rule of one file.

    Raises:
        UnreadableRule: the file is no TOML, a field is missing, unknown or of another type, or the
            digest of a source is not that of its words.
    """
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
        return _rule(_Fields(tree, path.name))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableRule(f"{path.name}: expected TOML, found: {error}") from error


class _Fields:
    """The fields of a table, each taken once; what nobody took is not known."""

    def __init__(self, tree: Mapping[str, Any], where: str) -> None:
        self._left = dict(tree)
        self.where = where

    def text(self, name: str, otherwise: str | None = None) -> str:
        return self._take(name, str, otherwise)

    def flag(self, name: str, *, otherwise: bool) -> bool:
        return self._take(name, bool, otherwise)

    def texts(self, name: str) -> tuple[str, ...]:
        found: list[Any] = self._take(name, list, [])
        if not all(isinstance(each, str) for each in found):
            raise UnreadableRule(f"{self.where}, [{name}]: expected texts, found {found}")
        return tuple(found)

    def tables(self, name: str) -> list[_Fields]:
        found: list[Any] = self._take(name, list, [])
        return [_Fields(each, f"{self.where}, [[{name}]] {n}") for n, each in enumerate(found, 1)]

    def done(self) -> None:
        if self._left:
            raise UnreadableRule(f"{self.where}: expected no field [{next(iter(self._left))}]")

    def _take(self, name: str, kind: type[_T], otherwise: _T | None) -> _T:
        found = self._left.pop(name, otherwise)
        if not isinstance(found, kind):
            expected = _WORDS[kind]
            raise UnreadableRule(f"{self.where}, [{name}]: expected {expected}, found [{found}]")
        return found


def _rule(fields: _Fields) -> CountingRule:
    lines = tuple(_line(each) for each in fields.tables("line"))
    rule = CountingRule(
        name=fields.text("name"),
        title=fields.text("title"),
        says=fields.text("says"),
        unit=Unit(_one_of(fields, "unit", Unit)),
        on=Days(_one_of(fields, "on", Days)),
        at=fields.text("at", ""),
        lines=lines,
        left_out=tuple(_left_out(each) for each in fields.tables("left_out")),
        unsaid=fields.texts("unsaid"),
        returns=frozenset(fields.texts("returns")),
        sources=tuple(_source(each) for each in fields.tables("source")),
        encoded=fields.flag("encoded", otherwise=True),
    )
    fields.done()
    return rule


def _one_of(fields: _Fields, name: str, kind: type[StrEnum]) -> str:
    found = fields.text(name)
    if found not in set(kind):
        raise UnreadableRule(f"{fields.where}, [{name}]: expected one of {', '.join(kind)}, found [{found}]")
    return found


def _match(fields: _Fields) -> Match:
    return Match(*(frozenset(fields.texts(name)) for name in ("any", "all", "none")))


def _line(fields: _Fields) -> Line:
    line = Line(
        name=fields.text("name"),
        says=fields.text("says"),
        match=_match(fields),
        beside=fields.flag("beside", otherwise=False),
        cite=fields.text("cite", ""),
    )
    fields.done()
    return line


def _left_out(fields: _Fields) -> LeftOut:
    group = LeftOut(name=fields.text("name"), match=_match(fields), cite=fields.text("cite", ""))
    fields.done()
    return group


def _source(fields: _Fields) -> Source:
    source = Source(
        at=fields.text("at"),
        read=fields.text("read"),
        on=fields.text("on"),
        words=fields.text("words"),
        digest=fields.text("digest"),
    )
    fields.done()
    found = f"sha256:{sha256(source.words.encode()).hexdigest()}"
    if found != source.digest:
        message = f"{fields.where}, [digest]: expected {found}, that of the words, found [{source.digest}]"
        raise UnreadableRule(message)
    return source
