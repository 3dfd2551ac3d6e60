"""Laws of intervals, of sets of them against the plain sets they stand for, and of timelines."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.instants import BEGINNING, FOREVER, Instant
from habeas.kernel.intervals import ALWAYS, Interval, IntervalSet
from habeas.kernel.timelines import Timeline
from habeas.testing import instants, interval_sets, intervals, open_intervals, timelines

POINTS = range(24)
small = st.integers(0, 23).map(Instant)
small_sets = interval_sets(small)


def plain(of: IntervalSet) -> set[int]:
    """The model: which of a few points are in the set."""
    return {point for point in POINTS if of.covers(Instant(point))}


@given(intervals())
def test_an_interval_covers_its_start_and_not_its_end(interval: Interval) -> None:
    assert interval.covers(interval.start) is not interval.is_empty
    assert not interval.covers(interval.end)


@given(open_intervals())
def test_an_interval_covers_itself(interval: Interval) -> None:
    assert interval.clip(interval) == interval
    assert IntervalSet((interval,)) - IntervalSet((interval,)) == IntervalSet()


@given(intervals(), intervals())
def test_two_intervals_meet_exactly_when_they_share_an_instant(one: Interval, other: Interval) -> None:
    assert one.meets(other) is bool(IntervalSet((one,)) & IntervalSet((other,)))
    assert one.meets(other) is other.meets(one)


@given(open_intervals(), open_intervals())
def test_a_clipped_interval_is_what_both_cover(one: Interval, within: Interval) -> None:
    clipped = one.clip(within)
    assert clipped.start <= clipped.end
    assert IntervalSet((clipped,)) == IntervalSet((one,)) & IntervalSet((within,))


@given(small_sets, small_sets)
def test_set_algebra_is_that_of_plain_sets(one: IntervalSet, other: IntervalSet) -> None:
    assert plain(one | other) == plain(one) | plain(other)
    assert plain(one & other) == plain(one) & plain(other)
    assert plain(one - other) == plain(one) - plain(other)
    assert plain(one.complement()) == set(POINTS) - plain(one)


@given(small_sets, small_sets, small_sets)
def test_the_laws_of_sets_hold_of_every_instant(a: IntervalSet, b: IntervalSet, c: IntervalSet) -> None:
    everything = IntervalSet((ALWAYS,))
    assert a | b == b | a
    assert a & b == b & a
    assert (a | b) | c == a | (b | c)
    assert a & (b | c) == (a & b) | (a & c)
    assert (a | b).complement() == a.complement() & b.complement()
    assert a.complement().complement() == a
    assert a | a.complement() == everything
    assert a - b == a & b.complement()


@given(interval_sets())
def test_a_set_is_the_fewest_disjoint_intervals_in_order(of: IntervalSet) -> None:
    found = list(of)
    assert all(not interval.is_empty for interval in found)
    assert all(one.end < other.start for one, other in pairwise(found))
    assert IntervalSet(reversed(found)) == of
    assert hash(IntervalSet(reversed(found))) == hash(of)


@given(interval_sets(), open_intervals())
def test_gaps_and_clip_share_out_an_interval(of: IntervalSet, within: Interval) -> None:
    assert of.clip(within) | of.gaps(within) == IntervalSet((within,))
    assert not of.clip(within) & of.gaps(within)


@given(interval_sets())
def test_right_edges_are_where_being_in_the_set_ends(of: IntervalSet) -> None:
    for edge in of.right_edges():
        assert not of.covers(edge)
        assert of.covers(Instant(edge - 1))
    assert len(of.right_edges()) == sum(interval.end < FOREVER for interval in of)


@given(st.lists(intervals(), max_size=5))
def test_duration_counts_no_instant_twice(parts: list[Interval]) -> None:
    assert IntervalSet(parts).duration <= sum(part.duration for part in parts)
    assert IntervalSet(parts).duration == sum(interval.duration for interval in IntervalSet(parts))


@given(timelines(st.integers(0, 2)))
def test_a_timeline_partitions_its_span_into_maximal_pieces(of: Timeline[int]) -> None:
    found = list(of)
    assert (found[0].start, found[-1].end) == (BEGINNING, FOREVER)
    for one, other in pairwise(found):
        assert one.end == other.start
        assert one.value != other.value
    assert of.changes() == tuple(piece.start for piece in found[1:])


@given(timelines(st.integers(0, 2)), instants())
def test_a_piece_holds_throughout(of: Timeline[int], instant: Instant) -> None:
    piece = of.piece_at(instant)
    assert piece.interval.covers(instant)
    assert of.at(piece.start) == of.at(Instant(piece.end - 1)) == piece.value == of.at(instant)


@given(timelines(st.integers(0, 2)), timelines(st.integers(0, 2)), instants())
def test_combining_joins_the_values_at_each_instant(
    one: Timeline[int], other: Timeline[int], instant: Instant
) -> None:
    joined = one.combine(other, lambda a, b: (a, b))
    assert joined.at(instant) == (one.at(instant), other.at(instant))
    assert joined.map(lambda pair: pair[0]) == one
    assert joined.map(lambda pair: pair[1]) == other


@given(timelines(st.integers(0, 2)), instants())
def test_where_covers_exactly_the_instants_whose_value_fits(of: Timeline[int], instant: Instant) -> None:
    assert of.where(lambda value: value == 1).covers(instant) is (of.at(instant) == 1)
    assert of.where(lambda value: value < 3) == IntervalSet((ALWAYS,))


@given(st.lists(st.tuples(instants(), st.integers(0, 2)), max_size=6), st.integers(0, 2), instants())
def test_the_latest_change_not_after_an_instant_holds(
    changes: list[tuple[Instant, int]], first: int, instant: Instant
) -> None:
    model = first
    for _, value in sorted((c for c in dict(changes).items() if c[0] <= instant), key=lambda c: c[0]):
        model = value
    assert Timeline.of_changes(first, changes).at(instant) == model


@given(timelines(st.integers(0, 2)), intervals())
def test_clipping_keeps_the_values_within(of: Timeline[int], within: Interval) -> None:
    if within.is_empty:
        return
    clipped = of.clip(within)
    assert clipped.span == within
    assert clipped.at(within.start) == of.at(within.start)
    assert clipped == Timeline.constant(0, within).combine(of, lambda _, value: value)
