"""Civil time on an axis: the place's midnights, the change of clocks, words that never depend on a machine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habeas.kernel.instants import (
    BEGINNING,
    DAY,
    FOREVER,
    HOUR,
    MINUTE,
    Instant,
    local_of,
    parse_instant,
    zone,
)
from habeas.report.axis import dated_text, length_text, moment_text, ticks, zone_text

EASTERN = zone("America/New_York")
SOME_INSTANT = st.integers(min_value=0, max_value=2_000_000_000).map(
    lambda seconds: Instant(seconds * 1_000_000)
)


def local(text: str) -> Instant:
    return parse_instant(text, EASTERN)


@given(
    SOME_INSTANT, st.integers(min_value=HOUR, max_value=4000 * DAY), st.integers(min_value=2, max_value=12)
)
def test_ticks_are_midnights_inside_the_span_and_not_too_many(start: Instant, length: int, most: int) -> None:
    end = Instant(start + length)
    found = ticks(start, end, EASTERN, most)
    assert len(found) <= most + 1
    assert all(start <= tick.at < end for tick in found)
    assert all(str(local_of(tick.at, EASTERN)).endswith("00:00") for tick in found)


def test_the_year_stands_on_the_first_tick_and_where_it_changes() -> None:
    found = ticks(local("2016-12-30 12:00"), local("2017-01-02 12:00"), EASTERN, 9)
    assert [tick.label for tick in found] == ["Sat 31 Dec 2016", "Sun 1 Jan 2017", "Mon 2 Jan"]


def test_weeks_are_counted_from_mondays() -> None:
    found = ticks(local("2017-02-14 21:10"), local("2017-03-16 12:00"), EASTERN, 6)
    assert [tick.label for tick in found] == ["Mon 20 Feb 2017", "Mon 27 Feb", "Mon 6 Mar", "Mon 13 Mar"]


def test_the_change_of_clocks_is_said() -> None:
    said = zone_text(local("2017-03-11 12:00"), local("2017-03-13 12:00"), EASTERN)
    assert said == "America/New_York, EST (UTC-05:00), later EDT (UTC-04:00)"


@pytest.mark.parametrize(
    ("at", "short", "whole"),
    [
        (local("2017-03-04 10:00"), "Sat 4 Mar 10:00", "Sat 4 Mar 2017 10:00 EST (UTC-05:00)"),
        (local("2017-07-04 09:59:59"), "Tue 4 Jul 09:59:59", "Tue 4 Jul 2017 09:59:59 EDT (UTC-04:00)"),
        (FOREVER, "no end set", "no end set"),
        (BEGINNING, "always", "always"),
    ],
)
def test_instants_in_words(at: Instant, short: str, whole: str) -> None:
    assert moment_text(at, EASTERN) == short
    assert dated_text(at, EASTERN) == whole


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (0, "0 m"),
        (MINUTE - 1, "less than 1 m"),
        (20 * MINUTE, "20 m"),
        (48 * HOUR, "2 d"),
        (43 * HOUR + 15 * MINUTE, "1 d 19 h 15 m"),
    ],
)
def test_lengths_in_words(length: int, shown: str) -> None:
    assert length_text(length) == shown
