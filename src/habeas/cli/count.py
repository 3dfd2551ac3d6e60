"""`habeas count`: how many people are held, on what, how long; under rules that are named and cited."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from habeas.cli.asking import regimen_of
from habeas.cli.audit import DOLLARS, files_of, read_with
from habeas.cli.count_text import count_lines, series_lines
from habeas.cli.failures import UnreadableFailure
from habeas.cli.options import Output, instant_from, output_options, rulebook_option
from habeas.counts.rules import (
    CountingRule,
    NotEncoded,
    UnknownRule,
    UnreadableRule,
    bundled_agencies,
    rule_named,
)
from habeas.desk.clock import now
from habeas.kernel.instants import CivilDate, zone
from habeas.kernel.places import PlaceId
from habeas.study.declared import Declared, declared_for
from habeas.wire.canonical import encoded
from habeas.wire.count_forms import CountDocument, SeriesDocument

if TYPE_CHECKING:
    from habeas.study.counting import CountRequest

_PLAIN = "everyone"


class _Day(click.ParamType[CivilDate]):
    """A civil day."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> CivilDate:
        """The day of ``YYYY-MM-DD``."""
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"expected a day such as 2024-03-01, got [{value}]", param, ctx)


class _Time(click.ParamType[dt.time]):
    """A wall time."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.time:
        """The time of ``HH:MM``."""
        try:
            return dt.time.fromisoformat(str(value))
        except ValueError:
            self.fail(f"expected a time such as 06:00, got [{value}]", param, ctx)


DAY = _Day()
TIME = _Time()


@click.command("count")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH...")
@click.option(
    "--rule",
    "named",
    multiple=True,
    metavar="NAME|FILE",
    help="A counting rule; the first is reconciled with the others. Default everyone.",
)
@click.option("--rules", "listing", is_flag=True, help="List the counting rules and stop.")
@click.option("--from", "first", metavar="DAY", help="The first day (a table of figures: year or month).")
@click.option("--to", "last", metavar="DAY", help="The last day, itself counted.")
@click.option(
    "--at",
    "time",
    type=TIME,
    default="00:00",
    show_default=True,
    help="Local time of the count, where a rule states none.",
)
@click.option("--place", metavar="PLACE", help="Only custody at this place or within it.")
@click.option(
    "--by",
    type=click.Choice(["paper", "charge", "custodian", "label", "basis"]),
    default="paper",
    show_default=True,
    help="By what time in custody is divided; `basis` asks the law.",
)
@click.option(
    "--cost-per-day", "rate", type=DOLLARS, metavar="AMOUNT", help="Cost of a day of custody, in dollars."
)
@click.option(
    "--return-within",
    "window",
    type=click.IntRange(min=1),
    metavar="DAYS",
    help="Returns to custody within so many days (extra study).",
)
@click.option("--recipe", "recipe", metavar="NAME|FILE", help="How to read rows; default by file name.")
@click.option("--known-at", metavar="INSTANT", help="What was known then; default now.")
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="Of a table of figures: only this name, or set of names.",
)
@click.option("--rank", "ranked", metavar="NAME", help="Of a table of figures: the rank of this name.")
@click.option(
    "--daily",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write every count here: .csv or .parquet.",
)
@click.option(
    "--filing",
    "filings",
    multiple=True,
    metavar="NAME=FILE.csv",
    help="Also write texas-monthly, colorado-quarterly or justice-counts. May be repeated.",
)
@rulebook_option
@output_options("text", "html", "json", by_suffix=True)
def count_command(
    paths: tuple[Path, ...], *, listing: bool, folder: Path | None, out: Output, **asked: Any
) -> None:
    """Count the people that records at PATH tell of, under one or more counting rules.

    PATH is a record, a ledger's folder, rows that a recipe reads, a table of daily lists, or a published
    table of figures. No law is asked: a count never hangs on a ruling. What the records cannot show is
    said beside the figures.
    """
    if listing:
        out.deliver(_listed())
        return
    files = files_of(paths) if paths else []
    if not files:
        raise click.UsageError("expected records to count: give PATH, or --rules for the counting rules")
    declared = None if asked["recipe"] else declared_for(files)
    if declared is not None and declared.kind == "series":
        _deliver_series(_series(files, declared, asked), out)
        return
    _deliver(_counted(files, declared, folder, asked, out), asked["daily"], out)


def _listed() -> str:
    from habeas.counts.rules import bundled_rules

    lines = [
        f"{name:<20} {rule.title}{'' if rule.encoded else ' (words not read: cannot count)'}"
        for name, rule in bundled_rules().items()
    ]
    return "\n".join(lines) + "\n"


def _rules(named: tuple[str, ...], declared: Declared | None) -> list[CountingRule]:
    default = _PLAIN if declared is None else "listed-rows"
    try:
        rules = [rule_named(each) for each in named or (default,)]
        for rule in rules:
            rule.needs()
    except (UnknownRule, NotEncoded) as error:
        raise click.UsageError(str(error)) from error
    except UnreadableRule as error:
        raise UnreadableFailure(str(error)) from error
    return rules


def _counted(
    files: list[Path], declared: Declared | None, folder: Path | None, asked: dict[str, Any], out: Output
) -> CountDocument:
    from habeas.study.bases import basis_time
    from habeas.study.counting import CountRequest, NoDays, count, interval_of, published_beside
    from habeas.study.listed import listed_population
    from habeas.study.populations import NobodyToCount, Wanted, population_of

    rules = _rules(asked["named"], declared)
    wanted: Wanted | None = None
    try:
        if declared is not None:
            counted = listed_population(files, declared)
        else:
            regimen = regimen_of(folder)
            recipe, files = read_with(asked["recipe"], files, out)
            place = None if asked["place"] is None else regimen.rulebook.places[PlaceId(asked["place"])].id
            known = (
                now()
                if asked["known_at"] is None
                else instant_from(asked["known_at"], zone("UTC"), "--known-at")
            )
            wanted = Wanted(
                paths=files,
                recipe=recipe,
                regimen=regimen,
                agencies=bundled_agencies(),
                known_at=known,
                place=place,
            )
            counted = population_of(wanted)
        request = CountRequest(
            counted=counted,
            rules=rules,
            first=_day(asked["first"], "--from"),
            last=_day(asked["last"], "--to"),
            at=asked["time"],
            rate_cents=asked["rate"],
            prefix=f"{asked['by']}=",
            return_days=asked["window"],
            place=asked["place"] or "",
        )
        if asked["by"] == "basis":
            if wanted is None:
                raise click.UsageError(
                    "daily lists hold no papers, so no law can be asked of them: --by label"
                )
            request = replace(request, bases=basis_time(wanted, interval_of(request)))
        found = count(request)
        _file(asked["filings"], request)
    except NobodyToCount as error:
        raise UnreadableFailure(str(error)) from error
    except NoDays as error:
        raise click.UsageError(str(error)) from error
    found.published = [] if declared is None else published_beside(request, declared)
    return found


def _file(filings: tuple[str, ...], request: CountRequest) -> None:
    """Write each filing asked for.

    Raises:
        BadParameter: there is no such filing, or its file cannot be written.
    """
    from habeas.desk.whole_files import write_whole
    from habeas.study.counting import days_of
    from habeas.study.filings import FILINGS, Filed, filing_csv

    for each in filings:
        name, _, path = each.partition("=")
        if name not in FILINGS or not path:
            message = f"expected NAME=FILE with one of {', '.join(FILINGS)}, found [{each}]"
            raise click.BadParameter(message, param_hint="--filing")
        first, last = days_of(request)
        filed = Filed(
            population=request.counted.population,
            first=first,
            last=last,
            at=request.at,
            rate_cents=request.rate_cents,
        )
        try:
            write_whole(Path(path), filing_csv(list(FILINGS[name](filed)), invented=request.counted.invented))
        except OSError as error:
            message = f"cannot write [{path}]: {error.strerror}"
            raise click.BadParameter(message, param_hint="--filing") from error


def _day(text: str | None, flag: str) -> CivilDate | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        message = f"expected a day such as 2024-03-01, found [{text}]"
        raise click.BadParameter(message, param_hint=flag) from error


def _series(files: list[Path], declared: Declared, asked: dict[str, Any]) -> SeriesDocument:
    from habeas.study.series import SeriesRequest, series

    return series(
        SeriesRequest(
            paths=files,
            declared=declared,
            names=asked["names"],
            first=asked["first"] or "",
            last=asked["last"] or "",
            ranked=asked["ranked"] or "",
        )
    )


def _deliver(found: CountDocument, daily: Path | None, out: Output) -> None:
    if daily is not None:
        from habeas.report.count_files import UnknownForm, write_counts

        try:
            write_counts(found, daily)
        except (OSError, UnknownForm) as error:
            raise click.BadParameter(str(error), param_hint="--daily") from error
    lines = "\n".join(count_lines(found)) + "\n"
    if out.form == "text":
        out.deliver(lines)
    elif out.form == "json":
        out.deliver(encoded(found))
    else:
        from habeas.report.count_html import count_page

        out.deliver(count_page(found))
    _beside(lines, out)


def _deliver_series(found: SeriesDocument, out: Output) -> None:
    lines = "\n".join(series_lines(found)) + "\n"
    if out.form == "text":
        out.deliver(lines)
    elif out.form == "json":
        out.deliver(encoded(found))
    else:
        from habeas.report.count_html import series_page

        out.deliver(series_page(found))
    _beside(lines, out)


def _beside(lines: str, out: Output) -> None:
    """Where the document went to a file, its figures on the terminal."""
    if out.form != "text" and out.output is not None:
        click.echo(f"{lines}\n{out.output}", file=sys.stdout)
