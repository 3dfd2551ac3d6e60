"""`habeas import --db`: rows of a source into a ledger."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from habeas.authority.inquiry import Regimen
from habeas.cli.ledger_options import actor_of, recording
from habeas.cli.options import Output
from habeas.cli.progress import Meter
from habeas.cli.record import deliver
from habeas.desk.filing import Filing, Imported, import_into
from habeas.desk.ledgers import Identity, find
from habeas.intake.databases import is_url
from habeas.intake.recipes import Recipe
from habeas.wire.ledger_forms import FileForm

UNREADABLE = 4


def import_to_ledger(
    db: Path,
    filing: tuple[list[str], Recipe, Regimen, str | None, str],
    *,
    strict: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Import files into a ledger and print what became of every row.

    Raises:
        UsageError: an input is the address of a database, whose rows have no file to keep.
    """
    inputs, recipe, regimen, actor, role = filing
    if any(is_url(each) for each in inputs):
        raise click.UsageError("a ledger keeps the bytes it was told of: write the rows to a file first")
    paths = [Path(each) for each in inputs]
    asked = Filing(paths=paths, recipe=recipe, regimen=regimen, who=Identity(actor_of(actor), role))
    meter = Meter("reading rows", "rows", sys.stderr)
    with recording(find(db)) as ledger:
        done = import_into(
            ledger, find(db), asked, (lambda _: None) if quiet else (lambda rows: meter.show(rows, rows + 1))
        )
        position = ledger.position()
    meter.close()
    out = Output(form="json" if as_json else "text", output=None, quiet=quiet, no_color=True, exit_zero=False)
    if not as_json:
        click.echo("\n".join(map(_line, done.files)))
    deliver(done.recorded, position, out, [_form(each) for each in done.files])
    if strict and any(each.quarantined for each in done.files):
        raise click.exceptions.Exit(UNREADABLE)


def _line(file: Imported) -> str:
    return (
        f"{file.name}: {file.rows} rows = {file.accepted} accepted + {file.duplicate} duplicate"
        f" + {file.quarantined} quarantined"
    )


def _form(file: Imported) -> FileForm:
    return FileForm(
        name=file.name,
        digest=file.digest,
        rows=file.rows,
        accepted=file.accepted,
        duplicate=file.duplicate,
        quarantined=file.quarantined,
    )
