"""Findings as files: every one, whole or not at all, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from habeas.desk.audit_findings import CustodyFinding
from habeas.report.findings_files import COLUMNS, findings_sink, harmless
from small_audits import LATE, OPEN

ODD = replace(LATE, booking='=HYPERLINK("http://x.invalid")', person="@cmd", unsettled=("a\nb", "-c"))


def written(path: Path, *found: CustodyFinding) -> Path:
    with findings_sink((path,), invented=True) as sink:
        for each in found:
            sink(each)
    return path


def test_jsonl_has_every_field_of_every_finding(tmp_path: Path) -> None:
    lines = written(tmp_path / "f.jsonl", LATE, OPEN).read_text("utf-8").splitlines()
    told = [json.loads(line) for line in lines]
    assert [each["booking"] for each in told] == [LATE.booking, OPEN.booking]
    assert all(each["invented"] is True for each in told)
    assert told[0]["late"] == {"least": LATE.late.least, "most": LATE.late.most}


def test_csv_has_one_line_a_custody_and_runs_nothing(tmp_path: Path) -> None:
    with written(tmp_path / "f.csv", ODD, OPEN).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(COLUMNS)
    assert len(rows) == 2
    assert rows[0]["booking"] == "'" + ODD.booking
    assert rows[0]["person"] == "'@cmd"
    assert rows[0]["unsettled"] == "a\nb; -c"
    assert rows[1]["invented"] == "True"


def test_parquet_has_the_same_rows_with_types(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    table = pq.read_table(written(tmp_path / "f.parquet", LATE, OPEN)).to_pylist()
    assert [row["late_least_us"] for row in table] == [LATE.late.least, OPEN.late.least]
    assert list(table[0]) == list(COLUMNS)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_begins_like_a_formula_is_made_harmless(start: str) -> None:
    assert harmless(f"{start}1+1") == f"'{start}1+1"
    assert harmless("1" + start) == "1" + start


def test_an_audit_that_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", LATE)
    before = path.read_bytes()

    def broken() -> None:
        with findings_sink((path,), invented=False) as sink:
            sink(OPEN)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["f.csv"]


def test_a_suffix_that_says_no_form_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match=r"\.jsonl, \.csv or \.parquet"),
        findings_sink((tmp_path / "f.txt",), invented=False),
    ):
        pass
    assert not list(tmp_path.iterdir())
