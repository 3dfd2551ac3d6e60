"""`habeas serve`: the release desk in a browser, and the accounts of those who work there."""

from __future__ import annotations

import socket
from pathlib import Path

import click

from habeas.cli.asking import sources_of
from habeas.cli.failures import ConfigurationFailure
from habeas.cli.ledger_options import db_argument, ledger_path
from habeas.cli.options import rulebook_option
from habeas.desk.clock import now


@click.command("serve")
@db_argument
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--tls-in-front", is_flag=True, help="Browsers reach it over TLS only: cookies say so.")
@click.option("--source-times", is_flag=True, help="Known from when sources learned of it, not the ledger.")
@click.option("--account", metavar="NAME", help="Make an account and end; asks for its password.")
@click.option("--role", metavar="ROLE", default="administrator", show_default=True, help="With --account.")
@click.option("--places", metavar="PLACES", default="", help="With --account: whose people they may see.")
@rulebook_option
def serve_command(  # noqa: PLR0913 - one parameter for each thing the command line states
    *,
    db: Path | None,
    host: str,
    port: int,
    tls_in_front: bool,
    source_times: bool,
    account: str | None,
    role: str,
    places: str,
    folder: Path | None,
) -> None:
    """Serve the release desk of the ledger in DIR, or at postgresql://..., to browsers, until stopped.

    The first account is made here: `habeas serve DIR --account NAME`; an administrator makes the others.
    """
    path = ledger_path(db)
    needs_extra()
    if account is not None:
        _make_account(path, account, role, places)
        return
    rulebook, cache = sources_of(folder)
    run(
        path,
        host,
        port,
        rulebook=str(rulebook) if rulebook else None,
        cache=str(cache) if cache else None,
        source_times=source_times,
        secure=tls_in_front,
    )


def needs_extra() -> None:
    """Say which extra is missing, if it is.

    Raises:
        ConfigurationFailure: it is.
    """
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in ("litestar", "granian", "jinja2", "argon2")):
        raise ConfigurationFailure("the desk needs the extra [serve]; run: pip install 'habeas[serve]'")


def run(path: Path, host: str, port: int, **more: str | bool | None) -> None:
    """Serve a ledger; says where first.

    Raises:
        ConfigurationFailure: the address is taken, or nobody could sign in.
        LedgerMisplaced: there is no ledger.
    """
    import msgspec

    from habeas.desk.accounts import Accounts
    from habeas.desk.ledgers import find
    from habeas.web.serving import Serving, serve

    found = find(path)
    accounts = Accounts(found.path)
    nobody = not accounts.every()
    accounts.close()
    if nobody:
        hint = f"run: habeas serve {path} --account NAME"
        raise ConfigurationFailure(f"nobody could sign in: the desk has no account; {hint}")
    serving = msgspec.convert({"ledger": str(path), "host": host, "port": _free(host, port), **more}, Serving)
    click.echo(f"http://{host}:{serving.port}/", err=False)
    serve(serving)


def _free(host: str, port: int) -> int:
    """A port that can be had: the one asked for, or any for 0."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"[{host}:{port}] cannot be served from: {error.strerror}; give another --port"
            raise ConfigurationFailure(message) from error
        return int(probe.getsockname()[1])


def _make_account(path: Path, name: str, role: str, places: str) -> None:
    from habeas.desk.accounts import Account, Accounts, BadAccount
    from habeas.desk.ledgers import find
    from habeas.desk.roles import Role
    from habeas.kernel.places import PlaceId

    folder = find(path)
    if role not in list(Role):
        raise click.BadParameter(f"expected one of: {', '.join(Role)}", param_hint="--role")
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    accounts = Accounts(folder.path)
    try:
        made = Account(name=name, role=Role(role), places=tuple(PlaceId(each) for each in places.split()))
        accounts.make(made, password, now())
    except BadAccount as error:
        raise click.UsageError(str(error)) from error
    finally:
        accounts.close()
    click.echo(f"made account [{name}] as {role}")
