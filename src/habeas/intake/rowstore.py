"""Rows kept on disk by whose they are, so that any number can be read one person at a time.

The store is an SQLite file: rows come in the order of their files and leave grouped by person. It
also tells a row that was read before from one that is new, corrected or contradictory.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self, TypeAlias

import msgspec

from habeas.intake.accounts import Quarantined, Reason
from habeas.intake.snapshots import Look
from habeas.intake.sources import Cell

_TABLES = """
create table if not exists row (
    seq integer primary key, place integer not null, identity text not null, person text not null,
    file text not null, digest text not null, number integer not null, content blob not null,
    cells blob not null, run integer not null, unique (place, identity));
create index if not exists row_person on row (person, seq);
create table if not exists fault (
    seq integer primary key, person text, run integer not null, file text not null,
    number integer not null, field text not null, expected text not null, found text not null,
    reason text not null);
create index if not exists fault_person on fault (person) where person is not null;
create table if not exists look (place integer, look text, primary key (place, look)) without rowid;
create table if not exists touched (person text primary key) without rowid;
create table if not exists file (digest text primary key, run integer not null) without rowid;
create table if not exists fact (name text primary key, value text not null) without rowid;
create table if not exists told (
    event text primary key, made text not null, person text not null, slot text not null,
    run integer not null, dropped integer) without rowid;
create index if not exists told_person on told (person);
"""
_Plain: TypeAlias = str | int | float | bool | tuple[str, str] | None
_KEPT = "select place, person, file, digest, number, cells, seq from row"
_WORD = 1 << 63
"""Whole numbers beyond it are kept as text."""


class Standing(StrEnum):
    """What a row is beside those read before it."""

    NEW = "new"
    SAME = "same"
    CORRECTED = "corrected"
    """It replaces a row of an earlier import."""
    CONTRADICTS = "contradicts"
    """A row of this very import bears its identity and says something else."""


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row as it was kept."""

    place: int
    """Which table of the recipe, from 0."""
    person: str
    file: str
    digest: str
    """Of the file."""
    number: int
    cells: Mapping[str, Cell]
    seq: int = 0
    """Its place in the store; 0 before it is kept."""


class RowStore:
    """Rows, faults and snapshots of one source; a context manager that closes its file."""

    def __init__(self, columns: Sequence[Sequence[str]], path: Path | None = None) -> None:
        """Open the store.

        Args:
            columns: Of each table, the columns that are kept.
            path: Its file; left out, a temporary one that is gone when it is closed.
        """
        self._columns = [tuple(each) for each in columns]
        self._sql = sqlite3.connect("" if path is None else path, isolation_level=None)
        self._sql.execute("pragma journal_mode = " + ("off" if path is None else "wal"))
        self._sql.execute("pragma synchronous = " + ("off" if path is None else "full"))
        self._sql.executescript(_TABLES)
        self._sql.execute("begin")

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it; what was not committed is gone."""
        self._sql.close()

    def commit(self) -> None:
        """Make what was kept last."""
        self._sql.execute("commit")
        self._sql.execute("begin")

    def fact(self, name: str) -> str:
        """A text kept under a name; empty where there is none."""
        found = self._sql.execute("select value from fact where name = ?", (name,)).fetchone()
        return "" if found is None else str(found[0])

    def keep_fact(self, name: str, value: str) -> None:
        """Keep a text under a name."""
        self._sql.execute("insert or replace into fact values (?, ?)", (name, value))

    def keep_file(self, digest: str, run: int) -> None:
        """Remember that a file was read."""
        self._sql.execute("insert or ignore into file values (?, ?)", (digest, run))

    def keep(self, row: KeptRow, identity: str, run: int) -> tuple[Standing, str, int]:
        """Keep a row, unless one of its identity was read in this import.

        Returns:
            What it is, and the file and row of the one that was there before.
        """
        values = [row.cells[column] for column in self._columns[row.place]]
        cells = msgspec.msgpack.encode([_plain(value) for value in values])
        content = hashlib.sha256(cells).digest()[:16]
        before = self._sql.execute(
            "select content, run, file, number, person from row where place = ? and identity = ?",
            (row.place, identity),
        ).fetchone()
        fields = (row.place, identity, row.person, row.file, row.digest, row.number, content, cells, run)
        if before is None:
            self._insert(fields)
            self.touch(row.person)
            return Standing.NEW, "", 0
        if before[0] == content:
            return Standing.SAME, before[2], before[3]
        if before[1] == run:
            return Standing.CONTRADICTS, before[2], before[3]
        self._sql.execute("delete from row where place = ? and identity = ?", (row.place, identity))
        self._insert(fields)
        self.touch(row.person)
        self.touch(before[4])
        return Standing.CORRECTED, before[2], before[3]

    def _insert(self, fields: tuple[Any, ...]) -> None:
        self._sql.execute(
            "insert into row (place, identity, person, file, digest, number, content, cells, run) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            fields,
        )

    def touch(self, person: str) -> None:
        """Remember that what is told of a person may have changed; of nobody, nothing does."""
        if person:
            self._sql.execute("insert or ignore into touched values (?)", (person,))

    def touch_everybody(self) -> None:
        """Remember it of everybody whose rows are kept."""
        self._sql.execute("insert or ignore into touched select distinct person from row where person <> ''")

    def untouch(self) -> None:
        """Forget whose rows changed."""
        self._sql.execute("delete from touched")

    def found(self, place: int, identity: str) -> KeptRow | None:
        """The row of a table that bears an identity."""
        row = self._sql.execute(
            f"{_KEPT} where place = ? and identity = ?",
            (place, identity),
        ).fetchone()
        return None if row is None else self._kept(row)

    def forget(self, row: KeptRow) -> None:
        """Take a row out again that could not be read after all."""
        self._sql.execute("delete from row where seq = ?", (row.seq,))

    def set_aside(self, fault: Quarantined, person: str | None, run: int) -> None:
        """Keep a fault, and whose row it was if that can be told; empty where rows tell nobody apart."""
        self._sql.execute(
            "insert into fault (person, run, file, number, field, expected, found, reason) "
            "values (?, ?, ?, ?, ?, ?, ?, ?)",
            (person, run, fault.file, fault.row, fault.field, fault.expected, fault.found, fault.reason),
        )
        self.touch(person or "")

    def faults(self, person: str | None = None, run: int | None = None) -> Iterator[Quarantined]:
        """Every fault, of everybody or one person, of every import or one, in the order found."""
        query = (
            "select file, number, field, expected, found, reason from fault "
            "where (? is null or person = ?) and (? is null or run = ?) order by file, number, seq"
        )
        if person is not None:
            query = query.replace("(? is null or person = ?)", "(? is not null and person = ?)")
        for file, row, field, expected, found, reason in self._sql.execute(query, (person, person, run, run)):
            yield Quarantined(
                file=file, row=row, field=field, expected=expected, found=found, reason=Reason(reason)
            )

    def nobodys(self) -> int:
        """How many rows were set aside that do not say whose they are."""
        found = self._sql.execute("select count(*) from fault where person is null").fetchone()
        return int(found[0])

    def people(self, *, by_name: bool = False) -> Iterator[str]:
        """Everybody whose rows changed, in order of identity or of first appearance in the files."""
        query = "select person from touched order by person"
        if not by_name:
            query = (
                "select t.person from touched t left join row r on r.person = t.person "
                "group by t.person order by min(r.seq) is null, min(r.seq), t.person"
            )
        # Read whole: SQLite would show a reader the writes made while it reads.
        for (person,) in self._sql.execute(query).fetchall():
            yield person

    def count_people(self) -> int:
        """How many people's rows changed."""
        return int(self._sql.execute("select count(*) from touched").fetchone()[0])

    def rows_of(self, person: str) -> Iterator[KeptRow]:
        """The rows of one person, table by table, in the order of their files."""
        query = f"{_KEPT} where person = ? order by place, seq"
        return map(self._kept, self._sql.execute(query, (person,)).fetchall())

    def _kept(self, row: tuple[Any, ...]) -> KeptRow:
        place: int = row[0]
        _, person, file, digest, number, cells, seq = row
        plain: list[_Plain] = msgspec.msgpack.decode(cells, type=list[_Plain])
        values = map(_cell, plain)
        return KeptRow(
            place, person, file, digest, number, dict(zip(self._columns[place], values, strict=True)), seq
        )

    def keep_look(self, place: int, look: Look) -> bool:
        """Remember that a table names a snapshot; True if it was not known."""
        values = (place, look.isoformat())
        return self._sql.execute("insert or ignore into look values (?, ?)", values).rowcount == 1

    def looks(self) -> dict[int, list[Look]]:
        """The snapshots that each table names."""
        found: dict[int, list[Look]] = {}
        for place, text in self._sql.execute("select place, look from look order by look"):
            look = dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
            found.setdefault(place, []).append(look)
        return found

    def told_of(self, person: str) -> dict[str, tuple[str, str]]:
        """The events told of a person and not dropped since.

        Returns:
            By the identity that their rows make: the one they were told under, and the slot they fill.
        """
        found = self._sql.execute(
            "select made, event, slot from told where person = ? and dropped is null order by event",
            (person,),
        )
        return {made: (event, slot) for made, event, slot in found.fetchall()}

    def was_told(self, event: str) -> bool:
        """Whether an event of that identity was ever told, dropped or not."""
        return self._sql.execute("select 1 from told where event = ?", (event,)).fetchone() is not None

    def keep_told(self, event: str, made: str, whose: tuple[str, str], run: int) -> None:
        """Remember that an event was told, of which person and in which slot."""
        self._sql.execute("insert into told values (?, ?, ?, ?, ?, null)", (event, made, *whose, run))

    def drop(self, event: str, run: int) -> None:
        """Remember that an event was corrected or taken back."""
        self._sql.execute("update told set dropped = ? where event = ?", (run, event))


def _plain(value: object) -> object:
    """A cell as what MessagePack can hold: a time is a list of its kind and its text."""
    if isinstance(value, dt.datetime):
        return ["t", value.isoformat()]
    if isinstance(value, dt.date):
        return ["d", value.isoformat()]
    if isinstance(value, int) and not -_WORD <= value < _WORD:
        return str(value)
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _cell(value: _Plain) -> Cell:
    if not isinstance(value, tuple):
        return value
    kind, text = value
    return dt.datetime.fromisoformat(text) if kind == "t" else dt.date.fromisoformat(text)
