"""Admissions, releases, lengths, what BJS expects, and what the records cannot show."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given

from habeas.counts.bounds import Bounds, Shares
from habeas.counts.daily import average_daily_population, daily_population
from habeas.counts.flows import Lengths, expected_stay_days, flows, littles_law
from habeas.counts.gaps import censored, unseen_between, warm
from habeas.counts.held import Episode, Held, Looks
from habeas.counts.rules import rule_named
from habeas.kernel.instants import DAY, FOREVER, HOUR, Instant, Precision, UncertainInstant
from habeas.kernel.intervals import Interval
from small_populations import BEGIN, at, drawn_episodes, episode, held, midnights, population, rule

SPAN = Interval(BEGIN, Instant(BEGIN + 10 * DAY))
PLAIN = rule()


def test_an_episode_is_admitted_once_whatever_it_holds_and_a_transfer_is_no_release() -> None:
    moves = episode("p", held(0, 60, "a"), held(60, 120, "away"), held(120, 1440, "a"))
    delivered = episode("q", held(10, 20), ended="TurnedOver")
    found = flows(population(moves, delivered), rule(left_out=[("out", "away")]), SPAN)
    assert (found.admissions, found.releases) == (Bounds(2, 2), Bounds(2, 2))
    assert found.released_as == {"Released": 1, "TurnedOver": 1}


def test_a_return_is_no_admission_where_the_rule_says_so() -> None:
    back = episode("p", held(0, 60), began="Returned")
    assert flows(population(back), rule(), SPAN).admissions == Bounds(1, 1)
    assert flows(population(back), rule_named("bjs-annual-survey"), SPAN).admissions == Bounds(0, 0)


def test_uncertain_beginnings_and_ends_are_bounds() -> None:
    start = UncertainInstant(at(-60), at(60), Precision.SNAPSHOT, "came")
    end = UncertainInstant(at(13_000), at(15_000), Precision.SNAPSHOT, "went")
    found = flows(
        population(Episode("p", "p", (Held(start, end, frozenset()),), "Booked", "Released")), PLAIN, SPAN
    )
    assert (found.admissions, found.releases) == (Bounds(0, 1), Bounds(0, 1))
    assert found.lengths.mean_days is None


def test_lengths_are_of_finished_custody_whose_beginning_was_seen() -> None:
    cut = episode("old", held(-9999, 100), began="")
    still = Episode("new", "n", (Held(at(5), FOREVER, frozenset()),), "Arrested", "")
    done = [episode("d", held(0, days * 1440)) for days in (1, 2, 6)]
    found = flows(population(cut, still, *done), PLAIN, SPAN)
    assert found.lengths.mean_days == Shares(Fraction(3), Fraction(3))
    assert found.lengths.median_days == Shares(Fraction(2), Fraction(2))
    assert found.lengths.shorter_than(2 * DAY) == Bounds(1, 1)
    assert (found.began_before, found.not_ended) == (1, 1)
    assert censored(population(cut, still)).not_ended == 1
    assert Lengths(()).median_days is None


def test_the_stay_bjs_expects_is_adp_over_admissions_times_days() -> None:
    assert expected_stay_days(Shares(Fraction(100), Fraction(120)), Bounds(50, 60), 366) == Shares(
        Fraction(610), Fraction(4392, 5)
    )
    assert expected_stay_days(Shares(Fraction(1), Fraction(1)), Bounds(0, 0), 366) is None


def test_little_s_law_holds_of_a_steady_jail_and_fails_of_a_sample_of_long_custody() -> None:
    steady = [episode(f"p{n}", held(n * 60, n * 60 + 2880), name=str(n)) for n in range(-24 * 10, 24 * 40)]
    span = Interval(BEGIN, Instant(BEGIN + 30 * DAY))
    whole = population(*steady, days=40)
    adp = average_daily_population(daily_population(whole, PLAIN, midnights(30)))
    law = littles_law(adp, flows(whole, PLAIN, span))
    assert law is not None
    assert law.ratio == pytest.approx(1.0, abs=0.01)
    long = [
        *(e for n, e in enumerate(steady) if n % 2),
        *(episode(f"s{n}", held(n * 120, n * 120 + 60)) for n in range(360)),
    ]
    kept = population(*(each for each in long if each.person.startswith("p")), days=40)
    law = littles_law(adp, flows(kept, PLAIN, span))
    assert law is not None
    assert law.ratio == pytest.approx(0.5, abs=0.01)
    assert littles_law(adp, flows(population(), PLAIN, span)) is None


@given(drawn_episodes())
def test_what_came_less_what_went_is_what_the_population_grew_by(episodes: list[Episode]) -> None:
    people = population(*episodes)
    first, *_, last = daily_population(people, rule(), midnights(6))
    found = flows(people, PLAIN, Interval(Instant(first.at + 1), Instant(last.at + 1)))
    assert last.found.least - first.found.least == found.admissions.least - found.releases.least


def test_short_custody_between_two_looks_is_missed_and_the_gap_is_estimated() -> None:
    """Lengths fall off at one rate: the estimate from those seen once and twice finds those never seen."""
    dice = random.Random(8)  # noqa: S311 - chance for a simulation, no secret
    made = []
    for n in range(20_000):
        start = dice.uniform(1, 60 * 1440)
        made.append(episode(f"p{n}", held(int(start), int(start + dice.expovariate(1 / 1440)) + 1)))
    looks = [instant for _, instant in midnights(70)]
    truth = unseen_between(population(*made, days=70), looks, is_looked_at=False)
    assert truth.missed is not None
    assert truth.if_falling is not None
    assert truth.if_falling == pytest.approx(truth.missed, rel=0.05)
    assert truth.if_evenly < truth.missed
    assert truth.seen + truth.missed == len(made)


def test_a_snapshot_source_never_shows_what_it_missed() -> None:
    start = UncertainInstant(at(-1440), at(0), Precision.SNAPSHOT, "a")
    end = UncertainInstant(at(1), at(1441), Precision.SNAPSHOT, "b")
    one = Episode("p", "p", (Held(start, end, frozenset()),), "Admitted", "Released")
    looks = [Instant(BEGIN + n * DAY) for n in range(-3, 5)]
    found = unseen_between(population(one, looks=Looks.SNAPSHOTS), looks, is_looked_at=True)
    assert (found.missed, found.if_falling) == (None, None)


def test_an_interval_beyond_the_records_is_said() -> None:
    assert warm(population(days=10), SPAN) == ()
    wide = Interval(Instant(BEGIN - HOUR), Instant(BEGIN + 11 * DAY))
    assert len(warm(population(days=10), wide)) == 2
