"""`habeas timeline`: the answer over a whole custody episode, drawn or as a document."""

from __future__ import annotations

from pathlib import Path

import click

from habeas.authority.findings import Because, Verdict
from habeas.authority.inquiry import Inquiry
from habeas.cli.asking import configured, exit_code, regimen_of
from habeas.cli.options import (
    Known,
    Output,
    columns,
    from_option,
    instant_from,
    knowledge_options,
    output_options,
    rulebook_option,
    source_times_option,
    zone_of,
)
from habeas.cli.withheld import answered_if_withheld
from habeas.desk.clock import now
from habeas.desk.people import people_in, person_in
from habeas.desk.withheld import ExpungedPerson


@click.command()
@click.argument("person")
@from_option
@click.option("--at", metavar="INSTANT", help="Draw the custody that covers this instant; default the last.")
@knowledge_options
@source_times_option
@rulebook_option
@output_options("text", "svg", "json", by_suffix=True)
@answered_if_withheld
def timeline(  # noqa: PLR0913 - one parameter for each thing the command line states
    person: str,
    *,
    source: Path,
    at: str | None,
    known: Known,
    source_times: bool,
    folder: Path | None,
    out: Output,
) -> None:
    """The answer over one unbroken custody of PERSON: lanes of bases over lanes of law.

    Unless --known-at says otherwise it is what is known now. `-o x.svg` writes a drawing.
    """
    found = person_in(people_in(source, regimen_of(folder), source_times=source_times), person)
    zone = zone_of(known.tz or configured("tz")) or found.zone
    reading = known.reading()
    if reading is None:
        message = "a timeline is drawn under one reading; give NAME=ALT, or ask `habeas why --reading all`"
        raise click.BadParameter(message, param_hint="--reading")
    moment = now()
    inquiry = found.inquiry(
        facts_known_at=known.facts(zone, moment), law_known_at=known.law(zone, moment), reading=reading
    )
    instant = None if at is None else instant_from(at, zone, "--at")
    if (order := found.expunged(instant)) is not None:
        if instant is not None or not inquiry.custody:
            raise ExpungedPerson(person, order)
        out.note(f"part of what was recorded of this person was destroyed by order: {order}")
    for each in found.beside:
        out.note(f"unresolved document: {each}")
    index = len(inquiry.custody) - 1 if instant is None else inquiry.episode_at(instant)
    if index is None or index < 0:
        out.note("NOT IN CUSTODY: nobody held the person, so there is nothing to draw")
        return
    if out.form == "json":
        from habeas.wire.canonical import encoded
        from habeas.wire.timelines import timeline_document

        out.deliver(encoded(timeline_document(person, inquiry, index, zone)))
    elif out.form == "svg":
        from habeas.report.timeline_svg import draw_svg

        out.deliver(str(draw_svg(inquiry, index, at=instant)))
    else:
        from habeas.report.timeline_text import draw_text

        width = columns()
        out.deliver(draw_text(inquiry, index, width=width, color=out.coloured))
    out.leave(exit_code(*_worst(inquiry, index)))


def _worst(inquiry: Inquiry, index: int) -> tuple[Verdict, Because | None]:
    """The gravest verdict of the part that has happened; what only projects is no finding."""
    pieces = [piece for piece in inquiry.derivation(index).pieces if piece.start <= inquiry.record.known_at]
    verdicts = {piece.verdict for piece in pieces}
    if Verdict.UNLAWFUL in verdicts:
        return Verdict.UNLAWFUL, None
    open_ones = {piece.because for piece in pieces if piece.verdict is Verdict.UNDETERMINED}
    if not open_ones:
        return Verdict.LAWFUL, None
    return Verdict.UNDETERMINED, Because.MISSING if Because.MISSING in open_ones else Because.CONTESTED
