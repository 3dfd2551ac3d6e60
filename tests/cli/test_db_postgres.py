"""`habeas db` with the address of a database, and the roles that it grants."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import Result

from habeas.cli.failures import failure_of

pytest.importorskip("psycopg", reason="NOT RUN [postgresql]: install the extra habeas[postgres]")

from postgres_servers import PostgresPlace, execute, server_url

Run = Callable[..., Result]
pytestmark = pytest.mark.needs("postgresql")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[PostgresPlace]:
    made = PostgresPlace(tmp_path)
    made.make_database()
    yield made
    made.drop()


def test_every_command_takes_the_address(
    run: Run, place: PostgresPlace, people: Path, tmp_path: Path
) -> None:
    address = place.address()
    own = {"XDG_DATA_HOME": str(tmp_path / "data"), "HABEAS_DATABASE": ""}
    made = run("db", "init", address, "--origin", "zz.invalid/juniper", **own)
    assert made.exit_code == 0, made.output
    assert f"its entries in the PostgreSQL database '{place.name}'" in made.stdout
    for arguments in (
        ("record", people, "--db", address, "--as", "clerk"),
        ("db", "verify", address),
        ("db", "upgrade", address),
        ("db", "checkpoint", address),
        ("db", "backup", "copy", "--db", address),
        ("persons", "list", "--db", address),
        ("order", "list", "--db", address, "--as", "clerk"),
        ("proof", "export", "--db", address, "--whole", "-o", "whole.json"),
        ("sheet", "--db", address, "-o", "sheet.html"),
        ("audit", address, "--law", "us/zz/juniper", "--exit-zero"),
        ("why", "held-on-a-felony", "--db", address, "--at", "2017-02-18 09:00", "--source-times"),
        ("timeline", "held-on-a-felony", "--from", address, "--exit-zero"),
    ):
        result = run(*arguments, **own)
        assert result.exit_code == 0, (arguments, result.output)
    by_setting = run("due", "--exit-zero", HABEAS_DB=address, **own)
    assert by_setting.exit_code == 0, by_setting.output
    assert run("db", "init", address, **own).exit_code == 2
    assert run("db", "init", address, "--database", address, **own).exit_code == 2


def test_an_address_without_a_folder_or_a_server(run: Run, place: PostgresPlace, tmp_path: Path) -> None:
    own = {"XDG_DATA_HOME": str(tmp_path / "data"), "HABEAS_DATABASE": ""}
    nowhere = run("db", "verify", place.address(), **own)
    assert (nowhere.exit_code, "HABEAS_LEDGER_FOLDER names another folder" in nowhere.stderr) == (2, True)
    missing = run("db", "init", tmp_path / "l", "--database", place.address() + "&port=1", **own)
    assert missing.exit_code == 3
    assert "habeas: the ledger: PostgreSQL database" in missing.stderr
    assert run("db", "init", "postgresql://host", **own).exit_code == 2


def test_parts_are_granted(run: Run, place: PostgresPlace, tmp_path: Path) -> None:
    role = f"habeas_clerk_{os.getpid()}"
    execute(server_url(), f"CREATE ROLE {role} LOGIN")
    try:
        run("db", "init", tmp_path / "l", "--database", place.address())
        said = run("db", "grant", tmp_path / "l", "--writer", role)
        assert said.stdout == f"[l]: writer {role}\n"
        assert run("db", "grant", tmp_path / "l").exit_code == 2
        assert run("db", "grant", tmp_path / "l", "--reader", "nobody_here").exit_code == 3
    finally:
        place.drop()
        execute(server_url(), f"DROP ROLE {role}")


def test_without_the_extra_it_is_said_how_to_get_it() -> None:
    failure = failure_of(ModuleNotFoundError("no", name="psycopg"), click.Context(click.Command("why")))
    assert failure.exit_code == 3
    assert "pip install 'habeas[postgres]'" in failure.message
