"""When a clock runs out: one deadline from one anchor, with the arithmetic a person can check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from hashlib import blake2s
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from habeas.kernel.calendars import Calendar
from habeas.kernel.instants import (
    BEGINNING,
    DAY,
    FOREVER,
    Instant,
    Precision,
    UncertainInstant,
    When,
    at_or_before,
    before,
    derived,
    earliest_of,
    format_instant,
    format_when,
    latest_of,
    shifted,
    zoned,
)
from habeas.law.clocks.counting import Ground, Pause, Rolling, is_open
from habeas.law.clocks.lines import ClockLine, Telling
from habeas.law.clocks.runs import Case, Happening, Run, Turn, Turned, merged, run, undisturbed
from habeas.law.clocks.terms import Terms, UnsupportedClock, terms_of
from habeas.law.enactments import Clock


class Grant(Struct, frozen=True):
    """More time granted by an event, such as a court's order."""

    clock: str
    """The name of the extension, as ``ExtensionGranted`` carries it."""
    at: When
    sure: bool = True
    """False when it is not known whether the extension's own condition was met."""


class Circumstances(Struct, frozen=True, kw_only=True):
    """Where a clock runs and what happened to it, for one key of the clock."""

    zone: ZoneInfo
    calendar: Calendar | None = None
    pauses: tuple[tuple[When, When | None], ...] = ()
    """From when until when the clock stood still; no end, or an open one, where it still stands."""
    grants: tuple[Grant, ...] = ()
    """Every extension of this clock granted within the same key, whenever it was granted."""
    resets: tuple[When, ...] = ()


class Deadline(Struct, frozen=True, eq=False):
    """When a clock runs out."""

    at: When
    """The first instant at which the clock has run out; open when its anchor never comes.

    From an uncertain anchor comes an uncertain deadline of the same identity, or a certain one
    where every possible anchor gives the same."""
    not_before: bool = False
    """A pause has begun and not ended: the deadline is at this instant or later."""
    anomaly: str | None = None
    """What cannot be right or had no effect, in words."""
    telling: Telling | None = None
    """What `lines` are written from; not compared."""

    def __eq__(self, other: object) -> bool:
        """Whether it is the same instant, as surely, with the same anomaly."""
        if not isinstance(other, Deadline):
            return NotImplemented
        same = self.at == other.at and self.not_before == other.not_before
        return same and self.anomaly == other.anomaly

    def __hash__(self) -> int:
        """Of what is compared."""
        return hash((self.at, self.not_before, self.anomaly))

    def __repr__(self) -> str:
        """What is compared."""
        return f"Deadline(at={self.at!r}, not_before={self.not_before!r}, anomaly={self.anomaly!r})"

    @property
    def lines(self) -> tuple[ClockLine, ...]:
        """The arithmetic, line by line; written when asked for."""
        return () if self.telling is None else self.telling.lines


def deadline(clock: Clock, anchor: When, circumstances: Circumstances) -> Deadline:
    """When a clock that starts at an anchor runs out.

    Args:
        clock: The clock of a provision.
        anchor: When it starts. An open end gives an open deadline.
        circumstances: Place, calendar, pauses, extensions and resets.

    Raises:
        UnsupportedClock: The clock cannot be computed, or needs a calendar that is not given.
        OutsideCalendar: The calendar says nothing about a day that must be judged.
    """
    return resumed(clock, anchor, circumstances, (0, 0))


def resumed(clock: Clock, anchor: When, circumstances: Circumstances, used: tuple[int, int]) -> Deadline:
    """As `deadline`, for a clock of which earlier runs have used up part.

    Args:
        clock: The clock of a provision.
        anchor: When it goes on.
        circumstances: Place, calendar, pauses, extensions and resets.
        used: The least and the most that may be used up, in the clock's unit.
    """
    terms = terms_of(clock)
    if terms.needs_calendar and circumstances.calendar is None:
        raise UnsupportedClock(clock, (f"holidays: calendar [{clock.holidays}] is not given",))
    if earliest_of(anchor) >= FOREVER or latest_of(anchor) <= BEGINNING:
        return Deadline(earliest_of(anchor))
    runs = _both_ends(terms, anchor, circumstances, used)
    opened = _open_since(circumstances, runs[1].deadline)
    at = _between(terms, anchor, circumstances, runs)
    notes = _anomalies(circumstances, anchor, at, runs) if used == (0, 0) else []
    telling = Telling(terms, circumstances.zone, runs, opened)
    return Deadline(at, opened is not None, "; ".join(notes) or None, telling)


def ground_of(circumstances: Circumstances, *, least: bool, standing: bool = False) -> Ground:
    """Where the clock runs, with every ended pause at its shortest or at its longest.

    Args:
        circumstances: What happened to the clock.
        least: Whether pauses are taken at their shortest.
        standing: Whether a pause that has not ended is one without end, or none.
    """
    pauses: list[Pause] = []
    for begins, ends in circumstances.pauses:
        if ends is None or earliest_of(ends) >= FOREVER:
            if standing:
                pauses.append((latest_of(begins) if least else earliest_of(begins), FOREVER))
            continue
        pauses.append(
            (latest_of(begins), earliest_of(ends)) if least else (earliest_of(begins), latest_of(ends))
        )
    rolling = Rolling.LEAST if least else Rolling.MOST
    return Ground(circumstances.zone, circumstances.calendar, merged(pauses), rolling)


def _both_ends(
    terms: Terms, anchor: When, circumstances: Circumstances, used: tuple[int, int]
) -> tuple[Run, Run]:
    if not isinstance(anchor, UncertainInstant) and not _instants(circumstances) and used[0] == used[1]:
        only = undisturbed(terms, anchor, Ground(circumstances.zone, circumstances.calendar, ()), used[0])
        return only, only
    happenings = _happenings(terms, circumstances)
    if _is_certain(anchor, circumstances) and used[0] == used[1]:
        exact = replace(ground_of(circumstances, least=True), rolling=Rolling.EXACT)
        only = run(terms, Case(earliest_of(anchor), True, exact, happenings, used[0]))
        return only, only
    # Time granted before a reset is spent. Where it is not sure which came first, only the bounds
    # are: none of the grants for the earlier deadline, all of them kept for the later one.
    mixed = bool(circumstances.resets and circumstances.grants) and any(
        each.low != each.high or not each.sure for each in happenings
    )
    surely = tuple(each for each in happenings if not (mixed and each.extension))
    least, most = (ground_of(circumstances, least=flag) for flag in (True, False))
    first, last = earliest_of(anchor), latest_of(anchor)
    changes = _clocks_put_back(first, last, circumstances.zone) if terms.same_wall_time else ()
    earlier = (run(terms, Case(at, True, least, surely, used[1])) for at in (first, *changes))
    later = (
        run(terms, Case(at, False, most, happenings, used[0], mixed))
        for at in (last, *(Instant(change - 1) for change in changes))
    )
    return min(earlier, key=_deadline_of), max(later, key=_deadline_of)


def _is_certain(anchor: When, circumstances: Circumstances) -> bool:
    points = (anchor, *_instants(circumstances))
    certain = all(earliest_of(when) == latest_of(when) for when in points)
    return certain and all(grant.sure for grant in circumstances.grants)


def _deadline_of(one: Run) -> Instant:
    return one.deadline


def _clocks_put_back(first: Instant, last: Instant, place: ZoneInfo) -> tuple[Instant, ...]:
    """The changes at which the wall shows an earlier time than just before, near either end.

    Across such a change, and nowhere else, a later anchor can give an earlier deadline: only for
    a clock that runs out at its anchor's own wall time. A change further from an end than it moves
    the wall cannot make that end less or more.
    """
    found: set[Instant] = set()
    for begins, ends in ((first, Instant(first + _NEAR)), (Instant(last - _NEAR), last)):
        here = max(begins, first)
        while here < min(ends, last) and not is_open(here):
            after = min(Instant(here + DAY), last)
            if _offset(after, place) < _offset(here, place):
                found.add(_change_between(here, after, place))
            here = after
    return tuple(sorted(found))


_NEAR = 2 * DAY
"""More than any change of clocks has moved the wall."""


def _change_between(low: Instant, high: Instant, place: ZoneInfo) -> Instant:
    before_it = _offset(low, place)
    while high - low > 1:
        middle = Instant((low + high) // 2)
        low, high = (middle, high) if _offset(middle, place) == before_it else (low, middle)
    return high


def _offset(instant: Instant, place: ZoneInfo) -> dt.timedelta:
    return zoned(instant, place).utcoffset() or dt.timedelta()


def _happenings(terms: Terms, circumstances: Circumstances) -> tuple[Happening, ...]:
    resets = [Happening(earliest_of(at), latest_of(at)) for at in circumstances.resets]
    grants = [
        Happening(earliest_of(grant.at), latest_of(grant.at), grant.clock, grant.sure)
        for grant in circumstances.grants
        if grant.clock in terms.extensions
    ]
    return (*resets, *grants)


def _open_since(circumstances: Circumstances, deadline_at: Instant) -> When | None:
    """When a pause began that has not ended and that can keep the clock from running out."""
    opened = [
        begins
        for begins, ends in circumstances.pauses
        if (ends is None or earliest_of(ends) >= FOREVER) and earliest_of(begins) < deadline_at
    ]
    return min(opened, key=earliest_of, default=None)


def _between(terms: Terms, anchor: When, circumstances: Circumstances, runs: tuple[Run, Run]) -> When:
    low, high = runs
    if low.deadline == high.deadline:
        return low.deadline
    others = [when for when in _instants(circumstances) if isinstance(when, UncertainInstant)]
    unsure = any(not grant.sure for grant in circumstances.grants)
    if isinstance(anchor, UncertainInstant) and not others and not unsure:
        distance = low.deadline - low.anchor
        # Grants in time at one end and not at the other give two distances; resets and pauses can
        # leave the ends alone and still move an anchor in between.
        steady = high.deadline - high.anchor == distance and not (
            circumstances.pauses or circumstances.resets
        )
        if terms.runs_at_once and steady:
            return shifted(anchor, distance)
        ends = {earliest_of(anchor): low.deadline, latest_of(anchor): high.deadline}
        return derived(anchor, ends.__getitem__, _name(terms, circumstances))
    keys = {when.key for when in (anchor, *others) if isinstance(when, UncertainInstant)}
    return UncertainInstant(
        low.deadline,
        Instant(high.deadline + 1),
        Precision.RANGE,
        "+".join(sorted(keys)) or _name(terms, circumstances),
        path=_name(terms, circumstances),
    )


def _instants(circumstances: Circumstances) -> Sequence[When]:
    """Every instant that bears on the clock besides its anchor."""
    if not (circumstances.pauses or circumstances.grants or circumstances.resets):
        return ()
    ended = [when for pause in circumstances.pauses for when in pause if when is not None]
    return [*ended, *(grant.at for grant in circumstances.grants), *circumstances.resets]


def _name(terms: Terms, circumstances: Circumstances) -> str:
    """A name for the step from anchor to deadline; the same name means the same step."""
    calendar = circumstances.calendar.name if circumstances.calendar else ""
    parts = (terms.clock, circumstances.zone.key, calendar, *_instants(circumstances))
    digest = blake2s(repr((parts, circumstances.grants)).encode(), digest_size=8).hexdigest()
    return f"{terms.clock.kind}:{terms.clock.length}:{digest}"


def _anomalies(circumstances: Circumstances, anchor: When, at: When, runs: tuple[Run, Run]) -> list[str]:
    place = circumstances.zone
    notes: list[str] = []
    if at_or_before(at, anchor):
        notes.append(
            f"the deadline [{format_when(at, place)}] is not after its anchor [{format_when(anchor, place)}]"
        )
    notes += [
        f"a pause ends [{format_when(ends, place)}] before it begins [{format_when(begins, place)}]"
        for begins, ends in circumstances.pauses
        if ends is not None and before(ends, begins)
    ]
    known = {turned.name for one in runs for turned in one.turns}
    notes += [
        f"this clock has no extension [{grant.clock}]"
        for grant in circumstances.grants
        if grant.clock not in known
    ]
    notes += [_refused(turned, place) for turned in runs[1].turns if turned.turn in _REFUSED]
    return notes


_REFUSED = {
    Turn.LATE: "was not before the running deadline",
    Turn.SPENT: "is one more than there may be",
}


def _refused(turned: Turned, place: ZoneInfo) -> str:
    return f"extension [{turned.name}] of [{format_instant(turned.at, place)}] {_REFUSED[turned.turn]}"
