"""One run of a clock at one end of what is not known: extensions and restarts in their order.

Where circumstances are uncertain a clock is run twice, so that the true deadline lies between:
once with everything as it is least (shortest pauses, only what surely counts), once as it is most.
Where nothing is uncertain the two runs are the same one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct, field

from habeas.kernel.instants import Instant
from habeas.law.clocks.counting import Count, Ground, Pause, count
from habeas.law.clocks.rolling import rolled
from habeas.law.clocks.terms import Terms


class Turn(StrEnum):
    """What happens to a clock while it runs."""

    EXTENDED = "extended"
    RESET = "reset"
    LATE = "late"
    """An extension that came too late."""
    SPENT = "spent"
    """An extension beyond the most there may be."""


class Happening(Struct, frozen=True):
    """A grant of more time, or an instant that starts the clock anew, within its bounds."""

    low: Instant
    high: Instant
    """The last instant it can be, itself included."""
    extension: str = ""
    """The name of the extension granted; empty for a reset."""
    sure: bool = True
    """Whether the grant surely meets the extension's own condition."""


class Case(Struct, frozen=True):
    """What one run starts from."""

    anchor: Instant
    least: bool
    """Whether every doubt is resolved towards the earlier deadline."""
    ground: Ground
    happenings: tuple[Happening, ...] = ()
    used: int = 0
    """What earlier runs have used up of the length."""
    keeps: bool = False
    """Whether time granted before a reset is kept, which only bounds the deadline from above."""


class Turned(Struct, frozen=True):
    """A happening, and what it did."""

    turn: Turn
    at: Instant
    name: str = ""
    amount: int = 0
    cite: str = ""


class Run(Struct, frozen=True):
    """A clock run to its end."""

    anchor: Instant
    start: Instant
    """The anchor, or the last reset."""
    allowed: int
    """Length, less what was used, plus extensions; in the clock's unit."""
    count: Count
    ground: Ground
    turns: tuple[Turned, ...] = ()

    @property
    def deadline(self) -> Instant:
        """The first instant at which the clock has run out."""
        return self.count.end


class _Running(Struct):
    terms: Terms
    case: Case
    start: Instant
    used: int
    added: int = 0
    granted: Counter[str] = field(default_factory=Counter[str])
    turns: list[Turned] = field(default_factory=list[Turned])

    @property
    def allowed(self) -> int:
        return self.terms.length + self.added - self.used

    def counted(self) -> Count:
        ground = self.case.ground
        return rolled(self.terms, count(self.terms, self.start, self.allowed, ground), ground)

    def resets(self, happening: Happening, deadline: Instant) -> bool:
        """Start anew if the reset falls after the start and before the running deadline."""
        if self.case.least:
            valid = happening.low > self.start and happening.high < deadline
            at = happening.low
        else:
            valid = happening.high > self.start and happening.low < deadline
            at = min(happening.high, Instant(deadline - 1))
        if not valid:
            return False
        self.start, self.used = at, 0
        self.added = self.added if self.case.keeps else 0
        self.turns.append(Turned(Turn.RESET, at))
        return True

    def extends(self, happening: Happening, deadline: Instant) -> bool:
        """Add time if it was granted before the running deadline and not too often."""
        name, least = happening.extension, self.case.least
        terms = self.terms.extensions[name]
        at = happening.high if least else happening.low
        in_time = at < deadline and (happening.sure or not least)
        spent = self.granted[name] >= terms.most
        if not in_time or spent:
            turn = Turn.SPENT if in_time else Turn.LATE
            self.turns.append(Turned(turn, at, name, terms.each, terms.cite))
            return False
        self.granted[name] += 1
        self.added += terms.each
        self.turns.append(Turned(Turn.EXTENDED, at, name, terms.each, terms.cite))
        return True


def run(terms: Terms, case: Case) -> Run:
    """Run a clock through what happens to it, in order.

    Raises:
        OutsideCalendar: A day to be judged is not in the calendar.
    """
    running = _Running(terms, case, case.anchor, case.used)
    made = running.counted()
    for happening in sorted(case.happenings, key=lambda each: _order(each, least=case.least)):
        turn = running.extends if happening.extension else running.resets
        if turn(happening, made.end):
            made = running.counted()
    return Run(case.anchor, running.start, running.allowed, made, case.ground, tuple(running.turns))


def undisturbed(terms: Terms, anchor: Instant, ground: Ground, used: int = 0) -> Run:
    """As `run`, for a clock to which nothing happens.

    Raises:
        OutsideCalendar: A day to be judged is not in the calendar.
    """
    allowed = terms.length - used
    return Run(anchor, anchor, allowed, rolled(terms, count(terms, anchor, allowed, ground), ground), ground)


def _order(happening: Happening, *, least: bool) -> tuple[Instant, bool]:
    """By time; of two at one instant the reset first, so that the grant is made to the new run."""
    return (happening.high if least else happening.low, bool(happening.extension))


def merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """The same pauses in order and without overlap; empty ones left out."""
    made: list[Pause] = []
    for begins, ends in sorted(pause for pause in pauses if pause[0] < pause[1]):
        if made and begins <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], ends))
        else:
            made.append((begins, ends))
    assert all(first[1] < second[0] for first, second in pairwise(made))
    return tuple(made)
