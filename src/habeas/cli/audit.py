"""`habeas audit`: what supported custody in a whole roster, and what did not."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from habeas.cli.asking import configured, regimen_of
from habeas.cli.audit_text import audit_lines
from habeas.cli.failures import UnreadableFailure
from habeas.cli.ledger_names import LEDGER
from habeas.cli.options import Known, Output, knowledge_options, output_options, rulebook_option, zone_of
from habeas.desk.addresses import is_ledger
from habeas.desk.audit import AuditRequest, Progress, audit, is_invented
from habeas.desk.audit_people import are_records
from habeas.desk.audit_report import AuditReport
from habeas.desk.clock import now
from habeas.desk.processors import processors
from habeas.intake.recipes import Recipe, bundled, read_recipe, recognised
from habeas.kernel.instants import zone
from habeas.kernel.places import PlaceId

UNREADABLE = 4
_EVERY = 250
_OVER = "\r"


class _Dollars(click.ParamType[int]):
    """An amount of money, kept in cents."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Whole cents of an amount in dollars, two decimals at most."""
        found = re.fullmatch(r"\$?(\d{1,9})(?:\.(\d{2}))?", str(value))
        if found is None:
            self.fail(f"expected dollars such as 150 or 149.50, got [{value}]", param, ctx)
        return int(found[1]) * 100 + int(found[2] or 0)


DOLLARS = _Dollars()


@click.command("audit")
@click.argument("paths", nargs=-1, required=True, type=LEDGER, metavar="PATH...")
@click.option("--law", "place", metavar="PLACE", help="Whose law is asked; default as the recipe says.")
@click.option("--recipe", "named", metavar="NAME|FILE", help="How to read the rows; default by file name.")
@click.option("--strict", is_flag=True, help="Exit 4 if any row is quarantined.")
@click.option(
    "--findings",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write every custody here: .jsonl, .csv or .parquet. May be repeated.",
)
@click.option(
    "--sample", type=click.IntRange(min=0), default=0, metavar="N", help="Draw N custodies for review."
)
@click.option("--seed", type=int, default=0, help="Seed of that draw.")
@click.option("--compare-column", "column", metavar="NAME", help="The jail's own date of release.")
@click.option("--only", multiple=True, metavar="ID", help="One booking or person; may be repeated.")
@click.option(
    "--cost-per-day", "cost", type=DOLLARS, metavar="AMOUNT", help="Cost of a day of custody, in dollars."
)
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many decide; default one for each processor.",
)
@knowledge_options
@rulebook_option
@output_options("text", "html", "json", by_suffix=True)
def audit_command(  # noqa: PLR0913 - one parameter for each thing the command line states
    paths: tuple[Path, ...],
    *,
    place: str | None,
    named: str | None,
    strict: bool,
    findings: tuple[Path, ...],
    sample: int,
    seed: int,
    column: str | None,
    only: tuple[str, ...],
    cost: int | None,
    processes: int | None,
    known: Known,
    folder: Path | None,
    out: Output,
) -> None:
    """Read the files or folder at PATH and say of each custody what supported it until when.

    `-o report.html` writes the report; the terminal gets its figures. Without --known-at it is what
    is known now. --sample draws custodies to be checked by hand; `--only ID` decides one of them again.
    """
    files = files_of(paths)
    regimen = regimen_of(folder)
    recipe, files = read_with(named, files, out)
    if recipe is not None and column is not None:
        recipe = recipe.comparing(column)
    where = place or configured("law")
    asked = None if where is None else regimen.rulebook.places[PlaceId(where)].id
    clock = zone_of(known.tz or configured("tz")) or zone("UTC")
    reading: Mapping[str, str] | None = known.reading()
    moment = now()
    request = AuditRequest(
        paths=files,
        recipe=recipe,
        regimen=regimen,
        place=asked,
        facts_known_at=known.facts(clock, moment),
        law_known_at=known.law(clock, moment),
        reading=reading,
        sample=sample,
        seed=seed,
        rate_cents=cost,
        only=frozenset(only),
        processes=processes or processors(),
    )
    report = _audited(request, findings, None if out.quiet else _Watch())
    _deliver(report, request, out)
    out.leave(UNREADABLE if strict and report.quarantined else report.exit_code)


def _audited(request: AuditRequest, findings: tuple[Path, ...], watch: _Watch | None) -> AuditReport:
    """The audit, with every finding written where it was asked for.

    Raises:
        BadParameter: a file of findings cannot be written, or its suffix says no form.
    """
    if not findings:
        return audit(request, watch)
    from habeas.report.findings_files import findings_sink

    try:
        with findings_sink(findings, invented=is_invented(request)) as sink:
            return audit(request, watch, sink)
    except (OSError, ValueError) as error:
        raise click.BadParameter(str(error), param_hint="--findings") from error


def _deliver(report: AuditReport, request: AuditRequest, out: Output) -> None:
    lines = "\n".join(audit_lines(report)) + "\n"
    if out.form == "text":
        out.deliver(lines)
        return
    if out.form == "json":
        from habeas.report.audit_json import audit_json

        out.deliver(audit_json(report))
    else:
        from habeas.report.audit_html import audit_page

        out.deliver(audit_page(report, request.regimen))
    if out.output is not None:
        click.echo(lines, nl=False)
        click.echo(f"\n{out.output}")


class _Watch:
    """Progress on standard error: one line that is written over on a terminal, few lines elsewhere."""

    def __init__(self) -> None:
        self._stage = ""

    def __call__(self, progress: Progress) -> None:
        """Say how far it is."""
        terminal = sys.stderr.isatty()
        if progress.stage != self._stage:
            self._stage = progress.stage
            click.echo(f"{_OVER if terminal else ''}habeas: {progress.stage}", err=True)
        elif terminal and progress.done % _EVERY == 0:
            of = "" if progress.total is None else f" of {progress.total}"
            click.echo(f"{_OVER}habeas: {progress.stage} {progress.done}{of}", nl=False, err=True)


def files_of(paths: tuple[Path, ...]) -> list[Path]:
    """Every file named, and every file of a folder named.

    Raises:
        UnreadableFailure: there is none.
    """
    found: list[Path] = []
    for path in paths:
        if is_ledger(path):
            if len(paths) > 1:
                raise click.UsageError("a ledger is audited by itself; name nothing beside it")
            found.append(path)
        elif path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.is_file() and each.name[0] != ".")
            known = [each for each in inside if any(recipe.knows(each.name) for recipe in bundled().values())]
            found += known or inside
        elif path.exists():
            found.append(path)
        else:
            raise UnreadableFailure(f"expected a file or folder, found none at [{path}]")
    if not found:
        named = ", ".join(map(str, paths))
        raise UnreadableFailure(f"expected files of records, found an empty folder [{named}]")
    return found


def read_with(named: str | None, files: list[Path], out: Output) -> tuple[Recipe | None, list[Path]]:
    """How the files are read, and which: no recipe for records and ledgers, which need none.

    Raises:
        UsageError: none was named and none knows the files.
    """
    if named is not None and named in bundled():
        recipe = bundled()[named]
        return recipe, [each for each in files if recipe.knows(each.name)] or files
    if named is not None:
        return read_recipe(Path(named)), files
    if are_records(files) or files[0].is_dir():
        return None, files
    found = recognised(files) or _first_of(files, out)
    if found is None:
        names = ", ".join(sorted(bundled()))
        message = f"no bundled recipe ({names}) knows these files by name; give --recipe NAME or FILE"
        raise click.UsageError(message)
    return found, [each for each in files if found.knows(each.name)]


def _first_of(files: list[Path], out: Output) -> Recipe | None:
    """Of files that several recipes know: the first that tells of custody; the others are named."""
    if not all(any(recipe.knows(each.name) for recipe in bundled().values()) for each in files):
        return None
    known = [recipe for _, recipe in sorted(bundled().items()) if any(recipe.knows(f.name) for f in files)]
    known.sort(key=lambda recipe: recipe.kind != "custody")
    others = ", ".join(recipe.name for recipe in known[1:])
    out.note(f"read as [{known[0].name}]; also there, with --recipe: {others}")
    return known[0]
