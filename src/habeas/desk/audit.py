"""The audit: records in, every hour of custody without authority out, with what cannot be known.

:func:`audit` is the use case; :class:`~habeas.desk.audit_report.AuditReport` is what it gives.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TypeAlias

from habeas.authority.inquiry import Regimen
from habeas.desk.audit_custody import Bench, custody_findings
from habeas.desk.audit_figures import figures_of, length_of
from habeas.desk.audit_findings import EXACT_TIME, CustodyFinding, RequestFinding
from habeas.desk.audit_kept import Kept
from habeas.desk.audit_people import People, people_of
from habeas.desk.audit_pool import decided
from habeas.desk.audit_report import AuditReport, QuestionAsked
from habeas.desk.audit_requests import request_finding
from habeas.desk.audit_totals import Tally
from habeas.intake.people import PersonRows
from habeas.intake.recipes import Recipe
from habeas.intake.recipes.shape import Claim
from habeas.intake.recorded import are_invented
from habeas.intake.rosters import Roster
from habeas.invented.marker import is_invented as is_named_invented
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
Sink: TypeAlias = Callable[[CustodyFinding], None]
"""What is given each finding as it is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRequest:
    """What to audit, under which law, as known when."""

    paths: Sequence[Path]
    recipe: Recipe | None
    """How the files are read; None where they are `habeas/record/1`, which says it all itself."""
    regimen: Regimen
    place: PlaceId | None = None
    """The place whose law is asked, where the recipe names another or none for the rows."""
    facts_known_at: Instant
    law_known_at: Instant
    reading: Reading | None = None
    """Alternatives given; every other question reached is varied."""
    sample: int = 0
    """How many custodies to draw at random for review by hand."""
    seed: int = 0
    """Seed of that draw."""
    rate_cents: int | None = None
    """Cost of one day of custody, in cents."""
    only: frozenset[str] = frozenset()
    """Bookings or people to decide alone; all where empty."""
    processes: int = 1
    """How many processes decide; the findings are the same."""


def audit(request: AuditRequest, watch: Watcher | None = None, sink: Sink | None = None) -> AuditReport:
    """Audit files through a recipe; equal inputs give an equal report.

    Args:
        request: What to audit, under which law, as known when.
        watch: Told how far it is.
        sink: Given every custody's finding, in order of person, whether or not the report lists it.

    Raises:
        UnreadableInput: a file cannot be read at all (exit code 4).
        MissingExtra: a file needs the extra ``analysis`` (exit code 3).
        UnknownPlace: the place asked for is not in the rulebook.
        UnknownReading: the reading names a question or alternative the rulebook lacks.
    """
    told = watch or _nobody
    request.regimen.under(request.reading or {})
    places = request.regimen.rulebook.places
    with people_of(
        request.paths,
        _placed(request),
        place=None if request.place is None else places[request.place].id,
        is_place=lambda place: place in places,
        watch=lambda done: told(Progress("reading rows", done, None)),
    ) as people:
        bench = Bench(
            regimen=request.regimen,
            facts_known_at=request.facts_known_at,
            law_known_at=request.law_known_at,
            reading=dict(request.reading or {}),
            roster=people.roster,
            setting=request.regimen.setting().and_(people.setting),
        )
        made = _Made(Kept(request.sample, request.seed))
        if people.roster.recipe.kind == "custody":
            for found in _custodies(bench, people, request, told):
                made.add(found)
                if sink is not None:
                    sink(found)
        requests = tuple(_requests(bench, people, told))
        if people.roster.recipe.kind == "counts":
            # Nobody is decided: a list of one day says who was in, and never until when.
            for _ in people.each():
                pass
        for each in requests:
            made.add_request(each)
        return _report(request, bench, made, requests)


@dataclass(slots=True)
class _Made:
    """What an audit has made so far of its custodies."""

    kept: Kept
    tally: Tally = field(default_factory=Tally)
    lengths: array[int] = field(default_factory=lambda: array("q"))
    every_reading: bool = True
    invented: bool = False
    """Whether anybody is named as invented."""

    def add(self, found: CustodyFinding) -> None:
        self.kept.add(found)
        self.tally.add(found)
        self.every_reading &= found.every_reading
        self.invented |= is_named_invented(found.person)
        if (length := length_of(found)) is not None:
            self.lengths.append(length)

    def add_request(self, found: RequestFinding) -> None:
        self.tally.add_request(found)
        self.every_reading &= found.every_reading


def _report(
    request: AuditRequest, bench: Bench, made: _Made, requests: tuple[RequestFinding, ...]
) -> AuditReport:
    roster, recipe = bench.roster, bench.roster.recipe
    return AuditReport(
        title=recipe.title,
        source_says=recipe.says,
        licence=recipe.licence,
        recipe=recipe.name,
        recipe_digest=recipe.digest,
        rulebook_digest=request.regimen.rulebook.digest,
        engine=version("habeas"),
        place=PlaceId(recipe.place) if recipe.place else request.place,
        facts_known_at=request.facts_known_at,
        law_known_at=request.law_known_at,
        reading_given=dict(request.reading or {}),
        all_readings=made.every_reading,
        files=tuple(roster.accounts),
        quarantined=tuple(roster.quarantined),
        coverage=tuple(each.says for each in recipe.complete if each.claim is Claim.DECLARED),
        assumptions=tuple(_assumptions(roster)),
        limits=recipe.limits,
        custodies=made.kept.custodies,
        kept=made.kept.says,
        sampled=made.kept.sampled,
        seed=request.seed,
        rate_cents=request.rate_cents,
        invented=is_invented(request) or made.invented,
        requests=requests,
        questions=tuple(_questions(bench, made.tally.hanging)),
        figures=tuple(figures_of(request.paths, recipe, made.lengths)) if request.recipe else (),
        meanings=dict(_meanings(bench, made.tally.missing.bounds())),
        totals=made.tally.totals(),
    )


def _meanings(bench: Bench, waited_for: Iterable[str]) -> Iterator[tuple[str, str]]:
    vocabulary = bench.regimen.rulebook.vocabulary
    for name in waited_for:
        fact = name.removesuffix(EXACT_TIME)
        if fact in vocabulary:
            yield name, vocabulary.fact(fact).meaning


def _nobody(progress: Progress) -> None:
    """Tell nobody."""


def is_invented(request: AuditRequest) -> bool:
    """Whether the people are: the source says so, or their place is fictional.

    Raises:
        UnreadableInput: a file of records does not begin as one.
        UnknownPlace: the recipe names a place that is not in the rulebook.
    """
    recipe, places = request.recipe, request.regimen.rulebook.places
    if request.place is not None and places.is_fictional(request.place):
        return True
    if recipe is None and request.paths[0].is_dir():
        from habeas.desk import audit_ledger  # noqa: PLC0415 - a ledger needs an extra

        return audit_ledger.is_invented(request.paths[0])
    if recipe is None:
        return are_invented(request.paths)
    named = [recipe.place] if recipe.place else []
    named += [each.place for each in recipe.facilities.are] if recipe.facilities is not None else []
    return recipe.invented or any(places.is_fictional(PlaceId(each)) for each in named)


def _placed(request: AuditRequest) -> Recipe | None:
    """The recipe for the place asked for.

    Raises:
        UnknownPlace: the rulebook has no such place.
    """
    if request.place is None or request.recipe is None:
        return request.recipe
    places = request.regimen.rulebook.places
    place = places[request.place].id
    zone = request.recipe.zone or places.zone_of(place).key
    return request.recipe.at_place(str(place), zone)


def _custodies(
    bench: Bench, people: People, request: AuditRequest, watch: Watcher
) -> Iterator[CustodyFinding]:
    only = request.only
    everybody: Iterator[tuple[CustodyFinding, ...]]
    if only:
        everybody = (_of_those(bench, rows, only) for rows in people.each())
    else:
        everybody = decided(bench, people.each(), request.processes)
    for done, findings in enumerate(everybody, 1):
        yield from findings
        watch(Progress("deciding custody", done, people.count))


def _of_those(bench: Bench, rows: PersonRows, only: frozenset[str]) -> tuple[CustodyFinding, ...]:
    """The findings on a person that are about these bookings or people."""
    if rows.person not in only and not only & {event.subject.id for event in rows.events.values()}:
        return ()
    findings = custody_findings(bench, rows)
    return tuple(each for each in findings if each.person in only or only & set(each.booking.split(", ")))


def _requests(bench: Bench, people: People, watch: Watcher) -> Iterator[RequestFinding]:
    if bench.roster.recipe.kind != "requests":
        return
    ordered = sorted(people.each(), key=lambda rows: (rows.source.name, rows.source.row or 0))
    for done, rows in enumerate(ordered, 1):
        if rows.events:
            yield request_finding(bench, rows)
        watch(Progress("reading the law of the day", done, people.count))


def _assumptions(roster: Roster) -> Iterator[str]:
    yield from roster.suppositions
    if roster.nobodys and roster.suppositions:
        yield (
            f"Rows set aside that do not say whose they are: {roster.nobodys}. "
            "They are supposed to be nobody's shown here."
        )


def _questions(bench: Bench, hanging: Mapping[str, int]) -> Iterator[QuestionAsked]:
    """Every question on which some finding hangs, in the rulebook's order."""
    law = bench.regimen.under(bench.reading)[0]
    for name, question in bench.regimen.rulebook.questions.items():
        if hanging.get(name):
            yield QuestionAsked(
                question=name,
                asks=question.asks,
                taken=law.reading[name],
                given=name in bench.reading,
                alternatives={each.id: each.says for each in question.alternatives},
                bookings=hanging[name],
            )
