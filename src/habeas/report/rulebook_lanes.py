"""The law of one place over the years, as lanes: what was in force when, enactment by enactment."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from habeas.authority.inquiry import Regimen
from habeas.kernel.instants import BEGINNING, DAY, FOREVER, Instant
from habeas.kernel.places import PlaceId
from habeas.law.formulas import Formula, Guard, leaves
from habeas.law.questions import Reading
from habeas.law.regimes import Regimes
from habeas.law.rulebook import Law
from habeas.report.law_lanes import Force, LawLane, LawStretch

YEAR = 365 * DAY + DAY // 4
"""A year on an axis, in microseconds."""


@dataclass(frozen=True, slots=True)
class Vantage:
    """From where the law is looked at."""

    place: PlaceId
    custodian: str | None
    law_known_at: Instant
    reading: Reading


@dataclass(frozen=True, slots=True)
class LawPicture:
    """The lanes of a place, and the stretches of time shown plain and magnified."""

    vantage: Vantage
    start: Instant
    end: Instant
    magnified: tuple[Instant, Instant]
    """The year in which the law of the place changed most; decades beside one winter hide it."""
    groups: tuple[tuple[str, tuple[LawLane, ...]], ...]
    """Name of each place, widest first, with its enactments."""


def law_picture(regimen: Regimen, vantage: Vantage) -> LawPicture:
    """What a drawing of the law at a place shows.

    Raises:
        UnknownPlace: the place is not in the rulebook.
        UnknownReading: the reading names a question or alternative the rulebook lacks.
    """
    law, regimes = regimen.under(vantage.reading)
    lanes = tuple(_lanes(law, regimes, vantage))
    own = [each for each in lanes if law.enactments[each.ref].place == vantage.place]
    edges = _edges(own) or _edges(lanes)
    last = max(edges, default=vantage.law_known_at)
    start = Instant(edges[0] - YEAR if edges else last - 10 * YEAR)
    end = Instant(max(last + YEAR, start + 4 * YEAR))
    return LawPicture(
        vantage, start, end, _busiest(edges, start, end), tuple(_groups(law, lanes, start, end))
    )


def _edges(lanes: Sequence[LawLane]) -> list[Instant]:
    """The instants at which some lane begins or ends, in order, repeated where several do."""
    ends = (end for lane in lanes for stretch in lane.stretches for end in (stretch.start, stretch.end))
    return sorted(end for end in ends if BEGINNING < end < FOREVER)


def _lanes(law: Law, regimes: Regimes, vantage: Vantage) -> Iterator[LawLane]:
    lineage = {vantage.place, *(place.id for place in law.places.ancestors(vantage.place))}
    for name, enactment in law.enactments.items():
        if not enactment.acts or PlaceId(enactment.place) not in lineage:
            continue
        stretches = tuple(_stretches(regimes, vantage, name))
        if stretches:
            yield LawLane(
                ref=name,
                place=law.places[PlaceId(enactment.place)].name,
                kind=enactment.kind.replace("-", " "),
                title=enactment.title,
                cite=enactment.cite,
                stretches=stretches,
            )


def _stretches(regimes: Regimes, vantage: Vantage, name: str) -> Iterator[LawStretch]:
    last: LawStretch | None = None
    for piece in regimes.segments(vantage.place, vantage.custodian, vantage.law_known_at):
        force = _force(piece.value.in_force(name))
        if last is not None and last.force is force:
            last = replace(last, end=piece.end)
            continue
        if last is not None:
            yield last
        last = None if force is None else LawStretch(piece.start, piece.end, force)
    if last is not None:
        yield last


def _force(formula: Formula) -> Force | None:
    if formula is False:
        return None
    if formula is True:
        return Force.IN_FORCE
    only_guards = formula is not None and all(isinstance(leaf, Guard) for leaf in leaves(formula))
    return Force.OTHERS if only_guards else Force.DOUBTFUL


def _busiest(edges: Sequence[Instant], start: Instant, end: Instant) -> tuple[Instant, Instant]:
    """The year, from some change on, that holds the most changes; the earliest of equals."""
    counted = [(bisect_left(edges, Instant(edge + YEAR)) - index, -edge) for index, edge in enumerate(edges)]
    if not counted:
        return start, start
    first = Instant(-max(counted)[1] - 20 * DAY)
    return Instant(max(start, first)), Instant(min(end, first + YEAR + 40 * DAY))


def _groups(
    law: Law, lanes: Sequence[LawLane], start: Instant, end: Instant
) -> Iterator[tuple[str, tuple[LawLane, ...]]]:
    places = sorted({law.enactments[each.ref].place for each in lanes}, key=lambda place: place.count("/"))
    for place in places:
        here = [each for each in lanes if law.enactments[each.ref].place == place]
        shown = [each for each in here if any(s.end > start and s.start < end for s in each.stretches)]
        if shown:
            ordered = sorted(shown, key=lambda each: (each.stretches[0].start, each.ref))
            yield law.places[PlaceId(place)].name, tuple(ordered)
