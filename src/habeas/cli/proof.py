"""`habeas proof` and `habeas witness`: what leaves the building, and who outside keeps it."""

from __future__ import annotations

from pathlib import Path

import click

from habeas.cli.asking import regimen_of
from habeas.cli.ledger_options import db_argument, db_option, ledger_path
from habeas.cli.options import Output, output_options, rulebook_option
from habeas.desk.clock import now
from habeas.desk.expunging import note_export
from habeas.desk.kept import LedgerPeople
from habeas.desk.ledgers import find
from habeas.desk.proving import cosign, exported, init_witness, refuse_sealed, trusting
from habeas.desk.sheets import OLD, SpoiltSheet, check_sheet, note_path
from habeas.desk.whole_files import write_whole
from habeas.kernel.instants import SECOND, Instant, format_instant, zone
from habeas.ledger.bundles import Checked, Proven, Spoilt, check
from habeas.ledger.checkpoints import read_trust
from habeas.wire.canonical import encoded
from habeas.wire.instants import instant_text
from habeas.wire.ledger_forms import CheckedDocument, SheetDocument, ShownForm

SPOILT = 1
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("proof")
def proof_group() -> None:
    """What a court can keep and check: that something was recorded, when, and that nobody rewrote it."""


@proof_group.command("export")
@db_option
@click.option("--person", metavar="ID", help="Whose entries, with the keys that open them.")
@click.option("--whole", is_flag=True, help="Every entry, without any key.")
@click.option("--closed", is_flag=True, help="With --person: without the keys.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE")
@rulebook_option
def export_command(
    *, db: Path | None, person: str | None, whole: bool, closed: bool, output: Path, folder: Path | None
) -> None:
    """Write a bundle that anybody can check with the ledger's trust file, and none of our code.

    A bundle with keys shows what is recorded of the person to whoever has the file.
    """
    if (person is None) != whole:
        raise click.UsageError("give --person ID for one person, or --whole for everything")
    ledger = find(ledger_path(db))
    if person is not None:
        refuse_sealed(LedgerPeople(ledger, regimen_of(folder)), person)
    data, streams = exported(ledger, person, open_payloads=not closed)
    try:
        write_whole(output, data)
    except OSError as error:
        raise click.BadParameter(f"cannot write [{output}]: {error.strerror}", param_hint="-o") from error
    note_export(ledger, output, data, streams)
    click.echo(f"{output}: {len(data):,} bytes; check it with: habeas proof verify {output} --trust FILE")


@proof_group.command("verify")
@click.argument("bundle", type=_FILE)
@click.option("--trust", required=True, type=_FILE, metavar="FILE", help="Whom to believe.")
@output_options("text", "json")
def verify_command(bundle: Path, *, trust: Path, out: Output) -> None:
    """Check a bundle; exit 1 if it proves nothing, with what is wrong."""
    believed = read_trust(trust.read_text("utf-8"))
    try:
        found = check(bundle.read_bytes(), believed)
    except Spoilt as error:
        out.deliver(f"SPOILT: {error}\n")
        out.leave(SPOILT)
        return
    out.deliver(encoded(_document(found)) if out.form == "json" else "\n".join(_lines(found)) + "\n")


@proof_group.command("sheet")
@click.argument("page", type=_FILE)
@click.option("--trust", required=True, type=_FILE, metavar="FILE", help="Whom to believe.")
@output_options("text", "json")
def sheet_command(page: Path, *, trust: Path, out: Output) -> None:
    """Check that PAGE is a deadline sheet as the ledger signed it in PAGE.note; exit 1 if not.

    A good sheet may be old: its age is printed, and one older than ten minutes is called so.
    """
    believed = read_trust(trust.read_text("utf-8"))
    beside = note_path(page)
    try:
        found = check_sheet(page.read_bytes(), beside.read_text("utf-8"), believed)
    except (OSError, UnicodeDecodeError) as error:
        message = f"{beside}: expected the note beside the page, found: {error}"
        raise click.BadParameter(message, param_hint="PAGE") from error
    except SpoiltSheet as error:
        out.deliver(f"SPOILT: {error}\n")
        out.leave(SPOILT)
        return
    age = max(0, (now() - found.written_at) // SECOND)
    written = instant_text(found.written_at, zone("UTC"))
    if out.form == "json":
        document = SheetDocument(
            origin=found.origin, written_at=written, sha256=found.digest, age_seconds=age
        )
        out.deliver(encoded(document))
        return
    old = f"OLD: written {age // 60} minutes ago" if age > OLD else f"written {age} seconds ago"
    out.deliver(f"GOOD: sheet of [{found.origin}], {written}\n{old}\n")


@proof_group.command("verifier")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE")
def verifier_command(output: Path) -> None:
    """Write the independent verifier: one file that shares no code with habeas, to keep beside a bundle."""
    from habeas.ledger.standalone import verifier

    write_whole(output, verifier())
    click.echo(f"{output}: run it with: python {output} TRUST BUNDLE")


@click.group("witness")
def witness_group() -> None:
    """An outsider who holds ledgers to what they were: a court, a defender, an auditor."""


@witness_group.command("init")
@click.argument("path", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--name", required=True, help="The witness's name, without blanks or plus.")
@click.option("--trust", required=True, type=_FILE, metavar="FILE", help="Whose ledgers it watches.")
def witness_init_command(path: Path, *, name: str, trust: Path) -> None:
    """Make a witness in DIR, and print the line that a ledger's trust file needs."""
    click.echo(init_witness(path, name, read_trust(trust.read_text("utf-8"))))


@witness_group.command("cosign")
@click.argument("path", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("request", type=_FILE)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write here instead.")
def witness_cosign_command(path: Path, request: Path, *, output: Path | None) -> None:
    """Cosign the checkpoint of REQUEST, as `habeas db checkpoint --since` writes it, if it follows.

    Exit 4 if it does not: the ledger was rewritten, or lost its end.
    """
    written = cosign(path, request.read_text("utf-8"))
    Output(form="text", output=output, quiet=False, no_color=True, exit_zero=False).deliver(written)


@witness_group.command("trust")
@db_argument
@click.option("--witness", "line", required=True, metavar="LINE", help="As `witness init` printed it.")
@click.option("--quorum", type=click.IntRange(0), default=0, show_default=True, help="How many must cosign.")
def witness_trust_command(db: Path | None, *, line: str, quorum: int) -> None:
    """Add a witness to a ledger's trust file."""
    found = trusting(find(ledger_path(db)), line, quorum)
    click.echo(found.written(), nl=False)


def _lines(found: Checked) -> list[str]:
    utc = zone("UTC")
    last = found.checkpoint
    known = format_instant(last.known_at, utc)
    lines = [
        f"GOOD: ledger [{last.origin}], {last.size} entries, known until {known}",
        f"shows {'all entries' if found.whole else f'{len(found.entries)} of them'}; begins with "
        + (", ".join(str(each.size) for each in found.earlier) or "no")
        + " entries that were signed earlier",
    ]
    for each in found.entries:
        if each.header is None:
            lines.append(f"  {each.seq:>8}  a hole: something stood here")
            continue
        payload = "" if each.payload is None else f"  {each.payload.decode('utf-8', 'replace')}"
        recorded = instant_text(Instant(each.header.recorded_at), utc)
        lines.append(f"  {each.seq:>8}  {recorded}  {each.header.kind} by {each.header.actor}{payload}")
    return lines


def _document(found: Checked) -> CheckedDocument:
    utc = zone("UTC")
    return CheckedDocument(
        origin=found.checkpoint.origin,
        size=found.checkpoint.size,
        known_at=instant_text(found.checkpoint.known_at, utc),
        whole=found.whole,
        earlier=[each.size for each in found.earlier],
        entries=[_shown(each) for each in found.entries],
    )


def _shown(entry: Proven) -> ShownForm:
    header = entry.header
    return ShownForm(
        seq=entry.seq,
        kind=None if header is None else header.kind,
        recorded_at=None if header is None else instant_text(Instant(header.recorded_at), zone("UTC")),
        opened=entry.payload is not None,
    )
