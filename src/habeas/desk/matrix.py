"""What the law of each place let a local jail do with a request of immigration officers, day by day.

A cell is one request in one stretch of time in which nothing that bears on it changed. It is asked
of a person who is invented for it: arrested for a felony, freed by a court on that charge, and held
on nothing but the request, which was complete, served and lodged a little before. Everything about
that person is known, so what stays open is open in law.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.resources import files
from itertools import pairwise

from habeas.authority.answer import Answer, answer
from habeas.authority.findings import Because, Verdict
from habeas.authority.gate_cells import Cell, cell_inquiry, moment_in
from habeas.authority.inquiry import Inquiry, Regimen
from habeas.authority.readings import spread
from habeas.kernel.instants import FOREVER, SECOND, Instant, start_of_day
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId, PlaceKind
from habeas.law.place_files import Searched
from habeas.law.precedence import Outcome

SUBJECT = "immigration-detainer"
"""The kind of paper that the matrix is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An edition of a form, and since when offices used it."""

    form: str
    """Its code in the vocabulary; empty where there was none."""
    since: dt.date | None
    cite: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One column of the matrix: a request, in the edition of each time."""

    id: str
    title: str
    says: str
    attached_warrant: str
    editions: tuple[Edition, ...]


class Says(StrEnum):
    """What law came to on a request, in one word."""

    MUST_HOLD = "must hold"
    MAY_HOLD = "may hold"
    MAY_NOT = "may not hold"
    """A text forbids it."""
    NO_AUTHORITY = "no authority"
    """No text lets it: the request supports nothing of itself."""
    CONTESTED = "contested"
    """It turns on a question of law that is named."""
    NOT_KNOWN = "not known"
    """A text that decides it is not in the rulebook, or a date is not known."""
    NO_RULE = "no rule found"
    """It was searched for a rule of the state, and none was found."""
    NO_FORM = "no such form"
    """No such form was in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One cell: from when until when law came to the same, and the answer that shows it."""

    start: Instant
    end: Instant
    says: Says
    edition: Edition
    questions: tuple[str, ...] = ()
    """Questions of law that it turns on, by id."""
    waits_for: tuple[str, ...] = ()
    """What is not known and would settle it."""
    clauses: tuple[str, ...] = ()
    """Refs of the clauses that decide it."""
    answer: Answer | None = None
    """The answer about the invented person; None where there was no form to ask about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One place: a line of stretches for each paper, and the searches made where no rule was found."""

    place: PlaceId
    name: str
    searched: tuple[Searched, ...]
    lines: dict[str, tuple[Stretch, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LawMatrix:
    """The whole matrix, made from one rulebook."""

    first: Instant
    last: Instant
    custodian: str
    papers: tuple[Paper, ...]
    rows: tuple[MatrixRow, ...]
    law: str
    """Digest of the rulebook."""


Watch = Callable[[int, int], None]
"""Told of places done, of how many."""


def papers() -> tuple[Paper, ...]:
    """The requests that are asked about."""
    tree = tomllib.loads((files("habeas.desk") / "matrix_papers.toml").read_text("utf-8"))
    return tuple(
        Paper(
            id=each["id"],
            title=each["title"],
            says=each["says"],
            attached_warrant=each["attached_warrant"],
            editions=tuple(
                Edition(
                    form=one["form"],
                    since=dt.date.fromisoformat(one["since"]) if "since" in one else None,
                    cite=one["cite"],
                )
                for one in each["edition"]
            ),
        )
        for each in tree["paper"]
    )


def states_of(regimen: Regimen) -> tuple[PlaceId, ...]:
    """Every state that is not fictional, by name."""
    places = regimen.rulebook.places
    states = [each for each, file in regimen.rulebook.place_files.items() if file.kind is PlaceKind.STATE]
    real = [each for each in states if not places.is_fictional(each)]
    return tuple(sorted(real, key=lambda each: places[each].name))


def matrix(
    regimen: Regimen,
    span: Interval,
    *,
    places: Sequence[PlaceId] = (),
    custodian: str = "county-jail",
    watch: Watch | None = None,
) -> LawMatrix:
    """Ask every cell.

    Args:
        regimen: The rulebook.
        span: The time shown, in UTC microseconds; law is asked as known at its end.
        places: Which places; left out, every state.
        custodian: The kind of custodian.
        watch: Told after each place.

    Raises:
        UnknownPlace: a place is not in the rulebook.
    """
    wanted = tuple(places) or states_of(regimen)
    asked = papers()
    rows: list[MatrixRow] = []
    for place in wanted:
        rows.append(_row(regimen, place, custodian, span, asked))
        if watch is not None:
            watch(len(rows), len(wanted))
    return LawMatrix(
        first=span.start,
        last=span.end,
        custodian=custodian,
        papers=asked,
        rows=tuple(rows),
        law=regimen.rulebook.digest,
    )


def _row(
    regimen: Regimen, place: PlaceId, custodian: str, span: Interval, asked: Sequence[Paper]
) -> MatrixRow:
    file = regimen.rulebook.place_files.get(place)
    searched = tuple(each for each in file.searched if SUBJECT in each.on) if file is not None else ()
    edges = _edges(regimen, place, custodian, span)
    lines = {
        paper.id: tuple(_line(regimen, (place, custodian), paper, edges, span, no_rule=bool(searched)))
        for paper in asked
    }
    return MatrixRow(place=place, name=regimen.rulebook.places[place].name, searched=searched, lines=lines)


def _edges(regimen: Regimen, place: PlaceId, custodian: str, span: Interval) -> set[Instant]:
    """Where law may change in the span, under any alternative of any question."""
    found: set[Instant] = {span.start, span.end}
    for reading in _each_reading(regimen):
        law, regimes = regimen.under(reading)
        on_papers = {ref for ref, each in law.provisions.items() if each.on == "instrument"}
        before: object = None
        for start, _, regime in regimes.segments(place, custodian, span.end):
            said = frozenset((ref, value) for ref, value in regime.clauses.items() if ref in on_papers)
            if said != before and span.start < start < span.end:
                found.add(start)
            before = said
    return found


def _each_reading(regimen: Regimen) -> Iterator[dict[str, str]]:
    yield {}
    for name, question in regimen.rulebook.questions.items():
        for alternative in question.alternatives:
            if alternative.id != question.default:
                yield {name: alternative.id}


def _line(
    regimen: Regimen,
    where: tuple[PlaceId, str],
    paper: Paper,
    edges: set[Instant],
    span: Interval,
    *,
    no_rule: bool,
) -> Iterator[Stretch]:
    """The stretches of one paper, neighbours that say the same for the same reasons made one."""
    # Offices of one agency change forms on one day everywhere.
    zone = regimen.rulebook.places.zone_of(PlaceId(where[0].partition("/")[0]))
    begun = [(start_of_day(each.since, zone) if each.since else span.start, each) for each in paper.editions]
    edged = sorted(edges | {at for at, _ in begun if span.start < at < span.end})
    # A date known within bounds ends a microsecond before the next begins: no stretch to ask about.
    cuts = [at for at, after in pairwise([*edged, FOREVER]) if after - at >= SECOND]
    held: Stretch | None = None
    for start, end in pairwise(cuts):
        edition = [each for at, each in begun if at <= start][-1]
        made = _stretch(regimen, where, paper, edition, Interval(start, end), no_rule=no_rule)
        if held is not None and _same(held, made):
            held = replace(held, end=end)
            continue
        if held is not None:
            yield held
        held = made
    if held is not None:
        yield held


def _same(one: Stretch, other: Stretch) -> bool:
    """Whether two stretches say the same for the same reasons."""
    return replace(other, start=one.start, end=one.end, answer=one.answer) == one


def _stretch(
    regimen: Regimen,
    where: tuple[PlaceId, str],
    paper: Paper,
    edition: Edition,
    span: Interval,
    *,
    no_rule: bool,
) -> Stretch:
    if not edition.form:
        return Stretch(start=span.start, end=span.end, says=Says.NO_FORM, edition=edition)
    place, custodian = where
    cell = Cell(form=edition.form, warrant=paper.attached_warrant, charge_class="felony")
    inquiry = cell_inquiry(regimen, place, custodian, span, cell)
    at = moment_in(span)
    found = answer(inquiry, at)
    spreading = spread(inquiry, at)
    turning = tuple(sorted(each.question for each in found.sensitive_to))
    if not turning and len(set(spreading.verdicts.values())) > 1:
        turning = tuple(sorted(spreading.questions))
    waits = (
        tuple(sorted({each.says for each in found.unknown})) if found.verdict is Verdict.UNDETERMINED else ()
    )
    return Stretch(
        start=span.start,
        end=span.end,
        says=_word(inquiry, found, set(spreading.verdicts.values()), no_rule=no_rule),
        questions=turning,
        waits_for=waits,
        clauses=_clauses(inquiry, at),
        edition=edition,
        answer=found,
    )


def _word(inquiry: Inquiry, found: Answer, verdicts: set[Verdict], *, no_rule: bool) -> Says:
    if len(verdicts) > 1 or found.because is Because.CONTESTED:
        return Says.CONTESTED
    if found.verdict is Verdict.UNDETERMINED:
        return Says.NO_RULE if no_rule else Says.NOT_KNOWN
    outcome = _outcome(inquiry, found.effective_at)
    if found.verdict is Verdict.LAWFUL:
        return Says.MUST_HOLD if outcome is Outcome.MUST_HOLD else Says.MAY_HOLD
    return Says.MAY_NOT if outcome is Outcome.BARRED else Says.NO_AUTHORITY


def _outcome(inquiry: Inquiry, at: Instant) -> Outcome | None:
    piece = inquiry.piece_at(at)
    if piece is None:
        return None
    return next((each.settled.outcome for each in piece.standings if each.subject[0] == "instrument"), None)


def _clauses(inquiry: Inquiry, at: Instant) -> tuple[str, ...]:
    piece = inquiry.piece_at(at)
    if piece is None:
        return ()
    standing = next((each for each in piece.standings if each.subject[0] == "instrument"), None)
    if standing is None:
        return ()
    rule = (standing.force_rule.ref,) if standing.force is not True and standing.force_rule else ()
    return tuple(dict.fromkeys((*standing.settled.by, *rule)))
