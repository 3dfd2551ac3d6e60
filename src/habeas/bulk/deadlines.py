"""Deadlines of clocks over columns: one table of civil days for each zone and kind of day skipped.

Running hours are an addition, running hours outside skipped days two look-ups, civil days one.
Every other clock is asked of the definition, once for each different anchor.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from habeas.bulk.told import Ints
from habeas.kernel.calendars import Calendar, OutsideCalendar
from habeas.kernel.instants import DAY, FOREVER, Instant, start_of_day
from habeas.law.clocks import Circumstances, deadline
from habeas.law.clocks.counting import closed_because
from habeas.law.clocks.terms import Terms, terms_of
from habeas.law.enactments import Clock, ClockKind

_FIRST, _LAST = dt.date(1950, 1, 1), dt.date(2150, 1, 1)
_ONE_DAY = dt.timedelta(days=1)


NOT_LISTED: Final = -(1 << 62)
"""In the place of a deadline: the clock's calendar does not list some day that must be judged."""


@lru_cache(maxsize=64)
def days_of(zone: ZoneInfo) -> Ints:
    """The first instant of every civil day from 1950 to 2150 in a zone."""
    count = (_LAST - _FIRST).days
    return np.array([start_of_day(_FIRST + each * _ONE_DAY, zone) for each in range(count)], np.int64)


@lru_cache(maxsize=64)
def _open_before(clock: Clock, zone: ZoneInfo, calendar: Calendar | None) -> tuple[Ints, Ints]:
    """How much running time lies before each civil day, and whether each is open."""
    terms = terms_of(clock)
    starts = days_of(zone)
    lengths = np.diff(starts)
    holidays = calendar if terms.excludes_holidays else None
    unbounded = None if holidays is None else replace(holidays, first=dt.date.min, last=dt.date.max)
    is_open = np.array(
        [
            closed_because(_FIRST + each * _ONE_DAY, terms.excluded, unbounded) is None
            for each in range(len(lengths))
        ]
    ).astype(np.int64)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths * is_open)]), is_open


def deadlines(clock: Clock, anchors: Ints, zone: ZoneInfo, calendar: Calendar | None) -> Ints:
    """When a clock that nothing disturbs runs out, from each anchor.

    `FOREVER` from one that never came; `NOT_LISTED` where the clock's calendar does not say enough.
    """
    found = np.full(len(anchors), FOREVER, np.int64)
    came = np.flatnonzero(anchors < FOREVER)
    if len(came):
        found[came] = _from(clock, anchors[came], zone, calendar)
    return found


def _from(clock: Clock, anchors: Ints, zone: ZoneInfo, calendar: Calendar | None) -> Ints:
    terms = terms_of(clock)
    if terms.runs_at_once:
        return anchors + terms.length
    starts = days_of(zone)
    inside = bool((anchors >= starts[0]).all() and (anchors < starts[-400]).all())
    if inside and _is_days(terms):
        return _days(terms, anchors, starts)
    if inside and clock.kind is ClockKind.ELAPSED and not terms.rolls and terms.length < 300 * DAY:
        return _hours(terms, anchors, zone, calendar)
    return _asked(clock, anchors, Circumstances(zone=zone, calendar=calendar))


def _is_days(terms: Terms) -> bool:
    plain = not (terms.excluded or terms.excludes_holidays or terms.rolls or terms.same_wall_time)
    return plain and terms.clock.kind is ClockKind.CIVIL_DAYS and terms.length < 300


def _days(terms: Terms, anchors: Ints, starts: Ints) -> Ints:
    day = np.searchsorted(starts, anchors, "right") - 1
    if terms.clock.first_day == "not-counted":
        day += 1
    elif terms.clock.part_days == "round-down":
        day += anchors > starts[day]
    return starts[day + terms.length]


def _hours(terms: Terms, anchors: Ints, zone: ZoneInfo, calendar: Calendar | None) -> Ints:
    starts = days_of(zone)
    before, is_open = _open_before(terms.clock, zone, calendar)
    day = np.searchsorted(starts, anchors, "right") - 1
    target = before[day] + (anchors - starts[day]) * is_open[day] + terms.length
    last = np.searchsorted(before, target, "left") - 1
    found = np.asarray(starts[last] + (target - before[last]), np.int64)
    if terms.excludes_holidays and calendar is not None:
        begins, ends = start_of_day(calendar.first, zone), start_of_day(calendar.last + _ONE_DAY, zone)
        found[(anchors < begins) | (found >= ends)] = NOT_LISTED
    return found


def _asked(clock: Clock, anchors: Ints, bears: Circumstances) -> Ints:
    different, places = np.unique(anchors, return_inverse=True)
    made = np.array([_one(clock, Instant(anchor), bears) for anchor in different.tolist()], np.int64)
    found: Ints = made[places]
    return found


def _one(clock: Clock, anchor: Instant, bears: Circumstances) -> int:
    try:
        at = deadline(clock, anchor, bears).at
    except OutsideCalendar:
        return NOT_LISTED
    return at if isinstance(at, int) else NOT_LISTED
