"""Which civil days a legal clock skips, and how much time passes outside them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from habeas.kernel.instants import (
    SECOND,
    CivilDate,
    Instant,
    civil_date_of,
    start_of_day,
)


class Weekday(StrEnum):
    """The days of the week."""

    MONDAY = "monday"
    """The first by ISO 8601."""

    TUESDAY = "tuesday"
    """The second."""

    WEDNESDAY = "wednesday"
    """The third."""

    THURSDAY = "thursday"
    """The fourth."""

    FRIDAY = "friday"
    """The fifth."""

    SATURDAY = "saturday"
    """The sixth."""

    SUNDAY = "sunday"
    """The seventh."""


_WEEK = tuple(Weekday)


def weekday_of(day: CivilDate) -> Weekday:
    """The day of the week a civil day falls on."""
    return _WEEK[day.weekday()]


class OutsideCalendar(LookupError):
    """A holiday calendar was asked about a day it does not list."""

    def __init__(self, calendar: "Calendar", day: CivilDate) -> None:
        """Name the calendar, the day, and what the calendar lists."""
        self.calendar = calendar
        self.day = day
        super().__init__(
            f"calendar [{calendar.name}] lists holidays from [{calendar.first}] to "
            f"[{calendar.last}]; it says nothing about [{day}]"
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """A dated list of holidays, complete from its first day to its last."""

    name: str
    """What rulebooks call it."""

    holidays: frozenset[CivilDate]
    """The days observed as holidays, all within `first` and `last`."""

    first: CivilDate
    """The first day about which it says anything."""

    last: CivilDate
    """The last day about which it says anything, itself included."""

    names: Mapping[CivilDate, str] = field(default_factory=dict[CivilDate, str], hash=False)
    """What each holiday is called; one without a name here is a holiday all the same."""

    def __post_init__(self) -> None:
        """Refuse bounds that are reversed or that leave a holiday outside.

        Raises:
            ValueError: The last day is before the first, or a holiday lies outside them.
        """
        if self.last < self.first:
            raise ValueError(f"calendar [{self.name}] ends [{self.last}] before [{self.first}]")
        stray = sorted(day for day in self.holidays if not self.first <= day <= self.last)
        if stray:
            raise ValueError(f"calendar [{self.name}] has holiday [{stray[0]}] outside its days")

    def is_holiday(self, day: CivilDate) -> bool:
        """Whether the day is observed as a holiday.

        Raises:
            OutsideCalendar: The calendar does not list that day either way.
        """
        if not self.first <= day <= self.last:
            raise OutsideCalendar(self, day)
        return day in self.holidays

    def name_of(self, day: CivilDate) -> str:
        """What the holiday is called; empty when it has no name here or is no holiday."""
        return self.names.get(day, "")


@dataclass(frozen=True, slots=True)
class ExcludedDays:
    """The civil days throughout which a clock stands still."""

    weekdays: frozenset[Weekday] = frozenset()
    """Days of the week it always skips."""

    calendar: Calendar | None = None
    """Holidays it skips; None when it skips none."""

    def __post_init__(self) -> None:
        """Refuse a clock that never runs.

        Raises:
            ValueError: Every day of the week is excluded.
        """
        if len(self.weekdays) == len(_WEEK):
            raise ValueError("every day of the week is excluded: such a clock never runs")

    def excludes(self, day: CivilDate) -> bool:
        """Whether the clock stands still that day.

        A day of the week that is excluded anyway is not looked up in the calendar.

        Raises:
            OutsideCalendar: The calendar does not list that day either way.
        """
        if _WEEK[day.weekday()] in self.weekdays:
            return True
        return self.calendar is not None and self.calendar.is_holiday(day)


RUNNING = ExcludedDays()
"""No day is excluded: plain elapsed time."""


def open_duration(start: Instant, end: Instant, excluded: ExcludedDays, zone: ZoneInfo) -> int:
    """Microseconds that elapse from `start` to `end` outside the excluded civil days.

    Args:
        start: The first instant counted.
        end: The first instant no longer counted; none are when it is not after `start`.
        excluded: The days on which nothing is counted.
        zone: The place whose civil days are meant.

    Raises:
        OutsideCalendar: A day in between is not in the calendar.
        ValueError: An end is open.
    """
    if end <= start:
        return 0
    if excluded == RUNNING:
        return end - start
    total, here, day = 0, start, civil_date_of(start, zone)
    while here < end:
        midnight = _next_midnight(day, zone)
        if not excluded.excludes(day):
            total += max(min(midnight, end) - here, 0)
        here, day = max(here, midnight), day + dt.timedelta(days=1)
    return total


def add_open_time(anchor: Instant, seconds: int, excluded: ExcludedDays, zone: ZoneInfo) -> Instant:
    """The first instant by which so much time has elapsed outside the excluded civil days.

    Elapsed time, not wall-clock time: a civil day of 23 or 25 hours counts as what it is.

    Args:
        anchor: When the clock starts; on an excluded day it waits for the end of that day.
        seconds: How long the clock runs, in seconds; zero gives the anchor itself.
        excluded: The days on which it stands still.
        zone: The place whose civil days are meant.

    Raises:
        OutsideCalendar: The clock is still running on a day that is not in the calendar.
        ValueError: The length is negative, or the anchor is an open end.
    """
    if seconds < 0:
        raise ValueError(f"a clock cannot run for [{seconds}] seconds")
    left = seconds * SECOND
    if left == 0 or excluded == RUNNING:
        return Instant(anchor + left)
    here, day = anchor, civil_date_of(anchor, zone)
    while True:
        midnight = _next_midnight(day, zone)
        if not excluded.excludes(day):
            if here + left <= midnight:
                return Instant(here + left)
            left -= max(midnight - here, 0)
        here, day = max(here, midnight), day + dt.timedelta(days=1)


def _next_midnight(day: CivilDate, zone: ZoneInfo) -> Instant:
    return start_of_day(day + dt.timedelta(days=1), zone)
