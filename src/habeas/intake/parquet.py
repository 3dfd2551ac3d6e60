"""Parquet files as rows; needs the extra ``analysis``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from habeas.intake.errors import MissingExtra, UnreadableInput
from habeas.intake.sources import Cell, Row, require

if TYPE_CHECKING:
    import polars as pl

BATCH = 50_000
"""Rows held at once."""


def parquet_rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a Parquet file, blank texts as None.

    Raises:
        MissingExtra: polars is not installed.
        UnreadableInput: the file is cut short or damaged, or lacks a column.
    """
    try:
        import polars as pl  # noqa: PLC0415 - an extra, and 400 ms to import
        from polars.exceptions import PanicException, PolarsError  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtra(path.name) from error
    number = 0
    try:
        lazy = pl.scan_parquet(path)
        require(path.name, columns, tuple(lazy.collect_schema().names()))
        while True:
            frame = lazy.select(columns).slice(number, BATCH).collect()
            if frame.is_empty():
                return
            for cells in _rows(frame):
                number += 1
                yield Row(number, cells)
    # A damaged page makes the reader panic, which is no Exception.
    except (PolarsError, PanicException, OSError) as error:
        found = str(error).partition("\n")[0]
        raise UnreadableInput(
            path.name, "a whole Parquet file", f"one cut short or damaged ({found})"
        ) from error


def _rows(frame: pl.DataFrame) -> Iterator[dict[str, Cell]]:
    for cells in frame.iter_rows(named=True):
        yield {name: None if value == "" else value for name, value in cells.items()}
