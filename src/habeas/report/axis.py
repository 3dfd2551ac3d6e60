"""A labelled axis of civil time: midnights of the facility's zone, never of the machine's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from habeas.kernel.instants import (
    BEGINNING,
    DAY,
    FOREVER,
    HOUR,
    MINUTE,
    Instant,
    civil_date_of,
    start_of_day,
    zoned,
)

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_STEPS = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728, 1820)
"""Days between two labels; from seven on they fall on Mondays."""
_MONDAY = dt.date(1, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled civil day."""

    at: Instant
    label: str
    """``Mon 6 Mar``, with the year on the first label and wherever it changes."""


def ticks(start: Instant, end: Instant, zone: ZoneInfo, most: int) -> tuple[Tick, ...]:
    """Midnights between two instants, no more of them than asked, evenly spaced in days."""
    first, last = civil_date_of(start, zone), civil_date_of(end, zone)
    days = max((last - first).days, 1)
    step = next((each for each in _STEPS if days / each <= most), _STEPS[-1])
    return tuple(_labelled(_midnights(first, last, step), start, end, zone))


def _midnights(first: dt.date, last: dt.date, step: int) -> Iterator[dt.date]:
    offset = (first.toordinal() - _MONDAY) % step if step >= 7 else 0
    day = first - dt.timedelta(days=offset)
    while day <= last:
        yield day
        day += dt.timedelta(days=step)


def _labelled(days: Iterator[dt.date], start: Instant, end: Instant, zone: ZoneInfo) -> Iterator[Tick]:
    year = 0
    for day in days:
        at = start_of_day(day, zone)
        if start <= at < end:
            shown = f" {day.year}" if day.year != year else ""
            year = day.year
            yield Tick(at, day_text(day) + shown)


def day_text(day: dt.date) -> str:
    """``Mon 6 Mar``, the same on every machine."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def moment_text(at: Instant, zone: ZoneInfo) -> str:
    """``Sat 4 Mar 10:00``; seconds only where they are not zero; an open end says so."""
    if at >= FOREVER or at <= BEGINNING:
        return "no end set" if at >= FOREVER else "always"
    moment = zoned(at, zone)
    clock = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    return f"{day_text(moment.date())} {clock}"


def dated_text(at: Instant, zone: ZoneInfo) -> str:
    """``Sat 4 Mar 2017 10:00 EST (UTC-05:00)``: complete, for tables and sentences."""
    if at >= FOREVER or at <= BEGINNING:
        return "no end set" if at >= FOREVER else "always"
    moment = zoned(at, zone)
    clock = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    return f"{day_text(moment.date())} {moment.year} {clock} {offset_text(at, zone)}"


def offset_text(at: Instant, zone: ZoneInfo) -> str:
    """``EST (UTC-05:00)``."""
    moment = zoned(at, zone)
    name, offset = moment.tzname() or "", moment.strftime("%z")
    shown = f"UTC{offset[:3]}:{offset[3:5]}"
    return shown if name[:1] in {"+", "-", ""} else f"{name} ({shown})"


def zone_text(start: Instant, end: Instant, zone: ZoneInfo) -> str:
    """The zone and its offset over a stretch, with the change of clocks inside it if there is one."""
    one, two = offset_text(start, zone), offset_text(Instant(end - 1), zone)
    return f"{zone.key}, {one}" if one == two else f"{zone.key}, {one}, later {two}"


def length_text(microseconds: int) -> str:
    """``4 d 2 h 5 m``: elapsed time in days of 24 hours, hours and minutes; what is zero is left out."""
    if 0 < microseconds < MINUTE:
        return "less than 1 m"
    days, rest = divmod(microseconds, DAY)
    hours, rest = divmod(rest, HOUR)
    amounts = ((days, "d"), (hours, "h"), (rest // MINUTE, "m"))
    return " ".join(f"{amount} {unit}" for amount, unit in amounts if amount) or "0 m"
