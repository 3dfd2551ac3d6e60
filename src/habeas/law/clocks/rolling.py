"""Deadlines that may not fall on some days and move to the end of the next day.

Moving is not monotone for a clock that can run out within a day: one hour later on a Sunday evening
is Monday, where the deadline stands at its own hour, while the earlier one has moved to the end of
Monday. Where the anchor is uncertain, bounds that are monotone take the place of the exact rule.
"""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from habeas.kernel.instants import Instant, civil_date_of, end_of_day
from habeas.law.clocks.counting import Count, Ground, Mark, Piece, Rolling, closed_because, is_open
from habeas.law.clocks.terms import Terms

_ONE_DAY = dt.timedelta(days=1)


def rolled(terms: Terms, made: Count, ground: Ground) -> Count:
    """The count with its deadline moved off barred days, each of which becomes a piece.

    Raises:
        OutsideCalendar: A day to be judged is not in the calendar.
    """
    if not terms.rolls or is_open(made.end):
        return made
    calendar = ground.calendar if terms.bars_holidays else None
    # The deadline is the first instant no longer inside: at midnight it falls on the day that ends.
    day = civil_date_of(Instant(made.end - 1), ground.zone)
    yesterday = day - _ONE_DAY
    pieces: list[Piece] = []
    start = made.end
    while reason := closed_because(day, terms.barred, calendar):
        end = end_of_day(day, ground.zone)
        pieces.append(Piece(start, end, Mark.ROLLED, reason=reason))
        start, day = end, day + _ONE_DAY
    rolling = Rolling.EXACT if terms.ends_with_days else ground.rolling
    if rolling is Rolling.LEAST:
        return replace(made, end=start, pieces=(*made.pieces, *pieces))
    if pieces or (rolling is Rolling.MOST and closed_because(yesterday, terms.barred, calendar)):
        return Count(end_of_day(day, ground.zone), (*made.pieces, *pieces))
    return made
