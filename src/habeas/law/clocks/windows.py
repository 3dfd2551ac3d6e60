"""Which windows a clock opens when its anchor comes more than once."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from habeas.kernel.instants import (
    FOREVER,
    Instant,
    UncertainInstant,
    When,
    at_or_before,
    earliest_of,
    latest_of,
)
from habeas.law.clocks.counting import followed
from habeas.law.clocks.deadlines import Circumstances, Deadline, deadline, ground_of, resumed
from habeas.law.clocks.terms import Terms, terms_of
from habeas.law.enactments import Clock, OnRepeat


class Anchor(Struct, frozen=True):
    """One time at which a clock's anchor came."""

    at: When
    key: str = ""
    """The episode, issuer or instrument, as the clock's ``key`` says."""
    stopped: When | None = None
    """When the state that the anchor began had ended again, so that the clock no longer ran: for
    ``releasable_at``, the beginning of the next criminal basis. None while it lasts."""
    subject: str = ""
    """The row it was read from; carried, never compared."""


class Window(Struct, frozen=True):
    """What one anchor opens: the interval from it to the deadline, empty if that is not later."""

    anchor: Anchor
    deadline: Deadline
    question: bool = False
    """The rule does not say what a repeated anchor does: inside this window the answer is unknown."""

    def edges(self) -> set[Instant]:
        """The instants at which it begins and ends, as early and as late as may be; no open end."""
        ends = (self.anchor.at, self.deadline.at)
        found = {edge for end in ends for edge in (earliest_of(end), latest_of(end))}
        return {edge for edge in found if edge < FOREVER}

    @property
    def is_empty(self) -> bool | None:
        """Whether it covers no instant; None when that depends on what is not known."""
        return at_or_before(self.deadline.at, self.anchor.at)


def windows(clock: Clock, anchors: Sequence[Anchor], circumstances: Circumstances) -> tuple[Window, ...]:
    """The window of every anchor, in the order of time within each key.

    Anchors of one key are repetitions unless they are the same instant. ``once``: every later
    anchor has the first one's deadline. ``resume``: each goes on with what the earlier ones left.
    ``restart``: each has the whole length. Where the clock does not say, later windows are as long
    as a restart would make them and open questions.

    Raises:
        UnsupportedClock: The clock cannot be computed, or needs a calendar that is not given.
        OutsideCalendar: The calendar says nothing about a day that must be judged.
    """
    keys = dict.fromkeys(anchor.key for anchor in anchors)
    made: list[Window] = []
    for key in keys:
        same = sorted(
            (anchor for anchor in anchors if anchor.key == key),
            key=lambda anchor: (earliest_of(anchor.at), latest_of(anchor.at)),
        )
        made += _of_one_key(clock, same, circumstances)
    return tuple(made)


def _of_one_key(clock: Clock, anchors: Sequence[Anchor], circumstances: Circumstances) -> list[Window]:
    if clock.on_repeat is OnRepeat.RESUME:
        return _resumed(clock, anchors, circumstances)
    first = anchors[0].at
    if clock.on_repeat is OnRepeat.ONCE:
        governing = deadline(clock, _first_of(anchors), circumstances)
        return [Window(anchor, governing) for anchor in anchors]
    asks = clock.on_repeat is None
    return [
        Window(anchor, deadline(clock, anchor.at, circumstances), asks and anchor.at != first)
        for anchor in anchors
    ]


def _first_of(anchors: Sequence[Anchor]) -> When:
    """Whichever of the anchors came first, where their bounds may overlap."""
    first = anchors[0].at
    soonest = min(latest_of(anchor.at) for anchor in anchors)
    if not isinstance(first, UncertainInstant) or soonest >= latest_of(first):
        return first
    if soonest <= first.earliest:
        return first.earliest
    keys = sorted({a.at.key for a in anchors if isinstance(a.at, UncertainInstant)})
    return UncertainInstant(
        first.earliest, Instant(soonest + 1), first.precision, "|".join(keys), path="first-of"
    )


def _resumed(clock: Clock, anchors: Sequence[Anchor], circumstances: Circumstances) -> list[Window]:
    made: list[Window] = []
    used = (0, 0)
    running: Window | None = None
    for anchor in anchors:
        if running is None:
            running = Window(anchor, deadline(clock, anchor.at, circumstances))
        elif anchor.at == running.anchor.at or _runs_on(running):
            # One run from the first of them until the last of them is stopped.
            running = replace(running, anchor=replace(running.anchor, stopped=anchor.stopped))
        else:
            least, most = _used(terms_of(clock), running, circumstances)
            used = (used[0] + least, used[1] + most)
            running = Window(anchor, resumed(clock, anchor.at, circumstances, used))
        made.append(Window(anchor, running.deadline))
    return made


def _runs_on(window: Window) -> bool:
    """Whether nothing stopped the clock before it ran out, so that a repetition changes nothing."""
    stopped = window.anchor.stopped
    return stopped is None or at_or_before(window.deadline.at, stopped) is True


def _used(terms: Terms, window: Window, circumstances: Circumstances) -> tuple[int, int]:
    """The least and the most that a stopped window used of the length, in the clock's unit."""
    begun, stopped = window.anchor.at, window.anchor.stopped
    assert stopped is not None
    ended, standing = (ground_of(circumstances, least=flag, standing=True) for flag in (True, False))
    least = followed(terms, latest_of(begun), earliest_of(stopped), standing)
    most = followed(terms, earliest_of(begun), latest_of(stopped), ended)
    return least.amount, most.amount
