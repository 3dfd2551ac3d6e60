"""When a person was otherwise releasable, and the windows that clocks open from there.

The anchors of a hold's clock are the right edges of the union of the bases in the strata the
clock names: holds never postpone one another, custody that nothing explains moves no edge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, TypeGuard

from habeas.authority.situations import FactRow, Situation
from habeas.custody.events import Event, ExtensionGranted, TollingBegan, TollingEnded
from habeas.custody.record import CustodyRecord
from habeas.kernel.instants import (
    FOREVER,
    Instant,
    Precision,
    UncertainInstant,
    When,
    at_or_before,
    before,
    earliest_of,
)
from habeas.kernel.kleene import Kleene, both
from habeas.law.clocks import Anchor, Circumstances, Grant, Window, windows
from habeas.law.enactments import Clock

RELEASABLE = "releasable_at"


class Release(NamedTuple):
    """An instant at which all bases of some strata had ended."""

    at: When
    certain: bool
    """Whether there was such an end at all."""


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
        if open_since is not None:
            if value is False:
                found.append(_spread(open_since, start, certain=stood is True))
            elif stood is True:
                found.append(_spread(open_since, start, certain=False))
            open_since = None
        elif stood is True and value is False:
            found.append(Release(start, certain=True))
        stood = value
    if open_since is not None:
        found.append(_spread(open_since, FOREVER, certain=False))
    return tuple(found)


def _spread(earliest: Instant, latest: Instant, *, certain: bool) -> Release:
    key = f"{RELEASABLE}:{earliest}:{latest}"
    end = latest if latest >= FOREVER else Instant(latest + 1)
    return Release(UncertainInstant(earliest, end, Precision.RANGE, key), certain)


def circumstances(record: CustodyRecord, situation: Situation, clock: Clock, row: FactRow) -> Circumstances:
    """What bears on one clock: the place's zone and calendar, pauses, extensions, resets."""
    law = situation.program.law
    named = {extension.clock for extension in clock.extensions}
    grants = [
        Grant(str(event.terms["clock"]), event.at)
        for event in record.events
        if isinstance(event, ExtensionGranted) and event.terms.get("clock") in named
    ]
    began = _times(record, TollingBegan, clock.name)
    ended = _times(record, TollingEnded, clock.name)
    if clock.pause is not None:
        began += [at for at in (named_instant(situation, clock.pause.begins, row),) if _came(at)]
        ended += [at for at in (named_instant(situation, clock.pause.ends, row),) if _came(at)]
    reset = named_instant(situation, clock.reset, row) if clock.reset else None
    return Circumstances(
        zone=law.places.zone_of(situation.place),
        calendar=law.calendars.get(clock.holidays) if clock.holidays else None,
        pauses=_paired(began, ended),
        grants=tuple(sorted(grants, key=lambda grant: earliest_of(grant.at))),
        resets=() if reset is None or reset == FOREVER else (reset,),
    )


def _times(record: CustodyRecord, kind: type[Event], clock: str) -> list[When]:
    return [e.at for e in record.events if isinstance(e, kind) and e.terms.get("clock") == clock]


def _came(at: When | None) -> TypeGuard[When]:
    return at is not None and at != FOREVER


def _paired(began: Sequence[When], ended: Sequence[When]) -> tuple[tuple[When, When | None], ...]:
    starts = sorted(began, key=earliest_of)
    ends = sorted(ended, key=earliest_of)
    pairs: list[tuple[When, When | None]] = []
    for start in starts:
        later = [end for end in ends if earliest_of(end) >= earliest_of(start)]
        pairs.append((start, later[0] if later else None))
    return tuple(pairs)


def named_instant(situation: Situation, name: str, row: FactRow) -> When | None:
    """An instant fact such as ``booking.arrested_at``, of the subject or what it belongs to."""
    owner, _, fact = name.partition(".")
    if row["ref"] == owner:
        found = row.get(fact)
    else:
        rows = situation.rows.get(owner, ())
        linked = [each for each in rows if each["id"] == row.get(owner)] or list(rows)
        found = linked[-1].get(fact) if linked else None
    if isinstance(found, UncertainInstant):
        return found
    return Instant(found) if isinstance(found, int) and not isinstance(found, bool) else None


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


def windows_from(clock: Clock, anchors: Sequence[When], made_of: Circumstances) -> tuple[Window, ...]:
    """A clock's windows from each anchor within one custody episode."""
    return windows(clock, [Anchor(at) for at in anchors], made_of)
