"""A value at each instant of an interval."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar, cast

from habeas.kernel.instants import Instant
from habeas.kernel.intervals import ALWAYS, Interval, IntervalSet

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")


class Piece(NamedTuple, Generic[T]):
    """One value and the interval `[start, end)` throughout which it holds."""

    start: Instant
    end: Instant
    value: T

    @property
    def interval(self) -> Interval:
        """When it holds."""
        return Interval(self.start, self.end)


class OutsideTimeline(LookupError):
    """A timeline was asked of an instant it does not span."""

    def __init__(self, instant: Instant, span: Interval) -> None:
        """Show the instant and what the timeline spans."""
        self.instant = instant
        self.span = span
        super().__init__(f"instant [{instant}] is outside the timeline [{span.start}, {span.end})")


class BrokenTimeline(ValueError):
    """Pieces that do not follow on one another without gap or overlap."""


class Timeline(Generic[T]):
    """A partition of one interval into maximal pieces, each with one value; immutable.

    Neighbouring pieces never hold equal values: they are one piece.
    """

    __slots__ = ("_pieces", "_starts")
    _pieces: tuple[Piece[T], ...]
    _starts: tuple[Instant, ...]

    def __init__(self, pieces: Iterable[tuple[Instant, Instant, T]]) -> None:
        """Join pieces given in order; empty ones are dropped, equal neighbours merged.

        Raises:
            BrokenTimeline: A piece does not start where the one before it ended, ends before it
                starts, or there is none.
        """
        self._pieces = tuple(_joined(pieces))
        if not self._pieces:
            raise BrokenTimeline("a timeline needs a piece that is not empty")
        self._starts = tuple(piece.start for piece in self._pieces)

    @staticmethod
    def constant(value: U, span: Interval = ALWAYS) -> "Timeline[U]":
        """One value throughout."""
        return Timeline(((span.start, span.end, value),))

    @staticmethod
    def of_changes(first: U, changes: Iterable[tuple[Instant, U]], span: Interval = ALWAYS) -> "Timeline[U]":
        """A first value, then at each instant the value that holds from it on.

        Args:
            first: The value before every change.
            changes: Instants and values in any order; of two at one instant the last given holds.
            span: What the timeline spans; changes outside it matter only for what they leave.
        """
        ordered = sorted(dict(changes).items(), key=lambda change: change[0])
        edges = [span.start, *(Instant(min(max(t, span.start), span.end)) for t, _ in ordered)]
        values = [first, *(value for _, value in ordered)]
        return Timeline(zip(edges, [*edges[1:], span.end], values, strict=True))

    @property
    def span(self) -> Interval:
        """The interval this timeline is a partition of."""
        return Interval(self._pieces[0].start, self._pieces[-1].end)

    def __iter__(self) -> Iterator[Piece[T]]:
        """The maximal pieces, earliest first."""
        return iter(self._pieces)

    def __len__(self) -> int:
        """How many maximal pieces there are."""
        return len(self._pieces)

    def __eq__(self, other: object) -> bool:
        """Whether both span the same and hold equal values at every instant."""
        if not isinstance(other, Timeline):
            return NotImplemented
        return self._pieces == cast("Timeline[object]", other)._pieces

    def __hash__(self) -> int:
        """Equal timelines have equal hashes, provided their values can be hashed."""
        return hash(self._pieces)

    def __repr__(self) -> str:
        """The pieces as they would be given to the constructor."""
        return f"Timeline({[tuple(piece) for piece in self._pieces]})"

    def at(self, instant: Instant) -> T:
        """The value at an instant.

        Raises:
            OutsideTimeline: The timeline does not span it.
        """
        return self.piece_at(instant).value

    def piece_at(self, instant: Instant) -> Piece[T]:
        """The maximal piece in which an instant lies.

        Raises:
            OutsideTimeline: The timeline does not span it.
        """
        index = bisect_right(self._starts, instant) - 1
        if index < 0 or instant >= self._pieces[index].end:
            raise OutsideTimeline(instant, self.span)
        return self._pieces[index]

    def changes(self) -> tuple[Instant, ...]:
        """The instants at which the value becomes another, earliest first."""
        return self._starts[1:]

    def map(self, transform: Callable[[T], U]) -> "Timeline[U]":
        """The same instants with each value transformed."""
        return Timeline((start, end, transform(value)) for start, end, value in self._pieces)

    def combine(self, other: "Timeline[U]", join: Callable[[T, U], V]) -> "Timeline[V]":
        """Both values joined at each instant that both span.

        Raises:
            BrokenTimeline: They share no instant.
        """
        shared = self.span.clip(other.span)
        starts = [*self.changes(), *other.changes()]
        edges = sorted({*shared, *(start for start in starts if shared.covers(start))})
        return Timeline((start, end, join(self.at(start), other.at(start))) for start, end in pairwise(edges))

    def clip(self, within: Interval) -> "Timeline[T]":
        """The part within an interval.

        Raises:
            BrokenTimeline: They share no instant.
        """
        clipped = ((piece.interval.clip(within), piece.value) for piece in self._pieces)
        return Timeline((part.start, part.end, value) for part, value in clipped)

    def where(self, condition: Callable[[T], bool]) -> IntervalSet:
        """The instants whose value meets a condition."""
        return IntervalSet(piece.interval for piece in self._pieces if condition(piece.value))


def _joined(pieces: Iterable[tuple[Instant, Instant, T]]) -> Iterator[Piece[T]]:
    held: Piece[T] | None = None
    for start, end, value in pieces:
        if end < start:
            raise BrokenTimeline(f"a piece ends at [{end}], before its start [{start}]")
        if start == end:
            continue
        if held is None:
            held = Piece(start, end, value)
        elif start != held.end:
            raise BrokenTimeline(f"a piece starts at [{start}]; the one before ended [{held.end}]")
        elif value == held.value:
            held = Piece(held.start, end, held.value)
        else:
            yield held
            held = Piece(start, end, value)
    if held is not None:
        yield held
