"""The arithmetic of a deadline in lines that a person can add up again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from habeas.kernel.instants import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    CivilDate,
    Instant,
    When,
    civil_date_of,
    earliest_of,
    start_of_day,
    zoned,
)
from habeas.law.clocks.counting import Count, Mark, Piece, followed, is_open
from habeas.law.clocks.runs import Run, Turn, Turned
from habeas.law.clocks.terms import Terms
from habeas.law.enactments import ClockKind

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class ClockLine(Struct, frozen=True):
    """One line of arithmetic."""

    text: str
    """Such as ``Fri 17 Feb 17:00-24:00: 7 h 00 m counted``, in the place's wall time."""
    cite: str = ""
    """What the line rests on."""
    start: Instant | None = None
    end: Instant | None = None
    amount: int = 0
    """What it counts: microseconds of running time, or civil days."""


class Telling(Struct, frozen=True, dict=True):
    """What the lines of one deadline are written from."""

    terms: Terms
    zone: ZoneInfo
    runs: tuple[Run, Run]
    """With every doubt towards the earlier, and towards the later deadline."""
    opened: When | None
    """When a pause began that has not ended."""

    @cached_property
    def lines(self) -> tuple[ClockLine, ...]:
        """The arithmetic, line by line; written once, when first asked for."""
        return lines_of(self)


def lines_of(telling: Telling) -> tuple[ClockLine, ...]:
    """The lines of one run, or of both where what is not known leads to two deadlines."""
    low, high = telling.runs
    if low.deadline == high.deadline:
        told = tuple(_Writer(telling, low).lines())
        same = ClockLine("the same deadline wherever the anchor lies; at the earliest:")
        return told if low.anchor == high.anchor else (same, *told)
    return (
        ClockLine("at the earliest:"),
        *_Writer(telling, low).lines(),
        ClockLine("at the latest:"),
        *_Writer(telling, high).lines(),
    )


def duration_text(microseconds: int) -> str:
    """Hours and minutes, ``48 h 00 m``, to the nearest second; seconds only when there are any."""
    hours, rest = divmod(round(microseconds / SECOND), HOUR // SECOND)
    minutes, seconds = divmod(rest, MINUTE // SECOND)
    return f"{hours} h {minutes:02d} m {seconds} s" if seconds else f"{hours} h {minutes:02d} m"


def days_text(days: int) -> str:
    """``1 day``, ``30 days``."""
    return f"{days} day" if days == 1 else f"{days} days"


def day_text(day: CivilDate, *, year: bool = True) -> str:
    """``Fri 17 Feb 2017``, the same in every locale."""
    text = f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if year else text


class _Writer:
    """Writes the lines of one run."""

    def __init__(self, telling: Telling, run: Run) -> None:
        self.terms, self.zone, self.opened, self.run = telling.terms, telling.zone, telling.opened, run
        self.in_days = telling.terms.clock.kind is ClockKind.CIVIL_DAYS and telling.terms.clock.end_of_day
        self.year = civil_date_of(run.anchor, telling.zone).year if run.count.pieces else 0

    def lines(self) -> Iterator[ClockLine]:
        run, cite = self.run, self.terms.clock.cite
        anchor = self._moment(run.anchor)
        if self.terms.clock.kind is ClockKind.WALL:
            yield ClockLine(
                f"starts {anchor}; runs out at {self.terms.clock.length} of that day", cite, run.anchor
            )
        else:
            yield ClockLine(f"starts {anchor}; {self._amount(self.terms.length)} allowed", cite, run.anchor)
        yield from (self._turn(turned) for turned in run.turns)
        if self.opened is not None:
            yield from self._standing(self.opened)
            return
        pieces = list(self._together(run.count))
        yield from (self._piece(piece) for piece in pieces if piece.mark is not Mark.ROLLED)
        if pieces and self.terms.clock.kind is not ClockKind.WALL:
            yield ClockLine(f"sum {self._counted(run.count.amount)}", amount=run.count.amount)
        yield from (self._piece(piece) for piece in pieces if piece.mark is Mark.ROLLED)
        yield ClockLine(f"deadline {self._moment(run.deadline)}", cite, end=run.deadline)

    def _standing(self, opened: When) -> Iterator[ClockLine]:
        """What was counted until the clock came to stand still, and what is left."""
        run, since = self.run, earliest_of(opened)
        made = followed(self.terms, run.start, since, run.ground)
        yield from (self._piece(piece) for piece in self._together(made))
        left = max(run.count.amount - made.amount, 0)
        text = f"paused since {self._moment(since)}, not ended: {self._counted(left)} left"
        pause = self.terms.clock.pause
        yield ClockLine(text, pause.cite if pause else "", since, amount=left)
        text = f"deadline not before {self._moment(run.deadline)}"
        yield ClockLine(text, self.terms.clock.cite, end=run.deadline)

    def _turn(self, turned: Turned) -> ClockLine:
        at = self._moment(turned.at)
        if turned.turn is Turn.RESET:
            return ClockLine(f"starts anew {at}", self.terms.clock.cite, turned.at)
        amount = self._amount(turned.amount)
        if turned.turn is Turn.EXTENDED:
            return ClockLine(
                f"extended by {amount}, granted {at}", turned.cite, turned.at, amount=turned.amount
            )
        why = "too late" if turned.turn is Turn.LATE else "beyond the most there may be"
        return ClockLine(f"not extended: {amount} granted {at}, {why}", turned.cite, turned.at)

    def _together(self, made: Count) -> Iterator[Piece]:
        """Neighbouring pieces of whole days as one; excluded days stay apart, each with its name."""
        kept: Piece | None = None
        for piece in made.pieces:
            if kept is not None and self._joins(kept, piece):
                kept = replace(kept, end=piece.end, amount=kept.amount + piece.amount)
                continue
            if kept is not None:
                yield kept
            kept = piece
        if kept is not None:
            yield kept

    def _joins(self, first: Piece, second: Piece) -> bool:
        if first.mark is not second.mark or first.mark in {Mark.EXCLUDED, Mark.ROLLED}:
            return False
        return first.end == second.start and (self.in_days or (self._whole(first) and self._whole(second)))

    def _whole(self, piece: Piece) -> bool:
        """Whether it begins and ends where civil days do."""
        return self._at_midnight(piece.start) and self._at_midnight(piece.end)

    def _piece(self, piece: Piece) -> ClockLine:
        cite = ""
        if piece.mark is Mark.COUNTED:
            said = f"{self._counted(piece.amount)} counted{self._change(piece)}"
        elif piece.mark is Mark.PAUSED:
            said = "paused"
            cite = self.terms.clock.pause.cite if self.terms.clock.pause else ""
        else:
            said = _SAID[piece.mark].format(reason=piece.reason)
        return ClockLine(f"{self._span(piece)}: {said}", cite, piece.start, piece.end, piece.amount)

    def _change(self, piece: Piece) -> str:
        """A note where the wall shows more or less time than elapsed."""
        if self.in_days:
            return ""
        shown = _naive(piece.end, self.zone) - _naive(piece.start, self.zone)
        moved = shown // dt.timedelta(microseconds=1) - (piece.end - piece.start)
        if not moved:
            return ""
        way = "forward" if moved > 0 else "back"
        return f" (clocks went {way} {duration_text(abs(moved))})"

    def _span(self, piece: Piece) -> str:
        """Which days or hours: ``Fri 17 Feb 17:00-24:00``, ``Sat 18 Feb``."""
        first = civil_date_of(piece.start, self.zone)
        last = civil_date_of(Instant(max(piece.end - 1, piece.start)), self.zone)
        if piece.mark is Mark.ROLLED:
            return self._day(last)
        if self.in_days or self._whole(piece):
            return self._day(first) if first == last else f"{self._day(first)}-{self._day(last)}"
        until = "24:00" if self._at_midnight(piece.end) else self._time(piece.end)
        if first == last:
            return f"{self._day(first)} {self._time(piece.start)}-{until}"
        return f"{self._day(first)} {self._time(piece.start)}-{self._day(last)} {until}"

    def _day(self, day: CivilDate) -> str:
        return day_text(day, year=day.year != self.year)

    def _time(self, instant: Instant) -> str:
        time = zoned(instant, self.zone).time()
        if instant % SECOND == SECOND - 1:  # the last instant of an unknown day, itself included
            after = Instant(instant + 1)
            return f"just before {'24:00' if self._at_midnight(after) else self._time(after)}"
        if time.microsecond:
            return time.isoformat(timespec="microseconds")
        return time.isoformat(timespec="seconds" if time.second else "minutes")

    def _moment(self, instant: Instant) -> str:
        if is_open(instant):
            return "open"
        moment = zoned(instant, self.zone)
        return f"{day_text(moment.date())} {self._time(instant)} {moment.tzname() or ''}".rstrip()

    def _at_midnight(self, instant: Instant) -> bool:
        return start_of_day(civil_date_of(instant, self.zone), self.zone) == instant

    def _amount(self, amount: int) -> str:
        """A length as the clock states it."""
        return days_text(amount) if self.terms.clock.kind is ClockKind.CIVIL_DAYS else duration_text(amount)

    def _counted(self, amount: int) -> str:
        if self.terms.same_wall_time:
            whole, rest = divmod(amount, DAY)
            return days_text(whole) if not rest else f"{days_text(whole)} {duration_text(rest)}"
        return self._amount(amount)


_SAID = {
    Mark.EXCLUDED: "excluded ({reason})",
    Mark.FIRST_DAY: "first day, not counted",
    Mark.PART_DAY: "part of a day, not counted",
    Mark.ROLLED: "the deadline may not fall on this day ({reason})",
}


def _naive(instant: Instant, zone: ZoneInfo) -> dt.datetime:
    return zoned(instant, zone).replace(tzinfo=None)
