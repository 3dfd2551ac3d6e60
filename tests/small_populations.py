"""Populations for tests of counting: built by hand, or drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from habeas.counts.held import Episode, Held, Looks, Population
from habeas.counts.instants import count_instant, days_between
from habeas.counts.rules import CountingRule, Days, LeftOut, Line, Match, Unit
from habeas.kernel.instants import DAY, MINUTE, CivilDate, Instant, zone
from habeas.kernel.intervals import Interval

UTC = zone("UTC")
FIRST = dt.date(2024, 3, 1)
BEGIN = count_instant(FIRST, dt.time(0), UTC)


def at(minutes: int) -> Instant:
    """An instant some minutes after the first midnight."""
    return Instant(BEGIN + minutes * MINUTE)


def held(start: int, end: int, *marks: str) -> Held:
    """An interval in minutes after the first midnight."""
    return Held(at(start), at(end), frozenset(marks))


def episode(
    person: str, *pieces: Held, began: str = "Arrested", ended: str = "Released", name: str = ""
) -> Episode:
    """An episode of somebody."""
    return Episode(person, name or f"{person}/{pieces[0].start}", pieces, began, ended)


def population(
    *episodes: Episode, days: int = 30, where: ZoneInfo = UTC, looks: Looks = Looks.EVENTS
) -> Population:
    """A population observed for some days from the first midnight."""
    return Population(episodes, Interval(BEGIN, Instant(BEGIN + days * DAY)), where, looks)


def rule(
    *,
    name: str = "small",
    unit: Unit = Unit.PEOPLE,
    left_out: Iterable[tuple[str, str]] = (),
    lines: Iterable[tuple[str, str]] = (),
) -> CountingRule:
    """A rule that leaves out marks by name and has a line for each of some marks."""
    return CountingRule(
        name=name,
        title=name,
        says=name,
        unit=unit,
        on=Days.EVERY_DAY,
        at="",
        lines=tuple(Line(n, n, Match(any=frozenset({m})), beside=False, cite="") for n, m in lines),
        left_out=tuple(LeftOut(n, Match(any=frozenset({m})), "") for n, m in left_out),
        unsaid=(),
        returns=frozenset(),
        sources=(),
        encoded=True,
    )


def midnights(days: int, time: dt.time = dt.time(0)) -> list[tuple[CivilDate, Instant]]:
    """The count instants of some days from the first."""
    return [
        (day, count_instant(day, time, UTC))
        for day in days_between(FIRST, FIRST + dt.timedelta(days=days - 1))
    ]


MARKS = ("a", "b", "c")


@st.composite
def drawn_episodes(
    draw: st.DrawFn, *, days: int = 6, step: int = 1, overlapping: bool = False
) -> list[Episode]:
    """Up to six people, each with custodies one after another (or overlapping) cut into marked pieces."""
    found: list[Episode] = []
    for number in range(draw(st.integers(0, 6))):
        edges = st.integers(0, days * 1440 // step)
        cuts = sorted(draw(st.lists(edges, min_size=2, max_size=8, unique=True)))
        pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
        if overlapping and draw(st.booleans()):
            pairs.append((cuts[0], cuts[-1]))
        for nth, (start, end) in enumerate(pairs):
            middle = draw(st.integers(start, end))
            parts = [(start, middle), (middle, end)]
            pieces = [
                held(a * step, b * step, *draw(st.sets(st.sampled_from(MARKS)))) for a, b in parts if a < b
            ]
            found.append(episode(f"p{number}", *pieces, name=f"p{number}/{nth}"))
    return found
