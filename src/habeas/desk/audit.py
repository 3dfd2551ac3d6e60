"""The audit: records in, every hour of custody without authority out, with what cannot be known.

:func:`audit` is the use case; :class:`~habeas.desk.audit_report.AuditReport` is what it gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from habeas.authority.inquiry import Regimen
from habeas.desk.audit_custody import Bench, custody_findings
from habeas.desk.audit_figures import figures_of
from habeas.desk.audit_report import AuditReport, CustodyFinding, QuestionAsked, RequestFinding
from habeas.desk.audit_requests import request_finding
from habeas.desk.audit_totals import totals_of
from habeas.intake.recipes import Recipe
from habeas.intake.recipes.shape import Claim
from habeas.intake.rosters import Roster, read_roster
from habeas.kernel.instants import Instant
from habeas.kernel.places import PlaceId
from habeas.law.questions import Reading


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an audit is."""

    stage: str
    """What is being done, in words."""
    done: int
    total: int | None
    """None where it is not known beforehand."""


Watcher: TypeAlias = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRequest:
    """What to audit, under which law, as known when."""

    paths: Sequence[Path]
    recipe: Recipe
    regimen: Regimen
    place: PlaceId | None = None
    """The place whose law is asked, where the recipe names another or none for the rows."""
    facts_known_at: Instant
    law_known_at: Instant
    reading: Reading | None = None
    """Alternatives given; every other question reached is varied."""


def audit(request: AuditRequest, watch: Watcher | None = None) -> AuditReport:
    """Audit files through a recipe; equal inputs give an equal report.

    Raises:
        UnreadableInput: a file cannot be read at all (exit code 4).
        MissingExtra: a file needs the extra ``analysis`` (exit code 3).
        UnknownPlace: the place asked for is not in the rulebook.
        UnknownReading: the reading names a question or alternative the rulebook lacks.
    """
    told = watch or _nobody
    request.regimen.under(request.reading or {})
    recipe = _placed(request)
    places = request.regimen.rulebook.places
    roster = read_roster(
        request.paths,
        recipe,
        is_place=lambda place: place in places,
        watch=lambda done: told(Progress("reading rows", done, None)),
    )
    bench = Bench(
        request.regimen, request.facts_known_at, request.law_known_at, dict(request.reading or {}), roster
    )
    custodies = tuple(_custodies(bench, told)) if recipe.kind == "custody" else ()
    requests = tuple(_requests(bench, told)) if recipe.kind == "requests" else ()
    return AuditReport(
        title=recipe.title,
        source_says=recipe.says,
        licence=recipe.licence,
        recipe=recipe.name,
        recipe_digest=recipe.digest,
        rulebook_digest=request.regimen.rulebook.digest,
        engine=version("habeas"),
        place=PlaceId(recipe.place) if recipe.place else None,
        facts_known_at=request.facts_known_at,
        law_known_at=request.law_known_at,
        reading_given=dict(request.reading or {}),
        all_readings=not bench.cut_short,
        files=tuple(roster.accounts),
        quarantined=tuple(roster.quarantined),
        coverage=tuple(each.says for each in recipe.complete if each.claim is Claim.DECLARED),
        assumptions=tuple(_assumptions(roster)),
        limits=recipe.limits,
        custodies=custodies,
        requests=requests,
        questions=tuple(_questions(bench, custodies, requests)),
        figures=tuple(figures_of(request.paths, recipe, custodies)),
        totals=totals_of(custodies, requests, bench.unsupposed),
    )


def _nobody(progress: Progress) -> None:
    """Tell nobody."""


def _placed(request: AuditRequest) -> Recipe:
    """The recipe for the place asked for.

    Raises:
        UnknownPlace: the rulebook has no such place.
    """
    import msgspec  # noqa: PLC0415 - only an audit of another place needs it here

    if request.place is None:
        return request.recipe
    _ = request.regimen.rulebook.places[request.place]
    if request.recipe.facilities is not None:
        return request.recipe
    return msgspec.structs.replace(request.recipe, place=str(request.place))


def _custodies(bench: Bench, watch: Watcher) -> Iterator[CustodyFinding]:
    total = len(bench.roster.people)
    for done, person in enumerate(sorted(bench.roster.people), 1):
        yield from custody_findings(bench, bench.roster.people[person])
        watch(Progress("deciding custody", done, total))


def _requests(bench: Bench, watch: Watcher) -> Iterator[RequestFinding]:
    people = bench.roster.people.values()
    total = len(people)
    ordered = sorted(people, key=lambda rows: (rows.source.name, rows.source.row or 0))
    for done, rows in enumerate(ordered, 1):
        if rows.events:
            yield request_finding(bench, rows)
        watch(Progress("reading the law of the day", done, total))


def _assumptions(roster: Roster) -> Iterator[str]:
    yield from roster.suppositions
    if roster.nobodys and roster.suppositions:
        yield (
            f"Rows set aside that do not say whose they are: {roster.nobodys}. "
            "They are supposed to be nobody's shown here."
        )


def _questions(
    bench: Bench, custodies: Sequence[CustodyFinding], requests: Sequence[RequestFinding]
) -> Iterator[QuestionAsked]:
    """Every question on which some finding hangs, in the rulebook's order."""
    hanging = [each.questions for each in custodies]
    hanging += [
        tuple({asked for view in each.views for reading in view.readings for asked in reading})
        for each in requests
    ]
    law = bench.regimen.under(bench.reading)[0]
    for name, question in bench.regimen.rulebook.questions.items():
        count = sum(name in questions for questions in hanging)
        if count:
            yield QuestionAsked(
                question=name,
                asks=question.asks,
                taken=law.reading[name],
                given=name in bench.reading,
                alternatives={each.id: each.says for each in question.alternatives},
                bookings=count,
            )
