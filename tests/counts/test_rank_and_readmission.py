"""Rank with its conditions, and return to custody with its denominators."""

from __future__ import annotations

from fractions import Fraction

from habeas.counts.held import Episode
from habeas.counts.rank import Entry, rank
from habeas.counts.readmission import cohorts
from habeas.kernel.instants import DAY, Instant
from habeas.kernel.intervals import Interval
from small_populations import BEGIN, episode, held, population


def entry(
    name: str, value: int | None, *, year: int = 2016, unit: str = "ADP", definition: str = "BJS"
) -> Entry:
    return Entry(name, year, None if value is None else Fraction(value), unit, definition)


def test_the_place_is_that_among_the_figures_of_one_year() -> None:
    found = rank([entry("a", 9), entry("b", 7), entry("c", 5), entry("c", 99, year=2015)], "b", 2016)
    assert (found.best, found.worst, found.of, found.refused) == (2, 2, 3, ())


def test_ties_and_missing_figures_leave_bounds() -> None:
    found = rank([entry("a", 9), entry("b", 7), entry("c", 7), entry("d", None)], "b", 2016, expected=10)
    assert (found.best, found.worst, found.of) == (2, 10, 10)
    assert found.ties == ("c",)
    assert found.missing == ("d", "6 more that are not in the data")


def test_a_rank_that_would_mislead_is_refused_with_the_reason() -> None:
    mixed = [entry("a", 9), entry("b", 7, unit="beds", definition="state")]
    assert len(rank(mixed, "a", 2016).refused) == 2
    assert "no figure of [z]" in rank(mixed, "z", 2016).refused[0]
    assert "is missing" in rank([entry("a", None), entry("b", 1)], "a", 2016).refused[0]
    assert "named twice" in rank([entry("a", 9), entry("a", 8)], "a", 2016).refused[0]
    assert "nothing to compare" in rank([entry("a", 9)], "a", 2016).refused[0]


def test_each_release_is_followed_to_the_next_admission_or_the_end_of_the_records() -> None:
    day = 1440
    people = population(
        episode("back", held(0, day), name="1"),
        episode("back", held(3 * day, 4 * day), name="2"),
        episode("never", held(0, day)),
        episode("late", held(27 * day, 28 * day), name="1"),
        episode("late", held(29 * day, 30 * day), name="2"),
        episode("moved", held(0, day), ended="TurnedOver"),
        days=30,
    )
    (found,) = cohorts(people, Interval(BEGIN, Instant(BEGIN + 30 * DAY)), lambda _: "all")
    assert len(found.followed) == 5 - 1
    assert found.whole_within(7 * DAY) == (1, 3)
    assert [one.time // DAY for one in found.followed if one.returned] == [2, 1]


def test_cohorts_are_by_what_the_caller_groups_by() -> None:
    def kind(one: Episode) -> str:
        return next(iter(one.held[-1].marks))

    people = population(episode("p", held(0, 5, "x")), episode("q", held(0, 5, "y")))
    found = cohorts(people, Interval(BEGIN, Instant(BEGIN + DAY)), kind)
    assert [(each.group, len(each.followed)) for each in found] == [("x", 1), ("y", 1)]
