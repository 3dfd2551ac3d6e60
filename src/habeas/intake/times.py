"""Cells as points in time: stated, between two columns, or between two snapshots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from habeas.intake.errors import Refused
from habeas.intake.recipes.parts import Fold, Time
from habeas.intake.snapshots import Look, Snapshots
from habeas.intake.sources import Cell, shown
from habeas.kernel.instants import (
    AmbiguousLocalTime,
    Choice,
    Instant,
    LocalTime,
    MissingLocalTime,
    Precision,
    UncertainInstant,
    UnreadableInstant,
    When,
    day_of,
    earliest_of,
    instant_of,
    instant_of_datetime,
    latest_of,
    parse_civil_date,
    parse_instant,
    zone,
    zoned,
)

A_TIME = "a local time such as 2017-03-04 10:00"
A_SNAPSHOT = "a snapshot: a date or an instant"
_DAY_LENGTH = len("2017-03-04")
_HOURS = ("%H", "%I", "%X", "%c")


@dataclass(frozen=True, slots=True)
class Point:
    """Whose point in time it is, so that one unknown point keeps one identity."""

    zone: ZoneInfo
    key: str
    snapshots: Snapshots | None = None
    """The source's snapshots; None while they are still being read."""


def when_of(time: Time, cells: Mapping[str, Cell], point: Point) -> When | None:
    """The point in time that a row states; None where it is blank and may be.

    Raises:
        Refused: the cell is blank, no time, names two instants or none, or the end precedes the start.
    """
    if time.zone:
        point = Point(zone(time.zone), point.key, point.snapshots)
    if time.between:
        return _between(time, cells, point)
    if time.after or time.before:
        return _of_snapshots(time, cells, point)
    for column in (time.column, *time.otherwise):
        if cells[column] is not None:
            return _read(time, column, cells, point)
    if time.blank == "skip":
        return None
    raise Refused(time.column, A_TIME, "")


def _between(time: Time, cells: Mapping[str, Cell], point: Point) -> When | None:
    first, second = time.between
    bounds = [
        when_of(Time(column=column, fold=time.fold, blank=time.blank, format=time.format), cells, point)
        for column in time.between
    ]
    start, end = bounds
    if start is None or end is None:
        return None
    if latest_of(end) < earliest_of(start):
        raise Refused(second, f"a time at or after [{first}]", shown(cells[second]))
    key = f"{point.key}:{first}..{second}"
    after = Instant(latest_of(end) + 1)
    return UncertainInstant(earliest_of(start), after, Precision.RANGE, key)


def _of_snapshots(time: Time, cells: Mapping[str, Cell], point: Point) -> When | None:
    column = time.after or time.before
    look = look_of(cells, column, point.zone)
    named = "/".join(str(cells[name]) for name in time.point) or point.key
    known = point.snapshots if point.snapshots is not None else _none_known(point.zone)
    found = known.after(look, named) if time.after else known.before(look, named, anew=time.anew)
    if found is None or not time.not_before:
        return found
    floor = when_of(Time(column=time.not_before, fold=Fold.EARLIER, blank="skip"), cells, point)
    if floor is None or earliest_of(floor) <= found.earliest:
        return found
    if earliest_of(floor) >= found.latest:
        raise Refused(column, f"a snapshot not before [{time.not_before}]", shown(cells[column]))
    start = earliest_of(floor)
    return UncertainInstant(start, found.latest, Precision.SNAPSHOT, f"{named}:{start}..{found.latest}")


@cache
def _none_known(where: ZoneInfo) -> Snapshots:
    """No snapshots: what ended is then bounded on one side only."""
    return Snapshots((), where)


def look_of(cells: Mapping[str, Cell], column: str, where: ZoneInfo) -> Look:
    """The snapshot that a cell names: a civil day, or an instant.

    Raises:
        Refused: it is blank or names neither.
    """
    cell = cells[column]
    if isinstance(cell, dt.datetime):
        return cell if cell.tzinfo is not None else cell.replace(tzinfo=where)
    if isinstance(cell, dt.date):
        return cell
    text = "" if cell is None else str(cell).strip()
    try:
        if len(text) == _DAY_LENGTH:
            return parse_civil_date(text)
        return zoned(parse_instant(text, where), where)
    except UnreadableInstant as error:
        raise Refused(column, A_SNAPSHOT, shown(cell)) from error
    except (AmbiguousLocalTime, MissingLocalTime) as two:
        raise Refused(column, "a local time that names one instant", str(two)) from two


def _read(time: Time, column: str, cells: Mapping[str, Cell], point: Point) -> When:
    cell, key = cells[column], f"{point.key}:{column}"
    try:
        stated = _stated(time, cell, point.zone, key)
        if time.point and isinstance(stated, UncertainInstant):
            named = "/".join(str(cells[name]) for name in time.point)
            return replace(stated, key=f"{named}:{stated.earliest}..{stated.latest}")
        return stated  # noqa: TRY300 - what follows only reads what could not be read
    except (AmbiguousLocalTime, MissingLocalTime) as two:
        if time.fold is Fold.REFUSE:
            raise Refused(column, "a local time that names one instant", str(two)) from two
        if time.fold is not Fold.EITHER:
            choice: Choice = "earlier" if time.fold is Fold.EARLIER else "later"
            return instant_of(two.local, point.zone, choice)
        after = Instant(max(two.earlier, two.later) + 1)
        return UncertainInstant(min(two.earlier, two.later), after, Precision.RANGE, key)
    except UnreadableInstant as error:
        wanted = f"a time written as {time.format}" if time.format else A_TIME
        raise Refused(column, wanted, shown(cell)) from error


def _stated(time: Time, cell: Cell, where: ZoneInfo, key: str) -> When:
    if isinstance(cell, dt.datetime) and time.precision != "day":
        if cell.tzinfo is not None:
            return instant_of_datetime(cell)
        return _local(cell, where)
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        return day_of(cell, where, key)
    if time.format:
        return _formatted(time, str(cell).strip(), where, key)
    text = str(cell).strip()
    if time.precision == "day" or len(text) == _DAY_LENGTH:
        return day_of(parse_civil_date(text[:_DAY_LENGTH]), where, key)
    return parse_instant(text, where)


@lru_cache(maxsize=1024)
def _local(wall: dt.datetime, where: ZoneInfo) -> Instant:
    """The instant of a wall time; several rules ask one row for the same."""
    return instant_of(LocalTime(wall.date(), wall.time()), where)


def _formatted(time: Time, text: str, where: ZoneInfo, key: str) -> When:
    try:
        # The zone is put on by `instant_of`, which refuses what names two instants or none.
        found = dt.datetime.strptime(text, time.format)  # noqa: DTZ007
    except ValueError as error:
        raise UnreadableInstant(text, f"expected it written as {time.format}") from error
    if found.tzinfo is not None:
        return instant_of_datetime(found)
    if time.precision == "day" or not any(part in time.format for part in _HOURS):
        return day_of(found.date(), where, key)
    return instant_of(LocalTime(found.date(), found.time()), where)
