"""A file taken into a ledger: events as they are stated, with what it says of coverage and places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from habeas.authority.inquiry import Regimen, fact_kinds
from habeas.desk.ledgers import Identity
from habeas.desk.people import UnreadableFile, people_in, text_of
from habeas.desk.recording import Receiving, Recorded, Told, record
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import digest_of
from habeas.ledger.ledger import Ledger
from habeas.wire.records import read_record


def record_file(ledger: Ledger, path: Path, regimen: Regimen, who: Identity) -> Recorded:
    """Record what a table or a record says, all of it or none.

    Raises:
        UnreadableFile: it is a folder, cannot be opened, is empty, too large or no text.
        UnreadableTable: the table has problems; nothing was recorded.
        UnreadableRecord: the record has problems; nothing was recorded.
        EventConflicts: events stand there already and say something else.
        LedgerError: it was not recorded.
    """
    if path.is_dir():
        raise UnreadableFile(f"{path}: expected a table or a record, found a folder")
    told = list(_of_record(path) if path.suffix in {".json", ".jsonl"} else _of_table(path, regimen))
    source = SourceRef(digest_of(text_of(path).encode()), path.name)
    kinds = fact_kinds(regimen.rulebook.vocabulary)
    return record(ledger, told, Receiving(who=who, kinds=kinds, source=source))


def _of_record(path: Path) -> Iterator[Told]:
    """Each person of a record; what it says of coverage and places it says of all of them."""
    stated = read_record(text_of(path), path.name, lines=path.suffix == ".jsonl")
    for person in stated.people:
        yield Told(person, stated.events_of(person), stated.coverage, stated.setting)


def _of_table(path: Path, regimen: Regimen) -> Iterator[Told]:
    own = frozenset(regimen.setting().facts)
    for found in people_in(path, regimen).values():
        setting = tuple(each for each in found.setting.facts if each not in own)
        yield Told(found.person, found.events, found.coverage, setting)
