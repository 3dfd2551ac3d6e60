"""One population under two rulebooks: the same records, put at two places, decided twice.

It is replay and no estimate: what the law of each place says of the same custody, hour by hour. What
people would have done under other law is not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from habeas.authority.findings import Verdict
from habeas.authority.inquiry import Regimen
from habeas.counts.shares import cost_cents
from habeas.custody.coverage import Coverage
from habeas.desk.audit import AuditRequest, is_invented
from habeas.desk.audit_custody import Bench
from habeas.desk.audit_findings import CustodyFinding
from habeas.desk.audit_people import People, people_of
from habeas.desk.audit_pool import Decided, decided
from habeas.intake.recipes import Recipe
from habeas.intake.rosters import Roster
from habeas.kernel.instants import (
    DAY,
    FOREVER,
    SECOND,
    CivilDate,
    Instant,
    civil_date_of,
    end_of_day,
    start_of_day,
)
from habeas.kernel.instants import zone as zone_named
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId
from habeas.law.questions import Reading
from habeas.study.laying import Incomparable, Laid, OneSide
from habeas.study.moving import Move, moved_coverage, moved_rows
from habeas.wire.compare_forms import CellForm, CompareDocument, DoorForm, GroundForm, SideForm
from habeas.wire.instants import instant_text

_MOST = 8
"""Facts and questions that are listed for a side; all are in the sums."""


@dataclass(frozen=True, slots=True)
class Side:
    """Under whose law, as of when."""

    place: PlaceId
    custodian: str = ""
    """The kind of custodian people are put with; as told where empty."""
    day: CivilDate | None = None
    """The day to which the first day compared is moved; the records' own time where None."""
    law_known_at: Instant | None = None
    """As known at the end of the days compared where None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareRequest:
    """What to compare."""

    paths: Sequence[Path]
    recipe: Recipe | None
    regimen: Regimen
    a: Side
    b: Side
    first: CivilDate
    last: CivilDate
    """The last day, itself compared."""
    reading: Reading = field(default_factory=dict[str, str])
    rate_cents: int | None = None
    processes: int = 1


def compare(request: CompareRequest, watch: Callable[[int], None] = lambda _: None) -> CompareDocument:
    """Decide everybody's custody under the law of both sides, and lay one over the other.

    Args:
        request: What to compare.
        watch: Told now and then how many people are decided.

    Raises:
        Incomparable: the last day precedes the first, or no custody lies between them.
        UnknownPlace: a place is not in the rulebook.
        UnknownReading: the reading names a question or alternative the rulebook lacks.
        UnreadableInput: a file cannot be read at all.
    """
    if request.last < request.first:
        raise Incomparable(f"expected a last day not before {request.first}, found {request.last}")
    places = request.regimen.rulebook.places
    zone = _own_zone(request)
    moves = [_move(request, side, zone) for side in (request.a, request.b)]
    laid = Laid()
    digests: dict[str, str] = {}
    found: list[list[Decided]] = []
    for move in moves:
        with people_of(
            request.paths, request.recipe, place=None, is_place=lambda name: name in places, watch=_nobody
        ) as people:
            bench = _bench(request, people, move)
            everybody = (moved_rows(rows, move, bench.kinds) for rows in people.each())
            found.append(list(decided(bench, everybody, request.processes)))
            digests = {each.name: each.digest for each in people.roster.accounts}
            watch(len(found[-1]))
    for one, other in zip(*found, strict=True):
        for first, second in zip(one, other, strict=True):
            laid.add(_back(first, moves[0]), _back(second, moves[1]), moves[0].within)
    if not laid.custodies:
        raise Incomparable(f"expected custody between {request.first} and {request.last}, found none")
    return _document(request, laid, moves, digests)


def _nobody(rows: int) -> None:
    """Tell nobody how many rows were read."""


def _own_zone(request: CompareRequest) -> ZoneInfo:
    """The zone in which the records themselves have their days: of their recipe, or of their first place."""
    if request.recipe is not None and request.recipe.zone:
        return zone_named(request.recipe.zone)
    places = request.regimen.rulebook.places
    with people_of(request.paths, request.recipe, place=None, is_place=_is_any, watch=_nobody) as people:
        told = (event.terms.get("place") for rows in people.each() for event in rows.events.values())
        own = next((place for place in told if isinstance(place, str) and place in places), None)
    if own is None:
        raise Incomparable("expected a place where somebody was held, whose clocks say when a day begins")
    return places.zone_of(PlaceId(own))


def _is_any(place: str) -> bool:
    """Take any name of a place; what it means is asked later."""
    return bool(place)


def _move(request: CompareRequest, side: Side, zone: ZoneInfo) -> Move:
    """How the records are put at a side: where, with whom, and by how many whole weeks."""
    places = request.regimen.rulebook.places
    by = 0
    if side.day is not None:
        days = (side.day - request.first).days
        by = -(-days // 7) * 7 * DAY
    start = start_of_day(request.first, zone)
    within = Interval(start, end_of_day(request.last, zone))
    known = side.law_known_at if side.law_known_at is not None else Instant(within.end + by)
    return Move(
        place=places[side.place].id, custodian=side.custodian, by=by, within=within, law_known_at=known
    )


def _bench(request: CompareRequest, people: People, move: Move) -> Bench:
    roster = people.roster
    return Bench(
        regimen=request.regimen,
        facts_known_at=Instant(move.within.end + move.by),
        law_known_at=move.law_known_at,
        reading=dict(request.reading),
        roster=Roster(roster.recipe, declared=_declared(roster.declared, move)),
        setting=request.regimen.setting(),
    )


def _declared(declared: Sequence[Coverage], move: Move) -> tuple[Coverage, ...]:
    return tuple(moved_coverage(each, move) for each in declared)


def _back(found: CustodyFinding, move: Move) -> CustodyFinding:
    """A finding in the records' own time."""
    by = move.by
    return replace(
        found,
        stretches=tuple(
            replace(s, start=Instant(s.start - by), end=Instant(s.end - by)) for s in found.stretches
        ),
    )


def _document(
    request: CompareRequest, laid: Laid, moves: Sequence[Move], digests: Mapping[str, str]
) -> CompareDocument:
    rate = request.rate_cents
    sides = [
        _side(request, side, move, sums)
        for side, move, sums in zip((request.a, request.b), moves, laid.sides, strict=True)
    ]
    cells = sorted(laid.cells.items(), key=lambda item: (item[0][0], item[0][1]))
    grounds = sorted(laid.grounds.items(), key=lambda item: (item[0][0], -item[1].time, item[0]))
    return CompareDocument(
        title=", ".join(digests),
        invented=_invented(request),
        files=dict(digests),
        rulebook=request.regimen.rulebook.digest,
        reading=dict(request.reading),
        a=sides[0],
        b=sides[1],
        people=len(laid.people),
        custodies=laid.custodies,
        seconds=sum(sums.time for _, sums in cells) // SECOND,
        cents_per_day=rate,
        cells=[
            CellForm(
                a=a, b=b, people=len(sums.people), seconds=sums.time // SECOND, cents=_cents(sums.time, rate)
            )
            for (a, b), sums in cells
        ],
        grounds=[
            GroundForm(
                side=side,
                rests_on=rests_on,
                cites=list(cites),
                other=other,
                people=len(sums.people),
                seconds=sums.time // SECOND,
                cents=_cents(sums.time, rate),
            )
            for (side, rests_on, cites, other), sums in grounds
        ],
        doors=DoorForm(
            same=laid.doors["same"],
            a_first=laid.doors["a"],
            b_first=laid.doors["b"],
            open=laid.doors["open"],
            a_earlier_seconds=laid.earlier["a"] // SECOND,
            b_earlier_seconds=laid.earlier["b"] // SECOND,
        ),
        limits=list(_limits(sides)),
    )


def _cents(time: int, rate: int | None) -> int | None:
    return None if rate is None else cost_cents(time, rate)


def _side(request: CompareRequest, side: Side, move: Move, sums: OneSide) -> SideForm:
    places = request.regimen.rulebook.places
    zone = places.zone_of(move.place)
    days = [civil_date_of(Instant(at + move.by), zone) for at in (move.within.start, move.within.end - 1)]
    return SideForm(
        place=str(move.place),
        title=places[move.place].name,
        custodian=side.custodian,
        moved_days=move.by // DAY,
        first=days[0].isoformat(),
        last=days[1].isoformat(),
        law_known_at="open" if move.law_known_at >= FOREVER else instant_text(move.law_known_at, zone),
        by_verdict={verdict: time // SECOND for verdict, time in sorted(sums.verdicts.items())},
        undetermined_facts=_longest(sums.facts),
        undetermined_questions=_longest(sums.questions),
        custodies_past=sums.past,
        seconds_past=sums.past_time // SECOND,
        early=sums.early,
    )


def _longest(found: Counter[str]) -> dict[str, int]:
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return {name: time // SECOND for name, time in ordered[:_MOST]}


def _invented(request: CompareRequest) -> bool:
    return is_invented(
        AuditRequest(
            paths=request.paths,
            recipe=request.recipe,
            regimen=request.regimen,
            facts_known_at=Instant(0),
            law_known_at=Instant(0),
        )
    )


def _limits(sides: Sequence[SideForm]) -> Iterator[str]:
    yield (
        "This is replay of law over custody as it happened. It cannot show custody that would have lasted "
        "longer, nor what police, courts, agencies or the people held would have done under the other law."
    )
    for name, side in zip("AB", sides, strict=True):
        if side.by_verdict.get(Verdict.UNDETERMINED, 0):
            yield (
                f"Under {name} some custody is UNDETERMINED: the records lack facts its law asks for, or its "
                "law is unsettled or not read. That time is counted as such and put on neither side."
            )
        if side.moved_days:
            yield (
                f"For {name} every record was moved by {side.moved_days:,} days, a whole number of weeks, to "
                "where its law is asked; holidays and changes of clocks fall elsewhere, and papers are of a "
                "date they never bore."
            )
    if any(side.undetermined_questions for side in sides):
        yield "Where readings of the law differ, verdicts that they do not share count as UNDETERMINED."
