"""Files as rows: CSV, JSON Lines and Parquet, one at a time and in bounded memory."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import IO, TypeAlias, cast

from habeas.intake.accounts import Quarantined
from habeas.intake.errors import UnreadableInput

Cell: TypeAlias = "str | int | float | bool | dt.datetime | dt.date | None"
"""What stands in a cell: text, or what a typed file says it is; None is blank."""

LONGEST_LINE = 1 << 20
"""Bytes in one line beyond which a file is no table of records."""
SHOWN = 60
"""Characters of a cell that a message shows."""
_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells, or why it has none."""

    number: int
    """One-based; the header is not counted."""
    cells: Mapping[str, Cell]
    fault: Quarantined | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file ready to be read."""

    path: Path
    digest: str
    """Of its bytes as they lie on the disk."""
    columns: tuple[str, ...]
    """The columns wanted of it."""
    encoding: str = "utf-8"

    def rows(self) -> Iterator[Row]:
        """Every row in order.

        Raises:
            UnreadableInput: it is empty, binary, truncated, wrongly encoded, has a line too long, or
                lacks a column or has one twice.
            MissingExtra: it is Parquet and the extra is not installed.
        """
        if _starts_with(self.path, _PARQUET):
            # Data frames are an extra and slow to import: only whoever reads Parquet pays.
            from habeas.intake.parquet import parquet_rows  # noqa: PLC0415

            yield from parquet_rows(self.path, self.columns)
        elif self.path.name.removesuffix(".gz").endswith(".parquet"):
            raise UnreadableInput(self.path.name, "a Parquet file", "another beginning; was it cut short?")
        elif self.path.name.removesuffix(".gz").endswith((".jsonl", ".ndjson")):
            yield from _json_rows(self)
        else:
            yield from _csv_rows(self)


def source_of(path: Path, columns: tuple[str, ...], encoding: str = "utf-8") -> Source:
    """A file, digested and ready to be read.

    Raises:
        UnreadableInput: it cannot be opened or is empty.
    """
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
    return Source(path, f"sha256:{digest.hexdigest()}", columns, encoding)


def shown(cell: Cell) -> str:
    """A cell as a message shows it: on one line, cut short."""
    text = "" if cell is None else " ".join(str(cell).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def require(file: str, wanted: tuple[str, ...], found: tuple[str, ...]) -> None:
    """Refuse a header that lacks a column or has one twice.

    Raises:
        UnreadableInput: naming every column at fault.
    """
    twice = sorted({name for name in found if found.count(name) > 1})
    if twice:
        raise UnreadableInput(file, "each column once", f"twice: {', '.join(twice)}")
    missing = [name for name in wanted if name not in found]
    if missing:
        near = {name: get_close_matches(name, found, n=1) for name in missing}
        hints = ", ".join(f"{name}{f' (nearest: {near[name][0]})' if near[name] else ''}" for name in missing)
        raise UnreadableInput(file, f"the columns {', '.join(wanted)}", f"none named {hints}")


def _starts_with(path: Path, magic: bytes) -> bool:
    with path.open("rb") as opened:
        return opened.read(len(magic)) == magic


def _csv_rows(source: Source) -> Iterator[Row]:
    name = source.path.name
    reader = csv.reader(_lines(source), strict=True)
    try:
        header = tuple(next(reader))
    except StopIteration as error:
        raise UnreadableInput(name, "rows under a header", "an empty file") from error
    except csv.Error as error:
        raise UnreadableInput(name, "a header of a table", str(error)) from error
    require(name, source.columns, header)
    for number, fields in _numbered(reader, name):
        if len(fields) == len(header):
            cells = dict(zip(header, fields, strict=True))
            yield Row(number, {column: cells[column] or None for column in source.columns})
        elif fields:
            found = f"{len(fields)} fields: {shown(','.join(fields))}"
            fault = Quarantined(
                file=name, row=number, field="", expected=f"{len(header)} fields", found=found
            )
            yield Row(number, {}, fault)


def _numbered(reader: Iterator[list[str]], name: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        number += 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableInput(name, "a row of a table", str(error), row=number) from error
        if fields:
            yield number, fields
        else:
            # A wholly blank line is no row; it is neither numbered nor counted.
            number -= 1


def _json_rows(source: Source) -> Iterator[Row]:
    name = source.path.name
    seen: set[str] = set()
    number = 0
    for line in _lines(source):
        if not line.strip():
            continue
        number += 1
        cells = _json_object(line)
        if isinstance(cells, str):
            fault = Quarantined(
                file=name, row=number, field="", expected="one JSON object on the line", found=cells
            )
            yield Row(number, {}, fault)
            continue
        seen |= cells.keys()
        yield Row(number, {column: _cell(cells.get(column)) for column in source.columns})
    missing = tuple(column for column in source.columns if column not in seen)
    if missing and seen:
        require(name, source.columns, tuple(seen))


def _json_object(line: str) -> dict[str, object] | str:
    """The object on a line, or what stands there instead."""
    try:
        pairs: object = json.loads(line, object_pairs_hook=_once)
    except ValueError as error:
        return shown(str(error))
    return cast("dict[str, object]", pairs) if isinstance(pairs, dict) else shown(line)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, (str, int, float, bool)):
        return None if value == "" else value
    return json.dumps(value, sort_keys=True)


def _lines(source: Source) -> Iterator[str]:
    """The lines of a text file, none longer than `LONGEST_LINE`, decoded strictly."""
    name = source.path.name
    encoding = "utf-8-sig" if source.encoding.lower() in {"utf-8", "utf8"} else source.encoding
    try:
        with _open(source.path) as stream:
            yield from _decoded(stream, name, encoding)
    except (EOFError, gzip.BadGzipFile) as error:
        raise UnreadableInput(name, "a whole gzip file", f"one cut short or damaged ({error})") from error
    except OSError as error:
        raise UnreadableInput(name, "a readable file", str(error.strerror or error)) from error


def _open(path: Path) -> IO[bytes]:
    if _starts_with(path, _GZIP):
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return path.open("rb")


def _decoded(stream: IO[bytes], name: str, encoding: str) -> Iterator[str]:
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if b"\0" in line:
            raise UnreadableInput(name, "text", "bytes of a binary file", row=number)
        if len(line) > LONGEST_LINE:
            raise UnreadableInput(name, f"lines of at most {LONGEST_LINE} bytes", "a longer one", row=number)
        try:
            # The mark that may open a file is no part of any later line.
            yield line.decode(encoding if number == 1 else encoding.removesuffix("-sig"))
        except UnicodeDecodeError as error:
            if b"\0" in stream.read(_CHUNK):
                raise UnreadableInput(name, "text", "bytes of a binary file", row=number) from error
            found = f"byte {line[error.start]:#04x} in column {error.start + 1} of line {number}"
            raise UnreadableInput(name, f"text in {source_name(encoding)}", found) from error


def source_name(encoding: str) -> str:
    """An encoding as people call it."""
    return encoding.removesuffix("-sig").upper()
