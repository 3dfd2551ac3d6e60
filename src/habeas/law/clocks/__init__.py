"""Durations that law allows, as data: deadlines, and windows when an anchor comes again.

A deadline is the first instant at which a clock has run out. Clocks are monotone: a later anchor, a
longer pause or one more excluded day never gives an earlier deadline. Two exceptions are named where
they occur and bounded where an anchor is uncertain: a clock that runs out at its anchor's own wall
time when clocks are put back, and one of hours whose deadline moves to a later day's end.
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
