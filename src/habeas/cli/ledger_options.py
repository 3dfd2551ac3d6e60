"""Flags of commands that write to a ledger: which one, and who writes."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from habeas.cli.asking import configured
from habeas.cli.ledger_names import LEDGER, located


def ledger_path(given: Path | None) -> Path:
    """The ledger's folder: as given, else as HABEAS_DB says, which may name its database instead.

    Raises:
        UsageError: neither names one.
    """
    if given is not None:
        return given
    named = configured("db")
    if named is None:
        raise click.UsageError("which ledger? give --db DIR, or set HABEAS_DB")
    return located(named)


def db_option(command: Callable[..., None]) -> Callable[..., None]:
    """`--db DIR`, passed on as `db`; None where only HABEAS_DB can say."""
    return click.option(
        "--db",
        type=LEDGER,
        metavar="DIR",
        help="The ledger's folder, or postgresql://...; default HABEAS_DB.",
    )(command)


def db_argument(command: Callable[..., None]) -> Callable[..., None]:
    """A folder, passed on as `db`; None where only HABEAS_DB can say."""
    return click.argument("db", required=False, type=LEDGER, metavar="[DIR]")(command)


def who_options(command: Callable[..., Any]) -> Callable[..., None]:
    """`--as NAME` and `--role ROLE`, passed on as `actor` and `role`."""
    named = click.option(
        "--as",
        "actor",
        metavar="NAME",
        help="Who does this, as the ledger will say; default HABEAS_ACTOR, else the system's user.",
    )
    role = click.option("--role", default="records", show_default=True, help="In which role.")
    return named(role(command))


def actor_of(given: str | None) -> str:
    """Who does it."""
    return given or configured("actor") or getpass.getuser()
