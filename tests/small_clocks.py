"""Clocks and circumstances for tests, in as few words as a table needs."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from habeas.kernel.calendars import Calendar
from habeas.kernel.instants import Instant, When, format_when, parse_instant, parse_when, zone
from habeas.law.calendars import calendar_of
from habeas.law.clocks import Circumstances, Grant
from habeas.law.enactments import Clock, ClockKind, Extension, Pause
from habeas.law.yaml_text import parse

EASTERN = zone("America/New_York")
CENTRAL = zone("America/Chicago")
PACIFIC = zone("America/Los_Angeles")

PAUSED = ("saturday", "sunday", "holiday")


@cache
def calendar(name: str = "us-federal") -> Calendar:
    """A calendar of the rulebook."""
    text = (files("habeas.rulebook") / "calendars" / f"{name}.yaml").read_text(encoding="utf-8")
    return calendar_of(parse(text, f"{name}.yaml"))


def clock(length: str = "48h", **more: Any) -> Clock:
    """A clock that runs unless told otherwise; `days="30d"` style lengths make it count civil days."""
    kind = more.pop("kind", ClockKind.CIVIL_DAYS if length.endswith("d") else ClockKind.ELAPSED)
    if "holiday" in (*more.get("excluded", ()), *more.get("roll_forward", ())):
        more.setdefault("holidays", "us-federal")
    return Clock(anchor="booking.arrested_at", cite="a test", length=length, kind=kind, **more)


def wall(length: str = "23:59", **more: Any) -> Clock:
    """A clock that runs out at a wall time."""
    return clock(length, kind=ClockKind.WALL, **more)


def extendable(length: str, each: str, most: int, **more: Any) -> Clock:
    """A clock with one kind of extension, called ``more``."""
    return clock(length, extensions=(Extension("more", each, most, cite="a grant"),), **more)


def pausable(length: str, **more: Any) -> Clock:
    """A clock that a pause can suspend."""
    return clock(length, pause=Pause("begins", "ends", "a pause"), **more)


def at(text: str, where: ZoneInfo = EASTERN) -> Instant:
    """A wall time."""
    return parse_instant(text, where)


def some_time(text: str, key: str = "x", where: ZoneInfo = EASTERN) -> When:
    """A wall time, or an unknown point of a civil day."""
    return parse_when(text, where, key)


def around(
    where: ZoneInfo = EASTERN,
    *,
    pauses: tuple[tuple[str, str | None], ...] = (),
    grants: tuple[str, ...] = (),
    resets: tuple[str, ...] = (),
    holidays: Calendar | None = None,
) -> Circumstances:
    """Circumstances in wall times; a bare date is an unknown point of that day."""

    def when(text: str, key: str) -> When:
        return some_time(text, key, where)

    return Circumstances(
        zone=where,
        calendar=holidays or calendar(),
        pauses=tuple(
            (when(begins, f"p{i}"), None if ends is None else when(ends, f"q{i}"))
            for i, (begins, ends) in enumerate(pauses)
        ),
        grants=tuple(Grant("more", when(text, f"g{i}")) for i, text in enumerate(grants)),
        resets=tuple(when(text, f"r{i}") for i, text in enumerate(resets)),
    )


def told(when: When, where: ZoneInfo = EASTERN) -> str:
    """A deadline as a person reads it."""
    return format_when(when, where)
