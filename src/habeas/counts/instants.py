"""When people are counted: one instant a civil day, local to the facility."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from habeas.counts.rules import Days
from habeas.kernel.instants import (
    AmbiguousLocalTime,
    CivilDate,
    Instant,
    LocalTime,
    MissingLocalTime,
    instant_of,
    start_of_day,
)

_SATURDAY = 5


def days_between(first: CivilDate, last: CivilDate, on: Days = Days.EVERY_DAY) -> Iterator[CivilDate]:
    """The civil days of a rule from a first to a last, both included."""
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(days=number)
        if _is_counted(day, on):
            yield day


def count_instant(day: CivilDate, at: dt.time, zone: ZoneInfo) -> Instant:
    """The instant at which people are counted on a day.

    At midnight it is the first instant of the civil day. A local time that clocks skip is counted when they
    have gone on, one that they show twice the first time.
    """
    if at == dt.time(0):
        return start_of_day(day, zone)
    local = LocalTime(day, at)
    try:
        return instant_of(local, zone)
    except AmbiguousLocalTime as twice:
        return twice.earlier
    except MissingLocalTime as missing:
        return missing.later


def _is_counted(day: CivilDate, on: Days) -> bool:
    match on:
        case Days.EVERY_DAY:
            return True
        case Days.FIRST_OF_MONTH:
            return day.day == 1
        case Days.FIRST_OF_QUARTER:
            return day.day == 1 and day.month % 3 == 1
        case Days.LAST_WEEKDAY_OF_JUNE:
            return day == _last_weekday_of_june(day.year)


def _last_weekday_of_june(year: int) -> CivilDate:
    day = dt.date(year, 6, 30)
    while day.weekday() >= _SATURDAY:
        day -= dt.timedelta(days=1)
    return day
