"""Daily populations as a table: CSV or Parquet, one row for each rule, day and line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from habeas.desk.whole_files import write_whole
from habeas.wire.count_forms import CountDocument

COLUMNS = ("rule", "unit", "day", "at", "line", "least", "most", "invented")


class UnknownForm(ValueError):
    """The suffix of a file says no form."""


def write_counts(found: CountDocument, path: Path) -> None:
    """Write every daily population; the line is empty for the whole.

    Raises:
        UnknownForm: the suffix is neither .csv nor .parquet.
        MissingExtra: Parquet needs the extra ``analysis``.
        OSError: the file cannot be written.
    """
    rows = list(_rows(found))
    if path.suffix == ".csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([COLUMNS, *rows])
        write_whole(path, text.getvalue().encode())
    elif path.suffix == ".parquet":
        write_whole(path, _parquet(rows))
    else:
        raise UnknownForm(f"expected a file .csv or .parquet, found [{path.name}]")


def _rows(found: CountDocument) -> Iterator[tuple[str, str, str, str, str, int, int, bool]]:
    for form in found.rules:
        for day in form.days:
            for line, bounds in {"": day.found, **day.lines}.items():
                yield form.rule, form.unit, day.day, day.at, line, bounds.least, bounds.most, found.invented


def _parquet(rows: list[tuple[str, str, str, str, str, int, int, bool]]) -> bytes:
    from habeas.intake.errors import MissingExtra  # noqa: PLC0415 - only to say what is missing

    try:
        import polars as pl  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        raise MissingExtra("counts", "Parquet") from error
    whole = io.BytesIO()
    pl.DataFrame(rows, schema=list(COLUMNS), orient="row").write_parquet(whole)
    return whole.getvalue()
