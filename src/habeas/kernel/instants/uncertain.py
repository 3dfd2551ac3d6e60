"""Instants known only within bounds, which keep their identity through derivation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from habeas.kernel.instants.points import Instant, shifted_point


class Precision(StrEnum):
    """How finely a source states when something happened."""

    MINUTE = "minute"
    """The source writes the minute and no seconds."""

    HOUR = "hour"
    """The source writes the hour alone."""

    DAY = "day"
    """The source writes a civil day without a time."""

    MONTH = "month"
    """The source writes a month without a day."""

    YEAR = "year"
    """The source writes a year alone."""

    SNAPSHOT = "snapshot"
    """It happened between two observations, neither of which saw the moment."""

    RANGE = "range"
    """The source itself gives two bounds."""


@dataclass(frozen=True, slots=True)
class UncertainInstant:
    """One instant that lies somewhere in ``[earliest, latest)``.

    It is a single unknown point, not an interval: whatever is computed from it has the same
    ``key``, so "basis A until x, basis B from x" leaves no gap wherever x lies.
    """

    earliest: Instant
    """The first instant it can be."""

    latest: Instant
    """The first instant it can no longer be; at least one microsecond after `earliest`."""

    precision: Precision
    """How finely the source stated it."""

    key: str
    """Which unknown point this is, or was derived from."""

    offset: int = 0
    """Microseconds added to that point since `path`; two with one key and path compare exactly."""

    path: str = ""
    """The derivations that were not a constant shift, in order; empty for the point itself."""

    def __post_init__(self) -> None:
        """Refuse bounds that leave no instant.

        Raises:
            ValueError: `latest` is not after `earliest`, or the key is empty.
        """
        if self.latest <= self.earliest:
            raise ValueError(
                f"uncertain instant [{self.key}] has no instant between earliest "
                f"[{self.earliest}] and latest [{self.latest}]"
            )
        if not self.key:
            raise ValueError("an uncertain instant needs a key; without one it has no identity")

    def allows(self, instant: Instant) -> bool:
        """Whether it may be this instant."""
        return self.earliest <= instant < self.latest


When: TypeAlias = Instant | UncertainInstant
"""An instant, known or known within bounds."""


def earliest_of(when: When) -> Instant:
    """The first instant it can be."""
    return when.earliest if isinstance(when, UncertainInstant) else when


def latest_of(when: When) -> Instant:
    """The last instant it can be, itself included."""
    return Instant(when.latest - 1) if isinstance(when, UncertainInstant) else when


def before(first: When, second: When) -> bool | None:
    """Whether the first is strictly before the second; None when the bounds leave it open."""
    distance = _exact_distance(first, second)
    if distance is not None:
        return distance > 0
    if latest_of(first) < earliest_of(second):
        return True
    return False if earliest_of(first) >= latest_of(second) else None


def at_or_before(first: When, second: When) -> bool | None:
    """Whether the first is not after the second; None when the bounds leave it open."""
    after = before(second, first)
    return None if after is None else not after


def same_instant(first: When, second: When) -> bool | None:
    """Whether both are one instant; None when the bounds leave it open."""
    distance = _exact_distance(first, second)
    if distance is not None:
        return distance == 0
    if latest_of(first) < earliest_of(second) or latest_of(second) < earliest_of(first):
        return False
    # Two different uncertain points whose bounds meet may coincide or not. Two certain ones, or
    # a bound of one microsecond, cannot be other than equal here.
    certain = earliest_of(first) == latest_of(first) and earliest_of(second) == latest_of(second)
    return True if certain else None


def shifted(when: When, microseconds: int) -> When:
    """The instant so much elapsed time later, keeping its identity; an open end stays open."""
    if not isinstance(when, UncertainInstant):
        return shifted_point(when, microseconds)
    return replace(
        when,
        earliest=Instant(when.earliest + microseconds),
        latest=Instant(when.latest + microseconds),
        offset=when.offset + microseconds,
    )


def derived(when: When, step: Callable[[Instant], Instant], named: str) -> When:
    """The instant a monotone step makes of another, keeping its identity.

    Args:
        when: What the step starts from.
        step: A function that never maps a later instant to an earlier one, such as a clock that
            skips weekends or one that ends at midnight.
        named: A name for the step with its parameters: the same name must mean the same step.

    Returns:
        A plain instant when the step sends every possible instant to the same one.
    """
    if not isinstance(when, UncertainInstant):
        return step(when)
    first, last = step(when.earliest), step(latest_of(when))
    if first == last:
        return first
    path = f"{when.path}{when.offset:+d}>{named}"
    return replace(when, earliest=first, latest=Instant(last + 1), offset=0, path=path)


def placed(when: When, placing: Mapping[str, Instant]) -> When:
    """The instant once the named unknown points are fixed.

    A point derived by a step that was not a constant shift cannot be fixed from its key alone;
    it is returned as it is, and whoever derived it derives it again from the fixed point.

    Args:
        when: Any instant.
        placing: For each key, the instant assumed of that unknown point.

    Raises:
        ValueError: An assumed instant lies outside the bounds.
    """
    if not isinstance(when, UncertainInstant) or when.path or when.key not in placing:
        return when
    fixed = Instant(placing[when.key] + when.offset)
    if not when.allows(fixed):
        raise ValueError(
            f"uncertain instant [{when.key}] cannot be placed at [{placing[when.key]}]: outside "
            f"[{when.earliest - when.offset}, {when.latest - when.offset})"
        )
    return fixed


def _exact_distance(first: When, second: When) -> int | None:
    """Microseconds from the first to the second when bounds need not be asked."""
    if isinstance(first, UncertainInstant):
        if not isinstance(second, UncertainInstant):
            return None
        if first.key == second.key and first.path == second.path:
            return second.offset - first.offset
        return None
    return None if isinstance(second, UncertainInstant) else second - first
