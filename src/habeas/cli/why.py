"""`habeas why`: the answer for one person at one instant, with its proof."""

from __future__ import annotations

from pathlib import Path

import click

from habeas.authority.answer import answer, as_adopted
from habeas.authority.readings import spread
from habeas.cli.answer_text import AnswerText
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
@click.option("--at", metavar="INSTANT", help="The instant asked of; default now.")
@knowledge_options
@source_times_option
@rulebook_option
@output_options("text", "json")
@answered_if_withheld
def why(  # noqa: PLR0913 - one parameter for each thing the command line states
    person: str,
    *,
    source: Path,
    at: str | None,
    known: Known,
    source_times: bool,
    folder: Path | None,
    out: Output,
) -> None:
    """May PERSON be held at an instant, on what authority, and until when - with proof.

    PERSON is the name of a case in a table, or the person's identifier in a record. Unless
    --known-at says otherwise, the answer is what could be known at the instant itself.
    """
    found = person_in(people_in(source, regimen_of(folder), source_times=source_times), person)
    zone = zone_of(known.tz or configured("tz")) or found.zone
    reading = known.reading()
    if at is None:
        out.note("no --at given; asked of this moment")
    instant = now() if at is None else instant_from(at, zone, "--at")
    if (order := found.expunged(instant)) is not None:
        raise ExpungedPerson(person, order)
    facts_known_at = known.facts(zone, found.known_by_default(instant))
    inquiry = found.inquiry(
        facts_known_at=facts_known_at, law_known_at=known.law(zone, instant), reading=reading
    )
    text = AnswerText(
        person=person,
        answer=answer(inquiry, instant),
        inquiry=inquiry if reading is None else as_adopted(inquiry, instant),
        zone=zone,
        width=columns(),
        colour=out.coloured,
        spread=spread(inquiry, instant) if reading is None else None,
    )
    if out.form == "json":
        from habeas.wire.answers import answer_document
        from habeas.wire.canonical import encoded

        out.deliver(encoded(answer_document(person, text.answer, zone, text.spread)))
    else:
        out.deliver(str(text) + "".join(f"\nUNRESOLVED DOCUMENT: {each}\n" for each in found.beside))
    out.leave(exit_code(text.verdict, text.because))
