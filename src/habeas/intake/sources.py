"""Sources as rows: text files, Parquet, workbooks and databases, a row at a time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias

from habeas.intake.accounts import Quarantined
from habeas.intake.errors import UnreadableInput
from habeas.intake.recipes.shape import Recipe, Table, columns_of

Cell: TypeAlias = "str | int | float | bool | dt.datetime | dt.date | None"
"""What stands in a cell: text, or what a typed file says it is; None is blank."""

SHOWN = 60
"""Characters of a cell that a message shows."""
_CHUNK = 1 << 20
_PARQUET = b"PAR1"
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells, or why it has none."""

    number: int
    """One-based; the header is not counted."""
    cells: Mapping[str, Cell]
    fault: Quarantined | None = None


@dataclass(slots=True)
class Meter:
    """How much of a source was read, in whatever its reader counts: bytes or rows."""

    total: int = 0
    """0 where it is not known beforehand."""
    done: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A file or a query ready to be read."""

    path: Path
    digest: str
    """Of its bytes as they lie on the disk; of a query, of its text."""
    columns: tuple[str, ...]
    """The columns wanted of it."""
    encoding: str = "utf-8"
    optional: frozenset[str] = frozenset()
    """Of those, the columns it may lack."""
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Other names for a column."""
    sheet: str = ""
    """Of a workbook."""
    url: str = ""
    """Of a database."""
    query: str = ""
    meter: Meter = field(default_factory=Meter, compare=False)
    header: list[str] | None = field(default=None, compare=False)
    """Where to note the names of all its columns, for whoever asks."""

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.path.name

    def rows(self) -> Iterator[Row]:
        """Every row in order.

        Raises:
            UnreadableInput: it is empty, binary, truncated, wrongly encoded, has a line too long, or
                lacks a column or has one twice.
            MissingExtra: it needs an extra that is not installed.
        """
        # Each reader is imported when a source of its kind is read: data frames, workbooks and
        # databases are extras, and slow to import.
        stem = self.name.removesuffix(".gz").lower()
        if self.url:
            from habeas.intake.databases import query_rows  # noqa: PLC0415 - an extra, slow to import

            yield from query_rows(self)
        elif starts_with(self.path, _PARQUET):
            from habeas.intake.parquet import parquet_rows  # noqa: PLC0415 - an extra, slow to import

            yield from parquet_rows(self)
        elif stem.endswith(".parquet"):
            raise UnreadableInput(self.name, "a Parquet file", "another beginning; was it cut short?")
        elif stem.endswith((".xlsx", ".xlsm")) or starts_with(self.path, _ZIP):
            from habeas.intake.workbooks import workbook_rows  # noqa: PLC0415 - an extra, slow to import

            yield from workbook_rows(self)
        else:
            from habeas.intake.text_files import csv_rows, json_rows  # noqa: PLC0415 - not for tables of frames

            yield from json_rows(self) if stem.endswith((".jsonl", ".ndjson")) else csv_rows(self)


def source_of(path: Path, columns: tuple[str, ...], encoding: str = "utf-8") -> Source:
    """A file, digested and ready to be read for these columns.

    Raises:
        UnreadableInput: it cannot be opened or is empty.
    """
    digest, size = _digest(path)
    return Source(path, digest, columns, encoding, meter=Meter(size))


def table_source(path: Path, recipe: Recipe, table: Table) -> Source:
    """A file of one table of a recipe, digested and ready to be read.

    Raises:
        UnreadableInput: it cannot be opened or is empty.
    """
    digest, size = _digest(path)
    return Source(
        path,
        digest,
        columns_of(recipe, table),
        recipe.encoding,
        frozenset(table.optional),
        recipe.aliases,
        sheet=table.sheet,
        meter=Meter(size),
    )


def _digest(path: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as opened:
            while chunk := opened.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise UnreadableInput(path.name, "a readable file", str(error.strerror)) from error
    if size == 0:
        raise UnreadableInput(path.name, "rows under a header", "an empty file")
    return f"sha256:{digest.hexdigest()}", size


def shown(cell: Cell) -> str:
    """A cell as a message shows it: on one line, cut short."""
    text = "" if cell is None else " ".join(str(cell).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def layout(source: Source, found: tuple[str, ...]) -> Mapping[str, str | None]:
    """By column wanted: the header under which it stands, or None where it may be missing and is.

    Raises:
        UnreadableInput: the header lacks a column that is wanted, or has one twice, naming every
            column at fault.
    """
    if source.header is not None:
        source.header.extend(found)
    twice = sorted({name for name in found if found.count(name) > 1})
    if twice:
        raise UnreadableInput(source.name, "each column once", f"twice: {', '.join(twice)}")
    placed: dict[str, str | None] = {}
    for column in source.columns:
        names = [name for name in (column, *source.aliases.get(column, ())) if name in found]
        if len(names) > 1:
            expected = f"[{column}] under one name"
            raise UnreadableInput(source.name, expected, f"it under {' and '.join(names)}")
        placed[column] = names[0] if names else None
    missing = [name for name, at in placed.items() if at is None and name not in source.optional]
    if missing:
        near = {name: get_close_matches(name, found, n=1) for name in missing}
        hints = ", ".join(f"{name}{f' (nearest: {near[name][0]})' if near[name] else ''}" for name in missing)
        wanted = ", ".join(name for name in source.columns if name not in source.optional)
        raise UnreadableInput(source.name, f"the columns {wanted}", f"none named {hints}")
    return placed


def starts_with(path: Path, magic: bytes) -> bool:
    """Whether a file begins with these bytes."""
    with path.open("rb") as opened:
        return opened.read(len(magic)) == magic
