"""Oregon's legal holidays against a list that others keep."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files

import holidays
import pytest

from habeas.law.calendars import calendar_of
from habeas.law.yaml_text import parse

FOLDER = files("habeas.rulebook") / "calendars"
OTHERS = holidays.country_holidays("US", subdiv="OR", years=range(2011, 2036))
"""ORS 187.010 as the `holidays` library reads it, weekdays in the place of weekend days included."""


@pytest.mark.parametrize("year", range(2011, 2036))
def test_every_day_is_one_that_others_list_too(year: int) -> None:
    name = "us-or-legal.yaml"
    ours = calendar_of(parse((FOLDER / name).read_text(encoding="utf-8"), name))
    assert (ours.first, ours.last) == (dt.date(2011, 1, 1), dt.date(2035, 12, 31))
    days = {day for day in ours.holidays if day.year == year}
    others = {day for day in OTHERS if day.year == year}
    # Since when Juneteenth is a legal holiday of Oregon was not read; the file lists it from 2022 on.
    expected = {day for day in others if (day.year, day.month) != (2021, 6)}
    assert days == expected
