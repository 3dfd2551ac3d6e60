"""Custody that is late however unknown facts fall is told by cause as far as one cause is known."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from habeas.authority.causes import Cause, CausePart
from habeas.desk.audit_causes import causes_of, cut
from habeas.kernel.instants import Instant, zone
from habeas.kernel.intervals import Interval
from small_custodies import as_recorded

EASTERN = zone("America/New_York")


def test_a_run_that_no_single_placing_shows_whole_is_unknown_where_none_does() -> None:
    inquiry = as_recorded()
    derivation = inquiry.derivation(0)
    first, last = derivation.pieces[0].start, derivation.pieces[-1].end
    parts = list(causes_of(derivation, [(first, last)], EASTERN))
    assert parts[0].cause is Cause.UNKNOWN
    assert {each.cause for each in parts} > {Cause.UNKNOWN}
    assert (parts[0].start, parts[-1].end) == (first, last)


@given(
    st.lists(st.integers(0, 60), min_size=0, max_size=8, unique=True), st.integers(0, 59), st.integers(1, 30)
)
def test_parts_meet_and_add_up_to_what_they_are_parts_of(cuts: list[int], start: int, length: int) -> None:
    ends = sorted(cuts)
    known = [
        CausePart(Interval(Instant(left), Instant(right)), Cause.QUEUE)
        for left, right in zip(ends[::2], ends[1::2], strict=False)
    ]
    parts = list(cut(known, Instant(start), Instant(start + length)))
    assert parts[0].start == start
    assert parts[-1].end == start + length
    assert all(one.end == other.start for one, other in itertools.pairwise(parts))
    for part in parts:
        inside = [
            each for each in known if each.interval.start <= part.start and part.end <= each.interval.end
        ]
        assert bool(inside) is (part.cause is Cause.QUEUE)
