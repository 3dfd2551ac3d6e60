"""Whole files through a recipe: every row accepted, duplicate or quarantined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from habeas.custody.coverage import Coverage
from habeas.custody.events import Event
from habeas.intake.accounts import FileAccount, Quarantined, Reason
from habeas.intake.cells import Refused, name_of
from habeas.intake.declared import coverage_of
from habeas.intake.errors import UnreadableInput, UnreadableRecipe
from habeas.intake.mapping import Mapper, Told
from habeas.intake.people import PeopleReader, PersonRows, with_looked_up
from habeas.intake.recipes.shape import Claim, Recipe, Table, columns_of
from habeas.intake.rowstore import KeptRow, RowStore, Standing
from habeas.intake.sources import Cell, Row, Source, table_source
from habeas.intake.times import look_of
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import PersonId
from habeas.kernel.places import EVERYWHERE, PlaceId

__all__ = ["PersonRows", "Roster", "RosterReader", "read_roster", "sources_of"]

_EVERY = 1000


@dataclass(slots=True)
class Roster:
    """Everything that files told, and the account of their rows."""

    recipe: Recipe
    people: dict[PersonId, PersonRows] = field(default_factory=dict[PersonId, PersonRows])
    accounts: list[FileAccount] = field(default_factory=list[FileAccount])
    quarantined: list[Quarantined] = field(default_factory=list[Quarantined])
    nobodys: int = 0
    """Rows set aside that do not even say whose they are."""
    declared: tuple[Coverage, ...] = ()
    """What rows of the source declare complete."""
    unread: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    """Column and text of every code that the recipe has no word for, with how often it stood."""

    def coverage(self, rows: PersonRows, *, supposed: bool) -> tuple[Coverage, ...]:
        """What the source shows all there is of, about one person.

        Nothing, where a row of theirs was set aside.

        Args:
            rows: What is told of the person.
            supposed: Whether what the recipe only supposes counts too.
        """
        if rows.set_aside:
            return ()
        told = {event.kind for event in rows.events.values()}
        places = frozenset({PlaceId(self.recipe.place)}) if self.recipe.place else frozenset({EVERYWHERE})
        return (
            self.declared
            + rows.declared
            + tuple(
                Coverage(facts=frozenset(each.facts), places=places)
                for each in self.recipe.complete
                if (supposed or each.claim is Claim.DECLARED)
                and (not each.where_told or told & set(each.where_told))
            )
        )

    def declared_of_everybody(self) -> tuple[Coverage, ...]:
        """What the source declares complete, whoever the person is."""
        places = frozenset({PlaceId(self.recipe.place)}) if self.recipe.place else frozenset({EVERYWHERE})
        return self.declared + tuple(
            Coverage(facts=frozenset(each.facts), places=places)
            for each in self.recipe.complete
            if each.claim is Claim.DECLARED and not each.where_told
        )

    def told(self, rows: PersonRows, *, supposed: bool, labels: bool | None = None) -> tuple[Event, ...]:
        """The events of one person.

        Args:
            rows: What is told of the person.
            supposed: Whether events count that no row tells.
            labels: Whether events count that rest on nothing but a label of the source; left out,
                as `supposed`.
        """
        labels = supposed if labels is None else labels
        return tuple(
            event
            for event in rows.events.values()
            if (supposed or "supposed" not in event.raw_text) and (labels or "by_label" not in event.raw_text)
        )

    @property
    def suppositions(self) -> tuple[str, ...]:
        """What the recipe supposes of the source and nobody declared, in words."""
        complete = [each.says for each in self.recipe.complete if each.claim is Claim.SUPPOSED]
        told = [rule.supposed for rule in self.recipe.rules if rule.supposed]
        return tuple(dict.fromkeys([*complete, *told]))


class Missing(Refused):
    """A row names a row of another table that is not there."""


class RosterReader:
    """Reads sources row by row into a store, and gives them back one person at a time."""

    def __init__(
        self,
        recipe: Recipe,
        store: RowStore,
        *,
        is_place: Callable[[str], bool] = lambda _: True,
        run: int = 1,
    ) -> None:
        """Take the recipe, the store, a test of places, and the number of this import.

        Raises:
            UnreadableRecipe: the recipe leaves place and zone to whoever asks, and nobody said.
        """
        if not recipe.zone:
            message = f"{recipe.name}: expected the place whose records these are; give one with --law"
            raise UnreadableRecipe(message)
        self.recipe, self.store, self.run = recipe, store, run
        self.tables = recipe.all_tables
        self.mappers = [Mapper(recipe, is_place, table) for table in self.tables]
        self.unread: Counter[tuple[str, str]] = Counter()
        self._counts: dict[tuple[str, int], Counter[str]] = {}
        self._names: dict[tuple[str, int], str] = {}

    @staticmethod
    def store_for(recipe: Recipe, path: Path | None = None) -> RowStore:
        """A store for the rows of a recipe."""
        return RowStore([columns_of(recipe, table) for table in recipe.all_tables], path)

    def read(
        self, source: Source, table: Table, watch: Callable[[int], None], look: Callable[[Row], None]
    ) -> None:
        """Read one source as one table; the store is left uncommitted.

        Args:
            source: Where the rows are.
            table: Which table of the recipe they are.
            watch: Told now and then how many more rows were read.
            look: Shown every row, whatever becomes of it.

        Raises:
            UnreadableInput: it cannot be read at all.
            MissingExtra: it needs an extra that is not installed.
        """
        place = self.tables.index(table)
        counts = self._counts.setdefault((source.digest, place), Counter())
        self._names[source.digest, place] = source.name
        done = 0
        for done, row in enumerate(source.rows(), 1):
            look(row)
            counts.update(self._take(source, place, row))
            if done % _EVERY == 0:
                watch(_EVERY)
        watch(done % _EVERY)
        self.store.keep_file(source.digest, self.run)

    def people(self, *, by_name: bool = False) -> Iterator[PersonRows]:
        """Everybody whose rows changed, one at a time; only then are the accounts complete.

        Args:
            by_name: In order of their identity rather than of first appearance.
        """
        return PeopleReader(self.recipe, self.store, self.mappers, self).people(by_name=by_name)

    def told(self, row: KeptRow, told: Told) -> None:
        """Count what a row tells."""
        self.unread.update(told.unread)
        silent = not told.events and not self.tables[row.place].spans
        self._counts.get((row.digest, row.place), Counter())["silent"] += silent

    def refused(self, row: KeptRow, refused: Refused) -> Quarantined:
        """Set a row aside that was kept and cannot be read after all."""
        fault = _fault(SourceRef(row.digest, row.file, row.number), refused)
        self.store.forget(row)
        self.store.set_aside(fault, row.person if self.tables[row.place].person else "", self.run)
        counts = self._counts.get((row.digest, row.place), Counter())
        counts.update({"accepted": -1, "quarantined": 1})
        return fault

    def accounts(self) -> list[FileAccount]:
        """What became of the rows of each source, in the order read."""
        return [
            FileAccount(
                name=self._names[digest, place],
                digest=digest,
                rows=counts["rows"],
                accepted=counts["accepted"],
                duplicate=counts["duplicate"],
                quarantined=counts["quarantined"],
                silent=counts["silent"],
                corrected=counts["corrected"],
                table=self.tables[place].name if self.recipe.tables else "",
            )
            for (digest, place), counts in self._counts.items()
        ]

    def declared(self) -> tuple[Coverage, ...]:
        """What the rows declare complete."""
        return tuple(
            coverage_of(row.cells, self.recipe, SourceRef(row.digest, row.file, row.number))
            for row in self.store.rows_of("")
            if self.tables[row.place].declares
        )

    def _take(self, source: Source, place: int, row: Row) -> tuple[str, ...]:
        """Put one row where it belongs, and say what to count it as."""
        table = self.tables[place]
        ref = SourceRef(source.digest, source.name, row.number, self.recipe.digest)
        if row.fault is not None:
            return self._set_aside(place, row, ref, row.fault)
        try:
            person = self._whose(row.cells, place, ref)
            identity = (
                "/".join(name_of(row.cells, table.identity)) if table.identity else _own_name(source, row)
            )
        except Refused as refused:
            return self._set_aside(place, row, ref, _fault(ref, refused))
        kept = KeptRow(place, person, source.name, source.digest, row.number, row.cells)
        standing, file, number = self.store.keep(kept, identity, self.run)
        if standing is Standing.SAME:
            return ("rows", "duplicate")
        if standing is Standing.CONTRADICTS:
            expected = f"the same as {file}, row {number}, which bears the same identity"
            fault = _fault(ref, Refused(table.identity[0], expected, identity), Reason.CONTRADICTION)
            return self._set_aside(place, row, ref, fault)
        return ("rows", "accepted", *(["corrected"] if standing is Standing.CORRECTED else []))

    def _with_lookup(self, cells: Mapping[str, Cell], table: Table) -> Mapping[str, Cell]:
        if table.lookup is None:
            return cells
        found = with_looked_up(cells, self.recipe, table, self.store)
        if all(found[column] is None for column in table.lookup.columns):
            name = "/".join(name_of(cells, table.lookup.by))
            raise Missing(table.lookup.by[0], f"a row of the table [{table.lookup.table}]", name)
        return found

    def _whose(self, cells: Mapping[str, Cell], place: int, ref: SourceRef) -> str:
        """Whose row it is; empty where it speaks of nobody. Its snapshots are remembered.

        Raises:
            Refused: it does not say, or declares what cannot be declared.
        """
        table, mapper = self.tables[place], self.mappers[place]
        if table.declares:
            coverage_of(cells, self.recipe, ref)
            return ""
        person = ""
        if table.events or table.person:
            person = str(mapper.person_of(self._with_lookup(cells, table), ref))
        for column in table.snapshots:
            # A snapshot that an earlier import did not know can move any end that it only bounded.
            if self.store.keep_look(place, look_of(cells, column, mapper.zone)) and self.run > 1:
                self.store.touch_everybody()
        return person

    def _set_aside(self, place: int, row: Row, ref: SourceRef, fault: Quarantined) -> tuple[str, ...]:
        person: str | None = ""
        if self.tables[place].person or not row.cells:
            try:
                cells = self._with_lookup(row.cells, self.tables[place])
                person = str(self.mappers[place].person_of(cells, ref))
            except (Refused, KeyError):
                person = None
        self.store.set_aside(fault, person, self.run)
        return ("rows", "quarantined")


def _own_name(source: Source, row: Row) -> str:
    """The identity of a row of a source that numbers none: its place in the file."""
    return f"{source.digest}:{row.number}"


def _fault(ref: SourceRef, refused: Refused, reason: Reason = Reason.CELL) -> Quarantined:
    return Quarantined(
        file=ref.name,
        row=ref.row or 0,
        field=refused.column,
        expected=refused.expected,
        found=refused.found,
        reason=Reason.REFERENCE if isinstance(refused, Missing) else reason,
    )


def sources_of(paths: Sequence[Path], recipe: Recipe) -> list[tuple[Source, Table]]:
    """The files of a source with the table each holds, those first that others look up.

    Raises:
        UnreadableInput: a file is of none of the recipe's tables, or cannot be opened.
    """
    tables = recipe.all_tables
    found: list[tuple[Source, Table]] = []
    for path in paths:
        table = recipe.table_of(path.name)
        if table is None:
            names = ", ".join(name for each in tables for name in each.paths)
            raise UnreadableInput(path.name, f"a file of recipe [{recipe.name}]: {names}", "another name")
        found.append((table_source(path, recipe, table), table))
    return sorted(found, key=lambda pair: tables.index(pair[1]))


def read_roster(
    paths: Sequence[Path],
    recipe: Recipe,
    *,
    is_place: Callable[[str], bool] = lambda _: True,
    watch: Callable[[int], None] = lambda _: None,
) -> Roster:
    """Read files through a recipe, and keep all they tell in memory.

    Args:
        paths: Files of the source.
        recipe: How they are read.
        is_place: Whether the rulebook knows a place; rows of another are quarantined.
        watch: Told now and then how many rows were read.

    Raises:
        UnreadableInput: a file cannot be read at all.
        UnreadableRecipe: the recipe leaves the place to whoever asks, and nobody said.
        MissingExtra: a file needs an extra that is not installed.
    """
    roster = Roster(recipe)
    done = 0

    def more(rows: int) -> None:
        nonlocal done
        done += rows
        watch(done)

    with RosterReader.store_for(recipe) as store:
        reader = RosterReader(recipe, store, is_place=is_place)
        for source, table in sources_of(paths, recipe):
            reader.read(source, table, more, lambda _: None)
        roster.people = {each.person: each for each in reader.people() if is_somebody(each, recipe)}
        roster.accounts = reader.accounts()
        roster.quarantined = list(store.faults())
        roster.nobodys = store.nobodys()
        roster.declared = reader.declared()
        roster.unread = reader.unread
    return roster


def is_somebody(rows: PersonRows, recipe: Recipe) -> bool:
    """Whether anybody is left: where rows tell nobody apart, a row set aside was somebody's alone."""
    return bool(rows.events or not rows.set_aside or any(table.person for table in recipe.all_tables))
