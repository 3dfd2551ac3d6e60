"""`habeas db`: make a ledger, keep it, read every byte of it again."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

import click

from habeas.cli.ledger_names import is_address
from habeas.cli.ledger_options import actor_of, db_argument, db_option, ledger_path, who_options
from habeas.cli.options import Output, output_options
from habeas.cli.progress import Meter
from habeas.desk.addresses import described, folder_of
from habeas.desk.checkpointing import keep_note, request_for, sign, verified, witnessed_size
from habeas.desk.clock import now
from habeas.desk.ledgers import Identity, LedgerFolder, find, granted, init, upgrade
from habeas.desk.restoring import approve_recovery, backup, propose_recovery, restore
from habeas.kernel.instants import SECOND
from habeas.ledger.audit import Verification
from habeas.ledger.errors import LedgerError
from habeas.ledger.notes import read_note
from habeas.wire.canonical import encoded
from habeas.wire.ledger_forms import LedgerDocument

PROBLEM = 1


database_option = click.option(
    "--database",
    metavar="ADDRESS",
    help="Keep the entries in this PostgreSQL database, which holds no ledger yet: postgresql://HOST/NAME.",
)


@click.group("db")
def db_group() -> None:
    """A ledger: what was recorded when, that nobody can quietly rewrite."""


@db_group.command("init")
@click.argument("db", metavar="DIR")
@click.option("--origin", metavar="NAME", help="The ledger's name on its checkpoints; default DIR's own.")
@database_option
@click.option(
    "--secrets",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where its two secrets go; default inside, readable by you alone.",
)
@output_options("text", "json")
def init_command(
    db: str, *, origin: str | None, database: str | None, secrets: Path | None, out: Output
) -> None:
    """Make an empty ledger in DIR, with the keys that seal its payloads and sign its checkpoints.

    For DIR the address of a database may stand: then its folder is the one that HABEAS_LEDGER_FOLDER names,
    or one under your own data.
    """
    if is_address(db) and database is not None:
        raise click.UsageError("give the address once: for DIR, or with --database")
    address = db if is_address(db) else database
    path = folder_of(db) if is_address(db) else Path(db)
    folder = init(path, origin=origin, secrets=secrets, address=address)
    if out.form == "json":
        out.deliver(encoded(_document(folder, verified(folder))))
        return
    out.deliver(
        f"made the ledger [{folder.origin}] in {path}{_in_database(folder)}\n"
        f"secrets: {folder.secrets} (root.key, signing.key; mode 600). Copy them to a safe place that no"
        " backup of the ledger shares.\n"
        f"give to those who will check it: {folder.trust_file}\n"
    )


@db_group.command("upgrade")
@db_argument
@output_options("text", "json")
def upgrade_command(db: Path | None, out: Output) -> None:
    """Bring the tables of a ledger to the version this program reads; no entry changes."""
    folder = find(ledger_path(db))
    upgrade(folder)
    if out.form == "json":
        out.deliver(encoded(_document(folder, verified(folder))))
    else:
        out.deliver(f"the tables of [{folder.origin}] are of the version this program reads\n")


@db_group.command("grant")
@db_argument
@click.option("--writer", metavar="ROLE", help="Who records: may add entries, change and remove nothing.")
@click.option("--reader", metavar="ROLE", help="Who asks and verifies: may read.")
@click.option("--remover", metavar="ROLE", help="Who records, and carries out orders that remove headers.")
def grant_command(db: Path | None, *, writer: str | None, reader: str | None, remover: str | None) -> None:
    """Give roles of a PostgreSQL server their part in a ledger, asked as the owner of its tables."""
    if not (writer or reader or remover):
        raise click.UsageError("give --writer, --reader or --remover")
    folder = find(ledger_path(db))
    granted(folder, writer=writer, reader=reader, remover=remover)
    said = [
        f"{part} {name}"
        for part, name in (("writer", writer), ("reader", reader), ("remover", remover))
        if name
    ]
    click.echo(f"[{folder.origin}]: {', '.join(said)}")


@db_group.command("verify")
@db_argument
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that read; default one per processor.")
@output_options("text", "json")
def verify_command(db: Path | None, *, workers: int | None, out: Output) -> None:
    """Read every byte of the ledger again; exit 1 if anything is not as it was recorded.

    It is held to every checkpoint kept in DIR/checkpoints. Against somebody who owns this machine only
    checkpoints that outsiders keep prove anything: give them out with `habeas db checkpoint`.
    """
    folder = find(ledger_path(db))
    out.note(f"reading all of [{folder.origin}]")
    begun = now()
    size, meter = _size(folder), Meter("reading", "entries", sys.stderr)
    found = verified(
        folder,
        by=begun,
        workers=workers or os.cpu_count() or 1,
        tell=None if out.quiet else lambda done: meter.show(done, max(done, size)),
    )
    meter.close()
    seconds = max(now() - begun, 1) / SECOND
    out.note(f"read {found.size:,} entries in {seconds:.1f} s, {found.size / seconds:,.0f}/s")
    if out.form == "json":
        out.deliver(encoded(_document(folder, found)))
    else:
        out.deliver("\n".join(_lines(folder, found)) + "\n")
    out.leave(PROBLEM if found.problems or found.more else 0)


@db_group.command("checkpoint")
@db_argument
@click.option("--since", type=click.IntRange(min=0), metavar="SIZE", help="Ask a witness who saw so much.")
@click.option(
    "--add",
    "cosigned",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Keep a checkpoint that a witness has cosigned.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write here instead.")
def checkpoint_command(
    db: Path | None, *, since: int | None, cosigned: Path | None, output: Path | None
) -> None:
    """Sign the ledger as it ends now, and print what was signed for outsiders to keep."""
    folder = find(ledger_path(db))
    if cosigned is not None:
        _add(folder, cosigned)
        return
    written = sign(folder)
    try:
        text = written if since is None else request_for(folder, written, since)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--since") from error
    Output(form="text", output=output, quiet=False, no_color=True, exit_zero=False).deliver(text)


@db_group.command("backup")
@click.argument("to", type=click.Path(path_type=Path), metavar="DIR")
@db_option
@click.option(
    "--escrow",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where what unwraps the keys goes, apart from DIR; without it the copy cannot be opened.",
)
def backup_command(to: Path, *, db: Path | None, escrow: Path | None) -> None:
    """Copy a ledger to DIR while it is in use. The escrow is written anew each time; keep it elsewhere."""
    folder = find(ledger_path(db))
    sign(folder)
    done = backup(folder, to, escrow)
    without = "" if escrow else "; without --escrow nobody can open its payloads"
    click.echo(f"{to}: {done.files} files, {done.size} entries{without}")


@db_group.command("restore")
@click.argument("copy", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="BACKUP")
@click.argument("to", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--escrow", required=True, type=click.Path(path_type=Path, exists=True), metavar="DIR")
@click.option(
    "--witnessed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="A checkpoint that somebody outside kept; may be repeated.",
)
@database_option
@output_options("text", "json")
def restore_command(
    copy: Path,
    to: Path,
    *,
    escrow: Path,
    witnessed: tuple[Path, ...],
    database: str | None,
    out: Output,
) -> None:
    """Make a ledger in DIR from BACKUP and its escrow, and read every byte of it again.

    Where it is shorter than what was signed or witnessed, nothing can be recorded in it until two people
    sign that the rest is lost: `habeas db recover`.
    """
    folder = restore(copy, escrow, to, database)
    for path in witnessed:
        written = path.read_text("utf-8")
        folder.trust().checkpoint(written)
        keep_note(folder, written)
    found = verified(folder, by=now())
    if out.form == "json":
        out.deliver(encoded(_document(folder, found)))
    else:
        out.deliver("\n".join(_lines(folder, found)) + "\n")
    out.leave(PROBLEM if found.problems or found.more else 0)


@db_group.command("recover")
@db_argument
@click.option("--order", "citation", metavar="TEXT", help="Why: what was lost, and who decided.")
@click.option("--approve", "proposal", metavar="ID", help="Sign what another person proposed.")
@who_options
def recover_command(
    db: Path | None, *, citation: str | None, proposal: str | None, actor: str | None, role: str
) -> None:
    """Go on although the end of the ledger is lost: one person proposes, another approves."""
    if (citation is None) == (proposal is None):
        raise click.UsageError("give --order TEXT to propose, or --approve ID to sign")
    folder = find(ledger_path(db))
    who = Identity(actor_of(actor), role)
    if citation is not None:
        event_id = propose_recovery(folder, citation, who)
        click.echo(f"proposed; another person signs: habeas db recover {folder.path} --approve {event_id}")
        return
    moved = approve_recovery(folder, str(proposal), who)
    click.echo(f"the ledger goes on as [{moved.origin}]; give {moved.trust_file} to those who check it")


def _in_database(folder: LedgerFolder) -> str:
    """Where the entries are, if not in the folder."""
    return "" if folder.address is None else f", its entries in the {described(folder.address)}"


def _size(folder: LedgerFolder) -> int:
    """How many entries the head claims; 0 where it cannot be read, which verifying then names."""
    try:
        with closing(folder.store()) as store:
            return store.head().size
    except LedgerError:
        return 0


def _add(folder: LedgerFolder, path: Path) -> None:
    written = path.read_text("utf-8")
    folder.trust().checkpoint(written)
    keep_note(folder, written)
    click.echo(f"kept, with {len(read_note(written).signatures)} signatures")


def _lines(folder: LedgerFolder, found: Verification) -> list[str]:
    signed = witnessed_size(folder)
    lines = [
        f"ledger   {folder.origin}",
        f"size     {found.size:,}",
        f"root     {found.root.hex() or 'none: entries are missing'}",
        f"chain    {found.chain.hex()}",
        f"holes    {found.holes}",
        f"trusted  {found.trusted:,} entries rest on a checkpoint kept here (largest: {signed:,})",
    ]
    if not found.problems and not found.more:
        return [*lines, "sound: nothing was changed since it was recorded, as far as can be seen from here"]
    first, *rest = found.problems
    lines += [f"FIRST BAD RECORD  {first}", *(f"also  {each}" for each in rest[:20])]
    more = len(rest[20:]) + found.more
    return [*lines, *([f"and {more} problems more"] if more else [])]


def _document(folder: LedgerFolder, found: Verification) -> LedgerDocument:
    return LedgerDocument(
        origin=folder.origin,
        size=found.size,
        root=found.root.hex(),
        chain=found.chain.hex(),
        holes=found.holes,
        trusted=found.trusted,
        witnessed=witnessed_size(folder),
        problems=[str(each) for each in found.problems],
        more=found.more,
    )
