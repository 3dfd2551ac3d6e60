"""Invent people and write them to a folder: their events, plain tables, and the key.

Every file is written whole or not at all, person after person, so the size of the population is
bounded by the disk and not by memory. The same request gives the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from habeas.desk.invented_tables import (
    COVERAGE_TABLE,
    KEY_TABLE,
    TABLES,
    Table,
    coverage_row,
    key_rows,
    rows_of,
)
from habeas.desk.whole_files import whole_file
from habeas.invented.key import Side, key_of
from habeas.invented.marker import MARK
from habeas.invented.population import InventedPerson, Population
from habeas.invented.teller import COUNTIES
from habeas.kernel.instants import Instant, zone
from habeas.wire.canonical import encoded
from habeas.wire.record_forms import RecordHead
from habeas.wire.records import Record, event_form, record_document

ZONE_NAME: Final = "America/New_York"
"""The zone of the fictional state, as its place file states it."""

EVENTS_FILE: Final = "events.jsonl"
"""The file of events, `habeas/record/1` as JSON Lines."""


@dataclass(slots=True)
class Invention:
    """What was written, in figures on invented people."""

    mark: str = MARK
    people: int = 0
    events: int = 0
    custodies: int = 0
    minutes_late: int = 0
    causes: dict[tuple[Side, str], int] = field(default_factory=dict[tuple[Side, str], int])
    """Rows of the key by side and cause."""
    files: tuple[str, ...] = ()

    def rows(self, side: Side) -> int:
        """Rows of the key on one side; a stretch with several causes has several."""
        return sum(number for (each, _), number in self.causes.items() if each is side)


Watcher = Callable[[int, int, Invention], None]
"""Told of people tried, of how many, and of what is written so far."""


def invent(population: Population, folder: Path, watch: Watcher | None = None) -> Invention:
    """Write a population to a folder, which is made if it is not there.

    Args:
        population: Whom to invent.
        folder: Where the files go; those of the same names are replaced once all are complete.
        watch: Told after each person.

    Raises:
        OSError: The folder cannot be made or written, or the disk is full; nothing is half written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = Invention()
    with ExitStack() as open_files:
        tables = {
            table.name: _Sheet(table, open_files.enter_context(whole_file(folder / f"{table.name}.csv")))
            for table in (*TABLES, COVERAGE_TABLE, KEY_TABLE)
        }
        tables[COVERAGE_TABLE.name].add(coverage_row(population.coverage, zone(ZONE_NAME)))
        events = open_files.enter_context(whole_file(folder / EVENTS_FILE))
        events.write(encoded(_head(population)))
        total, tried = len(COUNTIES) * population.courses, 0
        for county in COUNTIES:
            for number in range(population.courses):
                tried += 1
                person = population.person(county, number)
                if person.events:
                    _write(person, population.horizon, events, tables, made)
                if watch is not None:
                    watch(tried, total, made)
    made.files = (EVENTS_FILE, *(f"{name}.csv" for name in tables))
    return made


def _head(population: Population) -> RecordHead:
    document = record_document(Record(events=(), coverage=(population.coverage,)), ZONE_NAME)
    return RecordHead(zone=document.zone, coverage=document.coverage)


class _Sheet:
    """One table under way."""

    def __init__(self, table: Table, file: BinaryIO) -> None:
        self._columns, self._file = table.columns, file
        self._line(table.columns)

    def add(self, row: Mapping[str, str]) -> None:
        """Write a row; a column it does not have stays empty."""
        self._line([row.get(column, "") for column in self._columns])

    def _line(self, cells: Sequence[str]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerow(cells)
        self._file.write(text.getvalue().encode())


def _write(
    person: InventedPerson,
    horizon: Instant,
    events: BinaryIO,
    tables: Mapping[str, _Sheet],
    made: Invention,
) -> None:
    where = zone(ZONE_NAME)
    events.writelines(encoded(event_form(event, where)) for event in person.events)
    for name, row in rows_of(person, where):
        tables[name].add(row)
    key = key_of(person.events, horizon, stride=True)
    for row in key_rows(key, where):
        tables[KEY_TABLE.name].add(row)
    made.people += 1
    made.events += len(person.events)
    made.custodies += len({e.subject.id for e in person.events if e.kind in {"Arrested", "Admitted"}})
    for found in key:
        sort = (found.side, found.cause)
        made.causes[sort] = made.causes.get(sort, 0) + 1
        if found.side is Side.LATE:
            made.minutes_late += found.end - found.start
