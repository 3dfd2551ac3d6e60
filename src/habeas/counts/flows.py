"""Flows: admissions, releases, lengths of finished custody, and the stay BJS expects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import fmean, median

from habeas.counts.bounds import Bounds, Shares, total
from habeas.counts.held import Episode, Population
from habeas.counts.rules import CountingRule
from habeas.kernel.instants import DAY, When, earliest_of, latest_of
from habeas.kernel.intervals import Interval


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long finished custody lasted, in microseconds, each between its least and its most."""

    each: tuple[Bounds, ...]

    @property
    def mean_days(self) -> Shares | None:
        """The mean in days of 24 hours; None where nothing finished."""
        if not self.each:
            return None
        parts = len(self.each) * DAY
        return Shares(
            Fraction(sum(length.least for length in self.each), parts),
            Fraction(sum(length.most for length in self.each), parts),
        )

    @property
    def median_days(self) -> Shares | None:
        """The median in days of 24 hours; None where nothing finished."""
        if not self.each:
            return None
        ends = [median([getattr(each, end) for each in self.each]) for end in ("least", "most")]
        return Shares(*(Fraction(end) / DAY for end in ends))

    def shorter_than(self, microseconds: int) -> Bounds:
        """How many surely, and how many perhaps, lasted less."""
        return Bounds(
            sum(length.most < microseconds for length in self.each),
            sum(length.least < microseconds for length in self.each),
        )


@dataclass(frozen=True, slots=True)
class Flows:
    """What came and went within an interval, under a rule."""

    within: Interval
    admissions: Bounds
    releases: Bounds
    released_as: Mapping[str, int]
    """Releases that may lie within the interval by the kind of event that ended custody; empty text where
    nobody saw one."""
    lengths: Lengths
    """Of the custody that surely ended within the interval."""
    began_before: int
    """Custody already under way when the records begin, whose whole length they cannot show."""
    not_ended: int
    """Custody under way when the records end."""


def flows(population: Population, rule: CountingRule, within: Interval) -> Flows:
    """Admissions and releases within an interval; an episode is admitted once, whatever moves it holds.

    Args:
        population: Custody episodes with their marks.
        rule: Whom it leaves out, and which beginnings are returns and no admissions.
        within: The interval; both ends finite.

    Raises:
        NotEncoded: the rule's words were not read.
    """
    rule.needs()
    every = population.episodes
    counted = [e for e in every if any(rule.why_out(held.marks) is None for held in e.held)]
    came = [each for each in counted if each.began_by not in rule.returns]
    went = [each for each in counted if not each.is_open]
    surely_ended = [each for each in went if _within(each.end, within).least]
    lengths = [length_of(each) for each in surely_ended if not began_before(each, population)]
    return Flows(
        within=within,
        admissions=total(_within(first_counted(each, rule), within) for each in came),
        releases=total(_within(each.end, within) for each in went),
        released_as=dict(sorted(Counter(e.ended_by for e in went if _within(e.end, within).most).items())),
        lengths=Lengths(tuple(lengths)),
        began_before=sum(began_before(each, population) for each in counted),
        not_ended=sum(each.is_open for each in counted),
    )


def first_counted(episode: Episode, rule: CountingRule) -> When:
    """When an episode first counts under a rule."""
    return next(held.start for held in episode.held if rule.why_out(held.marks) is None)


def length_of(episode: Episode) -> Bounds:
    """How long an episode lasted, in microseconds."""
    least = earliest_of(episode.end) - latest_of(episode.start)
    return Bounds(max(least, 0), latest_of(episode.end) - earliest_of(episode.start))


def began_before(episode: Episode, population: Population) -> bool:
    """Whether custody was under way when the records begin, so that nobody saw it begin."""
    return earliest_of(episode.start) <= population.observed.start and not episode.began_by


def expected_stay_days(adp: Shares, admissions: Bounds, days: int) -> Shares | None:
    """What BJS calls the expected average length of stay: ADP over annual admissions, times the days.

    It is another quantity than the mean of finished custody, and equals it only while nothing changes.

    Args:
        adp: Average daily population over some days.
        admissions: Admissions over the same days.
        days: How many.

    Returns:
        None where there is no admission.
    """
    if not admissions.least:
        return None
    return Shares(adp.least * days / admissions.most, adp.most * days / admissions.least)


@dataclass(frozen=True, slots=True)
class LittlesLaw:
    """Three figures that must agree where nothing is missing and nothing grows: L = arrivals x stay."""

    counted: float
    """Average number in custody."""
    from_flows: float
    """Admissions a day times the mean length of finished custody in days."""

    @property
    def ratio(self) -> float:
        """What the flows explain of what was counted; 1 where they agree."""
        return self.from_flows / self.counted if self.counted else float("nan")


def littles_law(adp: Shares, found: Flows) -> LittlesLaw | None:
    """The check by Little's law; None where nothing was counted or nothing finished.

    A sample chosen by length, or by how it ended, fails it, and so does a jail that fills or empties.
    """
    days = (found.within.end - found.within.start) / DAY
    mean = found.lengths.mean_days
    if mean is None or not adp.most or not found.admissions.most:
        return None
    arrivals = fmean((found.admissions.least, found.admissions.most)) / days
    stay = fmean((float(mean.least), float(mean.most)))
    return LittlesLaw(counted=fmean((float(adp.least), float(adp.most))), from_flows=arrivals * stay)


def _within(when: When, within: Interval) -> Bounds:
    surely = within.start <= earliest_of(when) and latest_of(when) < within.end
    perhaps = earliest_of(when) < within.end and latest_of(when) >= within.start
    return Bounds(int(surely), int(perhaps))
