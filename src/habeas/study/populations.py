"""Whoever files tell of, as a population to count: records, ledgers and rosters, or lists of days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from habeas.authority.inquiry import Regimen, fact_kinds
from habeas.counts.held import Episode, Looks, Population
from habeas.counts.records import episodes_of, issuers_of
from habeas.custody.coverage import Coverage
from habeas.custody.record import fold
from habeas.desk.audit import AuditRequest, is_invented
from habeas.desk.audit_people import people_of
from habeas.intake.recipes import Recipe
from habeas.kernel.instants import FOREVER, Instant, earliest_of, latest_of
from habeas.kernel.intervals import Interval
from habeas.kernel.places import PlaceId, lies_within


@dataclass(frozen=True, slots=True)
class Counted:
    """A population, and what its report has to say of where it comes from."""

    population: Population
    title: str
    says: str
    invented: bool
    files: Mapping[str, str]
    set_aside: int
    """Rows set aside, of which some may be somebody's."""
    limits: tuple[str, ...] = ()
    """What the source cannot show, in its own declaration's words."""


class NobodyToCount(ValueError):
    """Files tell of no custody, or of none at the place asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whom to count."""

    paths: Sequence[Path]
    recipe: Recipe | None
    """How rows are read; None for records and ledgers."""
    regimen: Regimen
    agencies: Mapping[str, str]
    known_at: Instant
    place: PlaceId | None = None
    """Only custody at this place or within it."""


def population_of(wanted: Wanted, watch: Callable[[int], None] = lambda _: None) -> Counted:
    """Fold everybody's events and cut each custody episode by its marks; no law is asked.

    What a recipe only supposes, or takes from a label, is told: a count of labels is a count of labels.

    Raises:
        NobodyToCount: no custody is told of, or none at the place.
        UnreadableInput: a file cannot be read at all.
        MissingExtra: a file needs an extra that is not installed.
    """
    places = wanted.regimen.rulebook.places
    kinds = fact_kinds(wanted.regimen.rulebook.vocabulary)
    episodes: list[Episode] = []
    issuers: set[str] = set()
    until = Instant(wanted.known_at)
    declared: list[Coverage] = []
    with people_of(
        wanted.paths, wanted.recipe, place=None, is_place=lambda name: name in places, watch=watch
    ) as people:
        for rows in people.each():
            coverage = people.roster.coverage(rows, supposed=True)
            declared += [each for each in coverage if each not in declared]
            record = fold(
                people.roster.told(rows, supposed=True),
                known_at=wanted.known_at,
                coverage=coverage,
                person=rows.person,
                kinds=kinds,
            )
            issuers |= issuers_of(record)
            episodes += [e for e in episodes_of(record, wanted.agencies) if _is_at(e, wanted.place)]
        if not episodes:
            where = "" if wanted.place is None else f" at [{wanted.place}]"
            raise NobodyToCount(f"expected custody{where} to count, found none")
        roster = people.roster
        return Counted(
            Population(
                episodes=episodes,
                observed=_observed(episodes, declared, until),
                zone=_zone(episodes, wanted),
                looks=Looks.SNAPSHOTS if _looks(wanted.recipe) else Looks.EVENTS,
                agencies=frozenset(issuers - set(wanted.agencies)),
            ),
            title=roster.recipe.title,
            says=roster.recipe.says,
            invented=_invented(wanted),
            files={each.name: each.digest for each in roster.accounts},
            set_aside=sum(each.quarantined for each in roster.accounts),
            limits=roster.recipe.limits,
        )


def _is_at(episode: Episode, place: PlaceId | None) -> bool:
    """Whether an episode is held at a place, in any of its pieces."""
    if place is None:
        return True
    named = [m.removeprefix("place=") for held in episode.held for m in held.marks if m.startswith("place=")]
    return any(lies_within(PlaceId(each), place) for each in named)


def _observed(episodes: Sequence[Episode], declared: Sequence[Coverage], known_at: Instant) -> Interval:
    """From the first custody to the end of what the source declares, else to the last that is told of it."""
    start = min(earliest_of(each.start) for each in episodes)
    ends = [each.interval.end for each in declared if each.interval.end < FOREVER]
    told = [latest_of(edge) for e in episodes for h in e.held for edge in (h.start, h.end)]
    last = max(ends) if ends else max(at for at in told if at < FOREVER)
    return Interval(start, min(Instant(last), known_at))


def _zone(episodes: Sequence[Episode], wanted: Wanted) -> ZoneInfo:
    """The zone of the place, or of the place where the first custody was."""
    places = wanted.regimen.rulebook.places
    if wanted.place is not None:
        return places.zone_of(wanted.place)
    for each in episodes:
        for mark in sorted(each.held[0].marks):
            name, _, value = mark.partition("=")
            if name == "place" and value in places:
                return places.zone_of(PlaceId(value))
    raise NobodyToCount(
        "expected a place where somebody was held, whose clocks say when a day begins; found none"
    )


def _looks(recipe: Recipe | None) -> bool:
    return recipe is not None and any(table.snapshots for table in recipe.all_tables)


def _invented(wanted: Wanted) -> bool:
    request = AuditRequest(
        paths=wanted.paths,
        recipe=wanted.recipe,
        regimen=wanted.regimen,
        facts_known_at=wanted.known_at,
        law_known_at=wanted.known_at,
    )
    return is_invented(request)
