"""Half-open intervals of instants, and sets of them."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from habeas.kernel.instants import BEGINNING, FOREVER, Instant


class Interval(NamedTuple):
    """All instants from `start` up to, but not including, `end`; `end` may be `FOREVER`."""

    start: Instant
    end: Instant

    @property
    def is_empty(self) -> bool:
        """Whether no instant lies within."""
        return self.end <= self.start

    @property
    def duration(self) -> int:
        """Elapsed microseconds.

        Raises:
            UnboundedInterval: An end is open, so there is no duration.
        """
        if self.start <= BEGINNING or self.end >= FOREVER:
            raise UnboundedInterval(self)
        return self.end - self.start

    def covers(self, instant: Instant) -> bool:
        """Whether the instant lies within: the start does, the end does not."""
        return self.start <= instant < self.end

    def meets(self, other: "Interval") -> bool:
        """Whether some instant lies in both."""
        return max(self.start, other.start) < min(self.end, other.end)

    def clip(self, within: "Interval") -> "Interval":
        """The part within another; empty, at the nearer end, when they share nothing."""
        start = Instant(min(max(self.start, within.start), within.end))
        return Interval(start, Instant(max(start, min(self.end, within.end))))


ALWAYS: Final = Interval(BEGINNING, FOREVER)
"""Every instant."""


class UnboundedInterval(ValueError):
    """The duration was asked of an interval that has an open end."""

    def __init__(self, interval: Interval) -> None:
        """Show the interval."""
        self.interval = interval
        super().__init__(
            f"interval [{interval.start}, {interval.end}) has an open end, hence no duration; clip it first"
        )


class ReversedInterval(ValueError):
    """An interval that ends before it starts."""

    def __init__(self, interval: Interval) -> None:
        """Show the interval."""
        self.interval = interval
        super().__init__(f"interval ends at [{interval.end}], before its start [{interval.start}]")


class IntervalSet:
    """A set of instants as the fewest disjoint intervals, earliest first; immutable."""

    __slots__ = ("_intervals",)
    _intervals: tuple[Interval, ...]

    def __init__(self, intervals: Iterable[tuple[Instant, Instant]] = ()) -> None:
        """Unite intervals given in any order; overlapping and touching ones are merged.

        Raises:
            ReversedInterval: One ends before it starts.
        """
        self._intervals = tuple(_merged(sorted(Interval(*pair) for pair in intervals)))

    def __iter__(self) -> Iterator[Interval]:
        """The maximal intervals, earliest first."""
        return iter(self._intervals)

    def __len__(self) -> int:
        """How many maximal intervals there are."""
        return len(self._intervals)

    def __bool__(self) -> bool:
        """Whether any instant is in the set."""
        return bool(self._intervals)

    def __eq__(self, other: object) -> bool:
        """Whether the same instants are in both."""
        if not isinstance(other, IntervalSet):
            return NotImplemented
        return self._intervals == other._intervals

    def __hash__(self) -> int:
        """Equal sets have equal hashes."""
        return hash(self._intervals)

    def __repr__(self) -> str:
        """The intervals as they would be given to the constructor."""
        return f"IntervalSet({[tuple(interval) for interval in self._intervals]})"

    def __or__(self, other: "IntervalSet") -> "IntervalSet":
        """The instants in either."""
        if not other._intervals:
            return self
        return IntervalSet((*self._intervals, *other._intervals)) if self._intervals else other

    def __and__(self, other: "IntervalSet") -> "IntervalSet":
        """The instants in both."""
        return IntervalSet(_common(self._intervals, other._intervals))

    def __sub__(self, other: "IntervalSet") -> "IntervalSet":
        """The instants in this set and not in the other."""
        return self & other.complement()

    def complement(self) -> "IntervalSet":
        """The instants not in this set."""
        edges = [edge for interval in self._intervals for edge in interval]
        bounds = [BEGINNING, *edges, FOREVER]
        pairs = zip(bounds[::2], bounds[1::2], strict=True)
        return IntervalSet(Interval(*pair) for pair in pairs if pair[0] < pair[1])

    def covers(self, instant: Instant) -> bool:
        """Whether the instant is in the set."""
        low, high = 0, len(self._intervals)
        while low < high:
            middle = (low + high) // 2
            if self._intervals[middle].end <= instant:
                low = middle + 1
            else:
                high = middle
        return low < len(self._intervals) and self._intervals[low].start <= instant

    def clip(self, within: Interval) -> "IntervalSet":
        """The instants that also lie in an interval."""
        return self & IntervalSet((within,))

    def gaps(self, within: Interval) -> "IntervalSet":
        """The instants of an interval that are not in the set."""
        return IntervalSet((within,)) - self

    def right_edges(self) -> tuple[Instant, ...]:
        """The end of each maximal interval, earliest first; an open end is no edge."""
        return tuple(interval.end for interval in self._intervals if interval.end < FOREVER)

    @property
    def duration(self) -> int:
        """Elapsed microseconds in all.

        Raises:
            UnboundedInterval: An end is open, so there is no duration.
        """
        return sum(interval.duration for interval in self._intervals)


def _merged(ordered: Iterable[Interval]) -> Iterator[Interval]:
    held: Interval | None = None
    for interval in ordered:
        if interval.end < interval.start:
            raise ReversedInterval(interval)
        if interval.is_empty:
            continue
        if held is None:
            held = interval
        elif interval.start <= held.end:
            held = Interval(held.start, max(held.end, interval.end))
        else:
            yield held
            held = interval
    if held is not None:
        yield held


def _common(first: tuple[Interval, ...], second: tuple[Interval, ...]) -> Iterator[Interval]:
    here = there = 0
    while here < len(first) and there < len(second):
        one, other = first[here], second[there]
        start, end = max(one.start, other.start), min(one.end, other.end)
        if start < end:
            yield Interval(start, end)
        if one.end < other.end:
            here += 1
        else:
            there += 1
