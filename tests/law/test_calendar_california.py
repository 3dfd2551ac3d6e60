"""California's judicial holidays against a list of state holidays that others keep."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files

import holidays
import pytest

from habeas.law.calendars import calendar_of
from habeas.law.yaml_text import parse

FOLDER = files("habeas.rulebook") / "calendars"
NAME = "us-ca-judicial.yaml"
OURS = calendar_of(parse((FOLDER / NAME).read_text(encoding="utf-8"), NAME))
OTHERS = holidays.country_holidays("US", years=range(2014, 2037))
"""The federal holidays as the `holidays` library reads them, weekdays in the place of weekend days included."""
OWN = ("Lincoln's Birthday", "Cesar Chavez Day", "Native American Day", "Day after Thanksgiving Day")
"""Days that only California's list has."""


def test_it_covers_the_years_it_says() -> None:
    assert (OURS.first, OURS.last) == (dt.date(2015, 1, 1), dt.date(2035, 12, 31))


@pytest.mark.parametrize("year", range(2015, 2036))
def test_but_for_its_own_days_it_is_the_federal_list_without_juneteenth(year: int) -> None:
    days = {day for day in OURS.holidays if day.year == year and not OURS.name_of(day).startswith(OWN)}
    others = {
        day
        for day in OTHERS
        if day.year == year and (day.month, day.day) not in {(6, 17), (6, 18), (6, 19), (6, 20)}
    }
    columbus = {day for day in others if day.month == 10}
    assert days == others - (columbus if year >= 2022 else set())


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2022-09-23", "Native American Day"),
        ("2026-03-31", "Cesar Chavez Day"),
        ("2022-02-11", "Lincoln's Birthday"),
    ],
)
def test_days_of_its_own(day: str, name: str) -> None:
    assert OURS.name_of(dt.date.fromisoformat(day)).startswith(name)
