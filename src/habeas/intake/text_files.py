"""Text files as rows: CSV and JSON Lines, gzipped or not, in bounded memory."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from typing import IO, cast

from habeas.intake.accounts import Quarantined, Reason
from habeas.intake.errors import UnreadableInput
from habeas.intake.sources import Cell, Row, Source, layout, shown, starts_with

LONGEST_LINE = 1 << 20
"""Bytes in one line beyond which a file is no table of records."""
_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"


def csv_rows(source: Source) -> Iterator[Row]:
    """The rows of a CSV file, blank texts as None; a wholly blank line is no row.

    Raises:
        UnreadableInput: it is empty, binary, wrongly encoded, has a line too long or a quote that
            never ends, or lacks a column or has one twice.
    """
    name = source.path.name
    reader = csv.reader(_lines(source), strict=True)
    try:
        header = tuple(next(reader))
    except StopIteration as error:
        raise UnreadableInput(name, "rows under a header", "an empty file") from error
    except csv.Error as error:
        raise UnreadableInput(name, "a header of a table", str(error)) from error
    index = {column: at for at, column in enumerate(header)}
    places = {column: None if at is None else index[at] for column, at in layout(source, header).items()}
    for number, fields in _numbered(reader, name):
        if len(fields) == len(header):
            cells = {column: None if at is None else fields[at] or None for column, at in places.items()}
            yield Row(number, cells)
        elif fields:
            found = f"{len(fields)} fields: {shown(','.join(fields))}"
            yield Row(number, {}, _shapeless(name, number, f"{len(header)} fields", found))


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


def json_rows(source: Source) -> Iterator[Row]:
    """The rows of a JSON Lines file, one object a line; a blank line is no row.

    Raises:
        UnreadableInput: it is binary, wrongly encoded, has a line too long, or no row has a column.
    """
    name = source.path.name
    seen: set[str] = set()
    number = 0
    for line in _lines(source):
        if not line.strip():
            continue
        number += 1
        cells = _json_object(line)
        if isinstance(cells, str):
            yield Row(number, {}, _shapeless(name, number, "one JSON object on the line", cells))
            continue
        if not seen >= cells.keys():
            seen |= cells.keys()
            if source.header is not None:
                source.header.extend(cells)
        yield Row(number, {column: _cell(_named(cells, source, column)) for column in source.columns})
    if seen:
        layout(source, tuple(sorted(seen)))


def _named(cells: dict[str, object], source: Source, column: str) -> object:
    """What an object holds under a column's name, or under another name for it."""
    names = (column, *source.aliases.get(column, ()))
    return next((cells[name] for name in names if name in cells), None)


def _shapeless(name: str, number: int, expected: str, found: str) -> Quarantined:
    return Quarantined(file=name, row=number, field="", expected=expected, found=found, reason=Reason.SHAPE)


def _json_object(line: str) -> dict[str, object] | str:
    """The object on a line, or what stands there instead."""
    try:
        pairs: object = json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
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
        with source.path.open("rb") as raw, _unpacked(raw, source) as stream:
            for line in _decoded(stream, name, encoding):
                source.meter.done = raw.tell() if stream is not raw else source.meter.done + len(line)
                yield line
    except (EOFError, gzip.BadGzipFile) as error:
        raise UnreadableInput(name, "a whole gzip file", f"one cut short or damaged ({error})") from error
    except OSError as error:
        raise UnreadableInput(name, "a readable file", str(error.strerror or error)) from error


def _unpacked(raw: IO[bytes], source: Source) -> IO[bytes]:
    if starts_with(source.path, _GZIP):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
    return raw


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
