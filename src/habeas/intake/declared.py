"""Rows that declare coverage: of what, where and when a source shows all there is."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from habeas.custody.coverage import Coverage
from habeas.custody.facts import COLLECTIONS
from habeas.intake.cells import shown_whole
from habeas.intake.errors import Refused
from habeas.intake.recipes.parts import Time
from habeas.intake.recipes.shape import Recipe
from habeas.intake.sources import Cell, shown
from habeas.intake.times import Point, when_of
from habeas.kernel.evidence import SourceRef
from habeas.kernel.instants import BEGINNING, FOREVER, Instant, earliest_of, latest_of, zone
from habeas.kernel.intervals import Interval
from habeas.kernel.places import EVERYWHERE, PlaceId


def coverage_of(cells: Mapping[str, Cell], recipe: Recipe, source: SourceRef) -> Coverage:
    """What a row with the columns ``facts place from until known_at says`` declares.

    A bare date in ``from`` or ``until`` is the beginning of that day.

    Raises:
        Refused: it names no fact, one of no collection, no time, or ends before it begins.
    """
    facts = frozenset(shown_whole(cells["facts"]).split())
    strange = sorted(name for name in facts if name.partition(".")[0] not in COLLECTIONS)
    if strange or not facts:
        expected = "names of facts such as charge.posted_at or instrument.*"
        raise Refused("facts", expected, " ".join(strange) or shown(cells["facts"]))
    where = zone(recipe.zone)
    start = _instant(cells, "from", where, BEGINNING)
    end = _instant(cells, "until", where, FOREVER)
    if end <= start:
        raise Refused("until", "a time after [from]", shown(cells["until"]))
    place = shown_whole(cells["place"]) or recipe.place
    return Coverage(
        facts=facts,
        places=frozenset({PlaceId(place) if place else EVERYWHERE}),
        interval=Interval(start, end),
        known_at=_instant(cells, "known_at", where, BEGINNING),
        source=source,
    )


def _instant(cells: Mapping[str, Cell], column: str, where: ZoneInfo, open_end: Instant) -> Instant:
    found = when_of(Time(column=column, blank="skip"), cells, Point(where, column))
    if found is None:
        return open_end
    return latest_of(found) if column == "known_at" else earliest_of(found)
