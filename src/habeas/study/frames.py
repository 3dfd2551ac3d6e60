"""Rows of a published table, read whole: Parquet or CSV, with the digest of the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from habeas.intake.errors import MissingExtra
from habeas.kernel.identifiers import digest_of
from habeas.study.declared import UnreadableTable

Cell: TypeAlias = "str | int | float | dt.date | dt.datetime | None"


def digest_of_file(path: Path) -> str:
    """The digest of a file's bytes.

    Raises:
        UnreadableTable: it cannot be opened.
    """
    try:
        return digest_of(path.read_bytes())
    except OSError as error:
        raise UnreadableTable(f"{path.name}: expected a readable file, found: {error.strerror}") from error


def rows_of(path: Path, columns: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
    """Some columns of a table, row by row; an empty cell is None.

    Raises:
        UnreadableTable: it is no table of that kind, or lacks a column.
        MissingExtra: the extra ``analysis`` is not installed.
    """
    try:
        import polars as pl  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        raise MissingExtra(path.name, "a table") from error
    try:
        frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
        lacking = [name for name in columns if name not in frame.columns]
        if lacking:
            raise UnreadableTable(f"{path.name}: expected the column [{lacking[0]}], found {frame.columns}")
        yield from frame.select(columns).iter_rows()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableTable(f"{path.name}: expected a table, found: {error}") from error
