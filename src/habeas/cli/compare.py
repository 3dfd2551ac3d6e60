"""`habeas compare`: one population under the law of two places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

import click

from habeas.cli.asking import regimen_of
from habeas.cli.audit import DOLLARS, files_of, read_with
from habeas.cli.count import DAY
from habeas.cli.options import Output, instant_from, output_options, reading_from, rulebook_option
from habeas.desk.processors import processors
from habeas.kernel.instants import CivilDate, Instant, zone
from habeas.kernel.places import PlaceId
from habeas.report.compare_html import INVENTED, sentences, verdict_words
from habeas.report.count_words import days, money
from habeas.study.comparison import CompareRequest, Side, compare
from habeas.study.laying import Incomparable
from habeas.wire.canonical import encoded
from habeas.wire.compare_forms import CompareDocument

_MOST = 8
_SIDE = "PLACE[:CUSTODIAN][@DATE]"


@click.command("compare")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--a", "one", required=True, metavar=_SIDE, help="The one law: whose, and as of when.")
@click.option("--b", "other", required=True, metavar=_SIDE, help="The other.")
@click.option("--from", "first", type=DAY, required=True, help="The first day of the records compared.")
@click.option("--to", "last", type=DAY, required=True, help="The last day, itself compared.")
@click.option("--law-known-at", metavar="INSTANT", help="Law as known then; default at the end of the days.")
@click.option(
    "--reading", "readings", multiple=True, metavar="NAME=ALT", help="The side taken of a question of law."
)
@click.option(
    "--cost-per-day", "rate", type=DOLLARS, metavar="AMOUNT", help="Cost of a day of custody, in dollars."
)
@click.option("--recipe", metavar="NAME|FILE", help="How to read rows; default by file name.")
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many decide; default one for each processor.",
)
@rulebook_option
@output_options("text", "html", "json", by_suffix=True)
def compare_command(  # noqa: PLR0913 - one parameter for each thing the command line states
    paths: tuple[Path, ...],
    *,
    one: str,
    other: str,
    first: CivilDate,
    last: CivilDate,
    law_known_at: str | None,
    readings: tuple[str, ...],
    rate: int | None,
    recipe: str | None,
    processes: int | None,
    folder: Path | None,
    out: Output,
) -> None:
    """Put the people of PATH under the law of two places and say of whom it says something else.

    With @DATE the records are moved by whole weeks so that their first day compared is that day or the same
    weekday after it. It is exact replay of law over custody as it happened, and no estimate: what people
    would have done under other law is not in it. UNDETERMINED time is counted, never shared out.
    """
    files = files_of(paths)
    regimen = regimen_of(folder)
    how, files = read_with(recipe, files, out)
    known = None if law_known_at is None else instant_from(law_known_at, zone("UTC"), "--law-known-at")
    request = CompareRequest(
        paths=files,
        recipe=how,
        regimen=regimen,
        a=side_from(one, "--a", known),
        b=side_from(other, "--b", known),
        first=first,
        last=last,
        reading=dict(reading_from(readings) or {}),
        rate_cents=rate,
        processes=processes or processors(),
    )
    try:
        found = compare(request)
    except Incomparable as error:
        raise click.UsageError(str(error)) from error
    _deliver(found, out)


def side_from(text: str, flag: str, known: Instant | None) -> Side:
    """The side that a flag states.

    Raises:
        BadParameter: its date is none.
    """
    where, at, day = text.partition("@")
    place, _, custodian = where.partition(":")
    try:
        moved = dt.date.fromisoformat(day) if at else None
    except ValueError as error:
        message = f"expected {_SIDE} with a date such as 2017-02-20, found [{text}]"
        raise click.BadParameter(message, param_hint=flag) from error
    return Side(PlaceId(place), custodian, moved, known)


def _deliver(found: CompareDocument, out: Output) -> None:
    lines = "\n".join(compare_lines(found)) + "\n"
    if out.form == "text":
        out.deliver(lines)
        return
    if out.form == "json":
        out.deliver(encoded(found))
    else:
        from habeas.report.compare_html import compare_page

        out.deliver(compare_page(found))
    if out.output is not None:
        click.echo(f"{lines}\n{out.output}")


def compare_lines(found: CompareDocument) -> Iterator[str]:
    """The comparison on the terminal."""
    if found.invented:
        yield INVENTED
    for sentence in sentences(found):
        yield from wrap(sentence, 100)
    yield ""
    yield f"{'A says':<16}{'B says':<16}{'people':>8}{'days':>12}{'cost':>18}"
    for cell in found.cells:
        said = f"{verdict_words(cell.a):<16}{verdict_words(cell.b):<16}"
        yield f"{said}{cell.people:>8,}{days(cell.seconds):>12}{money(cell.cents):>18}"
    yield f"{'all':<32}{found.people:>8,}{days(found.seconds):>12}"
    for each in found.grounds[:_MOST]:
        yield ""
        held = f"{days(each.seconds)} days of {each.people:,} people: supported under {each.side.upper()}"
        yield from wrap(
            f"{held} on {each.rests_on} [{'; '.join(each.cites)}]; {verdict_words(each.other)} there", 100
        )
    for name, side in (("A", found.a), ("B", found.b)):
        for what, time in (side.undetermined_facts | side.undetermined_questions).items():
            yield from wrap(
                f"undetermined under {name}, {days(time)} days wait for: {what}", 100, subsequent_indent="  "
            )
    for limit in found.limits:
        yield ""
        yield from wrap(limit, 100)
