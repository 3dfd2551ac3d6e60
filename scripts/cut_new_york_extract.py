"""Cut the extract of New York City's lists that comes with habeas out of the whole record.

The rule: everybody of whose public number the SHA-256 digest begins with three zeros, about one in
4,096; all their spans, and of each only number, admission, status, days and top charge. Race, gender,
age and custody level are left out. Beside it, every day on which a list that changed was taken, since
what ended between two lists is known only by both.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("HABEAS_DATA") or ROOT.parent / "shared" / "data")
WHOLE = DATA / "nyc_doc_custody" / "status_spans.parquet"
FOLDER = ROOT / "src" / "habeas" / "intake" / "data"
COLUMNS = ("inmateid", "admitted_ts", "status", "first_snap", "last_snap", "top_charge")
PREFIX = "000"


def is_drawn(number: str) -> bool:
    """Whether the rule draws a person."""
    return hashlib.sha256(number.encode()).hexdigest().startswith(PREFIX)


def extract() -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The spans of everybody drawn, and the days of lists, each in order."""
    whole = pl.read_parquet(WHOLE)
    drawn = [number for number in whole["inmateid"].unique() if is_drawn(number)]
    rows = whole.filter(pl.col("inmateid").is_in(drawn)).select(COLUMNS).sort(COLUMNS[:5])
    days = sorted(set(whole["first_snap"]) | set(whole["last_snap"]))
    spans = [tuple("" if cell is None else str(cell) for cell in row) for row in rows.iter_rows()]
    return spans, [(day.isoformat(),) for day in days]


def write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Write a table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(path)


def main() -> None:
    """Write both tables anew."""
    spans, days = extract()
    write(FOLDER / "nyc_doc_custody.csv", COLUMNS, spans)
    write(FOLDER / "nyc_doc_days.csv", ("day",), days)


if __name__ == "__main__":
    main()
