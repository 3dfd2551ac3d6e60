"""Durations that law allows, as data: deadlines, and windows when an anchor comes again.

A deadline is the first instant at which a clock has run out. A clock is monotone: a later anchor, a
longer pause or one more excluded day never gives an earlier deadline. The one exception is named
where it occurs: a clock that runs out at its anchor's own wall time, when clocks are put back.
"""

from habeas.law.clocks.counting import first_showing
from habeas.law.clocks.deadlines import Circumstances, Deadline, Grant, deadline
from habeas.law.clocks.lines import ClockLine
from habeas.law.clocks.terms import UnsupportedClock, microseconds_of, problems_of
from habeas.law.clocks.windows import Anchor, Window, windows

__all__ = [
    "Anchor",
    "Circumstances",
    "ClockLine",
    "Deadline",
    "Grant",
    "UnsupportedClock",
    "Window",
    "deadline",
    "first_showing",
    "microseconds_of",
    "problems_of",
    "windows",
]
