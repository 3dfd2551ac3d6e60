"""Every clock of the rulebook, over columns and by the definition, also where clocks are changed."""

from __future__ import annotations

import numpy as np
import pytest

from habeas.bulk.deadlines import NOT_LISTED, deadlines
from habeas.desk.library import library
from habeas.invented.chances import Dice
from habeas.kernel.calendars import OutsideCalendar
from habeas.kernel.instants import (
    DAY,
    FOREVER,
    HOUR,
    Instant,
    civil_date_of,
    parse_instant,
    start_of_day,
    zone,
)
from habeas.law.clocks import Circumstances, deadline
from habeas.law.enactments import Clock, ClockKind

ZONES = ("America/New_York", "America/Phoenix", "America/Havana")
EXTREME = Instant(-(10**16)), Instant(FOREVER - DAY)


def anchors(name: str) -> list[Instant]:
    """Instants of twenty years, midnights, and the hours about a change of clocks."""
    dice, place = Dice("7"), zone(name)
    some = [Instant(dice.whole(1_300_000_000, 1_890_000_000) * 10**6) for _ in range(60)]
    midnights = [start_of_day(civil_date_of(each, place), place) for each in some[:20]]
    change = parse_instant("2024-03-10T05:00:00Z")
    return [*some, *midnights, *(Instant(change + hour * HOUR) for hour in range(-30, 30))]


def expected(clock: Clock, anchor: Instant, bears: Circumstances) -> int:
    try:
        at = deadline(clock, anchor, bears).at
    except OutsideCalendar:
        return NOT_LISTED
    return at if isinstance(at, int) else NOT_LISTED


@pytest.mark.parametrize("name", ZONES)
def test_every_clock_of_the_rulebook(name: str) -> None:
    law, _ = library().under({})
    place = zone(name)
    clocks = {p.clock for e in law.enactments.values() for p in e.provisions if p.clock is not None}
    assert len(clocks) > 30
    for clock in clocks:
        calendar = law.calendars.get(clock.holidays) if clock.holidays else None
        bears = Circumstances(zone=place, calendar=calendar)
        asked = anchors(name)
        found = deadlines(clock, np.array(asked, np.int64), place, calendar)
        assert found.tolist() == [expected(clock, anchor, bears) for anchor in asked], clock


@pytest.mark.parametrize(
    "clock",
    [
        Clock(anchor="releasable_at", cite="x", length="48h", excluded=("saturday", "sunday")),
        Clock(anchor="releasable_at", cite="x", kind=ClockKind.CIVIL_DAYS, length="3d", first_day="counted"),
        Clock(
            anchor="releasable_at",
            cite="x",
            kind=ClockKind.CIVIL_DAYS,
            length="3d",
            first_day="counted",
            part_days="round-down",
        ),
        Clock(anchor="releasable_at", cite="x", kind=ClockKind.WALL, length="23:59"),
        Clock(anchor="releasable_at", cite="x", length="72h", roll_forward=("sunday",)),
    ],
)
def test_clocks_that_the_rulebook_may_yet_have(clock: Clock) -> None:
    place = zone("America/New_York")
    asked = [*anchors("America/New_York"), *EXTREME]
    found = deadlines(clock, np.array(asked, np.int64), place, None)
    assert found.tolist() == [expected(clock, each, Circumstances(zone=place)) for each in asked]


def test_an_anchor_that_never_came_opens_nothing() -> None:
    clock = Clock(anchor="releasable_at", cite="x", length="48h")
    assert deadlines(clock, np.array([FOREVER], np.int64), zone("UTC"), None).tolist() == [FOREVER]
