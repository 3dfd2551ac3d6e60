"""Intervals, sets and timelines by example."""

import pytest

from habeas.kernel.instants import BEGINNING, FOREVER, Instant
from habeas.kernel.intervals import (
    ALWAYS,
    Interval,
    IntervalSet,
    ReversedInterval,
    UnboundedInterval,
)
from habeas.kernel.timelines import BrokenTimeline, OutsideTimeline, Piece, Timeline


def span(start: int, end: int) -> Interval:
    return Interval(Instant(start), Instant(end))


def test_touching_intervals_are_one() -> None:
    assert IntervalSet((span(5, 9), span(1, 5))) == IntervalSet((span(1, 9),))
    assert repr(IntervalSet((span(1, 5),))) == "IntervalSet([(1, 5)])"
    assert len(IntervalSet((span(1, 5), span(6, 9)))) == 2


def test_an_empty_interval_adds_nothing_and_a_reversed_one_is_refused() -> None:
    assert IntervalSet((span(5, 5),)) == IntervalSet()
    assert not IntervalSet((span(5, 5),))
    with pytest.raises(ReversedInterval, match=r"ends at \[4\], before its start \[5\]"):
        IntervalSet((span(5, 4),))


def test_an_open_end_has_no_duration() -> None:
    with pytest.raises(UnboundedInterval, match="clip it first"):
        _ = IntervalSet((Interval(Instant(1), FOREVER),)).duration
    with pytest.raises(UnboundedInterval):
        _ = Interval(BEGINNING, Instant(1)).duration
    assert IntervalSet((span(1, 5), span(7, 8))).duration == 5


def test_an_open_end_is_no_right_edge() -> None:
    assert IntervalSet((span(1, 5), Interval(Instant(7), FOREVER))).right_edges() == (5,)


def test_what_does_not_meet_clips_to_nothing_at_the_nearer_end() -> None:
    assert span(1, 3).clip(span(5, 9)) == span(5, 5)
    assert span(11, 13).clip(span(5, 9)) == span(9, 9)
    assert not span(1, 5).meets(span(5, 9))


def test_a_set_is_not_equal_to_what_is_no_set() -> None:
    assert IntervalSet() != ()
    assert Timeline.constant(1) != 1


def test_gaps_of_custody() -> None:
    held = IntervalSet((span(2, 4), span(6, 8)))
    assert held.gaps(span(0, 10)) == IntervalSet((span(0, 2), span(4, 6), span(8, 10)))
    assert held.clip(span(3, 7)) == IntervalSet((span(3, 4), span(6, 7)))


def test_equal_neighbours_are_one_piece() -> None:
    made = Timeline(
        [(Instant(0), Instant(2), "a"), (Instant(2), Instant(3), "a"), (Instant(3), Instant(4), "b")]
    )
    assert list(made) == [Piece(Instant(0), Instant(3), "a"), Piece(Instant(3), Instant(4), "b")]
    assert (len(made), made.changes(), made.span) == (2, (3,), span(0, 4))
    assert repr(made) == "Timeline([(0, 3, 'a'), (3, 4, 'b')])"
    assert hash(made) == hash(Timeline(list(made)))


def test_a_timeline_is_asked_only_within_its_span() -> None:
    made = Timeline.constant("a", span(0, 4))
    assert made.at(Instant(3)) == "a"
    for outside in (-1, 4):
        with pytest.raises(OutsideTimeline):
            made.at(Instant(outside))


@pytest.mark.parametrize(
    ("pieces", "trouble"),
    [
        ([], "needs a piece"),
        ([(0, 2, "a"), (3, 4, "b")], "the one before ended"),
        ([(0, 2, "a"), (1, 4, "b")], "the one before ended"),
        ([(2, 0, "a")], "before its start"),
    ],
)
def test_pieces_that_do_not_follow_on_one_another_are_refused(
    pieces: list[tuple[Instant, Instant, str]], trouble: str
) -> None:
    with pytest.raises(BrokenTimeline, match=trouble):
        Timeline(pieces)


def test_the_last_of_two_changes_at_one_instant_holds() -> None:
    made = Timeline.of_changes("a", [(Instant(5), "b"), (Instant(5), "c")])
    assert made.at(Instant(5)) == "c"
    assert made.span == ALWAYS


def test_changes_outside_the_span_leave_what_they_leave() -> None:
    made = Timeline.of_changes("a", [(Instant(1), "b"), (Instant(9), "c")], span(3, 6))
    assert list(made) == [Piece(Instant(3), Instant(6), "b")]
    with pytest.raises(BrokenTimeline):
        made.clip(span(7, 8))
