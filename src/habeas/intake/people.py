"""One person's rows of all tables as events, and what else the audit asks of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from habeas.custody.coverage import Coverage
from habeas.custody.events import Event, Ref
from habeas.intake.accounts import Quarantined
from habeas.intake.cells import Point, Refused, name_of, shown_whole, when_of
from habeas.intake.mapping import Mapper, Told, span_cells
from habeas.intake.recipes.shape import Disagreement, Facility, Recipe, Spans, Table, Time
from habeas.intake.rowstore import KeptRow, RowStore
from habeas.intake.snapshots import Look, Snapshots
from habeas.intake.sources import Cell
from habeas.intake.times import look_of
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import Instant, When, earliest_of, latest_of


@dataclass(slots=True)
class PersonRows:
    """What the files tell of one person, as far as they tell people apart."""

    person: PersonId
    source: SourceRef
    """The first row that speaks of the person."""
    facility: Facility | None = None
    facility_text: str = ""
    events: dict[EventId, Event] = field(default_factory=dict[EventId, Event])
    labels: dict[Ref, str] = field(default_factory=dict[Ref, str])
    ends: dict[Ref, Instant] = field(default_factory=dict[Ref, Instant])
    """When the source's own row about a thing ends, at the latest."""
    words: dict[str, str] = field(default_factory=dict[str, str])
    """The source's own words for a request's ``form`` and ``lift_reason``."""
    set_aside: list[Quarantined] = field(default_factory=list[Quarantined])
    """Rows of this person that could not be read: then no list of theirs is complete."""
    clocks: dict[str, tuple[Instant, Instant]] = field(default_factory=dict[str, tuple[Instant, Instant]])
    """By disagreement: the first column's instant and the latest of the second."""
    declared: tuple[Coverage, ...] = ()
    """What is declared complete of this person alone."""
    odd: dict[str, str] = field(default_factory=dict[str, str])
    """By disagreement: what was found."""
    own_dates: dict[str, When | None] = field(default_factory=dict[str, "When | None"])
    """By booking: when the jail itself says that custody ends; None where that cannot be read."""


class _Seen(NamedTuple):
    """A row of spans, and the snapshots that bound it."""

    first: Look
    last: Look
    row: KeptRow


class _Island(NamedTuple):
    """Rows that neighbouring snapshots show, taken together."""

    nth: int
    first: Look
    last: Look
    row: KeptRow
    """The first of them."""


class Outcome(Protocol):
    """Told what became of each row when its person's turn came."""

    def told(self, row: KeptRow, told: Told) -> None:
        """It tells this by itself."""
        ...

    def refused(self, row: KeptRow, refused: Refused) -> Quarantined:
        """It cannot be read after all; gives the fault."""
        ...


class PeopleReader:
    """Makes each person's rows into events, once all rows and snapshots are known."""

    def __init__(self, recipe: Recipe, store: RowStore, mappers: Sequence[Mapper], outcome: Outcome) -> None:
        """Take the recipe, the rows, a mapper for each table, and whom to tell of each row."""
        self._outcome = outcome
        self._recipe = recipe
        self._store = store
        self._mappers = mappers
        self._tables = recipe.all_tables
        looks = store.looks()
        for place, mapper in enumerate(mappers):
            mapper.snapshots = Snapshots.of_table(looks.get(place, ()), looks.values(), mapper.zone)

    def people(self, *, by_name: bool) -> Iterator[PersonRows]:
        """Everybody whose rows changed, in order of their identity or of first appearance."""
        for person in self._store.people(by_name=by_name):
            yield self.person(person)

    def person(self, person: str) -> PersonRows:
        """One person's rows as events."""
        kept = list(self._store.rows_of(person))
        faults = list(self._store.faults(person))
        source = self._ref(kept[0]) if kept else SourceRef("", faults[0].file, faults[0].row)
        rows = PersonRows(PersonId(person), source, set_aside=faults)
        read = [row for row in kept if self._add_row(rows, row)]
        for place, table in enumerate(self._tables):
            for spans in table.spans:
                self._add_spans(rows, place, spans, [row for row in read if row.place == place])
        return rows

    def _ref(self, row: KeptRow) -> SourceRef:
        return SourceRef(row.digest, row.file, row.number, self._recipe.digest)

    def _add_row(self, rows: PersonRows, row: KeptRow) -> bool:
        """Add what a row tells by itself; False where it cannot be read."""
        mapper, table = self._mappers[row.place], self._tables[row.place]
        try:
            cells = with_looked_up(row.cells, self._recipe, table, self._store)
            told = mapper.told(cells, self._ref(row))
            self._add_own_date(rows, told, mapper, cells, table)
            ends = _row_end(mapper, cells, table.row_end)
            clocks = () if self._recipe.tables else tuple(_clocks(mapper, cells))
        except Refused as refused:
            rows.set_aside.append(self._outcome.refused(row, refused))
            return False
        self._outcome.told(row, told)
        self._add(rows, told, cells)
        if ends is not None and told.labels:
            rows.ends[next(iter(told.labels))] = ends
        for each, first, second in clocks:
            _compare(rows, each, first, second)
        return True

    def _add(self, rows: PersonRows, told: Told, cells: Mapping[str, Cell]) -> None:
        rows.facility = rows.facility or told.facility
        recipe = self._recipe
        if recipe.facilities is not None and not rows.facility_text:
            rows.facility_text = shown_whole(cells[recipe.facilities.columns[0]])
        for event in told.events:
            rows.events.setdefault(event.id, event)
        rows.labels.update(told.labels)
        for word, column in (("form", recipe.form), ("lift_reason", recipe.lift_reason)):
            if column:
                rows.words.setdefault(word, shown_whole(cells[column]))

    def _add_own_date(
        self, rows: PersonRows, told: Told, mapper: Mapper, cells: Mapping[str, Cell], table: Table
    ) -> None:
        compared = self._recipe.compared
        if compared is None or not self._recipe.compares(table):
            return
        try:
            own = when_of(compared, cells, Point(mapper.zone, "own date"))
        except Refused:
            own = None
        else:
            if own is None:
                return
        bookings = {event.subject.id for event in told.events if event.subject.collection == "booking"}
        rows.own_dates.update(dict.fromkeys(sorted(bookings), own))

    def _add_spans(self, rows: PersonRows, place: int, spans: Spans, kept: Sequence[KeptRow]) -> None:
        mapper = self._mappers[place]
        for island in self._islands(mapper, spans, kept):
            cells = span_cells(
                with_looked_up(island.row.cells, self._recipe, self._tables[place], self._store),
                island.nth,
                island.first,
                island.last,
            )
            try:
                told = mapper.told(cells, self._ref(island.row), spans.name)
            except Refused as refused:
                rows.set_aside.append(self._outcome.refused(island.row, refused))
                continue
            self._outcome.told(island.row, told)
            self._add(rows, told, cells)

    def _islands(self, mapper: Mapper, spans: Spans, kept: Sequence[KeptRow]) -> Iterator[_Island]:
        seen: dict[tuple[str, ...], list[_Seen]] = {}
        for row in kept:
            key = tuple(shown_whole(row.cells[column]) for column in spans.key)
            first = look_of(row.cells, spans.first, mapper.zone)
            last = look_of(row.cells, spans.last or spans.first, mapper.zone)
            seen.setdefault(key, []).append(_Seen(first, last, row))
        for rows in seen.values():
            snapshots = mapper.snapshots or Snapshots((), mapper.zone)
            yield from _merged(sorted(rows, key=lambda each: each.first.isoformat()), snapshots)


def _merged(rows: Iterable[_Seen], snapshots: Snapshots) -> Iterator[_Island]:
    held: _Island | None = None
    for each in rows:
        if held is not None and snapshots.neighbours(held.last, each.first):
            held = held._replace(last=max(held.last, each.last, key=lambda look: look.isoformat()))
            continue
        if held is not None:
            yield held
        held = _Island(1 if held is None else held.nth + 1, each.first, each.last, each.row)
    if held is not None:
        yield held


def with_looked_up(
    cells: Mapping[str, Cell], recipe: Recipe, table: Table, store: RowStore
) -> Mapping[str, Cell]:
    """A row with the columns that its table takes from another; blank where that row is not there.

    Raises:
        Refused: a column that names the other row is blank.
    """
    lookup = table.lookup
    if lookup is None:
        return cells
    place = next(at for at, each in enumerate(recipe.all_tables) if each.name == lookup.table)
    found = store.found(place, "/".join(name_of(cells, lookup.by)))
    if found is None:
        return {**cells, **dict.fromkeys(lookup.columns)}
    return {**cells, **{here: found.cells[there] for here, there in lookup.columns.items()}}


def _row_end(mapper: Mapper, cells: Mapping[str, Cell], time: Time | None) -> Instant | None:
    if time is None:
        return None
    end = when_of(time, cells, Point(mapper.zone, "row end"))
    return None if end is None else latest_of(end)


def _clocks(mapper: Mapper, cells: Mapping[str, Cell]) -> Iterator[tuple[Disagreement, Instant, Instant]]:
    """The two instants of each pair of columns that ought to agree."""
    for each in mapper.recipe.disagreements:
        point = Point(mapper.zone, each.name)
        pair = [when_of(Time(column=c, blank="skip"), cells, point) for c in (each.first, each.second)]
        first, second = pair
        if first is not None and second is not None:
            yield each, earliest_of(first), earliest_of(second)


def _compare(rows: PersonRows, each: Disagreement, first: Instant, second: Instant) -> None:
    if each.wrong == "second-before-first":
        if second < first:
            rows.odd[each.name] = each.says
        return
    _, latest = rows.clocks.get(each.name, (first, second))
    rows.clocks[each.name] = (first, max(second, latest))
    if rows.clocks[each.name][1] != first:
        rows.odd[each.name] = each.says
    else:
        rows.odd.pop(each.name, None)
