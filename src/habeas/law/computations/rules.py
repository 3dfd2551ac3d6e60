"""The parameters of steps, read from texts: what each name may be, and what it means."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from habeas.kernel.instants import CivilDate
from habeas.law.computations.conduct import Blocks, Fraction, Months, Rate
from habeas.law.computations.sentences import UnsupportedSentence
from habeas.law.enactments import Step

_BLOCKS = re.compile(r"(\d+) for (\d+)", re.ASCII)
_FRACTION = re.compile(r"(\d+)/(\d+)", re.ASCII)
_MONTHLY = re.compile(r"(\d+) a month", re.ASCII)
_TIER = re.compile(r"through month (\d+): (\d+)", re.ASCII)
_LAST_TIER = re.compile(r"after: (\d+)", re.ASCII)
_WALL = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class StartRule:
    """When a sentence begins to run, how its days are counted, and at what time of day it ends."""

    begins: str
    """``imposed`` or ``received``."""
    first_day: str
    """``counted`` where the day it begins is its first day, else ``not-counted``."""
    ends: str
    """``end-of-day``, ``start-of-day`` or a wall time of the last day."""
    year: int | None
    """Days in a year; None for calendar years."""
    month: int | None
    """Days in a month; None for calendar months."""


@dataclass(frozen=True, slots=True)
class CombineRule:
    """How sentences run where the court did not say."""

    default: str
    """``concurrent``, ``consecutive``, ``by-document`` (together where one charging document holds
    both, else one after another) or ``by-day`` (together where imposed on one day, else likewise)."""


@dataclass(frozen=True, slots=True)
class CapRule:
    """The most that sentences which run one after another may come to."""

    days: int
    years: int
    beyond: str
    """Sentences with this mark are served beyond the cap."""


@dataclass(frozen=True, slots=True)
class CreditRule:
    """Time in custody before sentence."""

    unstated: str
    """Where the judgment states no figure: ``computed`` from days in custody, or ``unknown``."""
    through: str
    """Whether the day the sentence begins is still credited: ``day-before`` or ``day-of``."""


@dataclass(frozen=True, slots=True)
class ConductRule:
    """Time taken off for conduct."""

    rate: Rate
    of: str
    """``whole``: earned on credited days too; ``rest``: only on what is left after credit."""
    excepted: tuple[str, ...]
    """Marks of sentences that earn nothing."""
    keeps_minimum: bool
    earned: str
    """``full`` supposes no misconduct; ``recorded`` takes the custodian's ledger."""


@dataclass(frozen=True, slots=True)
class ForfeitRule:
    """What losing conduct credit does."""

    regained: bool
    """Whether the days then served earn credit like any others."""


@dataclass(frozen=True, slots=True)
class TrimRule:
    """Days off the end by an order."""

    at_most: int


Rule: TypeAlias = StartRule | CombineRule | CapRule | CreditRule | ConductRule | ForfeitRule | TrimRule


def rule_of(step: Step) -> Rule:
    """The typed rule of a step.

    Raises:
        UnsupportedSentence: The step or one of its parameters is unknown, missing or unreadable.
    """
    reader = _READERS.get(step.does)
    if reader is None:
        raise UnsupportedSentence(f"step [{step.does}]; expected one of {', '.join(_READERS)}")
    read = _Parameters(step.does, step.parameters)
    rule = reader(read)
    read.refuse_others()
    return rule


def problems_of(steps: Sequence[Step]) -> tuple[str, ...]:
    """Every reason why these steps cannot compute anything; none when they can."""
    problems: list[str] = []
    for step in steps:
        try:
            rule_of(step)
        except UnsupportedSentence as error:
            problems.append(error.what)
    return (*problems, *_order_problems([step.does for step in steps]))


def add_term(start: CivilDate, years: int, months: int, days: int) -> CivilDate:
    """The same day of the month so many years and months later, then days; short months clip."""
    month = start.month - 1 + months
    year, month = start.year + years + month // 12, month % 12 + 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month, min(start.day, last)) + dt.timedelta(days=days)


def _order_problems(names: Sequence[str]) -> list[str]:
    problems: list[str] = []
    if not names or names[0] != "start":
        problems.append("the first step must be [start]")
    problems += [
        f"step [{once}] more than once" for once in ("start", "combine", "conduct") if names.count(once) > 1
    ]
    if "forfeit" in names and "conduct" not in names[: names.index("forfeit")]:
        problems.append("[forfeit] before any [conduct]: nothing to lose")
    return problems


class _Parameters:
    """A step's parameters, each read once; what is left over is unknown."""

    def __init__(self, step: str, given: Mapping[str, str]) -> None:
        self.step, self.left = step, dict(given)

    def choice(self, name: str, *allowed: str) -> str:
        found = self.left.pop(name, "")
        if found not in allowed:
            raise self._wrong(name, f"one of {', '.join(allowed)}", found)
        return found

    def text(self, name: str, default: str) -> str:
        return self.left.pop(name, default)

    def number(self, name: str, default: int | None = None) -> int:
        found = self.left.pop(name, "")
        if not found and default is not None:
            return default
        if not (found.isascii() and found.isdigit()):
            raise self._wrong(name, "a whole number", found)
        return int(found)

    def unit(self, name: str) -> int | None:
        """Days in a month or year, or None for ``calendar``, which is also meant by silence."""
        if self.left.get(name, "calendar") == "calendar":
            self.left.pop(name, None)
            return None
        return self.number(name)

    def refuse_others(self) -> None:
        for name in self.left:
            raise UnsupportedSentence(f"step [{self.step}] parameter [{name}], which it does not have")

    def _wrong(self, name: str, wanted: str, found: str) -> UnsupportedSentence:
        return UnsupportedSentence(
            f"step [{self.step}] parameter [{name}]: expected {wanted}, found [{found}]"
        )

    def ends(self) -> str:
        found = self.left.pop("ends", "")
        if found not in {"end-of-day", "start-of-day"} and _WALL.fullmatch(found) is None:
            raise self._wrong("ends", "end-of-day, start-of-day or a wall time such as 08:00", found)
        return found

    def rate(self) -> Rate:
        found = self.left.pop("rate", "")
        if blocks := _BLOCKS.fullmatch(found):
            return Blocks(earns=int(blocks[1]), served=int(blocks[2]))
        if (part := _FRACTION.fullmatch(found)) and 0 < int(part[1]) < int(part[2]):
            return Fraction(int(part[1]), int(part[2]))
        tiers = self._tiers(found)
        if not tiers:
            raise self._wrong("rate", "such as 1 for 1, 1/3, 5 a month or tiers of months", found)
        rate = Months(tiers, self.number("month"))
        if any(days >= rate.month for _, days in tiers):
            raise self._wrong("rate", "fewer days off than a month has", found)
        return rate

    def _tiers(self, text: str) -> tuple[tuple[int | None, int], ...]:
        """``through month 24: 5, through month 48: 10, after: 15`` as bounds and days."""
        if one := _MONTHLY.fullmatch(text):
            return ((None, int(one[1])),)
        *firsts, last = (part.strip() for part in text.split(","))
        bounded = [_TIER.fullmatch(part) for part in firsts]
        ending = _LAST_TIER.fullmatch(last)
        if ending is None or not all(bounded):
            return ()
        tiers = tuple((int(tier[1]), int(tier[2])) for tier in bounded if tier)
        return (*tiers, (None, int(ending[1])))


def _start(read: _Parameters) -> StartRule:
    return StartRule(
        begins=read.choice("from", "imposed", "received"),
        first_day=read.choice("first_day", "counted", "not-counted"),
        ends=read.ends(),
        year=read.unit("year"),
        month=read.unit("month"),
    )


def _combine(read: _Parameters) -> CombineRule:
    return CombineRule(read.choice("default", "concurrent", "consecutive", "by-document", "by-day"))


def _cap(read: _Parameters) -> CapRule:
    rule = CapRule(read.number("days", 0), read.number("years", 0), read.text("beyond", ""))
    if not rule.days and not rule.years:
        raise UnsupportedSentence("step [cap] without days or years")
    return rule


def _credit(read: _Parameters) -> CreditRule:
    return CreditRule(
        unstated=read.choice("unstated", "computed", "unknown"),
        through=read.choice("through", "day-before", "day-of"),
    )


def _conduct(read: _Parameters) -> ConductRule:
    marks = read.text("except", "")
    return ConductRule(
        rate=read.rate(),
        of=read.choice("of", "whole", "rest"),
        excepted=tuple(mark.strip() for mark in marks.split(",") if mark.strip()),
        keeps_minimum=read.choice("minimum", "kept", "none") == "kept",
        earned=read.choice("earned", "full", "recorded"),
    )


def _forfeit(read: _Parameters) -> ForfeitRule:
    return ForfeitRule(read.choice("regained", "yes", "no") == "yes")


def _trim(read: _Parameters) -> TrimRule:
    return TrimRule(read.number("at_most"))


_READERS: Mapping[str, Callable[[_Parameters], Rule]] = {
    "start": _start,
    "combine": _combine,
    "cap": _cap,
    "credit": _credit,
    "conduct": _conduct,
    "forfeit": _forfeit,
    "trim": _trim,
}
