"""Points on the world's timeline, counted in whole microseconds of UTC."""

from typing import Final, NewType

Instant = NewType("Instant", int)
"""Microseconds of UTC since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time)."""

SECOND: Final = 1_000_000
"""One second of elapsed time, in microseconds."""

MINUTE: Final = 60 * SECOND
"""One minute of elapsed time, in microseconds."""

HOUR: Final = 60 * MINUTE
"""One hour of elapsed time, in microseconds."""

DAY: Final = 24 * HOUR
"""Twenty-four elapsed hours, in microseconds; a civil day may be longer or shorter."""

# The ends of the calendar Python can print, not of the machine's integers: a sentinel stays a
# 64-bit value when a columnar engine adds a clock to it.
BEGINNING: Final = Instant(-62_135_596_800 * SECOND)
"""Before everything: 0001-01-01T00:00:00Z, the start of an interval open to the past."""

FOREVER: Final = Instant(253_402_300_800 * SECOND)
"""The open end: 10000-01-01T00:00:00Z, after every instant that can be written."""

NEVER: Final = FOREVER
"""The instant of a thing that complete sources never show; the same value as an open end."""


def shifted_point(instant: Instant, microseconds: int) -> Instant:
    """The instant so many microseconds later; an open end stays open.

    Args:
        instant: Where to start.
        microseconds: Elapsed time to add; negative moves towards the past.
    """
    if instant >= FOREVER or instant <= BEGINNING:
        return instant
    return Instant(min(max(instant + microseconds, BEGINNING), FOREVER))
