"""The calendar files: every day checked against the statute's own rules, and what is refused."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files

import pytest

from habeas.kernel.calendars import OutsideCalendar
from habeas.kernel.instants import CivilDate
from habeas.law.calendars import calendar_of
from habeas.law.documents import RulebookError
from habeas.law.yaml_text import parse
from small_clocks import calendar

FIRST, LAST = dt.date(1990, 1, 1), dt.date(2035, 12, 31)
JUNETEENTH = dt.date(2021, 6, 17)
"""Pub. L. 117-17 became law."""


def nth(year: int, month: int, weekday: int, count: int) -> CivilDate:
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def last_monday_of_may(year: int) -> CivilDate:
    end = dt.date(year, 5, 31)
    return end - dt.timedelta(days=end.weekday())


def designated(year: int) -> dict[CivilDate, str]:
    """The days of 5 U.S.C. 6103(a), in the order of the subsection."""
    days = {
        dt.date(year, 1, 1): "New Year's Day",
        nth(year, 1, 0, 3): "Birthday of Martin Luther King, Jr.",
        nth(year, 2, 0, 3): "Washington's Birthday",
        last_monday_of_may(year): "Memorial Day",
        dt.date(year, 6, 19): "Juneteenth National Independence Day",
        dt.date(year, 7, 4): "Independence Day",
        nth(year, 9, 0, 1): "Labor Day",
        nth(year, 10, 0, 2): "Columbus Day",
        dt.date(year, 11, 11): "Veterans Day",
        nth(year, 11, 3, 4): "Thanksgiving Day",
        dt.date(year, 12, 25): "Christmas Day",
    }
    return {day: name for day, name in days.items() if name[:4] != "June" or day >= JUNETEENTH}


def in_lieu(day: CivilDate) -> CivilDate | None:
    """5 U.S.C. 6103(b)(1) for a Saturday; Exec. Order 11582 for a Sunday."""
    return {5: day - dt.timedelta(days=1), 6: day + dt.timedelta(days=1)}.get(day.weekday())


YEARS = {day: name for year in range(1990, 2037) for day, name in designated(year).items()}


def test_the_designated_days_are_those_of_the_statute_and_no_others() -> None:
    expected = {day: name for day, name in YEARS.items() if FIRST <= day <= LAST}
    assert dict(calendar("us-federal-designated").names) == expected


def test_the_days_in_lieu_are_the_friday_before_and_the_monday_after() -> None:
    added = {
        other: f"{name}, in the place of {day}"
        for day, name in YEARS.items()
        if (other := in_lieu(day)) and FIRST <= other <= LAST
    }
    both = calendar("us-federal").names
    assert dict(both) == dict(calendar("us-federal-designated").names) | added
    # New Year's Day 2022 was a Saturday: the Friday that stands for it is in 2021.
    assert both[dt.date(2021, 12, 31)] == "New Year's Day, in the place of 2022-01-01"


def test_juneteenth_is_a_holiday_only_since_it_was_law() -> None:
    federal = calendar("us-federal")
    assert not federal.is_holiday(dt.date(2020, 6, 19))
    # 2021: the law of Thursday 17 June made Saturday the 19th a holiday, and Friday its stand-in.
    assert federal.is_holiday(dt.date(2021, 6, 18))
    assert not calendar("us-federal-designated").is_holiday(dt.date(2021, 6, 18))


@pytest.mark.parametrize("name", ["us-federal", "us-federal-designated"])
def test_a_calendar_says_nothing_about_days_outside_it(name: str) -> None:
    for day in (FIRST - dt.timedelta(days=1), LAST + dt.timedelta(days=1)):
        with pytest.raises(OutsideCalendar):
            calendar(name).is_holiday(day)


@pytest.mark.parametrize(("name", "observed"), [("us-federal", True), ("us-federal-designated", False)])
def test_an_independent_list_has_the_same_days(name: str, *, observed: bool) -> None:
    package = pytest.importorskip("holidays", reason="NOT RUN [holidays]: pip install holidays")
    listed = package.US(years=range(1990, 2037), observed=observed)
    assert calendar(name).holidays == {day for day in listed if FIRST <= day <= LAST}


GOOD = """\
schema: 1
name: small
title: A small calendar
first: 2017-01-01
last: 2017-12-31
basis:
  law: "s. 1"
holidays:
  2017-02-20: {name: A day, basis: law}
"""


def test_a_calendar_file_is_read() -> None:
    small = calendar_of(parse(GOOD, "small.yaml"))
    assert (small.name, small.first, small.last) == ("small", dt.date(2017, 1, 1), dt.date(2017, 12, 31))
    assert small.name_of(dt.date(2017, 2, 20)) == "A day"


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("schema: 1", "schema: 2", 1, "expected schema: 1"),
        ("title: A small calendar\n", "", 1, r"expected \[title\]"),
        ("title: A", "colour: red\ntitle: A", 3, "unknown key"),
        ("first: 2017-01-01", "first: 2017-13-01", 4, "a date such as 2017-02-20"),
        ("last: 2017-12-31", "last: 2016-12-31", 5, "a day not before"),
        ("2017-02-20:", "20 February:", 9, "a date such as 2017-02-20"),
        ("2017-02-20:", "2018-02-20:", 9, "a day within 2017-01-01 to 2017-12-31"),
        ("basis: law}", "basis: custom}", 9, r"one basis of \[law\]"),
        ("{name: A day, basis: law}", "A day", 9, "a name and a legal basis"),
        ("basis: law}", "basis: law, color: red}", 9, "a key of a holiday"),
        ("basis: law}", "basis: law, instead_of: never}", 9, "a date such as"),
        ("  2017-02-20: {name: A day, basis: law}", "  - 2017-02-20", 8, "a mapping of dates"),
    ],
)
def test_a_calendar_file_that_is_wrong_says_where(old: str, new: str, line: int, problem: str) -> None:
    assert old in GOOD
    with pytest.raises(RulebookError, match=problem) as caught:
        calendar_of(parse(GOOD.replace(old, new), "small.yaml"))
    assert line in {each.line for each in caught.value.problems}


def test_every_problem_is_told_at_once() -> None:
    bad = GOOD.replace("schema: 1", "schema: 2").replace("basis: law}", "basis: custom}")
    with pytest.raises(RulebookError) as caught:
        calendar_of(parse(bad, "small.yaml"))
    assert len(caught.value.problems) == 2


def test_every_calendar_of_the_rulebook_is_named_as_its_file() -> None:
    folder = files("habeas.rulebook") / "calendars"
    names = [entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    assert names
    assert all(calendar(name.removesuffix(".yaml")).name == name.removesuffix(".yaml") for name in names)
