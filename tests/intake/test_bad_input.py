"""Workbooks, databases and files made to break a reader: told clearly, counted, and no row lost."""

from __future__ import annotations

import datetime as dt
import resource
import sqlite3
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from habeas.desk.imports import escaped, quarantine_csv
from habeas.intake.accounts import Quarantined, Reason
from habeas.intake.databases import is_url, query_rows, query_source, refuse_writes
from habeas.intake.errors import MissingExtra, UnreadableInput
from habeas.intake.recipes import Recipe, recipe_of
from habeas.intake.rosters import Roster, RosterReader, read_roster, sources_of
from small_rosters import HEADER, recipe, roster_file

pl = pytest.importorskip("polars")
openpyxl = pytest.importorskip("openpyxl")
sa = pytest.importorskip("sqlalchemy")

ROW = ["r1", "b1", "2017-03-04 10:00", "2017-03-05 10:00", "THEFT", "M", "2017-03-05 09:00"]


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableInput) as refused:
        read_roster([path], recipe())
    return str(refused.value)


def fault(path: Path) -> Quarantined:
    roster = read_roster([path], recipe())
    assert all(each.balances for each in roster.accounts)
    (only,) = roster.quarantined
    return only


# ---- parquet ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "told"), [([[1, 2]], "List(Int64)"), ([{"a": 1}], "Struct"), ([b"x"], "Binary")]
)
def test_a_column_of_what_is_no_cell_is_refused(tmp_path: Path, values: list[object], told: str) -> None:
    path = tmp_path / "roster.parquet"
    columns = dict(zip(HEADER.split(","), ([each] for each in ROW), strict=True))
    pl.DataFrame({**columns, "what": values}).write_parquet(path)
    message = refusal(path)
    assert "expected text, numbers or times in column [what]" in message
    assert told in message


def test_typed_columns_of_parquet_are_read(tmp_path: Path) -> None:
    path = tmp_path / "roster.parquet"
    frame = pl.DataFrame({name: [value] for name, value in zip(HEADER.split(","), ROW, strict=True)})
    when = dt.datetime.fromisoformat("2017-03-04 10:00")
    frame.with_columns(booked=pl.lit(when), what=pl.lit("THEFT").cast(pl.Categorical)).write_parquet(path)
    assert read_roster([path], recipe()).accounts[0].accepted == 1


def test_parquet_damaged_anywhere_never_loses_a_row_silently(tmp_path: Path) -> None:
    path = tmp_path / "roster.parquet"
    columns = {
        name: [f"{value}{n}" if name in {"row", "booking"} else value for n in range(300)]
        for name, value in zip(HEADER.split(","), ROW, strict=True)
    }
    pl.DataFrame(columns).write_parquet(path)
    whole = path.read_bytes()
    for at in range(4, len(whole) - 8, max(1, len(whole) // 40)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            account = read_roster([path], recipe()).accounts[0]
        except UnreadableInput:
            continue
        assert account.balances
        assert account.rows == 300


# ---- CSV ---------------------------------------------------------------------------------------
def test_nul_bytes_are_refused(tmp_path: Path) -> None:
    path = roster_file(tmp_path, ",".join(ROW).replace("THEFT", "TH\0EFT"))
    assert "expected text, found bytes of a binary file" in refusal(path)


def test_a_deep_json_is_one_bad_row(tmp_path: Path) -> None:
    path = tmp_path / "roster.jsonl"
    path.write_text("[" * 200_000 + "\n")
    assert fault(path).reason is Reason.SHAPE


def test_formulas_are_kept_as_text_and_escaped_on_the_way_out(tmp_path: Path) -> None:
    path = roster_file(tmp_path, ",".join(ROW).replace("2017-03-04 10:00", "=1+1"))
    written = quarantine_csv([fault(path)]).decode("utf-8-sig")
    assert written.splitlines()[1].endswith(",'=1+1")


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r"])
def test_whatever_begins_a_formula_is_escaped(mark: str) -> None:
    assert escaped(f"{mark}cmd") == f"'{mark}cmd"
    assert escaped("cmd") == "cmd"


# ---- workbooks ---------------------------------------------------------------------------------
def workbook(folder: Path, *rows: Sequence[object], sheet: str = "Sheet") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    page.append(HEADER.split(","))
    for row in rows:
        page.append(row)
    path = folder / "roster.xlsx"
    book.save(path)
    return path


def test_a_workbook_is_read_with_its_dates(tmp_path: Path) -> None:
    when = dt.datetime.fromisoformat("2017-03-04 10:00")
    path = workbook(
        tmp_path,
        [*ROW[:2], when, *ROW[3:]],
        ["", None, "", None, None, None, None],
        [*["r2", "b2"], dt.date(2017, 3, 4), *ROW[3:]],
    )
    roster = read_roster([path], recipe())
    assert [(a.rows, a.accepted) for a in roster.accounts] == [(2, 2)]


def test_cells_merged_across_rows_put_their_rows_in_quarantine(tmp_path: Path) -> None:
    path = workbook(tmp_path, ROW, ["r2", *ROW[1:]], ["r3", *ROW[1:]])
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("B2:B3")
    book.active.merge_cells("E4:F4")
    book.save(path)
    roster = read_roster([path], recipe())
    assert [str(each) for each in roster.quarantined] == [
        "roster.xlsx, row 1: expected a cell of its own in every column, found [cells merged across rows]",
        "roster.xlsx, row 2: expected a cell of its own in every column, found [cells merged across rows]",
    ]
    assert roster.accounts[0].balances


def test_a_formula_never_computed_and_one_that_failed_are_set_aside(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, [*ROW[:4], "=A1", *ROW[5:]], ["r2", *ROW[1:4], "#REF!", *ROW[5:]], ["r3", *ROW[1:]]
    )
    told = [str(each) for each in read_roster([path], recipe()).quarantined]
    assert "expected a value, found [a formula never computed: =A1]" in told[0]
    assert "expected a value, found [#REF!]" in told[1]
    assert len(told) == 2


def test_a_sheet_is_named_or_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, ROW, sheet="March")
    assert read_roster([path], on_sheet("March")).accounts[0].accepted == 1
    with pytest.raises(UnreadableInput, match=r"expected a sheet named \[April\], found only March"):
        read_roster([path], on_sheet("April"))


def on_sheet(name: str) -> Recipe:
    text = recipe().text
    top, _, events = text.partition("[[event]]")
    table = f'[[table]]\nname = "rows"\nsheet = "{name}"\nperson = ["booking"]\n[[table.event]]{events}'
    top = top.replace('person = ["booking"]\nidentity = ["row"]\nrow_end = { column = "ended" }\n', "")
    body = table.replace("[[event]]", "[[table.event]]").replace("[event.terms]", "[table.event.terms]")
    return recipe_of(top + body, "sheets.toml")


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_workbook_cut_short_is_refused(tmp_path: Path, kept: float) -> None:
    path = workbook(tmp_path, ROW)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    assert "expected a whole workbook" in refusal(path)


def test_an_archive_that_is_no_workbook_and_an_empty_sheet_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    assert "expected a whole workbook" in refusal(path)
    openpyxl.Workbook().save(path)
    assert "an empty sheet" in refusal(path)


def test_a_workbook_without_the_extra_names_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path, ROW)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(
        MissingExtra, match=r"needs the extra \[excel\]; install it: pip install 'habeas\[excel\]'"
    ):
        read_roster([path], recipe())


# ---- databases -----------------------------------------------------------------------------------
def database(folder: Path) -> str:
    path = folder / "jail.db"
    with sqlite3.connect(path) as made:
        made.execute(f"create table roster ({HEADER})")
        made.execute("insert into roster values (?, ?, ?, ?, ?, ?, ?)", ROW)
    return f"sqlite:///{path}"


def asked(query: str = "select * from roster") -> Recipe:
    return recipe().with_query(query)


def from_database(url: str, one: Recipe) -> Roster:
    roster = Roster(one)
    with RosterReader.store_for(one) as store:
        reader = RosterReader(one, store)
        (table,) = one.all_tables
        reader.read(query_source(url, one, table), table, lambda _: None, lambda _: None)
        roster.people = {each.person: each for each in reader.people()}
        roster.accounts = reader.accounts()
    return roster


def test_a_query_is_read(tmp_path: Path) -> None:
    url = database(tmp_path)
    assert is_url(url)
    assert not is_url("roster.csv")
    assert from_database(url, asked()).accounts[0].accepted == 1


def test_a_colon_in_a_query_is_no_parameter(tmp_path: Path) -> None:
    query = "select * from roster where booked like '%10:00'"
    assert from_database(database(tmp_path), asked(query)).accounts[0].rows == 1


@pytest.mark.parametrize("query", ["delete from roster", "", "select 1; delete from roster", "pragma x"])
def test_what_is_not_one_reading_query_is_refused(tmp_path: Path, query: str) -> None:
    with pytest.raises(UnreadableInput):
        from_database(database(tmp_path), asked(query))


def test_a_query_that_writes_in_disguise_is_refused_by_the_database(tmp_path: Path) -> None:
    url = database(tmp_path)
    with pytest.raises(UnreadableInput, match="a query that the database answers"):
        from_database(url, asked("with x as (select 1) insert into roster select * from roster"))
    assert from_database(url, asked()).accounts[0].rows == 1


def test_a_query_that_fails_says_what_the_database_said_and_no_secret(tmp_path: Path) -> None:
    url = database(tmp_path)
    with pytest.raises(UnreadableInput, match="no such table: rooster"):
        from_database(url, asked("select * from rooster"))
    one = asked()
    with pytest.raises(UnreadableInput) as refused:
        list(query_rows(query_source("postgresql+nothing://me:secret@host/jail", one, one.all_tables[0])))
    assert "secret" not in str(refused.value)
    assert "host" not in str(refused.value)


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput):
        from_database(f"sqlite:///{tmp_path}/none.db", asked())
    assert not (tmp_path / "none.db").exists()


def test_a_query_without_a_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="none named booking"):
        from_database(database(tmp_path), asked('select "row" from roster'))


# ---- many --------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [20_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_a_million_bad_rows_are_counted_one_by_one(tmp_path: Path, count: int) -> None:
    path = tmp_path / "roster.csv"
    bad = ",".join(["", "yesterday", *ROW[3:]])
    with path.open("w") as file:
        file.write(f"{HEADER}\n")
        file.writelines(f"r{number},b{number}{bad}\n" if number % 2 else "r1,b1\n" for number in range(count))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with RosterReader.store_for(recipe()) as store:
        reader = RosterReader(recipe(), store)
        ((source, table),) = sources_of([path], recipe())
        reader.read(source, table, lambda _: None, lambda _: None)
        for rows in reader.people():
            assert rows.set_aside
            rows.set_aside.clear()
        (account,) = reader.accounts()
        assert account.balances
        assert (account.rows, account.quarantined) == (count, count)
        assert sum(1 for _ in store.faults()) == count
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 400_000, "kilobytes"


class Dialect:
    """A database of a kind that cannot be told to refuse writing."""

    name = "cloud"


def test_a_database_that_cannot_refuse_writing_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database(tmp_path)
    engine = sa.create_engine("sqlite://")
    monkeypatch.setattr(engine, "dialect", Dialect(), raising=False)
    source = query_source(url, asked(), asked().all_tables[0])
    with pytest.raises(UnreadableInput, match="a database that can be told to refuse writing"):
        refuse_writes(engine, cast("Any", None), source)


def test_a_database_without_the_extra_names_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database(tmp_path)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(MissingExtra, match=r"install it: pip install 'habeas\[sql\]'"):
        from_database(url, asked())


def test_other_databases_are_told_to_read_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told: list[str] = []

    class Connection:
        """Notes what it is told."""

        def execute(self, statement: object) -> None:
            """Note a statement."""
            told.append(str(statement))

    class Postgres:
        """An engine of PostgreSQL."""

        class dialect:  # noqa: N801 - as SQLAlchemy names it
            """Its dialect."""

            name = "postgresql"

    monkeypatch.chdir(tmp_path)
    source = query_source("postgresql://h/d", asked(), asked().all_tables[0])
    refuse_writes(cast("Any", Postgres()), cast("Any", Connection()), source)
    assert told == ["SET TRANSACTION READ ONLY"]
