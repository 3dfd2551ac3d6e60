"""Laws of every clock: monotone, bounded by its own uncertainty, and never longer for being asked twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec import structs

from habeas.kernel.calendars import Calendar, ExcludedDays, Weekday, add_open_time
from habeas.kernel.instants import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Instant,
    Precision,
    UncertainInstant,
    When,
    earliest_of,
    latest_of,
    zone,
)
from habeas.kernel.intervals import Interval, IntervalSet
from habeas.law.clocks import Anchor, Circumstances, Grant, deadline, windows
from habeas.law.enactments import Clock, ClockKind, Extension, OnRepeat, Pause
from habeas.testing import instants, zones
from habeas.testing.times import FIRST

CALENDAR = Calendar(
    "test",
    frozenset({dt.date(2017, 2, 20), dt.date(2017, 3, 13), dt.date(2017, 4, 14), dt.date(2017, 4, 17)}),
    dt.date(2000, 1, 1),
    dt.date(2050, 12, 31),
)
UTC = zone("UTC")
SPAN = 45
"""Days over which anchors are drawn: from February 2017, across a change of clocks in most zones."""

anchors = instants(FIRST, days=SPAN, grain=17 * MINUTE)
day_names = st.lists(st.sampled_from([*map(str, Weekday)]), max_size=3, unique=True).map(tuple)


@st.composite
def skipped(draw: st.DrawFn) -> tuple[str, ...]:
    return (*draw(day_names), *(("holiday",) if draw(st.booleans()) else ()))


@st.composite
def clocks(draw: st.DrawFn, *, wall_days: bool = False, rolls: bool = False) -> Clock:
    """Any clock that can be computed and is monotone.

    Two more kinds on demand: `wall_days`, from wall time to the same wall time; `rolls`, deadlines
    within a day that move to the end of another.
    """
    kind = draw(st.sampled_from([*ClockKind]))
    whole = not (wall_days and draw(st.booleans()))
    shared: dict[str, Any] = {"anchor": "x", "cite": "x", "holidays": "test", "reset": "x"}
    if rolls or (kind is ClockKind.CIVIL_DAYS and whole):
        shared["roll_forward"] = draw(st.sampled_from([(), ("saturday", "sunday"), ("sunday", "holiday")]))
    if kind is ClockKind.WALL:
        return Clock(
            kind=kind, length=draw(st.sampled_from(["00:30", "02:30", "12:00", "23:59", "24:00"])), **shared
        )
    common: dict[str, Any] = shared | {"excluded": draw(skipped()), "pause": Pause("a", "b")}
    if kind is ClockKind.ELAPSED:
        hours = draw(st.integers(1, 200))
        more = (Extension("more", f"{draw(st.integers(1, 48))}h", draw(st.integers(1, 2))),)
        return Clock(kind=kind, length=f"{hours}h", extensions=more, **common)
    first = draw(st.sampled_from(["counted", "not-counted"])) if whole else "not-counted"
    parts = draw(st.sampled_from(["round-up", "round-down"]))
    more = (Extension("more", f"{draw(st.integers(1, 9))}d", draw(st.integers(1, 2))),)
    length = f"{draw(st.integers(1, 12))}d"
    return Clock(
        kind=kind,
        length=length,
        first_day=first,
        part_days=parts,
        end_of_day=whole,
        extensions=more,
        **common,
    )


@st.composite
def pauses(draw: st.DrawFn) -> tuple[tuple[Instant, Instant], ...]:
    starts = draw(st.lists(anchors, max_size=3))
    return tuple((start, Instant(start + draw(st.integers(1, 100)) * HOUR)) for start in starts)


@st.composite
def circumstances(draw: st.DrawFn, where: ZoneInfo | None = None) -> Circumstances:
    return Circumstances(
        zone=where or draw(zones()),
        calendar=CALENDAR,
        pauses=draw(pauses()),
        grants=tuple(Grant("more", at) for at in draw(st.lists(anchors, max_size=3))),
        resets=tuple(draw(st.lists(anchors, max_size=2))),
    )


def end(clock: Clock, anchor: Instant, around: Circumstances) -> Instant:
    found = deadline(clock, anchor, around).at
    assert not isinstance(found, UncertainInstant)
    return found


@given(clocks(), anchors, anchors, circumstances())
def test_a_later_anchor_never_gives_an_earlier_deadline(
    clock: Clock, one: Instant, other: Instant, around: Circumstances
) -> None:
    first, second = sorted((one, other))
    assert end(clock, first, around) <= end(clock, second, around)


@given(clocks(wall_days=True), anchors, anchors)
def test_from_wall_time_to_wall_time_too_where_clocks_never_change(
    clock: Clock, one: Instant, other: Instant
) -> None:
    around = Circumstances(zone=UTC, calendar=CALENDAR)
    first, second = sorted((one, other))
    assert end(clock, first, around) <= end(clock, second, around)


@given(clocks(), anchors, circumstances())
def test_only_a_wall_time_can_lie_before_its_anchor(
    clock: Clock, anchor: Instant, around: Circumstances
) -> None:
    found = deadline(clock, anchor, around)
    before = earliest_of(found.at) <= anchor
    assert before == bool(found.anomaly and "is not after its anchor" in found.anomaly)
    assert clock.kind is ClockKind.WALL or not before


@given(clocks(wall_days=True, rolls=True), anchors, st.integers(1, 5))
def test_whole_weeks_later_is_whole_weeks_later_absent_holidays_and_changes_of_clocks(
    clock: Clock, anchor: Instant, weeks: int
) -> None:
    around = Circumstances(zone=UTC, calendar=Calendar("none", frozenset(), CALENDAR.first, CALENDAR.last))
    shift = weeks * 7 * DAY
    assert end(clock, Instant(anchor + shift), around) == end(clock, anchor, around) + shift


@given(clocks(), anchors, circumstances(), st.sampled_from([*map(str, Weekday), "holiday"]))
def test_one_more_excluded_day_never_shortens(
    clock: Clock, anchor: Instant, around: Circumstances, day: str
) -> None:
    assume(clock.kind is not ClockKind.WALL)
    longer = structs.replace(clock, excluded=(*clock.excluded, day))
    assert end(longer, anchor, around) >= end(clock, anchor, around)


@given(clocks(), anchors, circumstances(), pauses())
def test_more_pauses_never_shorten(
    clock: Clock, anchor: Instant, around: Circumstances, more: tuple[tuple[Instant, Instant], ...]
) -> None:
    longer = Circumstances(
        zone=around.zone,
        calendar=around.calendar,
        pauses=(*around.pauses, *more),
        grants=around.grants,
        resets=around.resets,
    )
    assert end(clock, anchor, longer) >= end(clock, anchor, around)


@given(clocks(), anchors, zones(), st.lists(anchors, max_size=4), anchors)
def test_an_extension_never_shortens_and_the_most_there_may_be_is_the_most(
    clock: Clock, anchor: Instant, where: ZoneInfo, granted: list[Instant], one_more: Instant
) -> None:
    def at(times: Sequence[Instant]) -> Instant:
        around = Circumstances(zone=where, calendar=CALENDAR, grants=tuple(Grant("more", t) for t in times))
        return end(clock, anchor, around)

    assert at([*granted, one_more]) >= at(granted)
    assert at([anchor] * 3) >= at([*granted, one_more])


@given(clocks(wall_days=True, rolls=True), st.data())
def test_an_uncertain_anchor_bounds_every_deadline_it_may_have(clock: Clock, data: st.DataObject) -> None:
    around = data.draw(circumstances())
    one, other = sorted((data.draw(anchors), data.draw(anchors)))
    anchor = UncertainInstant(one, Instant(other + 1), Precision.RANGE, "x")
    where = data.draw(st.integers(one, other).map(Instant))
    found = deadline(clock, anchor, around).at
    assert earliest_of(found) <= end(clock, where, around) <= latest_of(found)
    if isinstance(found, UncertainInstant):
        assert found.key == "x"


@given(clocks(wall_days=True, rolls=True), st.data())
def test_uncertain_circumstances_bound_every_deadline_too(clock: Clock, data: st.DataObject) -> None:
    around = data.draw(circumstances())
    anchor = data.draw(anchors)
    width = data.draw(st.sampled_from([HOUR, 9 * HOUR, DAY]))

    def unsure(point: When | None, key: str) -> UncertainInstant:
        assert isinstance(point, int)
        at = Instant(point)
        low = Instant(at - data.draw(st.integers(0, width)))
        return UncertainInstant(low, Instant(max(at + 1, low + width)), Precision.RANGE, key)

    doubtful = Circumstances(
        zone=around.zone,
        calendar=CALENDAR,
        pauses=tuple((unsure(a, f"a{i}"), unsure(b, f"b{i}")) for i, (a, b) in enumerate(around.pauses)),
        grants=tuple(
            Grant("more", unsure(grant.at, f"g{i}"), sure=data.draw(st.booleans()))
            for i, grant in enumerate(around.grants)
        ),
        resets=tuple(unsure(at, f"r{i}") for i, at in enumerate(around.resets)),
    )
    found = deadline(clock, anchor, doubtful).at
    assert earliest_of(found) <= end(clock, anchor, around) <= latest_of(found)


@given(clocks(), anchors, circumstances(), st.data())
def test_a_standing_pause_only_says_not_before(
    clock: Clock, anchor: Instant, around: Circumstances, data: st.DataObject
) -> None:
    assume(clock.kind is not ClockKind.WALL)
    begins = data.draw(anchors)
    stands = Circumstances(zone=around.zone, calendar=CALENDAR, pauses=((begins, None),))
    found = deadline(clock, anchor, stands)
    for hours in data.draw(st.lists(st.integers(1, 300), min_size=1, max_size=3)):
        ended = Circumstances(
            zone=around.zone, calendar=CALENDAR, pauses=((begins, Instant(begins + hours * HOUR)),)
        )
        assert end(clock, anchor, ended) >= earliest_of(found.at)
        if not found.not_before:
            assert end(clock, anchor, ended) == found.at


@given(anchors, st.integers(1, 200), skipped(), zones())
def test_the_kernel_skips_the_same_days(
    anchor: Instant, hours: int, names: tuple[str, ...], where: ZoneInfo
) -> None:
    clock = Clock(anchor="x", cite="x", length=f"{hours}h", excluded=names, holidays="test")
    days = ExcludedDays(
        frozenset(Weekday(name) for name in names if name != "holiday"),
        CALENDAR if "holiday" in names else None,
    )
    around = Circumstances(zone=where, calendar=CALENDAR)
    assert end(clock, anchor, around) == add_open_time(anchor, hours * HOUR // SECOND, days, where)


@given(clocks(), anchors, circumstances())
def test_the_counted_pieces_add_up_to_what_is_allowed(
    clock: Clock, anchor: Instant, around: Circumstances
) -> None:
    assume(clock.kind is not ClockKind.WALL)
    found = deadline(clock, anchor, around)
    assert found.telling is not None
    run = found.telling.runs[0]
    assert run.count.amount == run.allowed
    assert all(first.end == second.start for first, second in pairwise(run.count.pieces))
    assert run.count.pieces[0].start == run.start
    assert "sum" in [line.text[:3] for line in found.lines]


def covered(clock: Clock, at: Sequence[Instant], around: Circumstances) -> IntervalSet:
    found = windows(clock, [Anchor(each) for each in at], around)
    ends = [(window.anchor.at, window.deadline.at) for window in found if not window.question]
    return IntervalSet(
        Interval(earliest_of(start), latest_of(stop))
        for start, stop in ends
        if earliest_of(start) < latest_of(stop)
    )


@given(clocks(), st.lists(anchors, min_size=1, max_size=4), circumstances())
def test_once_gains_nothing_from_a_repetition(clock: Clock, at: list[Instant], around: Circumstances) -> None:
    rule = structs.replace(clock, on_repeat=OnRepeat.ONCE)
    assert covered(rule, at, around) == covered(rule, [min(at)], around)


@given(clocks(), st.lists(anchors, min_size=1, max_size=4), circumstances())
def test_silence_gives_surely_no_more_than_once(
    clock: Clock, at: list[Instant], around: Circumstances
) -> None:
    assert covered(clock, at, around) == covered(clock, [min(at)], around)


@given(anchors, st.lists(st.integers(1, 72), min_size=2, max_size=5), st.integers(1, 90), zones())
def test_resuming_never_counts_more_than_the_length(
    start: Instant, hours: list[int], length: int, where: ZoneInfo
) -> None:
    rule = Clock(anchor="x", cite="x", length=f"{length}h", on_repeat=OnRepeat.RESUME)
    made: list[Anchor] = []
    here = start
    for index, each in enumerate(hours):
        stopped = Instant(here + each * HOUR)
        made.append(Anchor(here, stopped=stopped if index < len(hours) - 1 else None))
        here = Instant(stopped + 5 * HOUR)
    found = windows(rule, made, Circumstances(zone=where))
    used = sum(
        max(
            min(latest_of(w.deadline.at), latest_of(w.anchor.stopped or w.deadline.at))
            - earliest_of(w.anchor.at),
            0,
        )
        for w in found
    )
    assert used <= length * HOUR
