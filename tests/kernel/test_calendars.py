"""Clocks that skip days, held to the worked vectors of the law study."""

import datetime as dt

import pytest

from habeas.kernel.calendars import (
    RUNNING,
    Calendar,
    ExcludedDays,
    OutsideCalendar,
    Weekday,
    add_open_time,
    open_duration,
)
from habeas.kernel.instants import FOREVER, HOUR, SECOND, Instant, format_instant, parse_instant, zone

MIAMI = zone("America/New_York")
HOURS_48 = 48 * 3600
WEEKEND = frozenset({Weekday.SATURDAY, Weekday.SUNDAY})
# Two federal holidays of 2017 that the vectors meet: 5 U.S.C. 6103(a).
HOLIDAYS = Calendar(
    "of the vectors",
    frozenset({dt.date(2017, 2, 20), dt.date(2017, 9, 4)}),
    dt.date(2017, 1, 1),
    dt.date(2017, 12, 31),
    {dt.date(2017, 2, 20): "Washington's Birthday"},
)
PAUSED = ExcludedDays(WEEKEND, HOLIDAYS)


def at(text: str) -> Instant:
    return parse_instant(text, MIAMI)


# The law study, part 8: "Times are local; each was recomputed by script".
VECTORS = [
    pytest.param(
        "2017-02-17 17:00", PAUSED, "2017-02-22 17:00 EST (UTC-05:00)", id="1 Friday before Presidents' Day"
    ),
    pytest.param("2017-03-03 17:00", PAUSED, "2017-03-07 17:00 EST (UTC-05:00)", id="2 Friday"),
    pytest.param(
        "2017-03-04 10:00", PAUSED, "2017-03-08 00:00 EST (UTC-05:00)", id="3 Saturday: starts Monday 00:00"
    ),
    pytest.param(
        "2017-09-01 17:00", PAUSED, "2017-09-06 17:00 EDT (UTC-04:00)", id="4 Friday before Labor Day"
    ),
    pytest.param(
        "2017-03-10 12:00", RUNNING, "2017-03-12 13:00 EDT (UTC-04:00)", id="5 across the change of clocks"
    ),
]


@pytest.mark.parametrize(("anchor", "excluded", "deadline"), VECTORS)
def test_forty_eight_hours(anchor: str, excluded: ExcludedDays, deadline: str) -> None:
    due = add_open_time(at(anchor), HOURS_48, excluded, MIAMI)
    assert format_instant(due, MIAMI) == deadline
    assert open_duration(at(anchor), due, excluded, MIAMI) == 48 * HOUR
    assert open_duration(at(anchor), Instant(due - SECOND), excluded, MIAMI) == 48 * HOUR - SECOND


def test_a_clock_that_fills_a_day_ends_with_it() -> None:
    friday = at("2017-03-03 00:00")
    assert add_open_time(friday, 24 * 3600, PAUSED, MIAMI) == at("2017-03-04 00:00")


def test_a_clock_of_no_length_ends_where_it_starts() -> None:
    saturday = at("2017-03-04 10:00")
    assert add_open_time(saturday, 0, PAUSED, MIAMI) == saturday


def test_nothing_elapses_backwards_or_on_days_that_are_skipped() -> None:
    assert open_duration(at("2017-03-04 10:00"), at("2017-03-03 10:00"), PAUSED, MIAMI) == 0
    assert open_duration(at("2017-03-04 10:00"), at("2017-03-05 22:00"), PAUSED, MIAMI) == 0
    assert open_duration(at("2017-03-03 10:00"), at("2017-03-06 10:00"), PAUSED, MIAMI) == 24 * HOUR


def test_a_clock_that_leaves_its_calendar_says_so() -> None:
    with pytest.raises(OutsideCalendar, match=r"says nothing about \[2018-01-01\]") as outside:
        add_open_time(at("2017-12-29 17:00"), HOURS_48, PAUSED, MIAMI)
    assert outside.value.day == dt.date(2018, 1, 1)
    assert outside.value.calendar is HOLIDAYS


def test_a_weekend_outside_the_calendar_is_a_weekend() -> None:
    assert PAUSED.excludes(dt.date(2018, 1, 6))


def test_holidays_have_names_where_the_calendar_gives_them() -> None:
    assert HOLIDAYS.name_of(dt.date(2017, 2, 20)) == "Washington's Birthday"
    assert HOLIDAYS.name_of(dt.date(2017, 9, 4)) == ""
    assert HOLIDAYS.is_holiday(dt.date(2017, 9, 4))


def test_what_cannot_run_is_refused() -> None:
    with pytest.raises(ValueError, match="never runs"):
        ExcludedDays(frozenset(Weekday))
    with pytest.raises(ValueError, match="cannot run"):
        add_open_time(at("2017-03-03 10:00"), -1, RUNNING, MIAMI)
    with pytest.raises(ValueError, match="open end"):
        add_open_time(FOREVER, 1, PAUSED, MIAMI)


def test_a_calendar_keeps_within_its_bounds() -> None:
    day = dt.date(2017, 1, 1)
    with pytest.raises(ValueError, match="ends"):
        Calendar("reversed", frozenset(), day, dt.date(2016, 1, 1))
    with pytest.raises(ValueError, match="outside its days"):
        Calendar("stray", frozenset({dt.date(2018, 1, 1)}), day, day)
