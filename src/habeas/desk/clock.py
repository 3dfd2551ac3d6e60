"""The one clock."""

from __future__ import annotations

import datetime as dt

from habeas.kernel.instants import Instant, instant_of_datetime


def now() -> Instant:
    """The instant at which this is called, as the computer's clock has it."""
    return instant_of_datetime(dt.datetime.now(dt.UTC))
