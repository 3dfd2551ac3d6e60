"""What a clock's texts mean: lengths in numbers, day names as days, and what cannot be computed."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Final

from msgspec import Struct

from habeas.kernel.calendars import Weekday
from habeas.kernel.instants import DAY, HOUR, MINUTE
from habeas.law.enactments import Clock, ClockKind, OnRepeat

HOLIDAY: Final = "holiday"
"""The day name that means a day of the clock's calendar."""
END_OF_DAY: Final = "24:00"
"""The wall time that means the end of the day."""

_UNITS = {"d": DAY, "h": HOUR, "m": MINUTE}
_AMOUNT = re.compile(r"(\d+)([dhm])", re.ASCII)
_DURATION = re.compile(r"\d+[dhm](?: ?\d+[dhm])*", re.ASCII)
_WALL = re.compile(r"(\d{2}):(\d{2})", re.ASCII)
_WEEKDAYS = frozenset(Weekday)
_DAY_NAMES = frozenset(str(day) for day in Weekday) | {HOLIDAY}
_FIRST_DAYS = ("counted", "not-counted")
_PART_DAYS = ("round-up", "round-down")


class UnsupportedClock(ValueError):
    """A clock whose texts cannot be read, or whose parts cannot be combined.

    Attributes:
        problems: Each reason, in words.
    """

    def __init__(self, clock: Clock, problems: tuple[str, ...]) -> None:
        """Name the clock by its citation and give every reason."""
        self.problems = problems
        super().__init__(f"clock of [{clock.cite}]: {'; '.join(problems)}")


class Granted(Struct, frozen=True):
    """What one kind of extension adds."""

    each: int
    """In the clock's own unit: microseconds, or civil days."""
    most: int
    """How often it may be granted."""
    cite: str


class Terms(Struct, frozen=True):
    """A clock with its texts read."""

    clock: Clock
    length: int
    """Microseconds of running time; civil days; for a wall time, microseconds after midnight."""
    excluded: frozenset[Weekday]
    excludes_holidays: bool
    barred: frozenset[Weekday]
    """Week days on which the deadline may not fall."""
    bars_holidays: bool
    extensions: dict[str, Granted]

    @property
    def runs_at_once(self) -> bool:
        """Whether running time is all that counts: no day is skipped, none is barred."""
        plain = not (self.excluded or self.excludes_holidays or self.rolls)
        return plain and self.clock.kind is ClockKind.ELAPSED

    @property
    def needs_calendar(self) -> bool:
        """Whether it asks which days are holidays."""
        return self.excludes_holidays or self.bars_holidays

    @property
    def rolls(self) -> bool:
        """Whether there are days on which its deadline may not fall."""
        return bool(self.barred) or self.bars_holidays

    @property
    def ends_with_days(self) -> bool:
        """Whether it can run out only at the end of a civil day."""
        return self.clock.kind is ClockKind.CIVIL_DAYS and self.clock.end_of_day

    @property
    def same_wall_time(self) -> bool:
        """Whether it counts days from wall time to the same wall time."""
        return self.clock.kind is ClockKind.CIVIL_DAYS and not self.clock.end_of_day


def microseconds_of(text: str) -> int:
    """The length a text such as ``48h``, ``1h 30m`` or ``7d`` states; ``d`` is 24 hours that run.

    Raises:
        ValueError: The text has another form.
    """
    if _DURATION.fullmatch(text) is None:
        raise ValueError(f"expected a length such as 48h, 7d or 1h 30m, found [{text}]")
    return sum(int(number) * _UNITS[unit] for number, unit in _AMOUNT.findall(text))


def problems_of(clock: Clock) -> tuple[str, ...]:
    """Every reason why this clock cannot be computed; none when it can."""
    problems = [*_day_name_problems(clock)]
    if clock.kind is ClockKind.WALL:
        problems += _wall_problems(clock)
    elif clock.kind is ClockKind.CIVIL_DAYS:
        problems += _civil_problems(clock)
    else:
        problems += _length_problem(clock.length, days=False)
    problems += _extension_problems(clock)
    return tuple(problems)


@lru_cache(maxsize=4096)
def terms_of(clock: Clock) -> Terms:
    """The clock with its texts read; one reading serves every person.

    Raises:
        UnsupportedClock: With every reason at once.
    """
    problems = problems_of(clock)
    if problems:
        raise UnsupportedClock(clock, problems)
    days = clock.kind is ClockKind.CIVIL_DAYS
    return Terms(
        clock=clock,
        length=_wall_length(clock.length)
        if clock.kind is ClockKind.WALL
        else _amount(clock.length, days=days),
        excluded=_weekdays(clock.excluded),
        excludes_holidays=HOLIDAY in clock.excluded,
        barred=_weekdays(clock.roll_forward),
        bars_holidays=HOLIDAY in clock.roll_forward,
        extensions={
            each.clock: Granted(_amount(each.each, days=days), each.most, each.cite)
            for each in clock.extensions
        },
    )


def _weekdays(names: tuple[str, ...]) -> frozenset[Weekday]:
    return frozenset(Weekday(name) for name in names if name != HOLIDAY)


def _amount(text: str, *, days: bool) -> int:
    microseconds = microseconds_of(text)
    return microseconds // DAY if days else microseconds


def _wall_length(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * HOUR + int(minutes) * MINUTE


def _day_name_problems(clock: Clock) -> list[str]:
    problems: list[str] = []
    for field, names in (("excluded", clock.excluded), ("roll_forward", clock.roll_forward)):
        problems += [
            f"{field}: expected a day name, found [{each}]" for each in names if each not in _DAY_NAMES
        ]
        if frozenset(names) >= _WEEKDAYS:
            problems.append(f"{field}: every day of the week, so the clock would never run out")
        if HOLIDAY in names and not clock.holidays:
            problems.append(f"{field}: [{HOLIDAY}] needs a calendar in `holidays`")
    return problems


def _wall_problems(clock: Clock) -> list[str]:
    problems: list[str] = []
    found = _WALL.fullmatch(clock.length)
    if clock.length != END_OF_DAY and (found is None or not _is_time(found)):
        problems.append(f"length: expected a wall time such as 23:59 or {END_OF_DAY}, found [{clock.length}]")
    unusable = {"excluded": clock.excluded, "pause": clock.pause, "extensions": clock.extensions}
    problems += [
        f"{name}: a wall time has no length that could {_COULD[name]}"
        for name, given in unusable.items()
        if given
    ]
    if clock.on_repeat is OnRepeat.RESUME:
        problems.append("on_repeat: a wall time has no rest that could resume")
    return problems


_COULD = {"excluded": "skip days", "pause": "pause", "extensions": "grow"}


def _is_time(found: re.Match[str]) -> bool:
    try:
        dt.time(int(found.group(1)), int(found.group(2)))
    except ValueError:
        return False
    return True


def _civil_problems(clock: Clock) -> list[str]:
    problems = _length_problem(clock.length, days=True)
    if clock.first_day not in _FIRST_DAYS:
        problems.append(f"first_day: expected one of {', '.join(_FIRST_DAYS)}, found [{clock.first_day}]")
    if clock.part_days not in _PART_DAYS:
        problems.append(f"part_days: expected one of {', '.join(_PART_DAYS)}, found [{clock.part_days}]")
    if not clock.end_of_day and clock.first_day == "counted":
        problems.append("first_day: counted, although the days run from wall time to wall time")
    if not clock.end_of_day and clock.on_repeat is OnRepeat.RESUME:
        problems.append("on_repeat: days from wall time to wall time have no whole days to resume")
    return problems


def _length_problem(text: str, *, days: bool) -> list[str]:
    try:
        microseconds = microseconds_of(text)
    except ValueError as error:
        return [f"length: {error}"]
    if not microseconds:
        return ["length: nothing to count"]
    if days and ("h" in text or "m" in text):
        return [f"length: expected civil days such as 30d, found [{text}]"]
    return []


def _extension_problems(clock: Clock) -> list[str]:
    if clock.kind is ClockKind.WALL:
        return []
    problems: list[str] = []
    days = clock.kind is ClockKind.CIVIL_DAYS
    names = [each.clock for each in clock.extensions]
    if len(set(names)) < len(names):
        problems.append("extensions: two of the same name")
    for each in clock.extensions:
        problems += [
            f"extension [{each.clock}] {problem}" for problem in _length_problem(each.each, days=days)
        ]
        if each.most < 1:
            problems.append(f"extension [{each.clock}] most: expected at least 1, found [{each.most}]")
    return problems
