"""Strategies for instants, civil days, intervals, sets of them, and timelines."""

import datetime as dt
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from habeas.kernel.instants import (
    BEGINNING,
    DAY,
    FOREVER,
    HOUR,
    CivilDate,
    Instant,
    LocalTime,
    Precision,
    UncertainInstant,
    When,
    zone,
)
from habeas.kernel.intervals import Interval, IntervalSet
from habeas.kernel.timelines import Timeline

T = TypeVar("T")

FIRST: Final = Instant(1_485_907_200_000_000)
"""2017-02-01T00:00:00Z: generated histories begin here unless told otherwise."""

_CHANGING = (
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Havana",
    "Australia/Lord_Howe",
    "Europe/London",
    "Pacific/Apia",
    "UTC",
)


def zones() -> st.SearchStrategy[ZoneInfo]:
    """Zones that change at midnight, by half an hour, by a whole day, or not at all."""
    return st.sampled_from(_CHANGING).map(zone)


def civil_dates() -> st.SearchStrategy[CivilDate]:
    """Days of the years in which zone rules are recorded."""
    return st.dates(dt.date(1975, 1, 1), dt.date(2035, 12, 31))


def local_times() -> st.SearchStrategy[LocalTime]:
    """Wall times of those days."""
    return st.builds(LocalTime, civil_dates(), st.times())


def instants(first: Instant = FIRST, days: int = 60, grain: int = HOUR) -> st.SearchStrategy[Instant]:
    """Instants on a grid, so that ties are common.

    Args:
        first: The earliest.
        days: How many elapsed days they span.
        grain: Microseconds between neighbours.
    """
    steps = days * DAY // grain
    return st.integers(0, steps).map(lambda step: Instant(first + step * grain))


HOURLY: Final = instants()
"""Instants on the hour over two months."""


def any_instants() -> st.SearchStrategy[Instant]:
    """Instants of any microsecond of the years in which zone rules are recorded."""
    return st.integers(157_766_400_000_000, 2_051_222_400_000_000).map(Instant)


@st.composite
def uncertain_instants(draw: st.DrawFn, within: st.SearchStrategy[Instant] = HOURLY) -> UncertainInstant:
    """Unknown points with bounds from one grain to several days apart; one key, one pair of bounds."""
    earliest = draw(within)
    width = draw(st.sampled_from((1, HOUR, DAY, 3 * DAY)))
    precision = draw(st.sampled_from(list(Precision)))
    # One key, one point, one pair of bounds; two points may share their bounds.
    key = f"point-{earliest}-{width}-{draw(st.integers(0, 10**9))}"
    return UncertainInstant(earliest, Instant(earliest + width), precision, key)


def whens(within: st.SearchStrategy[Instant] = HOURLY) -> st.SearchStrategy[When]:
    """Known instants and uncertain ones."""
    return st.one_of(within, uncertain_instants(within))


def intervals(within: st.SearchStrategy[Instant] = HOURLY) -> st.SearchStrategy[Interval]:
    """Intervals with both ends known, some of them empty."""
    return st.tuples(within, within).map(lambda pair: Interval(min(pair), max(pair)))


def open_intervals(within: st.SearchStrategy[Instant] = HOURLY) -> st.SearchStrategy[Interval]:
    """Intervals of which either end may be open."""
    ends = st.one_of(within, st.sampled_from((BEGINNING, FOREVER)))
    return st.tuples(ends, ends).map(lambda pair: Interval(min(pair), max(pair)))


def interval_sets(
    within: st.SearchStrategy[Instant] = HOURLY, max_size: int = 6
) -> st.SearchStrategy[IntervalSet]:
    """Sets of intervals, open ends included."""
    return st.lists(open_intervals(within), max_size=max_size).map(IntervalSet)


@st.composite
def timelines(
    draw: st.DrawFn, values: st.SearchStrategy[T], within: st.SearchStrategy[Instant] = HOURLY
) -> Timeline[T]:
    """Timelines of every instant."""
    changes = draw(st.lists(st.tuples(within, values), max_size=6))
    return Timeline.of_changes(draw(values), changes)
