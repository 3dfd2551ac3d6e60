"""One schema, two engines: what the migrations make is what the tables and the statements say."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from habeas.ledger import KeyStore, Ledger, statements, verify
from habeas.ledger.errors import NotALedger, ReadOnly, WrongSchema
from habeas.ledger.guards import GUARDS_0001, GUARDS_0002, standing
from habeas.ledger.schema import METADATA, upgrade_sqlite, versions
from habeas.ledger.sqlite import SqliteStore
from habeas.ledger.statements import INSERT
from habeas.ledger.store import SCHEMA, Head, head_digest
from small_ledgers import ROOT_SECRET, Clock, SqlitePlace, draft

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "ledger-format.md"


def test_stores_read_the_newest_version() -> None:
    assert versions() == ("0001", "0002", "0003")
    assert versions()[-1] == SCHEMA


def test_the_migrations_make_the_tables(tmp_path: Path) -> None:
    upgrade_sqlite(tmp_path / "ledger.sqlite", create=True)
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_the_page_lists_every_column() -> None:
    table = PAGE.read_text().split("| table | column | value |")[1].split("\n\n")[0]
    said: dict[str, list[str]] = {}
    name = ""
    for row in re.findall(r"^\|(.*?)\|(.*?)\|", table, re.MULTILINE)[1:]:
        name = row[0].strip(" `") or name
        said.setdefault(name, []).extend(re.findall(r"`(\w+)`", row[1]))
    made = {table.name: sorted(column.name for column in table.columns) for table in METADATA.tables.values()}
    assert {name: sorted(columns) for name, columns in said.items()} == made


STATEMENTS = {
    name: text for name, text in vars(statements).items() if name.isupper() and isinstance(text, str)
}


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_each_statement_suits_the_tables(name: str, tmp_path: Path) -> None:
    assert len(STATEMENTS) > 12
    place = SqlitePlace(tmp_path)
    place.make()
    connection = sqlite3.connect(place.path)
    parameters: tuple[Any, ...] = (None,) * STATEMENTS[name].count("?")
    connection.execute(f"EXPLAIN {STATEMENTS[name]}", parameters)
    connection.close()


def test_an_insert_names_the_columns_in_the_order_of_the_table() -> None:
    named = re.findall(r"\w+", INSERT.split("(")[1].split(")")[0])
    assert named == [column.name for column in METADATA.tables["entry"].columns]


def test_both_engines_have_the_same_guards() -> None:
    assert GUARDS_0001.keys() == GUARDS_0002.keys() == {"sqlite", "postgresql"}
    # PostgreSQL can empty a table at once, and has a guard more against that for each.
    assert standing("sqlite").keys() == {
        name for name in standing("postgresql") if not name.endswith("_emptied")
    }


def test_a_ledger_of_the_version_before_is_upgraded_with_all_that_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    upgrade_sqlite(path, "0001", create=True)
    with pytest.raises(WrongSchema, match="version 0001"):
        SqliteStore(path)
    # A ledger of that version, filled as its program did: the rows are those of today.
    (tmp_path / "today").mkdir()
    today = SqlitePlace(tmp_path / "today")
    today.make()
    clock = Clock()
    with Ledger(today.store(), KeyStore(tmp_path, ROOT_SECRET, create=True), clock) as ledger:
        ledger.append_all([draft(n) for n in range(50)])
        rows, head, root = list(ledger.store.rows(0, 50)), ledger.store.head(), verify(ledger.store).root
    old = sqlite3.connect(path)
    old.executemany(INSERT, rows)
    old.execute(
        statements.UPDATE_HEAD,
        (head.size, head.recorded_at, None, head.chain, head.frontier, head_digest(head)),
    )
    old.commit()
    old.close()
    upgrade_sqlite(path)
    with Ledger(SqliteStore(path), KeyStore(tmp_path, ROOT_SECRET), clock) as ledger:
        found = verify(ledger.store)
        assert (found.root, found.size, found.problems) == (root, 50, ())
        assert ledger.append(draft(50)).seq == 50
        ledger.open_hole(3, "payload", 50)
        assert verify(ledger.store).sound


def test_upgrading_what_is_new_already_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    upgrade_sqlite(path, create=True)
    before = path.read_bytes()
    upgrade_sqlite(path)
    assert path.read_bytes() == before
    assert SqliteStore(path).head() == Head()


def test_an_upgrade_that_fails_leaves_the_old_version(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    upgrade_sqlite(path, "0001", create=True)
    connection = sqlite3.connect(path)
    # The second version makes this table after others of its statements have run.
    connection.execute("CREATE TRIGGER hole_kept BEFORE DELETE ON head BEGIN SELECT 1; END")
    connection.commit()
    before = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
    connection.close()
    with pytest.raises(Exception, match="hole_kept"):
        upgrade_sqlite(path)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall() == before
    connection.close()


def test_there_has_to_be_a_file_to_upgrade(tmp_path: Path) -> None:
    with pytest.raises(NotALedger, match="no such file"):
        upgrade_sqlite(tmp_path / "none.sqlite")
    with pytest.raises(ReadOnly):
        upgrade_sqlite(tmp_path / "no folder" / "none.sqlite", create=True)


def test_nothing_heavy_is_imported_to_append_read_or_verify() -> None:
    code = (
        "import sys, habeas.ledger, habeas.ledger.sqlite;"
        "print([name for name in ('sqlalchemy', 'alembic', 'psycopg') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
