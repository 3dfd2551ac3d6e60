"""`habeas count` and `habeas compare` at the terminal: figures, forms, files, and what goes wrong."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import Result

from habeas.wire import schemas
from small_pages import checked
from wire_schema import faults

Run = Callable[..., Result]
BETWEEN = ("--from", "2024-01-01", "--to", "2024-02-09")
LISTS = Path(__file__).parents[2] / "src" / "habeas" / "intake" / "data" / "nyc_doc_custody.csv"


@pytest.fixture(name="records")
def _records(run: Run, tmp_path: Path) -> Path:
    made = tmp_path / "made"
    run("invent", "--seed", "11", "--people", "6", "--days", "40", "-o", made, "-q")
    return made / "events.jsonl"


def document(result: Result, schema: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    form = schemas.json_schema(schema)
    assert list(faults(found, form, form)) == []
    return found


def test_people_are_counted_and_nobody_is_called_real(run: Run, records: Path) -> None:
    result = run("count", records, *BETWEEN, "--cost-per-day", "150", "--return-within", "14")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Invented people. Nobody in these figures is real.\n")
    assert "average of every day" in result.stdout
    assert "Returned to custody within 14 days" in result.stdout


def test_lines_of_the_document_add_up_to_the_average(run: Run, records: Path) -> None:
    result = run("count", records, *BETWEEN, "--rule", "everyone", "--rule", "texas-511-0101", "--json")
    found = document(result, "habeas/count/1")
    for rule in found["rules"]:
        parts = [float(line["average"]["least"]) for line in rule["lines"] if not line["beside"]]
        assert abs(sum(parts) - float(rule["average"]["least"])) < 0.01
    assert [each["adds_up"] for each in found["reconciled"]] == [True]


def test_the_page_and_the_tables_come_from_the_same_counts(run: Run, records: Path, tmp_path: Path) -> None:
    for suffix in ("csv", "parquet"):
        daily = tmp_path / f"daily.{suffix}"
        result = run("count", records, *BETWEEN, "--daily", daily, "-o", tmp_path / "page.html")
        assert result.exit_code == 0, result.output
        checked((tmp_path / "page.html").read_text())
        rows = (
            list(csv.DictReader(daily.read_text().splitlines()))
            if suffix == "csv"
            else pl.read_parquet(daily).to_dicts()
        )
        whole = [int(row["least"]) for row in rows if row["line"] == ""]
        assert len(whole) == 40
        assert f"average of every day {sum(whole) / 40:.1f} people" in result.stdout


def test_the_bundled_lists_are_counted_day_by_day(run: Run) -> None:
    result = run("count", LISTS, "--from", "2019-07-01", "--to", "2019-07-31", "--by", "label", "--json")
    found = document(result, "habeas/count/1")
    with LISTS.open() as file:
        rows = list(csv.DictReader(file))
    expected = [
        sum(row["first_snap"] <= f"2019-07-{day:02d}" <= row["last_snap"] for row in rows)
        for day in range(1, 32)
    ]
    (rule,) = found["rules"]
    assert [day["found"]["least"] for day in rule["days"]] == expected
    assert any("daily lists" in each for each in found["warnings"])


def test_a_table_of_figures_is_added_up_beside_what_was_published(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "tx_ice_detainers_2011_2017.parquet"
    pl.DataFrame(
        {
            "county": ["harris", "harris", "dallas"],
            "year": [2013, 2014, 2014],
            "month": ["december", "january", "january"],
            "num_of_inmates": [5, 7, 7],
            "num_of_inmate_days": [50, None, 9],
            "cost_in_dollars": [1.25, 2.5, 3.0],
        }
    ).write_parquet(path)
    found = document(run("count", path, "--rank", "harris", "--json"), "habeas/series/1")
    totals = {each["measure"]: (each["total"], each["missing"]) for each in found["totals"]}
    assert totals == {"people": ("19", 0), "days": ("59", 1), "cost": ("6.75", 0)}
    people, days, _ = found["ranks"]
    assert (people["best"], people["worst"], people["ties"]) == (1, 2, ["dallas"])
    assert days["refused"] == ["the figure of [harris] for 2014 is missing"]
    assert found["published"][2]["found"] == "12"
    text = run("count", path, "--rank", "harris", "-o", tmp_path / "t.html")
    assert "No rank of harris" in text.stdout
    checked((tmp_path / "t.html").read_text())


def test_the_rules_are_listed_with_those_that_cannot_count(run: Run) -> None:
    result = run("count", "--rules")
    assert "texas-511-0101" in result.stdout
    assert "florida-900-05       Florida: criminal justice data collection (words not read" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((), 2, "expected records to count"),
        (("nowhere.jsonl",), 4, "found none at [nowhere.jsonl]"),
        (("RECORDS", "--rule", "nowhere"), 2, "expected a counting rule"),
        (("RECORDS", "--rule", "florida-900-05"), 2, "could not be read"),
        (("RECORDS", "--from", "soon"), 2, "expected a day"),
        (("RECORDS", "--at", "noon"), 2, "expected a time"),
        (("RECORDS", "--place", "us/fl"), 2, "unknown place"),
        (("RECORDS", "--from", "2024-02-01", "--to", "2024-01-01"), 2, "expected a last day not before"),
        (("RECORDS", "--daily", "counts.txt"), 2, "expected a file .csv or .parquet"),
    ],
)
def test_what_cannot_be_counted_is_said(
    run: Run, records: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    result = run("count", *(records if each == "RECORDS" else each for each in arguments))
    assert result.exit_code == code, result.output
    assert says in result.output.replace("\n", " ")


def test_two_laws_are_compared_and_the_table_sums(run: Run, records: Path, tmp_path: Path) -> None:
    sides = ("--a", "us/zz/juniper", "--b", "us/zz/sorrel")
    result = run("compare", records, *sides, *BETWEEN, "--processes", "1", "--json")
    found = document(result, "habeas/compare/1")
    assert found["invented"] is True
    text = run("compare", records, *sides, *BETWEEN, "--processes", "1", "-o", tmp_path / "c.html")
    assert text.exit_code == 0, text.output
    assert "supported under A on immigration detainer" in text.stdout
    checked((tmp_path / "c.html").read_text())


@pytest.mark.parametrize(
    ("side", "says"),
    [("us/zz/sorrel@soon", "with a date such as"), ("us/zz/nowhere", "nowhere")],
)
def test_a_side_that_is_none_is_refused(run: Run, records: Path, side: str, says: str) -> None:
    result = run("compare", records, "--a", "us/zz/juniper", "--b", side, *BETWEEN)
    assert result.exit_code == 2
    assert says in result.output


def test_days_out_of_order_are_refused(run: Run, records: Path) -> None:
    days = ("--from", "2024-02-01", "--to", "2024-01-01")
    result = run("compare", records, "--a", "us/zz/juniper", "--b", "us/zz/sorrel", *days)
    assert result.exit_code == 2
    assert "expected a last day not before" in result.output


def test_a_filing_is_written_or_refused(run: Run, records: Path, tmp_path: Path) -> None:
    path = tmp_path / "texas.csv"
    result = run("count", records, *BETWEEN, "--filing", f"texas-monthly={path}", "--cost-per-day", "100")
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert {row["when"] for row in rows} == {"2024-01-01", "2024-02-01"}
    wrong = run("count", records, *BETWEEN, "--filing", "nowhere=x.csv")
    assert (wrong.exit_code, "texas-monthly" in wrong.output) == (2, True)
    lost = run("count", records, *BETWEEN, "--filing", f"texas-monthly={tmp_path / 'no' / 'x.csv'}")
    assert (lost.exit_code, "cannot write" in lost.output) == (2, True)


def test_bases_are_asked_of_papers_and_never_of_lists(run: Run, records: Path) -> None:
    result = run("count", records, *BETWEEN, "--by", "basis", "--cost-per-day", "150")
    assert result.exit_code == 0, result.output
    assert "but for it" in result.stdout
    lists = run("count", LISTS, "--by", "basis")
    assert (lists.exit_code, "no law can be asked" in lists.output) == (2, True)
