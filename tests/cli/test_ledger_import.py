"""`habeas import --db`: rows of a source in a ledger, each accounted for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from habeas.desk.clock import now
from habeas.desk.filing import file_bytes, imported
from habeas.desk.ledgers import find, opened
from habeas.kernel.instants import rfc3339

ENGINES = ("sqlite", "postgresql")
Run = Callable[..., Result]
PEOPLE = "person,shown_at,adult\nzed-canary,2017-02-16 08:00,true\n"
BOOKINGS = """\
booking,person,arrested_at,released_at,place,custodian_kind
b77,zed-canary,2017-02-16 08:00,2017-02-20 10:00,us/zz/juniper,county-jail
b77,zed-canary,2017-02-16 08:00,2017-02-20 10:00,us/zz/juniper,county-jail
b78,amy-canary,2017-02-16 08:00,not a time,us/zz/juniper,county-jail
b79,kim-canary,2017-02-17 08:00,,us/zz/juniper,county-jail
,,2017-02-17 08:00,,us/zz/juniper,county-jail
"""
WHERE = ("--recipe", "plain", "--law", "us/zz/juniper")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "people.csv").write_text(PEOPLE)
    (folder / "bookings.csv").write_text(BOOKINGS)
    return folder


@pytest.fixture
def db(run: Run, tmp_path: Path) -> Path:
    assert run("db", "init", tmp_path / "db", "--origin", "zz.invalid/juniper").exit_code == 0
    return tmp_path / "db"


def imported_by(run: Run, files: Path, db: Path, *more: str) -> dict[str, object]:
    result = run("import", files, "--db", db, *WHERE, "--as", "records-1", "-q", "--json", *more)
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


def accounts(document: dict[str, object]) -> dict[str, tuple[int, int, int, int]]:
    files = document["files"]
    assert isinstance(files, list)
    return {
        each["name"]: (each["rows"], each["accepted"], each["duplicate"], each["quarantined"])
        for each in files
    }


def test_every_row_is_accounted_for(run: Run, files: Path, db: Path) -> None:
    found = accounts(imported_by(run, files, db))
    assert found == {"people.csv": (1, 1, 0, 0), "bookings.csv": (5, 2, 1, 2)}
    assert all(rows == sum(rest) for rows, *rest in found.values())


def test_the_same_files_again_are_a_no_op(run: Run, files: Path, db: Path) -> None:
    first = imported_by(run, files, db)
    again = imported_by(run, files, db)
    assert again["entries"] == 0
    assert again["position"] == first["position"]
    assert accounts(again) == {"people.csv": (1, 0, 1, 0), "bookings.csv": (5, 0, 3, 2)}


def test_a_corrected_row_supersedes_what_it_told_before(run: Run, files: Path, db: Path) -> None:
    imported_by(run, files, db)
    before = rfc3339(now())
    bookings = files / "bookings.csv"
    bookings.write_text(BOOKINGS.replace("2017-02-20 10:00", "2017-02-20 11:30"))
    second = imported_by(run, files, db)
    assert (second["corrected"], second["accepted"]) == (1, 0)
    asked = (
        "why",
        "zed-canary",
        "--db",
        db,
        "--at",
        "2017-02-20 11:00",
        "--law-known-at",
        "2017-02-20 11:00",
    )
    assert run(*asked, "--facts-known-at", before).stdout.startswith("NOT IN CUSTODY")
    assert not run(*asked, "--facts-known-at", rfc3339(now())).stdout.startswith("NOT IN CUSTODY")
    # And back to what it said first: an identity that was superseded is never used twice.
    bookings.write_text(BOOKINGS + "\n")
    third = imported_by(run, files, db)
    assert third["corrected"] == 1
    assert run(*asked, "--facts-known-at", rfc3339(now())).stdout.startswith("NOT IN CUSTODY")


def test_a_row_that_could_not_be_read_stands_beside_its_person(run: Run, files: Path, db: Path) -> None:
    imported_by(run, files, db)
    asked = run("why", "amy-canary", "--db", db, "--at", "2017-02-20 11:00", "--known-at", rfc3339(now()))
    assert "unresolved document: bookings.csv, row 3, released_at" in asked.output
    (files / "bookings.csv").write_text(
        BOOKINGS.replace("b79,kim-canary,2017-02-17 08:00,", "b79,kim-canary,nonsense,")
    )
    run("import", files, "--db", db, *WHERE, "--as", "records-1", "-q")
    beside = run("why", "kim-canary", "--db", db, "--at", "2017-02-18 11:00", "--known-at", rfc3339(now()))
    assert "UNRESOLVED DOCUMENT: bookings.csv, row 4, arrested_at" in beside.stdout


def test_strict_says_so_and_the_rest_is_kept(run: Run, files: Path, db: Path) -> None:
    result = run("import", files, "--db", db, *WHERE, "-q", "--strict")
    assert result.exit_code == 4
    assert "2 quarantined" in result.stdout
    assert run("db", "verify", db).exit_code == 0


def test_the_bytes_of_each_file_are_kept_sealed(run: Run, files: Path, db: Path) -> None:
    imported_by(run, files, db)
    folder = find(db)
    with opened(folder) as ledger:
        kept = {each.name: file_bytes(ledger, folder, each.digest) for each in imported(ledger)}
    assert kept == {"people.csv": PEOPLE.encode(), "bookings.csv": BOOKINGS.encode()}
    for path in db.rglob("*"):
        assert path.is_dir() or b"canary" not in path.read_bytes()


def test_one_of_folder_and_ledger_is_named(run: Run, files: Path, db: Path, tmp_path: Path) -> None:
    assert run("import", files, *WHERE).exit_code == 2
    assert run("import", files, *WHERE, "--db", db, "-o", tmp_path / "o").exit_code == 2
    assert run("import", "sqlite:///x.db", *WHERE, "--db", db).exit_code == 2
