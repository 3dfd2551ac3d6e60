"""`habeas record`: events put into a ledger, the same ones never twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from habeas.cli.asking import regimen_of
from habeas.cli.ledger_options import actor_of, db_option, ledger_path, recording, who_options
from habeas.cli.options import Output, output_options, rulebook_option
from habeas.desk.ledgers import Identity, find
from habeas.desk.receiving import record_file
from habeas.desk.recording import Outcome, Recorded
from habeas.kernel.instants import zone
from habeas.wire.canonical import encoded
from habeas.wire.instants import instant_text
from habeas.wire.ledger_forms import FileForm, ReceiptForm, ReceiptsDocument


@click.command("record")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@db_option
@who_options
@rulebook_option
@output_options("text", "json")
def record_command(
    file: Path, *, db: Path | None, actor: str | None, role: str, folder: Path | None, out: Output
) -> None:
    """Record the events of FILE, a table (.yaml) or a record (.json, .jsonl), all of them or none.

    The same events again are recorded once. An event whose identity stands there already and says
    something else is refused: nothing is edited; a correction is a new event that supersedes.
    """
    who = Identity(actor_of(actor), role)
    with recording(find(ledger_path(db))) as ledger:
        done = record_file(ledger, file, regimen_of(folder), who)
        position = ledger.position()
    deliver(done, position, out)


def deliver(done: Recorded, position: int, out: Output, files: Sequence[FileForm] = ()) -> None:
    """Print what became of a source."""
    if out.form == "json":
        out.deliver(encoded(_document(done, position, files)))
        return
    accepted, already, corrected = (done.count(each) for each in Outcome)
    out.deliver(
        f"events: {accepted} accepted, {already} there already, {corrected} corrected;"
        f" people new to the ledger: {done.new_people}\n"
        f"entries added: {done.entries}; the ledger has {position}\n"
    )


def _document(done: Recorded, position: int, files: Sequence[FileForm]) -> ReceiptsDocument:
    accepted, already, corrected = (done.count(each) for each in Outcome)
    return ReceiptsDocument(
        position=position,
        entries=done.entries,
        new_people=done.new_people,
        accepted=accepted,
        already=already,
        corrected=corrected,
        files=list(files),
        receipts=[
            ReceiptForm(
                event=each.event,
                outcome=each.outcome.value,
                seq=each.seq,
                entry=each.entry,
                recorded_at=instant_text(each.recorded_at, zone("UTC")),
            )
            for each in done.receipts
        ],
    )
