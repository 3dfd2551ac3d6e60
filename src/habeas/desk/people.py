"""The people of a file: whoever it speaks of, ready to be asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo

from habeas.authority.inquiry import Inquiry, Regimen, fact_kinds
from habeas.custody.coverage import Coverage
from habeas.custody.events import Event
from habeas.custody.record import fold
from habeas.custody.setting import Setting
from habeas.kernel.identifiers import PersonId
from habeas.kernel.instants import Instant
from habeas.law.questions import Reading

LARGEST = 64 * 1024 * 1024
"""Bytes beyond which a file is no record of people that one answer needs."""


class UnreadableFile(ValueError):
    """A file that is not what was expected; the message says which, where and what to do."""


class UnknownPerson(LookupError):
    """A file speaks of no such person."""

    def __init__(self, person: str, known: tuple[str, ...]) -> None:
        """Show the name asked for and those nearest to it, or all where they are few."""
        near = get_close_matches(person, known, n=5, cutoff=0.4) or list(known[:5])
        more = f" and {len(known) - len(near)} more" if len(known) > len(near) else ""
        super().__init__(f"expected a person of the file ({'; '.join(near)}{more}), found [{person}]")


@dataclass(frozen=True, kw_only=True)
class PersonFile:
    """What a file says of one person, before any instant of knowledge is chosen."""

    person: PersonId
    zone: ZoneInfo
    """Of the place that first held the person; wall times without an offset are read in it."""
    events: tuple[Event, ...]
    coverage: tuple[Coverage, ...]
    setting: Setting
    regimen: Regimen = field(repr=False)

    def known_by_default(self, instant: Instant) -> Instant:
        """As known when, unless somebody says otherwise: at the instant asked about."""
        return instant

    def expunged(self, at: Instant | None = None) -> str | None:
        """The order by which what was recorded of an instant, or of any, was destroyed; a file has none."""
        del at
        return None

    @property
    def beside(self) -> tuple[str, ...]:
        """Rows about the person that could not be read, in words."""
        return ()

    def inquiry(
        self, *, facts_known_at: Instant, law_known_at: Instant, reading: Reading | None = None
    ) -> Inquiry:
        """All that is asked but the instant.

        Raises:
            UnknownReading: the reading names a question or alternative the rulebook lacks.
        """
        record = fold(
            self.events,
            known_at=facts_known_at,
            coverage=self.coverage,
            person=self.person,
            kinds=fact_kinds(self.regimen.rulebook.vocabulary),
        )
        return Inquiry(record, self.setting, self.regimen, law_known_at, dict(reading or {}))


def people_in(path: Path, regimen: Regimen, *, source_times: bool = False) -> Mapping[str, PersonFile]:
    """Everyone a file or ledger speaks of: a table in YAML, a record in JSON or JSON Lines, a folder.

    Args:
        path: The file, or the folder of a ledger.
        regimen: The rulebook under which they are asked about.
        source_times: Of a ledger: count something as known from when its source says it learned of it, not
            from when the ledger did.

    Raises:
        LedgerMisplaced: the folder holds no ledger.
        UnreadableFile: it cannot be opened, is empty, too large or no text, or has another suffix.
        UnreadableTable: the table has problems; all are carried, each with its line.
        UnreadableRecord: the record has problems.
    """
    if path.is_dir():
        from habeas.desk.kept import LedgerPeople  # noqa: PLC0415 - a ledger needs an extra
        from habeas.desk.ledgers import find  # noqa: PLC0415 - as above

        return LedgerPeople(find(path), regimen, source_times=source_times)
    text = text_of(path)
    if path.suffix in {".yaml", ".yml"}:
        return _of_table(text, path, regimen)
    if path.suffix in {".json", ".jsonl"}:
        return _of_record(text, path, regimen)
    expected = "expected a table (.yaml) or a record (.json, .jsonl)"
    raise UnreadableFile(f"{path.name}: {expected}, found [{path.suffix or 'no suffix'}]")


def person_in(people: Mapping[str, PersonFile], person: str) -> PersonFile:
    """One of them.

    Raises:
        UnknownPerson: none has that name.
    """
    if person not in people:
        raise UnknownPerson(person, tuple(people))
    return people[person]


def text_of(path: Path, largest: int = LARGEST) -> str:
    """The text of a file, read in bounded memory.

    Raises:
        UnreadableFile: it cannot be opened, is empty, too large or not UTF-8.
    """
    try:
        with path.open("rb") as opened:
            content = opened.read(largest + 1)
    except OSError as error:
        raise UnreadableFile(f"{path}: expected a readable file, found: {error.strerror}") from error
    if len(content) > largest:
        limit = f"expected at most {largest // 1024 // 1024} MiB of text"
        raise UnreadableFile(f"{path.name}: {limit}, found more; use `habeas audit` for whole rosters")
    if not content.strip():
        raise UnreadableFile(f"{path.name}: expected the events of at least one person, found an empty file")
    if b"\0" in content:
        raise UnreadableFile(f"{path.name}: expected text, found bytes of a binary file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFile(f"{path.name}:{line}: expected UTF-8 text, found byte {error.start}") from error


def _of_table(text: str, path: Path, regimen: Regimen) -> dict[str, PersonFile]:
    from habeas.wire.tables import read_table  # noqa: PLC0415 - a YAML parser is slow to import

    return {
        trial.name: PersonFile(
            person=PersonId(trial.name),
            zone=trial.zone,
            events=trial.events,
            coverage=trial.coverage,
            setting=trial.setting,
            regimen=regimen,
        )
        for trial in read_table(text, path.name, regimen)
    }


def _of_record(text: str, path: Path, regimen: Regimen) -> dict[str, PersonFile]:
    from habeas.wire.records import read_record  # noqa: PLC0415 - not needed for a table

    stated = read_record(text, path.name, lines=path.suffix == ".jsonl")
    places = regimen.rulebook.places
    people: dict[str, PersonFile] = {}
    for person in stated.people:
        told = stated.events_of(person)
        record = fold(told, known_at=max(event.known_at for event in told))
        where = next((span.place for span in record.spans if span.place is not None), None)
        if where is None:
            raise UnreadableFile(f"{path.name}: expected a place where [{person}] was held, found none")
        people[person] = PersonFile(
            person=person,
            zone=places.zone_of(where),
            events=told,
            coverage=stated.coverage,
            setting=regimen.setting().and_(stated.setting),
            regimen=regimen,
        )
    return people
