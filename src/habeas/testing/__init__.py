"""Hypothesis strategies for times, events and records, for tests of this library and beyond it.

Needs ``hypothesis``, which the library itself does not.
"""

from habeas.testing.events import (
    coverages,
    events,
    histories,
    orderly_histories,
    records,
    terms_of,
)
from habeas.testing.times import (
    civil_dates,
    instants,
    interval_sets,
    intervals,
    local_times,
    open_intervals,
    timelines,
    uncertain_instants,
    whens,
    zones,
)

__all__ = [
    "civil_dates",
    "coverages",
    "events",
    "histories",
    "instants",
    "interval_sets",
    "intervals",
    "local_times",
    "open_intervals",
    "orderly_histories",
    "records",
    "terms_of",
    "timelines",
    "uncertain_instants",
    "whens",
    "zones",
]
