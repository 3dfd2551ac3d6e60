"""The people of a ledger, for an audit: what was recorded of each, known from when it was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from habeas.custody.setting import SettingFact
from habeas.desk.audit_people import People
from habeas.desk.kept import Kept, kept_of
from habeas.desk.ledgers import LedgerFolder, find, opened
from habeas.desk.naming import Names, names_of
from habeas.desk.orders import Action, standing_orders
from habeas.intake.accounts import FileAccount, Quarantined, Reason
from habeas.intake.people import PersonRows
from habeas.intake.recipes import Recipe
from habeas.intake.recorded import coverage_elsewhere, elsewhere
from habeas.intake.rosters import Roster
from habeas.invented.marker import is_marked
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import PersonId
from habeas.kernel.instants import FOREVER, Instant
from habeas.kernel.places import PlaceId
from habeas.ledger.ledger import Ledger

_NOW = Instant(FOREVER - 1)


def ledger_people(path: Path, place: PlaceId | None) -> People:
    """Everybody a ledger names and no order withholds, read one after another.

    Args:
        path: The ledger's folder.
        place: Under whose law they are put, if not where they were held.

    Raises:
        LedgerMisplaced: the folder holds no ledger.
        LedgerError: it cannot be read.
    """
    folder = find(path)
    with opened(folder) as ledger:
        names = names_of(ledger)
        setting = tuple(_setting(ledger, names))
        sealed = {
            stream
            for each in standing_orders(ledger)
            if each.action is Action.SEAL
            for stream in each.streams
        }
        invented = _invented(ledger, names)
    roster = Roster(_recipe(folder, invented=invented))
    shown = [name for name in sorted(names.people) if _is_shown(names, name, sealed)]
    return People(roster, setting, len(shown), lambda: _each(folder, names, shown, roster, place))


def is_invented(path: Path) -> bool:
    """Whether the people of a ledger bear the mark of invented ones."""
    with opened(find(path)) as ledger:
        return _invented(ledger, names_of(ledger))


def _is_shown(names: Names, name: str, sealed: set[str]) -> bool:
    """Whether somebody is shown under this name: not sealed, and not another's part of a merge."""
    person, streams = names.whole(name, _NOW)
    return person == name and not sealed & set(streams)


def _each(
    folder: LedgerFolder, names: Names, shown: list[str], roster: Roster, place: PlaceId | None
) -> Iterator[PersonRows]:
    events = 0
    with opened(folder) as ledger:
        head = ledger.store.head()
        for name in shown:
            kept = [kept_of(ledger, stream, head.size) for stream in names.whole(name, _NOW)[1]]
            rows = _rows(name, kept, place)
            events += len(rows.events)
            roster.quarantined += rows.set_aside
            yield rows
    quarantined = len(roster.quarantined)
    account = FileAccount(
        name=f"ledger {folder.origin}, {head.size} entries",
        digest=f"sha256:{head.tree().root().hex()}" if head.size else "",
        rows=events + quarantined,
        accepted=events,
        duplicate=0,
        quarantined=quarantined,
    )
    roster.accounts = [account]


def _rows(name: str, kept: list[Kept], place: PlaceId | None) -> PersonRows:
    person = PersonId(name)
    rows = PersonRows(person, SourceRef("", "ledger", None))
    for one in kept:
        for each in one.events:
            event = replace(each.event, person=person, known_at=each.recorded_at)
            rows.events[event.id] = event if place is None else elsewhere(event, place)
        declared = tuple(replace(each, known_at=at) for at, _, each in one.coverage)
        rows.declared += declared if place is None else coverage_elsewhere(declared)
        rows.set_aside += [
            Quarantined(
                file=each.file,
                row=each.row,
                field=each.field,
                expected=each.expected,
                found=each.found,
                reason=Reason(each.reason),
            )
            for _, each in one.unread
        ]
    return rows


def _setting(ledger: Ledger, names: Names) -> Iterator[SettingFact]:
    seen: set[SettingFact] = set()
    for name in names.people:
        for pseudonym in names.of(name):
            for at, _, fact in kept_of(ledger, pseudonym.stream).setting:
                if fact not in seen:
                    seen.add(fact)
                    yield replace(fact, known_at=at)


def _invented(ledger: Ledger, names: Names) -> bool:
    for name in names.people[:1]:
        for pseudonym in names.of(name):
            found = kept_of(ledger, pseudonym.stream).events
            return any(each.event.source is not None and is_marked(each.event.source.name) for each in found)
    return False


def _recipe(folder: LedgerFolder, *, invented: bool) -> Recipe:
    """What stands for a recipe: a ledger says all that a recipe would."""
    mark = "Invented people; nobody in it is real. " if invented else ""
    return Recipe(
        name="ledger",
        title=f"The ledger {folder.origin}",
        says=f"{mark}Events as they were recorded, known from when they were.",
        licence="as whoever keeps the ledger says",
        zone="UTC",
        kind="custody",
        invented=invented,
        text="habeas ledger",
    )
