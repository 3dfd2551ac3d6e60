"""Which rows of a record bear on one custody, and who holds the person where at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from habeas.custody.episodes import CustodyEpisode, Span
from habeas.custody.facts import Collection
from habeas.custody.record import CustodyRecord
from habeas.custody.rows import Row
from habeas.kernel.instants import FOREVER, Instant, When, at_or_before, earliest_of, latest_of
from habeas.kernel.kleene import Kleene, both, either, negation

FactRow: TypeAlias = Mapping[str, Any]
"""The facts of one row by name, and its ``id``."""
_LAST = Instant(FOREVER - 1)
"""After everything recorded, and before the open end."""


def rows_in(record: CustodyRecord, episode: CustodyEpisode, name: Collection) -> Iterator[Row]:
    """The rows that bear on one episode: the person, its bookings, its charges, and the papers."""
    belongs = {"booking": _is_booking_of, "charge": _of_episode, "instrument": _bears_on}
    for row in record.rows(name):
        if name == "person" or belongs[name](row, episode):
            yield row


def lodged(row: FactRow, at: Instant) -> Kleene:
    """Whether a paper is in the custodian's hands and not withdrawn or ended, by the papers."""
    arrived = _passed(row, "lodged_at", at)
    withdrawn = either(_passed(row, "withdrawn_at", at), _passed(row, "ended_at", at))
    return both(arrived, negation(withdrawn))


def _passed(row: FactRow, name: str, at: Instant) -> Kleene:
    when = row.get(name)
    return None if when is None else at_or_before(when, at)


def _is_booking_of(row: Row, episode: CustodyEpisode) -> bool:
    return row.id in episode.bookings


def _bears_on(row: Row, episode: CustodyEpisode) -> bool:
    """A paper bears on an episode unless it was withdrawn or ended before, or came after."""
    if any(_within(event.at, episode) for event in row.events):
        return True
    return lodged(row.facts_at(_LAST), earliest_of(episode.start)) is not False


def _of_episode(row: Row, episode: CustodyEpisode) -> bool:
    booking = row.facts_at(_LAST).get("booking")
    if isinstance(booking, str) and booking != "none":
        return booking in episode.bookings
    return any(_within(event.at, episode) for event in row.events)


def _within(at: When, episode: CustodyEpisode) -> bool:
    return latest_of(at) >= earliest_of(episode.start) and earliest_of(at) <= latest_of(episode.end)


def span_at(episode: CustodyEpisode, at: Instant) -> Span:
    """The span that covers an instant, or the nearest where bounds leave it open."""
    if len(episode.spans) == 1:
        return episode.spans[0]
    covering = [span for span in episode.spans if span.covers(at) is not False]
    sure = [span for span in covering if span.covers(at) is True]
    return (sure or covering or [episode.spans[0]])[0]


def unbroken(episodes: Iterable[CustodyEpisode]) -> tuple[CustodyEpisode, ...]:
    """Episodes in order, joined where one custodian delivers to another: nobody was released between."""
    joined: list[CustodyEpisode] = []
    for episode in episodes:
        if joined and joined[-1].end == episode.start and joined[-1].end != FOREVER:
            joined[-1] = _joined(joined[-1], episode)
        else:
            joined.append(episode)
    return tuple(joined)


def _joined(one: CustodyEpisode, other: CustodyEpisode) -> CustodyEpisode:
    return replace(
        one,
        end=other.end,
        ended_by=other.ended_by,
        spans=(*one.spans, *other.spans),
        bookings=one.bookings | other.bookings,
    )
