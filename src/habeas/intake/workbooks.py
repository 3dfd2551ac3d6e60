"""Excel workbooks as rows; needs the extra ``excel``.

What a cell shows is what was last computed there. A formula that was never computed, or that failed,
states nothing that could be read; a cell merged with those of other rows does not say whether it
speaks of them all. Rows with either are set aside.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from habeas.intake.accounts import Quarantined, Reason
from habeas.intake.errors import MissingExtra, UnreadableInput
from habeas.intake.sources import Cell, Row, Source, layout, shown

LARGEST = 1 << 32
"""Bytes to which a workbook may unpack; beyond it, it is no workbook but a bomb."""
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_CHUNK = 1 << 20
_LETTERS = 26
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"})


def workbook_rows(source: Source) -> Iterator[Row]:
    """The rows of a sheet, blank texts as None; a wholly blank row is none.

    Raises:
        MissingExtra: openpyxl is not installed.
        UnreadableInput: the file is damaged, unpacks beyond `LARGEST`, or lacks the sheet or a column.
    """
    try:
        import openpyxl  # noqa: PLC0415 - an extra
        from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtra(source.name, "a workbook", "excel") from error
    try:
        _require_size(source)
        shows = openpyxl.load_workbook(source.path, read_only=True, data_only=True)
        sheet = _sheet(source, shows)
        xml = str(getattr(sheet, "_worksheet_path", ""))
        merged, has_formulas = _looked_through(source.path, xml)
        formulas = None
        if has_formulas:
            formulas = openpyxl.load_workbook(source.path, read_only=True)[sheet.title]
        yield from _rows(source, sheet, formulas, merged)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ParseError, ValueError, OSError) as error:
        if isinstance(error, UnreadableInput):
            raise
        found = f"one cut short or damaged ({shown(str(error))})"
        raise UnreadableInput(source.name, "a whole workbook", found) from error


def _require_size(source: Source) -> None:
    with zipfile.ZipFile(source.path) as parts:
        size = sum(part.file_size for part in parts.infolist())
    if size > LARGEST:
        raise UnreadableInput(source.name, f"at most {LARGEST} bytes when unpacked", str(size))


def _sheet(source: Source, book: Any) -> Any:
    names: list[str] = book.sheetnames
    wanted = source.sheet or names[0]
    if wanted not in names:
        raise UnreadableInput(source.name, f"a sheet named [{wanted}]", f"only {', '.join(names)}")
    sheet = book[wanted]
    # Some programs write too small a size of the sheet, and rows beyond it would be lost.
    sheet.reset_dimensions()
    return sheet


def _looked_through(path: Path, xml: str) -> tuple[frozenset[int], bool]:
    """The sheet's rows that hold a cell merged across rows, and whether it has formulas at all."""
    merged: set[int] = set()
    has_formulas = False
    with zipfile.ZipFile(path) as parts, parts.open(xml.lstrip("/")) as part:
        held = b""
        while chunk := part.read(_CHUNK):
            text = held + chunk
            has_formulas = has_formulas or _FORMULA.search(text) is not None
            for found in _MERGED.finditer(text):
                first, last = int(found[2]), int(found[4])
                if last > first:
                    merged.update(range(first, last + 1))
            held = text[-100:]
    return frozenset(merged), has_formulas


def _rows(source: Source, sheet: Any, formulas: Any, merged: frozenset[int]) -> Iterator[Row]:
    pairs = zip_longest(
        sheet.iter_rows(values_only=True), () if formulas is None else formulas.iter_rows(values_only=True)
    )
    places: Mapping[str, int | None] = {}
    number = 0
    for at, (values, written) in enumerate(pairs, 1):
        cells = list(values or ())
        if not places:
            places = _places(source, tuple("" if each is None else str(each).strip() for each in cells))
            continue
        if all(each is None or each == "" for each in cells):
            continue
        number += 1
        source.meter.done += 1
        fault = _fault(source, number, at in merged, cells, list(written or ()), places)
        found = {column: _cell(cells, place) for column, place in places.items()}
        yield Row(number, found, fault)
    if not places:
        raise UnreadableInput(source.name, "rows under a header", "an empty sheet")


def _places(source: Source, header: tuple[str, ...]) -> Mapping[str, int | None]:
    named = tuple(name for name in header if name)
    index = {name: at for at, name in enumerate(header)}
    found = layout(source, named)
    source.meter.total = 0
    return {column: None if at is None else index[at] for column, at in found.items()}


def _fault(
    source: Source,
    number: int,
    is_merged: bool,  # noqa: FBT001 - private, and named by its one caller's line
    cells: list[Any],
    written: list[Any],
    places: Mapping[str, int | None],
) -> Quarantined | None:
    """Why a row cannot be read as a row, if so."""
    if is_merged:
        return _shapeless(source, number, "", "a cell of its own in every column", "cells merged across rows")
    for column, place in places.items():
        if place is None:
            continue
        formula = str(written[place]) if place < len(written) else ""
        value = cells[place] if place < len(cells) else None
        if formula.startswith("=") and value is None:
            return _shapeless(
                source, number, column, "a value", f"a formula never computed: {shown(formula)}"
            )
        if isinstance(value, str) and value in _ERRORS:
            return _shapeless(source, number, column, "a value", value)
    return None


def _shapeless(source: Source, number: int, column: str, expected: str, found: str) -> Quarantined:
    return Quarantined(
        file=source.name, row=number, field=column, expected=expected, found=found, reason=Reason.SHAPE
    )


def _cell(cells: list[Any], place: int | None) -> Cell:
    if place is None or place >= len(cells):
        return None
    value = cells[place]
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        # A cell formatted as a date holds midnight; Excel knows no date without one.
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, (str, int, float, bool, dt.date)) else str(value)
