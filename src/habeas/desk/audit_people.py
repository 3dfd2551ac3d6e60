"""The people of an audit, one after another: from files through a recipe, or from records as they are."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from habeas.custody.setting import SettingFact
from habeas.intake.recipes import Recipe
from habeas.intake.recorded import RecordedPeople, coverage_elsewhere, elsewhere, is_record
from habeas.intake.rosters import PersonRows, Roster, RosterReader, is_somebody, sources_of
from habeas.kernel.places import PlaceId

MOST_FAULTS: Final = 1000
"""Rows set aside that a report lists one by one; all are counted."""


@dataclass(frozen=True, slots=True)
class People:
    """Whoever some files speak of, and the account of their rows."""

    roster: Roster
    """Recipe, accounts and declarations; its own list of people is empty."""
    setting: tuple[SettingFact, ...]
    count: int
    each: Callable[[], Iterator[PersonRows]]
    """Goes through all of them in order of name, once; then the roster's accounts are complete."""


def are_records(paths: Sequence[Path]) -> bool:
    """Whether files hold `habeas/record/1`, which needs no recipe."""
    return bool(paths) and all(is_record(path) for path in paths)


@contextmanager
def people_of(
    paths: Sequence[Path],
    recipe: Recipe | None,
    *,
    place: PlaceId | None,
    is_place: Callable[[str], bool],
    watch: Callable[[int], None],
) -> Generator[People]:
    """Read every row, then give the people one at a time in bounded memory.

    Args:
        paths: The files.
        recipe: How they are read, already placed; None for `habeas/record/1`.
        place: Under whose law people of such records are put, if not where they were held.
        is_place: Whether the rulebook knows a place.
        watch: Told now and then how many rows were read.

    Raises:
        UnreadableInput: a file cannot be read at all.
        UnreadableRecipe: the recipe leaves the place to whoever asks, and nobody said.
        MissingExtra: a file needs an extra that is not installed.
    """
    if len(paths) == 1 and paths[0].is_dir():
        from habeas.desk.audit_ledger import ledger_people  # noqa: PLC0415 - a ledger needs an extra

        yield ledger_people(paths[0], place)
    elif recipe is None:
        with RecordedPeople(paths) as recorded:
            recorded.read(watch)
            yield _recorded(recorded, place)
    else:
        with RosterReader.store_for(recipe) as store:
            reader = RosterReader(recipe, store, is_place=is_place)
            roster = Roster(recipe)
            done = 0

            def more(rows: int) -> None:
                nonlocal done
                done += rows
                watch(done)

            for source, table in sources_of(paths, recipe):
                reader.read(source, table, more, lambda _: None)
            roster.declared = reader.declared()
            yield People(roster, (), sum(1 for _ in store.people()), lambda: _read(roster, reader))


def _read(roster: Roster, reader: RosterReader) -> Iterator[PersonRows]:
    """Everybody in order of name; afterwards the account of the rows is complete."""
    for rows in reader.people(by_name=True):
        if is_somebody(rows, roster.recipe):
            yield rows
    roster.accounts = reader.accounts()
    roster.quarantined = list(islice(reader.store.faults(), MOST_FAULTS))
    roster.nobodys = reader.store.nobodys()
    roster.unread = reader.unread


def _recorded(recorded: RecordedPeople, place: PlaceId | None) -> People:
    roster = Roster(recorded.recipe(), accounts=recorded.accounts, nobodys=recorded.nobodys)
    roster.quarantined = list(recorded.faults(most=MOST_FAULTS))
    roster.declared = recorded.coverage if place is None else coverage_elsewhere(recorded.coverage)

    def each() -> Iterator[PersonRows]:
        for rows in recorded.people():
            yield rows if place is None else _put(rows, place)

    return People(roster, recorded.setting, recorded.count, each)


def _put(rows: PersonRows, place: PlaceId) -> PersonRows:
    events = {name: elsewhere(event, place) for name, event in rows.events.items()}
    return replace(rows, events=events)
