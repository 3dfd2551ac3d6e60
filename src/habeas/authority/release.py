"""When a person was otherwise releasable, and whether an instant lies in a window from there.

The anchors of a hold's clock are the right edges of the union of the bases in the strata the
clock names: holds never postpone one another, custody that nothing explains moves no edge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from habeas.kernel.instants import (
    FOREVER,
    Instant,
    Precision,
    UncertainInstant,
    When,
    at_or_before,
    before,
)
from habeas.kernel.kleene import Kleene, both
from habeas.law.clocks import Window

_KEY = "releasable_at"


class Release(NamedTuple):
    """An instant at which all bases of some strata had ended."""

    at: When
    certain: bool
    """Whether there was such an end at all."""
    stopped: When | None = None
    """When a basis of these strata stood again; None while none does."""


def right_edges(pieces: Iterable[tuple[Instant, Instant, Kleene]]) -> tuple[Release, ...]:
    """Where a union of bases ends, given in order whether it stands over each interval.

    An interval over which it is not known whether a basis stood makes the edge uncertain: it
    lies somewhere from the last instant that was certain to the first that is certain again.
    """
    found: list[Release] = []
    stood: Kleene = False
    open_since: Instant | None = None
    for start, _, value in pieces:
        if value is None:
            open_since = start if open_since is None else open_since
            continue
        if value is True:
            _stop(found, start, open_since)
        if open_since is not None:
            if value is False:
                found.append(_spread(open_since, start, certain=stood is True))
            elif stood is True:
                found.append(_spread(open_since, start, certain=False, stopped=start))
            open_since = None
        elif stood is True and value is False:
            found.append(Release(start, certain=True))
        stood = value
    if open_since is not None:
        _stop(found, FOREVER, open_since)
        found.append(_spread(open_since, FOREVER, certain=False))
    return tuple(found)


def _stop(found: list[Release], start: Instant, open_since: Instant | None) -> None:
    """Write into the last edge when a basis stood again: surely from an instant, perhaps before."""
    if not found or found[-1].stopped is not None:
        return
    stopped: When = start
    if open_since is not None:
        key = f"{_KEY} stopped:{open_since}:{start}"
        end = start if start >= FOREVER else Instant(start + 1)
        stopped = UncertainInstant(open_since, end, Precision.RANGE, key)
    found[-1] = found[-1]._replace(stopped=stopped)


def _spread(earliest: Instant, latest: Instant, *, certain: bool, stopped: Instant | None = None) -> Release:
    key = f"{_KEY}:{earliest}:{latest}"
    end = latest if latest >= FOREVER else Instant(latest + 1)
    return Release(UncertainInstant(earliest, end, Precision.RANGE, key), certain, stopped)


def in_window(made: Sequence[Window], sure: Collection[When], at: Instant) -> Kleene:
    """Whether an instant lies in one of a clock's windows.

    A window from an end that may not have happened, or whose repetition is an open question,
    is possible and no more; nor is any later window certain after it.
    """
    certain_so_far = True
    inside: Kleene = False
    for window in made:
        begun = at_or_before(window.anchor.at, at)
        here = both(begun, before(at, window.deadline.at))
        if window.deadline.not_before and here is False and begun is True:
            here = None
        certain_so_far = certain_so_far and window.anchor.at in sure
        if here is True and (window.question or not certain_so_far):
            here = None
        if here is True:
            return True
        if here is None:
            inside = None
    return inside
