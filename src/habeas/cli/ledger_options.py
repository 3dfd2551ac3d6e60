"""Flags of commands that write to a ledger: which one, and who writes."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from habeas.cli.asking import configured
from habeas.cli.ledger_names import LEDGER, located
from habeas.kernel.instants import SECOND

if TYPE_CHECKING:
    from habeas.desk.ledgers import LedgerFolder
    from habeas.ledger.ledger import Ledger


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


@contextmanager
def recording(folder: LedgerFolder) -> Generator[Ledger]:
    """The ledger, opened to append; says on standard error if the computer's clock stood behind it.

    Raises:
        Withheld: it is shorter than what was signed of it, and no two people have signed for that.
        LedgerError: it cannot be opened.
    """
    from habeas.desk.clock_alarm import TOLERATED
    from habeas.desk.restoring import appending

    with appending(folder) as ledger:
        yield ledger
    if ledger.clock_behind > TOLERATED:
        click.echo(
            f"habeas: CLOCK: this computer's clock stands {ledger.clock_behind // SECOND:,} s behind the last"
            " entry of this ledger. What was recorded now bears the time of that entry and a little more; the"
            " alarm is an entry too. Set the clock.",
            err=True,
        )


def who_options(command: Callable[..., Any]) -> Callable[..., None]:
    """`--as NAME` and `--role ROLE`, passed on as `actor` and `role`."""
    named = click.option(
        "--as",
        "actor",
        metavar="NAME",
        help="Who does this, as the ledger will say: stated, not proven; default HABEAS_ACTOR, else the"
        " system's user.",
    )
    role = click.option("--role", default="records", show_default=True, help="In which role.")
    return named(role(command))


def actor_of(given: str | None) -> str:
    """Who does it."""
    return given or configured("actor") or getpass.getuser()
