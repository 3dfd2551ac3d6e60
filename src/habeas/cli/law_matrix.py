"""`habeas law matrix`: what the law of each state let a local jail do with a request, year by year."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from habeas.authority.inquiry import Regimen
from habeas.cli.asking import regimen_of
from habeas.cli.options import Output, instant_from, output_options, rulebook_option
from habeas.cli.progress import Meter
from habeas.desk.clock import now
from habeas.desk.matrix import LawMatrix, Stretch, matrix
from habeas.kernel.instants import Instant, zone
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId
from habeas.wire.canonical import encoded
from habeas.wire.instants import instant_text
from habeas.wire.law_forms import MatrixCellForm, MatrixDocument, MatrixPaperForm, MatrixPlaceForm, SearchForm


@click.command("matrix")
@click.argument("places", nargs=-1, metavar="[PLACE]...")
@click.option("--from", "first", metavar="INSTANT", default="2010-01-01 00:00", show_default=True)
@click.option("--until", "last", metavar="INSTANT", help="And what was known of law then; default now.")
@click.option("--custodian", metavar="KIND", default="county-jail", show_default=True)
@rulebook_option
@output_options("text", "json", "html", by_suffix=True)
def law_matrix(
    places: tuple[str, ...],
    *,
    first: str,
    last: str | None,
    custodian: str,
    folder: Path | None,
    out: Output,
) -> None:
    """Ask what a jail in each PLACE might do with a detainer, alone or with a warrant, and with a notice.

    With no PLACE, every state. `-o x.html` writes one page in which each part of each strip of years
    leads to its proof.
    """
    regimen = regimen_of(folder)
    utc = zone("UTC")
    ends = now() if last is None else instant_from(last, utc, "--until")
    span = _span(instant_from(first, utc, "--from"), ends)
    meter = Meter("asking law", "places", sys.stderr)
    made = matrix(
        regimen,
        span,
        places=[PlaceId(each) for each in places],
        custodian=custodian,
        watch=None if out.quiet else meter.show,
    )
    meter.close()
    if out.form == "html":
        from habeas.report.matrix_html import matrix_page

        out.deliver(matrix_page(made, regimen))
    elif out.form == "json":
        out.deliver(encoded(_document(made, regimen)))
    else:
        out.deliver("\n".join(_lines(made)) + "\n")


def _span(first: Instant, last: Instant) -> Interval:
    if last <= first:
        raise click.BadParameter("expected an instant after --from", param_hint="--until")
    return Interval(first, last)


def _document(made: LawMatrix, regimen: Regimen) -> MatrixDocument:
    utc = zone("UTC")
    return MatrixDocument(
        start=instant_text(made.first, utc),
        end=instant_text(made.last, utc),
        custodian=made.custodian,
        papers=[MatrixPaperForm(id=each.id, title=each.title, says=each.says) for each in made.papers],
        places=[
            MatrixPlaceForm(
                place=row.place,
                name=row.name,
                searched=[
                    SearchForm(on=each.date, where=each.where, words=each.words, found=each.found)
                    for each in row.searched
                ],
                cells={
                    paper: [_cell(each, regimen, row.place) for each in line]
                    for paper, line in row.lines.items()
                },
            )
            for row in made.rows
        ],
        law=made.law,
    )


def _cell(each: Stretch, regimen: Regimen, place: PlaceId) -> MatrixCellForm:
    local = regimen.rulebook.places.zone_of(place)
    return MatrixCellForm(
        start=instant_text(each.start, local),
        end=instant_text(each.end, local),
        says=each.says.value,
        form=each.edition.form,
        questions=list(each.questions),
        waits_for=list(each.waits_for),
        clauses=list(each.clauses),
    )


def _lines(made: LawMatrix) -> Iterator[str]:
    """The last day's answers, a line for each place."""
    width = max(len(row.name) for row in made.rows)
    heads = [each.title for each in made.papers]
    yield f"{'':<{width}}  " + "  ".join(f"{each:<24}" for each in heads).rstrip()
    for row in made.rows:
        words = [f"{row.lines[paper.id][-1].says:<24}" for paper in made.papers]
        yield f"{row.name:<{width}}  " + "  ".join(words).rstrip()
    yield ""
    yield f"On the last day, for {made.custodian}; -o FILE.html shows every year and each proof."
    yield f"Rulebook  {made.law}"
