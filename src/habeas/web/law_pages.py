"""The rulebook: what is in force where, what a text says, and whose answer a ruling would change."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from habeas.desk.library import BUNDLED
from habeas.desk.ruling import BadRuling, Ruling, Trial, try_ruling
from habeas.kernel.places import PlaceId
from habeas.law.documents import RulebookError
from habeas.report.rulebook_lanes import Vantage, law_picture
from habeas.report.rulebook_svg import law_svg
from habeas.web.drawing import page, safe
from habeas.web.visits import Problem, Reply, Visit

BLANK = """schema: 1
title: Doe v. County
kind: circuit-court-order
body: PLACE/circuit-court
cite: No. 00-0000, order of 2026-01-01
confidence: low
summary: What the ruling says, in two sentences.
sources:
  - {at: "where it was read", read: full, on: 2026-01-01, says: what was read}
acts:
  - id: suspends
    does: suspends
    from: 2026-01-01
    known: 2026-01-01
    targets: [PLACE/2000-name-of-the-enactment]
    reaches: text
    cite: page 1
"""
"""What the form is filled with: the shape of a ruling's file, to be written over."""


def law(visit: Visit) -> Reply:
    """The law of one place over time, or the places to choose from."""
    rulebook = visit.site.regimen.rulebook
    named = visit.asked("place") or (visit.account.places[0] if visit.account.places else "")
    place = PlaceId(named)
    if place not in rulebook.places:
        raise Problem(HTTPStatus.NOT_FOUND, "No such place", f"the rulebook has no place [{named}]")
    shown = law_picture(visit.site.regimen, Vantage(place, None, visit.at, {}))
    zone = rulebook.places.zone_of(place)
    lineage = [place, *(each.id for each in rulebook.places.ancestors(place))]
    made = rulebook.under()
    return page(
        visit,
        "law.html",
        f"Law of {rulebook.places[place].name}",
        place=rulebook.places[place],
        places=sorted(rulebook.places.places, key=lambda each: each.id),
        invented=visit.site.invents(place),
        picture=safe(law_svg(shown, zone, f"The law of {rulebook.places[place].name} over time")),
        enactments=[
            (name, each)
            for where in lineage
            for name, each in sorted(made.enactments.items())
            if PlaceId(each.place) == where
        ],
        questions=[each for each in rulebook.questions.values() if PlaceId(each.place) in lineage],
        zone=zone,
        digest=rulebook.digest,
    )


def enactment(visit: Visit) -> Reply:
    """One enactment as encoded."""
    name = visit.asked("name")
    artefact = visit.site.regimen.rulebook.artefact
    if name not in artefact.enactments:
        raise Problem(HTTPStatus.NOT_FOUND, "No such enactment", f"the rulebook has no [{name}]")
    tree = artefact.enactments[name]
    return page(
        visit,
        "enactment.html",
        str(tree.get("title", name)),
        name=name,
        tree={key: value for key, value in tree.items() if key not in {"tests", "title", "schema"}},
        tests=len(tree.get("tests", [])),
        invented=visit.site.invents(PlaceId(name.rpartition("/")[0])),
    )


def try_form(visit: Visit) -> Reply:
    """The form for a ruling."""
    return _form(visit)


def _form(visit: Visit, wrong: str = "", trial: Trial | None = None) -> Reply:
    rulebook = visit.site.regimen.rulebook
    mine = [
        each
        for each in sorted(rulebook.places.places, key=lambda one: one.id)
        if any(rulebook.places.within(each.id, outer) for outer in visit.account.places)
        or any(rulebook.places.within(inner, each.id) for inner in visit.account.places)
    ]
    place = visit.field("place") or (mine[-1].id if mine else "")
    return page(
        visit,
        "try_law.html",
        "Try a ruling",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        places=mine,
        place=place,
        slug=visit.field("slug"),
        text=visit.form.get("text") or BLANK.replace("PLACE", place),
        wrong=wrong,
        trial=trial,
        zone_of=visit.site.zone_of,
    )


def try_law(visit: Visit) -> Reply:
    """Whose answer the ruling would change; nothing is kept."""
    site = visit.site
    try:
        trial = try_ruling(
            site.live,
            Ruling(
                place=PlaceId(visit.field("place")),
                slug=visit.field("slug"),
                text=visit.form.get("text", ""),
            ),
            visit.at,
            folder=site.rulebook or Path(BUNDLED),
            sees=lambda line: visit.account.sees(line.place, line.stream),
        )
    except (BadRuling, RulebookError, LookupError) as error:
        return _form(visit, str(error))
    return _form(visit, trial=trial)
