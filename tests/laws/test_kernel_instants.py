"""Laws of instants: what zones do to wall times, and what bounds leave open."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from habeas.kernel.instants import (
    DAY,
    HOUR,
    AmbiguousLocalTime,
    CivilDate,
    Instant,
    LocalTime,
    MissingLocalTime,
    UncertainInstant,
    When,
    at_or_before,
    before,
    civil_date_of,
    day_of,
    derived,
    earliest_of,
    end_of_day,
    format_instant,
    instant_of,
    latest_of,
    local_of,
    parse_instant,
    placed,
    rfc3339,
    same_instant,
    shifted,
    start_of_day,
    zone,
)
from habeas.testing import civil_dates, local_times, uncertain_instants, whens, zones
from habeas.testing.times import any_instants


@given(any_instants(), zones())
def test_a_wall_time_read_back_names_the_instant_or_both(instant: Instant, where: ZoneInfo) -> None:
    local = local_of(instant, where)
    earlier, later = instant_of(local, where, "earlier"), instant_of(local, where, "later")
    assert instant in {earlier, later}
    assert local_of(earlier, where) == local_of(later, where) == local
    if earlier == later:
        assert instant_of(local, where) == instant
        return
    with pytest.raises(AmbiguousLocalTime) as named:
        instant_of(local, where)
    assert (named.value.earlier, named.value.later) == (earlier, later)


@given(local_times(), zones())
@example(LocalTime(dt.date(2017, 3, 12), dt.time(2, 30)), zone("America/New_York"))
@example(LocalTime(dt.date(2017, 10, 1), dt.time(2, 15)), zone("Australia/Lord_Howe"))
def test_a_wall_time_that_was_never_shown_lies_between_its_choices(local: LocalTime, where: ZoneInfo) -> None:
    earlier, later = instant_of(local, where, "earlier"), instant_of(local, where, "later")
    if local_of(earlier, where) == local:
        assert local_of(later, where) == local
        return
    assert local_of(earlier, where) < local < local_of(later, where)
    with pytest.raises(MissingLocalTime) as named:
        instant_of(local, where)
    assert (named.value.earlier, named.value.later) == (earlier, later)


@given(civil_dates(), zones())
@example(dt.date(2011, 12, 30), zone("Pacific/Apia"))
@example(dt.date(2017, 3, 12), zone("America/Havana"))
def test_the_start_of_a_day_is_its_first_instant(day: CivilDate, where: ZoneInfo) -> None:
    start = start_of_day(day, where)
    assert civil_date_of(start, where) >= day
    assert civil_date_of(Instant(start - 1), where) < day


@given(civil_dates(), zones())
def test_days_follow_on_one_another(day: CivilDate, where: ZoneInfo) -> None:
    assert end_of_day(day, where) == start_of_day(day + dt.timedelta(days=1), where)
    assert start_of_day(day, where) <= end_of_day(day, where) <= start_of_day(day, where) + 25 * HOUR


@given(any_instants())
def test_the_text_for_machines_is_read_back(instant: Instant) -> None:
    assert parse_instant(rfc3339(instant)) == instant


@given(any_instants(), zones())
def test_the_line_for_people_names_one_instant(instant: Instant, where: ZoneInfo) -> None:
    text = format_instant(instant, where)
    wall, offset = text[: len(str(local_of(instant, where)))], text[-7:-1]
    assert parse_instant(f"{wall}{offset}") == instant


@given(whens(), whens())
def test_before_is_certain_exactly_when_every_placement_agrees(one: When, other: When) -> None:
    if isinstance(other, UncertainInstant):
        other = replace(other, key="another point")
    ends = [a < b for a in (earliest_of(one), latest_of(one)) for b in (earliest_of(other), latest_of(other))]
    assert before(one, other) is (ends[0] if len(set(ends)) == 1 else None)


@given(whens(), whens())
def test_not_after_is_the_opposite_of_the_other_way_round(one: When, other: When) -> None:
    later = before(other, one)
    assert at_or_before(one, other) is (None if later is None else not later)


@given(whens())
def test_one_instant_is_itself_however_little_is_known_of_it(when: When) -> None:
    assert before(when, when) is False
    assert at_or_before(when, when) is True
    assert same_instant(when, when) is True


@given(uncertain_instants(), st.integers(-DAY, DAY), st.integers(-DAY, DAY))
def test_what_is_derived_from_one_point_compares_by_what_was_added(
    point: UncertainInstant, one: int, other: int
) -> None:
    assert before(shifted(point, one), shifted(point, other)) is (one < other)
    assert same_instant(shifted(shifted(point, one), other), shifted(point, one + other)) is True


@given(uncertain_instants(), st.integers(0, DAY), st.data())
def test_placing_a_point_places_what_is_derived_from_it(
    point: UncertainInstant, microseconds: int, data: st.DataObject
) -> None:
    at = Instant(data.draw(st.integers(point.earliest, point.latest - 1)))
    assert placed(point, {point.key: at}) == at
    assert placed(shifted(point, microseconds), {point.key: at}) == at + microseconds
    assert placed(point, {"another": at}) == point
    with pytest.raises(ValueError, match="cannot be placed"):
        placed(point, {point.key: point.latest})


@given(uncertain_instants(), st.data())
def test_a_step_keeps_identity_and_bounds_every_placement(
    point: UncertainInstant, data: st.DataObject
) -> None:
    def noon(instant: Instant) -> Instant:
        return Instant(-(-instant // DAY) * DAY + DAY // 2)

    due = derived(point, noon, "noon after")
    at = Instant(data.draw(st.integers(point.earliest, point.latest - 1)))
    assert earliest_of(due) <= noon(at) <= latest_of(due)
    assert same_instant(due, derived(point, noon, "noon after")) is True
    if isinstance(due, UncertainInstant):
        assert due.key == point.key
        assert before(due, shifted(due, 1)) is True


@given(civil_dates(), zones())
def test_a_day_without_a_time_is_somewhere_in_that_day(day: CivilDate, where: ZoneInfo) -> None:
    if start_of_day(day, where) == end_of_day(day, where):
        return
    point = day_of(day, where, "x")
    assert point.allows(start_of_day(day, where))
    assert not point.allows(end_of_day(day, where))
    assert latest_of(point) == end_of_day(day, where) - 1
