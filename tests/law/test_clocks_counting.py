"""What clocks count: kinds, days left out, pauses, extensions, resets, and their edges."""

from __future__ import annotations

import pytest

from habeas.kernel.calendars import OutsideCalendar
from habeas.kernel.instants import (
    BEGINNING,
    FOREVER,
    NEVER,
    Instant,
    Precision,
    UncertainInstant,
    earliest_of,
    latest_of,
    zone,
)
from habeas.law.clocks import Circumstances, Grant, UnsupportedClock, deadline, problems_of
from habeas.law.enactments import Clock, ClockKind, Extension, OnRepeat
from small_clocks import (
    EASTERN,
    PAUSED,
    around,
    at,
    calendar,
    clock,
    extendable,
    pausable,
    some_time,
    told,
    wall,
)

HAVANA = zone("America/Havana")
OF_EACH_KIND = (
    clock("48h"),
    clock("48h", excluded=PAUSED),
    clock("30d"),
    clock("2d", end_of_day=False),
    wall("23:59"),
    clock("48h", roll_forward=("sunday",)),
)


class TestElapsed:
    def test_hours_run_through_a_change_of_clocks(self) -> None:
        assert deadline(clock("48h"), at("2017-11-04 12:00"), around()).at == at("2017-11-06 11:00")

    def test_a_length_in_days_is_so_many_times_24_hours(self) -> None:
        running = Clock(anchor="releasable_at", cite="a test", length="7d")
        assert deadline(running, at("2017-03-10 12:00"), around()).at == at("2017-03-17 13:00")

    def test_time_on_an_excluded_day_is_not_counted_to_the_minute(self) -> None:
        weekdays = clock("1h", excluded=("saturday",))
        assert deadline(weekdays, at("2017-03-03 23:30"), around()).at == at("2017-03-05 00:30")

    def test_a_clock_that_fills_up_at_midnight_ends_there_and_not_after_the_weekend(self) -> None:
        assert deadline(clock("48h", excluded=PAUSED), at("2017-03-02 00:00"), around()).at == at(
            "2017-03-04 00:00"
        )

    def test_an_excluded_day_ends_where_the_zone_says(self) -> None:
        # In Havana midnight of 12 March 2017 did not exist: the day began at 01:00.
        found = deadline(clock("1h", excluded=("saturday",)), at("2017-03-11 12:00", HAVANA), around(HAVANA))
        assert found.at == at("2017-03-12 02:00", HAVANA)

    def test_a_day_in_lieu_is_excluded_only_on_the_calendar_that_lists_it(self) -> None:
        # Saturday 4 July 2020; Friday 3 July stands for it by 5 U.S.C. 6103(b)(1).
        thursday, rule = at("2020-07-02 12:00"), clock("48h", excluded=PAUSED)
        assert deadline(rule, thursday, around()).at == at("2020-07-07 12:00")
        designated = around(holidays=calendar("us-federal-designated"))
        assert deadline(rule, thursday, designated).at == at("2020-07-06 12:00")

    def test_a_day_the_calendar_does_not_list_is_an_error_and_no_guess(self) -> None:
        with pytest.raises(OutsideCalendar):
            deadline(clock("48h", excluded=PAUSED), at("2036-01-02 12:00"), around())

    def test_a_holiday_clock_without_a_calendar_is_refused(self) -> None:
        with pytest.raises(UnsupportedClock, match=r"calendar \[us-federal\] is not given"):
            deadline(clock("48h", excluded=PAUSED), at("2017-03-02 12:00"), Circumstances(zone=EASTERN))


class TestCivilDays:
    @pytest.mark.parametrize(
        ("more", "until"),
        [
            ({}, "2018-01-06 00:00"),
            ({"first_day": "counted"}, "2018-01-05 00:00"),
            ({"first_day": "counted", "part_days": "round-down"}, "2018-01-06 00:00"),
            ({"end_of_day": False}, "2018-01-05 11:00"),
            ({"excluded": ("wednesday",)}, "2018-01-07 00:00"),
            ({"excluded": ("tuesday",)}, "2018-01-06 00:00"),
            ({"first_day": "counted", "excluded": ("tuesday",)}, "2018-01-06 00:00"),
            ({"roll_forward": ("friday", "saturday")}, "2018-01-08 00:00"),
        ],
    )
    def test_three_days_from_a_tuesday(self, more: dict[str, object], until: str) -> None:
        assert deadline(clock("3d", **more), at("2018-01-02 11:00"), around()).at == at(until)

    def test_a_first_day_that_is_whole_counts_where_parts_do_not(self) -> None:
        whole = clock("3d", first_day="counted", part_days="round-down")
        assert deadline(whole, at("2018-01-02 00:00"), around()).at == at("2018-01-05 00:00")

    @pytest.mark.parametrize(
        ("part_days", "until"), [("round-up", "2018-01-09"), ("round-down", "2018-01-11")]
    )
    def test_a_day_partly_paused(self, part_days: str, until: str) -> None:
        # Days 3, 4, 5 of January; paused from noon of the 4th to noon of the 7th.
        paused = around(pauses=(("2018-01-04 12:00", "2018-01-07 12:00"),))
        days = pausable("4d", part_days=part_days)
        assert deadline(days, at("2018-01-02 11:00"), paused).at == at(f"{until} 00:00")

    def test_the_same_wall_time_that_never_happened_is_the_change_itself(self) -> None:
        tonight = clock("1d", end_of_day=False)
        assert deadline(tonight, at("2017-03-11 02:30"), around()).at == at("2017-03-12 03:00")

    def test_the_same_wall_time_that_happened_twice_is_the_first(self) -> None:
        tonight = clock("1d", end_of_day=False)
        once = Instant(at("2017-11-05 00:30") + 3_600_000_000)
        assert deadline(tonight, at("2017-11-04 01:30"), around()).at == once

    def test_a_clock_from_wall_time_to_wall_time_skips_days_and_pauses(self) -> None:
        days = pausable("2d", end_of_day=False, excluded=("sunday",))
        assert deadline(days, at("2017-03-10 12:00"), around()).at == at("2017-03-13 12:00")
        paused = around(pauses=(("2017-03-11 06:00", "2017-03-11 09:00"),))
        assert deadline(days, at("2017-03-10 12:00"), paused).at == at("2017-03-13 15:00")


class TestWallTime:
    def test_an_anchor_after_the_wall_time_gives_an_empty_window_and_an_anomaly(self) -> None:
        found = deadline(wall("23:59"), at("2019-04-02 23:59:30"), around())
        assert found.at == at("2019-04-02 23:59")
        assert found.anomaly is not None
        assert "is not after its anchor" in found.anomaly

    def test_an_anchor_somewhere_in_the_day_gives_a_certain_deadline(self) -> None:
        found = deadline(wall("23:59"), some_time("2019-04-02"), around())
        assert found.at == at("2019-04-02 23:59")
        assert found.anomaly is None

    def test_the_end_of_the_day_is_the_start_of_the_next(self) -> None:
        assert deadline(wall("24:00"), at("2019-04-02 15:20"), around()).at == at("2019-04-03 00:00")

    def test_a_wall_time_shown_twice_is_the_first_one(self) -> None:
        first = Instant(at("2017-11-05 00:30") + 3_600_000_000)
        assert deadline(wall("01:30"), at("2017-11-05 00:10"), around()).at == first

    def test_a_wall_time_never_shown_is_the_change(self) -> None:
        assert deadline(wall("02:30"), at("2017-03-12 00:10"), around()).at == at("2017-03-12 03:00")

    def test_a_deadline_on_a_barred_day_moves_to_the_end_of_the_next(self) -> None:
        barred = wall("12:00", roll_forward=("saturday", "sunday"))
        assert deadline(barred, at("2017-03-04 08:00"), around()).at == at("2017-03-07 00:00")


class TestRollForward:
    @pytest.mark.parametrize(
        ("barred", "until"),
        [
            ((), "2017-02-19 00:00"),
            (("saturday",), "2017-02-20 00:00"),
            (("saturday", "sunday"), "2017-02-21 00:00"),
            (("saturday", "sunday", "holiday"), "2017-02-22 00:00"),
        ],
    )
    def test_a_saturday_before_washingtons_birthday(self, barred: tuple[str, ...], until: str) -> None:
        # Excluding holidays from the count bars none of them: each list is its own.
        rule = clock("1d", roll_forward=barred)
        assert deadline(rule, at("2017-02-17 11:00"), around()).at == at(until)

    def test_days_left_out_of_the_count_are_not_barred(self) -> None:
        rule = clock("1d", excluded=("holiday",), roll_forward=("saturday", "sunday"))
        assert deadline(rule, at("2017-02-17 11:00"), around()).at == at("2017-02-21 00:00")


class TestPauses:
    def test_a_pause_moves_the_deadline_by_its_length(self) -> None:
        paused = around(pauses=(("2017-05-02 12:00", "2017-05-02 18:00"),))
        assert deadline(pausable("48h"), at("2017-05-01 12:00"), paused).at == at("2017-05-03 18:00")

    def test_overlapping_pauses_count_once(self) -> None:
        paused = around(
            pauses=(("2017-05-02 12:00", "2017-05-02 18:00"), ("2017-05-02 15:00", "2017-05-02 20:00"))
        )
        assert deadline(pausable("48h"), at("2017-05-01 12:00"), paused).at == at("2017-05-03 20:00")

    def test_a_pause_after_the_deadline_changes_nothing(self) -> None:
        late = around(pauses=(("2017-05-03 12:00", None),))
        found = deadline(pausable("48h"), at("2017-05-01 12:00"), late)
        assert (found.at, found.not_before) == (at("2017-05-03 12:00"), False)

    def test_an_open_pause_makes_the_deadline_not_before(self) -> None:
        found = deadline(
            pausable("48h"), at("2017-05-01 12:00"), around(pauses=(("2017-05-03 11:59", None),))
        )
        assert (found.at, found.not_before) == (at("2017-05-03 12:00"), True)

    def test_a_pause_whose_end_never_comes_is_open(self) -> None:
        never = Circumstances(zone=EASTERN, pauses=((at("2017-05-02 12:00"), NEVER),))
        assert deadline(pausable("48h"), at("2017-05-01 12:00"), never).not_before

    def test_an_uncertain_pause_gives_both_ends(self) -> None:
        paused = around(pauses=(("2017-05-02 12:00", "2017-05-02"),))
        found = deadline(pausable("48h"), at("2017-05-01 12:00"), paused).at
        assert isinstance(found, UncertainInstant)
        assert found.earliest == at("2017-05-03 12:00")
        assert found.latest == at("2017-05-04 00:00")

    def test_a_pause_that_ends_before_it_begins_is_an_anomaly_and_no_pause(self) -> None:
        found = deadline(
            pausable("48h"),
            at("2017-05-01 12:00"),
            around(pauses=(("2017-05-02 12:00", "2017-05-01 12:00"),)),
        )
        assert found.at == at("2017-05-03 12:00")
        assert found.anomaly is not None
        assert "before it begins" in found.anomaly


class TestExtensions:
    def test_each_adds_its_length_before_the_running_deadline(self) -> None:
        granted = around(grants=("2017-05-03 11:59", "2017-05-04 11:59"))
        assert deadline(extendable("48h", "24h", 2), at("2017-05-01 12:00"), granted).at == at(
            "2017-05-05 12:00"
        )

    def test_one_granted_at_the_deadline_is_too_late(self) -> None:
        found = deadline(
            extendable("48h", "24h", 2), at("2017-05-01 12:00"), around(grants=("2017-05-03 12:00",))
        )
        assert found.at == at("2017-05-03 12:00")
        assert found.anomaly is not None
        assert "was not before the running deadline" in found.anomaly

    def test_one_more_than_there_may_be_changes_nothing(self) -> None:
        found = deadline(
            extendable("48h", "24h", 1),
            at("2017-05-01 12:00"),
            around(grants=("2017-05-02 12:00", "2017-05-03 13:00")),
        )
        assert found.at == at("2017-05-04 12:00")
        assert found.anomaly is not None
        assert "one more than there may be" in found.anomaly

    def test_an_extension_that_the_clock_does_not_have_is_an_anomaly(self) -> None:
        other = Circumstances(zone=EASTERN, grants=(Grant("other", at("2017-05-02 12:00")),))
        found = deadline(extendable("48h", "24h", 1), at("2017-05-01 12:00"), other)
        assert found.at == at("2017-05-03 12:00")
        assert found.anomaly == "this clock has no extension [other]"

    @pytest.mark.parametrize(
        "grant", [Grant("more", some_time("2017-05-03")), Grant("more", at("2017-05-02 12:00"), sure=False)]
    )
    def test_a_doubtful_extension_gives_both_ends(self, grant: Grant) -> None:
        found = deadline(
            extendable("48h", "24h", 1), at("2017-05-01 12:00"), Circumstances(zone=EASTERN, grants=(grant,))
        )
        assert isinstance(found.at, UncertainInstant)
        assert (found.at.earliest, latest_of(found.at)) == (at("2017-05-03 12:00"), at("2017-05-04 12:00"))

    def test_civil_days_are_extended_by_civil_days(self) -> None:
        # The extradition clock: 30 days and one extension of up to 60.
        found = deadline(
            extendable("30d", "60d", 1), at("2018-01-02 11:00"), around(grants=("2018-01-20 09:00",))
        )
        assert found.at == at("2018-04-03 00:00")

    def test_two_kinds_of_extension_are_limited_apart(self) -> None:
        two = clock("10h", extensions=(Extension("a", "5h", 1), Extension("b", "2h", 2)))
        grants = tuple(Grant(name, at("2017-05-01 12:30")) for name in ("a", "b", "b", "b", "a"))
        found = deadline(two, at("2017-05-01 12:00"), Circumstances(zone=EASTERN, grants=grants))
        assert found.at == at("2017-05-02 07:00")


class TestResets:
    def test_a_reset_before_the_deadline_starts_anew(self) -> None:
        found = deadline(
            clock("48h", reset="x"), at("2017-05-01 12:00"), around(resets=("2017-05-02 12:00",))
        )
        assert found.at == at("2017-05-04 12:00")

    @pytest.mark.parametrize(
        "reset", ["2017-05-01 12:00", "2017-04-30 12:00", "2017-05-03 12:00", "2017-05-09 12:00"]
    )
    def test_a_reset_outside_the_run_changes_nothing(self, reset: str) -> None:
        found = deadline(clock("48h", reset="x"), at("2017-05-01 12:00"), around(resets=(reset,)))
        assert found.at == at("2017-05-03 12:00")

    def test_time_granted_before_a_reset_is_spent(self) -> None:
        both = around(grants=("2017-05-02 10:00",), resets=("2017-05-02 12:00",))
        found = deadline(extendable("48h", "24h", 1, reset="x"), at("2017-05-01 12:00"), both)
        assert found.at == at("2017-05-04 12:00")

    def test_the_most_extensions_is_the_most_however_often_the_clock_is_reset(self) -> None:
        both = around(grants=("2017-05-02 10:00", "2017-05-02 14:00"), resets=("2017-05-02 12:00",))
        found = deadline(extendable("48h", "24h", 1, reset="x"), at("2017-05-01 12:00"), both)
        assert found.at == at("2017-05-04 12:00")

    def test_a_reset_some_time_in_a_day_gives_both_ends(self) -> None:
        found = deadline(clock("48h", reset="x"), at("2017-05-01 12:00"), around(resets=("2017-05-02",))).at
        assert isinstance(found, UncertainInstant)
        assert (found.earliest, found.latest) == (at("2017-05-04 00:00"), at("2017-05-05 00:00"))

    def test_unsure_whether_granted_before_or_after_a_reset_only_bounds_the_deadline(self) -> None:
        both = around(grants=("2017-05-02",), resets=("2017-05-02 12:00",))
        found = deadline(extendable("48h", "24h", 1, reset="x"), at("2017-05-01 12:00"), both).at
        assert earliest_of(found) <= at("2017-05-04 12:00")
        assert latest_of(found) >= at("2017-05-05 12:00")


class TestUncertainAnchors:
    def test_a_plain_clock_shifts_its_anchor_and_keeps_its_identity(self) -> None:
        anchor = some_time("2017-05-01", "k")
        found = deadline(clock("48h"), anchor, around()).at
        assert isinstance(found, UncertainInstant)
        assert isinstance(anchor, UncertainInstant)
        assert (found.key, found.offset, found.path) == ("k", 48 * 3_600_000_000, "")

    def test_a_clock_that_skips_days_is_evaluated_at_both_ends(self) -> None:
        found = deadline(clock("48h", excluded=PAUSED), some_time("2017-02-17", "k"), around()).at
        assert (
            told(found) == "from 2017-02-22 00:00 EST (UTC-05:00) to before 2017-02-23 00:00 EST (UTC-05:00)"
        )
        assert isinstance(found, UncertainInstant)
        assert found.key == "k"

    def test_two_deadlines_of_one_clock_and_anchor_are_the_same_point(self) -> None:
        anchor = some_time("2017-02-17", "k")
        one, other = (deadline(clock("48h", excluded=PAUSED), anchor, around()).at for _ in range(2))
        assert one == other

    def test_deadlines_of_different_clocks_are_never_taken_for_the_same_point(self) -> None:
        anchor = some_time("2017-02-17", "k")
        one = deadline(clock("48h", excluded=PAUSED), anchor, around()).at
        other = deadline(clock("48h", excluded=("saturday", "sunday")), anchor, around()).at
        assert isinstance(one, UncertainInstant)
        assert isinstance(other, UncertainInstant)
        assert one.path != other.path

    def test_two_unknown_points_are_both_named(self) -> None:
        found = deadline(
            clock("48h", reset="x"), some_time("2017-05-01", "k"), around(resets=("2017-05-02",))
        ).at
        assert isinstance(found, UncertainInstant)
        assert (found.key, found.precision) == ("k+r0", Precision.RANGE)

    def test_from_wall_time_to_wall_time_across_a_repeated_hour(self) -> None:
        # 01:45 of the first pass is earlier than 01:15 of the second, whose deadline is earlier.
        first_pass = Instant(at("2017-11-05 00:45") + 3_600_000_000)
        second_pass = Instant(at("2017-11-05 00:15") + 2 * 3_600_000_000)
        anchor = UncertainInstant(first_pass, Instant(second_pass + 1), Precision.RANGE, "k")
        found = deadline(clock("1d", end_of_day=False), anchor, around()).at
        assert (earliest_of(found), latest_of(found)) == (
            at("2017-11-06 01:00"),
            Instant(at("2017-11-06 02:00") - 1),
        )

    def test_hours_that_may_run_out_on_a_barred_day_are_bounded_on_both_sides(self) -> None:
        # Sunday 23:00 moves to the end of Monday; Monday 01:00 stands. So the earliest deadline is
        # early on Monday although the earliest anchor gives the end of Monday.
        rule = clock("48h", roll_forward=("saturday", "sunday"))
        assert deadline(rule, at("2017-05-05 23:00"), around()).at == at("2017-05-09 00:00")
        anchor = UncertainInstant(at("2017-05-05 23:00"), at("2017-05-06 02:00"), Precision.RANGE, "k")
        found = deadline(rule, anchor, around()).at
        assert (earliest_of(found), latest_of(found)) == (at("2017-05-08 00:00"), at("2017-05-09 00:00"))

    def test_an_anchor_that_never_comes_gives_a_deadline_that_never_comes(self) -> None:
        assert deadline(clock("48h", excluded=PAUSED), NEVER, around()).at == NEVER

    @pytest.mark.parametrize("rule", OF_EACH_KIND, ids=lambda rule: f"{rule.kind} {rule.length}")
    def test_an_anchor_open_to_one_side_gives_a_deadline_open_to_that_side(self, rule: Clock) -> None:
        noon = at("2017-05-01 12:00")
        alone = deadline(rule, noon, around()).at
        later = deadline(rule, UncertainInstant(noon, FOREVER, Precision.RANGE, "k"), around())
        earlier = deadline(
            rule, UncertainInstant(BEGINNING, Instant(noon + 1), Precision.RANGE, "k"), around()
        )
        assert isinstance(later.at, UncertainInstant)
        assert (later.at.earliest, later.at.latest >= FOREVER) == (alone, True)
        assert isinstance(earlier.at, UncertainInstant)
        assert (earlier.at.earliest, latest_of(earlier.at)) == (BEGINNING, alone)
        assert [line.text for line in later.lines][-1] == "deadline open"
        assert "deadline open" in [line.text for line in earlier.lines]

    def test_a_reset_between_the_ends_is_no_constant_shift(self) -> None:
        # From 1 May and from 5 May the reset changes nothing; from 2 May it does.
        anchor = UncertainInstant(at("2017-05-01 12:00"), at("2017-05-05 12:00"), Precision.RANGE, "k")
        around_it = around(resets=("2017-05-03 18:00",))
        found = deadline(clock("48h", reset="x"), anchor, around_it).at
        assert isinstance(found, UncertainInstant)
        assert found.path
        assert deadline(clock("48h", reset="x"), at("2017-05-02 12:00"), around_it).at == at(
            "2017-05-05 18:00"
        )


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (clock("48"), "length: expected a length such as 48h"),
        (clock("0h"), "length: nothing to count"),
        (clock("48h", kind=ClockKind.CIVIL_DAYS), "length: expected civil days"),
        (clock("48h", excluded=("holidays",)), r"excluded: expected a day name, found \[holidays\]"),
        (Clock(anchor="x", cite="x", length="1h", excluded=("holiday",)), "needs a calendar"),
        (clock("48h", excluded=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")), "never run out"),
        (clock("3d", first_day="second"), "first_day: expected one of"),
        (clock("3d", part_days="half"), "part_days: expected one of"),
        (clock("3d", first_day="counted", end_of_day=False), "first_day: counted, although"),
        (clock("3d", end_of_day=False, on_repeat=OnRepeat.RESUME), "no whole days to resume"),
        (wall("25:00"), "expected a wall time such as 23:59"),
        (wall("23:59", excluded=("sunday",)), "a wall time has no length that could skip days"),
        (wall("23:59", extensions=(Extension("more", "1h", 1),)), "a wall time has no length that could grow"),
        (wall("23:59", on_repeat=OnRepeat.RESUME), "no rest that could resume"),
        (extendable("48h", "soon", 1), r"extension \[more\] length"),
        (extendable("3d", "24h", 1), "expected civil days"),
        (extendable("48h", "24h", 0), "expected at least 1"),
        (clock("1h", extensions=(Extension("a", "1h", 1), Extension("a", "1h", 1))), "two of the same name"),
    ],
)  # fmt: skip
def test_a_clock_that_cannot_be_computed_says_why(bad: Clock, problem: str) -> None:
    assert problems_of(bad)
    with pytest.raises(UnsupportedClock, match=problem):
        deadline(bad, at("2017-05-01 12:00"), around())
