"""The arithmetic that a person can check, as printed."""

from __future__ import annotations

from habeas.law.clocks import Deadline, deadline
from small_clocks import PAUSED, around, at, clock, extendable, pausable, some_time, wall

HOUR = 3_600_000_000


def lines(found: Deadline) -> list[str]:
    return [line.text for line in found.lines]


def test_presidents_day_1_of_law_md() -> None:
    found = deadline(clock("48h", excluded=PAUSED), at("2017-02-17 17:00"), around())
    assert lines(found) == [
        "starts Fri 17 Feb 2017 17:00 EST; 48 h 00 m allowed",
        "Fri 17 Feb 17:00-24:00: 7 h 00 m counted",
        "Sat 18 Feb: excluded (saturday)",
        "Sun 19 Feb: excluded (sunday)",
        "Mon 20 Feb: excluded (Washington's Birthday)",
        "Tue 21 Feb: 24 h 00 m counted",
        "Wed 22 Feb 00:00-17:00: 17 h 00 m counted",
        "sum 48 h 00 m",
        "deadline Wed 22 Feb 2017 17:00 EST",
    ]
    assert sum(line.amount for line in found.lines[1:-2]) == 48 * HOUR
    assert {line.cite for line in found.lines} == {"a test", ""}


def test_a_change_of_clocks_is_said() -> None:
    assert lines(deadline(clock("48h"), at("2017-03-10 12:00"), around()))[1:] == [
        "Fri 10 Mar 12:00-Sun 12 Mar 13:00: 48 h 00 m counted (clocks went forward 1 h 00 m)",
        "sum 48 h 00 m",
        "deadline Sun 12 Mar 2017 13:00 EDT",
    ]
    assert "went back 1 h 00 m" in lines(deadline(clock("48h"), at("2017-11-04 12:00"), around()))[1]


def test_whole_days_are_told_together() -> None:
    assert lines(deadline(clock("30d"), at("2018-12-20 11:00"), around())) == [
        "starts Thu 20 Dec 2018 11:00 EST; 30 days allowed",
        "Thu 20 Dec: first day, not counted",
        "Fri 21 Dec-Sat 19 Jan 2019: 30 days counted",
        "sum 30 days",
        "deadline Sun 20 Jan 2019 00:00 EST",
    ]


def test_pauses_extensions_and_rolling_each_have_their_line_and_citation() -> None:
    rule = extendable("48h", "24h", 1, pause=pausable("1h").pause, roll_forward=("saturday", "sunday"))
    found = deadline(
        rule,
        at("2017-05-03 06:00"),
        around(
            pauses=(("2017-05-03 12:00", "2017-05-03 18:30"),),
            grants=("2017-05-04 09:00", "2017-05-04 10:00"),
        ),
    )
    assert [(line.text, line.cite) for line in found.lines] == [
        ("starts Wed 3 May 2017 06:00 EDT; 48 h 00 m allowed", "a test"),
        ("extended by 24 h 00 m, granted Thu 4 May 2017 09:00 EDT", "a grant"),
        ("not extended: 24 h 00 m granted Thu 4 May 2017 10:00 EDT, beyond the most there may be", "a grant"),
        ("Wed 3 May 06:00-12:00: 6 h 00 m counted", ""),
        ("Wed 3 May 12:00-18:30: paused", "a pause"),
        ("Wed 3 May 18:30-Sat 6 May 12:30: 66 h 00 m counted", ""),
        ("sum 72 h 00 m", ""),
        ("Sat 6 May: the deadline may not fall on this day (saturday)", ""),
        ("Sun 7 May: the deadline may not fall on this day (sunday)", ""),
        ("deadline Tue 9 May 2017 00:00 EDT", "a test"),
    ]


def test_a_late_extension_and_a_reset() -> None:
    rule = extendable("48h", "24h", 1, reset="x")
    found = lines(
        deadline(
            rule, at("2017-05-03 06:00"), around(resets=("2017-05-04 06:00",), grants=("2017-05-09 06:00",))
        )
    )
    assert found[1:3] == [
        "starts anew Thu 4 May 2017 06:00 EDT",
        "not extended: 24 h 00 m granted Tue 9 May 2017 06:00 EDT, too late",
    ]


def test_a_standing_pause_shows_what_is_left() -> None:
    found = deadline(pausable("48h"), at("2017-05-03 06:00"), around(pauses=(("2017-05-04 08:15", None),)))
    assert lines(found)[1:] == [
        "Wed 3 May 06:00-Thu 4 May 08:15: 26 h 15 m counted",
        "paused since Thu 4 May 2017 08:15 EDT, not ended: 21 h 45 m left",
        "deadline not before Fri 5 May 2017 06:00 EDT",
    ]


def test_a_standing_pause_of_days_from_wall_time_to_wall_time() -> None:
    rule = pausable("3d", end_of_day=False)
    found = lines(deadline(rule, at("2017-05-01 12:00"), around(pauses=(("2017-05-02 13:00", None),))))
    assert found[1:3] == [
        "Mon 1 May 12:00-Tue 2 May 13:00: 1 day 1 h 00 m counted",
        "paused since Tue 2 May 2017 13:00 EDT, not ended: 1 day 23 h 00 m left",
    ]


def test_a_pause_that_stood_before_the_clock_started_leaves_the_whole_length() -> None:
    found = lines(
        deadline(pausable("3d"), at("2017-05-02 12:00"), around(pauses=(("2017-05-01 09:00", None),)))
    )
    assert found[1] == "paused since Mon 1 May 2017 09:00 EDT, not ended: 3 days left"


def test_a_wall_time_needs_no_arithmetic() -> None:
    assert lines(deadline(wall("23:59"), at("2019-04-02 15:20"), around())) == [
        "starts Tue 2 Apr 2019 15:20 EDT; runs out at 23:59 of that day",
        "deadline Tue 2 Apr 2019 23:59 EDT",
    ]


def test_an_unknown_anchor_is_told_at_both_ends() -> None:
    found = lines(deadline(clock("1h"), some_time("2017-05-03"), around()))
    assert found == [
        "at the earliest:",
        "starts Wed 3 May 2017 00:00 EDT; 1 h 00 m allowed",
        "Wed 3 May 00:00-01:00: 1 h 00 m counted",
        "sum 1 h 00 m",
        "deadline Wed 3 May 2017 01:00 EDT",
        "at the latest:",
        "starts Wed 3 May 2017 just before 24:00 EDT; 1 h 00 m allowed",
        "Wed 3 May just before 24:00-Thu 4 May just before 01:00: 1 h 00 m counted",
        "sum 1 h 00 m",
        "deadline Thu 4 May 2017 just before 01:00 EDT",
    ]
    assert lines(deadline(wall("23:59"), some_time("2017-05-03"), around()))[0].startswith(
        "the same deadline"
    )


def test_seconds_are_shown_only_where_there_are_any() -> None:
    found = lines(deadline(clock("1h"), at("2017-05-03 10:00:30"), around()))
    assert found[1] == "Wed 3 May 10:00:30-11:00:30: 1 h 00 m counted"
    paused = around(pauses=(("2017-05-03 10:10:15", "2017-05-03 10:20"),))
    assert "0 h 09 m 45 s counted" in lines(deadline(pausable("1h"), at("2017-05-03 10:00:30"), paused))[1]


def test_days_from_wall_time_to_wall_time() -> None:
    rule = clock("2d", end_of_day=False, excluded=("sunday",))
    assert lines(deadline(rule, at("2017-03-10 12:00"), around()))[1:] == [
        "Fri 10 Mar 12:00-24:00: 0 days 12 h 00 m counted",
        "Sat 11 Mar: 1 day counted",
        "Sun 12 Mar: excluded (sunday)",
        "Mon 13 Mar 00:00-12:00: 0 days 12 h 00 m counted",
        "sum 2 days",
        "deadline Mon 13 Mar 2017 12:00 EDT",
    ]


def test_a_day_partly_open_that_does_not_count_is_said() -> None:
    rule = clock("2d", first_day="counted", part_days="round-down")
    assert (
        lines(deadline(rule, at("2017-05-03 10:00"), around()))[1] == "Wed 3 May: part of a day, not counted"
    )


def test_a_deadline_that_never_comes_has_no_lines() -> None:
    assert Deadline(at("2017-05-03 10:00")).lines == ()
