"""Who stood on daily lists, as a population: one look a day, from the first list to the last.

Somebody on the list of a day is counted on that day. Between two lists nobody looked, so admissions and
releases here are first and last listings, and whoever came and went between two lists is not there.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from habeas.counts.held import Episode, Held, Looks, Population
from habeas.kernel.instants import FOREVER, CivilDate, Instant, start_of_day, zone
from habeas.kernel.intervals import Interval
from habeas.study.declared import Declared, UnreadableTable
from habeas.study.frames import Cell, digest_of_file, rows_of
from habeas.study.populations import Counted

LISTED = "first listed"
GONE = "no longer listed"


def listed_population(paths: Sequence[Path], declared: Declared) -> Counted:
    """The population that lists show.

    Raises:
        UnreadableTable: a file is no such table, or a row has no person or day.
        MissingExtra: the extra ``analysis`` is not installed.
    """
    where = zone(declared.zone)
    rows = [row for path in paths for row in _rows(path, declared)]
    if not rows:
        raise UnreadableTable(f"{paths[0].name}: expected at least one row, found none")
    first, last = min(row.first for row in rows), max(row.last for row in rows)
    begin, end = start_of_day(first, where), start_of_day(last + dt.timedelta(days=1), where)
    custodies: defaultdict[tuple[str, str], list[_Row]] = defaultdict(list)
    for row in rows:
        custodies[row.person, row.custody].append(row)
    episodes = [_episode(key, theirs, (first, last), declared, where) for key, theirs in custodies.items()]
    return Counted(
        population=Population(episodes, Interval(begin, end), where, Looks.SNAPSHOTS),
        title=declared.title,
        says=declared.says,
        invented=False,
        files={path.name: digest_of_file(path) for path in paths},
        set_aside=0,
        limits=tuple(declared.limits),
    )


class _Row:
    """One person on the lists of neighbouring days under one label."""

    __slots__ = ("custody", "first", "label", "last", "person")

    def __init__(self, person: str, custody: str, first: CivilDate, last: CivilDate, label: str) -> None:
        self.person, self.custody, self.first, self.last, self.label = person, custody, first, last, label


def _rows(path: Path, declared: Declared) -> list[_Row]:
    columns = list(
        dict.fromkeys([declared.person, *declared.custody, declared.first, declared.last, declared.label])
    )
    found: list[_Row] = []
    for number, row in enumerate(rows_of(path, columns), 1):
        cells = dict(zip(columns, row, strict=True))
        person = cells[declared.person]
        if person is None:
            raise UnreadableTable(
                f"{path.name}, row {number}, {declared.person}: expected a person, found nothing"
            )
        days = [_day(cells[name], path, number, name) for name in (declared.first, declared.last)]
        if days[1] < days[0]:
            expected = f"a day not before {days[0]}"
            raise UnreadableTable(
                f"{path.name}, row {number}, {declared.last}: expected {expected}, found {days[1]}"
            )
        custody = "/".join(str(cells[name]) for name in declared.custody)
        found.append(_Row(str(person), custody, days[0], days[1], str(cells[declared.label] or "")))
    return found


def _day(cell: Cell, path: Path, number: int, column: str) -> CivilDate:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    try:
        return dt.date.fromisoformat(str(cell))
    except ValueError as error:
        raise UnreadableTable(
            f"{path.name}, row {number}, {column}: expected a day, found [{cell}]"
        ) from error


def _episode(
    key: tuple[str, str],
    rows: list[_Row],
    ends: tuple[CivilDate, CivilDate],
    declared: Declared,
    where: ZoneInfo,
) -> Episode:
    """One admission; days between on whose lists the person does not stand are in none of its pieces."""
    run = sorted(rows, key=lambda row: (row.first, row.last))
    is_open = max(row.last for row in run) >= ends[1]
    pieces: list[Held] = []
    for row in run:
        start = start_of_day(row.first, where)
        end = start_of_day(row.last + dt.timedelta(days=1), where)
        shown = frozenset({f"label={row.label}", "custodian=county-jail", f"place={declared.place}"})
        pieces.append(Held(start, FOREVER if row.last >= ends[1] else Instant(end), shown))
    return Episode(
        person=key[0],
        id="/".join(key),
        held=tuple(pieces),
        began_by="" if run[0].first <= ends[0] else LISTED,
        ended_by="" if is_open else GONE,
    )
