"""Time by what stands behind it, its cost, and what one rule counts that another does not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.counts.bounds import Bounds
from habeas.counts.daily import daily_population, time_held
from habeas.counts.held import Episode, Held, Marks
from habeas.counts.reconcile import reconciled
from habeas.counts.rules import Unit
from habeas.counts.shares import UncertainLabels, cost_cents, dollars, time_by
from habeas.kernel.instants import DAY, HOUR, MINUTE, Instant, Precision, UncertainInstant
from habeas.kernel.intervals import Interval
from small_populations import BEGIN, at, drawn_episodes, episode, held, midnights, population, rule

SPAN = Interval(BEGIN, Instant(BEGIN + 6 * DAY))


def test_time_is_sole_shared_or_behind_nothing() -> None:
    people = population(
        episode("p", held(0, 60, "on=x"), held(60, 90, "on=x", "on=y"), held(90, 100)),
        episode("q", held(0, 10, "on=y")),
    )
    found = time_by(people, SPAN, "on=")
    assert (found.sole("x"), found.shared("x"), found.sole("y")) == (HOUR, 30 * MINUTE, 10 * MINUTE)
    assert found.unlabelled == 10 * MINUTE
    assert (found.labels, found.people_by_label) == (("x", "y"), {"x": 1, "y": 2})


@given(drawn_episodes(overlapping=True))
def test_sets_of_labels_partition_the_time(episodes: list[Episode]) -> None:
    people = population(*episodes)
    found = time_by(people, SPAN, "")
    assert found.total == time_held(people, SPAN, lambda _: True).least
    for label in found.labels:
        under = time_held(people, SPAN, _having(label))
        assert found.sole(label) + found.shared(label) == under.least


def test_a_partition_of_bounds_is_refused() -> None:
    end = UncertainInstant(at(10), at(20), Precision.SNAPSHOT, "e")
    with pytest.raises(UncertainLabels):
        time_by(population(Episode("p", "p", (Held(at(0), end, frozenset()),))), SPAN, "")


def test_money_is_whole_cents_rounded_once() -> None:
    assert cost_cents(DAY, 14_950) == 14_950
    assert cost_cents(DAY // 2, 1) == 0
    assert cost_cents(3 * DAY // 2, 1) == 2
    assert (dollars(123_456_789), dollars(-5)) == ("$1,234,567.89", "-$0.05")


def test_two_rules_reconcile_by_named_differences() -> None:
    people = population(
        episode("jail", held(-60, 5000)),
        episode("lock-up", held(-60, 1500, "lock-up")),
        episode("away", held(-60, 5000, "away")),
        episode("both", held(-60, 1500, "away", "lock-up")),
    )
    first = rule(name="one", left_out=[("out to court", "away")])
    second = rule(name="two", left_out=[("lock-ups", "lock-up")])
    found = reconciled(people, (first, second), (midnights(2), midnights(2)))
    assert (found.from_total, found.to_total, found.adds_up) == (Bounds(4, 4), Bounds(4, 4), True)
    assert {step.says: step.change.least for step in found.steps} == {
        "left out by two: lock-ups": -2,
        "left out by one: out to court": 2,
    }


@given(
    drawn_episodes(overlapping=True),
    st.sampled_from(list(Unit)),
    st.sampled_from(list(Unit)),
    st.integers(0, 23),
)
def test_every_difference_has_a_name_and_they_add_up(
    episodes: list[Episode], one: Unit, other: Unit, hour: int
) -> None:
    people = population(*episodes)
    first = rule(name="one", unit=one, left_out=[("A", "a"), ("B", "b")])
    second = rule(name="two", unit=other, left_out=[("C", "c"), ("A", "a")])
    when = midnights(6), midnights(6, dt.time(hour))
    found = reconciled(people, (first, second), when)
    counted = daily_population(people, second, when[1])
    assert found.to_total.least == sum(day.found.least for day in counted)
    assert found.adds_up


def _having(label: str) -> Callable[[Marks], bool]:
    return lambda marks: label in marks
