"""Daily population: what is counted at which instant, and the laws that counting must obey."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.counts.bounds import Bounds, Shares, decimal
from habeas.counts.daily import average_daily_population, daily_population, time_held
from habeas.counts.held import Episode, Held, pieces_of
from habeas.counts.instants import count_instant, days_between
from habeas.counts.rules import Days, NotEncoded, Unit, rule_named
from habeas.kernel.instants import DAY, MINUTE, Instant, Precision, UncertainInstant, earliest_of, zone
from habeas.kernel.intervals import Interval
from small_populations import (
    BEGIN,
    MARKS,
    UTC,
    at,
    drawn_episodes,
    episode,
    held,
    midnights,
    population,
    rule,
)

PLAIN = rule()
BY_MARK = rule(lines=[(m, m) for m in MARKS])
SPAN = Interval(BEGIN, Instant(BEGIN + 6 * DAY))


def test_whoever_is_in_at_midnight_counts_and_whoever_leaves_at_midnight_does_not() -> None:
    people = population(
        episode("in", held(-60, 60)),
        episode("leaves", held(-60, 0)),
        episode("comes", held(0, 1)),
        episode("between", held(1, 1439)),
    )
    counts = daily_population(people, PLAIN, midnights(2))
    assert [day.found for day in counts] == [Bounds(2, 2), Bounds(0, 0)]


def test_a_person_in_two_custodies_counts_once_and_the_custodies_twice() -> None:
    people = population(episode("p", held(-60, 60), name="1"), episode("p", held(-30, 90), name="2"))
    (count,) = daily_population(people, PLAIN, midnights(1))
    assert count.found == Bounds(1, 1)
    (count,) = daily_population(people, rule(unit=Unit.CUSTODIES), midnights(1))
    assert count.found == Bounds(2, 2)


def test_uncertain_ends_give_bounds_and_never_a_middle() -> None:
    end = UncertainInstant(at(-60), at(60), Precision.SNAPSHOT, "left")
    handed = UncertainInstant(at(-10), at(10), Precision.SNAPSHOT, "moved")
    people = population(
        Episode("left", "l", (Held(at(-100), end, frozenset()),)),
        Episode(
            "moved", "m", (Held(at(-100), handed, frozenset({"a"})), Held(handed, at(100), frozenset({"b"})))
        ),
    )
    (count,) = daily_population(people, BY_MARK, midnights(1))
    assert count.found == Bounds(1, 2)
    assert (count.lines["a"], count.lines["b"]) == (Bounds(0, 1), Bounds(0, 1))
    assert average_daily_population([count]) == Shares(Fraction(1), Fraction(2))
    assert average_daily_population([count]).shown() == "1.0 to 2.0"


def test_a_day_begins_where_clocks_begin_it_and_a_skipped_hour_is_counted_when_it_has_passed() -> None:
    new_york = zone("America/New_York")
    spring = dt.date(2024, 3, 10)
    assert (
        count_instant(dt.date(2024, 3, 11), dt.time(0), new_york)
        - count_instant(spring, dt.time(0), new_york)
        == 23 * 60 * MINUTE
    )
    assert count_instant(spring, dt.time(2, 30), new_york) == count_instant(spring, dt.time(3, 30), new_york)


@pytest.mark.parametrize(
    ("on", "days"),
    [
        (Days.FIRST_OF_MONTH, ["2024-06-01", "2024-07-01"]),
        (Days.FIRST_OF_QUARTER, ["2024-07-01"]),
        (Days.LAST_WEEKDAY_OF_JUNE, ["2024-06-28"]),
    ],
)
def test_the_days_on_which_a_rule_counts(on: Days, days: list[str]) -> None:
    found = days_between(dt.date(2024, 5, 2), dt.date(2024, 7, 31), on)
    assert [day.isoformat() for day in found] == days


def test_a_rule_whose_words_were_not_read_refuses_to_count() -> None:
    with pytest.raises(NotEncoded, match="could not be read"):
        daily_population(population(), rule_named("florida-900-05"), midnights(1))


def test_an_average_of_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        average_daily_population([])


def test_fractions_are_shown_rounded_half_to_even() -> None:
    assert [decimal(Fraction(n, 20), 1) for n in (1, 3, -3, 23_456)] == ["0.0", "0.2", "-0.2", "1,172.8"]
    assert decimal(Fraction(5, 2), 0) == "2"


@given(drawn_episodes())
def test_midnight_counts_sum_to_person_days(episodes: list[Episode]) -> None:
    """Added up, daily populations are the midnights that each person spends in custody."""
    counts = daily_population(population(*episodes), PLAIN, midnights(6))
    spent = {
        (one.person, midnight)
        for one in episodes
        for piece in one.held
        for _, midnight in midnights(6)
        if earliest_of(piece.start) <= midnight < earliest_of(piece.end)
    }
    assert sum(day.found.least for day in counts) == len(spent)


@given(drawn_episodes(days=2, step=60))
def test_counted_at_every_hour_the_counts_are_the_time_in_custody(episodes: list[Episode]) -> None:
    people = population(*episodes)
    hours = [dt.time(hour) for hour in range(24)]
    counted = sum(
        day.found.least for hour in hours for day in daily_population(people, PLAIN, midnights(2, hour))
    )
    within = Interval(BEGIN, Instant(BEGIN + 2 * DAY))
    assert time_held(people, within, lambda _: True) == Bounds(counted * 60 * MINUTE, counted * 60 * MINUTE)


@given(drawn_episodes(overlapping=True))
def test_the_lines_of_a_rule_are_a_partition(episodes: list[Episode]) -> None:
    for day in daily_population(population(*episodes), BY_MARK, midnights(6)):
        assert sum(each.least for each in day.lines.values()) == day.found.least
        assert sum(each.most for each in day.lines.values()) == day.found.most


@given(drawn_episodes(), st.integers(1, 1439))
def test_moving_the_count_instant_moves_only_who_crosses_it(episodes: list[Episode], minutes: int) -> None:
    people = population(*episodes)
    early = daily_population(people, PLAIN, midnights(6))
    late = daily_population(people, PLAIN, midnights(6, dt.time(minutes // 60, minutes % 60)))
    for before, after in zip(early, late, strict=True):
        between = Interval(before.at, after.at)
        crossing = {
            one.person
            for one in episodes
            for edge in (one.held[0].start, one.held[-1].end)
            if between.start < earliest_of(edge) <= between.end
        }
        here = _in(episodes, before.at)
        there = _in(episodes, after.at)
        assert here ^ there <= crossing
        assert after.found.least - before.found.least == len(there - here) - len(here - there)


@given(drawn_episodes(overlapping=True))
def test_pieces_of_one_person_never_overlap_and_lose_no_mark(episodes: list[Episode]) -> None:
    theirs = [each for each in episodes if each.person == "p0"]
    pieces = pieces_of(theirs)
    assert all(earliest_of(one.end) <= earliest_of(other.start) for one, other in pairwise(pieces))
    for piece in pieces:
        marks = {
            m for each in theirs for h in each.held if _covers(h, earliest_of(piece.start)) for m in h.marks
        }
        assert piece.marks == marks


def _in(episodes: list[Episode], instant: Instant) -> set[str]:
    return {e.person for e in episodes for h in e.held if _covers(h, instant)}


def _covers(piece: Held, instant: Instant) -> bool:
    return earliest_of(piece.start) <= instant < earliest_of(piece.end)


def test_utc_days_are_whole() -> None:
    assert UTC.key == "UTC"
    assert time_held(population(episode("p", held(0, 60 * 24 * 9))), SPAN, lambda _: True) == Bounds(
        6 * DAY, 6 * DAY
    )
