"""`habeas due` and `habeas sheet`: who must be let go or presented by when."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from habeas.authority.inquiry import Regimen
from habeas.cli.asking import configured, regimen_of
from habeas.cli.ledger_options import db_option, ledger_path
from habeas.cli.options import (
    Output,
    from_option,
    instant_from,
    output_options,
    reading_from,
    rulebook_option,
    zone_of,
)
from habeas.cli.progress import Meter
from habeas.desk.clock import now
from habeas.desk.due import WITHIN, Due, DueList, due_list
from habeas.desk.people import people_in
from habeas.kernel.instants import HOUR, SECOND, Instant, format_instant, zone
from habeas.kernel.places import PlaceId
from habeas.report.deadline_sheet import deadline_sheet, left
from habeas.wire.canonical import encoded
from habeas.wire.instants import instant_text
from habeas.wire.ledger_forms import DueDocument, DueForm

OVERDUE = 1


@click.command("due")
@from_option
@click.option("--at", metavar="INSTANT", help="The instant asked of; default now.")
@click.option("--within", type=click.IntRange(1), default=WITHIN // HOUR, show_default=True, metavar="HOURS")
@click.option("--reading", "readings", multiple=True, metavar="NAME=ALT", help="May be repeated.")
@click.option("--tz", metavar="ZONE", help="Zone of --at without an offset; default UTC.")
@rulebook_option
@output_options("text", "json")
def due_command(  # noqa: PLR0913 - one parameter for each thing the command line states
    *,
    source: Path,
    at: str | None,
    within: int,
    readings: tuple[str, ...],
    tz: str | None,
    folder: Path | None,
    out: Output,
) -> None:
    """Who has to be let go or presented by when, the least time left first; exit 1 if anything is overdue."""
    reading = reading_from(readings)
    if reading is None:
        raise click.BadParameter(
            "deadlines are asked under one reading; give NAME=ALT", param_hint="--reading"
        )
    regimen = regimen_of(folder)
    clock = zone_of(tz or configured("tz")) or zone("UTC")
    instant = now() if at is None else instant_from(at, clock, "--at")
    meter = Meter("looking at deadlines", "people", sys.stderr)
    watch: Callable[[int, int], None] = (lambda _done, _total: None) if out.quiet else meter.show
    people = people_in(source, regimen)
    found = due_list(people, instant, within=within * HOUR, reading=reading, watch=watch)
    meter.close()
    zones = _zones(regimen)
    if out.form == "json":
        out.deliver(encoded(_document(found, zones)))
    else:
        out.deliver("".join(f"{line}\n" for line in _lines(found, zones)))
    out.leave(OVERDUE if any(each.by < instant for each in found.due) else 0)


@click.command("sheet")
@db_option
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE")
@click.option("--every", type=click.IntRange(1), metavar="SECONDS", help="Write it again and again.")
@click.option("--times", type=click.IntRange(1), metavar="N", help="With --every: so often, then end.")
@click.option("--within", type=click.IntRange(1), default=WITHIN // HOUR, show_default=True, metavar="HOURS")
@rulebook_option
def sheet_command(
    *,
    db: Path | None,
    output: Path,
    every: int | None,
    times: int | None,
    within: int,
    folder: Path | None,
) -> None:
    """Write the deadline sheet: one page, signed beside it, that can be read when the database cannot.

    FILE.note is a signed note over the page's digest; who has the ledger's trust file checks both with
    `habeas proof sheet FILE --trust TRUST`. What is logged on standard error names nobody.
    """
    path = ledger_path(db)
    regimen = regimen_of(folder)
    left_over = times or (1 if every is None else None)
    while left_over is None or left_over > 0:
        _logged(path, regimen, output, within * HOUR, once=every is None)
        left_over = None if left_over is None else left_over - 1
        if every is not None and left_over != 0:
            time.sleep(every)


def _logged(path: Path, regimen: Regimen, output: Path, within: int, *, once: bool) -> None:
    """Write the sheet and log it; a failure is logged and tried again, unless it is written once."""
    from habeas.desk.journal import Line, stamp, written

    begun = now()
    try:
        found = _write(path, regimen, output, within)
    except Exception as error:
        if once:
            raise
        # The old page stays, and shows its age.
        line = Line(event="sheet-failed", at=stamp(begun), failure=type(error).__name__)
    else:
        line = Line(
            event="sheet-written",
            at=stamp(begun),
            people=found.people,
            due=len(found.due),
            withheld=found.withheld,
            unread=found.unread,
            milliseconds=(now() - begun) // (SECOND // 1000),
        )
    click.echo(written(line), nl=False, err=True)


def _write(path: Path, regimen: Regimen, output: Path, within: int) -> DueList:
    from habeas.desk.expunging import note_export
    from habeas.desk.kept import LedgerPeople
    from habeas.desk.ledgers import find
    from habeas.desk.sheets import note_path, signed_note
    from habeas.desk.whole_files import write_whole

    folder = find(path)
    people = LedgerPeople(folder, regimen)
    found = due_list(people, now(), within=within)
    data = deadline_sheet(found, folder.origin, _zones(regimen)).encode()
    write_whole(output, data)
    note = signed_note(data, folder.origin, found.at, folder.signing_key())
    write_whole(note_path(output), note.encode())
    shown = {each.person for each in found.due}
    note_export(folder, output, data, [each.stream for one in sorted(shown) for each in people.names.of(one)])
    return found


def _zones(regimen: Regimen) -> Callable[[str], ZoneInfo]:
    def zone_at(place: str) -> ZoneInfo:
        return regimen.rulebook.places.zone_of(PlaceId(place)) if place else zone("UTC")

    return zone_at


def _lines(found: DueList, zones: Callable[[str], ZoneInfo]) -> list[str]:
    lines = [_line(each, found.at, zones(each.place)) for each in found.due]
    more = f"; {found.withheld} withheld by orders" if found.withheld else ""
    unread = f"; {found.unread} rows could not be read" if found.unread else ""
    return [*lines, f"{len(found.due)} due of {found.people} people{more}{unread}"]


def _line(due: Due, at: Instant, where: ZoneInfo) -> str:
    cite = f" [{due.cite}]" if due.cite else ""
    when = format_instant(due.by, where)
    return (
        f"{left(due.by, at):>24}  {when}  {due.person}: {due.what} ({due.bearer}; {due.verdict.value}){cite}"
    )


def _document(found: DueList, zones: Callable[[str], ZoneInfo]) -> DueDocument:
    return DueDocument(
        at=instant_text(found.at, zone("UTC")),
        within_seconds=found.within // SECOND,
        people=found.people,
        withheld=found.withheld,
        due=[
            DueForm(
                person=each.person,
                what=each.what,
                by=instant_text(each.by, zones(each.place)),
                left_seconds=(each.by - found.at) // SECOND,
                bearer=each.bearer,
                cite=each.cite,
                verdict=each.verdict.value,
                place=each.place,
            )
            for each in found.due
        ],
    )
