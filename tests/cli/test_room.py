"""No room on the disk or in memory: said as that, with what to do, and nothing half-written."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from habeas.cli.room import RoomFailure, room_failure

Run = Callable[..., Result]


def full_disk() -> None:
    with Path("/dev/full").open("wb", buffering=0) as file:
        file.write(b"x")


def full_database() -> None:
    with closing(sqlite3.connect("")) as database:
        database.execute("pragma max_page_count = 2")
        database.execute("create table t (x)")
        database.execute("insert into t values (zeroblob(1000000))")


def no_memory() -> None:
    bytearray(1 << 62)


def ended_from_outside() -> None:
    with ProcessPoolExecutor(1) as pool:
        pool.submit(os._exit, 1).result()


@pytest.mark.parametrize(
    ("fails", "says"),
    [
        (full_disk, "no room left on the disk"),
        (full_database, "no room left on the disk"),
        (no_memory, "not enough memory"),
        (ended_from_outside, "ended from outside"),
    ],
)
def test_what_the_machine_lacks_is_said(fails: Callable[[], None], says: str) -> None:
    with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever the machine raises is asked about
        fails()
    outer = RuntimeError("while something else was done")
    outer.__cause__ = raised.value
    found = room_failure(outer)
    assert isinstance(found, RoomFailure)
    assert says in found.message
    assert "the input is untouched" in found.message


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "denied"), ValueError("x"), sqlite3.Error("locked")])
def test_other_errors_are_not_taken_for_it(error: Exception) -> None:
    assert room_failure(error) is None


def test_an_audit_that_fills_the_disk_says_so_and_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = "".join(f"p{number}\n" for number in range(2_000))
    (tmp_path / "people.csv").write_text("person\n" + people)
    before = (tmp_path / "people.csv").read_bytes()
    connect = sqlite3.connect

    def small(*arguments: object, **named: object) -> sqlite3.Connection:
        database: sqlite3.Connection = connect(*arguments, **named)  # type: ignore[call-overload] # as they came
        database.execute("pragma max_page_count = 20")
        return database

    monkeypatch.setattr(sqlite3, "connect", small)
    result = run(
        "audit", tmp_path / "people.csv", "--recipe", "plain", "--law", "us/zz", "-o", tmp_path / "r.html"
    )
    assert result.exit_code == 71, result.output
    assert "no room left on the disk" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.csv"]
    assert (tmp_path / "people.csv").read_bytes() == before
