"""Cells as facts: times in the source's zone, and codes beside their own words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from habeas.custody.facts import FactKind, Term
from habeas.intake.recipes.shape import CodeTerm, Fold, Time
from habeas.intake.sources import Cell, shown
from habeas.kernel.evidence import UNMAPPED, UNSTATED
from habeas.kernel.instants import (
    AmbiguousLocalTime,
    Choice,
    CivilDate,
    Instant,
    MissingLocalTime,
    Precision,
    UncertainInstant,
    UnreadableInstant,
    When,
    day_of,
    earliest_of,
    instant_of_datetime,
    latest_of,
    parse_civil_date,
    parse_instant,
    parse_when,
)

A_TIME = "a local time such as 2017-03-04 10:00"
_DAY_LENGTH = len("2017-03-04")


class Refused(ValueError):
    """A cell that cannot be read as what the recipe says it is."""

    def __init__(self, column: str, expected: str, found: str) -> None:
        """Name the column, what was expected and what was found."""
        self.column, self.expected, self.found = column, expected, found
        super().__init__(f"{column}: expected {expected}, found [{found}]")


@dataclass(frozen=True, slots=True)
class Point:
    """Whose point in time it is, so that one unknown point keeps one identity."""

    zone: ZoneInfo
    key: str


def when_of(time: Time, cells: Mapping[str, Cell], point: Point) -> When | None:
    """The point in time that a row states; None where it is blank and may be.

    Raises:
        Refused: the cell is blank, no time, names two instants or none, or the end precedes the start.
    """
    if time.between:
        return _between(time, cells, point)
    cell = cells[time.column]
    if cell is None:
        if time.blank == "skip":
            return None
        raise Refused(time.column, A_TIME, "")
    return _read(time, time.column, cell, point)


def _between(time: Time, cells: Mapping[str, Cell], point: Point) -> When | None:
    first, second = time.between
    bounds = [
        when_of(Time(column=column, fold=time.fold, blank=time.blank), cells, point)
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


def _read(time: Time, column: str, cell: Cell, point: Point) -> When:
    key = f"{point.key}:{column}"
    try:
        if time.precision == "day":
            return day_of(_day(cell), point.zone, key)
        if isinstance(cell, dt.datetime) and cell.tzinfo is not None:
            return instant_of_datetime(cell)
        return parse_when(str(cell), point.zone, key)
    except (AmbiguousLocalTime, MissingLocalTime) as two:
        if time.fold is Fold.REFUSE:
            raise Refused(column, "a local time that names one instant", str(two)) from two
        if time.fold is not Fold.EITHER:
            choice: Choice = "earlier" if time.fold is Fold.EARLIER else "later"
            return parse_instant(str(cell), point.zone, choose=choice)
        after = Instant(max(two.earlier, two.later) + 1)
        return UncertainInstant(min(two.earlier, two.later), after, Precision.RANGE, key)
    except UnreadableInstant as error:
        raise Refused(column, A_TIME, shown(cell)) from error


def _day(cell: Cell) -> CivilDate:
    return parse_civil_date(str(cell)[:_DAY_LENGTH])


def term_of(term: CodeTerm, cells: Mapping[str, Cell], kind: FactKind | None, point: Point) -> Term | None:
    """What an event states of a fact; None where nothing is to be stated.

    Raises:
        Refused: the cell is no time, or no number.
    """
    if term.is_ is not None:
        return frozenset({str(term.is_)}) if kind is FactKind.SET else term.is_
    if term.time is not None:
        return when_of(term.time, cells, point)
    if term.join:
        return "/".join(name_of(cells, term.join))
    return _of_text(term, cells, kind)


def _of_text(term: CodeTerm, cells: Mapping[str, Cell], kind: FactKind | None) -> Term:
    text = shown_whole(cells[term.column])
    if not text:
        return _of_blank(term, cells) or UNSTATED
    if kind is FactKind.NUMBER and not term.codes:
        return _whole(term.column, text)
    code = text if term.raw else term.codes.get(text)
    if code is None:
        return UNMAPPED
    if kind is FactKind.SET:
        return frozenset({code})
    return code == "true" if kind is FactKind.BOOL else code


def _of_blank(term: CodeTerm, cells: Mapping[str, Cell]) -> str | None:
    if not term.blank_before:
        return None
    dated = shown_whole(cells[term.dated_by])[:_DAY_LENGTH]
    return next((period.code for period in term.blank_before if dated and dated < period.before), None)


def _whole(column: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Refused(column, "a whole number", shown(text)) from error


def name_of(cells: Mapping[str, Cell], columns: tuple[str, ...]) -> tuple[str, ...]:
    """What some columns together name.

    Raises:
        Refused: one of them is blank.
    """
    for column in columns:
        if cells[column] is None:
            raise Refused(column, "a name or number", "")
    return tuple(shown_whole(cells[column]) for column in columns)


def shown_whole(cell: Cell) -> str:
    """A cell's text, its spaces made single and its ends trimmed."""
    return "" if cell is None else " ".join(str(cell).split())
