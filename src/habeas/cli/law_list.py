"""`habeas law list`: what the rulebook holds."""

from __future__ import annotations

from collections.abc import Iterator

import click

from habeas.cli.options import Output, output_options
from habeas.cli.vantage import LawVantage, Looking, in_force, looking_options
from habeas.kernel.places import PlaceId, lies_within
from habeas.law.enactments import Enactment
from habeas.law.rulebook import Rulebook
from habeas.wire.canonical import encoded
from habeas.wire.law_forms import EnactmentLine, InForce, LawListDocument, PlaceLine, QuestionLine

ENACTMENTS, PLACES, QUESTIONS = "enactments", "places", "questions"


@click.command("list")
@click.argument("place", required=False)
@click.option("--enactments", "what", flag_value=ENACTMENTS, default=ENACTMENTS, help="The default.")
@click.option("--places", "what", flag_value=PLACES, help="The places it knows, with their zones.")
@click.option("--questions", "what", flag_value=QUESTIONS, help="Questions of law, with their defaults.")
@click.option("--at", metavar="INSTANT", help="With PLACE: say what is in force there then; default now.")
@looking_options
@output_options("text", "json")
def law_list(place: str | None, what: str, at: str | None, looking: Looking, out: Output) -> None:
    """What the rulebook holds, everywhere or where it may bind PLACE."""
    rulebook = looking.regimen.rulebook
    seen = None if place is None else looking.upon(place)
    document = LawListDocument(
        law=rulebook.digest,
        enactments=list(_enactments(rulebook, seen, at)) if what == ENACTMENTS else [],
        places=list(_places(rulebook, seen)) if what == PLACES else [],
        questions=list(_questions(rulebook, seen)) if what == QUESTIONS else [],
    )
    out.deliver(encoded(document) if out.form == "json" else "\n".join(_lines(document)) + "\n")


def _enactments(rulebook: Rulebook, seen: LawVantage | None, at: str | None) -> Iterator[EnactmentLine]:
    law = rulebook.under() if seen is None else seen.law
    regime = None if seen is None else seen.at(seen.instant(at))
    for name, enactment in sorted(law.enactments.items()):
        if seen is None or lies_within(seen.place, PlaceId(enactment.place)):
            yield _line(enactment, None if regime is None else in_force(regime.in_force(name)))


def _line(enactment: Enactment, force: InForce | None) -> EnactmentLine:
    return EnactmentLine(
        id=enactment.id,
        title=enactment.title,
        kind=enactment.kind,
        cite=enactment.cite,
        confidence=enactment.confidence,
        in_force=force,
    )


def _places(rulebook: Rulebook, seen: LawVantage | None) -> Iterator[PlaceLine]:
    for name, file in sorted(rulebook.place_files.items()):
        if seen is None or lies_within(name, seen.place):
            yield PlaceLine(
                id=name,
                name=file.name,
                kind=file.kind.value,
                zone=file.zone or None,
                no_rule_found=list(file.without_rule),
            )


def _questions(rulebook: Rulebook, seen: LawVantage | None) -> Iterator[QuestionLine]:
    for name, question in rulebook.questions.items():
        if seen is None or lies_within(seen.place, PlaceId(question.place)):
            yield QuestionLine(
                id=name,
                place=question.place,
                asks=question.asks,
                default=question.default,
                alternatives={each.id: each.says for each in question.alternatives},
            )


def _lines(document: LawListDocument) -> Iterator[str]:
    for enactment in document.enactments:
        force = "" if enactment.in_force is None else f"{enactment.in_force:<12}"
        yield f"{force}{enactment.id:<44} {enactment.kind:<22} {enactment.title}"
    for place in document.places:
        yield f"{place.id:<28} {place.kind:<10} {place.zone or '':<20} {place.name}"
    yield from _without_rule(document.places)
    for question in document.questions:
        yield f"{question.id} ({question.place})"
        yield f"    {question.asks}"
        for alternative, says in question.alternatives.items():
            yield f"    {'*' if alternative == question.default else ' '} {alternative}: {says}"
    if document.questions:
        yield "* published default; nobody has adopted it"


def _without_rule(places: list[PlaceLine]) -> Iterator[str]:
    """For each kind of paper, the places in which no rule of their own on it was found."""
    for kind in sorted({kind for place in places for kind in place.no_rule_found}):
        found = [place.id for place in places if kind in place.no_rule_found]
        yield f"no rule found on {kind}: {len(found)} of {len(places)} places ({', '.join(found)})"
