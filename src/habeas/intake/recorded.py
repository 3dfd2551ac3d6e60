"""Records of people that habeas itself can read (`habeas/record/1`, JSON Lines) as the rows of an audit.

The lines of any number of people are sorted on disk by whose they are, so that each person is read
alone. One line is one row: accepted, duplicate, or set aside with a reason.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

import msgspec

from habeas.custody.coverage import Coverage
from habeas.custody.events import Event, Ref
from habeas.custody.setting import SettingFact
from habeas.intake.accounts import FileAccount, Quarantined, Reason
from habeas.intake.errors import UnreadableInput
from habeas.intake.people import PersonRows
from habeas.intake.recipes.shape import Recipe
from habeas.invented.marker import is_marked
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import PersonId, digest_of
from habeas.kernel.places import EVERYWHERE, PlaceId
from habeas.wire.records import Head, UnreadableRecord, read_event_line, read_head_line

LARGEST_LINE: Final = 4 * 1024 * 1024
"""Bytes of one line; longer ones are set aside, unread."""

_EVERY: Final = 1000
_TABLES: Final = """
create table line (
    person text not null, event text primary key, file text not null, number integer not null,
    content blob not null, text text not null) without rowid;
create index line_person on line (person, number);
create table fault (
    person text, file text, number integer, field text, expected text, found text, reason text);
"""


class _Whose(msgspec.Struct):
    """The two fields of a line that sorting needs."""

    id: str
    person: str


class RecordedPeople:
    """The people of record files, one at a time; a context manager that forgets what it sorted."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._sql = sqlite3.connect("", isolation_level=None)
        self._sql.execute("pragma journal_mode = off")
        self._sql.executescript(_TABLES)
        self._sql.execute("begin")
        self.coverage: tuple[Coverage, ...] = ()
        self.setting: tuple[SettingFact, ...] = ()
        self.accounts: list[FileAccount] = []
        self.invented = False
        self._read = 0

    def __enter__(self) -> Self:
        """The reader itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file in which the lines were sorted."""
        self._sql.close()

    def read(self, watch: Callable[[int], None] = lambda _: None) -> None:
        """Read every file.

        Args:
            watch: Told now and then how many lines were read.

        Raises:
            UnreadableInput: a file cannot be opened, or does not begin with the head of a record.
        """
        self._watch = watch
        for path in self._paths:
            counts: Counter[str] = Counter()
            head = _head_of(path)
            self.coverage += head.coverage
            self.setting += head.setting
            self.invented |= any(each.source and is_marked(each.source.name) for each in head.coverage)
            try:
                digest = self._lines(path, counts)
            except OSError as error:
                raise UnreadableInput(path.name, "a readable file", error.strerror or "") from error
            watch(self._read)
            self.accounts.append(
                FileAccount(
                    name=path.name,
                    digest=digest,
                    rows=counts.total(),
                    accepted=counts["accepted"],
                    duplicate=counts["duplicate"],
                    quarantined=counts["quarantined"],
                )
            )

    def recipe(self) -> Recipe:
        """What stands for a recipe: the form says all that a recipe would."""
        names = ", ".join(path.name for path in self._paths)
        mark = "Invented people; nobody in it is real. " if self.invented else ""
        return Recipe(
            name="record",
            title=f"Records of {names}",
            says=f"{mark}Events as habeas/record/1 states them, each with its own times and source.",
            licence="as whoever made the records says",
            zone="UTC",
            kind="custody",
            invented=self.invented,
            text="habeas/record/1",
        )

    @property
    def count(self) -> int:
        """How many people there are."""
        (found,) = self._sql.execute("select count(distinct person) from line").fetchone()
        return int(found)

    def people(self) -> Iterator[PersonRows]:
        """Everybody, in order of name."""
        rows = self._sql.execute("select person, file, number, text from line order by person, number")
        held: PersonRows | None = None
        for person, file, number, text in rows:
            if held is None or held.person != person:
                if held is not None:
                    yield held
                held = PersonRows(PersonId(person), SourceRef("", file, number))
                held.set_aside.extend(self.faults(person))
            event = read_event_line(text, f"{file}:{number}")
            held.events[event.id] = event
            held.labels.setdefault(Ref(*event.subject), _label(event))
        if held is not None:
            yield held

    def faults(self, person: str | None = None, most: int = -1) -> Iterator[Quarantined]:
        """Lines set aside, all or one person's.

        Args:
            person: Whose; everybody's where left out.
            most: How many at most; all where negative.
        """
        which = "" if person is None else "where person = ?"
        wanted = (most,) if person is None else (person, most)
        found = self._sql.execute(
            "select file, number, field, expected, found, reason from fault "  # noqa: S608 - one of two texts
            f"{which} order by file, number limit ?",
            wanted,
        )
        for file, number, field, expected, text, reason in found.fetchall():
            yield Quarantined(
                file=file, row=number, field=field, expected=expected, found=text, reason=Reason(reason)
            )

    @property
    def nobodys(self) -> int:
        """Lines set aside that do not say whose they are."""
        (found,) = self._sql.execute("select count(*) from fault where person is null").fetchone()
        return int(found)

    def _lines(self, path: Path, counts: Counter[str]) -> str:
        """Take every line but the first; the digest of the file."""
        hashed = sha256()
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(LARGEST_LINE + 1), b"")):
                hashed.update(line)
                if number and line.strip():
                    counts[self._take(path.name, number, line)] += 1
                self._read += 1
                if self._read % _EVERY == 0:
                    self._watch(self._read)
        return f"{digest_of(b'').partition(':')[0]}:{hashed.hexdigest()}"

    def _take(self, file: str, number: int, line: bytes) -> str:
        """Put one line where it belongs, and say where that is."""
        whose: _Whose | None = None
        if len(line) > LARGEST_LINE:
            says = f"a line of at most {LARGEST_LINE} bytes"
            return self._set_aside(None, (file, number), says, line, Reason.SHAPE)
        try:
            whose = msgspec.json.decode(line, type=_Whose)
            event = read_event_line(line.decode(), f"{file}:{number}")
        except (UnreadableRecord, msgspec.DecodeError, UnicodeDecodeError) as error:
            return self._set_aside(whose, (file, number), str(error), line, Reason.SHAPE)
        content = sha256(line.strip()).digest()[:16]
        before = self._sql.execute("select content from line where event = ?", (event.id,)).fetchone()
        if before is None:
            values = (event.person, event.id, file, number, content, line.decode())
            self._sql.execute("insert into line values (?, ?, ?, ?, ?, ?)", values)
            return "accepted"
        if before[0] == content:
            return "duplicate"
        says = f"the event [{event.id}] once; it stands already and says something else"
        return self._set_aside(whose, (file, number), says, line, Reason.CONTRADICTION)

    def _set_aside(
        self, whose: _Whose | None, where: tuple[str, int], expected: str, line: bytes, reason: Reason
    ) -> str:
        found = line[:60].decode("utf-8", "replace").strip()
        values = (whose.person if whose else None, *where, "", expected[:300], found, reason.value)
        self._sql.execute("insert into fault values (?, ?, ?, ?, ?, ?, ?)", values)
        return "quarantined"


def is_record(path: Path) -> bool:
    """Whether a file is to be read as `habeas/record/1` in JSON Lines."""
    if path.suffix != ".jsonl":
        return False
    try:
        _head_of(path)
    except UnreadableInput:
        return False
    return True


def are_invented(paths: Sequence[Path]) -> bool:
    """Whether the heads of record files say that their people are invented.

    Raises:
        UnreadableInput: a file cannot be opened, or does not begin with the head of a record.
    """
    return any(
        is_marked(each.source.name) for path in paths for each in _head_of(path).coverage if each.source
    )


def _head_of(path: Path) -> Head:
    """The head of a record file.

    Raises:
        UnreadableInput: it cannot be opened, or does not begin with one.
    """
    try:
        with path.open("rb") as file:
            return read_head_line(file.readline(LARGEST_LINE).decode("utf-8-sig"), path.name)
    except OSError as error:
        raise UnreadableInput(path.name, "a readable file", error.strerror or "") from error
    except (UnicodeDecodeError, UnreadableRecord) as error:
        expected = "JSON Lines that begin with the head of a habeas/record/1"
        raise UnreadableInput(path.name, expected, str(error)[:200]) from error


def elsewhere(event: Event, place: PlaceId) -> Event:
    """The same event, had it happened at another place: to decide people under another law."""
    if "place" not in event.terms:
        return event
    return replace(event, terms={**event.terms, "place": str(place)})


def coverage_elsewhere(coverage: Sequence[Coverage]) -> tuple[Coverage, ...]:
    """The same declarations wherever the people are put."""
    return tuple(replace(each, places=frozenset({EVERYWHERE})) for each in coverage)


def _label(event: Event) -> str:
    """The words by which a report names what an event is about."""
    words: Mapping[str, object] = event.terms
    names = ("form", "offence", "kind", "class")
    return next((str(words[name]) for name in names if isinstance(words.get(name), str)), event.subject.id)
