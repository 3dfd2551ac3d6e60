"""The days off of the fictional law, worked out by rule; the rulebook's dated calendars are not read.

Two lists differ: the dates that the federal statute names, and those on which they are kept when one
falls on a weekend (5 U.S.C. 6103(a) and (b), as restated by the fictional ordinances).
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Final

_FIXED: Final = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
"""Month and day of the holidays that have a date."""

_MONDAYS: Final = ((1, 3), (2, 3), (9, 1), (10, 2))
"""Month and which Monday of it."""

_DAY: Final = dt.timedelta(days=1)


@lru_cache(maxsize=512)
def is_designated(day: dt.date) -> bool:
    """Whether the federal statute names this very date a holiday."""
    if (day.month, day.day) in _FIXED:
        return True
    monday = day.weekday() == 0
    if monday and (day.month, (day.day - 1) // 7 + 1) in _MONDAYS:
        return True
    if monday and day.month == 5 and (day + 7 * _DAY).month == 6:
        return True
    return day.weekday() == 3 and day.month == 11 and (day.day - 1) // 7 == 3


@lru_cache(maxsize=512)
def is_kept(day: dt.date) -> bool:
    """Whether a holiday is kept on this date, by itself or for one on the weekend beside it."""
    if is_designated(day):
        return True
    if day.weekday() == 4 and is_designated(day + _DAY):
        return True
    return day.weekday() == 0 and is_designated(day - _DAY)


@lru_cache(maxsize=512)
def is_weekend(day: dt.date) -> bool:
    """Whether it is a Saturday or a Sunday."""
    return day.weekday() >= 5
