"""Parquet files as rows; needs the extra ``analysis``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from habeas.intake.errors import MissingExtra, UnreadableInput
from habeas.intake.sources import Row, Source, layout

if TYPE_CHECKING:
    import polars as pl

BATCH = 50_000
"""Rows held at once."""


def parquet_rows(source: Source) -> Iterator[Row]:
    """The rows of a Parquet file, blank texts as None.

    Raises:
        MissingExtra: polars is not installed.
        UnreadableInput: the file is cut short or damaged, lacks a column, or holds in one what is
            no cell: a list, a struct, bytes.
    """
    try:
        import polars as pl  # noqa: PLC0415 - an extra, and 400 ms to import
        from polars.exceptions import PanicException, PolarsError  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtra(source.name) from error
    number = 0
    try:
        lazy = pl.scan_parquet(source.path)
        schema = lazy.collect_schema()
        places = layout(source, tuple(schema.names()))
        _require_cells(source, schema, places)
        source.meter.total = lazy.select(pl.len()).collect().item()
        wanted = [at for at in places.values() if at is not None]
        while number < source.meter.total:
            frame = lazy.select(wanted).slice(number, BATCH).collect()
            for row in _rows(frame, places, number):
                number = source.meter.done = row.number
                yield row
    # A damaged page makes the reader panic, which is no Exception.
    except (PolarsError, PanicException, OSError) as error:
        found = str(error).partition("\n")[0]
        raise UnreadableInput(
            source.name, "a whole Parquet file", f"one cut short or damaged ({found})"
        ) from error


def _require_cells(source: Source, schema: pl.Schema, places: Mapping[str, str | None]) -> None:
    """Refuse columns of what no recipe can read.

    Raises:
        UnreadableInput: naming the column and its type.
    """
    for at in places.values():
        if at is not None and (schema[at].is_nested() or str(schema[at]) in {"Binary", "Object"}):
            expected = f"text, numbers or times in column [{at}]"
            raise UnreadableInput(source.name, expected, str(schema[at]))


def _rows(frame: pl.DataFrame, places: Mapping[str, str | None], done: int) -> Iterator[Row]:
    index = {column: at for at, column in enumerate(frame.columns)}
    where = [(column, None if at is None else index[at]) for column, at in places.items()]
    for number, values in enumerate(frame.iter_rows(), done + 1):
        cells = {column: None if at is None or values[at] == "" else values[at] for column, at in where}
        yield Row(number, cells)
