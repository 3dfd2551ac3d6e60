"""Sources imported into a ledger: every row ends accepted, duplicate or quarantined, all of it or none.

The bytes of each file are sealed under a key of the file's own, so that an order can destroy them without the
events that were read of other people. What a recipe only supposes, or reads off nothing but a label, is not
recorded: a ledger holds what papers say.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from habeas.authority.inquiry import Regimen, fact_kinds
from habeas.custody.events import Event
from habeas.desk.audit_people import people_of
from habeas.desk.clock import now
from habeas.desk.kept import Unread, kept_of
from habeas.desk.ledgers import FILE_IMPORTED, QUARANTINED, Identity, LedgerFolder
from habeas.desk.naming import names_of
from habeas.desk.recording import Receiving, Recorded, Told, record
from habeas.desk.whole_files import whole_file
from habeas.intake.accounts import FileAccount, Quarantined
from habeas.intake.people import PersonRows
from habeas.intake.recipes import Recipe
from habeas.intake.rosters import Roster
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import EventId, digest_of
from habeas.ledger.entries import Draft
from habeas.ledger.errors import Expunged
from habeas.ledger.ledger import EPOCH_LENGTH, Ledger

STREAM: Final = "files"
_ACCOUNTS: Final = "accounts"
_CHUNK: Final = 1 << 20
_LENGTH: Final = 4


class Imported(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The payload of ``FileImported``: what became of a file's rows."""

    name: str
    digest: str
    recipe: str
    place: str
    rows: int
    accepted: int
    duplicate: int
    quarantined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What to import, and how."""

    paths: Sequence[Path]
    recipe: Recipe
    """With its place and zone."""
    regimen: Regimen
    who: Identity


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of it."""

    recorded: Recorded
    files: tuple[Imported, ...]


def import_into(
    ledger: Ledger, folder: LedgerFolder, filing: Filing, watch: Callable[[int], None] = lambda _: None
) -> Filed:
    """Import files; the same ones again add nothing.

    Raises:
        UnreadableInput: a file cannot be read at all; nothing was recorded.
        MissingExtra: a file needs an extra that is not installed.
        LedgerError: it was not recorded.
        OSError: the folder cannot be written.
    """
    digests = {path: digest_of(path.read_bytes()) for path in filing.paths}
    before = {_name(each): each for each in imported(ledger)}
    recipe = filing.recipe
    again = [before.get((digest, recipe.digest, recipe.place)) for digest in digests.values()]
    if all(again):
        return Filed(Recorded(), tuple(_repeated(each) for each in again if each is not None))
    for path, digest in digests.items():
        _seal_file(ledger, folder, path, digest)
    places = filing.regimen.rulebook.places
    with people_of(
        filing.paths, recipe, place=None, is_place=lambda place: place in places, watch=watch
    ) as people:
        told = list(_told(ledger, people.roster, people.each()))
        roster = people.roster
    files = tuple(_account(each, recipe, before) for each in roster.accounts)
    more = [_file_draft(each, filing.who) for each in files if _name(each) not in before]
    known = {row for one in told for row in one.unread}
    faults = [_unread(each) for each in roster.quarantined]
    more += [_fault_draft(each, digests, filing.who) for each in faults if each not in known]
    kinds = fact_kinds(filing.regimen.rulebook.vocabulary)
    done = record(ledger, told, Receiving(who=filing.who, kinds=kinds), more)
    return Filed(done, files)


def imported(ledger: Ledger) -> Iterator[Imported]:
    """Every file ever imported, whose account can still be read."""
    for entry in ledger.stream(STREAM):
        if entry.header is not None and entry.read().kind == FILE_IMPORTED:
            yield msgspec.json.decode(ledger.payload(entry), type=Imported)


def file_path(folder: LedgerFolder, digest: str) -> Path:
    """Where a file's sealed bytes are."""
    return folder.files / f"{digest.partition(':')[2]}.sealed"


def file_bytes(ledger: Ledger, folder: LedgerFolder, digest: str) -> bytes:
    """The bytes of an imported file.

    Raises:
        Expunged: its key was destroyed by an order.
        UnknownKey: it was never imported.
        CannotOpen: it was changed.
    """
    key_id = ledger.keys.key_ids(STREAM).get(digest)
    if key_id is None:
        raise Expunged(f"file {digest}", "an order, or it was never imported")
    sealer = ledger.keys.sealer(key_id)
    made = bytearray()
    with file_path(folder, digest).open("rb") as file:
        number = 0
        while length := file.read(_LENGTH):
            made += sealer.open(file.read(int.from_bytes(length, "big")), _identity(digest, number))
            number += 1
    return bytes(made)


def _seal_file(ledger: Ledger, folder: LedgerFolder, path: Path, digest: str) -> None:
    target = file_path(folder, digest)
    if target.is_file():
        return
    (sealer,) = ledger.keys.sealers_for([(STREAM, digest)], now() // EPOCH_LENGTH)
    with path.open("rb") as source, whole_file(target) as file:
        number = 0
        while chunk := source.read(_CHUNK):
            sealed = sealer.seal(chunk, _identity(digest, number))
            file.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
            number += 1
    target.chmod(0o600)


def _identity(digest: str, number: int) -> bytes:
    return f"{digest}:{number}".encode()


def _told(ledger: Ledger, roster: Roster, people: Iterator[PersonRows]) -> Iterator[Told]:
    names = names_of(ledger)
    for rows in people:
        there = [
            each.event
            for pseudonym in names.of(rows.person)
            for each in kept_of(ledger, pseudonym.stream).events
        ]
        events = tuple(_corrected(roster.told(rows, supposed=False), there))
        unread = tuple(_unread(each) for each in rows.set_aside)
        yield Told(rows.person, events, roster.coverage(rows, supposed=False), (), unread)


def _corrected(events: Sequence[Event], there: Sequence[Event]) -> Iterator[Event]:
    """The events, each superseding what an earlier import said in its place and this one says no more.

    An event whose row is not in these files stays: a row that vanishes from a later list is no deletion.
    """
    superseded = {event.supersedes for event in there}
    by_id = {event.id: event for event in there}
    said = {event.id: _identity_now(event.id, by_id, superseded) for event in events}
    live: dict[str, list[EventId]] = {}
    for event in sorted(there, key=lambda each: each.order):
        if event.id not in said.values() and event.id not in superseded and event.source is not None:
            live.setdefault(_slot(event), []).append(event.id)
    for event in sorted(events, key=lambda each: each.order):
        name = said[event.id]
        if name in by_id:
            yield by_id[name]
            continue
        gone = live.get(_slot(event), [])
        yield replace(event, id=name, supersedes=gone.pop(0) if gone else None)


def _identity_now(name: EventId, there: Container[EventId], superseded: Container[EventId | None]) -> EventId:
    """Under which identity something said again stands: one that was superseded is never used twice."""
    number, found = 2, name
    while found in there and found in superseded:
        number, found = number + 1, EventId(f"{name}~{number}")
    return found


def _slot(event: Event) -> str:
    """What an event says of what: a correction of the same thing takes its place."""
    return f"{event.kind} {event.subject.collection} {event.subject.id} {','.join(sorted(event.terms))}"


def _name(file: Imported) -> tuple[str, str, str]:
    """What makes an import the same as another: the bytes, the recipe and the place."""
    return file.digest, file.recipe, file.place


def _account(
    account: FileAccount, recipe: Recipe, before: Mapping[tuple[str, str, str], Imported]
) -> Imported:
    known = before.get((account.digest, recipe.digest, recipe.place))
    if known is not None:
        return _repeated(known)
    return Imported(
        name=account.name,
        digest=account.digest,
        recipe=recipe.digest,
        place=recipe.place,
        rows=account.rows,
        accepted=account.accepted,
        duplicate=account.duplicate,
        quarantined=account.quarantined,
    )


def _repeated(before: Imported) -> Imported:
    """The account of a file that was imported before: what was accepted then is a duplicate now."""
    return msgspec.structs.replace(before, accepted=0, duplicate=before.accepted + before.duplicate)


def _unread(fault: Quarantined) -> Unread:
    return Unread(fault.file, fault.row, fault.field, fault.expected, fault.found, fault.reason.value)


def _file_draft(file: Imported, who: Identity) -> Draft:
    payload = msgspec.json.encode(file, order="sorted")
    source = SourceRef(file.digest, file.name, None, file.recipe)
    return _draft(FILE_IMPORTED, _ACCOUNTS, payload, who, source)


def _fault_draft(row: Unread, digests: Mapping[Path, str], who: Identity) -> Draft:
    """A row that does not even say whose it is; it goes with its file if that is destroyed."""
    digest = next((digest for path, digest in digests.items() if path.name == row.file), _ACCOUNTS)
    return _draft(QUARANTINED, digest, msgspec.json.encode(row, order="sorted"), who, None)


def _draft(kind: str, episode: str, payload: bytes, who: Identity, source: SourceRef | None) -> Draft:
    return Draft(
        stream=STREAM,
        episode=episode,
        kind=kind,
        schema_version=1,
        payload=payload,
        actor=who.actor,
        role=who.role,
        # Random: the digest of a row in a header could be guessed at by trying rows.
        idem=os.urandom(16).hex(),
        source=source,
    )
