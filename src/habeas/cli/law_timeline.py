"""`habeas law timeline`: what was in force at a place, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click

from habeas.cli.options import Output, output_options
from habeas.cli.vantage import LawVantage, Looking, in_force, looking_options
from habeas.kernel.instants import Instant
from habeas.law.formulas import Formula
from habeas.wire.canonical import encoded
from habeas.wire.instants import instant_text
from habeas.wire.law_forms import ClauseForm, InForce, LawPieceForm, LawTimelineDocument


@click.command("timeline")
@click.argument("place")
@click.option("--about", metavar="TEXT", default="", help="Only clauses whose name contains this.")
@looking_options
@output_options("text", "json", "html", by_suffix=True)
def law_timeline(place: str, about: str, looking: Looking, out: Output) -> None:
    """Which clauses were in force at PLACE from when until when, as known by now or by --law-known-at.

    `-o x.html` writes the law of the place as one page, with lanes of acts.
    """
    seen = looking.upon(place)
    known = seen.known.law(seen.zone, seen.instant(None))
    if out.form == "html":
        from habeas.report.rulebook_html import rulebook_page
        from habeas.report.rulebook_lanes import Vantage

        looked = Vantage(seen.place, seen.custodian, known, seen.reading)
        out.deliver(rulebook_page(seen.regimen, looked))
        return
    pieces = list(_pieces(seen, known, about))
    document = LawTimelineDocument(
        vantage=seen.form(known),
        pieces=[
            LawPieceForm(
                start=instant_text(start, seen.zone),
                end=instant_text(end, seen.zone),
                clauses=[ClauseForm(ref=ref, in_force=in_force(value)) for ref, value in clauses.items()],
            )
            for start, end, clauses in pieces
        ],
    )
    out.deliver(encoded(document) if out.form == "json" else "\n".join(_lines(document)) + "\n")


def _pieces(
    seen: LawVantage, known: Instant, about: str
) -> Iterator[tuple[Instant, Instant, Mapping[str, Formula]]]:
    """Maximal pieces of time over which the clauses chosen are alike."""
    waiting: tuple[Instant, Instant, Mapping[str, Formula]] | None = None
    for start, end, regime in seen.regimes.segments(seen.place, seen.custodian, known):
        clauses = {ref: value for ref, value in sorted(regime.clauses.items()) if about in ref}
        if waiting is not None and waiting[2] == clauses:
            waiting = (waiting[0], end, clauses)
            continue
        if waiting is not None:
            yield waiting
        waiting = (start, end, clauses)
    if waiting is not None:
        yield waiting


def _lines(document: LawTimelineDocument) -> Iterator[str]:
    vantage = document.vantage
    yield f"{vantage.place} ({vantage.custodian}), law as known at {vantage.law_known_at}"
    before: dict[str, InForce] = {}
    for piece in document.pieces:
        now: dict[str, InForce] = {clause.ref: clause.in_force for clause in piece.clauses}
        yield f"{piece.start} to {piece.end}"
        for ref in sorted(now.keys() | before.keys()):
            new: InForce = now.get(ref, "no")
            if before.get(ref, "no") != new:
                yield f"    {_MARKS[new]} {ref}"
        before = now
    yield "+ begins, - ends, ~ for some people, ? not certain"
    yield f"Rulebook  {vantage.law}"


_MARKS: dict[InForce, str] = {"yes": "+", "no": "-", "for-some": "~", "not-certain": "?"}
