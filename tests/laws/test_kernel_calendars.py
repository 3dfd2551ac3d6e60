"""Laws of clocks that skip days: adding open time and counting it undo one another."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.calendars import (
    RUNNING,
    Calendar,
    ExcludedDays,
    Weekday,
    add_open_time,
    open_duration,
    weekday_of,
)
from habeas.kernel.instants import SECOND, Instant, civil_date_of
from habeas.testing import instants, zones
from habeas.testing.times import FIRST, any_instants

THREE_WEEKS = 21 * 24 * 3600


@st.composite
def excluded_days(draw: st.DrawFn) -> ExcludedDays:
    weekdays = draw(st.frozensets(st.sampled_from(list(Weekday)), max_size=6))
    if not draw(st.booleans()):
        return ExcludedDays(weekdays)
    first, last = dt.date(1970, 1, 1), dt.date(2040, 12, 31)
    holidays = draw(st.frozensets(st.dates(dt.date(2017, 1, 25), dt.date(2017, 5, 1)), max_size=5))
    return ExcludedDays(weekdays, Calendar("test", holidays, first, last))


lengths = st.integers(0, THREE_WEEKS)
starts = instants(FIRST, days=30)


@given(starts, lengths, excluded_days(), zones())
def test_counting_undoes_adding(start: Instant, seconds: int, days: ExcludedDays, where: ZoneInfo) -> None:
    assert open_duration(start, add_open_time(start, seconds, days, where), days, where) == seconds * SECOND


@given(starts, lengths, excluded_days(), zones())
def test_the_deadline_is_the_first_instant_by_which_the_time_has_run(
    start: Instant, seconds: int, days: ExcludedDays, where: ZoneInfo
) -> None:
    due = add_open_time(start, seconds, days, where)
    assert due >= start
    if seconds:
        assert open_duration(start, Instant(due - 1), days, where) == seconds * SECOND - 1
        assert not days.excludes(civil_date_of(Instant(due - 1), where))


@given(starts, starts, lengths, excluded_days(), zones())
def test_a_later_anchor_never_gives_an_earlier_deadline(
    one: Instant, other: Instant, seconds: int, days: ExcludedDays, where: ZoneInfo
) -> None:
    first, second = sorted((one, other))
    assert add_open_time(first, seconds, days, where) <= add_open_time(second, seconds, days, where)


@given(starts, lengths, lengths, excluded_days(), zones())
def test_running_on_is_running_in_two_parts(
    start: Instant, one: int, other: int, days: ExcludedDays, where: ZoneInfo
) -> None:
    between = add_open_time(start, one, days, where)
    in_parts = add_open_time(between, other, days, where) if other else between
    assert in_parts == add_open_time(start, one + other, days, where)


@given(starts, starts, starts, excluded_days(), zones())
def test_counting_adds_up(a: Instant, b: Instant, c: Instant, days: ExcludedDays, where: ZoneInfo) -> None:
    first, middle, last = sorted((a, b, c))
    whole = open_duration(first, last, days, where)
    assert whole == open_duration(first, middle, days, where) + open_duration(middle, last, days, where)
    assert 0 <= whole <= last - first


@given(starts, lengths, excluded_days(), zones())
def test_skipping_days_never_brings_a_deadline_forward(
    start: Instant, seconds: int, days: ExcludedDays, where: ZoneInfo
) -> None:
    assert add_open_time(start, seconds, days, where) >= add_open_time(start, seconds, RUNNING, where)


@given(any_instants(), zones())
def test_a_day_has_one_weekday(instant: Instant, where: ZoneInfo) -> None:
    day = civil_date_of(instant, where)
    assert weekday_of(day) == day.strftime("%A").lower()
    assert ExcludedDays(frozenset({weekday_of(day)})).excludes(day)
