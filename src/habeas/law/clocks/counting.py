"""How much of an interval a clock counts, and at which instant it has counted enough.

A count is a list of pieces, each counted or left out for a reason, so that a person can add them
up again. The unit of an amount is the clock's own: microseconds of running time, or civil days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from habeas.kernel.calendars import Calendar, Weekday, weekday_of
from habeas.kernel.instants import (
    BEGINNING,
    DAY,
    FOREVER,
    MINUTE,
    CivilDate,
    Instant,
    LocalTime,
    civil_date_of,
    end_of_day,
    instant_of,
    local_of,
    start_of_day,
    zone,
)
from habeas.law.clocks.terms import END_OF_DAY, Terms
from habeas.law.enactments import ClockKind

Pause: TypeAlias = tuple[Instant, Instant]
"""From when until when nothing counts; half open."""

_YEAR = 366 * DAY
_EARLIEST, _LATEST = Instant(BEGINNING + _YEAR), Instant(FOREVER - _YEAR)
_UNBOUNDED = FOREVER - BEGINNING
_ONE_DAY = dt.timedelta(days=1)

_end_of_day = lru_cache(maxsize=1 << 16)(end_of_day)
"""Every clock of a place ends the same days; the zone of a name is always the same object."""
_WALL_AXIS = zone("UTC")


class Mark(StrEnum):
    """What a clock does with a piece of time."""

    COUNTED = "counted"
    EXCLUDED = "excluded"
    """A civil day that the clock always skips."""
    PAUSED = "paused"
    """Something suspends the clock while it lasts."""
    FIRST_DAY = "first-day"
    """The anchor's own day, where that one is not counted."""
    PART_DAY = "part-day"
    """A day only partly open, where such a day is not counted."""
    ROLLED = "rolled"
    """The deadline may not fall on this day."""


class Piece(Struct, frozen=True):
    """A stretch of time that a clock treats in one way."""

    start: Instant
    end: Instant
    mark: Mark
    amount: int = 0
    reason: str = ""


class Count(Struct, frozen=True):
    """The pieces up to the instant at which a clock ran out, or was no longer followed."""

    end: Instant
    pieces: tuple[Piece, ...]

    @property
    def amount(self) -> int:
        """What was counted in all."""
        return sum(piece.amount for piece in self.pieces)


class Rolling(StrEnum):
    """What is asked of a deadline that may not fall on some days."""

    EXACT = "exact"
    LEAST = "least"
    """A bound below the deadline of this anchor and of every later one."""
    MOST = "most"
    """A bound above the deadline of this anchor and of every earlier one."""


class Ground(Struct, frozen=True):
    """Where a clock runs: its civil days, its holidays, and when it is suspended."""

    zone: ZoneInfo
    calendar: Calendar | None
    pauses: tuple[Pause, ...]
    """In order, none touching the next."""
    rolling: Rolling = Rolling.EXACT


def count(terms: Terms, start: Instant, budget: int, ground: Ground, until: Instant = FOREVER) -> Count:
    """Count from `start` until the budget is used up, or until `until`; no deadline is rolled here.

    Raises:
        OutsideCalendar: A day to be judged is not in the calendar.
    """
    if is_open(start):
        # No civil day, and so no count: what is open stays open.
        return Count(start if start < _EARLIEST else Instant(FOREVER - 1), ())
    if terms.clock.kind is ClockKind.WALL:
        return _wall_time(terms, start, ground)
    if budget <= 0:
        return Count(start, ())
    if terms.same_wall_time:
        return _wall_days(terms, start, budget, ground, until)
    if terms.clock.kind is ClockKind.CIVIL_DAYS:
        return _civil_days(terms, start, budget, ground, until)
    return _elapsed(terms, start, budget, ground, until)


def is_open(instant: Instant) -> bool:
    """Whether an instant is an open end, or a way of writing one such as the year 9999."""
    return not _EARLIEST <= instant < _LATEST


def followed(terms: Terms, start: Instant, until: Instant, ground: Ground) -> Count:
    """What a clock with a length counts from `start` to `until`, however long it may run.

    Raises:
        OutsideCalendar: A day in between is not in the calendar.
    """
    if until <= start:
        return Count(start, ())
    if terms.same_wall_time:
        return _wall_days(terms, start, _UNBOUNDED // DAY, ground, until)
    follow = _civil_days if terms.clock.kind is ClockKind.CIVIL_DAYS else _elapsed
    return follow(terms, start, _UNBOUNDED, ground, until)


def closed_because(day: CivilDate, weekdays: frozenset[Weekday], calendar: Calendar | None) -> str | None:
    """Why a civil day is closed: its day name, or its holiday's; None for an open one.

    Raises:
        OutsideCalendar: The calendar does not list that day either way.
    """
    weekday = weekday_of(day)
    if weekday in weekdays:
        return str(weekday)
    if calendar is not None and calendar.is_holiday(day):
        return calendar.name_of(day) or "holiday"
    return None


def _excluded(terms: Terms, day: CivilDate, ground: Ground) -> str | None:
    return closed_because(day, terms.excluded, ground.calendar if terms.excludes_holidays else None)


def _elapsed(terms: Terms, start: Instant, budget: int, ground: Ground, until: Instant) -> Count:
    pieces: list[Piece] = []
    left = budget
    for block in _blocks(terms, start, until, ground):
        for piece in (block,) if block.reason else _less_pauses(block, ground.pauses):
            if piece.mark is not Mark.COUNTED:
                pieces.append(piece)
                continue
            taken = min(left, piece.end - piece.start)
            end = Instant(min(piece.start + taken, FOREVER))
            pieces.append(Piece(piece.start, end, Mark.COUNTED, taken))
            left -= taken
            if not left:
                return Count(end, tuple(pieces))
    return Count(until, tuple(pieces))


def _blocks(terms: Terms, start: Instant, until: Instant, ground: Ground) -> Iterator[Piece]:
    """One stretch to the end if no day is skipped, else one a civil day."""
    if not terms.excluded and not terms.excludes_holidays:
        yield Piece(start, until, Mark.COUNTED)
        return
    here, day = start, civil_date_of(start, ground.zone)
    while here < until:
        end = min(_end_of_day(day, ground.zone), until)
        if end > here:  # a zone may have skipped a whole day
            reason = _excluded(terms, day, ground)
            yield Piece(here, end, Mark.EXCLUDED if reason else Mark.COUNTED, reason=reason or "")
            here = end
        day += _ONE_DAY


def _less_pauses(block: Piece, pauses: tuple[Pause, ...]) -> Iterator[Piece]:
    here = block.start
    for begins, ends in pauses:
        if ends <= here or begins >= block.end:
            continue
        if begins > here:
            yield Piece(here, begins, Mark.COUNTED)
        here = min(ends, block.end)
        yield Piece(max(begins, block.start), here, Mark.PAUSED)
    if here < block.end:
        yield Piece(here, block.end, Mark.COUNTED)


def _civil_days(terms: Terms, start: Instant, budget: int, ground: Ground, until: Instant) -> Count:
    if until == FOREVER and not (ground.pauses or terms.excluded or terms.excludes_holidays):
        return _unbroken_days(terms, start, budget, ground.zone)
    pieces: list[Piece] = []
    left, day = budget, civil_date_of(start, ground.zone)
    here = start
    while here < until:
        end = _end_of_day(day, ground.zone)
        if end > here:
            piece = _judged(terms, day, Piece(here, min(end, until), Mark.COUNTED), start, ground)
            pieces.append(piece)
            left -= piece.amount
            here = end
        if not left:
            break
        day += _ONE_DAY
    return Count(min(here, until), tuple(pieces))


def _judged(terms: Terms, day: CivilDate, piece: Piece, start: Instant, ground: Ground) -> Piece:
    """What one civil day is worth."""
    if terms.clock.first_day == "not-counted" and piece.start == start:
        return replace(piece, mark=Mark.FIRST_DAY)
    reason = _excluded(terms, day, ground)
    if reason:
        return replace(piece, mark=Mark.EXCLUDED, reason=reason)
    parts = tuple(_less_pauses(piece, ground.pauses))
    if all(part.mark is Mark.PAUSED for part in parts):
        return replace(piece, mark=Mark.PAUSED)
    place = ground.zone
    whole = (
        len(parts) == 1 and piece.start == start_of_day(day, place) and piece.end == _end_of_day(day, place)
    )
    if not whole and terms.clock.part_days == "round-down":
        return replace(piece, mark=Mark.PART_DAY)
    return replace(piece, amount=1)


def _unbroken_days(terms: Terms, start: Instant, budget: int, place: ZoneInfo) -> Count:
    """Civil days none of which is left out, by the calendar alone."""
    day = civil_date_of(start, place)
    late_start = terms.clock.part_days == "round-down" and start > start_of_day(day, place)
    pieces: list[Piece] = []
    if terms.clock.first_day == "not-counted" or late_start:
        mark = Mark.FIRST_DAY if terms.clock.first_day == "not-counted" else Mark.PART_DAY
        pieces.append(Piece(start, _end_of_day(day, place), mark))
        start = pieces[0].end
        day += _ONE_DAY
    end = _end_of_day(day + (budget - 1) * _ONE_DAY, place)
    return Count(end, (*pieces, Piece(start, end, Mark.COUNTED, budget)))


def _wall_days(terms: Terms, start: Instant, budget: int, ground: Ground, until: Instant) -> Count:
    """Days from wall time to the same wall time: running time on the clock on the wall."""
    place = ground.zone
    pauses = tuple((_shown(begins, place), _shown(ends, place)) for begins, ends in ground.pauses)
    wall = Ground(_WALL_AXIS, ground.calendar, tuple(pause for pause in pauses if pause[0] < pause[1]))
    made = _elapsed(terms, _shown(start, place), budget * DAY, wall, _shown(until, place))
    pieces = tuple(
        replace(piece, start=_named(piece.start, place), end=_named(piece.end, place))
        for piece in made.pieces
    )
    return Count(_named(made.end, place), pieces)


def _shown(instant: Instant, place: ZoneInfo) -> Instant:
    """What the wall shows, as if it were UTC."""
    return instant if instant >= FOREVER else instant_of(local_of(instant, place), _WALL_AXIS)


def _named(shown: Instant, place: ZoneInfo) -> Instant:
    """The first instant at which the wall shows this, or something later if it never does."""
    return shown if shown >= FOREVER else first_showing(local_of(shown, _WALL_AXIS), place)


def first_showing(local: LocalTime, place: ZoneInfo) -> Instant:
    """The first instant at which clocks show a wall time, or the change that skipped it.

    Of a wall time shown twice the first is meant: nothing that was read says that custody may
    last the hour longer.
    """
    earlier = instant_of(local, place, "earlier")
    if local_of(earlier, place) == local:
        return earlier
    return _change(local, place, earlier, instant_of(local, place, "later"))


def _change(local: LocalTime, place: ZoneInfo, low: Instant, high: Instant) -> Instant:
    while high - low > 1:
        middle = Instant((low + high) // 2)
        low, high = (low, middle) if local_of(middle, place) > local else (middle, high)
    return high


def _wall_time(terms: Terms, start: Instant, ground: Ground) -> Count:
    day = civil_date_of(start, ground.zone)
    if terms.clock.length == END_OF_DAY:
        return Count(_end_of_day(day, ground.zone), ())
    minutes = terms.length // MINUTE
    at = dt.time(minutes // 60, minutes % 60)
    return Count(first_showing(LocalTime(day, at), ground.zone), ())
